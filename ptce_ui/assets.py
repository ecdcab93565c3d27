"""Files the browser fetches once: Leaflet, the places and the boundaries, made from the data set.

They are written on demand under `static/gen/<version>/` (and `static/vendor/` for Leaflet, copied from
its package), never committed, never changed once written: a new data version has a new folder.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from ptce_data.places import AREA_PRECISIONS, KINDS, UNKNOWN
from ptce_data.query import LEVEL_CODES, Level
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

STATIC_DIR: Final = Path(__file__).resolve().parent.parent / "static"
_VENDOR: Final = ("leaflet.css", "images/layers.png", "images/marker-icon.png")
#: Degrees: at national zoom a screen pixel is some 0.02°, inside a region some 0.003°.
_TOLERANCE: Final[dict[Level, float]] = {
    "regions": 0.01,
    "former_regions": 0.01,
    "departements": 0.006,
    "epci": 0.003,
    "communes": 0.001,
}
#: France by type has as many edges as communes: at national zoom a pixel is some 0.02°.
_TYPES_TOLERANCE: Final = 0.02
#: 0.001° is some 100 m: a fifteenth of a pixel at national zoom.
_NATIONAL_DECIMALS: Final = 3
_DECIMALS: Final[dict[Level, int]] = {
    "regions": _NATIONAL_DECIMALS,
    "former_regions": _NATIONAL_DECIMALS,
    "departements": _NATIONAL_DECIMALS,
    "epci": 4,
    "communes": 4,
}
_KEPT_VERSIONS: Final = 3
#: A reader's own points are removed from the disk after so many hours without a change.
OWN_HOURS: Final = 12


def vendor(static_dir: Path = STATIC_DIR) -> None:
    """Copy Leaflet from its package into `static/vendor`, its script and ours joined in one file."""
    target = static_dir / "vendor"
    source = importlib.resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    for name in _VENDOR:
        if not (target / name).exists():
            _write(target / name, (source / name).read_bytes())
    script = (source / "leaflet.js").read_bytes() + b"\n" + (STATIC_DIR / "atlas.js").read_bytes()
    path = target / "map.js"
    if not path.exists() or path.read_bytes() != script:
        _write(path, script)


def places_file(dataset: Dataset, static_dir: Path = STATIC_DIR) -> str:
    """Write the file of all our places, imported ones apart; return its path relative to `static/`."""
    name = f"gen/{dataset.files_version}/places.json"
    path = static_dir / name
    if not path.exists():
        _write(path, places_json(dataset.places[~dataset.places["is_imported"]]))
        _forget_old_versions(static_dir)
    return name


def own_places_file(dataset: Dataset, token: str, static_dir: Path = STATIC_DIR) -> str | None:
    """Write the file of the places that one reader imported; return its path relative to `static/`, or None.

    `token` is that reader's secret (see `ptce_ui.ownlayers`): without it nobody can name the file. Files
    of readers long gone are removed.
    """
    own = dataset.places[dataset.places["is_imported"]]
    if own.empty:
        return None
    folder = static_dir / "own"
    path = folder / f"{token}-{dataset.version}.json"
    if not path.exists():
        limit = time.time() - OWN_HOURS * 3600
        for old in folder.glob("*.json") if folder.exists() else ():
            if old.name.startswith(token) or old.stat().st_mtime < limit:
                old.unlink(missing_ok=True)
        _write(path, places_json(own))
    return f"own/{path.name}"


def places_json(places: gpd.GeoDataFrame) -> bytes:
    """All rows of `places`, in order, column by column; positions in 1e-5 degrees, codes as digits."""
    kinds = {kind: str(i) for i, kind in enumerate(KINDS)}
    columns = {
        "n": len(places),
        "kind": "".join(places["kind"].map(kinds)),
        "hollow": "".join("1" if p in AREA_PRECISIONS else "0" for p in places["geo_precision"]),
        "lon": _fixed(places["lon"]),
        "lat": _fixed(places["lat"]),
        "types": {
            "stated": _digits(places, "territory_type_stated"),
            "commune": _digits(places, "territory_type"),
            "epci": _digits(places, "territory_type_epci"),
        },
        "uid": places["uid"].tolist(),
        "name": places["name"].tolist(),
    }
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def _fixed(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(v) else round(float(v) * 1e5) for v in values]


def _digits(places: pd.DataFrame, column: str) -> str:
    order = {value: str(i) for i, value in enumerate(TYPE_COLOURS)}
    if column not in places:
        return order[UNKNOWN] * len(places)
    return "".join(order.get(v, order[UNKNOWN]) for v in places[column].fillna(UNKNOWN))


def areas_file(
    dataset: Dataset, level: Level, inside: str | None = None, static_dir: Path = STATIC_DIR
) -> str:
    """Write the boundaries of one level; return the path relative to `static/`.

    `inside` is a région's INSEE code, or several joined by "+": EPCI and communes are written so.
    """
    name = f"gen/{dataset.files_version}/{level}{'-' + inside if inside else ''}.json"
    path = static_dir / name
    if not path.exists():
        frame: gpd.GeoDataFrame = getattr(dataset, level)
        tolerance = _TOLERANCE[level]
        if inside is not None:
            frame = frame[frame["region_code"].isin(inside.split("+"))]
            tolerance /= 2 if level == "epci" else 1
        _write(path, areas_json(frame, LEVEL_CODES[level], tolerance, _DECIMALS[level]))
    return name


def types_file(dataset: Dataset, static_dir: Path = STATIC_DIR) -> str:
    """Write France dissolved by computed type (one area per type); return the path relative to `static/`."""
    name = f"gen/{dataset.files_version}/types.json"
    path = static_dir / name
    if not path.exists():
        communes = dataset.communes
        known = pd.Series(dtype="str")
        if dataset.territories is not None:
            known = dataset.territories.communes.set_index("commune_insee")["territory_type"]
        types = communes["commune_insee"].map(known).fillna(UNKNOWN).to_numpy()
        shapes = shapely.coverage_simplify(communes.geometry.to_numpy(), _TYPES_TOLERANCE)
        met = [t for t in TYPE_COLOURS if (types == t).any()]
        unions = [shapely.coverage_union_all(shapes[types == t]) for t in met]
        frame = gpd.GeoDataFrame({"code": met, "name": met}, geometry=unions, crs="EPSG:4326")
        _write(path, _collection(frame, "code", _NATIONAL_DECIMALS))
    return name


def areas_json(frame: gpd.GeoDataFrame, code: str, tolerance: float, decimals: int = 4) -> bytes:
    """GeoJSON of polygons with properties c (code) and n (name), simplified by `tolerance` degrees.

    Neighbours keep their common border (coverage simplification).
    """
    shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), tolerance, simplify_boundary=True)
    return _collection(frame.set_geometry(shapes, crs=frame.crs), code, decimals)


def _collection(frame: gpd.GeoDataFrame, code: str, decimals: int) -> bytes:
    shapes = shapely.set_precision(frame.geometry.to_numpy(), 10.0**-decimals, mode="pointwise")
    features = []
    for area_code, name, shape in zip(frame[code], frame["name"], shapes, strict=True):
        geometry = shapely.geometry.mapping(shape)
        features.append(
            {
                "type": "Feature",
                "bbox": [round(v, 4) for v in shape.bounds],
                "properties": {"c": area_code, "n": name},
                "geometry": {
                    "type": geometry["type"],
                    "coordinates": _round(geometry["coordinates"], decimals),
                },
            }
        )
    made = {"type": "FeatureCollection", "features": features}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _round(coordinates: object, decimals: int) -> object:
    if isinstance(coordinates, (tuple, list)):
        return [_round(c, decimals) for c in coordinates]
    return round(float(coordinates), decimals)  # type: ignore[arg-type]


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: two sessions may write the same file at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_old_versions(static_dir: Path) -> None:
    """Keep the newest folders only: a page opened before an update may still ask for the former one."""
    folders = sorted((static_dir / "gen").iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT_VERSIONS:]:
        shutil.rmtree(folder, ignore_errors=True)
