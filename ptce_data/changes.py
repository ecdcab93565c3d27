"""What changed between two folders of data: rows by their key, cell by cell; layers by code and shape.

Cells are compared as they are written, as text: nothing is typed, so a version of the data that follows
another schema is compared too. A row whose key changed is one row removed and one added.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ptce_data import schema, shapechanges
from ptce_data.load import RULES_FILE, version
from ptce_data.opendata.resources import RESOURCES
from ptce_data.shapechanges import LayerChanges

Key = tuple[str, ...]
Cells = dict[str, str]
_RULES_HEADER: Final = ["field", "value"]
_RULES_KEY: Final = ("field",)
_RULES_TITLE: Final = "Seuils des types de territoire"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
#: The columns that name a row to people, the first one that it has.
_NAMES: Final = (
    "name",
    "programme",
    "publisher",
    "label",
    "beneficiary_name",
    "entity_name",
    "event",
    "metric",
)


class ChangesError(ValueError):
    """Two folders cannot be compared; the message is one French sentence."""


@dataclass(frozen=True)
class FieldChange:
    """A cell: its field, what was written, what is written; empty = unknown."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """A row: `kind` is added, removed or changed; `fields` are the cells that differ, all filled cells of
    a row added or removed."""

    kind: str
    key: Key
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class TableChanges:
    """A table: its file in the folder, its rows that differ, and the columns of one version only."""

    file: str
    title: str
    key: tuple[str, ...]
    rows: tuple[RowChange, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()

    def count(self, kind: str) -> int:
        """Rows of a kind."""
        return sum(row.kind == kind for row in self.rows)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.rows or self.columns_added or self.columns_removed)


@dataclass(frozen=True)
class Changes:
    """Two versions of the data and all that differs between them; what is the same is left out."""

    old_version: str
    new_version: str
    tables: tuple[TableChanges, ...] = ()
    layers: tuple[LayerChanges, ...] = field(default=())

    @property
    def same(self) -> bool:
        """Whether no table and no layer differs."""
        return not (self.tables or self.layers)


def compare(old: Path, new: Path, step: Callable[[str], None] | None = None) -> Changes:
    """Compare two folders of data; `step` is called with the name of each file once it is compared.

    Raises ChangesError for a file that cannot be read.
    """
    done = step or (lambda _: None)
    tables, layers = [], []
    for file in files(old, new):
        mine, theirs = _content(old / file), _content(new / file)
        if mine != theirs:
            if file.endswith(".parquet"):
                layers.append(shapechanges.compare(file, old / file, new / file))
            else:
                tables.append(_table(file, _rows(file, mine), _rows(file, theirs)))
        done(file)
    return Changes(
        version(old),
        version(new),
        tuple(t for t in tables if not t.same),
        tuple(one for one in layers if not one.same),
    )


def files(old: Path, new: Path) -> list[str]:
    """The files to compare, of either folder: tables in the order of the schema, others, rules, layers."""
    found = {
        path.relative_to(folder).as_posix()
        for folder in (old, new)
        for pattern in ("*.csv", "codes/*.csv", RULES_FILE, "geo/*.parquet")
        for path in folder.glob(pattern)
    }
    known = list(schema.PATHS.values())
    order = {name: rank for rank, name in enumerate(known)}
    return sorted(found, key=lambda f: (f.endswith(".parquet"), order.get(f, len(known)), f))


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _rows(file: str, content: bytes) -> tuple[list[str], list[Cells]]:
    """Header and rows of a file; the file of rules is read as rows of field and value."""
    try:
        text = content.decode("utf-8-sig")
        if file == RULES_FILE:
            sections = tomllib.loads(text)
            made = [
                {"field": f"{section}.{name}", "value": str(value)}
                for section, fields in sections.items()
                for name, value in (fields.items() if isinstance(fields, dict) else {"": fields}.items())
            ]
            return list(_RULES_HEADER), made
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header, *body = list(reader) or [[]]
    except (UnicodeDecodeError, csv.Error, tomllib.TOMLDecodeError) as error:
        raise ChangesError(f"« {file} » ne peut être lu ({type(error).__name__}).") from error
    for line, cells in enumerate(body, start=2):
        if len(cells) != len(header):
            raise ChangesError(
                f"« {file} », ligne {line} environ : {len(cells)} cellules au lieu de {len(header)}."
            )
    return header, [dict(zip(header, cells, strict=True)) for cells in body]


def _table(file: str, old: tuple[list[str], list[Cells]], new: tuple[list[str], list[Cells]]) -> TableChanges:
    names = {path: name for name, path in schema.PATHS.items()}
    headers = [set(header) for header, _ in (old, new) if header]
    key = _key(names.get(file), set.intersection(*headers) if headers else set(), old[0] or new[0])
    before, after = _keyed(old[1], key), _keyed(new[1], key)
    changed = []
    for one in [*after, *(k for k in before if k not in after)]:
        fields = _fields(before.get(one, {}), after.get(one, {}))
        if one not in before or one not in after or fields:
            kind = ADDED if one not in before else REMOVED if one not in after else CHANGED
            changed.append(RowChange(kind, one, _name(after.get(one) or before[one]), fields))
    return TableChanges(
        file=file,
        title=_title(file, names.get(file)),
        key=key,
        rows=tuple(changed),
        columns_added=tuple(c for c in new[0] if c not in old[0]) if old[0] else (),
        columns_removed=tuple(c for c in old[0] if c not in new[0]) if new[0] else (),
    )


def _title(file: str, table: str | None) -> str:
    if table is not None:
        return schema.table_text(table)[0]
    return _RULES_TITLE if file == RULES_FILE else file


def _key(table: str | None, shared: set[str], header: list[str]) -> tuple[str, ...]:
    """The columns that tell rows apart: those of the schema, else `id`, else all."""
    wanted = _RULES_KEY if header == _RULES_HEADER else RESOURCES[table].key if table else ("id",)
    if set(wanted) <= shared:
        return wanted
    return tuple(c for c in header if c in shared)


def _keyed(rows: list[Cells], key: tuple[str, ...]) -> dict[Key, Cells]:
    """Rows by key; a key met again is told apart by its rank, so that no row is lost."""
    made: dict[Key, Cells] = {}
    seen: Counter[Key] = Counter()
    for cells in rows:
        one = tuple(cells[c] for c in key)
        seen[one] += 1
        made[one if seen[one] == 1 else (*one, f"({seen[one]})")] = cells
    return made


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    pairs = ((c, before.get(c, ""), after.get(c, "")) for c in dict.fromkeys([*after, *before]))
    return tuple(FieldChange(c, old, new) for c, old, new in pairs if old != new)


def _name(cells: Mapping[str, Any]) -> str:
    return next((str(cells[c]) for c in _NAMES if cells.get(c)), "")
