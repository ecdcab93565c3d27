"""The tables, the same in SQLite and PostgreSQL: texts, whole numbers, bytes; times are microseconds of UTC.

Alembic makes them (`migrations/`); this module is what the queries are written with. A test compares both.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

#: The newest migration: what `Store.ready` looks for without loading Alembic.
HEAD: Final = "0001"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[datetime]):
    """A time in UTC as a whole number of microseconds: no engine rounds it or gives it another zone."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Return the number to store; raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Return the time, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def _text(name: str, *args: Any, null: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), *args, nullable=null, **options)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _time(name: str, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Moment(), nullable=null)


#: Facts of the whole store: what tells the key of accounts.
meta = sa.Table("meta", metadata, _text("key", primary_key=True), _text("value"))

#: Somebody known by a keyed hash only.
accounts = sa.Table(
    "accounts", metadata,
    _text("id", primary_key=True),
    sa.Column("subject_hash", sa.LargeBinary(), nullable=False, unique=True),
    _time("created_at"),
)  # fmt: skip

#: `stored`: bytes of its blobs, kept up to date under the lock of the row.
spaces = sa.Table(
    "spaces", metadata,
    _text("id", primary_key=True),
    sa.Column("kind", sa.Text(), sa.CheckConstraint("kind IN ('link', 'personal', 'organisation')", name="kind"), nullable=False),
    _text("name"),
    sa.Column("write_hash", sa.LargeBinary(), nullable=True, unique=True),
    sa.Column("read_hash", sa.LargeBinary(), nullable=True, unique=True),
    sa.Column("account_id", sa.Text(), sa.ForeignKey("accounts.id"), nullable=True, unique=True),
    _time("created_at"),
    _whole("stored"),
)  # fmt: skip

members = sa.Table(
    "members", metadata,
    sa.Column("space_id", sa.Text(), sa.ForeignKey("spaces.id"), primary_key=True),
    sa.Column("account_id", sa.Text(), sa.ForeignKey("accounts.id"), primary_key=True, index=True),
    sa.Column("role", sa.Integer(), sa.CheckConstraint("role BETWEEN 1 AND 3", name="role"), nullable=False),
    _text("label"),
    _time("since"),
)  # fmt: skip

invitations = sa.Table(
    "invitations", metadata,
    _text("id", primary_key=True),
    sa.Column("space_id", sa.Text(), sa.ForeignKey("spaces.id"), nullable=False, index=True),
    sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
    sa.Column("role", sa.Integer(), sa.CheckConstraint("role BETWEEN 1 AND 3", name="role"), nullable=False),
    _text("label"),
    _time("expires_at"),
)  # fmt: skip

items = sa.Table(
    "items", metadata,
    _text("id", primary_key=True),
    sa.Column("space_id", sa.Text(), sa.ForeignKey("spaces.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text(), sa.CheckConstraint("kind IN ('study', 'deck', 'budget', 'layer', 'mapping')", name="kind"), nullable=False),
    _text("name"),
    _whole("revision"),
    _whole("size"),
    _time("created_at"),
    _time("saved_at"),
    sa.Column("deleted_at", Moment(), nullable=True, index=True),
)  # fmt: skip

#: Contents, compressed, each once per space: spaces share nothing, not even the room they take.
blobs = sa.Table(
    "blobs", metadata,
    sa.Column("space_id", sa.Text(), sa.ForeignKey("spaces.id"), primary_key=True),
    _text("digest", primary_key=True),
    _whole("size"),
    _whole("stored"),
    sa.Column("data", sa.LargeBinary(), nullable=False),
)  # fmt: skip

revisions = sa.Table(
    "revisions", metadata,
    sa.Column("item_id", sa.Text(), sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
    _text("space_id"),
    _text("digest"),
    _time("saved_at"),
    _text("author", null=True),
    sa.ForeignKeyConstraint(["space_id", "digest"], ["blobs.space_id", "blobs.digest"]),
    sa.Index(None, "space_id", "digest"),
    sa.CheckConstraint("number >= 1", name="number"),
)  # fmt: skip

#: No foreign key: the log outlives what it tells of.
audit = sa.Table(
    "audit", metadata,
    _text("id", primary_key=True),
    _time("at"),
    _text("actor", null=True),
    _text("action"),
    _text("space_id", index=True),
    _text("item_id", null=True),
)  # fmt: skip

#: In an order that no foreign key forbids.
TABLES: Final[tuple[sa.Table, ...]] = (
    meta,
    accounts,
    spaces,
    members,
    invitations,
    items,
    blobs,
    revisions,
    audit,
)
