"""A selection as CSV or GeoJSON."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd

from ptce_data.text import neutralise


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Plain cells: no geometry, tuples as "a|b", floats as they are."""
    flat = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    for column in flat.columns:
        if flat[column].dtype == object:
            flat[column] = flat[column].map(lambda v: "|".join(v) if isinstance(v, tuple) else v)
    return flat


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """UTF-8 with BOM, comma-separated, one header line; unknown cells empty; formulas neutralised."""
    flat = _flat(frame)
    for column in flat.select_dtypes(include=["str", "object"]).columns:
        flat[column] = flat[column].map(neutralise)
    return flat.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def geojson_bytes(frame: gpd.GeoDataFrame) -> bytes:
    """RFC 7946 FeatureCollection, EPSG:4326; a row without a known place has a null geometry."""
    flat = _flat(frame)
    features = []
    for properties, shape in zip(flat.to_dict("records"), frame.geometry, strict=True):
        features.append(
            {
                "type": "Feature",
                "geometry": None if shape is None or shape.is_empty else _geometry(shape),
                "properties": {k: _plain(v) for k, v in properties.items()},
            }
        )
    made = {"type": "FeatureCollection", "features": features}
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _geometry(shape: Any) -> dict[str, Any]:
    made: dict[str, Any] = shape.__geo_interface__
    if made["type"] == "Point":
        return {"type": "Point", "coordinates": [round(c, 6) for c in made["coordinates"]]}
    return made


def _plain(value: object) -> object:
    """A JSON value: missing is null, numpy numbers become Python's."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    item = getattr(value, "item", None)
    return item() if callable(item) else value


_PUBLIC = (
    "uid", "object_id", "kind", "name", "tiers_lieu_kind", "cluster_kind", "activity_family", "origin",
    "themes", "labels", "programmes", "award_years", "status", "created_year", "territory_type_stated",
    "type_source_id", "territory_type", "territory_type_epci", "territory_type_ze", "scales_agree", "commune_insee", "commune_name", "epci_siren", "departement_code", "region_code",
    "former_region_code", "geo_precision", "lon", "lat", "confidence", "source_ids", "geometry",
)  # fmt: skip


def public(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns of `places` that are handed out: facts and codes, without what only searching needs."""
    return places[[c for c in _PUBLIC if c in places]]
