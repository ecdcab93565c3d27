"""Tables that a page shows, joined to the shapes of their areas, for the formats that hold geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from ptce_data.query import LEVEL_CODES

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def by_code(dataset: Dataset, rows: pd.DataFrame, level: str, column: str) -> gpd.GeoDataFrame:
    """`rows` with the outline (EPSG:4326) of the area that `column` names; unknown codes have none.

    `level` is communes, epci, departements, regions or former_regions.
    """
    areas: gpd.GeoDataFrame = getattr(dataset, level)
    shapes = areas.set_index(LEVEL_CODES[level]).geometry
    return gpd.GeoDataFrame(
        rows, geometry=gpd.GeoSeries(shapes.reindex(rows[column]).array, index=rows.index)
    )


def by_point(rows: pd.DataFrame, lon: pd.Series, lat: pd.Series) -> gpd.GeoDataFrame:
    """`rows` with a point each, from longitudes and latitudes in degrees (WGS 84); none where unknown."""
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat, crs="EPSG:4326"), index=rows.index)
    return gpd.GeoDataFrame(rows, geometry=points.where(lon.notna() & lat.notna(), None))


def comparison(
    dataset: Dataset, level: str, compared: pd.DataFrame, names: Mapping[str, str]
) -> gpd.GeoDataFrame:
    """A comparison of areas (`regional.compare`: one row per indicator, one column per code) as a layer.

    One row per area: code, name, then one column per indicator, with the area's outline (EPSG:4326).
    """
    codes = [code for code in names if code in compared.columns]
    wide = compared.set_index("indicator_id")[codes].T
    wide.columns = pd.Index([str(name) for name in wide.columns])
    wide = wide.astype("Float64").rename_axis(None).reset_index(names="code")
    wide.insert(1, "name", wide["code"].map(dict(names)))
    return by_code(dataset, wide, level, "code")
