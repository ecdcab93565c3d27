"""Places that people may reach, and how far the nearest one is from the point of each commune."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from ptce_data.byversion import ByVersion
from ptce_data.places import AREA_PRECISIONS
from ptce_data.study import zones
from ptce_data.study.existing import hidden_uids, own_points
from ptce_data.study.model import Study
from ptce_data.study.registries import TIERS_LIEU_KINDS

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def places_by_kind(dataset: Dataset, study: Study | None = None) -> pd.DataFrame:
    """Places that count for access: those of the atlas that the study keeps, and its own.

    Columns uid, object_id, kind, subkind, lon, lat, geo_precision, commune_insee, departement_code,
    region_code, former_region_code, is_planned.
    """
    frame = dataset.places
    columns = [
        "uid",
        "object_id",
        "kind",
        "lon",
        "lat",
        "geo_precision",
        "commune_insee",
        "departement_code",
        "region_code",
        "former_region_code",
    ]
    made = pd.DataFrame(frame[columns])
    made["subkind"] = frame["tiers_lieu_kind"].fillna(frame["cluster_kind"])
    made["is_planned"] = (frame["status"] == "en_projet").to_numpy(dtype=bool)
    made = made[~made["uid"].isin(hidden_uids(dataset, study))]
    own = own_points(dataset, study)
    if own.empty:
        return made
    own = own[own["geo_precision"] != "aucune"]
    own = own.assign(object_id=own["uid"], subkind=own["kind"], is_planned=own["status"] == "planned")
    return pd.concat([made, own.reindex(columns=made.columns)], ignore_index=True)


def is_kind(frame: pd.DataFrame, kind: str) -> pd.Series:
    """Mask of the rows of `places_by_kind` that are of a kind of ACCESS_KINDS."""
    own = frame["kind"]
    if kind == "tiers_lieu":
        return (own == "tiers_lieu") | own.isin(TIERS_LIEU_KINDS)
    if kind == "incubateur_pepiniere":
        return frame["subkind"].isin(["incubateur_pepiniere", "incubateur", "pepiniere"])
    if kind in ("pole", "cluster"):
        return own == kind
    return frame["subkind"] == kind


def nearest_km(communes: pd.DataFrame, places: pd.DataFrame) -> zones.Floats:
    """Distance in km from the point of each commune to the nearest place; NaN where there is none.

    Both frames have lon and lat in degrees. No distance crosses from one part of France to another.
    """
    away = np.full(len(communes), np.nan)
    for own, xy, others in _by_zone(communes, places):
        tree = shapely.STRtree(shapely.points(others))
        (which, _), found = tree.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
        away[own[which]] = np.round(found / 1000, 3)
    return away


def _by_zone(
    communes: pd.DataFrame, places: pd.DataFrame
) -> Iterable[tuple[Any, zones.Floats, zones.Floats]]:
    """Yield, per zone, the positions of its communes, their points and those of the places, in metres."""
    at, there = zones.zones_of(communes["lon"], communes["lat"]), zones.zones_of(places["lon"], places["lat"])
    for epsg in np.intersect1d(at[at > 0], there):
        own = np.flatnonzero(at == epsg)
        rows, others = communes.iloc[own], places[there == epsg]
        yield (
            own,
            zones.project(rows["lon"], rows["lat"], epsg),
            zones.project(others["lon"], others["lat"], epsg),
        )


def counts(communes: pd.DataFrame, places: pd.DataFrame, radii: tuple[float, ...]) -> list[int]:
    """Number of places within each radius of the point of a commune."""
    away = np.concatenate(
        [np.empty(0), *(_nearest(others, xy) for _, xy, others in _by_zone(communes, places))]
    )
    return [int((away <= radius).sum()) for radius in radii]


def _nearest(points: zones.Floats, targets: zones.Floats) -> Any:
    tree = shapely.STRtree(shapely.points(targets))
    _, found = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    return np.round(found / 1000, 3)


def share(people: Any, away: Any, radius: float) -> tuple[int, int, float]:
    """Return people, people within `radius` km, and their share in percent (NaN without people)."""
    total, within = people.sum(), people[away <= radius].sum()
    return int(total), int(within), float(within / total * 100) if total > 0 else float("nan")


def france(dataset: Dataset, kind: str, radius_km: float) -> float:
    """Share of the people of France within `radius_km` of a place of `kind`, in percent; the reference."""
    return _france(ByVersion(dataset), kind, radius_km)


@functools.lru_cache(maxsize=64)
def _france(key: ByVersion, kind: str, radius_km: float) -> float:
    communes = key.dataset.communes
    frame = places_by_kind(key.dataset)
    placed = frame[
        is_kind(frame, kind) & ~frame["geo_precision"].isin(AREA_PRECISIONS) & ~frame["is_planned"]
    ]
    people = communes["population"].to_numpy(dtype="float64")
    return share(people, nearest_km(communes, placed), radius_km)[2]
