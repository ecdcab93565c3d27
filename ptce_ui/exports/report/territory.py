"""Parts 1 and 2: object and perimeter, portrait of the territory."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ptce_data import crosstabs, regional
from ptce_data.study.perimeter import METHOD as PERIMETER_METHOD
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import TERRITORY_LABELS
from ptce_ui import text
from ptce_ui.exports.cartography import perimeter_map
from ptce_ui.exports.cartography.builders import credit
from ptce_ui.exports.cartography.spec import MapSpec, Outline, Perimeter
from ptce_ui.exports.document import Callout, Heading, Paragraph
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import charts, ess, words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.words import INSEE, LIMITS, NBSP, TYPES, table

NO_AREA: Final = (
    "Cette partie se calcule à partir du périmètre, que l’étude ne dit pas encore : choisissez une commune, une "
    "intercommunalité ou un polygone à l’étape « Périmètre »."
)
#: Regions beside which the perimeter is set; more would not fit a page.
_REGIONS: Final = 2


def subject(facts: Facts, studio: Studio) -> list[Block]:
    """Part 1: what the perimeter is made of, and where it is."""
    made: list[Block] = []
    if not facts.study.text("objet").strip():
        made.append(
            words.missing("L’objet de l’étude, qui la demande et pourquoi : à écrire à l’étape « Document ».")
        )
    if facts.area is None:
        return [*made, words.missing(facts.refusal)]
    area = facts.area
    made += [
        Heading("Le périmètre", 2),
        Paragraph(_made_of(area), (INSEE, LIMITS)),
        Paragraph(_regions(area), (INSEE,)),
    ]
    made += [Callout("attention", note) for note in (*area.notes, *facts.checks)]
    if len(area.epci) > 1 or not bool(area.epci["is_whole"].all()) or area.outside_epci:
        made.append(_epci_table(area))
    made.append(Callout("methode", PERIMETER_METHOD))
    made.append(
        studio.map(
            _locator(facts, area),
            "Situation du périmètre",
            note="Périmètre : communes retenues par l’étude.",
            sources=(LIMITS,),
            height=95,
        )
    )
    return made


def _made_of(area: Area) -> str:
    count = text.count(len(area.communes), "commune", "communes")
    whole = [str(n) for n, w in zip(area.epci["name"], area.epci["is_whole"], strict=True) if w]
    part = [str(n) for n, w in zip(area.epci["name"], area.epci["is_whole"], strict=True) if not w]
    said = f"Le périmètre réunit {count} et {text.number(area.population)}{NBSP}habitants (population municipale 2022), sur {text.number(area.area_km2)}{NBSP}km²"
    if len(area.epci) > 5:
        said += f" ; il touche {text.count(len(area.epci), 'intercommunalité', 'intercommunalités')}"
    elif len(whole) == 1 and not part and not area.outside_epci:
        said += f" : c’est toute l’intercommunalité {whole[0]}"
    elif whole or part:
        said += " : " + " ; ".join(
            [f"{text.join(whole)} en entier"] * bool(whole) + [f"{text.join(part)} en partie"] * bool(part)
        )
    said += "."
    if area.outside_epci:
        said += f" {text.count(area.outside_epci, 'commune n’appartient', 'communes n’appartiennent')} à aucune intercommunalité."
    if area.drawn_km2 is not None:
        said += f" Le polygone tracé couvre {text.number(area.drawn_km2, 1)}{NBSP}km²."
    zone = area.perimeter.zone_km
    around = text.count(len(area.surroundings), "commune", "communes")
    if zone > 0:
        said += f" Ses alentours vont jusqu’à {words.radius(zone)} : {around}."
    else:
        said += " Aucun alentour n’est étudié."
    return said


def _regions(area: Area) -> str:
    today, before = [str(n) for n in area.regions["name"]], [str(n) for n in area.former_regions["name"]]
    parts = [str(n) for n in area.departements["name"]]
    noun = "Département" if len(parts) == 1 else "Départements"
    said = f"{noun} : {text.join(parts)}. "
    said += f"{'Région' if len(today) == 1 else 'Régions'} d’aujourd’hui : {text.join(today)}"
    if before == today:
        return f"{said} ; la réforme de 2016 ne l’a pas changée."
    return f"{said} ; avant 2016 : {text.join(before)}."


def _locator(facts: Facts, area: Area) -> MapSpec:
    """The perimeter in its region; in France as a whole where its regions are far from one another."""
    regions = [str(c) for c in area.regions["code"]]
    name = text.join([str(n) for n in area.regions["name"]])
    extent: object = regions[0] if len(regions) == 1 else "france"
    if len(regions) > 1 and len(area.parts) == 1:
        layer = facts.dataset.regions
        extent = tuple(layer[layer["region_code"].isin(regions)].total_bounds)
    national = extent == "france"
    layers = (*(() if national else (Outline("departements"),)), Outline("regions"), Perimeter(area.geometry))
    where = "France" if national else f"Région{'s' * (len(regions) > 1)} {name}"
    return MapSpec(
        "Situation du périmètre", where, extent, layers, alt=f"Carte de situation du périmètre : {where}.",
        **credit(facts.dataset),
    )  # fmt: skip


def _epci_table(area: Area) -> Block:
    rows = [
        (
            str(r.name), "en entier" if r.is_whole else "en partie",
            f"{text.number(r.communes)} sur {text.number(r.communes_total)}", text.number(r.population),
            text.percent(r.share_pct, 1),
        )
        for r in area.epci.itertuples(index=False)
    ]  # fmt: skip
    head = ("Intercommunalité", "Dans le périmètre", "Communes", "Habitants", "Part du périmètre")
    return table("Intercommunalités du périmètre, 2025", head, rows, sources=(INSEE,))


def portrait(facts: Facts, studio: Studio) -> list[Block]:
    """Part 2: people, density, types, beside the region and France."""
    area = facts.area
    if area is None:
        return [words.missing(NO_AREA)]
    made: list[Block] = [Heading("Population, superficie, densité", 2), _figures(facts, area)]
    made += [Heading("Types de territoire", 2)]
    unknown = float(area.types.set_index("territory_type")["share_pct"].get("non_renseigne", 0.0) or 0.0)
    made.append(Paragraph(_type_words(facts, area), (TYPES, INSEE)))
    if pd.notna(unknown) and unknown > 0:
        made.append(
            Callout(
                "attention",
                f"Le type n’est pas connu pour {text.percent(unknown, 0 if unknown >= 99.95 else 1)} de la population : les recensements anciens "
                "ou les zonages manquent, outre-mer surtout. Inconnu ne veut pas dire « aucun ».",
            )
        )
    if facts.main_type is None:
        return [*made, _types_table(area), *_context(facts, area), *ess.blocks(facts)]
    made += [_types_table(area), _chart(facts, area, studio)]
    spec = perimeter_map(
        facts.dataset, list(area.communes["commune_insee"]), area.geometry, 0, title="Les types de territoire du périmètre",
        sources="Atlas, d’après Insee et ANCT",
    )  # fmt: skip
    made.append(
        studio.map(
            spec,
            "Types de territoire des communes du périmètre",
            height=118,
            note="Type calculé, à la commune.",
            sources=(TYPES, LIMITS),
        )
    )
    return [*made, *_context(facts, area), *ess.blocks(facts)]


def _figures(facts: Facts, area: Area) -> Block:
    regions = [str(c) for c in area.regions["code"]][:_REGIONS]
    layer = facts.dataset.regions
    picked = [layer[layer["region_code"] == c].iloc[0] for c in regions if (layer["region_code"] == c).any()]
    cities = facts.dataset.communes
    columns = [
        ("Périmètre", area.population, area.area_km2, len(area.communes)),
        *(
            (
                str(r["name"]),
                r["population"],
                r["area_km2"],
                int((cities["region_code"] == r["region_code"]).sum()),
            )
            for r in picked
        ),
        ("France", layer["population"].sum(), layer["area_km2"].sum(), len(cities)),
    ]
    rows = [
        ("Habitants (population municipale 2022)", *(text.number(c[1]) for c in columns)),
        ("Superficie (km²)", *(text.number(c[2]) for c in columns)),
        ("Densité (habitants par km²)", *(text.number(c[1] / c[2] if c[2] else None, 1) for c in columns)),
        ("Communes (2025)", *(text.number(c[3]) for c in columns)),
        ("Habitants par commune, en moyenne", *(text.number(c[1] / c[3] if c[3] else None) for c in columns)),
    ]
    return table(
        "Le territoire en chiffres, 2022", ("Indicateur", *(c[0] for c in columns)), rows,
        note="France : 18 régions, outre-mer compris (Mayotte : recensement de 2017). Densité et moyenne : calcul de l’atlas.",
        sources=(INSEE, LIMITS), align=words.sides(1, len(columns)),
    )  # fmt: skip


def _type_words(facts: Facts, area: Area) -> str:
    main = facts.main_type
    if main is None:
        return "Le type de territoire n’est connu pour aucune commune peuplée du périmètre."
    row = area.types.set_index("territory_type").loc[main]
    nation = crosstabs.population_shares(facts.dataset).set_index("territory_type")["share_pct"]
    return (
        f"{text.percent(row['share_pct'], 1)} de la population du périmètre vit dans une commune de type "
        f"«{NBSP}{str(row['label']).lower()}{NBSP}», contre {text.percent(nation.get(main), 1)} en France. Le type est calculé "
        "commune par commune ; les règles et leurs limites sont en annexe."
    )


def _chart(facts: Facts, area: Area, studio: Studio) -> Block:
    def shares(frame: pd.DataFrame) -> dict[str, float]:
        known = frame[frame["share_pct"].notna()]
        return dict(zip(known["territory_type"], known["share_pct"].astype(float), strict=True))

    bars = [charts.Stack("Périmètre", shares(area.types))]
    for code, name in list(zip(area.regions["code"], area.regions["name"], strict=True))[:_REGIONS]:
        bars.append(charts.Stack(str(name), shares(crosstabs.population_shares(facts.dataset, code))))
    bars.append(charts.Stack("France", shares(crosstabs.population_shares(facts.dataset))))
    told = [
        f"{label.lower()} {text.percent(bars[0].shares.get(key, 0))}"
        for key, label in TERRITORY_LABELS.items()
    ]
    return studio.chart(
        lambda c: charts.types(c, bars, TERRITORY_LABELS),
        charts.types_height(bars, TERRITORY_LABELS),
        "Population par type de territoire, en part du total",
        f"Barres de la population par type de territoire. Périmètre : {', '.join(told)}.",
        note="Calcul de l’atlas sur les populations municipales 2022 et le type de chaque commune.",
        sources=(TYPES, INSEE),
    )


def _types_table(area: Area) -> Block:
    rows = [
        (
            words.capital(str(r.label)),
            text.number(r.communes),
            text.number(r.population),
            text.percent(r.share_pct, 1),
        )
        for r in area.types.itertuples(index=False)
        if r.communes
    ]
    people = area.population
    total = (
        "Ensemble",
        text.number(len(area.communes)),
        text.number(people),
        text.percent(100.0 if people else None, 0),
    )
    return table(
        "Communes et population du périmètre par type de territoire, 2022", ("Type", "Communes", "Habitants", "Part"),
        [*rows, total], sources=(TYPES, INSEE), total=True,
    )  # fmt: skip


def _context(facts: Facts, area: Area) -> list[Block]:
    if area.regions.empty:
        return []
    main = area.regions.sort_values("population", ascending=False).iloc[0]
    try:
        sentences = regional.profile(facts.dataset, "regions", str(main["code"]))
    except KeyError:
        return []
    return [
        Heading(f"La région : {main['name']}", 2),
        Paragraph(
            "Ces chiffres sont ceux de la région entière, et non du périmètre. " + " ".join(sentences),
            (INSEE, TYPES),
        ),
    ]
