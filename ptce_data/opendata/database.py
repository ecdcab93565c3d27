"""All tables of the data set as one SQLite database, and what Datasette shows of it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.opendata import columns, credits
from ptce_data.opendata.columns import ColumnDoc
from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain
from ptce_data.opendata.resources import RESOURCES
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What says what the database is.
ABOUT: Final = "a_propos"
_SEARCHED: Final = ("name", "themes", "commune_name")
_TYPES: Final = {"str": "TEXT", "Int64": "INTEGER", "Float64": "REAL", "boolean": "INTEGER"}
#: Link of a model, or name of a column -> the table and column that it names.
_TARGETS: Final = {
    **dict.fromkeys(("sources", "source_id", "source_ids", "type_source_id"), ("sources", "id")),
    **dict.fromkeys(("poles", "pole_id"), ("poles", "id")),
    **dict.fromkeys(("programmes", "programme_id"), ("programmes", "id")),
    "support_schemes": ("support_schemes", "id"),
    "label_waves": ("label_waves", "id"),
    "glossary": ("glossary", "id"),
    "uid": ("places", "uid"),
    **dict.fromkeys(("communes", "commune_insee"), ("communes", "commune_insee")),
    "epci_siren": ("epci", "epci_siren"),
    **dict.fromkeys(("departements", "departement_code"), ("departement_codes", "departement_code")),
    **dict.fromkeys(("regions", "region_code"), ("region_codes", "region_code")),
    **dict.fromkeys(
        ("former_region_codes", "former_region_code"), ("former_region_codes", "former_region_code")
    ),
}
#: What names a row where another one points to it.
_LABELS: Final = {
    "sources": "publisher",
    "places": "name",
    "programmes": "programme",
    **dict.fromkeys(("poles", "tiers_lieux", "clusters", "support_schemes", "communes", "epci"), "name"),
    **dict.fromkeys(("region_codes", "former_region_codes", "departement_codes"), "name"),
    "categories": "label",
    "glossary": "term",
}


def sqlite(
    dataset: Dataset,
    path: Path,
    *,
    with_metadata: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Write every resource (`RESOURCES`, areas without their contours) as an SQLite database to `path`.

    Beside it, unless told otherwise, `<stem of path>.metadata.json` for Datasette (`datasette_metadata`).

    Primary keys, foreign keys where every value is found, indexes on these and on columns of codes. A
    column that is a list has a table of its own, `<table>__<column>` (key of the row, `value`).
    `places_fts` searches places without regard to accents; `a_propos` says licence and version. An
    existing file is replaced, only once the new one is whole. `progress(step, steps, table)` is called before
    each table is read, then written. Raises OSError where it cannot be written.
    """
    tell = progress or (lambda step, steps, table: None)
    frames = {}
    for at, (name, resource) in enumerate(RESOURCES.items()):
        tell(at, 2 * len(RESOURCES), name)
        frames[name] = plain(resource.rows(dataset))
    docs = {name: columns.document(dataset, flat, name) for name, flat in frames.items()}
    about = Credits.of(dataset, ABOUT, credits.TITLE, dataset.sources["id"])
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / "atlas.db"
        with contextlib.closing(sqlite3.connect(made)) as base, base:
            # Nobody reads the file before it is whole: it need not survive a failure of the machine.
            base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            for at, (name, flat) in enumerate(frames.items(), start=len(frames)):
                tell(at, 2 * len(frames), name)
                _table(base, name, flat, RESOURCES[name].key, _links(flat, docs[name], name, frames))
                for doc in docs[name]:
                    if doc.type == "liste":
                        _list_table(base, name, doc, flat, frames)
                    elif doc.allowed:
                        base.execute(_index(name, doc.name))
            _search(base)
            lines = pd.DataFrame(about.lines(), columns=["rubrique", "texte"]).astype("str")
            _table(base, ABOUT, lines, ("rubrique",), {})
        if with_metadata:
            words = json.dumps(datasette_metadata(dataset, path.stem), ensure_ascii=False, indent=1)
            path.with_name(f"{path.stem}.metadata.json").write_text(words + "\n", encoding="utf-8")
        made.replace(path)


def _links(
    flat: pd.DataFrame, docs: list[ColumnDoc], table: str, frames: dict[str, pd.DataFrame]
) -> dict[str, tuple[str, str]]:
    """Column -> (table, column) that all its known values name."""
    found = {}
    for doc in docs:
        target = _TARGETS.get(doc.link or doc.name)
        if (
            target
            and doc.type != "liste"
            and target != (table, doc.name)
            and _holds(flat[doc.name], target, frames)
        ):
            found[doc.name] = target
    return found


def _holds(cells: pd.Series, target: tuple[str, str], frames: dict[str, pd.DataFrame]) -> bool:
    known = cells.dropna()
    return bool(known.isin(set(frames[target[0]][target[1]])).all()) and not known.empty


def _table(
    base: sqlite3.Connection,
    name: str,
    flat: pd.DataFrame,
    key: tuple[str, ...],
    links: dict[str, tuple[str, str]],
) -> None:
    lines = [f"{_quoted(c)} {_TYPES.get(str(flat[c].dtype), 'TEXT')}" for c in flat.columns]
    lines.append(f"PRIMARY KEY ({', '.join(map(_quoted, key))})")
    for column, (other, field) in links.items():
        lines.append(f"FOREIGN KEY ({_quoted(column)}) REFERENCES {_quoted(other)} ({_quoted(field)})")
    base.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(lines)})")
    stored = flat.copy(deep=False)
    for column in stored.columns:
        if str(stored[column].dtype).startswith("datetime64"):
            form = "%Y-%m-%d" if is_days(stored[column]) else "%Y-%m-%dT%H:%M:%S"
            stored[column] = stored[column].dt.strftime(form)
    stored.to_sql(name, base, if_exists="append", index=False)
    for column in links:
        base.execute(_index(name, column))


def _list_table(
    base: sqlite3.Connection,
    table: str,
    doc: ColumnDoc,
    flat: pd.DataFrame,
    frames: dict[str, pd.DataFrame],
) -> None:
    key = RESOURCES[table].key
    if len(key) != 1:
        return
    rows = pd.DataFrame(
        [
            (owner, value)
            for owner, cell in zip(flat[key[0]], flat[doc.name], strict=True)
            for value in dict.fromkeys(split_codes(cell))
        ],
        columns=[key[0], "value"],
        dtype="str",
    )
    links = {key[0]: (table, key[0])}
    target = _TARGETS.get(doc.link or doc.name)
    if target and _holds(rows["value"], target, frames):
        links["value"] = target
    _table(base, list_name(table, doc.name), rows, (key[0], "value"), links)


def list_name(table: str, column: str) -> str:
    """The name of the table that holds the values of a list."""
    return f"{table}__{column}"


def _search(base: sqlite3.Connection) -> None:
    fields = ", ".join(_SEARCHED)
    base.execute(
        f"CREATE VIRTUAL TABLE places_fts USING fts5({fields}, content='places', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    base.execute("INSERT INTO places_fts(places_fts) VALUES('rebuild')")


def _index(table: str, column: str) -> str:
    return f"CREATE INDEX {_quoted(f'i_{table}_{column}')} ON {_quoted(table)} ({_quoted(column)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def datasette_metadata(dataset: Dataset, database: str = "atlas") -> dict[str, Any]:
    """The content of `metadata.json` for `datasette <database>.db -m metadata.json`.

    Licence and attribution of the whole; title, description and columns (with unit) of each table.
    """
    about = Credits.of(dataset, ABOUT, credits.TITLE, [])
    tables: dict[str, Any] = {}
    for name, resource in RESOURCES.items():
        docs = columns.document(dataset, plain(resource.rows(dataset).head(1)), name)
        tables[name] = {
            "title": resource.title,
            "description": resource.description,
            "columns": {doc.name: _words(doc) for doc in docs},
        }
        if name in _LABELS:
            tables[name]["label_column"] = _LABELS[name]
        facets = [doc.name for doc in docs if doc.allowed]
        if facets and name == "places":
            tables[name] |= {"facets": ["kind", "territory_type"], "fts_table": "places_fts"}
        for doc in docs:
            if doc.type == "liste" and len(resource.key) == 1:
                tables[list_name(name, doc.name)] = {
                    "title": f"{resource.title} : {doc.title.lower()}",
                    "description": "Une ligne par valeur de la liste.",
                    "columns": {resource.key[0]: "La ligne à qui est la valeur.", "value": _words(doc)},
                }
    return {
        "title": credits.TITLE,
        "description": f"{credits.PERIMETER} {credits.EMPTY} Données {dataset.version}, arrêtées au {about.updated}.",
        "license": credits.LICENCE_TITLE,
        "license_url": credits.LICENCE_URL,
        "source": about.attribution,
        "databases": {database: {"tables": tables}},
    }


def _words(doc: ColumnDoc) -> str:
    unit = f" Unité : {doc.unit}." if doc.unit else ""
    return f"{doc.title}. {doc.description}{unit}"
