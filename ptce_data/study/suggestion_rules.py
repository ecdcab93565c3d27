"""Rules of the suggestions on pôles, clusters, schemes and public money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ptce_data.funding.words import percent
from ptce_data.study.perimeter import Area
from ptce_data.study.suggestion import Suggestion, count, names, traced
from ptce_data.territories.french import NBSP, number, quoted
from ptce_data.territories.parameters import TYPE_LABELS

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def clusters(atlas: pd.DataFrame) -> Iterator[Suggestion]:
    """Clusters documented in the perimeter: a strength."""
    own = atlas[(atlas["kind"] == "cluster") & (atlas["where"] == "perimetre")]
    if len(own):
        text = (
            f"{count(len(own), 'cluster documenté', 'clusters documentés')} dans le périmètre : {names(own)}."
        )
        yield Suggestion(
            "clusters",
            "atout",
            text,
            "Clusters documentés dans le périmètre",
            float(len(own)),
            "",
            **traced(own),
        )


def poles(dataset: Dataset, area: Area, atlas: pd.DataFrame) -> Iterator[Suggestion]:
    """PTCE documented inside, around, elsewhere on the same type of territory; or none documented."""
    own = atlas[atlas["kind"] == "pole"]
    inside, around = own[own["where"] == "perimetre"], own[own["where"] == "alentours"]
    zone = number(area.perimeter.zone_km)
    if len(inside):
        text = (
            f"{count(len(inside), 'PTCE documenté', 'PTCE documentés')} dans le périmètre : {names(inside)}."
        )
        yield Suggestion(
            "poles-perimetre",
            "atout",
            text,
            "PTCE documentés dans le périmètre",
            float(len(inside)),
            "",
            **traced(inside),
        )
    if len(around):
        text = f"{count(len(around), 'PTCE documenté', 'PTCE documentés')} à moins de {zone}{NBSP}km du périmètre : {names(around)}."
        yield Suggestion(
            "poles-alentours",
            "opportunite",
            text,
            f"PTCE documentés à moins de {zone} km",
            float(len(around)),
            "",
            **traced(around),
        )
    if not len(own):
        where = (
            f"dans le périmètre ni à moins de {zone}{NBSP}km"
            if area.perimeter.zone_km
            else "dans le périmètre"
        )
        yield Suggestion(
            "poles-aucun", "faiblesse", f"Aucun PTCE documenté {where}.", "PTCE documentés", 0.0, ""
        )
    types = area.types[area.types["territory_type"].isin(TYPE_LABELS)]
    if not types["population"].sum():
        return
    main = str(types.loc[types["population"].idxmax(), "territory_type"])
    alike = dataset.places[(dataset.places["kind"] == "pole") & (dataset.places["territory_type"] == main)]
    alike = alike[~alike["uid"].isin(inside["uid"])]
    if len(alike):
        label = TYPE_LABELS[main]
        text = f"{count(len(alike), 'PTCE documenté', 'PTCE documentés')} ailleurs en France dans une commune de type {quoted(label)}, le plus répandu du périmètre : {'leurs modèles peuvent' if len(alike) > 1 else 'son modèle peut'} inspirer."
        yield Suggestion(
            "poles-meme-type",
            "opportunite",
            text,
            f"PTCE documentés dans une commune de type {label}",
            float(len(alike)),
            "",
            **traced(alike),
        )


def schemes_of(schemes: pd.DataFrame) -> Iterator[Suggestion]:
    """Schemes that cover the perimeter, by what their sources say of their being open."""
    local = ~schemes["level"].isin(["etat", "ue"])
    is_open, unknown = schemes["status"] == "open", schemes["status"] == "unknown"
    one, many = "dispositif documenté", "dispositifs documentés"
    if is_open.any():
        own = schemes[is_open]
        several = len(own) > 1
        near = int((is_open & local).sum())
        text = f"{count(len(own), one, many)} comme ouvert{'s' * several} à la date de {'leur' if several else 'sa'} source"
        if near:
            text += f", dont {count(near, 'propre', 'propres')} aux collectivités du territoire"
        text += "."
        yield Suggestion(
            "dispositifs-ouverts",
            "opportunite",
            text,
            "Dispositifs ouverts à la date de leur source",
            float(len(own)),
            "",
            **traced(own, "id"),
        )
    if (unknown & local).any():
        own = schemes[unknown & local]
        text = (
            f"{count(len(own), one, many)} des collectivités du territoire, dont l’ouverture est à vérifier."
        )
        yield Suggestion(
            "dispositifs-a-verifier",
            "opportunite",
            text,
            "Dispositifs locaux d’état inconnu",
            float(len(own)),
            "",
            **traced(own, "id"),
        )
    if not (is_open & local).any():
        closed = schemes[(schemes["status"] == "closed") & local]
        many_closed = f" ; {count(len(closed), 'autre est clos', 'autres sont clos')}" if len(closed) else ""
        yield Suggestion(
            "dispositifs-locaux-aucun-ouvert",
            "menace",
            f"Aucun dispositif des collectivités du territoire n’est documenté comme ouvert{many_closed}.",
            "Dispositifs locaux ouverts à la date de leur source",
            0.0,
            "",
            **traced(closed, "id"),
        )


def public_money(dataset: Dataset) -> Iterator[Suggestion]:
    """The share of public money in surveys of PTCE: a dependence that the territory would share."""
    figures = dataset.funding_figures
    rows = figures[
        (figures["entity_kind"] == "ptce_sample")
        & (figures["category"] == "subventions_publiques_non_ventilees")
        & figures["share_pct"].notna()
        & (figures["base"] == "budget_annuel")
    ]
    for row in rows.sort_values("year", ascending=False).head(1).itertuples():
        year = "" if pd.isna(row.year) else f" ({int(row.year)})"
        text = f"Les subventions publiques font {percent(float(row.share_pct))} du budget des PTCE enquêtés{year} : un modèle qui en dépend est fragile."
        yield Suggestion(
            "argent-public-ptce",
            "menace",
            text,
            f"{row.entity_name}{year}",
            float(row.share_pct),
            "%",
            source_ids=(str(row.source_id),),
            evidence=(str(row.id),),
        )
