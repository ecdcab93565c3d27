"""Deleting, taking back for 30 days, erasing for ever, and what time removes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Access, Base, batches
from ptce_store.contents import drop_unused
from ptce_store.errors import NotFound, Refused
from ptce_store.identity import Reader
from ptce_store.items import Items
from ptce_store.model import Item, Purged, Role
from ptce_store.spaces import erase_rows


class Deletion(Items, Base):
    """The end of items. Every method raises NotFound for what the reader may not see."""

    def delete(self, reader: Reader, item: str) -> Item:
        """Put an item aside: it can be taken back for 30 days. Needs the role of editor."""

        def work(connection: sa.Connection) -> Item:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True)
            self._note(connection, access, "suppression", found.id)
            return self._set(connection, found, deleted_at=self.clock())

        return self._twice(work, reader, item, deleted=True)

    def undelete(self, reader: Reader, item: str) -> Item:
        """Take a deleted item back. Needs the role of editor. Raises NotFound after 30 days."""

        def work(connection: sa.Connection) -> Item:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True, deleted=True)
            if found.deleted_at is not None and found.deleted_at <= self._end(self.clock()):
                raise NotFound
            self._note(connection, access, "reprise", found.id)
            return self._set(connection, found, deleted_at=None)

        return self._twice(work, reader, item, deleted=False)

    def erase(self, reader: Reader, item: str) -> None:
        """Erase a deleted item for ever, with its history: its room is free. Needs the role of editor."""

        def work(connection: sa.Connection) -> None:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True, deleted=True)
            self._erase(connection, access, [found.id])

        self.database.write(work, ends=True)

    def forget_revisions(self, reader: Reader, item: str, keep: int) -> Item:
        """Forget all but the `keep` newest revisions of an item, for ever, to make room. Needs the role of editor.

        Raises Refused for less than one.
        """
        if not isinstance(keep, int) or keep < 1:
            raise Refused("le nombre de versions à garder", "1 ou plus")

        def work(connection: sa.Connection) -> Item:
            access, found = self._item(connection, reader, item, Role.EDITOR, lock=True)
            old = (t.revisions.c.item_id == found.id, t.revisions.c.number <= found.revision - keep)
            if connection.execute(t.revisions.delete().where(*old)).rowcount:
                drop_unused(connection, access.id)
                self._note(connection, access, "oubli d’anciennes versions", found.id)
            return found

        return self.database.write(work)

    def purge(self, now: datetime | None = None) -> Purged:
        """Remove for ever what time has ended; for a scheduled command, not for a reader.

        Items deleted 30 days ago, spaces behind a link that have been empty for 90 days, invitations
        that have expired, lines of the log of more than a year. `now`: in UTC, by default the clock.
        """
        moment = self.clock() if now is None else now
        due = self.database.read(lambda c: self._due(c, moment))
        items = 0
        for space in due:
            items += self.database.write(partial(self._purge_space, space=space, now=moment))
        spaces = self.database.write(lambda c: self._purge_empty(c, moment))
        return self.database.write(lambda c: self._purge_lines(c, moment, items, spaces))

    def _twice(
        self, work: Callable[[sa.Connection], Item], reader: Reader, item: str, *, deleted: bool
    ) -> Item:
        """Run `work`; where the item is so already, because it ran before, return it as it is."""
        try:
            return self.database.write(work)
        except NotFound:
            return self.database.read(lambda c: self._item(c, reader, item, Role.EDITOR, deleted=deleted)[1])

    def _end(self, now: datetime) -> datetime:
        return now - timedelta(days=self.limits.days_deleted)

    def _due(self, connection: sa.Connection, now: datetime) -> list[str]:
        query = sa.select(t.items.c.space_id).where(t.items.c.deleted_at <= self._end(now)).distinct()
        return sorted(connection.execute(query).scalars())

    def _purge_space(self, connection: sa.Connection, space: str, now: datetime) -> int:
        row = connection.execute(
            sa.select(t.spaces).where(t.spaces.c.id == space).with_for_update()
        ).one_or_none()
        if row is None:
            return 0
        ended = sa.select(t.items.c.id).where(
            t.items.c.space_id == space, t.items.c.deleted_at <= self._end(now)
        )
        ids = list(connection.execute(ended).scalars())
        self._erase(connection, Access(row, Role.OWNER, None), ids)
        return len(ids)

    def _erase(self, connection: sa.Connection, access: Access, ids: Sequence[str]) -> None:
        for some in batches(ids):
            connection.execute(t.revisions.delete().where(t.revisions.c.item_id.in_(some)))
            connection.execute(t.items.delete().where(t.items.c.id.in_(some)))
        drop_unused(connection, access.id)
        for item in ids:
            self._note(connection, access, "effacement", item)

    def _purge_empty(self, connection: sa.Connection, now: datetime) -> int:
        """Remove the spaces behind a link in which nothing happened for long, and nothing is."""
        before = now - timedelta(days=self.limits.days_empty)
        used = sa.select(t.items.c.id).where(t.items.c.space_id == t.spaces.c.id).exists()
        recent = (
            sa.select(t.audit.c.id).where(t.audit.c.space_id == t.spaces.c.id, t.audit.c.at > before).exists()
        )
        query = sa.select(t.spaces.c.id).where(t.spaces.c.kind == "link", t.spaces.c.created_at <= before)
        found = (
            connection.execute(query.where(~used, ~recent).with_for_update(skip_locked=True)).scalars().all()
        )
        # Somebody may have saved before the lock was ours.
        empty = [
            s
            for s in found
            if not connection.execute(sa.select(t.items.c.id).where(t.items.c.space_id == s)).first()
        ]
        for space in empty:
            erase_rows(connection, space)
        return len(empty)

    def _purge_lines(self, connection: sa.Connection, now: datetime, items: int, spaces: int) -> Purged:
        expired = connection.execute(t.invitations.delete().where(t.invitations.c.expires_at <= now)).rowcount
        old = t.audit.c.at <= now - timedelta(days=self.limits.days_audit)
        return Purged(items, spaces, expired, connection.execute(t.audit.delete().where(old)).rowcount)
