"""From the extent asked for to the places that the frames show. Raises CartographyError, in French."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely

from ptce_data.load import Dataset
from ptce_ui.exports.cartography import zones
from ptce_ui.exports.cartography.layout import PARIS_NAME, Place
from ptce_ui.exports.cartography.spec import CartographyError, Extent, Layer, Points
from ptce_ui.exports.cartography.zones import Window

NATIONAL = "france"
_ILE_DE_FRANCE = "11"
#: No map shows less than this across, in metres: one point has no extent of its own.
_SMALLEST = 4_000.0


def places(dataset: Dataset, extent: Extent, with_paris: bool = True) -> tuple[Place, list[Place]]:
    """The main place and its insets."""
    if isinstance(extent, str) and extent == NATIONAL:
        main = Place(zones.MAINLAND, zones.national_window(zones.MAINLAND))
        insets = [Place(z, zones.national_window(z), z.name) for z in zones.OVERSEAS]
        return main, insets + (_paris(dataset) if with_paris else [])
    if isinstance(extent, str):
        insets = _paris(dataset) if with_paris and extent == _ILE_DE_FRANCE else []
        return _region(dataset, extent), insets
    return _bounded(extent), []


def _paris(dataset: Dataset) -> list[Place]:
    """The inset of Paris and its three neighbours, where the data have them."""
    areas = dataset.departements
    inner = areas[areas["departement_code"].isin(zones.PETITE_COURONNE)]
    if len(inner) < len(zones.PETITE_COURONNE):
        return []
    window = zones.window_of(zones.MAINLAND, tuple(inner.total_bounds.tolist()))
    return [Place(zones.MAINLAND, zones.padded(window, 0.03), PARIS_NAME)]


def _region(dataset: Dataset, code: str) -> Place:
    zone = zones.of_region(code)
    found = dataset.regions[dataset.regions["region_code"] == code]
    if len(found):
        shape = zones.project_geometry(zone, found.geometry.iloc[0])
        return Place(zone, zones.padded(tuple(shapely.bounds(shape).tolist()), 0.025), "", code)
    if code == zones.SAINT_MARTIN_CODE:
        return Place(zone, zones.window_of(zone, zones.SAINT_MARTIN))
    raise CartographyError(f"La région « {code} » n’existe pas dans les données.", region_code=code)


def _bounded(extent: Extent) -> Place:
    if isinstance(extent, shapely.Geometry):
        bounds = tuple(extent.bounds) if not extent.is_empty else ()
    else:
        bounds = tuple(extent)
    if len(bounds) != 4 or not all(math.isfinite(v) for v in bounds):
        raise CartographyError("L’emprise de la carte est vide ou illisible.", extent=str(bounds))
    west, south, east, north = (float(v) for v in bounds)
    zone = zones.at((west + east) / 2, (south + north) / 2)
    reach = zone.reach
    kept = (max(west, reach[0]), max(south, reach[1]), min(east, reach[2]), min(north, reach[3]))
    window = zones.padded(zones.window_of(zone, kept), 0.04)
    return Place(zone, _at_least(window), "")


def _at_least(window: Window) -> Window:
    x, y = (window[0] + window[2]) / 2, (window[1] + window[3]) / 2
    half = max(window[2] - window[0], window[3] - window[1], _SMALLEST) / 2
    if window[2] - window[0] >= _SMALLEST and window[3] - window[1] >= _SMALLEST:
        return window
    return (x - half, y - half, x + half, y + half)


def has_saint_martin(layers: Sequence[Layer]) -> bool:
    """Whether an object to draw stands on Saint-Martin."""
    west, south, east, north = zones.SAINT_MARTIN
    return any(
        west <= p.lon <= east and south <= p.lat <= north
        for layer in layers
        if isinstance(layer, Points)
        for p in layer.points
    )
