"""Who lives near a place: shares of a perimeter's people within some distances, as the crow flies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from ptce_data.places import AREA_PRECISIONS
from ptce_data.study.existing import maybe_in
from ptce_data.study.model import AccessChoice, Study
from ptce_data.study.near import counts, is_kind, nearest_km, places_by_kind, share
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import ACCESS_KINDS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

METHOD: Final = (
    "Distance à vol d’oiseau, et non par la route. La population de chaque commune est placée en un point "
    "à l’intérieur d’elle, qui peut être loin du bourg quand la commune est très étendue. Comptent les lieux du périmètre et de ses environs jusqu’à la distance, "
    "recensés ou ajoutés ; pas ceux que l’on connaît par leur département ou leur région seulement, ni "
    "ceux que l’étude écarte. L’inventaire étant partiel, une zone blanche est une zone sans lieu recensé."
)
ISOCHRONE_METHOD: Final = (
    "Contour d’accès fait ailleurs et chargé par l’auteur de l’étude. La population d’une commune compte "
    "en entier quand un point placé à l’intérieur d’elle est dans le contour."
)
_SHARES: Final = [
    "kind", "label", "radius_km", "population", "within", "share_pct", "with_planned",
    "share_with_planned_pct", "places", "planned_places",
]  # fmt: skip
_DISTANCES: Final = [
    "kind", "commune_insee", "name", "population", "lon", "lat", "distance_km",
    "distance_with_planned_km", "has_place",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Access:
    """The access of a perimeter's people. Shares are in percent, NaN where nobody is counted.

    shares: kind, label, radius_km, population, within (people), share_pct, with_planned (people, planned
        places included), share_with_planned_pct, places (existing ones within the radius of a commune
        of the perimeter), planned_places.
    communes: kind, commune_insee, name, population, lon, lat, distance_km and distance_with_planned_km
        to the nearest place (NaN where there is none in the same part of France), has_place (an
        existing place is in the commune itself, however far from its point).
    excluded: kind, label, objects: places of imprecise location in the départements or regions touched,
        that could not be counted.
    isochrone: commune_insee, name, population, lon, lat, is_inside; None without an isochrone.
    isochrone_share_pct: people inside, None without an isochrone or without people.
    """

    shares: pd.DataFrame
    communes: pd.DataFrame
    excluded: pd.DataFrame
    isochrone: pd.DataFrame | None
    isochrone_share_pct: float | None
    method: str

    def outside(self, kind: str, radius_km: float) -> pd.DataFrame:
        """The communes farther than `radius_km` from an existing place of `kind`, the farthest first."""
        rows = self.communes[self.communes["kind"] == kind]
        out = rows[~(rows["distance_km"] <= radius_km)]
        return out.sort_values("distance_km", ascending=False, na_position="first", ignore_index=True)


def access(
    dataset: Dataset,
    area: Area,
    study: Study | None = None,
    kinds: Iterable[str] | None = None,
    radii: Iterable[float] | None = None,
) -> Access:
    """Measure the access to each of `kinds` (keys of ACCESS_KINDS) within `radii` in km.

    Without them, those of `study`, else the default ones. The zone of the perimeter does not limit it.
    """
    choice = study.access if study else AccessChoice()
    asked = tuple(dict.fromkeys(choice.kinds if kinds is None else kinds))
    steps = tuple(sorted(set(choice.radii if radii is None else map(float, radii))))
    frame = places_by_kind(dataset, study)
    shares, distances, excluded = [], [], []
    for kind in asked:
        of_kind = frame[is_kind(frame, kind)]
        vague = of_kind["geo_precision"].isin(AREA_PRECISIONS)
        rows, away = _measure(area.communes, kind, of_kind[~vague], steps)
        shares += rows
        distances.append(away)
        lost = of_kind[vague & maybe_in(area, of_kind)]
        excluded.append((kind, ACCESS_KINDS[kind], int(lost["object_id"].nunique())))
    isochrone, inside_pct = _isochrone(area, choice.isochrone)
    return Access(
        pd.DataFrame(shares, columns=_SHARES),
        pd.concat(distances, ignore_index=True) if distances else pd.DataFrame(columns=_DISTANCES),
        pd.DataFrame(excluded, columns=["kind", "label", "objects"]),
        isochrone,
        inside_pct,
        METHOD if isochrone is None else ISOCHRONE_METHOD,
    )


def _measure(
    communes: pd.DataFrame, kind: str, placed: pd.DataFrame, radii: tuple[float, ...]
) -> tuple[list[tuple[Any, ...]], pd.DataFrame]:
    """Return the rows of `Access.shares` and the frame of `Access.communes` of one kind."""
    there, planned = placed[~placed["is_planned"]], placed[placed["is_planned"]]
    near, both = nearest_km(communes, there), nearest_km(communes, placed)
    people = communes["population"].to_numpy(dtype="float64")
    pairs = zip(radii, counts(communes, there, radii), counts(communes, planned, radii), strict=True)
    rows = [
        (kind, ACCESS_KINDS[kind], r, *share(people, near, r), *share(people, both, r)[1:], n, m)
        for r, n, m in pairs
    ]
    made = communes[["commune_insee", "name", "population", "lon", "lat"]].assign(
        kind=kind,
        distance_km=near,
        distance_with_planned_km=both,
        has_place=communes["commune_insee"].isin(there["commune_insee"]),
    )
    return rows, made[_DISTANCES]


def _isochrone(area: Area, outline: Any) -> tuple[pd.DataFrame | None, float | None]:
    if outline is None:
        return None, None
    rows = area.communes[["commune_insee", "name", "population", "lon", "lat"]]
    inside = shapely.contains_xy(outline.geometry(), rows["lon"].to_numpy(), rows["lat"].to_numpy())
    made = rows.assign(is_inside=inside)
    if not area.population:
        return made, None
    return made, float(rows.loc[inside, "population"].sum() / area.population * 100)
