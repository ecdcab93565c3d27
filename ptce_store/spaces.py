"""Spaces: behind a link, personal, or of an organisation; their links and their end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Access, Base, insert_new, new_id
from ptce_store.errors import AccountsOff, NotAllowed, QuotaExceeded, Refused
from ptce_store.identity import Links, Reader, hashed, new_links
from ptce_store.model import AuditEntry, Role, Space, clean_name

PERSONAL: str = "Mon espace"


class Spaces(Base):
    """Where items are. Every method raises NotFound for a space that the reader may not see."""

    def create_link_space(self, name: str) -> tuple[Space, Links]:
        """Make a space that whoever holds one of its links may enter; the links are told only here.

        `Links.write` does everything (owner), `Links.read` only reads. Raises Refused for the name.
        """
        title, made_id, links = clean_name(name), new_id(), new_links()
        reader = Reader.of_link(links.write)

        def work(connection: sa.Connection) -> Space:
            row = {"write_hash": hashed(links.write), "read_hash": hashed(links.read)}
            if insert_new(connection, t.spaces, self._new_row(made_id, "link", title) | row):
                self._note(
                    connection, self._enter(connection, reader, made_id, Role.OWNER), "création de l’espace"
                )
            return as_space(self._enter(connection, reader, made_id, Role.OWNER))

        return self.database.write(work), links

    def personal_space(self, reader: Reader) -> Space:
        """Return the space of the reader's account, made the first time. Raises AccountsOff, NotAllowed."""

        def find(connection: sa.Connection, *, make: bool) -> Space | None:
            actor = self._account(connection, reader, make=make)
            query = sa.select(t.spaces).where(t.spaces.c.account_id == actor)
            row = None if actor is None else connection.execute(query).one_or_none()
            return None if row is None else as_space(Access(row, Role.OWNER, actor))

        found = self.database.read(lambda c: find(c, make=False))
        if found is not None:
            return found
        self._need_account(reader)
        made_id = new_id()

        def work(connection: sa.Connection) -> Space:
            actor = self._account(connection, reader, make=True)
            insert_new(
                connection, t.spaces, self._new_row(made_id, "personal", PERSONAL) | {"account_id": actor}
            )
            made = find(connection, make=True)
            assert made is not None
            return made

        return self.database.write(work)

    def create_organisation(self, reader: Reader, name: str, *, label: str) -> Space:
        """Make a shared space, whose owner is the reader; `label`: how the other members see them.

        Raises Refused, AccountsOff, NotAllowed without an account, QuotaExceeded for too many spaces.
        """
        title, own, made_id = clean_name(name), clean_name(label, "votre nom dans l’espace"), new_id()
        self._need_account(reader)

        def work(connection: sa.Connection) -> Space:
            actor = self._account(connection, reader, make=True)
            mine = sa.select(sa.func.count()).where(t.members.c.account_id == actor)
            if connection.execute(mine).scalar_one() >= self.limits.spaces_per_account:
                allowed = self.limits.spaces_per_account
                raise QuotaExceeded("spaces", allowed, f"Vous avez déjà {allowed}\u00a0espaces partagés.")
            if insert_new(connection, t.spaces, self._new_row(made_id, "organisation", title)):
                row = {"space_id": made_id, "account_id": actor, "role": int(Role.OWNER), "label": own}
                connection.execute(t.members.insert().values(**row, since=self.clock()))
                self._note(
                    connection, self._enter(connection, reader, made_id, Role.OWNER), "création de l’espace"
                )
            return as_space(self._enter(connection, reader, made_id, Role.OWNER))

        return self.database.write(work)

    def spaces(self, reader: Reader) -> tuple[Space, ...]:
        """Return every space that the reader may enter: their own, then shared ones, then those of links."""

        def work(connection: sa.Connection) -> tuple[Space, ...]:
            actor = self._account(connection, reader)
            hashes = reader.hashes
            own = t.spaces.c
            mine = [sa.or_(own.write_hash.in_(hashes), own.read_hash.in_(hashes))] if hashes else []
            if actor is not None:
                joined = sa.select(t.members.c.space_id).where(t.members.c.account_id == actor)
                mine += [own.account_id == actor, own.id.in_(joined)]
            rows = connection.execute(sa.select(t.spaces).where(sa.or_(*mine))).all() if mine else []
            found = [(row, self._role(connection, reader, actor, row)) for row in rows]
            spaces = [as_space(Access(row, role, actor)) for row, role in found if role is not None]
            order = ("personal", "organisation", "link")
            return tuple(sorted(spaces, key=lambda s: (order.index(s.kind), s.name.casefold(), s.id)))

        return self.database.read(work)

    def space(self, reader: Reader, space: str) -> Space:
        """Return one space."""
        return self.database.read(lambda c: as_space(self._enter(c, reader, space, Role.READER)))

    def rename_space(self, reader: Reader, space: str, name: str) -> Space:
        """Give a space another name. Needs the role of owner. Raises Refused, NotAllowed."""
        title = clean_name(name)

        def work(connection: sa.Connection) -> Space:
            access = self._enter(connection, reader, space, Role.OWNER, lock=True)
            connection.execute(t.spaces.update().where(t.spaces.c.id == access.id).values(name=title))
            self._note(connection, access, "changement de nom de l’espace")
            return as_space(self._enter(connection, reader, space, Role.OWNER))

        return self.database.write(work)

    def renew_links(self, reader: Reader, space: str) -> Links:
        """Replace the links of a space: the former ones open nothing any more. Needs the role of owner.

        Raises Refused for a space without links.
        """
        links = new_links()
        # The first run may have been committed, and its answer lost: then the new link opens the space.
        either = reader.with_links(links.write)

        def work(connection: sa.Connection) -> Links:
            access = self._enter(connection, either, space, Role.OWNER, lock=True)
            if access.space.kind != "link":
                raise Refused("l’espace", "un espace ouvert par un lien")
            row = {"write_hash": hashed(links.write), "read_hash": hashed(links.read)}
            connection.execute(t.spaces.update().where(t.spaces.c.id == access.id).values(**row))
            self._note(connection, access, "renouvellement des liens")
            return links

        return self.database.write(work)

    def erase_space(self, reader: Reader, space: str) -> None:
        """Erase a space with all that is in it, for ever. Needs the role of owner; ask before."""

        def work(connection: sa.Connection) -> None:
            access = self._enter(connection, reader, space, Role.OWNER, lock=True)
            erase_rows(connection, access.id)
            self._note(connection, access, "effacement de l’espace")

        self.database.write(work, ends=True)

    def audit_log(self, reader: Reader, space: str, *, most: int = 1000) -> tuple[AuditEntry, ...]:
        """Return the log of a space, the newest line first. Needs the role of owner."""

        def work(connection: sa.Connection) -> tuple[AuditEntry, ...]:
            access = self._enter(connection, reader, space, Role.OWNER)
            query = sa.select(t.audit).where(t.audit.c.space_id == access.id)
            rows = connection.execute(query.order_by(t.audit.c.at.desc(), t.audit.c.id).limit(most))
            return tuple(AuditEntry(r.at, r.actor, r.action, r.item_id) for r in rows)

        return self.database.read(work)

    def account_id(self, reader: Reader) -> str | None:
        """Return the opaque id under which the reader's account is known, None where it never saved."""
        return self.database.read(lambda c: self._account(c, reader))

    def _need_account(self, reader: Reader) -> None:
        if reader.account is None:
            raise NotAllowed("ACCOUNT", "connecté")
        if self._key is None:
            raise AccountsOff

    def _new_row(self, space_id: str, kind: str, name: str) -> dict[str, Any]:
        return {"id": space_id, "kind": kind, "name": name, "created_at": self.clock(), "stored": 0}


def as_space(access: Access) -> Space:
    """Return a space as the one who entered it sees it."""
    row = access.space
    return Space(row.id, row.kind, row.name, access.role, row.created_at, row.stored)


def erase_rows(connection: sa.Connection, space_id: str) -> None:
    """Remove a locked space and everything in it, but its log."""
    inside = sa.select(t.items.c.id).where(t.items.c.space_id == space_id)
    connection.execute(t.revisions.delete().where(t.revisions.c.item_id.in_(inside)))
    for table in (t.items, t.blobs, t.invitations, t.members):
        connection.execute(table.delete().where(table.c.space_id == space_id))
    connection.execute(t.spaces.delete().where(t.spaces.c.id == space_id))
