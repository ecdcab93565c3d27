"""Saved work as lines of JSON that both engines take, and what proves that two databases hold the same."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.errors import BadArchive, NotEmpty

#: Microseconds after 1970 of the last time that Python knows.
_YEAR_9999: Final = 253_402_300_799_000_000
_MODULO: Final = 2**256
#: Rows in memory at a time; contents are large.
_FEW, _MANY = 4, 500


@dataclass
class Fingerprint:
    """How many rows a table has, and a sum of their SHA-256 that does not depend on their order."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a row, as the line that `encode` makes of it."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % _MODULO

    def told(self) -> dict[str, Any]:
        """The fingerprint as it is written in a manifest."""
        return {"rows": self.rows, "sum": f"{self.total:064x}"}


def _raw(table: sa.Table) -> sa.Select[Any]:
    """Ask for the rows as they are stored: a time is a number."""
    columns = [
        sa.type_coerce(c, sa.BigInteger()).label(c.name) if isinstance(c.type, t.Moment) else c
        for c in table.c
    ]
    return sa.select(*columns)


def encode(row: dict[str, Any]) -> bytes:
    """Return a row as one line of JSON, keys sorted; bytes are in base64 under `b64`."""
    plain = {
        k: {"b64": base64.b64encode(v).decode()} if isinstance(v, bytes | memoryview) else v
        for k, v in row.items()
    }
    return json.dumps(plain, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def decode(line: bytes, table: sa.Table) -> dict[str, Any]:
    """Return the row of a line. Raises BadArchive for a line that is none of the table."""
    try:
        read = json.loads(line)
        row = {
            k: base64.b64decode(v["b64"], validate=True) if isinstance(v, dict) else v
            for k, v in read.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadArchive(f"la table {table.name}", "des lignes de sauvegarde") from None
    if (
        not isinstance(read, dict)
        or set(row) != {c.name for c in table.c}
        or not all(_sound(row[c.name], c) for c in table.c)
    ):
        raise BadArchive(f"la table {table.name}", "les champs de cette version de l’atlas")
    return row


def _sound(value: object, column: sa.Column[Any]) -> bool:
    """Tell whether a value is of the type of its column: SQLite itself would take any."""
    if value is None:
        return bool(column.nullable)
    moment = isinstance(column.type, t.Moment)
    if isinstance(column.type, sa.LargeBinary):
        return isinstance(value, bytes)
    if moment or isinstance(column.type, sa.Integer):
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and abs(value) < (_YEAR_9999 if moment else 2**63)
        )
    return isinstance(value, str)


def lines(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Return every row of a table as a line, few in memory at a time."""
    size = _FEW if table is t.blobs else _MANY
    options = {"yield_per": size}
    for row in connection.execution_options().execute(_raw(table), execution_options=options).mappings():
        yield encode(dict(row))


def fill(connection: sa.Connection, table: sa.Table, found: Iterable[bytes]) -> Fingerprint:
    """Insert rows from their lines, and return the fingerprint of the lines."""
    fingerprint = Fingerprint()
    size = _FEW if table is t.blobs else _MANY
    raw = sa.table(table.name, *(sa.column(c.name, _stored(c.type)) for c in table.c))
    rows: list[dict[str, Any]] = []

    def flush() -> None:
        if rows:
            connection.execute(sa.insert(raw), rows)
            rows.clear()

    for line in found:
        fingerprint.add(line)
        rows.append(decode(line, table))
        if len(rows) >= size:
            flush()
    flush()
    return fingerprint


def _stored(kind: Any) -> Any:
    return sa.BigInteger() if isinstance(kind, t.Moment) else kind


def fingerprints(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Return the fingerprint of every table, read back from the database."""
    made: dict[str, dict[str, Any]] = {}
    for table in t.TABLES:
        fingerprint = Fingerprint()
        for line in lines(connection, table):
            fingerprint.add(line)
        made[table.name] = fingerprint.told()
    return made


def make_room(connection: sa.Connection, *, replace: bool) -> None:
    """Empty a database that is to be filled. Raises NotEmpty where it holds something, unless `replace`."""
    spaces = connection.execute(sa.select(sa.func.count()).select_from(t.spaces)).scalar_one()
    if spaces and not replace:
        raise NotEmpty(spaces)
    for table in reversed(t.TABLES):
        connection.execute(table.delete())
