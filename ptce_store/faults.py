"""What an error of SQLite, PostgreSQL or the system means for somebody who saves."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from ptce_store.errors import (
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreNotReady,
    StoreReadOnly,
    StoreUnavailable,
)


@dataclass(frozen=True)
class Fault:
    """`error`: what to raise; `again`: trying once more may do; `broken`: other connections are broken too.

    `foreseen`: the error says it all, its cause is not to be shown.
    """

    error: StoreError
    again: bool = False
    broken: bool = False
    foreseen: bool = True


#: The first byte of an extended code of SQLite.
_SQLITE: Final[dict[int, type[StoreError]]] = {
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_CORRUPT: StoreCorrupt,
    sqlite3.SQLITE_NOTADB: StoreCorrupt,
    sqlite3.SQLITE_CANTOPEN: StoreUnavailable,
    sqlite3.SQLITE_IOERR: StoreUnavailable,
}
#: SQLSTATE, or its class (two characters).
_POSTGRES: Final[dict[str, type[StoreError]]] = {
    "53100": StoreFull,
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "25006": StoreReadOnly,
    "42501": StoreReadOnly,
    "42P01": StoreNotReady,
    "42703": StoreNotReady,
    "XX001": StoreCorrupt,
    "XX002": StoreCorrupt,
}
_SYSTEM: Final[dict[int, type[StoreError]]] = {
    errno.ENOSPC: StoreFull,
    errno.EDQUOT: StoreFull,
    errno.EACCES: StoreReadOnly,
    errno.EPERM: StoreReadOnly,
    errno.EROFS: StoreReadOnly,
}


def read_fault(error: BaseException) -> Fault:
    """Return what `error` means; StoreUnavailable, with its cause, for one that nobody foresaw."""
    if isinstance(error, sa.exc.TimeoutError):  # every connection of the pool is taken
        return Fault(StoreBusy())
    if isinstance(error, OSError):
        return Fault(_SYSTEM.get(error.errno or 0, StoreUnavailable)())
    raw = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(raw, sqlite3.Error):
        return _of_sqlite(raw)
    state = getattr(raw, "sqlstate", None)
    if isinstance(state, str):
        return _of_postgres(state, error)
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):  # no server, or it went away
        return Fault(StoreUnavailable(), again=True, broken=True)
    return Fault(StoreUnavailable(), foreseen=False)


def _of_sqlite(error: sqlite3.Error) -> Fault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE:
        return Fault(_SQLITE[code]())
    if str(error).startswith(("no such table", "no such column")):
        return Fault(StoreNotReady())
    # Two writers made the same row: the second run finds the first one's.
    return Fault(StoreUnavailable(), again=code == sqlite3.SQLITE_CONSTRAINT, foreseen=False)


def _of_postgres(state: str, error: BaseException) -> Fault:
    kind = _POSTGRES.get(state)
    if kind is not None:
        return Fault(kind())
    if state in ("40001", "40P01", "23505", "23503"):  # deadlock, or two writers made the same row
        return Fault(StoreBusy(), again=True)
    gone = state[:2] in ("08", "57", "28", "3D", "53") or getattr(error, "connection_invalidated", False)
    return Fault(StoreUnavailable(), again=gone, broken=gone, foreseen=gone)
