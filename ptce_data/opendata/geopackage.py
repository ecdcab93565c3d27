"""A frame as a GeoPackage: its layer, and as tables beside it the dictionary, the sources and what it is."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ptce_data.layers import CRS
from ptce_data.opendata.columns import ColumnDoc, dictionary
from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain

#: Names of the tables beside the layer.
BESIDE: Final = ("dictionnaire", "sources", "a_propos")
#: GDAL's own columns; ours may have any other name.
_FID: Final = "fid"
_GEOMETRY: Final = "geometry"
_NAME: Final = re.compile(r"\W+")
_NO_DATE: Final = "2000-01-01"


def geopackage(
    flat: pd.DataFrame, places: gpd.GeoSeries | None, docs: Sequence[ColumnDoc], about: Credits
) -> bytes:
    """A plain frame (see `plain`) and its shapes (None: a table of attributes) as a GeoPackage, EPSG:4326.

    The layer is named after `about.name`; licence, attribution and version are its metadata and that of
    the file (`gpkg_metadata`), and the table `a_propos`. The dates of the file are those of the data.
    """
    layer = layer_name(about.name)
    members = {key.upper(): text for key, text in about.members().items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "donnees.gpkg"
        _write(path, layer, flat, places, members)
        _write(path, BESIDE[0], plain(dictionary(docs)), None, {})
        _write(path, BESIDE[1], plain(about.sources), None, {})
        lines = pd.DataFrame(about.lines(), columns=["rubrique", "texte"]).astype("str")
        _write(path, BESIDE[2], lines, None, {})
        _settle(path, about.updated or _NO_DATE)
        made = bytearray(path.read_bytes())
    # SQLite counts its writes, of which GDAL does one more or less as the clock goes.
    made[24:28] = made[92:96] = b"\0\0\0\1"
    return bytes(made)


def layer_name(name: str) -> str:
    """A name of a layer that GDAL and SQLite take as it is, and that no table beside it has."""
    made = _NAME.sub("_", name).strip("_")[:60] or "donnees"
    reserved = made.casefold() in BESIDE or made.casefold().startswith(("gpkg_", "sqlite_", "rtree_"))
    return f"couche_{made}" if reserved else made


def _write(
    path: Path, layer: str, flat: pd.DataFrame, places: gpd.GeoSeries | None, members: dict[str, str]
) -> None:
    names = {str(c).casefold() for c in flat.columns}
    fid = _FID if _FID not in names else f"{_FID}_gpkg"
    options: dict[str, Any] = {"layer_options": {"FID": fid, "GEOMETRY_NAME": _GEOMETRY}}
    if not path.exists():
        # What GDAL writes by itself, 1.4, makes readers of 2022 warn.
        options["dataset_options"] = {"VERSION": "1.3"}
    if members:
        options |= {"layer_metadata": members, "dataset_metadata": members}
    columns = {name: _array(flat[name]) for name in flat.columns}
    if places is not None:
        kind = _kind(places)
        shown = shapely.to_wkb(_promoted(places, kind), flavor="iso")
        columns[_GEOMETRY] = pa.array(shown, pa.binary(), from_pandas=True)
        options |= {"geometry_name": _GEOMETRY, "geometry_type": kind, "crs": CRS}
    if not columns:
        columns["ligne"] = pa.array(range(1, len(flat) + 1), pa.int64())
    pyogrio.write_arrow(pa.table(columns), path, layer=layer, driver="GPKG", append=path.exists(), **options)


def _array(column: pd.Series) -> pa.Array:
    kind = str(column.dtype)
    if kind.startswith("datetime64"):
        made = pa.array(column, from_pandas=True)
        return made.cast(pa.date32()) if is_days(column) else made.cast(pa.timestamp("ms", tz="UTC"))
    types = {"str": pa.string(), "Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
    return pa.array(column.astype(object).where(column.notna(), None), types[kind])


def _kind(places: gpd.GeoSeries) -> str:
    """The one type of the layer: polygons that are in part multiple are all declared multiple."""
    kinds = set(places.dropna().geom_type)
    if len(kinds) == 1:
        return str(kinds.pop())
    for simple in ("Point", "LineString", "Polygon"):
        if kinds and kinds <= {simple, f"Multi{simple}"}:
            return f"Multi{simple}"
    return "Unknown"


def _promoted(places: gpd.GeoSeries, kind: str) -> np.ndarray[Any, Any]:
    """The shapes, simple ones made multiple where the layer is: a layer holds what it declares."""
    shown = np.array(places.array, dtype=object)
    simple = kind.removeprefix("Multi")
    if simple == kind:
        return shown
    make = {"Point": shapely.multipoints, "LineString": shapely.multilinestrings}.get(
        simple, shapely.multipolygons
    )
    lone = places.geom_type.to_numpy() == simple
    shown[lone] = make(shown[lone], indices=np.arange(lone.sum()))
    return shown


def _settle(path: Path, day: str) -> None:
    """Give the file the date of its data, so that the same data give the same file."""
    moment = f"{day}T00:00:00.000Z"
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        if base.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_metadata_reference'").fetchone():
            base.execute("UPDATE gpkg_metadata_reference SET timestamp = ?", (moment,))
    with contextlib.closing(sqlite3.connect(path)) as base:
        # The date that was there stays in the free space of its page until the file is packed.
        base.execute("VACUUM")
