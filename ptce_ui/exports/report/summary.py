"""The page before part 1, and the annexes: what a reader in a hurry needs, what a careful one checks."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ptce_data.study import assessment, scenarios
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import PARTS, TERRITORY_LABELS
from ptce_ui import text
from ptce_ui.exports.document import (
    Bullets,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    SourceList,
    bold,
)
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.plan import cents
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.words import INSEE, LIMITS, NBSP, TYPES, table

_TYPES_METHOD: Final = (
    "Chaque commune reçoit un type par des règles publiques. Rural : bourgs ruraux et rural à habitat dispersé de la grille de "
    "densité (Insee, 2022). Périurbain : couronne d’une aire d’attraction d’au moins 50 000 habitants. Désindustrialisé : déclin "
    "industriel de 1982 à 2011 ou zonage de reconversion, là où la part des ouvriers dépassait celle de la France en 1982. "
    "Quartier populaire urbain : commune urbaine touchée par un quartier prioritaire ; c’est le quartier, et non la ville, qui a ce type. "
    "Aucune liste officielle des territoires désindustrialisés n’existe."
)
_GENERAL: Final = (
    "Les inventaires sont partiels : une absence ne prouve pas qu’il n’existe rien. Ce qu’aucune source ne dit est « non renseigné ».",
    "Un chiffre vaut à la date de sa source. L’état d’un dispositif est celui de cette date, et non celui d’aujourd’hui.",
    "Ce que l’auteur de l’étude a ajouté, corrigé ou noté porte la mention de son origine et n’a pas été vérifié par l’atlas.",
    "Les distances sont à vol d’oiseau ; elles ne disent ni le relief, ni les transports, ni la mer à traverser.",
)


def in_brief(facts: Facts) -> list[Block]:
    """The study on one page: key figures, then what it says and what it lacks."""
    made: list[Block] = [Heading("L’étude en bref", 1, numbered=False)]
    area = facts.area
    if area is not None:
        made += [KeyFigures(_figures(facts, area), (INSEE, LIMITS, TYPES)), *_sentences(facts, area)]
    lacking = lacks(facts)
    if lacking:
        made += [
            Paragraph((bold("Ce qui manque encore à l’étude"),)),
            Bullets(tuple(lacking)),
        ]
    return made


def _figures(facts: Facts, area: Area) -> tuple[KeyFigure, ...]:
    inside = facts.shown[facts.shown["where"] == "perimetre"]
    added = int((inside["origin"] == "ajout").sum())
    main = facts.main_type
    share = area.types.set_index("territory_type")["share_pct"]
    made = [
        KeyFigure(text.number(area.population), "habitants", "population municipale 2022"),
        KeyFigure(
            text.number(len(area.communes)), "commune" if len(area.communes) == 1 else "communes",
            f"{text.number(area.area_km2)} km² ; {text.number(area.density, 0)} hab./km²",
        ),
        KeyFigure("inconnu", "type de territoire", "recensements anciens ou zonages manquants") if main is None else KeyFigure(
            text.percent(share[main]), f"de la population en type {TERRITORY_LABELS[main].lower()}", "type calculé, à la commune",
        ),
        KeyFigure(
            text.number(len(inside)), "lieu retenu" if len(inside) < 2 else "lieux retenus",
            "dans le périmètre" + (f", dont {text.number(added)} ajouté{'s' * (added > 1)} par l’auteur" if added else ""),
        ),
    ]  # fmt: skip
    if facts.access is not None and len(facts.access.shares):
        row = facts.access.shares.iloc[min(1, len(facts.access.shares) - 1)]
        if pd.notna(row["share_pct"]):
            made.append(
                KeyFigure(
                    text.percent(row["share_pct"]),
                    f"à moins de {words.radius(row['radius_km'])}",
                    f"{row['label']}, à vol d’oiseau",
                )
            )
    opened = int((facts.covering["status"] == "open").sum()) if len(facts.covering) else 0
    made.append(
        KeyFigure(text.number(len(facts.covering)), "dispositif documenté" if len(facts.covering) < 2 else "dispositifs documentés",
                  f"dont {text.number(opened)} ouvert{'s' * (opened > 1)} à la date de {'leur' if opened > 1 else 'sa'} source")
    )  # fmt: skip
    return tuple(made)


def _sentences(facts: Facts, area: Area) -> list[Block]:
    """What the parts say, one line each."""
    rows = facts.arrangement
    present = [words.small(str(n)) for n in rows.loc[rows["status"] == "present", "label"]]
    gone = [words.small(str(n)) for n in rows.loc[rows["status"] == "missing", "label"]]
    said = f"sur {len(rows)} éléments, {text.count(len(present), 'est présent', 'sont présents')}"
    said += f" : {text.join(present)}." if present else "."
    if gone:
        said += f" {'Manque' if len(gone) == 1 else 'Manquent'}, selon l’auteur : {text.join(gone)}."
    items: list[Any] = [(bold("Agencement du cluster : "), said)]
    if facts.access is not None and len(facts.access.shares):
        shares = facts.access.shares
        radius = sorted(shares["radius_km"].unique())[len(shares["radius_km"].unique()) // 2]
        told = [
            f"{str(r.label)[:1].lower()}{str(r.label)[1:]}, {text.percent(r.share_pct)}"
            for r in shares[shares["radius_km"] == radius].itertuples(index=False)
        ]
        items.append(
            (
                bold("Accès : "),
                f"part de la population à moins de {words.radius(radius)}, à vol d’oiseau : {' ; '.join(told)}.",
            )
        )
    if facts.peers is not None and len(facts.peers.frame):
        near = [str(n) for n in facts.peers.frame["name"].head(3)]
        items.append(
            (
                bold("Territoires comparables : "),
                f"les plus proches de {facts.peers.home[1]} sont {text.join(near)}.",
            )
        )
    scored = assessment.mean(facts.study)
    if scored.value is not None:
        weak = assessment.weakest_first(facts.study)
        low = [str(n) for n in weak.loc[weak["score"] == weak["score"].min(), "label"]]
        items.append(
            (
                bold("Autodiagnostic : "),
                f"moyenne de {text.number(scored.value, 1)} sur 4 pour {text.count(scored.n, 'objectif noté', 'objectifs notés')} sur {scored.total} ; le plus faible : {text.join(low)}.",
            )
        )
    if facts.study.scenarios:
        totals = scenarios.totals(facts.study)
        told = [
            f"{words.said(r.name)}, {cents(r.resources_eur)} de ressources et {cents(r.uses_eur)} d’emplois ({'équilibré' if r.is_balanced else 'non équilibré'})"
            for r in totals[totals["year"].isna()].itertuples(index=False)
        ]
        items.append((bold("Scénarios : "), f"{' ; '.join(told)}."))
    return [Bullets(tuple(items))]


def lacks(facts: Facts) -> list[str]:
    """What the author has not said yet, one line per part that is in the document."""
    study, kept = facts.study, [p for p in PARTS if p not in facts.study.left_out]
    found = {
        "objet": "" if study.text("objet").strip() else "l’objet de l’étude n’est pas écrit",
        "existant": ""
        if study.places
        else "aucun lieu n’a été ajouté à ceux de l’atlas, existant ou en projet",
        "afom": "" if study.afom else "les quatre listes de l’AFOM sont vides",
        "scenarios": "" if study.scenarios else "aucun scénario n’est construit",
        "plan_financement": "" if study.scenarios else "sans scénario, il n’y a pas de plan de financement",
        "feuille_de_route": "" if study.roadmap else "aucune étape n’est posée",
    }
    if facts.area is None:
        found = {"objet": "le périmètre n’est pas choisi, et tout ce qui en dépend n’est pas calculé"} | {
            k: v for k, v in found.items() if k != "objet" and k != "existant"
        }
    if "afom" in kept and all(s.score is None for s in study.assessment):
        found["afom"] = " ; ".join([s for s in (found["afom"], "l’autodiagnostic n’est pas noté") if s])
    return [f"{PARTS[p]}{NBSP}: {found[p]}." for p in kept if found.get(p)]


def annexes(facts: Facts, studio: Studio) -> list[Block]:
    """Communes, method, limits, versions, sources."""
    made: list[Block] = []
    if facts.area is not None:
        made += [Heading("Les communes du périmètre", 2, False), _communes(facts.area)]
    made += [
        Heading("Méthode et limites", 2, False),
        Bullets(
            (
                (bold("Population et superficie. "), "Populations municipales de l’Insee, 2022 (Mayotte : recensement de 2017) ; superficies et limites de 2025. Une densité est calculée sur les communes retenues."),
                (bold("Types de territoire. "), _TYPES_METHOD),
                (bold("Calculs. "), "Périmètre, lieux, accès, agencement, adéquation, comparables et suggestions sont calculés par l’atlas ; la règle de chacun est dans l’encadré « Méthode » de sa partie."),
                (bold("Scénarios. "), "Budgets saisis par l’auteur. Un plan est équilibré quand ses emplois et ses ressources en argent diffèrent de moins d’un euro, chaque année. Le bénévolat valorisé n’entre dans aucun total en argent."),
            )
        ),
        Paragraph((bold("Limites"),)),
        Bullets(_GENERAL),
    ]  # fmt: skip
    left = [PARTS[p] for p in PARTS if p in facts.study.left_out]
    if left:
        made.append(Paragraph(f"Parties laissées de côté par l’auteur : {text.join(left)}."))
    made += [
        Heading("Date, version et sources", 2, False),
        Paragraph(
            f"Document fait le {text.date(facts.today.isoformat())}. Étude commencée le {text.date(facts.study.created.isoformat())}, "
            f"modifiée le {text.date(facts.study.modified.isoformat())}. Version des données de l’atlas : {facts.dataset.version_said}. "
            "Les tables de l’atlas sont publiées sous Licence Ouverte 2.0 ; les tableaux et les couches de cette étude "
            "accompagnent le document, dans un classeur (XLSX) et un fichier géographique (GPKG)."
        ),
        Paragraph((bold("Sources citées, par ordre d’apparition"),)),
        SourceList(),
    ]
    return made


def _communes(area: Area) -> Block:
    rows: list[tuple[str, ...]] = [
        (
            str(r.name), str(r.commune_insee), words.said(r.epci_name), words.capital(TERRITORY_LABELS.get(r.territory_type, text.UNKNOWN_TEXT)),
            text.number(r.population), text.number(r.area_km2, 1),
        )
        for r in area.communes.itertuples(index=False)
    ]  # fmt: skip
    total: tuple[str, ...] = (
        "Ensemble",
        "",
        "",
        "",
        text.number(area.population),
        text.number(area.area_km2, 1),
    )
    head: tuple[str, ...] = (
        "Commune",
        "Code Insee",
        "Intercommunalité",
        "Type calculé",
        "Habitants",
        "Superficie (km²)",
    )
    if area.epci["code"].nunique() <= 1 and not area.outside_epci:
        rows = [(*r[:2], *r[3:]) for r in rows]
        total, head = (*total[:2], *total[3:]), (*head[:2], *head[3:])
    return table(
        f"Communes du périmètre ({len(area.communes)})", head, [*rows, total], total=True, sources=(INSEE, LIMITS, TYPES),
        align=words.sides(len(head) - 2, 2), note="Population municipale 2022 (Mayotte : 2017).",
    )  # fmt: skip
