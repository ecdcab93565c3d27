"""GeoPackage -> RawLayer: checked with SQLite first, read by GDAL from a copy, never written."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_shapes import bounded, system_of, text_frame
from ptce_data.own_layers.limits import MAX_ROWS
from ptce_data.own_layers.model import RawLayer
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, listing, number, quoted

_IDS: Final = (b"GPKG", b"GP10", b"GP11")
#: Steps of SQLite's machine after which a question to the file is given up: a second or so.
_STEPS: Final = 2_000
_TURNS: Final = 20_000
_AGAIN: Final = "exportez-le de nouveau en GPKG"


def read_gpkg(file: str, data: bytes, part: str | None, digest: str, notes: list[str]) -> RawLayer:
    """Return the layer `part` of a GeoPackage, or its first one with rows. Raises LayerError."""
    if data[68:72] not in _IDS:
        raise LayerError(file, "cette base SQLite n’est pas un GeoPackage", "exportez la couche en GPKG")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "couche.gpkg"
        path.write_bytes(data)
        try:
            counts = _layers(file, path)
        except (sqlite3.Error, UnicodeError, OverflowError):
            raise LayerError(file, "ce GeoPackage est abîmé, ou demande trop de calculs", _AGAIN) from None
        if part is not None and part not in counts:
            raise LayerError(file, "cette couche n’y est pas", "choisissez une de ses couches", value=part)
        title = part if part is not None else next((name for name, rows in counts.items() if rows), "")
        if not counts.get(title):
            raise LayerError(
                file, "il n’a aucune couche qui ait des lignes", "exportez une couche qui a des objets"
            )
        if counts[title] > MAX_ROWS:
            raise LayerError(
                file,
                f"sa couche {quoted(shown(title))} a plus de {number(MAX_ROWS)} lignes",
                "gardez les lignes utiles",
            )
        try:
            frame = gpd.read_file(path, layer=title, LIST_ALL_TABLES="NO", PRELUDE_STATEMENTS="")
        except Exception:  # GDAL, SQLite and their bindings each have errors of their own
            raise LayerError(file, f"sa couche {quoted(shown(title))} est illisible", _AGAIN) from None
    others = [quoted(shown(name)) for name in counts if name != title]
    if others and part is None:
        notes.append(
            f"Couche lue{NBSP}: {quoted(shown(title))}{NBSP}; laissées de côté{NBSP}: {listing(others[:5])}."
        )
    return layer_of(file, frame, "gpkg", title, tuple(counts), digest, notes)


def layer_of(
    file: str, frame: Any, kind: str, part: str, parts: tuple[str, ...], digest: str, notes: list[str]
) -> RawLayer:
    """Return a frame of GDAL as RawLayer: text cells, shapes in two dimensions."""
    shapes: gpd.GeoSeries | None = None
    crs: str | None = None
    if isinstance(frame, gpd.GeoDataFrame):
        crs = system_of(frame.geometry)
        shapes = gpd.GeoSeries(bounded(file, frame.geometry.to_numpy().astype(object), notes))
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        if crs is None:
            notes.append("Système de coordonnées non indiqué par le fichier.")
    if not len(frame):
        raise LayerError(file, "il n’a aucune ligne", "exportez une couche qui a des objets")
    lines = tuple(int(n) for n in np.arange(1, len(frame) + 1))
    columns = [frame.iloc[:, at].tolist() for at in range(frame.shape[1])]
    cells = text_frame(file, list(frame.columns), zip(*columns, strict=True), len(frame), notes)
    return RawLayer(file, digest, kind, part, parts, cells, lines, shapes, crs, tuple(notes))


def _layers(file: str, path: Path) -> dict[str, int]:
    """Return the layers (tables only) and their numbers of rows; refuses a file that would run its own SQL."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as base:
        turns = [_TURNS]

        def give_up() -> int:
            turns[0] -= 1
            return turns[0] < 0

        base.set_progress_handler(give_up, _STEPS)
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 60_000_000)
        base.execute("PRAGMA trusted_schema = OFF")
        objects = {
            str(name).lower(): (str(name), str(kind), str(sql or ""))
            for name, kind, sql in base.execute(
                "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"
            )
        }
        # GDAL asks the tables of the format themselves: none of them may be a question in disguise.
        for folded, (_, kind, sql) in objects.items():
            if folded.startswith("gpkg_") and (kind != "table" or _computed(base, folded, sql)):
                raise LayerError(file, "une de ses tables internes est une requête", _AGAIN)
        named = base.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY rowid LIMIT 200"
        ).fetchall()
        counts = {}
        for (name,) in named:
            known = objects.get(str(name).lower())
            if known is None:
                continue
            if known[1] != "table" or _computed(base, known[0], known[2]):
                continue
            quoted_name = '"' + known[0].replace('"', '""') + '"'
            limited = f"SELECT count(*) FROM (SELECT 1 FROM {quoted_name} LIMIT {MAX_ROWS + 1})"  # noqa: S608 (a quoted name)
            counts[known[0]] = int(base.execute(limited).fetchone()[0])
    return counts


def _computed(base: sqlite3.Connection, name: str, sql: str) -> bool:
    """Tell whether a table is virtual, or has columns that SQLite computes."""
    if sql.lstrip().upper().startswith("CREATE VIRTUAL"):
        return not name.lower().startswith("rtree_")
    columns = base.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
    return any(hidden in (2, 3) for (hidden,) in columns)
