"""Coordinates as files have them: numbers read, systems recognised by where the points fall, never applied unasked."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from ptce_data.study import zones

if TYPE_CHECKING:
    from ptce_data.own_layers.communes import Places

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DEGREES: Final = "EPSG:4326"
#: Systems in which French files have their coordinates -> French name. The first ones are the likeliest.
SYSTEMS: Final[dict[str, str]] = {
    DEGREES: "longitude et latitude en degrés (WGS 84)",
    "EPSG:2154": "Lambert-93",
    "EPSG:3857": "Web Mercator (cartes en ligne)",
    "EPSG:27572": "Lambert II étendu (ancien)",
    "EPSG:5490": "UTM 20 Nord (Antilles)",
    "EPSG:2972": "UTM 22 Nord (Guyane)",
    "EPSG:2975": "UTM 40 Sud (La Réunion)",
    "EPSG:4471": "UTM 38 Sud (Mayotte)",
    **{f"EPSG:{3900 + zone}": f"Conique conforme zone {zone - 41} (CC{zone})" for zone in range(42, 51)},
}
#: Points on which systems are tried.
_SAMPLE: Final = 300
_SAINT_MARTIN: Final = (-63.16, 18.04, -62.95, 18.13)
_SPACES: Final = r"[\s\u00a0\u202f°]"
_PAIR: Final = r"^\s*[\[(]?\s*([-+]?\d+(?:\.\d+)?)\s*[,;\s]\s*([-+]?\d+(?:\.\d+)?)\s*[\])]?\s*$"
_COMMA_PAIR: Final = r"^\s*([-+]?\d+,\d+)\s*[;\s]\s*([-+]?\d+,\d+)\s*$"
_WKT: Final = r"^\s*(?:SRID=\d+;)?POINT\s*(?:Z|M|ZM)?\s*\(\s*([-+]?\d+(?:\.\d+)?)\s+([-+]?\d+(?:\.\d+)?)(?:\s[^)]*)?\)\s*$"


def numbers(cells: pd.Series) -> Floats:
    """Return the numbers of text cells (decimal comma or point, spaces, °), NaN for empty and unreadable ones."""
    plain = cells.str.replace(_SPACES, "", regex=True).str.replace(",", ".", regex=False)
    made = pd.to_numeric(plain, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(made), made, np.nan)


def pairs(cells: pd.Series) -> tuple[Floats, Floats]:
    """Return x and y (longitude and latitude) of cells « latitude, longitude » or « POINT (longitude latitude) »."""
    y, x = (numbers(part) for part in _two(cells, _PAIR))
    second, first = (numbers(part) for part in _two(cells, _COMMA_PAIR))
    third, fourth = (numbers(part) for part in _two(cells, _WKT))
    x = np.where(np.isnan(x), first, x)
    y = np.where(np.isnan(y), second, y)
    return np.where(np.isnan(x), third, x), np.where(np.isnan(y), fourth, y)


def _two(cells: pd.Series, pattern: str) -> tuple[pd.Series, pd.Series]:
    parts = cells.str.extract(pattern, flags=2)  # 2: re.IGNORECASE
    return parts[0].astype("str"), parts[1].astype("str")


def in_degrees(x: Floats, y: Floats) -> Bools:
    """Tell which points can be degrees (False for missing ones)."""
    return (np.abs(x) <= 180) & (np.abs(y) <= 90)


def in_france(lon: Floats, lat: Floats) -> Bools:
    """Tell which points (degrees) fall in the boxes around France, overseas too."""
    return np.asarray(zones.zones_of(lon, lat) != 0)


def in_saint_martin(lon: Floats, lat: Floats) -> Bools:
    """Tell which points (degrees) fall in the box around Saint-Martin, whose outline the data lack."""
    west, south, east, north = _SAINT_MARTIN
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def swapped(lon: Floats, lat: Floats) -> Bools:
    """Tell which points are outside of France as given, and in it with longitude and latitude swapped."""
    return ~in_france(lon, lat) & in_france(lat, lon)


@functools.lru_cache(maxsize=32)
def _transformer(system: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(system, DEGREES, always_xy=True)


def to_degrees(x: Floats, y: Floats, system: str) -> tuple[Floats, Floats]:
    """Return points of a system as longitude and latitude, NaN where the system has no such point.

    Raises pyproj.exceptions.ProjError for an unknown system.
    """
    if system == DEGREES:
        return x, y
    lon, lat = _transformer(system).transform(x, y)
    lon, lat = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    good = np.isfinite(lon) & np.isfinite(lat)
    return np.where(good, lon, np.nan), np.where(good, lat, np.nan)


def shapes_to_degrees(shapes: npt.NDArray[np.object_], system: str) -> npt.NDArray[np.object_]:
    """Return shapes of a system in degrees; None where a point of one cannot be converted."""
    if system == DEGREES:
        return shapes

    def move(points: Floats) -> Floats:
        return np.column_stack(to_degrees(points[:, 0], points[:, 1], system))

    moved = np.asarray(shapely.transform(shapes, move), dtype=object)
    bounds = shapely.bounds(moved)
    lost = np.isnan(shapely.get_coordinates(moved)).any(axis=1)
    if lost.any():
        owner = shapely.get_coordinates(moved, return_index=True)[1]
        moved[np.unique(owner[lost])] = None
    moved[np.isnan(bounds).any(axis=1)] = None
    return moved


def likely_systems(places: Places, x: Floats, y: Floats) -> list[tuple[str, float]]:
    """Return the systems in which the points (in metres) fall in French communes, best first, with their share.

    Only systems that place half of the points or more; empty when none does.
    """
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if known.size == 0:
        return []
    taken = known[np.linspace(0, known.size - 1, min(_SAMPLE, known.size)).astype(int)]
    found = []
    for system in list(SYSTEMS)[1:]:
        lon, lat = to_degrees(x[taken], y[taken], system)
        inside = in_france(lon, lat)
        if inside.mean() < 0.5:
            continue
        inside[inside] = places.around(lon[inside], lat[inside]) >= 0
        if inside.mean() >= 0.5:
            found.append((system, float(inside.mean())))
    return sorted(found, key=lambda pair: -pair[1])
