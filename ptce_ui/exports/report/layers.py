"""The layers of a study as one GeoPackage, EPSG:4326: perimeter, communes, places, surroundings."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_data.layers import CRS
from ptce_data.study import Area
from ptce_ui.exports.report.facts import Facts

_PLACES: Final = [
    "uid", "object_id", "name", "kind", "subkind", "label", "where", "distance_km", "commune_insee", "commune_name", "territory_type",
    "status", "geo_precision", "lon", "lat", "origin", "note", "correction", "hidden", "source", "source_ids", "confidence",
]  # fmt: skip
_COMMUNES: Final = [
    "commune_insee", "name", "epci_siren", "epci_name", "departement_code", "region_code", "former_region_code", "population",
    "area_km2", "territory_type", "share_inside_pct",
]  # fmt: skip


def layers(facts: Facts) -> dict[str, gpd.GeoDataFrame]:
    """Layer name -> frame: perimetre, communes (with types and access), lieux, zone where there is one.

    A place without position is kept, without geometry; `lieux` holds the places left out by the author too, marked.
    Access: `acces_km_<kind>`, km from the commune's point to the nearest place, missing where there is none.
    """
    area = facts.area
    if area is None:
        return {}
    about = {
        "title": facts.study.title, "population": area.population, "area_km2": round(area.area_km2, 3),
        "communes": len(area.communes), "zone_km": area.perimeter.zone_km, "made_on": facts.today.isoformat(),
        "data_version": facts.dataset.version_said,
    }  # fmt: skip
    made = {
        "perimetre": _frame(pd.DataFrame([about]), [_multi(area.geometry)]),
        "communes": _communes(facts, area),
        "lieux": _places(facts),
    }
    if area.zone_geometry is not None:
        ring = pd.DataFrame([{"title": facts.study.title, "zone_km": area.perimeter.zone_km}])
        made["zone"] = _frame(ring, [_multi(area.zone_geometry)])
    return made


def geopackage(facts: Facts) -> bytes:
    """The layers as a GeoPackage; empty bytes without a perimeter."""
    frames = layers(facts)
    if not frames:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "couches.gpkg"
        for name, frame in frames.items():
            kind = "Point" if name == "lieux" else "MultiPolygon"
            mode = "a" if path.exists() else "w"
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode=mode, geometry_type=kind)
        # The date in the file is that of the study, so that equal facts give equal files.
        with contextlib.closing(sqlite3.connect(path)) as base, base:
            base.execute(
                "UPDATE gpkg_contents SET last_change = ?", (f"{facts.today.isoformat()}T12:00:00.000Z",)
            )
        with contextlib.closing(sqlite3.connect(path)) as base:
            # The date that was there stays in the free space of its page until the file is packed.
            base.execute("VACUUM")
        made = bytearray(path.read_bytes())
        # SQLite counts its writes, of which GDAL does one more or less as the clock goes.
        made[24:28] = made[92:96] = b"\0\0\0\1"
        return bytes(made)


def _communes(facts: Facts, area: Area) -> gpd.GeoDataFrame:
    rows = area.communes[_COMMUNES].reset_index(drop=True)
    if facts.access is not None:
        away = facts.access.communes
        for kind, own in away.groupby("kind", sort=False):
            known = own.set_index("commune_insee")["distance_km"]
            rows[f"acces_km_{kind}"] = rows["commune_insee"].map(known).replace(np.inf, np.nan)
    layer = facts.dataset.communes
    own_layer = layer[layer["commune_insee"].isin(rows["commune_insee"])]
    shapes = dict(zip(own_layer["commune_insee"], own_layer.geometry, strict=True))
    return _frame(rows, [_multi(shapes[c]) for c in rows["commune_insee"]])


def _places(facts: Facts) -> gpd.GeoDataFrame:
    rows = facts.places.reindex(columns=_PLACES).reset_index(drop=True)
    rows["distance_km"] = rows["distance_km"].replace(np.inf, np.nan)
    points = [
        shapely.Point(lon, lat) if pd.notna(lon) and pd.notna(lat) else None
        for lon, lat in zip(rows["lon"], rows["lat"], strict=True)
    ]
    return _frame(rows, points)


def _frame(rows: pd.DataFrame, shapes: list[shapely.Geometry | None]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)


def _multi(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape
