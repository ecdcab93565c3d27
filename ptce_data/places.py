"""Pôles, tiers-lieux and clusters as one table of points, each with the precision of its position.

A row of `places` is one object under one kind. An object known under two kinds (the labels
hybridise) has two rows that share an `object_id`, so that it can be counted once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data.territories.classify import Classification
from ptce_data.territories.place_types import place_types
from ptce_data.text import fold, split_codes, split_words

KINDS: Final = ("pole", "tiers_lieu", "cluster")
TABLES: Final = {"pole": "poles", "tiers_lieu": "tiers_lieux", "cluster": "clusters"}
UNKNOWN: Final = "non_renseigne"
CRS: Final = "EPSG:4326"

#: Positions that stand for a whole area: drawn with an empty sign; "aucune" has no point at all.
AREA_PRECISIONS: Final = ("departement", "region", "aucune")

_COORD_PRECISION = {"centroide_commune": "commune"}
_COMMON = [
    "uid",
    "object_id",
    "id",
    "name",
    "commune_insee",
    "departement_code",
    "region_code",
    "confidence",
    "source_ids",
]


def build(
    tables: Mapping[str, pd.DataFrame],
    geo: Mapping[str, gpd.GeoDataFrame],
    territories: Classification | None = None,
) -> gpd.GeoDataFrame:
    """Stack the three tables of objects and give each row a point.

    `tables` holds poles, tiers_lieux, clusters and pole_awards after duplicates were merged
    (columns uid, object_id, source_ids present). `geo` holds communes, departements, regions and
    former_regions with lon/lat of a point inside each. Returns one row per object and kind,
    geometry in EPSG:4326, empty where the object has no known place at all.

    The position is the object's own coordinates, else a point inside its commune, else of its
    département, else of its region; `geo_precision` says which. `is_imported` and `possible_duplicate`
    are False for all our rows: see `ptce_data.own_layers.attach`.
    """
    frames = [_kind_frame(kind, tables[TABLES[kind]]) for kind in KINDS]
    places = pd.concat(frames, ignore_index=True)
    return _completed(places, geo, tables["region_codes"], tables["pole_awards"], territories)


def of_kind(
    kind: str,
    table: pd.DataFrame,
    geo: Mapping[str, gpd.GeoDataFrame],
    region_codes: pd.DataFrame,
    pole_awards: pd.DataFrame,
    territories: Classification | None = None,
) -> gpd.GeoDataFrame:
    """Return the rows of `build` for one table of one kind, indexed 0 … n-1.

    `table` has the columns that `build` expects of the table of its kind; lon, lat (degrees) and
    coord_precision are read where it has them, whatever the kind.
    """
    frame = _kind_frame(kind, table).reset_index(drop=True)
    return _completed(frame, geo, region_codes, pole_awards, territories)


def _completed(
    places: pd.DataFrame,
    geo: Mapping[str, gpd.GeoDataFrame],
    region_codes: pd.DataFrame,
    pole_awards: pd.DataFrame,
    territories: Classification | None,
) -> gpd.GeoDataFrame:
    places = _with_areas(places, geo)
    places = _with_position(places, geo, region_codes)
    places = _with_awards(places, pole_awards)
    places = _with_types(places, territories)
    places["is_imported"] = False
    places["possible_duplicate"] = False
    places["search_text"] = _search_text(places)
    points = gpd.GeoSeries(gpd.points_from_xy(places["lon"], places["lat"]), index=places.index, crs=CRS)
    return gpd.GeoDataFrame(places, geometry=points.where(places["lon"].notna(), shapely.Point()))


def _kind_frame(kind: str, table: pd.DataFrame) -> pd.DataFrame:
    frame = table[_COMMON].copy()
    frame.insert(0, "kind", kind)
    blank = pd.Series(pd.NA, index=table.index, dtype="str")

    def column(name: str) -> pd.Series:
        return table.get(name, blank)

    frame["tiers_lieu_kind"] = column("kind") if kind == "tiers_lieu" else blank
    frame["cluster_kind"] = column("kind") if kind == "cluster" else blank
    frame["territory_type_stated"] = column("territory_type_stated")
    frame["type_source_id"] = column("type_source_id")
    frame["activity_family"] = column("activity_family")
    frame["origin"] = column("origin")
    frame["region_at_the_time"] = column("region_at_the_time")
    frame["status"] = column("status")
    frame["themes"] = [split_words(v) for v in column("sector" if kind == "cluster" else "theme")]
    frame["labels"] = _labels(kind, table)
    frame["created_year"] = table["opened_year" if kind == "tiers_lieu" else "created_year"]
    frame["own_lon"] = table.get("lon", np.nan)
    frame["own_lat"] = table.get("lat", np.nan)
    frame["coord_precision"] = column("coord_precision")
    return frame


def _labels(kind: str, table: pd.DataFrame) -> list[tuple[str, ...]]:
    if kind == "tiers_lieu":
        pairs = zip(table["label"], table["other_labels"], strict=True)
        return [tuple(dict.fromkeys(split_codes(a) + split_codes(b))) for a, b in pairs]
    if kind == "pole":
        return [("pole_temoin",) if v is not pd.NA and v else () for v in table["is_temoin"]]
    return [()] * len(table)


def _with_areas(places: pd.DataFrame, geo: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Add commune and EPCI names and the region of before 2016, where they can be known."""
    communes = geo["communes"].set_index("commune_insee")
    departements = geo["departements"].set_index("departement_code")
    former = geo["former_regions"]
    places["commune_name"] = places["commune_insee"].map(communes["name"])
    places["epci_siren"] = places["commune_insee"].map(communes["epci_siren"])
    by_name = dict(zip(former["name"].map(fold), former["former_region_code"], strict=True))
    told = places["region_at_the_time"].map(lambda v: by_name.get(fold(v)) if isinstance(v, str) else None)
    # A region that was left unchanged in 2016 has one former region: itself.
    single = former.groupby("region_code")["former_region_code"].agg(["first", "size"])
    unchanged = single.loc[single["size"] == 1, "first"]
    places["former_region_code"] = (
        places["departement_code"]
        .map(departements["former_region_code"])
        .fillna(told)
        .fillna(places["region_code"].map(unchanged))
    )
    return places


def _with_position(
    places: pd.DataFrame, geo: Mapping[str, gpd.GeoDataFrame], region_codes: pd.DataFrame
) -> pd.DataFrame:
    lon, lat = places["own_lon"].astype(float), places["own_lat"].astype(float)
    own = lon.notna() & lat.notna()
    precision = places["coord_precision"].replace(_COORD_PRECISION).where(own)
    precision = precision.fillna("point_non_qualifie").where(own)
    steps: tuple[tuple[str, pd.DataFrame, str], ...] = (
        ("commune", geo["communes"], "commune_insee"),
        ("departement", geo["departements"], "departement_code"),
        ("region", geo["former_regions"], "former_region_code"),
        ("region", geo["regions"], "region_code"),
        # A collectivité without a boundary has a point of its own.
        ("region", region_codes.dropna(subset=["lon", "lat"]), "region_code"),
    )
    for name, areas, code in steps:
        centres = areas.set_index(code)[["lon", "lat"]].astype(float)
        east = places[code].map(centres["lon"])
        found = lon.isna() & east.notna()
        lon = lon.mask(found, east)
        lat = lat.mask(found, places[code].map(centres["lat"]))
        precision = precision.mask(found, name)
    places["lon"], places["lat"] = lon, lat
    places["geo_precision"] = precision.fillna("aucune")
    return places.drop(columns=["own_lon", "own_lat", "coord_precision"])


def _with_awards(places: pd.DataFrame, awards: pd.DataFrame) -> pd.DataFrame:
    """Add the programmes won (known awards only) and their years: tuples, empty = none known."""
    uid = "pole:" + awards["pole_id"].astype(str)
    programmes = awards["programme_id"].groupby(uid).agg(lambda s: tuple(sorted(set(s.dropna()))))
    years = awards["year"].groupby(uid).agg(lambda s: tuple(sorted({str(int(y)) for y in s.dropna()})))
    won, when = programmes.to_dict(), years.to_dict()
    places["programmes"] = [won.get(u, ()) for u in places["uid"]]
    places["award_years"] = [when.get(u, ()) for u in places["uid"]]
    return places


def _with_types(places: pd.DataFrame, territories: Classification | None) -> pd.DataFrame:
    """Add the types computed at the commune, its EPCI and its zone d'emploi, kept apart from the stated one.

    A place known only by its département or region has none.
    """
    names = {
        "commune_type": "territory_type",
        "epci_type": "territory_type_epci",
        "ze_type": "territory_type_ze",
    }
    if territories is None:
        blank = pd.Series(pd.NA, index=places.index, dtype="str")
        return places.assign(**dict.fromkeys((*names.values(), "scales_agree"), blank))
    known = places["commune_insee"].where(places["commune_name"].notna())
    types = place_types(territories.communes, territories.epci, territories.ze, known)
    for column, name in names.items():
        places[name] = types[column]
    places["scales_agree"] = types["scales_agree"]
    return places


def _search_text(places: pd.DataFrame) -> pd.Series:
    themes = places["themes"].map(" ".join)
    parts = [places[c].fillna("") for c in ("name", "commune_name", "commune_insee")] + [themes]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + " | " + part
    return joined.map(fold)
