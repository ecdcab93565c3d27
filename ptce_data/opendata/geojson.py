"""A frame as GeoJSON (RFC 7946): longitude first, right-hand rule, no `crs`, null where a place is unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain, shapes

#: Decimals of a degree: a centimetre. RFC 7946, section 11.2, advises six to seven at most.
DECIMALS: Final = 7
_CHUNK: Final = 2_000


def geojson_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """A FeatureCollection of any frame, EPSG:4326, without foreign members (see `collection`)."""
    return collection(plain(frame), shapes(frame), None)


def collection(flat: pd.DataFrame, places: gpd.GeoSeries | None, about: Credits | None) -> bytes:
    """A FeatureCollection of a plain frame and its shapes (None: no feature has a place).

    Foreign members: name, title, licence, licence_url, attribution, data_version, data_date, perimeter,
    empty_means and sources. A feature has an `id` where a column `uid`, `id` or the first one tells
    the rows apart. Days and times are texts as in ISO 8601.
    """
    head: dict[str, Any] = {"type": "FeatureCollection"}
    if about is not None:
        head |= {"name": about.name, **about.members(), "sources": list(_records(plain(about.sources)))}
    flat, shown = _dated(flat), _fit(places)
    if shown is not None and not shapely.is_empty(shown).all():
        head["bbox"] = [float(v) for v in shapely.total_bounds(shown)]
    parts = [_json(head)[:-1].encode(), b',"features":[']
    key = _key(flat)
    ids = None if key is None else flat[key].tolist()
    for start in range(0, len(flat), _CHUNK):
        texts = _geometries(shown, start, min(start + _CHUNK, len(flat)))
        lines = []
        for place, record in enumerate(_records(flat.iloc[start : start + _CHUNK])):
            own = "" if ids is None else f'"id":{_json(ids[start + place])},'
            lines.append(f'{{"type":"Feature",{own}"geometry":{texts[place]},"properties":{_json(record)}}}')
        parts.append(((",\n" if start else "\n") + ",\n".join(lines)).encode())
    parts.append(b"\n]}\n")
    return b"".join(parts)


def _fit(places: gpd.GeoSeries | None) -> np.ndarray[Any, Any] | None:
    """Geometries with rounded coordinates and the outer rings counter-clockwise; missing ones empty."""
    if places is None:
        return None
    found = np.where(places.isna(), shapely.Point(), places.array)
    rounded = shapely.transform(found, lambda xy: np.round(xy, DECIMALS))
    return np.asarray(shapely.orient_polygons(shapely.force_2d(rounded), exterior_cw=False))


def _geometries(shown: np.ndarray[Any, Any] | None, start: int, stop: int) -> list[str]:
    if shown is None:
        return ["null"] * (stop - start)
    own = shown[start:stop]
    return ["null" if e else t for t, e in zip(shapely.to_geojson(own), shapely.is_empty(own), strict=True)]


def _key(flat: pd.DataFrame) -> str | None:
    """The column that tells features apart: `id`, else `uid`, else the first, where it does."""
    for name in ("id", "uid", *flat.columns[:1]):
        if (
            name in flat
            and str(flat[name].dtype) == "str"
            and flat[name].notna().all()
            and flat[name].is_unique
        ):
            return str(name)
    return None


def _dated(flat: pd.DataFrame) -> pd.DataFrame:
    """The frame with its days and times as texts, as in ISO 8601."""
    made = flat.copy(deep=False)
    for name in made.columns:
        cells = made[name]
        if str(cells.dtype).startswith("datetime64"):
            whole = is_days(cells)
            words = [None if pd.isna(v) else (v.date() if whole else v).isoformat() for v in cells.tolist()]
            made[name] = pd.Series(words, index=made.index, dtype="str")
    return made


def _records(flat: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = list(flat.columns)
    if not names:
        yield from ({} for _ in range(len(flat)))
        return
    columns = [flat[name].astype(object).where(flat[name].notna(), None).tolist() for name in names]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
