"""The query of a request: checked before anything is computed, made canonical for the cache."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pyproj
import shapely

from ptce_api.answers import Refused
from ptce_api.filters import box_shape
from ptce_api.layers import CRS, Layer
from ptce_api.provider import crs_of
from ptce_api.settings import MAX_ITEMS, MAX_PARAMETERS

CRS_URIS: Final = (
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "http://www.opengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/def/crs/EPSG/0/3857",
    "http://www.opengis.net/def/crs/EPSG/0/2154",
)
_FORMATS: Final = {"json": "json", "html": "html"}
_ITEMS: Final = frozenset(
    "f limit offset bbox bbox-crs crs datetime properties sortby skipGeometry resulttype q "
    "filter filter-lang filter-crs".split()
)
_ITEM: Final = frozenset({"f", "crs"})
_DOCUMENT: Final = frozenset({"f"})
_FAR: Final = 10**9
#: Points along each side of a box, so that its straight sides stay straight in the other CRS.
_SIDE: Final = 64


@dataclass(frozen=True)
class Query:
    """A checked query: its pairs sorted by name, the format, and the exact area of its `bbox` (CRS84)."""

    pairs: tuple[tuple[str, str], ...]
    format: str
    area: shapely.Geometry | None = field(default=None, compare=False)

    def text(self, **changed: str) -> str:
        """The query string, with some values replaced or added."""
        return urlencode({**dict(self.pairs), **changed})


def read(raw: bytes, accept: str, layer: Layer | None, kind: str) -> Query:
    """Check a query string. `kind` is `items` (needs `layer`), `item` or `document`.

    Raises Refused (400) with a sentence for a parameter that is unknown, given twice or wrong.
    """
    if raw.count(b"&") >= MAX_PARAMETERS:
        raise Refused(400, f"L’adresse a plus de {MAX_PARAMETERS} paramètres.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeError, ValueError):
        raise Refused(400, "Les paramètres ne sont pas en UTF-8.") from None
    asked = dict(pairs)
    if len(asked) != len(pairs):
        raise Refused(400, "Un paramètre est donné deux fois.")
    allowed: Collection[str] = {"items": _ITEMS, "item": _ITEM}.get(kind, _DOCUMENT)
    if kind == "items" and layer is not None:
        allowed = allowed | frozenset(f.name for f in layer.fields)  # type: ignore[operator]
    unknown = [name for name in asked if name not in allowed]
    if unknown:
        raise Refused(400, f"Paramètre inconnu : « {unknown[0][:60]} ».")
    chosen = _format(asked.pop("f", ""), accept)
    area = None
    if "crs" in asked and asked["crs"] not in CRS_URIS:
        raise Refused(400, f"crs attend l’une de ces adresses : {', '.join(CRS_URIS)}.")
    if kind == "items" and layer is not None:
        area = _items(asked, layer)
    return Query(tuple(sorted(asked.items())), chosen, area)


def _format(asked: str, accept: str) -> str:
    """`f`, else the first type of `Accept` that we have, else JSON."""
    if asked:
        if asked not in _FORMATS:
            raise Refused(400, "f attend « json » ou « html ».")
        return asked
    best, chosen = 0.0, "json"
    for part in accept.split(","):
        name, *options = (p.strip().casefold() for p in part.split(";"))
        weight = next((_number(o[2:]) for o in options if o.startswith("q=")), 1.0)
        found = "html" if name == "text/html" else "json" if name.endswith("json") else None
        if found and weight > best:
            best, chosen = weight, found
    return chosen


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _items(asked: dict[str, str], layer: Layer) -> shapely.Geometry | None:
    names = [f.name for f in layer.fields]
    for name, low in (("limit", 1), ("offset", 0)):
        if name in asked:
            asked[name] = str(min(_whole(name, asked[name], low), MAX_ITEMS if name == "limit" else _FAR))
    for name in asked.get("sortby", "").split(",") if "sortby" in asked else ():
        # "+" arrives as a space when it was not percent-encoded.
        if name.lstrip("+- ") not in names or len(name) - len(name.lstrip("+- ")) > 1:
            raise Refused(400, f"sortby nomme une propriété inconnue : « {name[:60]} ».")
    if "sortby" in asked:
        asked["sortby"] = ",".join(name.replace(" ", "+") for name in asked["sortby"].split(","))
    for name in asked.get("properties", "").split(",") if "properties" in asked else ():
        if name not in names:
            raise Refused(400, f"properties nomme une propriété inconnue : « {name[:60]} ».")
    if asked.get("resulttype", "results") not in ("results", "hits"):
        raise Refused(400, "resulttype attend « results » ou « hits ».")
    if asked.get("skipGeometry", "false").casefold() not in ("true", "false"):
        raise Refused(400, "skipGeometry attend « true » ou « false ».")
    for name in ("bbox-crs", "filter-crs"):
        if name in asked and asked[name] not in CRS_URIS:
            raise Refused(400, f"{name} attend l’une de ces adresses : {', '.join(CRS_URIS)}.")
    if "bbox" not in asked:
        if "bbox-crs" in asked:
            raise Refused(400, "bbox-crs ne va pas sans bbox.")
        return None
    return _area(asked["bbox"], asked.get("bbox-crs", CRS_URIS[0]))


def _whole(name: str, text: str, low: int) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 12 or int(text) < low:
        raise Refused(400, f"{name} attend un entier d’au moins {low}.")
    return int(text)


def _area(text: str, crs: str) -> shapely.Geometry:
    """The area of a `bbox`, its sides followed closely when it is written in another CRS."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not np.isfinite(numbers).all():
        raise Refused(400, "bbox attend quatre nombres : ouest,sud,est,nord.")
    half = len(numbers) // 2
    if numbers[1] > numbers[half + 1]:
        raise Refused(400, "bbox a son sud au nord de son nord.")
    if crs == CRS_URIS[0]:
        return box_shape(numbers)
    return _changed(numbers, half, crs)


def _changed(numbers: Sequence[float], half: int, crs: str) -> shapely.Geometry:
    box = shapely.box(numbers[0], numbers[1], numbers[half], numbers[half + 1])
    longest = max(numbers[half] - numbers[0], numbers[half + 1] - numbers[1])
    if longest > 0:
        box = shapely.segmentize(box, longest / _SIDE)
    change = pyproj.Transformer.from_crs(crs_of(crs), CRS).transform
    area = shapely.transform(box, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1])))
    if not np.isfinite(shapely.get_coordinates(area)).all():
        raise Refused(400, "bbox sort du domaine de son système de coordonnées.")
    return shapely.make_valid(area)
