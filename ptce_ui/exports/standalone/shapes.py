"""Boundaries as small integers: simplified together, quantised, each point told from the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from ptce_data.load import Dataset

FRANCE: Final = "france"
Bounds = tuple[tuple[float, float], tuple[float, float]]

_METROPOLE: Final = "region_metropole"
#: Degrees. At national zoom a screen pixel is some 0.02°, over a region some 0.004°.
_NATIONAL: Final = (0.003, 2000)
_REGIONAL: Final = (0.0025, 10_000)
#: An island is drawn on a whole screen: its tolerance follows its size.
_ISLAND_PARTS: Final = 1200
_AROUND: Final = 0.6
#: Degrees around a lone point, to have a view of it.
_POINT_VIEW: Final = 0.15


def layers(dataset: Dataset, scope: str) -> dict[str, list[dict[str, Any]]]:
    """Return {"departements": […], "regions": […]} for the whole of France or around one région.

    An area is {"n": name, "r": région code, "in": is inside the scope, "b": [west, south, east, north],
    "q": units per degree, "p": polygons}. A polygon is a list of rings, a ring the flat list
    [x0, y0, dx1, dy1, …] of whole numbers (degrees × q, EPSG:4326). Neighbours keep their border.
    """
    made: dict[str, list[dict[str, Any]]] = {"departements": [], "regions": []}
    overseas = _overseas(dataset)
    mainland = dataset.departements[~dataset.departements["region_code"].isin(overseas)]
    groups: list[tuple[gpd.GeoDataFrame, float, int]] = []
    if scope == FRANCE:
        groups.append((mainland, *_NATIONAL))
        groups += [_island(dataset, code) for code in overseas]
    elif scope in overseas:
        groups.append(_island(dataset, scope))
    else:
        near = _near(mainland, scope)
        groups.append((near, *_REGIONAL))
    names = dict(zip(dataset.region_codes["region_code"], dataset.region_codes["name"], strict=True))
    for frame, tolerance, units in groups:
        if frame.empty:
            continue
        shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), tolerance, simplify_boundary=True)
        codes = frame["region_code"].to_numpy()
        for name, code, shape in zip(frame["name"], codes, shapes, strict=True):
            made["departements"].append(_area(name, code, shape, units, scope))
        for code in dict.fromkeys(codes):
            union = shapely.coverage_union_all(shapes[codes == code])
            made["regions"].append(_area(names.get(code, code), code, union, units, scope))
    return made


def views(dataset: Dataset, places: gpd.GeoDataFrame, scope: str) -> list[dict[str, Any]]:
    """Return the places to look at, one button each: [{"n": name, "r": codes, "b": bounds}, …].

    Nationally: Métropole, each overseas région, and each collectivité that has objects. Else the région.
    """
    codes = dataset.region_codes
    names = dict(zip(codes["region_code"], codes["name"], strict=True))
    if scope != FRANCE:
        found = _bounds(dataset, places, [scope])
        return [{"n": names.get(scope, scope), "r": [scope], "b": found}] if found else []
    metropole = codes.loc[codes["kind"] == _METROPOLE, "region_code"].tolist()
    made = [("Métropole", metropole)]
    made += [(names[c], [c]) for c in codes.loc[codes["kind"] != _METROPOLE, "region_code"]]
    listed = [(name, own, _bounds(dataset, places, own)) for name, own in made]
    return [{"n": name, "r": own, "b": found} for name, own, found in listed if found]


def _overseas(dataset: Dataset) -> list[str]:
    codes = dataset.region_codes
    known = set(dataset.regions["region_code"])
    return [c for c in codes.loc[codes["kind"] != _METROPOLE, "region_code"] if c in known]


def _island(dataset: Dataset, code: str) -> tuple[gpd.GeoDataFrame, float, int]:
    frame = dataset.departements[dataset.departements["region_code"] == code]
    west, south, east, north = frame.total_bounds
    return frame, float(max(east - west, north - south)) / _ISLAND_PARTS, 10_000


def _near(mainland: gpd.GeoDataFrame, scope: str) -> gpd.GeoDataFrame:
    """The départements of a région and those around it, so that it does not float in the void."""
    own = mainland[mainland["region_code"] == scope]
    if own.empty:
        return mainland
    west, south, east, north = own.total_bounds
    window = shapely.box(west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND)
    kept: gpd.GeoDataFrame = mainland[mainland.intersects(window)]
    return kept


def _bounds(dataset: Dataset, places: gpd.GeoDataFrame, codes: Iterable[str]) -> Bounds | None:
    """((south, west), (north, east)) of régions, or of the objects of an area without boundary."""
    wanted = list(codes)
    areas = dataset.regions[dataset.regions["region_code"].isin(wanted)]
    if len(areas):
        west, south, east, north = (float(v) for v in areas.total_bounds)
    else:
        own = places[places["region_code"].isin(wanted) & places["lon"].notna()]
        if own.empty:
            return None
        west, east = float(own["lon"].min()) - _POINT_VIEW, float(own["lon"].max()) + _POINT_VIEW
        south, north = float(own["lat"].min()) - _POINT_VIEW, float(own["lat"].max()) + _POINT_VIEW
    return ((round(south, 3), round(west, 3)), (round(north, 3), round(east, 3)))


def _area(name: str, code: str, shape: Any, units: int, scope: str) -> dict[str, Any]:
    polygons = []
    for part in shapely.get_parts(shape):
        rings = [_ring(r, units) for r in (part.exterior, *part.interiors)]
        if rings[0]:
            polygons.append([r for r in rings if r])
    return {
        "n": name,
        "r": code,
        "in": scope in (FRANCE, code),
        "b": [round(float(v), 3) for v in shape.bounds],
        "q": units,
        "p": polygons,
    }


def _ring(ring: Any, units: int) -> list[int]:
    """Flat differences of one ring; empty when it shrinks to less than a triangle."""
    points = np.round(shapely.get_coordinates(ring) * units).astype("int64")
    moved = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    points = points[moved][:-1]
    if len(points) < 3:
        return []
    steps = np.vstack([points[:1], np.diff(points, axis=0)])
    return [int(v) for v in steps.ravel()]
