"""GeoJSON (RFC 7946, or with the crs member of before) -> RawLayer, feature by feature, in bounded memory."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_shapes import bounded, check_size, text_frame
from ptce_data.own_layers.limits import MAX_ROWS
from ptce_data.own_layers.model import RawLayer
from ptce_data.scdl.broken import BrokenRow
from ptce_data.study import jsonguard
from ptce_data.study.jsonguard import JsonRefused, shown
from ptce_data.territories.french import NBSP, number

#: Strings and braces: what tells where a feature ends, whatever its texts hold.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}]', re.DOTALL)
_FEATURES: Final = re.compile(rb"\s*:\s*\[")
_NEXT: Final = re.compile(rb"\s*(,\s*(?=\{)|\])")
_BATCH_BYTES: Final = 1_000_000
_EPSG: Final = re.compile(r"EPSG:(?:[0-9.]*:)?([0-9]{4,6})$", re.IGNORECASE)
_TYPES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip


def read_geojson(file: str, data: bytes, digest: str, notes: list[str]) -> RawLayer:
    """Return the features of a GeoJSON file; a feature whose geometry cannot be read is a broken row.

    Raises LayerError: not GeoJSON, malformed, too deep, too many features or points.
    """
    head, spans = _cut(file, data)
    whole = _loads(file, head, None)
    if spans is None:
        if not isinstance(whole, dict) or whole.get("type") not in ("Feature", *_TYPES):
            raise LayerError(file, "ce JSON n’est pas du GeoJSON", "exportez la couche en GeoJSON")
        features: Iterator[tuple[int, Any]] = iter(
            [(1, whole if whole["type"] == "Feature" else {"type": "Feature", "geometry": whole})]
        )
        crs = whole.get("crs")
    else:
        if whole.get("type") != "FeatureCollection":
            raise LayerError(
                file, "ce JSON n’est pas une collection GeoJSON", "exportez la couche en GeoJSON"
            )
        features, crs = _parsed(file, data, spans), whole.get("crs")
    rows: list[dict[str, Any]] = []
    titles: dict[str, None] = {}
    shapes: list[Any] = []
    lines: list[int] = []
    broken: list[BrokenRow] = []
    for at, feature in features:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            broken.append(BrokenRow(at, (shown(feature),), "ce n’est pas un objet GeoJSON (Feature)"))
            continue
        inner = feature.get("properties")
        row = dict(inner) if isinstance(inner, dict) else {}
        if "id" in feature and "id" not in row and isinstance(feature["id"], (str, int)):
            row["id"] = feature["id"]
        try:
            shape = _shape(feature.get("geometry"))
        except ValueError as error:
            broken.append(BrokenRow(at, (shown(row.get("nom", row.get("name", ""))),), str(error)))
            continue
        titles.update(dict.fromkeys(row))
        check_size(file, len(rows), len(titles))
        rows.append(row)
        shapes.append(shape)
        lines.append(at)
    if not rows and not broken:
        raise LayerError(file, "il ne contient aucun objet", "exportez une couche qui a des objets")
    geometry = bounded(file, np.array(shapes, dtype=object) if shapes else np.empty(0, dtype=object), notes)
    cells = text_frame(file, list(titles), ([row.get(t) for t in titles] for row in rows), len(rows), notes)
    return RawLayer(
        file,
        digest,
        "geojson",
        None,
        (),
        cells,
        tuple(lines),
        geometry=gpd.GeoSeries(geometry),
        crs=_crs(file, crs),
        notes=tuple(notes),
        broken=tuple(broken),
    )


def _cut(file: str, data: bytes) -> tuple[bytes, list[tuple[int, int]] | None]:
    """Return the file without its features, and where each of them is (None: no list of features)."""
    depth, key_end = 0, -1
    for token in _TOKEN.finditer(data):
        text = token[0]
        if text == b"{":
            depth += 1
        elif text == b"}":
            depth -= 1
        elif depth == 1 and text == b'"features"':
            opened = _FEATURES.match(data, token.end())
            if opened is not None:
                key_end = opened.end()
                break
    if key_end < 0:
        return data, None
    spans: list[tuple[int, int]] = []
    start = re.compile(rb"\s*").match(data, key_end).end()  # type: ignore[union-attr]
    if data[start : start + 1] == b"]":
        return data[:start] + data[start:], []
    depth, at = 0, start
    while True:
        if data[at : at + 1] != b"{":
            raise LayerError(
                file,
                "sa liste d’objets est mal formée",
                "exportez-le de nouveau",
                f"objet n° {len(spans) + 1}",
            )
        if len(spans) >= MAX_ROWS:
            raise LayerError(file, f"il a plus de {number(MAX_ROWS)} objets", "gardez les objets utiles")
        end = _end(data, at)
        after = _NEXT.match(data, end)
        if after is None:
            raise LayerError(
                file,
                "il est tronqué, ou mal formé",
                "exportez-le de nouveau",
                f"après l’objet n° {len(spans) + 1}",
            )
        spans.append((at, end))
        at = after.end()
        if after[1] == b"]":
            return data[:start] + data[at - 1 :], spans


def _end(data: bytes, start: int) -> int:
    """Return where the object that starts at `start` ends (the end of the file when it does not)."""
    depth = 0
    for token in _TOKEN.finditer(data, start):
        depth += {b"{": 1, b"}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(data)


def _parsed(file: str, data: bytes, spans: list[tuple[int, int]]) -> Iterator[tuple[int, Any]]:
    """Yield number and content of each feature, read by batches; a batch that fails is told feature by feature."""
    at = 0
    while at < len(spans):
        stop, size = at, 0
        while stop < len(spans) and (stop == at or size < _BATCH_BYTES):
            size += spans[stop][1] - spans[stop][0]
            stop += 1
        batch = spans[at:stop]
        try:
            content = jsonguard.loads(b"[" + b",".join(data[a:b] for a, b in batch) + b"]")
        except JsonRefused:
            content = [_loads(file, data[a:b], at + number_ + 1) for number_, (a, b) in enumerate(batch)]
        yield from enumerate(content, start=at + 1)
        at = stop


def _loads(file: str, data: bytes, feature: int | None) -> Any:
    where = None if feature is None else f"objet n° {feature}"
    if len(data) > jsonguard.MAX_BYTES:
        raise LayerError(
            file,
            f"un seul de ses objets dépasse {jsonguard.MAX_BYTES // 1_000_000}{NBSP}Mo",
            "simplifiez ses contours",
            where,
        )
    try:
        return jsonguard.loads(data)
    except JsonRefused as refused:
        if where is None and refused.where != "fichier":
            where = refused.where
        raise LayerError(
            file, f"on y attend {refused.expected}", "exportez-le de nouveau", where, refused.value
        ) from None


def _shape(bare: Any) -> Any:
    """Return the shape of a GeoJSON geometry, None for none. Raises ValueError, in French."""
    if bare is None:
        return None
    if not isinstance(bare, dict) or bare.get("type") not in _TYPES:
        raise ValueError("sa géométrie est d’un type inconnu")
    if bare["type"] == "Point":
        spot = bare.get("coordinates")
        if isinstance(spot, list) and not spot:
            return None
        if not (isinstance(spot, list) and len(spot) >= 2 and all(_finite(v) for v in spot[:2])):
            raise ValueError("les coordonnées de son point sont illisibles")
        return shapely.Point(spot[0], spot[1])
    try:
        # GEOS reads what its own text says: anything else is refused there, not half-read.
        shape = shapely.from_geojson(json.dumps(bare))
    except (shapely.errors.GEOSException, ValueError, TypeError, RecursionError):
        raise ValueError("sa géométrie est illisible") from None
    if not bool(np.isfinite(shapely.get_coordinates(shape)).all()):
        raise ValueError("une de ses coordonnées n’est pas un nombre")
    return None if shape.is_empty else shape


def _finite(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and abs(value) < 1e300
        and math.isfinite(value)
    )


def _crs(file: str, crs: Any) -> str | None:
    """Return the system that the file names, WGS 84 where it names none (RFC 7946)."""
    if crs is None:
        return "EPSG:4326"
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and re.search("CRS84$", name, re.IGNORECASE):
        return "EPSG:4326"
    found = _EPSG.search(name) if isinstance(name, str) else None
    if found is None:
        raise LayerError(
            file,
            "son système de coordonnées est inconnu",
            "exportez-le en WGS 84",
            value=None if name is None else str(name),
        )
    return f"EPSG:{found[1]}"
