"""Boundaries in metres, simplified to the scale of a map, and as matplotlib paths. Kept between maps."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.path import Path

from ptce_data.layers import COLUMNS
from ptce_data.load import Dataset
from ptce_ui.exports.cartography import zones
from ptce_ui.exports.cartography.zones import Window, Zone

#: Detail kept, in mm on paper: below the width of a thin line.
_DETAIL_MM: Final = 0.08
_FINEST: Final = 30.0
#: Whole levels in metres (communes weigh some 25 MB) and windows of them.
_MOST: Final = 96


@dataclass(frozen=True)
class Areas:
    """Areas of one level: codes, their region, polygons in metres (read-only, in the layer's order)."""

    codes: np.ndarray
    regions: np.ndarray
    polygons: np.ndarray


class _Kept:
    """A small cache, safe between threads: the oldest goes when it is full."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


_KEPT: Final = _Kept(_MOST)


def areas(dataset: Dataset, level: str, zone: Zone, window: Window, metres_per_mm: float) -> Areas:
    """The areas of `level` that touch `window`, with no more detail than the scale can show.

    Neighbours keep a common border: they are simplified together.
    """
    tolerance = _tolerance(metres_per_mm)
    place = tuple(round(v / max(tolerance, 100)) for v in window)
    key = (dataset.files_version, level, zone.key, tolerance, place)
    return _KEPT.get(key, lambda: _window(dataset, level, zone, window, tolerance))  # type: ignore[no-any-return]


def _tolerance(metres_per_mm: float) -> float:
    """Powers of two, so that maps of about one scale share their shapes; 0 keeps every vertex."""
    wanted = _DETAIL_MM * metres_per_mm
    return 0.0 if wanted < _FINEST else float(2 ** round(np.log2(wanted)))


def _window(dataset: Dataset, level: str, zone: Zone, window: Window, tolerance: float) -> Areas:
    whole: Areas = _KEPT.get((dataset.files_version, level, zone.key), lambda: _whole(dataset, level, zone))
    bounds = shapely.bounds(whole.polygons).reshape(-1, 4)
    inside = (
        (bounds[:, 0] <= window[2])
        & (bounds[:, 2] >= window[0])
        & (bounds[:, 1] <= window[3])
        & (bounds[:, 3] >= window[1])
    )
    polygons = whole.polygons[inside]
    if tolerance and polygons.size:
        polygons = shapely.coverage_simplify(polygons, tolerance)
    return Areas(whole.codes[inside], whole.regions[inside], polygons)


def _whole(dataset: Dataset, level: str, zone: Zone) -> Areas:
    frame = getattr(dataset, level)
    region = frame["region_code"].to_numpy(dtype=object)
    overseas = [str(z.region_code) for z in zones.OVERSEAS]
    mine = ~np.isin(region, overseas) if zone is zones.MAINLAND else region == zone.region_code
    polygons = np.asarray(frame.geometry.values)[mine]
    codes = frame[COLUMNS[level][0]].to_numpy(dtype=object)[mine]
    made = zones.project_geometry(zone, polygons) if polygons.size else polygons
    return Areas(codes, region[mine], shapely.orient_polygons(made))


def path(polygons: np.ndarray) -> Path | None:
    """One compound path of many (multi)polygons; None without any. Inner rings stay holes."""
    if isinstance(polygons, shapely.Geometry):
        polygons = np.array([polygons])
    parts = shapely.get_parts(polygons)
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    if not parts.size:
        return None
    return _rings(shapely.get_rings(parts))


def lines(geometry: Any) -> Path | None:
    """The outline of polygons, or lines themselves, as an open compound path."""
    polygons = np.atleast_1d(np.asarray(geometry, dtype=object))
    parts = shapely.get_parts(shapely.boundary(polygons))
    parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    return _rings(parts) if parts.size else None


def _rings(rings: np.ndarray) -> Path:
    points, index = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(np.diff(index, prepend=-1))
    codes = np.full(len(points), Path.LINETO, dtype=Path.code_type)
    codes[starts] = Path.MOVETO
    ends = np.append(starts[1:], len(points)) - 1
    closed = (points[starts] == points[ends]).all(axis=1)
    codes[ends[closed]] = Path.CLOSEPOLY
    return Path(points, codes)
