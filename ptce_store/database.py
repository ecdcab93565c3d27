"""The connection to SQLite or PostgreSQL: one way to read, one to write, faults told in French.

`Database.write` runs a function in one transaction, once more when the connection broke: what it runs
must give the same result when its first run was committed and the answer lost (ids are made outside).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

from ptce_store.errors import BadUrl, NotFound, StoreNotReady
from ptce_store.faults import Fault, read_fault
from ptce_store.tables import HEAD

Made = TypeVar("Made")
VARIABLE: Final = "PTCE_DATABASE_URL"
DEFAULT_FILE: Final = Path(__file__).resolve().parent.parent / "var" / "atlas.db"
#: Seconds: how long a writer waits for the others, and before the one retry.
WAIT: Final = 5.0
PAUSE: Final = 0.3
#: A server that vanished is noticed within seconds. No prepared statements: poolers between us and the
#: server share connections.
_CONNECT: Final[Mapping[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "prepare_threshold": None,
    "application_name": "atlas-ptce",
}
_WRITES: Final = {"ptce_write": True}
_WHOLE: Final = {"isolation_level": "REPEATABLE READ"}


def address(url: str | None, environment: Mapping[str, str] | None = None) -> URL:
    """Return the address of the database: `url`, else PTCE_DATABASE_URL, else the file in var/.

    Raises BadUrl, which repeats nothing of it, for anything but a SQLite file or PostgreSQL.
    """
    asked = url or (os.environ if environment is None else environment).get(VARIABLE)
    if not asked:
        return URL.create("sqlite", database=str(DEFAULT_FILE))
    try:
        made = make_url(asked)
    except (sa.exc.ArgumentError, ValueError):
        raise BadUrl from None
    if made.get_backend_name() == "postgresql" and made.drivername in ("postgresql", "postgresql+psycopg"):
        return made.set(drivername="postgresql+psycopg")
    # A database in memory would be one per connection, and gone with it.
    if made.drivername == "sqlite" and made.database and ":memory:" not in made.database and not made.query:
        return made
    raise BadUrl


class Database:
    """An engine with our rules: private file, WAL, foreign keys, one retry, errors of `ptce_store.errors`."""

    def __init__(self, url: URL, *, wait: float = WAIT) -> None:
        """`url`: as `address` returns it; `wait`: seconds to wait for other writers."""
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.wait = wait
        self.engine = self._sqlite(Path(url.database or "")) if self.is_sqlite else self._postgres(url)

    def _sqlite(self, path: Path) -> sa.Engine:
        # mode=rw: a file that went away must be noticed, not made anew and empty.
        uri = path.absolute().as_uri() + "?mode=rw"

        def connect() -> sqlite3.Connection:
            made = sqlite3.connect(
                uri, uri=True, timeout=self.wait, isolation_level=None, check_same_thread=False
            )
            try:
                if made.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    made.execute("PRAGMA journal_mode = WAL")
                # What is acknowledged is on the disk, whatever happens to the machine.
                made.execute("PRAGMA synchronous = FULL")
                made.execute("PRAGMA foreign_keys = ON")
                # A damaged or forged file must not run what it holds.
                made.execute("PRAGMA trusted_schema = OFF")
                # What is erased is overwritten; a large import leaves no large journal behind.
                made.execute("PRAGMA secure_delete = ON")
                made.execute("PRAGMA journal_size_limit = 67108864")
            except BaseException:
                made.close()
                raise
            return made

        engine = sa.create_engine(
            "sqlite://",
            creator=connect,
            poolclass=QueuePool,
            pool_size=5,
            max_overflow=15,
            pool_timeout=self.wait,
            hide_parameters=True,  # contents and hashes have no place in a traceback
        )

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            writes = connection.get_execution_options().get("ptce_write")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

        return engine

    def _postgres(self, url: URL) -> sa.Engine:
        engine = sa.create_engine(
            url,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=15,
            pool_timeout=self.wait,
            connect_args=dict(_CONNECT),
            hide_parameters=True,
        )
        milliseconds = int(self.wait * 1000)

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            if connection.get_execution_options().get("ptce_write"):
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")

        return engine

    def create_file(self) -> None:
        """Make the SQLite file, and its folder, for nobody else; nothing where it is there, or for PostgreSQL.

        Raises StoreReadOnly, StoreFull… where the folder takes none.
        """
        if not self.is_sqlite:
            return
        path = Path(self.url.database or "")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600))
        except OSError as error:
            raise read_fault(error).error from None

    def read(self, work: Callable[[sa.Connection], Made], *, whole: bool = False) -> Made:
        """Return what `work` returns; `whole`: everything it reads is of one moment."""
        return self._run(work, _WHOLE if whole and not self.is_sqlite else {})

    def write(self, work: Callable[[sa.Connection], Made], *, ends: bool = False) -> Made:
        """Return what `work` returns once it is committed; nothing of it stays where it raises.

        `ends`: it removes what it needs; when it is run again because the answer was lost, and finds
        nothing any more, it is done.
        """
        return self._run(work, _WRITES, ends=ends)

    def _run(
        self, work: Callable[[sa.Connection], Made], options: Mapping[str, Any], *, ends: bool = False
    ) -> Made:
        first: list[Made] = []
        for attempt in (1, 2):
            try:
                with self.engine.connect().execution_options(**options) as connection, connection.begin():
                    made = work(connection)
                    first.append(made)
                return made
            except NotFound:
                if ends and first:
                    return first[0]
                raise
            except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
                fault = read_fault(error)
                if attempt == 2 or not fault.again:
                    raise fault.error from _told(error, fault)
                if fault.broken:
                    self.engine.dispose()
                    time.sleep(PAUSE)
        raise AssertionError  # the second attempt returned or raised

    def ready(self) -> bool:
        """Tell whether the tables are those of this version of the atlas."""
        return self.version() == HEAD

    def version(self) -> str | None:
        """Return the migration that the database has, None for one without tables."""
        try:
            return self.read(lambda c: c.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())
        except StoreNotReady:
            return None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _told(error: BaseException, fault: Fault) -> BaseException | None:
    """Keep the cause of what nobody foresaw; what is foreseen needs none, and may repeat an address."""
    return None if fault.foreseen else error
