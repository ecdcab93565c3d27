"""Who is in a shared space: invitations, roles, leaving; and the end of an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Access, Base, insert_new, is_id, new_id
from ptce_store.errors import LastOwner, NotFound, QuotaExceeded, Refused
from ptce_store.identity import Reader, hashed, is_token, new_invitation
from ptce_store.model import Member, Role, Space, clean_name
from ptce_store.spaces import as_space, erase_rows


@dataclass(frozen=True)
class Invitation:
    """Who was asked into a space, until when. `secret` is told once, when it is made; then it is empty."""

    id: str
    role: Role
    label: str
    expires_at: datetime
    secret: str = field(default="", repr=False)


class People(Base):
    """The members of organisations. Only an owner changes them; nobody is known by name or e-mail."""

    def members(self, reader: Reader, space: str) -> tuple[Member, ...]:
        """Return the members of a space, the owners first; whoever reads the space may ask."""

        def work(connection: sa.Connection) -> tuple[Member, ...]:
            access = self._enter(connection, reader, space, Role.READER)
            rows = connection.execute(sa.select(t.members).where(t.members.c.space_id == access.id))
            found = [Member(r.account_id, r.label, Role(r.role), r.since) for r in rows]
            return tuple(sorted(found, key=lambda m: (-m.role, m.label.casefold(), m.account)))

        return self.database.read(work)

    def invite(self, reader: Reader, space: str, role: Role, *, label: str) -> Invitation:
        """Make an invitation that one person uses once, within 7 days. Needs the role of owner.

        `label`: how the members will see the person. Raises Refused, NotAllowed, QuotaExceeded.
        """
        title, wanted, secret, made_id = (
            clean_name(label, "le nom du membre"),
            _role(role),
            new_invitation(),
            new_id(),
        )

        def work(connection: sa.Connection) -> Invitation:
            access = self._organisation(connection, reader, space)
            counts = [
                sa.select(sa.func.count()).where(table.c.space_id == access.id)
                for table in (t.members, t.invitations)
            ]
            if sum(connection.execute(count).scalar_one() for count in counts) >= self.limits.members:
                allowed = self.limits.members
                raise QuotaExceeded(
                    "members", allowed, f"Un espace a {allowed}\u00a0membres et invitations au plus."
                )
            expires = self.clock() + timedelta(days=self.limits.days_invitation)
            row = {"id": made_id, "space_id": access.id, "token_hash": hashed(secret), "role": int(wanted)}
            if insert_new(connection, t.invitations, row | {"label": title, "expires_at": expires}):
                self._note(connection, access, "invitation")
            return Invitation(made_id, wanted, title, expires, secret)

        return self.database.write(work)

    def invitations(self, reader: Reader, space: str) -> tuple[Invitation, ...]:
        """Return the invitations that nobody used yet. Needs the role of owner."""

        def work(connection: sa.Connection) -> tuple[Invitation, ...]:
            access = self._enter(connection, reader, space, Role.OWNER)
            query = sa.select(t.invitations).where(
                t.invitations.c.space_id == access.id, t.invitations.c.expires_at > self.clock()
            )
            rows = connection.execute(query.order_by(t.invitations.c.expires_at, t.invitations.c.id))
            return tuple(Invitation(r.id, Role(r.role), r.label, r.expires_at) for r in rows)

        return self.database.read(work)

    def withdraw(self, reader: Reader, space: str, invitation: str) -> None:
        """Take an invitation back. Needs the role of owner; nothing happens where it is gone already."""

        def work(connection: sa.Connection) -> None:
            access = self._organisation(connection, reader, space)
            query = t.invitations.delete().where(t.invitations.c.space_id == access.id)
            if (
                is_id(invitation)
                and connection.execute(query.where(t.invitations.c.id == invitation)).rowcount
            ):
                self._note(connection, access, "retrait d’une invitation")

        self.database.write(work)

    def accept(self, reader: Reader, secret: str) -> Space:
        """Enter the space that an invitation opens. Raises NotFound for a used, expired or unknown one.

        Somebody who is a member already keeps their label, and their role where it is the greater one.
        """
        entered: list[str] = []

        def work(connection: sa.Connection) -> Space:
            if reader.account is None or not is_token(secret):
                raise NotFound
            own = t.invitations.c
            query = sa.select(own.space_id).where(own.token_hash == hashed(secret))
            found = connection.execute(query).scalar()
            if found is None and entered:  # the first run was committed, its answer lost
                return as_space(self._enter(connection, reader, entered[0], Role.READER))
            # The lock first, as everywhere else: then nobody uses it at the same time.
            connection.execute(sa.select(t.spaces.c.id).where(t.spaces.c.id == found).with_for_update())
            taken = t.invitations.delete().where(own.token_hash == hashed(secret)).returning(t.invitations)
            row = connection.execute(taken).one_or_none()
            if row is None or row.expires_at <= self.clock():
                raise NotFound
            actor = self._account(connection, reader, make=True)
            member = {"space_id": row.space_id, "account_id": actor, "role": row.role, "label": row.label}
            if not insert_new(connection, t.members, member | {"since": self.clock()}):
                mine = (t.members.c.space_id == row.space_id, t.members.c.account_id == actor)
                connection.execute(
                    t.members.update().where(*mine, t.members.c.role < row.role).values(role=row.role)
                )
            access = self._enter(connection, reader, row.space_id, Role.READER)
            self._note(connection, access, "entrée dans l’espace")
            entered[:] = [row.space_id]
            return as_space(access)

        return self.database.write(work)

    def set_role(self, reader: Reader, space: str, account: str, role: Role) -> None:
        """Give a member another role. Needs the role of owner. Raises LastOwner, NotFound for no member."""
        wanted = _role(role)

        def work(connection: sa.Connection) -> None:
            access = self._organisation(connection, reader, space)
            if self._member(connection, access, account) == wanted:
                return
            if wanted < Role.OWNER:
                self._keep_owner(connection, access.id, account)
            query = t.members.update().where(
                t.members.c.space_id == access.id, t.members.c.account_id == account
            )
            connection.execute(query.values(role=int(wanted)))
            self._note(connection, access, f"rôle de membre : {wanted.words}")

        self.database.write(work)

    def remove_member(self, reader: Reader, space: str, account: str) -> None:
        """Put a member out, which needs the role of owner, or leave, which needs none. Raises LastOwner."""

        def work(connection: sa.Connection) -> None:
            access = self._enter(connection, reader, space, Role.READER, lock=True)
            if access.actor is None or access.actor != account:
                access = self._organisation(connection, reader, space)
            self._member(connection, access, account)
            self._keep_owner(connection, access.id, account)
            self._remove(connection, access, account)

        self.database.write(work, ends=True)

    def erase_account(self, reader: Reader) -> None:
        """Erase the reader's account, personal space and memberships, for ever.

        What they saved in shared spaces stays there, under an id that leads to nobody. Raises LastOwner,
        and erases nothing, where a space with other members would be left without an owner; a shared
        space of theirs alone goes with them.
        """

        def work(connection: sa.Connection) -> None:
            actor = self._account(connection, reader)
            if actor is None:
                return
            own = sa.select(t.spaces.c.id).where(t.spaces.c.account_id == actor)
            joined = sa.select(t.members.c.space_id).where(t.members.c.account_id == actor)
            query = sa.select(t.spaces).where(sa.or_(t.spaces.c.id.in_(own), t.spaces.c.id.in_(joined)))
            for row in connection.execute(query.order_by(t.spaces.c.id).with_for_update()).all():
                count = sa.select(sa.func.count()).where(t.members.c.space_id == row.id)
                access = Access(row, Role.OWNER, actor)
                if connection.execute(count).scalar_one() <= 1:
                    erase_rows(connection, row.id)
                    self._note(connection, access, "effacement de l’espace")
                else:
                    self._keep_owner(connection, row.id, actor)
                    self._remove(connection, access, actor)
            connection.execute(t.accounts.delete().where(t.accounts.c.id == actor))

        self.database.write(work)

    def _organisation(self, connection: sa.Connection, reader: Reader, space: str) -> Access:
        access = self._enter(connection, reader, space, Role.OWNER, lock=True)
        if access.space.kind != "organisation":
            raise Refused("l’espace", "un espace partagé")
        return access

    def _member(self, connection: sa.Connection, access: Access, account: str) -> Role:
        own = t.members.c
        query = sa.select(own.role).where(own.space_id == access.id, own.account_id == account)
        found = connection.execute(query).scalar() if is_id(account) else None
        if found is None:
            raise NotFound
        return Role(found)

    def _keep_owner(self, connection: sa.Connection, space: str, account: str) -> None:
        """Raise LastOwner where `account` is the only owner of a locked space."""
        owners = sa.select(t.members.c.account_id).where(
            t.members.c.space_id == space, t.members.c.role == int(Role.OWNER)
        )
        if set(connection.execute(owners).scalars()) == {account}:
            raise LastOwner

    def _remove(self, connection: sa.Connection, access: Access, account: str) -> None:
        own = t.members.c
        connection.execute(t.members.delete().where(own.space_id == access.id, own.account_id == account))
        self._note(
            connection, access, "sortie de l’espace" if access.actor == account else "retrait d’un membre"
        )


def _role(role: Role) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise Refused("le rôle", "lecteur, éditeur ou responsable") from None
