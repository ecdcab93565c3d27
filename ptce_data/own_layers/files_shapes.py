"""What layers with shapes share: cells as text, shapes in two dimensions, bounded, their system named."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_table import Table, unique_titles
from ptce_data.own_layers.limits import MAX_CELLS, MAX_COLUMNS, MAX_VERTICES
from ptce_data.territories.french import number

_EXACT: Final = 1e15
#: Longest text kept of a cell that holds a list or an object.
_NESTED: Final = 2_000


def cell_text(value: Any) -> str:
    """Return a typed cell as text: whole numbers without a point, dates as AAAA-MM-JJ, "" for nothing."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "oui" if value else "non"
    if isinstance(value, (float, np.floating)):
        exact = float(value)
        if not math.isfinite(exact):
            return ""
        return str(int(exact)) if exact.is_integer() and abs(exact) < _EXACT else repr(exact)
    if isinstance(value, (pd.Timestamp, dt.datetime)):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)[:_NESTED]
    return "" if isinstance(value, (bytes, bytearray)) else str(value)


def check_size(file: str, rows: int, columns: int) -> None:
    """Raise LayerError for more columns or cells than we take."""
    if columns > MAX_COLUMNS:
        raise LayerError(file, f"il a plus de {MAX_COLUMNS} colonnes", "gardez les colonnes utiles")
    if rows * columns > MAX_CELLS:
        raise LayerError(file, f"il a plus de {number(MAX_CELLS)} cellules", "gardez les colonnes utiles")


def text_frame(
    file: str, names: list[Any], rows: Iterable[Iterable[Any]], count: int, notes: list[str]
) -> pd.DataFrame:
    """Return `count` rows of typed cells as text columns, NaN for empty ones, index 0…n-1. Raises LayerError."""
    check_size(file, count, len(names))
    titles = unique_titles(map(str, names), notes)
    if not titles:
        return pd.DataFrame(index=range(count))
    table = Table(file, titles)
    for line, cells in enumerate(rows, start=1):
        table.add(line, [cell_text(cell) for cell in cells])
    return table.frame()


def bounded(file: str, shapes: npt.NDArray[np.object_], notes: list[str]) -> npt.NDArray[np.object_]:
    """Return shapes in two dimensions, None for empty ones. Raises LayerError beyond MAX_VERTICES points."""
    if len(shapes) == 0:
        return shapes
    total = int(shapely.get_num_coordinates(shapes).sum())
    if total > MAX_VERTICES:
        raise LayerError(
            file, f"ses formes ont plus de {number(MAX_VERTICES)} points", "simplifiez les contours"
        )
    deep = shapely.has_z(shapes) | shapely.has_m(shapes)
    if deep.any():
        notes.append("Altitudes et mesures (Z, M) laissées de côté.")
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    finite = np.isfinite(shapely.bounds(flat)).all(axis=1)
    lost = np.array([s is not None and not s.is_empty for s in flat], dtype=bool) & ~finite
    if lost.any():
        notes.append(f"{number(int(lost.sum()))} forme(s) sans coordonnées finies : lues comme absentes.")
    flat[~finite] = None
    return flat


def system_of(series: gpd.GeoSeries) -> str | None:
    """Return the name of a declared system ("EPSG:2154", else its WKT), None where there is none."""
    crs = series.crs
    if crs is None:
        return None
    try:
        code = crs.to_epsg(min_confidence=25) or crs.to_epsg()
    except (pyproj.exceptions.CRSError, RuntimeError):
        code = None
    return f"EPSG:{code}" if code else str(crs.to_wkt())
