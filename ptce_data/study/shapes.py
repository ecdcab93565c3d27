"""Polygons as a study's file holds them: GeoJSON, longitude and latitude in degrees (EPSG:4326)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import shapely
from pydantic import Field

from ptce_data.study.base import Base

#: Most points of one outline: a file of 5 MB holds two of them, and all the rest.
MAX_POINTS: Final = 20_000
MAX_RINGS: Final = 2_000
#: Decimals of a coordinate: a tenth of a metre.
DECIMALS: Final = 6

Position = tuple[
    Annotated[float, Field(ge=-180, le=180)],
    Annotated[float, Field(ge=-90, le=90)],
]
Ring = Annotated[tuple[Position, ...], Field(min_length=4, max_length=MAX_POINTS)]
Rings = Annotated[tuple[Ring, ...], Field(min_length=1, max_length=MAX_RINGS)]


class Outline(Base):
    """A GeoJSON geometry, Polygon or MultiPolygon, in EPSG:4326; rings are closed.

    `geometry()` gives it to shapely; `Outline.of(geometry)` makes one from shapely.
    """

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1, max_length=MAX_RINGS)]

    def model_post_init(self, context: Any) -> None:
        """Check what types cannot say: closed rings, and the number of points."""
        rings = [ring for polygon in self.coordinates for ring in polygon]
        if any(ring[0] != ring[-1] for ring in rings):
            raise ValueError("un contour dont chaque anneau est fermé")
        if sum(map(len, rings)) > MAX_POINTS:
            raise ValueError(f"un contour de {MAX_POINTS} points au plus")

    @classmethod
    def of(cls, geometry: shapely.Geometry) -> Outline:
        """Return the outline of a shapely Polygon or MultiPolygon (EPSG:4326), rounded to 0.1 m."""
        flat = shapely.force_2d(geometry)
        parts = [p for p in shapely.get_parts(flat) if p.geom_type == "Polygon" and not p.is_empty]

        def ring(line: Any) -> tuple[tuple[float, float], ...]:
            points = tuple((round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0) for x, y in line.coords)
            return (*points[:-1], points[0])

        rings = tuple((ring(p.exterior), *(ring(line) for line in p.interiors)) for p in parts)
        return cls(type="MultiPolygon", coordinates=rings)

    def geometry(self) -> shapely.Geometry:
        """Return the shapely geometry (EPSG:4326), made valid: Polygon or MultiPolygon, maybe empty."""
        made = shapely.MultiPolygon([(rings[0], list(rings[1:])) for rings in self.coordinates])
        return polygons_of(made)


def polygons_of(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return `geometry` made valid, and only its polygons; an empty one where there is none."""
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in _parts(valid) if part.geom_type == "Polygon" and not part.is_empty]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _parts(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    if not hasattr(geometry, "geoms"):
        return [geometry]
    return [leaf for part in geometry.geoms for leaf in _parts(part)]
