"""A polygon drawn elsewhere: a GeoJSON or GeoPackage file made one outline of the study, in EPSG:4326."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import shapely

from ptce_data.study import jsonguard, zones
from ptce_data.study.jsonguard import MAX_BYTES, JsonRefused, shown
from ptce_data.study.shapes import MAX_POINTS, Outline, polygons_of
from ptce_data.territories.french import NBSP, listing, percent, quoted

if TYPE_CHECKING:
    from ptce_data.load import Dataset

MAX_FEATURES: Final = 2_000
#: A GeoPackage is a SQLite database that says so at byte 68: no other file may reach the reader of layers.
_SQLITE: Final = b"SQLite format 3\x00"
_GPKG_IDS: Final = (b"GPKG", b"GP10", b"GP11")
_EPSG: Final = re.compile(r"EPSG:(?:[0-9.]*:)?([0-9]{4,6})$", re.IGNORECASE)
_WGS84: Final = re.compile(r"CRS84$", re.IGNORECASE)
#: Extent of Lambert-93, in metres: what else has such coordinates is not in France.
_LAMBERT: Final = (-400_000.0, 5_900_000.0, 1_400_000.0, 7_300_000.0)
_AREAS: Final = ("Polygon", "MultiPolygon")
#: Steps, in degrees, by which an outline of too many points is simplified: about 1 m to 500 m.
_STEPS: Final = (0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005)
_MIN_INSIDE_PCT: Final = 1.0


class UploadError(ValueError):
    """A file gives no polygon of France; str() is one French sentence.

    `file`: its name; `reason`: what is wrong; `advice`: what to do.
    """

    def __init__(self, file: str, reason: str, advice: str) -> None:
        self.file, self.reason, self.advice = file, reason, advice
        super().__init__(f"{quoted(shown(file))} n’est pas utilisable{NBSP}: {reason}{NBSP}; {advice}.")


@dataclass(frozen=True)
class Upload:
    """A file read: its outline (EPSG:4326), number of features, CRS as read, and what was done, in French."""

    outline: Outline
    name: str
    features: int
    crs: str
    notes: tuple[str, ...]


def polygon_from(dataset: Dataset, data: bytes, filename: str) -> Upload:
    """Return the union of the polygons of a GeoJSON (.geojson, .json) or GeoPackage (.gpkg) file.

    Reprojects to EPSG:4326; Lambert-93 coordinates are recognised where the file names no CRS. Repairs
    invalid polygons and says so. Raises UploadError: more than 5 MB, unreadable, points or lines,
    outside of France.
    """
    if len(data) > MAX_BYTES:
        raise UploadError(filename, f"il dépasse 5{NBSP}Mo", "simplifiez le contour")
    notes: list[str] = []
    if data.startswith(_SQLITE):
        shapes, crs = _from_gpkg(data, filename, notes)
    else:
        shapes, crs = _from_geojson(data, filename)
    kinds = sorted({s.geom_type for s in shapes} - set(_AREAS))
    if kinds:
        raise UploadError(
            filename,
            f"il contient des lignes ou des points ({', '.join(kinds)})",
            "gardez seulement des polygones",
        )
    shapes = [shapely.force_2d(s) for s in shapes if not s.is_empty]
    if not shapes:
        raise UploadError(filename, "il ne contient aucun polygone", "exportez la couche de polygones")
    invalid = sum(not s.is_valid for s in shapes)
    whole = polygons_of(shapely.union_all([polygons_of(s) for s in shapes]))
    if invalid:
        notes.append(
            f"{invalid} polygone{'s' * (invalid > 1)} mal formé{'s' * (invalid > 1)} (croisement ou doublon) : réparé{'s' * (invalid > 1)}."
        )
    if len(shapes) > 1:
        notes.append(f"{len(shapes)} polygones réunis en un seul périmètre.")
    whole, read_as = _in_degrees(whole, crs, filename, notes)
    whole = _bounded(whole, filename, notes)
    _in_france(dataset, whole, filename, notes)
    return Upload(Outline.of(whole), filename, len(shapes), read_as, tuple(notes))


def _from_geojson(data: bytes, filename: str) -> tuple[list[Any], str | None]:
    """Return the geometries, and the CRS that the file names ("EPSG:2154"), or None."""
    try:
        content = jsonguard.loads(data)
    except JsonRefused as refused:
        raise UploadError(filename, f"on y attend {refused.expected}", refused.advice) from None
    if not isinstance(content, dict):
        raise UploadError(filename, "ce n’est pas du GeoJSON", "exportez en GeoJSON ou en GPKG")
    features = content.get("features") if content.get("type") == "FeatureCollection" else [content]
    if not isinstance(features, list) or len(features) > MAX_FEATURES:
        raise UploadError(
            filename, f"il a plus de {MAX_FEATURES} objets ou aucun", "gardez les polygones utiles"
        )
    shapes: list[Any] = []
    for feature in features:
        bare = (
            feature.get("geometry")
            if isinstance(feature, dict) and feature.get("type") == "Feature"
            else feature
        )
        if bare is None:
            continue
        shapes += _shapes(bare, filename)
    crs = content.get("crs")
    return shapes, None if crs is None else _named(crs, filename)


def _shapes(bare: Any, filename: str) -> list[Any]:
    """Return the geometries of one GeoJSON geometry; a collection gives its members."""
    if isinstance(bare, dict) and bare.get("type") == "GeometryCollection":
        members = bare.get("geometries")
        return [s for b in (members if isinstance(members, list) else []) for s in _shapes(b, filename)]
    try:
        shape = shapely.geometry.shape(bare)
        coordinates = shapely.get_coordinates(shape)
    except Exception:  # whatever is not a geometry breaks in as many ways as it is wrong
        raise UploadError(filename, "une de ses géométries est illisible", "exportez-le de nouveau") from None
    if not bool((abs(coordinates) < 1e9).all()):
        raise UploadError(
            filename, "une de ses coordonnées n’est pas un nombre courant", "exportez-le de nouveau"
        )
    return [shape]


def _named(crs: Any, filename: str) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and _WGS84.search(name):
        return "EPSG:4326"
    found = _EPSG.search(name) if isinstance(name, str) else None
    if found is None:
        raise UploadError(
            filename, f"son système de coordonnées est inconnu ({shown(name)})", "exportez-le en WGS 84"
        )
    return f"EPSG:{found[1]}"


def _from_gpkg(data: bytes, filename: str, notes: list[str]) -> tuple[list[Any], Any]:
    """Return the geometries of the first layer of polygons of a GeoPackage, and its CRS or None."""
    if data[68:72] not in _GPKG_IDS:
        raise UploadError(filename, "cette base SQLite n’est pas un GeoPackage", "exportez en GPKG")
    try:
        frame, layers = _layer(data)
    except Exception:  # GDAL, SQLite and their bindings each have errors of their own
        raise UploadError(filename, "ce GeoPackage est illisible", "exportez-le de nouveau") from None
    if frame is None or not isinstance(frame, gpd.GeoDataFrame):
        raise UploadError(
            filename, "il ne contient aucune couche géographique", "exportez la couche de polygones"
        )
    if len(frame) > MAX_FEATURES:
        raise UploadError(filename, f"il a plus de {MAX_FEATURES} objets", "gardez les polygones utiles")
    if len(layers) > 1:
        others = listing([quoted(shown(name)) for name in layers[1:4]])
        notes.append(f"Couche lue : {quoted(shown(layers[0]))} ; laissées de côté : {others}.")
    return [s for s in frame.geometry if s is not None], frame.crs


def _layer(data: bytes) -> tuple[Any, list[str]]:
    """Return the first layer of polygons (else the first one) or None, and the names of those of polygons."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "depot.gpkg"
        path.write_bytes(data)
        listed = gpd.list_layers(path)
        pairs = [(str(n), str(k)) for n, k in zip(listed["name"], listed["geometry_type"], strict=True)]
        areas = [name for name, kind in pairs if "Polygon" in kind]
        names = areas or [name for name, kind in pairs if kind not in ("None", "nan")]
        frame = gpd.read_file(path, layer=names[0], rows=MAX_FEATURES + 1, columns=[]) if names else None
    return frame, areas


def _in_degrees(whole: Any, crs: Any, filename: str, notes: list[str]) -> tuple[Any, str]:
    """Return the geometry in EPSG:4326, and the name of the CRS it was read in."""
    west, south, east, north = whole.bounds
    if crs is None:
        if west >= -180 and east <= 180 and south >= -90 and north <= 90:
            return whole, "EPSG:4326"
        if not (
            _LAMBERT[0] <= west and _LAMBERT[1] <= south and east <= _LAMBERT[2] and north <= _LAMBERT[3]
        ):
            raise UploadError(
                filename, "ses coordonnées ne sont ni en degrés ni en Lambert-93", "exportez-le en WGS 84"
            )
        crs = "EPSG:2154"
        notes.append("Système de coordonnées non indiqué : Lambert-93 reconnu.")
    try:
        made = gpd.GeoSeries([whole], crs=crs)
        read_as = made.crs.to_string() if made.crs.to_epsg() is None else f"EPSG:{made.crs.to_epsg()}"
        degrees = made.to_crs(4326).iloc[0]
    except Exception:  # pyproj: an unknown code, or no way between the two
        raise UploadError(
            filename, f"son système de coordonnées est inconnu ({shown(crs)})", "exportez-le en WGS 84"
        ) from None
    if not all(abs(b) < 1e6 for b in degrees.bounds):
        raise UploadError(
            filename, f"ses coordonnées sont hors de son système ({read_as})", "exportez-le en WGS 84"
        )
    if read_as != "EPSG:4326":
        name = "Lambert-93" if read_as == "EPSG:2154" else read_as
        notes.append(f"Coordonnées converties de {name} en longitude et latitude.")
    return polygons_of(degrees), read_as


def _bounded(whole: Any, filename: str, notes: list[str]) -> Any:
    for step in (0.0, *_STEPS):
        small = polygons_of(shapely.simplify(whole, step)) if step else whole
        # A little under the limit: the outline closes each ring again.
        if shapely.get_num_coordinates(small) <= MAX_POINTS - 100 and not small.is_empty:
            if step:
                notes.append(
                    f"Contour simplifié, à {round(step * 111_000)}{NBSP}m près : il avait trop de points."
                )
            return small
    raise UploadError(filename, f"son contour a plus de {MAX_POINTS} points", "simplifiez-le")


def _in_france(dataset: Dataset, whole: Any, filename: str, notes: list[str]) -> None:
    parts = zones.split(whole)
    near = shapely.union_all(list(parts.values())) if parts else None
    shapes = [] if near is None else dataset.regions.geometry.to_numpy()
    inside = sum(shapely.area(shapely.intersection(shapes, near))) / whole.area * 100 if len(shapes) else 0.0
    if inside < _MIN_INSIDE_PCT:
        raise UploadError(filename, "il est hors de France", "vérifiez son système de coordonnées")
    if inside < 99:
        notes.append(
            f"{percent(100 - inside, 0)} du polygone sont hors des communes de France : mer, ou pays voisin."
        )
