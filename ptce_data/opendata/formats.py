"""The file formats in which any table or layer leaves the atlas, and the one function that writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from ptce_data.opendata import columns, credits, geojson, geopackage, geoparquet, tabular, workbook
from ptce_data.opendata.plain import plain, shapes
from ptce_data.opendata.resources import public

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@dataclass(frozen=True)
class Format:
    """A file format: `key` names it in code and commands, `label` on screen, `extension` without dot."""

    key: str
    label: str
    extension: str
    mime: str
    has_geometry: bool


FORMATS: Final[dict[str, Format]] = {
    f.key: f
    for f in (
        Format("csv", "CSV", "csv", "text/csv", False),
        Format(
            "xlsx",
            "Excel (XLSX)",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            False,
        ),
        Format("geojson", "GeoJSON", "geojson", "application/geo+json", True),
        Format("gpkg", "GeoPackage", "gpkg", "application/geopackage+sqlite3", True),
        Format("geoparquet", "GeoParquet", "parquet", "application/vnd.apache.parquet", True),
    )
}


def write(
    dataset: Dataset,
    rows: pd.DataFrame | gpd.GeoDataFrame,
    fmt: str,
    *,
    name: str,
    title: str,
    source_ids: Iterable[str],
    perimeter: str = credits.PERIMETER,
    table: str | None = None,
    descriptions: Mapping[str, str] | None = None,
) -> bytes:
    """Return `rows` as a file of the format `fmt`, a key of `FORMATS`.

    `rows` is any frame: a table as shown on a page, a table of the data set, a selection of
    `dataset.places` (then its public columns only), or areas. `name` is the name of the layer or
    sheet, `title` says in French what the rows are, `source_ids` are the sources to cite (cells such
    as "a|b" are split), `perimeter` says what the rows cover. `table` names the resource that the
    columns come from (see `resources`); without it, it is found by the columns. `descriptions` (column
    -> French text) are for columns of a table as shown, in the dictionary of the file.

    Geometry goes out in EPSG:4326 (WGS 84, longitude first); an unknown place has no geometry. A frame
    without geometry becomes a GeoJSON of features without place, a GeoPackage of attributes, a plain
    Parquet file. In every format an unknown cell is empty, a list is "a|b", a control character is a
    space. The same rows of the same data give the same bytes.

    Raises KeyError for an unknown format.
    """
    FORMATS[fmt]
    table = table or columns.table_of(rows)
    if table == "places":
        rows = public(rows)
    flat = plain(rows)
    about = credits.Credits.of(dataset, name, title, source_ids, perimeter, table)
    docs = columns.document(dataset, flat, table, descriptions)
    if fmt == "csv":
        return tabular.csv_file(flat)
    if fmt == "xlsx":
        return workbook.data_book(flat, docs, about)
    places = shapes(rows)
    if fmt == "geojson":
        return geojson.collection(flat, places, about)
    if fmt == "gpkg":
        return geopackage.geopackage(flat, places, docs, about)
    return geoparquet.geoparquet(flat, places, docs, about)
