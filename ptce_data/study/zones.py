"""Metres in France: which projected CRS holds where, and to and from it.

Mainland and Corsica: Lambert-93 (EPSG:2154); Antilles: 5490; Guyane: 2972; La Réunion: 2975; Mayotte:
4471. A territory that spans several is handled part by part: no metre crosses an ocean.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Longest edge, in degrees, of a geometry that is projected.
_EDGE: Final = 0.02
#: EPSG code -> west, south, east, north (degrees) of where it is used.
BOXES: Final[dict[int, tuple[float, float, float, float]]] = {
    2154: (-6.0, 41.0, 10.5, 51.6),
    5490: (-63.8, 14.0, -60.4, 18.6),
    2972: (-55.0, 1.8, -51.2, 6.2),
    2975: (54.8, -21.8, 56.3, -20.5),
    4471: (44.6, -13.3, 45.6, -12.3),
}


@functools.lru_cache(maxsize=16)
def _transformer(epsg: int, back: bool) -> pyproj.Transformer:
    ends = (epsg, 4326) if back else (4326, epsg)
    return pyproj.Transformer.from_crs(*ends, always_xy=True)


def zones_of(lon: Any, lat: Any) -> Ints:
    """Return the EPSG code of the zone of each point (degrees), 0 outside of France or without a point."""
    x, y = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    found = np.zeros(x.shape, dtype=np.int64)
    for epsg, (west, south, east, north) in BOXES.items():
        found[(x >= west) & (x <= east) & (y >= south) & (y <= north)] = epsg
    return found


def project(lon: Any, lat: Any, epsg: int) -> Floats:
    """Return the points (degrees) in metres of a zone: array of shape (n, 2)."""
    x, y = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    if x.size == 0:
        return np.empty((0, 2))
    return np.column_stack(_transformer(epsg, False).transform(x, y))


def unproject(xy: Floats, epsg: int) -> Floats:
    """Return points in metres as longitude and latitude: array of shape (n, 2)."""
    return np.column_stack(_transformer(epsg, True).transform(xy[:, 0], xy[:, 1]))


def to_metres(geometry: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """Return a geometry in degrees (EPSG:4326) in metres of a zone."""
    # A long straight edge in degrees is a curve in metres: points are added along it first.
    cut = shapely.segmentize(geometry, _EDGE)
    return shapely.transform(cut, lambda c: project(c[:, 0], c[:, 1], epsg))


def to_degrees(geometry: shapely.Geometry, epsg: int) -> shapely.Geometry:
    """Return a geometry in metres of a zone in degrees (EPSG:4326)."""
    return shapely.transform(geometry, lambda c: unproject(c, epsg))


def split(geometry: shapely.Geometry) -> dict[int, shapely.Geometry]:
    """Return the parts of a geometry (EPSG:4326) by zone; what is in no zone is left out."""
    west, south, east, north = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    made = {}
    for epsg, box in BOXES.items():
        if east < box[0] or west > box[2] or north < box[1] or south > box[3]:
            continue
        if box[0] <= west and box[1] <= south and box[2] >= east and box[3] >= north:
            return {epsg: geometry}
        part = shapely.intersection(geometry, shapely.box(*box))
        if not part.is_empty and part.area > 0:
            made[epsg] = part
    return made
