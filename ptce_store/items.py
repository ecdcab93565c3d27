"""Items: list, open, save, look back, rename, duplicate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Access, Base, as_item, new_id
from ptce_store.contents import Packed, fetch, fits, pack, put, unpack
from ptce_store.errors import Conflict, NotFound, QuotaExceeded, StoreCorrupt
from ptce_store.identity import Reader
from ptce_store.model import Item, Opened, Revision, Role, clean_kind, clean_name, copy_name

_MOST: int = 2**31


class Items(Base):
    """What people do with what they save. Every method raises NotFound for what the reader may not see."""

    def items(
        self, reader: Reader, space: str, *, kind: str | None = None, deleted: bool = False
    ) -> tuple[Item, ...]:
        """Return the items of a space, the one saved last first; `deleted`: those that can be taken back.

        Raises Refused for an unknown kind.
        """
        wanted = None if kind is None else clean_kind(kind)

        def work(connection: sa.Connection) -> tuple[Item, ...]:
            access = self._enter(connection, reader, space, Role.READER)
            query = sa.select(t.items).where(t.items.c.space_id == access.id)
            query = query.where(
                t.items.c.deleted_at.is_not(None) if deleted else t.items.c.deleted_at.is_(None)
            )
            if wanted is not None:
                query = query.where(t.items.c.kind == wanted)
            found = [as_item(row) for row in connection.execute(query)]
            return tuple(sorted(found, key=lambda item: (item.saved_at, item.id), reverse=True))

        return self.database.read(work)

    def get(self, reader: Reader, item: str, revision: int | None = None) -> Opened:
        """Return an item with the content of its current revision, or of the one asked for."""

        def work(connection: sa.Connection) -> tuple[Item, Any]:
            _, found = self._item(connection, reader, item, Role.READER)
            number = found.revision if revision is None else revision
            if not isinstance(number, int) or not 1 <= number < _MOST:
                raise NotFound
            row = fetch(connection, found.id, number)
            if row is None:
                raise NotFound if revision is not None else StoreCorrupt
            return found, row

        return opened(*self.database.read(work, whole=True))

    def history(self, reader: Reader, item: str) -> tuple[Revision, ...]:
        """Return the revisions of an item, the newest first, by number: a clock may go backwards."""

        def work(connection: sa.Connection) -> tuple[Revision, ...]:
            _, found = self._item(connection, reader, item, Role.READER)
            return revisions_of(connection, found.id)

        return self.database.read(work)

    def save_new(self, reader: Reader, space: str, kind: str, name: str, content: bytes) -> Item:
        """Save something for the first time and return it. Needs the role of editor.

        Raises Refused (kind, name, content), QuotaExceeded, NotAllowed.
        """
        wanted, title = clean_kind(kind), clean_name(name)
        packed, made_id = fits(pack(content), wanted, self.limits), new_id()

        def work(connection: sa.Connection) -> Item:
            access = self._enter(connection, reader, space, Role.EDITOR, lock=True)
            return self._add(connection, access, made_id, wanted, title, packed, "création")

        return self.database.write(work)

    def save(self, reader: Reader, item: str, content: bytes, expected_revision: int) -> Item:
        """Save a new revision of what was opened at `expected_revision`, and return the item.

        A content that is the current one already makes no revision: saving twice is saving once. Raises
        Conflict, and writes nothing, where somebody saved something else in between.
        """
        packed = pack(content)

        def work(connection: sa.Connection) -> Item:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True)
            fits(packed, found.kind, self.limits)
            own = t.revisions.c
            current = sa.select(own.digest).where(own.item_id == found.id, own.number == found.revision)
            if connection.execute(current).scalar() == packed.digest:
                return found
            if found.revision != expected_revision:
                theirs = fetch(connection, found.id, found.revision)
                raise StoreCorrupt if theirs is None else Conflict(opened(found, theirs), expected_revision)
            return self._revise(connection, access, found, packed, "enregistrement")

        return self.database.write(work)

    def restore_revision(self, reader: Reader, item: str, revision: int, expected_revision: int) -> Item:
        """Save the content of a former revision as a new one; nothing in between is lost. As `save`."""
        return self.save(reader, item, self.get(reader, item, revision).content, expected_revision)

    def rename(self, reader: Reader, item: str, name: str) -> Item:
        """Give an item another name; makes no revision. Raises Refused, NotAllowed."""
        title = clean_name(name)

        def work(connection: sa.Connection) -> Item:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True)
            if found.name != title:
                self._note(connection, access, "changement de nom", found.id)
            return self._set(connection, found, name=title)

        return self.database.write(work)

    def duplicate(
        self, reader: Reader, item: str, *, name: str | None = None, into: str | None = None
    ) -> Item:
        """Save the current content of an item as a new item, in its space or in the space `into`.

        `name`: by default that of the item, “(copie)” added. The reader may read the item and edit the space.
        """
        source = self.get(reader, item)
        title = copy_name(source.item.name) if name is None else name
        return self.save_new(reader, into or source.item.space, source.item.kind, title, source.content)

    def _add(
        self,
        connection: sa.Connection,
        access: Access,
        item_id: str,
        kind: str,
        name: str,
        packed: Packed,
        action: str,
    ) -> Item:
        """Insert an item with its first revision; the same id twice is the same item."""
        there = connection.execute(sa.select(t.items).where(t.items.c.id == item_id)).one_or_none()
        if there is not None:
            return as_item(there)
        count = sa.select(sa.func.count()).where(t.items.c.space_id == access.id)
        if connection.execute(count).scalar_one() >= self.limits.items:
            raise QuotaExceeded(
                "items",
                self.limits.items,
                f"L’espace de travail contient déjà {self.limits.items}\u00a0éléments\u00a0: supprimez-en, et "
                "effacez-les de la corbeille, puis enregistrez de nouveau.",
            )
        put(connection, access, packed, self.limits)
        moment = self.clock()
        row = {
            "id": item_id,
            "space_id": access.id,
            "kind": kind,
            "name": name,
            "revision": 1,
            "size": packed.size,
        }
        connection.execute(
            t.items.insert().values(**row, created_at=moment, saved_at=moment, deleted_at=None)
        )
        self._log_revision(connection, access, item_id, 1, packed, moment)
        self._note(connection, access, action, item_id)
        made = as_item(connection.execute(sa.select(t.items).where(t.items.c.id == item_id)).one())
        self._saved(connection, made)
        return made

    def _revise(
        self, connection: sa.Connection, access: Access, item: Item, packed: Packed, action: str
    ) -> Item:
        put(connection, access, packed, self.limits)
        moment = self.clock()
        self._log_revision(connection, access, item.id, item.revision + 1, packed, moment)
        self._note(connection, access, action, item.id)
        made = self._set(connection, item, revision=item.revision + 1, size=packed.size, saved_at=moment)
        self._saved(connection, made)
        return made

    def _log_revision(
        self,
        connection: sa.Connection,
        access: Access,
        item_id: str,
        number: int,
        packed: Packed,
        moment: datetime,
    ) -> None:
        row = {"item_id": item_id, "number": number, "space_id": access.id, "digest": packed.digest}
        connection.execute(t.revisions.insert().values(**row, saved_at=moment, author=access.actor))

    def _set(self, connection: sa.Connection, item: Item, **values: Any) -> Item:
        # The revision is in the condition too: were the lock ever missing, nothing would be overwritten.
        query = t.items.update().where(t.items.c.id == item.id, t.items.c.revision == item.revision)
        return as_item(connection.execute(query.values(**values).returning(t.items)).one())

    def _saved(self, connection: sa.Connection, item: Item) -> None:
        """Called in the transaction of every save; parts of the store may add to it."""


def opened(item: Item, row: Any) -> Opened:
    """Return an item with the content of a row of `contents.fetch`. Raises StoreCorrupt for a damaged one."""
    return Opened(item, row.number, row.saved_at, row.author, unpack(row.data, row.digest, row.size))


def revisions_of(connection: sa.Connection, item_id: str) -> tuple[Revision, ...]:
    """Return the revisions of an item, the newest first."""
    query = (
        sa.select(t.revisions, t.blobs.c.size)
        .join(
            t.blobs,
            sa.and_(t.blobs.c.space_id == t.revisions.c.space_id, t.blobs.c.digest == t.revisions.c.digest),
        )
        .where(t.revisions.c.item_id == item_id)
        .order_by(t.revisions.c.number.desc())
    )
    return tuple(
        Revision(r.item_id, r.number, r.size, r.digest, r.saved_at, r.author)
        for r in connection.execute(query)
    )
