"""Back up, restore, move: one format for both engines, checked before anything is called done.

A backup is a ZIP file: `sauvegarde.json` (format, version, fingerprints), then one file of JSON lines per
table. It holds what the database holds: hashes of links and accounts, never the links themselves.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.database import Database
from ptce_store.errors import BadArchive, StoreCorrupt, StoreError, StoreNotReady
from ptce_store.faults import read_fault
from ptce_store.portable import Fingerprint, fill, fingerprints, lines, make_room
from ptce_store.upgrading import upgrade

FORMAT: Final = "atlas-ptce-sauvegarde"
VERSION: Final = 1
_MANIFEST: Final = "sauvegarde.json"
#: Of one line: the largest layer, in base64.
_MAX_LINE: Final = 100_000_000
_MAX_MANIFEST: Final = 1_000_000


@dataclass(frozen=True)
class Copied:
    """What was backed up, restored or moved: rows of each table, bytes of the contents once compressed."""

    rows: dict[str, int]
    stored: int


def backup(database: Database, out: Path) -> Copied:
    """Write a backup of one moment into a new file that only its owner reads, while others go on saving.

    The file appears complete or not at all. Raises FileExistsError where there is one already,
    StoreNotReady, StoreReadOnly or StoreFull where it cannot be written.
    """
    _need_ready(database)
    if out.exists():
        raise FileExistsError(out.name)
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")  # mode 600
        try:
            with os.fdopen(handle, "w+b") as file:
                copied = database.read(lambda c: _write(c, file), whole=True)
                file.flush()
                os.fsync(file.fileno())
            os.link(name, out)  # fails, rather than replacing, where somebody made one meanwhile
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise read_fault(error).error from None
    return copied


def _write(connection: sa.Connection, file: IO[bytes]) -> Copied:
    file.seek(0)
    file.truncate()
    told: dict[str, Any] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for table in t.TABLES:
            fingerprint = Fingerprint()
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                for line in lines(connection, table):
                    fingerprint.add(line)
                    member.write(line + b"\n")
            told[table.name] = fingerprint.told()
        manifest = {"format": FORMAT, "version": VERSION, "schema": t.HEAD, "tables": told}
        manifest["created_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    return _copied(connection, told)


def restore(database: Database, file: Path, *, replace: bool = False) -> Copied:
    """Fill a database from a backup of either engine, all or nothing.

    Raises BadArchive for a broken or foreign file, NotEmpty for a database that holds something unless
    `replace`, which empties it first.
    """
    upgrade(database)
    try:
        with zipfile.ZipFile(file) as archive:
            told = _manifest(archive)

            def work(connection: sa.Connection) -> Copied:
                make_room(connection, replace=replace)
                for table in t.TABLES:
                    with archive.open(f"{table.name}.jsonl") as member:
                        _fill(connection, table, _lines(member, table))
                if fingerprints(connection) != told:
                    raise BadArchive("la sauvegarde", "le contenu que sa table des matières annonce")
                return _copied(connection, told)

            return database.write(work)
    except StoreError:
        raise
    except (FileNotFoundError, PermissionError, IsADirectoryError):
        raise BadArchive("la sauvegarde", "un fichier qui existe et peut être lu") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        LookupError,
        OSError,
    ):
        raise BadArchive("la sauvegarde", "une sauvegarde de l’atlas, entière") from None


def move(source: Database, target: Database, *, replace: bool = False) -> Copied:
    """Copy everything from a database into another; the source stays as it is.

    Everything is read back from the target and compared before it is committed. Nobody should save into
    the source meanwhile: what is saved after the start is not in the copy. Raises NotEmpty, StoreNotReady
    for a source of another version, StoreCorrupt where what was read back differs.
    """
    _need_ready(source)
    upgrade(target)

    def copy(reading: sa.Connection) -> Copied:
        def work(writing: sa.Connection) -> Copied:
            make_room(writing, replace=replace)
            told = {table.name: fill(writing, table, lines(reading, table)).told() for table in t.TABLES}
            if fingerprints(writing) != told:
                raise StoreCorrupt
            return _copied(writing, told)

        return target.write(work)

    return source.read(copy, whole=True)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    with archive.open(_MANIFEST) as file:
        told = json.loads(file.read(_MAX_MANIFEST))
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BadArchive("la sauvegarde", "une sauvegarde de l’atlas")
    if told.get("version") != VERSION or told.get("schema") != t.HEAD:
        raise BadArchive("la sauvegarde", f"le format {VERSION} et la version {t.HEAD} de la base")
    return dict(told["tables"])


def _lines(member: IO[bytes], table: sa.Table) -> Iterator[bytes]:
    while line := member.readline(_MAX_LINE):
        if not line.endswith(b"\n"):
            raise BadArchive(f"la table {table.name}", "des lignes entières")
        yield line[:-1]


def _fill(connection: sa.Connection, table: sa.Table, found: Iterator[bytes]) -> None:
    try:
        fill(connection, table, found)
    except (sa.exc.IntegrityError, sa.exc.DataError):
        raise BadArchive(f"la table {table.name}", "des lignes qui vont ensemble") from None


def _copied(connection: sa.Connection, told: dict[str, Any]) -> Copied:
    stored = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(t.blobs.c.stored), 0))).scalar_one()
    return Copied({name: int(one["rows"]) for name, one in told.items()}, int(stored))


def _need_ready(database: Database) -> None:
    if not database.ready():
        raise StoreNotReady


@contextlib.contextmanager
def opened(url: Any) -> Iterator[Database]:
    """Open a database for a command, and close it."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
