"""Look at everything that is saved, and tell what is wrong, in French sentences."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.contents import unpack
from ptce_store.database import Database
from ptce_store.errors import StoreCorrupt, StoreError, StoreNotReady


def check(database: Database) -> tuple[str, ...]:
    """Return what is wrong in a database, one sentence each; empty where all is sound.

    The file (SQLite), foreign keys, every content against its SHA-256, the revisions of every item, the
    room of every space. Raises StoreUnavailable where it cannot be read at all.
    """
    try:
        if not database.ready():
            return (str(StoreNotReady()),)
        return database.read(lambda c: tuple(_faults(c)), whole=True)
    except StoreCorrupt as error:
        return (str(error),)


def _faults(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        told = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
        if told != ["ok"]:
            yield f"Le fichier est endommagé ({len(told)} défauts)."
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            yield f"{len(broken)} lignes désignent ce qui n’existe pas."
    elif connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        yield "La base n’est pas en UTF-8\u00a0: créez-en une autre, et déménagez."
    yield from _contents(connection)
    newest = sa.select(t.revisions.c.item_id, sa.func.max(t.revisions.c.number).label("number"))
    last = newest.group_by(t.revisions.c.item_id).subquery()
    query = sa.select(t.items.c.id).outerjoin(last, last.c.item_id == t.items.c.id)
    wrong = sa.or_(last.c.number.is_(None), last.c.number != t.items.c.revision)
    for item in connection.execute(query.where(wrong)).scalars():
        yield f"L’élément {item} n’a pas la version qu’il annonce."
    total = sa.select(t.blobs.c.space_id, sa.func.sum(t.blobs.c.stored).label("stored"))
    used = total.group_by(t.blobs.c.space_id).subquery()
    count = sa.select(t.spaces.c.id).outerjoin(used, used.c.space_id == t.spaces.c.id)
    for space in connection.execute(
        count.where(t.spaces.c.stored != sa.func.coalesce(used.c.stored, 0))
    ).scalars():
        yield f"La place comptée de l’espace {space} est fausse."


def _contents(connection: sa.Connection) -> Iterator[str]:
    for row in connection.execute(sa.select(t.blobs), execution_options={"yield_per": 4}):
        try:
            unpack(row.data, row.digest, row.size)
        except StoreError:
            where = sa.select(t.revisions.c.item_id, t.revisions.c.number).where(
                t.revisions.c.space_id == row.space_id, t.revisions.c.digest == row.digest
            )
            used = (
                ", ".join(f"{r.item_id} version {r.number}" for r in connection.execute(where))
                or "aucun élément"
            )
            yield f"Un contenu est endommagé\u00a0: {used}."
