"""What every part of the store stands on: the database, the clock, the key, and who may do what."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ptce_store import tables as t
from ptce_store.database import Database
from ptce_store.errors import AccountsOff, NotAllowed, NotFound
from ptce_store.identity import Reader, account_hash, key_check, same
from ptce_store.model import Item, Limits, Role

Clock = Callable[[], datetime]
_ID: Final = re.compile(r"[0-9a-f]{32}")
_KEY: Final = "account_key_check"


def now_utc() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that nobody guesses: 122 bits of chance, in 32 hexadecimal digits."""
    return uuid.uuid4().hex


def is_id(text: object) -> bool:
    """Tell whether `text` is formed like an id; nothing else ever reaches the database."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


@dataclass(frozen=True)
class Access:
    """A space that somebody may enter: its row, their role in it, their opaque account id (None: a link)."""

    space: Any
    role: Role
    actor: str | None

    @property
    def id(self) -> str:
        """The id of the space."""
        return str(self.space.id)


class Base:
    """Rights and helpers; `Store` adds what people do."""

    def __init__(self, database: Database, *, key: bytes | None, limits: Limits, clock: Clock) -> None:
        """`key`: keys the hashes of accounts (32 bytes at least), None where there are no accounts."""
        self.database, self.limits, self.clock = database, limits, clock
        self._key = key
        self._key_checked = False

    def _account(self, connection: sa.Connection, reader: Reader, *, make: bool = False) -> str | None:
        """Return the opaque id of the reader's account, None without one; `make`: make it where it misses."""
        if reader.account is None:
            return None
        found_hash = account_hash(self._key, reader.account)
        self._same_key(connection, make)
        query = sa.select(t.accounts.c.id).where(t.accounts.c.subject_hash == found_hash)
        found: str | None = connection.execute(query).scalar()
        if found is None and make:
            insert_new(
                connection,
                t.accounts,
                {"id": new_id(), "subject_hash": found_hash, "created_at": self.clock()},
            )
            found = connection.execute(query).scalar_one()
        return found

    def _same_key(self, connection: sa.Connection, make: bool) -> None:
        """Refuse another key than the first one: everybody would seem to have lost their work."""
        if self._key_checked or self._key is None:
            return
        query = sa.select(t.meta.c.value).where(t.meta.c.key == _KEY)
        found = connection.execute(query).scalar()
        if found is None and make:
            insert_new(connection, t.meta, {"key": _KEY, "value": key_check(self._key)})
            found = connection.execute(query).scalar_one()
        if found is not None and found != key_check(self._key):
            raise AccountsOff(changed=True)
        self._key_checked = found is not None

    def _enter(
        self,
        connection: sa.Connection,
        reader: Reader,
        space_id: str,
        role: Role,
        *,
        lock: bool = False,
        make: bool = False,
    ) -> Access:
        """Return the access of `reader` to a space. Raises NotFound, or NotAllowed where they may only read.

        `lock`: nobody else changes the space until the end of the transaction (SQLite has one writer anyway).
        """
        row = None
        if is_id(space_id):
            query = sa.select(t.spaces).where(t.spaces.c.id == space_id)
            row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        actor = self._account(connection, reader, make=make)
        held = self._role(connection, reader, actor, row)
        if row is None or held is None:
            raise NotFound
        if held < role:
            raise NotAllowed(role.name, role.words)
        return Access(row, held, actor)

    def _role(self, connection: sa.Connection, reader: Reader, actor: str | None, row: Any) -> Role | None:
        if row is None:
            return None
        if row.kind == "link":
            hashes = reader.hashes
            if any(same(h, row.write_hash) for h in hashes):
                return Role.OWNER
            return Role.READER if any(same(h, row.read_hash) for h in hashes) else None
        if actor is None:
            return None
        if row.kind == "personal":
            return Role.OWNER if row.account_id == actor else None
        member = t.members.c
        role = connection.execute(
            sa.select(member.role).where(member.space_id == row.id, member.account_id == actor)
        ).scalar()
        return None if role is None else Role(role)

    def _item(
        self,
        connection: sa.Connection,
        reader: Reader,
        item_id: str,
        role: Role,
        *,
        lock: bool = False,
        deleted: bool = False,
    ) -> tuple[Access, Item]:
        """Return the access to the space of an item, and the item. Raises NotFound or NotAllowed.

        `deleted`: take one that waits for its end, and only such a one.
        """
        query = sa.select(t.items).where(t.items.c.id == item_id)
        row = connection.execute(query).one_or_none() if is_id(item_id) else None
        access = self._enter(connection, reader, row.space_id if row is not None else "", role, lock=lock)
        if lock:  # it may have changed while we waited
            row = connection.execute(query).one_or_none()
        if row is None or (row.deleted_at is not None) is not deleted:
            raise NotFound
        return access, as_item(row)

    def _note(self, connection: sa.Connection, access: Access, action: str, item: str | None = None) -> None:
        """Write a line of the log: who, what, which item, when; never a content or a name."""
        line = {"id": new_id(), "at": self.clock(), "actor": access.actor, "action": action}
        connection.execute(t.audit.insert().values(**line, space_id=access.id, item_id=item))


def as_item(row: Any) -> Item:
    """Return a row of the table of items as an Item."""
    return Item(
        id=row.id, kind=row.kind, name=row.name, space=row.space_id, revision=row.revision, size=row.size,
        created_at=row.created_at, saved_at=row.saved_at, deleted_at=row.deleted_at,
    )  # fmt: skip


def insert_new(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """Insert a row unless one with the same key is there; tell whether it was inserted."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    query = make(table).values(**row).on_conflict_do_nothing()
    # Told by what comes back: a count of inserted rows is not kept by every driver.
    return connection.execute(query.returning(sa.literal(1))).first() is not None


def batches(values: Collection[str], size: int = 500) -> list[list[str]]:
    """Cut `values` into lists that fit into one query."""
    made = sorted(values)
    return [made[n : n + size] for n in range(0, len(made), size)]
