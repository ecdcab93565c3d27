"""What the atlas hands out, by name: its tables, the places, the areas with their computed types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from ptce_data import layers, schema
from ptce_data.layers import CRS
from ptce_data.opendata import texts
from ptce_data.opendata.credits import cited
from ptce_data.places import TABLES as OBJECT_TABLES

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_PUBLIC: Final = (
    "uid", "object_id", "kind", "name", "tiers_lieu_kind", "cluster_kind", "activity_family", "origin",
    "themes", "labels", "programmes", "award_years", "status", "created_year", "territory_type_stated",
    "type_source_id", "territory_type", "territory_type_epci", "territory_type_ze", "scales_agree", "commune_insee", "commune_name", "epci_siren", "departement_code", "region_code",
    "former_region_code", "geo_precision", "lon", "lat", "confidence", "source_ids", "geometry",
)  # fmt: skip
_IMPORTED: Final = ("is_imported", "possible_duplicate")
OBJECTS: Final = tuple(OBJECT_TABLES.values())
_PRIMARY: Final = {
    "places": ("uid",),
    "duplicates": ("left_uid", "right_uid"),
    "categories": ("field", "value"),
    "region_codes": ("region_code",),
    "former_region_codes": ("former_region_code",),
    "departement_codes": ("departement_code",),
    "temoins_reference": ("pole_id",),
    **{level: (columns[0],) for level, columns in layers.COLUMNS.items()},
}


@dataclass(frozen=True)
class Resource:
    """A table or layer that the atlas hands out. `key` names the columns that identify a row."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    has_geometry: bool
    rows: Callable[[Dataset], pd.DataFrame]


def public(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns of `places` that are handed out: facts and codes, without what only searching needs.

    Where a row is of a user's own layer, `is_imported` and `possible_duplicate` say so of every row.
    """
    imported = "is_imported" in places and bool(places["is_imported"].any())
    names = [*_PUBLIC[:-1], *(_IMPORTED if imported else ()), _PUBLIC[-1]]
    return places[[c for c in names if c in places]]


def objects(dataset: Dataset, table: str) -> gpd.GeoDataFrame:
    """All columns of poles, tiers_lieux or clusters, with the point (EPSG:4326) and its `geo_precision`.

    The point is that of `places`: the object's own, else one inside its commune, département or region.
    """
    own: pd.DataFrame = getattr(dataset, table)
    known = dataset.places.set_index("uid")
    made = own.assign(geo_precision=own["uid"].map(known["geo_precision"]))
    points = gpd.GeoSeries(known.geometry.reindex(own["uid"]).array, index=own.index, crs=CRS)
    return gpd.GeoDataFrame(made, geometry=points)


def areas(dataset: Dataset, level: str) -> gpd.GeoDataFrame:
    """The areas of a level with contours (EPSG:4326); communes and EPCI with their computed types."""
    frame: gpd.GeoDataFrame = getattr(dataset, level)
    types = {} if dataset.territories is None else vars(dataset.territories)
    more = [column for column in texts.AREAS[level] if column not in layers.COLUMNS[level]]
    if not more:
        return frame
    key = layers.COLUMNS[level][0]
    found = types[level].set_index(key).reindex(frame[key]) if level in types else None
    for column in more:
        cells = pd.Series(pd.NA, index=frame.index, dtype="str") if found is None else found[column].array
        frame = frame.assign(**{column: cells})
    return frame[[*texts.AREAS[level], "geometry"]]


def _all() -> dict[str, Resource]:
    made = {
        "places": Resource(
            "places", *texts.PLACES_TITLE, _PRIMARY["places"], True, lambda d: public(d.places)
        )
    }
    for name in schema.TABLES:
        title, description = schema.table_text(name)
        rows = _objects_of(name) if name in OBJECTS else _table_of(name)
        made[name] = Resource(name, title, description, _PRIMARY.get(name, ("id",)), name in OBJECTS, rows)
    for level in layers.LEVELS:
        made[level] = Resource(level, *texts.AREA_TITLES[level], _PRIMARY[level], True, _areas_of(level))
    return made


def _objects_of(name: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: objects(dataset, name)


def _table_of(name: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: getattr(dataset, name)


def _areas_of(level: str) -> Callable[[Dataset], pd.DataFrame]:
    return lambda dataset: areas(dataset, level)


#: Name -> what is handed out: `places`, then the tables of `schema.TABLES`, then the levels of areas.
RESOURCES: Final[dict[str, Resource]] = _all()


def resource(dataset: Dataset, name: str) -> tuple[pd.DataFrame, str, list[str]]:
    """Return (rows, French title, ids of sources to cite) of a resource. Raises KeyError for an unknown name."""
    found = RESOURCES[name]
    rows = found.rows(dataset)
    return rows, found.title, source_ids_of(dataset, rows, name)


def source_ids_of(dataset: Dataset, rows: pd.DataFrame, name: str | None = None) -> list[str]:
    """The ids of the sources that rows cite; the sources table cites itself."""
    return list(rows["id"]) if name == "sources" else cited(rows)
