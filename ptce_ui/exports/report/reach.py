"""Part 4: who lives near which places, and the white zones."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ptce_data.places import AREA_PRECISIONS
from ptce_data.study import Access
from ptce_data.study.access import METHOD
from ptce_data.study.near import is_kind, nearest_km, places_by_kind
from ptce_data.study.perimeter import Area
from ptce_ui import text
from ptce_ui.exports.cartography import MapSpec, Outline, Panel, QuantityAreas
from ptce_ui.exports.cartography import Perimeter as Border
from ptce_ui.exports.cartography.builders import credit
from ptce_ui.exports.document import Callout, Heading, Paragraph
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import charts, words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.territory import NO_AREA
from ptce_ui.exports.report.words import INSEE, LIMITS, NBSP, OWN, table

_LISTED: Final = 20


def reach(facts: Facts, studio: Studio) -> list[Block]:
    """Part 4."""
    area, found = facts.area, facts.access
    if area is None or found is None:
        return [words.missing(NO_AREA)]
    made: list[Block] = []
    if found.isochrone is not None:
        made += _isochrone(facts, found)
    if not area.population:
        return [
            *made,
            words.missing(
                "Aucun habitant n’est compté dans le périmètre : les parts d’accès ne se calculent pas."
            ),
        ]
    if found.shares.empty:
        return [
            *made,
            words.missing("Aucun genre de lieu n’est choisi : cochez-les à l’étape « Accès »."),
        ]
    radius = float(found.shares["radius_km"].max())
    counted = (INSEE, *_place_sources(facts, area, found, radius))
    sources = (INSEE, *_place_sources(facts, area, found, None))
    planned = (*counted, *_place_sources(facts, area, found, radius, planned=True))
    made += [
        Heading("La population proche d’un lieu", 2), Paragraph(_words(found)), Callout("methode", METHOD), _shares(found, planned)
    ]  # fmt: skip
    made.append(
        studio.chart(
            lambda c: charts.access(c, found.shares), charts.access_height(found.shares),
            "Part de la population proche d’un lieu, par genre et par distance",
            f"Barres de la part de la population. {_words(found)}", note="Distance à vol d’oiseau ; lieux en projet non comptés.",
            sources=counted,
        )
    )  # fmt: skip
    made += [Heading("Les zones blanches", 2), *_white(found, sources)]
    spec = _map(facts, area, found)
    made.append(
        studio.map(
            spec, "Distance de chaque commune au lieu le plus proche, à vol d’oiseau",
            note="Du point de chaque commune au lieu existant ou recensé le plus proche ; lieux en projet non comptés.",
            sources=(*sources, LIMITS),
        )
    )  # fmt: skip
    lost = found.excluded[found.excluded["objects"] > 0]
    for r in lost.itertuples(index=False):
        made.append(
            Callout("attention", f"{r.label}{NBSP}: {text.count(r.objects, 'objet connu', 'objets connus')} par {'son' if r.objects == 1 else 'leur'} département ou {'sa' if r.objects == 1 else 'leur'} région seulement, donc hors du calcul.")
        )  # fmt: skip
    return made


def _words(found: Access) -> str:
    said = []
    for label, own in found.shares.groupby("label", sort=False):
        parts = [
            f"{text.percent(r.share_pct)} à moins de {words.radius(r.radius_km)}"
            for r in own.itertuples(index=False)
        ]
        said.append(f"{label}{NBSP}: {text.join(parts)}")
    return "Part de la population du périmètre qui vit près d’un lieu. " + " ; ".join(said) + "."


def _shares(found: Access, sources: tuple[str, ...]) -> Block:
    rows = []
    planned = bool(found.shares["planned_places"].sum())
    for r in found.shares.itertuples(index=False):
        row = [
            r.label,
            words.radius(r.radius_km),
            text.number(r.places),
            text.number(r.within),
            text.percent(r.share_pct, 1),
        ]
        if planned:
            row += [text.number(r.planned_places), text.percent(r.share_with_planned_pct, 1)]
        rows.append(row)
    head = ["Genre de lieu", "Distance", "Lieux", "Habitants proches", "Part"]
    if planned:
        head += ["Lieux en projet", "Part avec les projets"]
    return table(
        f"Population du périmètre proche d’un lieu ({text.number(int(found.shares['population'].iloc[0]))} habitants, 2022)",
        head, rows, sources=sources, note="Calcul de l’atlas, à vol d’oiseau.",
    )  # fmt: skip


def _white(found: Access, sources: tuple[str, ...]) -> list[Block]:
    radii = sorted(found.shares["radius_km"].unique())
    limit = radii[len(radii) // 2]
    told, away, outside = [], {}, set()
    for kind, label in found.shares[["kind", "label"]].drop_duplicates().itertuples(index=False):
        out = found.outside(kind, limit)
        people = text.count(int(out["population"].sum()), "habitant", "habitants")
        told.append(
            f"{label}{NBSP}: "
            + (f"{text.count(len(out), 'commune', 'communes')}, {people}" if len(out) else "aucune commune")
        )
        away[str(label)] = found.communes[found.communes["kind"] == kind].set_index("commune_insee")[
            "distance_km"
        ]
        outside |= set(out["commune_insee"])
    made: list[Block] = [
        Paragraph(
            f"Communes à plus de {words.radius(limit)} d’un lieu existant ou recensé. "
            + " ; ".join(told)
            + "."
        )
    ]
    rows = found.communes.drop_duplicates("commune_insee").set_index("commune_insee")
    rows = rows.loc[rows.index.isin(outside)].assign(
        far=pd.DataFrame(away).max(axis=1, skipna=False).fillna(np.inf)
    )
    kept, more = words.first(rows.sort_values(["far", "name"], ascending=[False, True]), _LISTED)
    if len(kept):
        cells = [
            (str(r.name), text.number(r.population), *(_away(own.get(code)) for own in away.values()))
            for code, r in zip(kept.index, kept.itertuples(index=False), strict=True)
        ]
        made.append(
            table(
                f"Communes à plus de {words.radius(limit)} d’un lieu d’un de ces genres, et distance au plus proche",
                ("Commune", "Habitants", *away), cells, sources=sources, align=words.sides(1, 1 + len(away)),
                note=words.join_notes(more, "La distance part d’un point intérieur à la commune : une commune étendue peut abriter un lieu loin de ce point."),
            )
        )  # fmt: skip
    return made


def _away(value: float | None) -> str:
    return words.km(value) if value is not None and np.isfinite(value) else "aucun recensé"


def _map(facts: Facts, area: Area, found: Access) -> MapSpec:
    radii = tuple(sorted(float(r) for r in found.shares["radius_km"].unique()))
    codes = frozenset(area.communes["commune_insee"])
    kinds = list(found.shares[["kind", "label"]].drop_duplicates().itertuples(index=False))[:4]
    west, south, east, north = area.geometry.bounds
    layers = {}
    for kind, label in kinds:
        own = found.communes[found.communes["kind"] == kind]
        values = {
            str(c): max(0.01, float(v))
            for c, v in zip(own["commune_insee"], own["distance_km"], strict=True)
            if np.isfinite(v)
        }
        layers[str(label)] = (
            QuantityAreas("communes", values, "Distance au lieu le plus proche (km)", "km", limits=radii, within=codes,
                          none_label="aucun lieu recensé dans cette partie de la France"),
            Outline("epci"), Border(area.geometry),
        )  # fmt: skip
    title = "Accès aux lieux : distance à vol d’oiseau"
    alt = f"Carte de la distance de chaque commune au lieu le plus proche : {text.join(list(layers))}."
    where = (west, south, east, north)
    if len(layers) == 1:
        ((name, only),) = layers.items()
        return MapSpec(title, name, where, only, alt=alt, **credit(facts.dataset))
    panels = tuple(Panel(name, own) for name, own in layers.items())
    return MapSpec(title, "", where, (), panels, alt=alt, **credit(facts.dataset))


def _isochrone(facts: Facts, found: Access) -> list[Block]:
    inside = found.isochrone[found.isochrone["is_inside"]] if found.isochrone is not None else pd.DataFrame()
    people = int(inside["population"].sum()) if len(inside) else 0
    share = text.percent(found.isochrone_share_pct, 1)
    note = facts.study.access.isochrone_note.strip()
    said = (
        f"Dans le contour d’accès chargé par l’auteur vivent {text.number(people)}{NBSP}habitants du périmètre, soit {share} "
        f"({text.count(len(inside), 'commune', 'communes')})."
    )
    return [
        Heading("Le contour d’accès de l’auteur", 2),
        Paragraph(said, (OWN, INSEE)),
        *(words.paragraphs(note) if note else [words.missing("L’auteur n’a pas dit comment ce contour a été calculé (mode, durée, date).")]),
        Callout("methode", found.method),
    ]  # fmt: skip


def _place_sources(
    facts: Facts, area: Area, found: Access, radius: float | None, planned: bool = False
) -> tuple[str, ...]:
    """Sources of the places of the chosen kinds within `radius` km of the perimeter's communes.

    Without a radius, as far as the nearest place of the farthest commune; existing places, or planned ones.
    """
    frame = places_by_kind(facts.dataset, facts.study)
    frame = frame[(frame["is_planned"] == planned) & ~frame["geo_precision"].isin(AREA_PRECISIONS)]
    uids: set[str] = set()
    for kind, own in found.communes.groupby("kind"):
        rows = frame[is_kind(frame, str(kind))]
        far = own["distance_km"].max()
        limit = radius if radius is not None else max(0.0, 0.0 if pd.isna(far) else float(far))
        uids |= set(rows.loc[nearest_km(rows, area.communes) <= limit, "uid"])
    places = facts.dataset.places
    known = places.loc[places["uid"].isin(uids), ["uid", "source_ids"]]
    return (*words.ids(known["source_ids"]), *((OWN,) if len(uids) > len(known) else ()))
