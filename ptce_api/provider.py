"""The pygeoapi provider: features of one collection of the frozen data set, read only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError

from ptce_api import filters
from ptce_api.layers import CRS, Layer

#: How pygeoapi finds the class.
PLUGIN: Final = "ptce_api.provider.DatasetProvider"
#: The exact area of the `bbox` of the current request, in CRS84: pygeoapi itself transforms two corners only,
#: which is another area in Lambert-93.
AREA: Final[ContextVar[shapely.Geometry | None]] = ContextVar("AREA", default=None)
_METRES: Final = 2
_DEGREES: Final = 7


class DatasetProvider(BaseProvider):  # type: ignore[misc]
    """Answers pygeoapi from a `Layer` (given as `data`). Never writes.

    Geometry is CRS84; `crs_transform_spec` asks for another CRS, in the axis order of its authority.
    """

    def __init__(self, provider_def: Mapping[str, Any]) -> None:
        super().__init__(provider_def)
        self.layer: Layer = provider_def["data"]
        self.id_field = self.layer.key
        self.get_fields()

    def get_fields(self) -> dict[str, Any]:
        """Name of a property -> its JSON Schema, with `values` as pygeoapi names an enumeration."""
        self._fields = {field.name: field.json_schema() for field in self.layer.fields}
        return self._fields

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        datetime_: str | None = None,
        properties: Sequence[tuple[str, str]] = (),
        sortby: Sequence[Mapping[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        q: str | None = None,
        filterq: Any = None,
        crs_transform_spec: Any = None,
        **_: Any,
    ) -> dict[str, Any]:
        """A GeoJSON FeatureCollection of rows `offset` to `offset + limit` of what was asked.

        Without `sortby` the order is that of the data, so pages never overlap. `datetime_` selects
        nothing: no feature has a time of its own (OGC API – Features, 7.15.4).
        Raises ProviderInvalidQueryError with a French sentence.
        """
        rows = self._sorted(np.flatnonzero(self._mask(bbox, properties, q, filterq)), sortby)
        page = rows[:0] if resulttype == "hits" else rows[offset : offset + limit]
        features = self._features(page, select_properties, skip_geometry, crs_transform_spec)
        return {
            "type": "FeatureCollection",
            "features": features,
            "numberMatched": len(rows),
            "numberReturned": len(features),
        }

    def get(self, identifier: str, crs_transform_spec: Any = None, **_: Any) -> dict[str, Any]:
        """One feature, with the identifiers of its neighbours. Raises ProviderItemNotFoundError."""
        row = self.layer.rows.get(identifier)
        if row is None:
            raise ProviderItemNotFoundError(user_msg="Cet identifiant n’existe pas dans la collection.")
        made: dict[str, Any] = self._features(np.array([row]), (), False, crs_transform_spec)[0]
        return made

    def _mask(
        self, bbox: Sequence[float], properties: Sequence[tuple[str, str]], q: str | None, filterq: Any
    ) -> np.ndarray:
        layer = self.layer
        mask = np.ones(len(layer.frame), dtype=bool)
        if len(bbox):
            area = AREA.get()
            mask &= filters.inside(layer.frame, filters.box_shape(bbox) if area is None else area)
        for name, asked in properties:
            mask &= filters.equal(layer, name, asked)
        if q:
            mask &= filters.words(layer, q)
        if filterq is not None:
            mask &= filters.cql(layer, filterq)
        return mask

    def _sorted(self, rows: np.ndarray, sortby: Sequence[Mapping[str, str]]) -> np.ndarray:
        """Rows by the asked properties, unknown values last, equal ones in the order of the data."""
        if not sortby or not len(rows):
            return rows
        frame = self.layer.frame.drop(columns="geometry").iloc[rows]
        names = [key["property"] for key in sortby]
        ordered = frame.reset_index(drop=True).sort_values(
            names, ascending=[key["order"] == "+" for key in sortby], kind="stable", na_position="last"
        )
        return rows[ordered.index.to_numpy()]

    def _features(
        self, rows: np.ndarray, select: Sequence[str], skip_geometry: bool, spec: Any
    ) -> list[dict[str, Any]]:
        layer = self.layer
        chosen = [f.name for f in layer.fields if not select or f.name in select]
        columns = [layer.values(name, rows) for name in chosen]
        records = zip(*columns, strict=True) if columns else iter([()] * len(rows))
        shapes: Sequence[Any] = [None] * len(rows)
        if not skip_geometry:
            shapes = geometries(layer.frame.geometry.to_numpy()[rows], spec.target_crs_uri if spec else None)
        return [
            {
                "type": "Feature",
                "id": identifier,
                "properties": dict(zip(chosen, record, strict=True)),
                "geometry": shape,
            }
            for identifier, record, shape in zip(layer.values(layer.key, rows), records, shapes, strict=True)
        ]


def geometries(shapes: np.ndarray, crs_uri: str | None) -> list[dict[str, Any] | None]:
    """GeoJSON geometries of CRS84 shapes, in the CRS and axis order of `crs_uri` (None: as they are)."""
    if crs_uri is not None:
        target = crs_of(crs_uri)
        change = pyproj.Transformer.from_crs(CRS, target).transform
        digits = _DEGREES if target.is_geographic else _METRES
        shapes = shapely.transform(
            shapes, lambda xy: np.round(np.column_stack(change(xy[:, 0], xy[:, 1])), digits)
        )
    written = shapely.to_geojson(shapes)
    return [None if text is None or pd.isna(text) else json.loads(text) for text in written]


def crs_of(uri: str) -> pyproj.CRS:
    """The CRS of an OGC address such as `http://www.opengis.net/def/crs/EPSG/0/2154`."""
    authority, code = uri.rsplit("/", 3)[1::2]
    return pyproj.CRS.from_authority(authority, code)
