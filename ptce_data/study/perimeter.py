"""The territory of a study: its communes, people, areas and outline, and what surrounds it.

A commune belongs to a drawn polygon when its representative point (a point inside it) is inside the
polygon. Population, area and density are those of the communes that belong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data.study import zones
from ptce_data.study.areas import by_area, epci_touched, types_of
from ptce_data.study.model import Perimeter
from ptce_data.study.registries import UNKNOWN_TYPE
from ptce_data.study.shapes import polygons_of
from ptce_data.territories.french import listing

if TYPE_CHECKING:
    from ptce_data.load import Dataset

METHOD: Final = (
    "Population, superficie et densité sont celles des communes retenues. Une commune appartient à un "
    "polygone quand un point placé à l’intérieur d’elle est dans le polygone. Les alentours sont les "
    "communes dont ce point est à moins de la distance choisie du périmètre, à vol d’oiseau."
)
_KEPT: Final = [
    "commune_insee", "name", "epci_siren", "epci_name", "departement_code", "region_code",
    "former_region_code", "population", "area_km2", "territory_type", "lon", "lat",
]  # fmt: skip


class PerimeterError(ValueError):
    """A perimeter gives no territory; str() is one French sentence. `facts`: what is at fault."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        self.facts = facts
        super().__init__(sentence)


@dataclass(frozen=True, eq=False)
class Part:
    """The part of a perimeter in one projected CRS (`epsg`): outline in metres, centre of its people."""

    epsg: int
    outline: shapely.Geometry
    centre_xy: tuple[float, float]
    centre_lon: float
    centre_lat: float
    population: int


@dataclass(frozen=True, eq=False)
class Area:
    """A resolved perimeter. Frames are read-only, sorted by code; shares are in percent.

    communes: commune_insee, name, epci_siren, epci_name, departement_code, region_code,
        former_region_code, population, area_km2, territory_type (`non_renseigne` when unknown), lon,
        lat, share_inside_pct (of its area inside a polygon; 100 for a commune chosen by its code).
    crossed: the same, for communes that the polygon crosses but that do not belong to it.
    surroundings: the same without share_inside_pct, plus distance_km to the border of the perimeter.
    types: territory_type, label, communes, population, share_pct: all types, the unknown last.
    epci: code, name, communes, communes_total, population, share_pct, is_whole; departements, regions
        (today), former_regions: code, name, communes, population, share_pct (of the perimeter's people).
    outside_epci: number of communes without EPCI. density: inhabitants per km², None without area.
    geometry, zone_geometry (the ring around, None without a zone): EPSG:4326. drawn_km2: area of the
    polygon itself. parts: one per projected CRS. unknown_codes: codes that the atlas does not know.
    notes: what a reader must know, in French. METHOD says the rules.
    """

    perimeter: Perimeter
    communes: pd.DataFrame
    crossed: pd.DataFrame
    surroundings: pd.DataFrame
    types: pd.DataFrame
    epci: pd.DataFrame
    departements: pd.DataFrame
    regions: pd.DataFrame
    former_regions: pd.DataFrame
    outside_epci: int
    population: int
    area_km2: float
    density: float | None
    geometry: shapely.Geometry
    zone_geometry: shapely.Geometry | None
    drawn_km2: float | None
    parts: tuple[Part, ...]
    unknown_codes: tuple[str, ...]
    notes: tuple[str, ...]


def resolve(dataset: Dataset, perimeter: Perimeter) -> Area:
    """Return the territory of `perimeter`: the union of its communes, EPCI and polygon.

    Raises PerimeterError where nothing was chosen, nothing of it is known, or the polygon touches no
    commune of France.
    """
    if perimeter.is_empty:
        raise PerimeterError(
            "Le périmètre est vide : choisissez une commune, une intercommunalité ou un polygone."
        )
    layer = dataset.communes
    lost = [c for c in perimeter.epci if not (dataset.epci["epci_siren"] == c).any()]
    by_code = layer["commune_insee"].isin(perimeter.communes)
    known = frozenset(layer.loc[by_code, "commune_insee"])
    lost += [c for c in perimeter.communes if c not in known]
    named = by_code | layer["epci_siren"].isin(perimeter.epci)
    chosen = named.to_numpy(dtype=bool)
    polygon = None if perimeter.polygon is None else perimeter.polygon.geometry()
    inside, touched = _in_polygon(layer, polygon)
    if not chosen.any() and (polygon is None or not touched.size):
        if polygon is not None:
            raise PerimeterError("Le polygone ne touche aucune commune de France.", codes=lost)
        raise PerimeterError(
            f"Aucun code du périmètre n’est connu de l’atlas : {listing(lost[:5])}.", codes=lost
        )
    belongs = chosen | inside
    communes = _frame(dataset, np.flatnonzero(belongs))
    shares = pd.Series(100.0, index=communes.index)
    crossed = _frame(dataset, touched[~belongs[touched]])
    if polygon is not None:
        shares = _shares(layer, communes, polygon).mask(
            communes["commune_insee"].isin(layer["commune_insee"][chosen]), 100.0
        )
        crossed = crossed.assign(share_inside_pct=_shares(layer, crossed, polygon))
        crossed = crossed[crossed["share_inside_pct"] > 0]
    else:
        crossed = crossed.assign(share_inside_pct=pd.Series(dtype="float64"))
    communes = communes.assign(share_inside_pct=shares)
    geometry = _outline(layer, chosen, polygon)
    parts = _parts(geometry, communes)
    zone = _zone(geometry, parts, perimeter.zone_km)
    population, area = int(communes["population"].sum()), float(communes["area_km2"].sum())
    return Area(
        perimeter=perimeter,
        communes=communes.reset_index(drop=True),
        crossed=crossed.reset_index(drop=True),
        surroundings=_surroundings(dataset, parts, belongs, perimeter.zone_km),
        types=types_of(communes),
        epci=epci_touched(dataset, communes),
        departements=by_area(dataset, communes, "departements"),
        regions=by_area(dataset, communes, "regions"),
        former_regions=by_area(dataset, communes, "former_regions"),
        outside_epci=int(communes["epci_siren"].isna().sum()),
        population=population,
        area_km2=area,
        density=population / area if area > 0 else None,
        geometry=geometry,
        zone_geometry=zone,
        drawn_km2=None if polygon is None else _km2(polygon),
        parts=parts,
        unknown_codes=tuple(lost),
        notes=_notes(lost, polygon, communes, len(crossed)),
    )


def _in_polygon(layer: gpd.GeoDataFrame, polygon: shapely.Geometry | None) -> tuple[Any, Any]:
    """Return the mask of the communes whose point is inside, and the positions of those touched."""
    inside = np.zeros(len(layer), dtype=bool)
    if polygon is None or polygon.is_empty:
        return inside, np.empty(0, dtype=np.int64)
    touched = np.sort(layer.sindex.query(polygon, predicate="intersects"))
    near = layer.iloc[touched]
    shapely.prepare(polygon)
    inside[touched] = shapely.contains_xy(polygon, near["lon"].to_numpy(), near["lat"].to_numpy())
    return inside, touched


def _frame(dataset: Dataset, positions: Any) -> pd.DataFrame:
    rows = pd.DataFrame(dataset.communes.iloc[np.sort(positions)].drop(columns="geometry"))
    rows["epci_name"] = rows["epci_siren"].map(dataset.epci.set_index("epci_siren")["name"])
    types = pd.Series(dtype="str")
    if dataset.territories is not None:
        types = dataset.territories.communes.set_index("commune_insee")["territory_type"]
    rows["territory_type"] = rows["commune_insee"].map(types).fillna(UNKNOWN_TYPE).astype("str")
    made: pd.DataFrame = rows[_KEPT].sort_values("commune_insee")
    return made


def _shares(layer: gpd.GeoDataFrame, rows: pd.DataFrame, polygon: shapely.Geometry) -> pd.Series:
    """Share of the area of each commune inside the polygon, in percent (a ratio: degrees do)."""
    shapes = layer.geometry.loc[rows.index].to_numpy()
    shares = shapely.area(shapely.intersection(shapes, polygon)) / shapely.area(shapes) * 100
    return pd.Series(np.clip(shares, 0, 100), index=rows.index, dtype="float64")


def _outline(layer: gpd.GeoDataFrame, chosen: Any, polygon: shapely.Geometry | None) -> shapely.Geometry:
    shapes = layer.geometry.to_numpy()[chosen]
    whole = shapely.coverage_union_all(shapes) if len(shapes) else None
    if whole is not None and not whole.is_valid:
        whole = shapely.union_all(shapely.make_valid(shapes))
    if polygon is None or whole is None:
        return whole if polygon is None else polygon
    return polygons_of(shapely.union(whole, polygon))


def _parts(geometry: shapely.Geometry, communes: pd.DataFrame) -> tuple[Part, ...]:
    where = zones.zones_of(communes["lon"], communes["lat"])
    made = []
    for epsg, shape in zones.split(geometry).items():
        outline = zones.to_metres(shape, epsg)
        own = communes[where == epsg]
        people = own["population"].to_numpy(dtype="float64")
        xy = zones.project(own["lon"], own["lat"], epsg)
        if people.sum() > 0:
            centre = np.average(xy, axis=0, weights=people)
        else:
            point = outline.representative_point()
            centre = np.array([point.x, point.y])
        lon, lat = zones.unproject(centre[None, :], epsg)[0]
        at = (float(centre[0]), float(centre[1]))
        made.append(Part(epsg, outline, at, float(lon), float(lat), int(people.sum())))
    return tuple(made)


def _zone(geometry: shapely.Geometry, parts: tuple[Part, ...], zone_km: float) -> shapely.Geometry | None:
    if zone_km <= 0:
        return None
    rings = [
        zones.to_degrees(shapely.difference(p.outline.buffer(zone_km * 1000), p.outline), p.epsg)
        for p in parts
    ]
    return rings[0] if len(rings) == 1 else shapely.union_all(rings)


def _surroundings(dataset: Dataset, parts: tuple[Part, ...], belongs: Any, zone_km: float) -> pd.DataFrame:
    layer = dataset.communes
    where = zones.zones_of(layer["lon"], layer["lat"])
    found: dict[int, float] = {}
    for part in parts if zone_km > 0 else ():
        positions = np.flatnonzero((where == part.epsg) & ~belongs)
        near = layer.iloc[positions]
        distances = distances_km(part, near["lon"], near["lat"], zone_km)
        found |= {int(p): float(d) for p, d in zip(positions, distances, strict=True) if d <= zone_km}
    rows = _frame(dataset, np.array(sorted(found), dtype=np.int64))
    index = layer.index.to_numpy()
    away = pd.Series({index[p]: d for p, d in found.items()}, dtype="float64")
    return rows.assign(distance_km=away.reindex(rows.index)).reset_index(drop=True)


def distances_km(part: Part, lon: Any, lat: Any, within_km: float = np.inf) -> zones.Floats:
    """Distance in km from points (degrees, in the zone of `part`) to the outline, 0 inside, rounded to the metre.

    Points farther than `within_km` may be given infinity: their distance is not computed.
    """
    xy = zones.project(lon, lat, part.epsg)
    away = np.full(len(xy), np.inf)
    west, south, east, north = part.outline.bounds
    reach = within_km * 1000
    near = (xy[:, 0] >= west - reach) & (xy[:, 0] <= east + reach)
    near &= (xy[:, 1] >= south - reach) & (xy[:, 1] <= north + reach)
    shapely.prepare(part.outline)
    away[near] = shapely.distance(part.outline, shapely.points(xy[near]))
    return np.round(away / 1000, 3)


def _km2(polygon: shapely.Geometry) -> float:
    return sum(zones.to_metres(shape, epsg).area for epsg, shape in zones.split(polygon).items()) / 1e6


def _notes(
    lost: list[str], polygon: shapely.Geometry | None, communes: pd.DataFrame, crossed: int
) -> tuple[str, ...]:
    notes = []
    if lost:
        notes.append(f"Codes que l’atlas ne connaît pas, laissés de côté : {listing(lost[:5])}.")
    if polygon is not None and communes.empty:
        notes.append(
            "Le polygone ne contient le point d’aucune commune : sans population connue, il n’y a ni part ni densité."
        )
    elif polygon is not None and crossed:
        many = (
            f"{crossed} communes qu’il traverse n’y sont"
            if crossed > 1
            else "1 commune qu’il traverse n’y est"
        )
        notes.append(
            f"Le polygone retient {len(communes)} commune{'s' * (len(communes) > 1)} ; {many} pas comptée{'s' * (crossed > 1)}."
        )
    return tuple(notes)
