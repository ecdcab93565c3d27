"""Part 3: the places in and around the perimeter, and the arrangement of the cluster."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from ptce_data.study import gaps
from ptce_data.study.arrangement import METHOD as ARRANGEMENT_METHOD
from ptce_data.study.existing import METHOD as PLACES_METHOD
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import ELEMENT_STATUS, PLACE_STATUS, TIERS_LIEU_KINDS
from ptce_ui import text
from ptce_ui.exports.cartography import Category, CategoryAreas, Outline, perimeter_map
from ptce_ui.exports.document import Bullets, Callout, Heading, Paragraph, Run, bold
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import charts, words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.territory import NO_AREA
from ptce_ui.exports.report.words import AUTHOR, LIMITS, NBSP, OWN, table

_WHERE: Final = {"perimetre": "Périmètre", "alentours": "Alentours"}
_STATUS: Final = {**PLACE_STATUS, "unknown": "état non précisé"}
_AROUND: Final = 20


def what_exists(facts: Facts, studio: Studio) -> list[Block]:
    """Part 3."""
    area = facts.area
    if area is None:
        return [words.missing(NO_AREA)]
    shown = facts.shown
    made: list[Block] = [
        Heading("Pôles, clusters et tiers-lieux", 2),
        *_counted(facts, area, shown),
        *_left_out(facts),
    ]
    inside = shown[shown["where"] == "perimetre"]
    around = shown[shown["where"] == "alentours"]
    made += _list(inside, "Lieux recensés ou ajoutés dans le périmètre", words.LONGEST, False)
    made.append(_map(facts, area, studio))
    if area.perimeter.zone_km > 0:
        zone = words.radius(area.perimeter.zone_km)
        made += _list(
            around, f"Lieux des alentours, jusqu’à {zone}, du plus proche au plus éloigné", _AROUND, True
        )
    far = shown[shown["where"].isin(["ailleurs", "inconnu"])]
    if len(far):
        made += _list(
            far,
            "Lieux ajoutés par l’auteur hors du périmètre et de ses alentours, ou non placés",
            words.LONGEST,
            True,
        )
    made += [*_annotated(facts), *_arrangement(facts, studio)]
    return made


def _group(kind: object) -> str:
    if kind in ("pole", "cluster"):
        return str(kind)
    return "tiers_lieu" if kind == "tiers_lieu" or kind in TIERS_LIEU_KINDS else "autre"


def _counted(facts: Facts, area: Area, shown: pd.DataFrame) -> list[Block]:
    inside = shown[shown["where"] == "perimetre"]
    nouns = {**text.KIND_NOUNS, "autre": ("autre élément", "autres éléments")}
    rows = []
    grouped = shown.assign(group=[_group(k) for k in shown["kind"]])
    for group, noun in nouns.items():
        own = grouped[grouped["group"] == group]
        for where, label in _WHERE.items():
            if where == "alentours" and area.perimeter.zone_km <= 0:
                continue
            here = own[own["where"] == where]
            if group == "autre" and here.empty:
                continue
            states = [int((here["status"] == s).sum()) for s in ("existing", "planned", "unknown")]
            added = int((here["origin"] == "ajout").sum())
            rows.append(
                (
                    noun[1][:1].upper() + noun[1][1:],
                    label,
                    *(text.number(n) for n in (len(here), *states, added)),
                )
            )
    sources = words.ids(shown["source_ids"])
    said = f"L’étude retient {text.count(len(inside), 'lieu', 'lieux')} dans le périmètre"
    if area.perimeter.zone_km > 0:
        said += f" et {text.count(int((shown['where'] == 'alentours').sum()), 'lieu', 'lieux')} dans ses alentours"
    added = int((shown["origin"] == "ajout").sum())
    said += f", dont {text.count(added, 'ajouté', 'ajoutés')} par l’auteur." if added else "."
    if inside.empty:
        said += " Aucun lieu n’est recensé dans le périmètre, ce qui ne prouve pas qu’il n’y en a pas."
    head = ("Nature", "Où", "Lieux", "Existants", "En projet", "État non précisé", "Dont ajoutés")
    made: list[Block] = [
        Paragraph(said),
        table("Lieux par nature et par état", head, rows, sources=(*sources, *([OWN] if added else [])),
              note="Inventaires partiels : une absence ne prouve rien. Une source qui n’indique pas d’état ne dit pas que le lieu est ouvert."),
    ]  # fmt: skip
    if facts.vague is not None and facts.vague.count:
        named = facts.vague.places[~facts.vague.places["hidden"]]["name"].drop_duplicates().tolist()
        listed = "; ".join(named[:8]).replace(";", " ;") + (
            f" et {len(named) - 8} autres" if len(named) > 8 else ""
        )
        one = facts.vague.count == 1
        made.append(
            Callout(
                "attention",
                f"{text.count(facts.vague.count, 'objet n’est connu', 'objets ne sont connus')} que par {'son' if one else 'leur'} département ou "
                f"{'sa' if one else 'leur'} région, que le périmètre touche : peut-être dedans, {'il n’est pas compté' if one else 'ils ne sont pas comptés'}. {listed}.",
            )
        )
    return made


def neutral(area: Area) -> CategoryAreas:
    """The communes of the perimeter in one pale colour, so that signs stand out."""
    codes = frozenset(area.communes["commune_insee"])
    inside = Category("in", "commune du périmètre", "#E4EAF3", "#2A3342")
    return CategoryAreas("communes", dict.fromkeys(codes, "in"), (inside,), "Communes", codes)


def _map(facts: Facts, area: Area, studio: Studio) -> Block:
    shown = facts.shown
    frame = shown[["lon", "lat", "kind", "status", "geo_precision", "origin"]].copy()
    frame["is_planned"] = frame["status"] == "planned"
    frame["kind"] = [_group(k).replace("autre", "tiers_lieu") for k in frame["kind"]]
    frame = frame.drop(columns="status")
    atlas, own = frame[frame["origin"] == "atlas"], frame[frame["origin"] == "ajout"]
    spec = perimeter_map(
        facts.dataset, list(area.communes["commune_insee"]), area.geometry, area.perimeter.zone_km, atlas, own,
        areas=neutral(area), title="Ce qui existe dans le périmètre et autour",
    )  # fmt: skip
    # Hundreds of limits would hide the signs: intercommunalités are enough around.
    kept = tuple(
        x
        for x in spec.layers
        if not (isinstance(x, Outline) and x.level == "communes" and area.perimeter.zone_km > 5)
    )
    spec = dataclasses.replace(spec, layers=kept)
    return studio.map(
        spec, "Lieux existants et en projet, dans le périmètre et ses alentours", height=135,
        note="Un lieu connu par sa commune seule est placé à l’intérieur d’elle.",
        sources=(*words.ids(shown["source_ids"]), LIMITS, *([OWN] if len(own) else [])),
    )  # fmt: skip


def _list(rows: pd.DataFrame, caption: str, limit: int, with_distance: bool) -> list[Block]:
    if rows.empty:
        return []
    kept, more = words.first(rows, limit)
    head = ("Nom", "Nature", "Commune", *(("Distance",) if with_distance else ()), "État", "Origine")
    cells = [
        (
            words.short(words.said(r.name), 90), words.said(r.label), words.said(r.commune_name),
            *((words.km(r.distance_km if pd.notna(r.distance_km) and r.distance_km < 1e6 else None),) if with_distance else ()),
            _STATUS.get(r.status, text.UNKNOWN_TEXT), AUTHOR if r.origin == "ajout" else "atlas",
        )
        for r in kept.itertuples(index=False)
    ]  # fmt: skip
    distance = "Distance à vol d’oiseau au bord du périmètre." if with_distance else ""
    own = (OWN,) if (kept["origin"] == "ajout").any() else ()
    widths = (2.5, 2.35, 1.9, 1.05, 1.6, 1.3) if with_distance else (2.9, 2.2, 2.1, 1.8, 1.5)
    return [
        table(
            caption,
            head,
            cells,
            widths=widths,
            note=words.join_notes(distance, more),
            sources=(*words.ids(kept["source_ids"]), *own),
        )
    ]


def _annotated(facts: Facts) -> list[Block]:
    shown = facts.shown
    rows = shown[(shown["note"] != "") | (shown["correction"] != "")]
    if rows.empty:
        return []
    items: list[Any] = []
    for row in rows.itertuples(index=False):
        parts: list[Run | str] = [bold(words.said(row.name)), " : "]
        said = [row.note] if row.note else []
        said += [f"correction proposée : {row.correction}"] if row.correction else []
        parts.append(" ; ".join(s.strip().rstrip(".") for s in said) + ".")
        items.append(tuple(parts))
    return [Heading("Notes et corrections de l’auteur", 2), Bullets(tuple(items), (OWN,))]


def _left_out(facts: Facts) -> list[Block]:
    hidden = facts.places[facts.places["hidden"]]
    made: list[Block] = []
    if len(hidden):
        names = text.join([str(n) for n in hidden["name"]])
        one = len(hidden) == 1
        made.append(
            Callout(
                "attention",
                f"L’auteur a écarté {text.count(len(hidden), 'lieu', 'lieux')} de l’atlas, qui ne {'compte' if one else 'comptent'} nulle part : {names}.",
            )
        )
    return [*made, Callout("methode", PLACES_METHOD)]


def _arrangement(facts: Facts, studio: Studio) -> list[Block]:
    rows = facts.arrangement
    totals = {s: int((rows["status"] == s).sum()) for s in ELEMENT_STATUS}
    by_family = gaps(rows)
    alt = " ; ".join(
        f"{r.label} : {', '.join(f'{getattr(r, s)} {label.lower()}' for s, label in ELEMENT_STATUS.items() if getattr(r, s))}"
        for r in by_family.itertuples(index=False)
    )
    said = (
        f"Un cluster agence quatre familles d’éléments. Sur {len(rows)}, {_many(totals['present'], 'est présent', 'sont présents')}, "
        f"{_many(totals['planned'], 'est en projet', 'sont en projet')}, {_many(totals['missing'], 'manque', 'manquent')} et "
        f"{_many(totals['unknown'], 'reste inconnu', 'restent inconnus')}."
    )
    picture = studio.chart(
        lambda c: charts.arrangement(c, rows), charts.arrangement_height(rows), "L’agencement du cluster : quatre familles d’éléments",
        f"L’agencement, par famille. {alt}.", note="Présent : disque plein. En projet : cercle. Manquant : croix. Inconnu : losange vide. Sources : celles du tableau suivant.",
    )  # fmt: skip
    cells = [
        (
            r.family_label, r.label, r.status_label, "auteur" if r.origin == "user" else "données",
            words.short(_reason(r), 260),
        )
        for r in rows.itertuples(index=False)
    ]  # fmt: skip
    head = ("Famille", "Élément", "État", "Dit par", "Ce sur quoi cela repose")
    return [
        Heading("L’agencement du cluster", 2), Paragraph(said), Callout("methode", ARRANGEMENT_METHOD), picture,
        table("État de chaque élément, et pourquoi", head, cells, widths=(1.7, 2.1, 1.05, 1.0, 4.4), sources=_evidence(facts)),
    ]  # fmt: skip


def _reason(row: Any) -> str:
    made = []
    if row.origin == "user":
        made.append("Dit par l’auteur.")
    if row.note:
        made.append(row.note.strip().rstrip(".") + ".")
    if row.origin != "user" or not row.note:
        names: Sequence[str] = list(dict.fromkeys(row.evidence_names))
        reason = str(row.reason)
        if names and row.where is not None and names[0] not in reason:
            more = f" et {text.number(len(names) - 3)} autres" if len(names) > 3 else ""
            listed = ", ".join(names[:3]) + more
            made.append(f"{reason[:1].upper()}{reason[1:].rstrip('.')}{NBSP}: {listed}.")
        else:
            made.append(f"{reason[:1].upper()}{reason[1:]}")
    return " ".join(made)


def _evidence(facts: Facts) -> tuple[str, ...]:
    uids = {u for cell in facts.arrangement["evidence"] for u in cell}
    places = facts.places.loc[facts.places["uid"].isin(uids), "source_ids"]
    listed = facts.covering.loc[facts.covering["id"].isin(uids), "source_id"]
    own = (
        (OWN,)
        if (facts.arrangement["origin"] == "user").any() or any(u.startswith("ajout:") for u in uids)
        else ()
    )
    return (*words.ids([*places, *listed]), *own)


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {many if count >= 2 else one}" if count else f"aucun n{_elided(one)}"


def _elided(verb: str) -> str:
    return f"’{verb}" if verb[0] in "aeéiou" else f"e {verb}"
