"""The store: where saved work is, and everything that is done with it."""

from __future__ import annotations

import os
from typing import Final

from ptce_store.archive import Archives
from ptce_store.base import Base, Clock, now_utc
from ptce_store.checks import check
from ptce_store.database import WAIT, Database, address
from ptce_store.deletion import Deletion
from ptce_store.errors import StoreUnavailable
from ptce_store.items import Items
from ptce_store.layers import Layers
from ptce_store.model import Limits
from ptce_store.people import People
from ptce_store.spaces import Spaces
from ptce_store.upgrading import upgrade

KEY_VARIABLE: Final = "PTCE_STORE_KEY"


class Store(Layers, Archives, Deletion, Items, People, Spaces, Base):
    """Saved work. One per process, used by all its threads; every method says who asks (`Reader`).

    Every method may raise StoreUnavailable (database away, locked, full, read-only, damaged): nothing
    was written then, and str() of it is a French sentence for the user.
    """

    def ready(self) -> bool:
        """Tell whether the database answers, with the tables of this version; raises nothing."""
        try:
            return self.database.ready()
        except StoreUnavailable:
            return False

    def upgrade(self) -> tuple[str | None, str]:
        """Make or bring up to date the tables, and the features of layers with PostGIS.

        Returns the version before (None: no tables) and after. Raises StoreNotReady for a database of a
        newer atlas, StoreUnavailable.
        """
        done = upgrade(self.database)
        self.index_layers()
        return done

    def check(self) -> tuple[str, ...]:
        """Return what is wrong in the database, one French sentence each; see `ptce_store.checks`."""
        return check(self.database)

    def close(self) -> None:
        """Close every connection; the store opens them again when it is asked."""
        self.database.close()


def open_store(
    url: str | None = None,
    *,
    key: str | None = None,
    limits: Limits | None = None,
    clock: Clock = now_utc,
    wait: float = WAIT,
) -> Store:
    """Return the store at `url`, else at PTCE_DATABASE_URL, else in `var/atlas.db`.

    A SQLite file is made, and brought up to date, at once; PostgreSQL by `Store.upgrade` (`db upgrade`)
    only, as several replicas share it. A database that does not answer now makes no error here: what is
    asked of it does. `key`: keys the hashes of accounts, 32 characters at least, by default
    PTCE_STORE_KEY; needed with accounts only, and never to be changed. `wait`: seconds to wait for other
    writers. Raises BadUrl.
    """
    secret = key or os.environ.get(KEY_VARIABLE) or ""
    database = Database(address(url), wait=wait)
    store = Store(
        database,
        key=secret.encode() if secret else None,
        limits=Limits() if limits is None else limits,
        clock=clock,
    )
    if database.is_sqlite:
        try:
            database.create_file()
            if not database.ready():
                store.upgrade()
        except StoreUnavailable:
            pass  # told to whoever saves, who may still read the atlas
    return store
