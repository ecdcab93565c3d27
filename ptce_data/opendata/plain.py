"""Any frame -> plain columns that every file format can hold, so that all formats say the same.

Five kinds of column come out: `str`, `Int64`, `Float64`, `boolean` and `datetime64` (naive, UTC where
a zone was given). What they say is unchanged but for what no format can carry: see `clean` and `plain`.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data.layers import CRS

#: What XML, JSON readers or SQLite cannot hold: controls but tab and line feed, lone surrogates, non-characters.
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINES: Final = re.compile(r"\r\n?")
#: What 64 bits hold.
_INT_MAX: Final = 2**63 - 1


def clean(text: str) -> str:
    """A text that every format holds unchanged: control characters become spaces, line ends line feeds."""
    return _UNFIT.sub(" ", _LINES.sub("\n", text))


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the attributes of `rows` as plain columns, index 0 … n-1, without the geometry.

    Lists are "a|b"; an empty text, an empty list, NaN and an infinite number are missing; a second
    column of the same name gets a number. Other geometry columns than the active one are WKT.
    """
    active = rows.active_geometry_name if isinstance(rows, gpd.GeoDataFrame) else None
    made: dict[str, pd.Series] = {}
    # "geometry" is the name of the column of places in the files.
    taken = {"geometry"}
    for position, label in enumerate(rows.columns):
        if label == active or (active is None and label == "geometry"):
            continue
        made[_heading(label, taken)] = _column(rows.iloc[:, position]).reset_index(drop=True)
    return pd.DataFrame(made, index=pd.RangeIndex(len(rows)))


def shapes(rows: pd.DataFrame) -> gpd.GeoSeries | None:
    """Return the geometry of `rows` in EPSG:4326, None where the place is unknown; None without geometry.

    A geometry without a reference system is taken as longitude and latitude.
    """
    if not isinstance(rows, gpd.GeoDataFrame) or rows.active_geometry_name is None:
        return None
    series = rows.geometry.reset_index(drop=True)
    series = series.set_crs(CRS) if series.crs is None else series.to_crs(CRS)
    # An empty or missing geometry has no bounds either.
    known = np.isfinite(shapely.bounds(series.array)).all(axis=1)
    return gpd.GeoSeries(series.where(known, None), crs=CRS)


def _heading(label: object, taken: set[str]) -> str:
    parts = label if isinstance(label, tuple) else (label,)
    base = " ".join(clean(str(part)).strip() for part in parts).strip() or "colonne"
    made, number = base, 2
    while made.casefold() in taken:
        made, number = f"{base} {number}", number + 1
    taken.add(made.casefold())
    return made


def _column(series: pd.Series) -> pd.Series:
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _column(series.astype(dtype.categories.dtype))
    if pd.api.types.is_bool_dtype(dtype):
        return series.astype("boolean")
    if pd.api.types.is_datetime64_any_dtype(dtype):
        utc = series.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(dtype, "tz", None) else series
        return utc.astype("datetime64[us]")
    if pd.api.types.is_integer_dtype(dtype) and not pd.api.types.is_unsigned_integer_dtype(dtype):
        return series.astype("Int64")
    if pd.api.types.is_float_dtype(dtype):
        numbers = pd.array(series.to_numpy(dtype="float64", na_value=np.nan), dtype="Float64")
        finite = np.isfinite(numbers.to_numpy(dtype="float64", na_value=np.nan))
        return pd.Series(numbers, index=series.index).mask(~finite)
    if isinstance(dtype, pd.StringDtype):
        return series.map(lambda v: clean(v) or None, na_action="ignore").astype("str")
    return _mixed(series)


def _mixed(series: pd.Series) -> pd.Series:
    """Objects: one kind of column where all known values are of one kind, else text."""
    values = [_known(value) for value in series]
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pd.Series(values, index=series.index, dtype="boolean")
    if kinds == {int} and all(v is None or abs(v) <= _INT_MAX for v in values):
        return pd.Series(values, index=series.index, dtype="Int64")
    if float in kinds and kinds <= {int, float}:
        return pd.Series(
            [None if v is None else float(v) for v in values], index=series.index, dtype="Float64"
        )
    if kinds and kinds <= {dt.datetime, dt.date} and all(v is None or v.year > 1 for v in values):
        return _column(
            pd.Series(pd.to_datetime(pd.Series(values, dtype=object), utc=True).array, series.index)
        )
    return pd.Series([_words(v) for v in values], index=series.index, dtype="str")


def _known(value: Any) -> Any:
    """A Python value, None where it says nothing."""
    if isinstance(value, (tuple, list, set, frozenset, np.ndarray)):
        parts = sorted(map(str, value)) if isinstance(value, (set, frozenset)) else [str(v) for v in value]
        return clean("|".join(parts)) or None
    if isinstance(value, dict):
        return clean(json.dumps(value, ensure_ascii=False, default=str)) or None
    if isinstance(value, str):
        return clean(value) or None
    if isinstance(value, shapely.Geometry):
        return None if value.is_empty else value.wkt
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _words(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return None if value is None else clean(str(value)) or None


def is_days(series: pd.Series) -> bool:
    """Tell whether a `datetime64` column holds whole days only, so that it is written as dates."""
    known = series.dropna()
    return bool((known == known.dt.normalize()).all())
