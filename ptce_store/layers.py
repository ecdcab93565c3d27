"""The features of a saved layer, asked of PostGIS where it is there, else read from the layer itself.

A layer is kept as the bytes of its GeoJSON file (RFC 7946, EPSG:4326) in both engines: nothing is lost
between them. With PostGIS, a table of features is derived from the current revision, in the transaction
that saves it; it is never what is backed up or moved. What it cannot hold is read from the bytes.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import shapely
import sqlalchemy as sa
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ptce_store import tables as t
from ptce_store.base import Base
from ptce_store.contents import fetch, unpack
from ptce_store.errors import Refused
from ptce_store.identity import Reader
from ptce_store.items import Items
from ptce_store.model import Item, Role

#: Above, a layer is read from its bytes: saving must not take longer than reading saves.
MAX_INDEXED: Final = 50_000
_MAKE: Final = (
    """CREATE TABLE IF NOT EXISTS layer_index (
        item_id text PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE, revision bigint NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS layer_features (
        item_id text NOT NULL REFERENCES items (id) ON DELETE CASCADE, position integer NOT NULL,
        geom geometry CHECK (ST_SRID(geom) = 4326), properties jsonb NOT NULL, PRIMARY KEY (item_id, position))""",
    "CREATE INDEX IF NOT EXISTS ix_layer_features_geom ON layer_features USING gist (geom)",
)
_INSERT: Final = sa.text(
    "INSERT INTO layer_features VALUES (:item, :position, ST_GeomFromWKB(:wkb, 4326), CAST(:properties AS jsonb))"
)
_SELECT: Final = sa.text(
    """SELECT position, ST_AsBinary(geom) AS wkb, CAST(properties AS text) AS properties FROM layer_features
    WHERE item_id = :item ORDER BY position"""
)
# && finds by index on rounded boxes; the numbers then decide.
_INSIDE: Final = sa.text(
    """SELECT position, ST_AsBinary(geom) AS wkb, CAST(properties AS text) AS properties FROM layer_features
    WHERE item_id = :item AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    AND ST_XMin(geom) <= :east AND ST_XMax(geom) >= :west AND ST_YMin(geom) <= :north AND ST_YMax(geom) >= :south
    ORDER BY position"""
)


@dataclass(frozen=True)
class Feature:
    """A feature of a layer: its place in the file (0, 1…), its shape (EPSG:4326, or None), its properties."""

    position: int
    geometry: BaseGeometry | None
    properties: dict[str, Any]


class Layers(Items, Base):
    """Saved layers as features."""

    _postgis: bool | None = None

    def features(
        self,
        reader: Reader,
        item: str,
        *,
        revision: int | None = None,
        bbox: tuple[float, float, float, float] | None = None,
    ) -> tuple[Feature, ...]:
        """Return the features of a layer, in the order of its file.

        `bbox`: only those whose own box meets west, south, east, north (degrees). Raises Refused for an
        item whose content is no GeoJSON FeatureCollection, and NotFound.
        """
        if bbox is not None and not (len(bbox) == 4 and all(math.isfinite(b) for b in bbox)):
            raise Refused("le cadre", "ouest, sud, est et nord en degrés")

        def indexed(connection: sa.Connection) -> tuple[Feature, ...] | None:
            _, found = self._item(connection, reader, item, Role.READER)
            if found.kind != "layer":
                raise Refused("l’élément", "une couche")
            return self._indexed(connection, found, bbox) if revision in (None, found.revision) else None

        found = self.database.read(indexed, whole=True)
        if found is not None:
            return found
        made = read_geojson(self.get(reader, item, revision).content)
        if made is None:
            raise Refused("la couche", "du GeoJSON (une FeatureCollection)")
        return made if bbox is None else tuple(f for f in made if _meets(f.geometry, bbox))

    def index_layers(self) -> int:
        """Make the table of features where PostGIS is there, and fill what misses; return how many layers.

        Part of `Store.upgrade`. 0 in SQLite, and where PostGIS is not there or may not be used.
        """
        if self.database.is_sqlite or not self.database.write(prepare):
            return 0
        self._postgis = True

        def missing(connection: sa.Connection) -> list[Any]:
            done = sa.text(
                "SELECT item_id FROM layer_index JOIN items ON id = item_id AND items.revision = layer_index.revision"
            )
            ids = set(connection.execute(done).scalars())
            rows = connection.execute(sa.select(t.items).where(t.items.c.kind == "layer"))
            return [row for row in rows if row.id not in ids]

        done = 0
        for row in self.database.read(missing):
            done += self.database.write(partial(self._index, item_id=row.id))
        return done

    def _saved(self, connection: sa.Connection, item: Item) -> None:
        super()._saved(connection, item)
        if item.kind == "layer" and self._has_postgis(connection):
            self._index(connection, item.id)

    def _has_postgis(self, connection: sa.Connection) -> bool:
        if self._postgis is None:
            self._postgis = not self.database.is_sqlite and _there(connection)
        return self._postgis

    def _index(self, connection: sa.Connection, item_id: str) -> int:
        """Fill the table of features from the current revision; 1 where the layer fits into it, else 0."""
        locked = sa.select(t.items.c.revision).where(t.items.c.id == item_id).with_for_update()
        revision = connection.execute(locked).scalar()
        row = None if revision is None else fetch(connection, item_id, revision)
        if row is None:
            return 0
        own = {"item": item_id}
        connection.execute(sa.text("DELETE FROM layer_index WHERE item_id = :item"), own)
        connection.execute(sa.text("DELETE FROM layer_features WHERE item_id = :item"), own)
        made = read_geojson(unpack(row.data, row.digest, row.size))
        if made is None or len(made) > MAX_INDEXED:
            return 0
        try:
            with connection.begin_nested():
                values = [_values(item_id, feature) for feature in made]
                if values:
                    connection.execute(_INSERT, values)
                connection.execute(
                    sa.text("INSERT INTO layer_index VALUES (:item, :revision)"), own | {"revision": revision}
                )
        except (sa.exc.DataError, sa.exc.StatementError) as error:
            # jsonb takes no NUL and no lone surrogate; the bytes of the layer do.
            if getattr(error, "connection_invalidated", False) or isinstance(error, sa.exc.OperationalError):
                raise
            return 0
        return 1

    def _indexed(
        self, connection: sa.Connection, item: Item, bbox: tuple[float, float, float, float] | None
    ) -> tuple[Feature, ...] | None:
        if not self._has_postgis(connection):
            return None
        query = sa.text("SELECT revision FROM layer_index WHERE item_id = :item")
        if connection.execute(query, {"item": item.id}).scalar() != item.revision:
            return None
        values: dict[str, Any] = {"item": item.id}
        if bbox is not None:
            values |= dict(zip(("west", "south", "east", "north"), map(float, bbox), strict=True))
        rows = connection.execute(_SELECT if bbox is None else _INSIDE, values)
        return tuple(
            Feature(
                r.position,
                None if r.wkb is None else shapely.from_wkb(bytes(r.wkb)),
                json.loads(r.properties),
            )
            for r in rows
        )


def prepare(connection: sa.Connection) -> bool:
    """Make the table of features; False where PostGIS is not there and cannot be added by this user."""
    has = sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")
    if not connection.execute(has).scalar_one():
        try:
            with connection.begin_nested():
                connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS postgis"))
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise
            return False
    for query in _MAKE:
        connection.execute(sa.text(query))
    return True


def read_geojson(content: bytes) -> tuple[Feature, ...] | None:
    """Return the features of a GeoJSON FeatureCollection, None for anything else; never raises."""
    try:
        data = json.loads(content)
        if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
            return None
        return tuple(_feature(n, f) for n, f in enumerate(data["features"]))
    except (
        ValueError,
        TypeError,
        KeyError,
        LookupError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ):
        return None


def _feature(position: int, feature: dict[str, Any]) -> Feature:
    geometry, properties = feature["geometry"], feature.get("properties") or {}
    return Feature(position, None if geometry is None else shape(geometry), dict(properties))


def _values(item_id: str, feature: Feature) -> dict[str, Any]:
    wkb = None if feature.geometry is None else shapely.to_wkb(feature.geometry, flavor="iso")
    properties = json.dumps(feature.properties)
    return {"item": item_id, "position": feature.position, "wkb": wkb, "properties": properties}


def _meets(geometry: BaseGeometry | None, bbox: tuple[float, float, float, float]) -> bool:
    if geometry is None:
        return False
    west, south, east, north = geometry.bounds  # not numbers for an empty shape: it meets nothing
    return bool(west <= bbox[2] and east >= bbox[0] and south <= bbox[3] and north >= bbox[1])


def _there(connection: sa.Connection) -> bool:
    return connection.execute(sa.text("SELECT to_regclass('layer_index')")).scalar() is not None
