"""The projections of France and which of them serves a place. Lengths in metres, angles in degrees."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from ptce_ui.exports.cartography.spec import CartographyError

Window = tuple[float, float, float, float]


@dataclass(frozen=True)
class Zone:
    """A part of France with one legal projection.

    `frame` is what an inset shows (west, south, east, north in degrees), `reach` where the projection
    may be used; `region_code` is None for the mainland, which holds all other regions.
    """

    key: str
    name: str
    epsg: int
    projection: str
    frame: Window
    reach: Window
    region_code: str | None = None


MAINLAND: Final = Zone(
    "metropole",
    "France métropolitaine",
    2154,
    "Lambert-93",
    (-4.9, 41.3, 9.7, 51.2),
    (-7.5, 40.5, 12.0, 52.0),
)
OVERSEAS: Final = (
    Zone("guadeloupe", "Guadeloupe", 5490, "RGAF09 / UTM 20 N", (-61.83, 15.81, -60.98, 16.53),
         (-63.6, 15.5, -60.6, 18.6), "01"),
    Zone("martinique", "Martinique", 5490, "RGAF09 / UTM 20 N", (-61.25, 14.37, -60.79, 14.90),
         (-61.9, 13.9, -60.2, 15.4), "02"),
    Zone("guyane", "Guyane", 2972, "RGFG95 / UTM 22 N", (-54.65, 2.06, -51.57, 5.80),
         (-55.5, 1.0, -50.5, 7.0), "03"),
    Zone("reunion", "La Réunion", 2975, "RGR92 / UTM 40 S", (55.19, -21.41, 55.86, -20.85),
         (54.5, -22.0, 56.5, -20.2), "04"),
    Zone("mayotte", "Mayotte", 4471, "RGM04 / UTM 38 S", (45.00, -13.02, 45.31, -12.62),
         (44.3, -13.6, 46.0, -12.0), "06"),
)  # fmt: skip
ZONES: Final = {zone.key: zone for zone in (MAINLAND, *OVERSEAS)}
PETITE_COURONNE: Final = ("75", "92", "93", "94")
#: Saint-Martin is no region; it has no boundary here and is told beside Guadeloupe.
SAINT_MARTIN: Final = (-63.25, 17.95, -62.95, 18.20)
SAINT_MARTIN_CODE: Final = "978"
_MAINLAND_WINDOW: Final = (84_000.0, 6_031_000.0, 1_257_000.0, 7_126_000.0)
_LOCAL = threading.local()


def of_region(region_code: str) -> Zone:
    """The zone that holds a region (or the collectivité of Saint-Martin)."""
    if region_code == SAINT_MARTIN_CODE:
        return ZONES["guadeloupe"]
    return next((zone for zone in OVERSEAS if zone.region_code == region_code), MAINLAND)


def at(lon: float, lat: float) -> Zone:
    """The zone that holds a position. Raises CartographyError where France has none."""
    for zone in ZONES.values():
        west, south, east, north = zone.reach
        if west <= lon <= east and south <= lat <= north:
            return zone
    raise CartographyError(
        "La carte demandée est hors de France : aucune projection ne lui convient.", lon=lon, lat=lat
    )


def _transformer(epsg: int) -> Transformer:
    """One per thread: a Transformer is not to be shared between threads."""
    held: dict[int, Transformer] = _LOCAL.__dict__.setdefault("held", {})
    if epsg not in held:
        held[epsg] = Transformer.from_crs(4326, epsg, always_xy=True)
    return held[epsg]


def project(zone: Zone, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Degrees to metres, as an array of shape (n, 2)."""
    x, y = _transformer(zone.epsg).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.column_stack([x, y])


def project_geometry(zone: Zone, geometry: object) -> object:
    """A shapely geometry, or an array of them, from EPSG:4326 to the metres of the zone."""
    return shapely.transform(geometry, lambda c: project(zone, c[:, 0], c[:, 1]))


def window_of(zone: Zone, bounds: Window) -> Window:
    """Smallest window in metres that holds bounds in degrees, their edges included."""
    west, south, east, north = bounds
    steps = np.linspace(0, 1, 9)
    lon = np.concatenate([west + (east - west) * steps] * 2 + [np.full(9, west), np.full(9, east)])
    lat = np.concatenate([np.full(9, south), np.full(9, north)] + [south + (north - south) * steps] * 2)
    xy = project(zone, lon, lat)
    return (*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist())  # type: ignore[return-value]


def national_window(zone: Zone) -> Window:
    """What a national view shows of a zone, in metres."""
    return _MAINLAND_WINDOW if zone is MAINLAND else window_of(zone, zone.frame)


def true_north(zone: Zone, window: Window) -> float:
    """Angle of true north at the centre of a window, in degrees clockwise from the top of the map."""
    x, y = (window[0] + window[2]) / 2, (window[1] + window[3]) / 2
    lon, lat = _transformer(zone.epsg).transform(x, y, direction="INVERSE")
    (x0, y0), (x1, y1) = project(zone, np.array([lon, lon]), np.array([lat, lat + 0.01]))
    return math.degrees(math.atan2(x1 - x0, y1 - y0))


def padded(window: Window, share: float) -> Window:
    """A window with a margin on each side, as a share of its longer side."""
    margin = share * max(window[2] - window[0], window[3] - window[1])
    return (window[0] - margin, window[1] - margin, window[2] + margin, window[3] + margin)


def fitted(window: Window, width: float, height: float) -> Window:
    """The smallest window of the shape width x height that holds `window`, same centre."""
    across, up = window[2] - window[0], window[3] - window[1]
    x, y = (window[0] + window[2]) / 2, (window[1] + window[3]) / 2
    across, up = max(across, up * width / height), max(up, across * height / width)
    return (x - across / 2, y - up / 2, x + across / 2, y + up / 2)
