"""Accounts, organisations and the log, whatever the engine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ptce_store import (
    AccountsOff,
    Invitation,
    LastOwner,
    Limits,
    NotAllowed,
    NotFound,
    QuotaExceeded,
    Reader,
    Refused,
    Role,
    Space,
    Store,
)
from ptce_store import tables as t
from tests.store.contract import Clock

ISSUER = "https://idp.exemple"


def person(name: str, issuer: str = ISSUER) -> Reader:
    return Reader.of_account(issuer, name)


def organisation(store: Store, **roles: Role) -> Space:
    """An organisation whose owner is `chef`, and whoever else, by name."""
    space = store.create_organisation(person("chef"), "Collectif", label="Chef")
    for name, role in roles.items():
        invitation = store.invite(person("chef"), space.id, role, label=name.title())
        store.accept(person(name), invitation.secret)
    return space


def account(store: Store, name: str) -> str:
    found = store.account_id(person(name))
    assert found is not None
    return found


def test_a_personal_space_is_nobody_elses(store: Store) -> None:
    mine, other = person("moi"), person("autre")
    assert store.spaces(mine) == ()
    assert store.account_id(mine) is None
    space = store.personal_space(mine)
    assert store.personal_space(mine) == space
    item = store.save_new(mine, space.id, "study", "Étude", b"secret")
    assert [r.author for r in store.history(mine, item.id)] == [store.account_id(mine)]
    # The same subject at another issuer, or cut elsewhere, is somebody else.
    strangers = (
        other,
        person("moi", "https://autre.exemple"),
        person("xmoi"),
        person("emoi", ISSUER[:-1]),
    )
    for who in strangers:
        assert store.personal_space(who).id != space.id
        with pytest.raises(NotFound):
            store.get(who, item.id)
        assert space.id not in {s.id for s in store.spaces(who)}
    with pytest.raises(Refused):
        store.renew_links(mine, space.id)
    for missing in ("", None):
        with pytest.raises(Refused):
            person(missing)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="connecté"):
        store.personal_space(Reader())


def test_threads_that_come_together_get_one_personal_space(store: Store) -> None:
    made: list[str] = []
    runs = [
        threading.Thread(target=lambda: made.append(store.personal_space(person("moi")).id)) for _ in range(6)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(30)
    assert len(made) == 6
    assert len(set(made)) == 1


def test_roles_of_an_organisation(store: Store) -> None:
    space = organisation(store, lectrice=Role.READER, auteur=Role.EDITOR).id
    chief, editor, reader = person("chef"), person("auteur"), person("lectrice")
    item = store.save_new(editor, space, "study", "Étude", b"un")
    assert store.get(reader, item.id).content == b"un"
    assert [(m.label, m.role) for m in store.members(reader, space)] == [
        ("Chef", Role.OWNER), ("Auteur", Role.EDITOR), ("Lectrice", Role.READER),
    ]  # fmt: skip
    for who in (reader, editor):
        for call in (
            lambda w=who: store.invite(w, space, Role.READER, label="x"),
            lambda w=who: store.invitations(w, space),
            lambda w=who: store.set_role(w, space, account(store, "auteur"), Role.OWNER),
            lambda w=who: store.remove_member(w, space, account(store, "chef")),
            lambda w=who: store.rename_space(w, space, "x"),
            lambda w=who: store.erase_space(w, space),
            lambda w=who: store.audit_log(w, space),
        ):
            with pytest.raises(NotAllowed):
                call()
    with pytest.raises(NotAllowed, match="éditeur"):
        store.save(reader, item.id, b"x", 1)
    store.set_role(chief, space, account(store, "lectrice"), Role.EDITOR)
    store.save(reader, item.id, b"deux", 1)
    assert store.history(chief, item.id)[0].author == account(store, "lectrice")
    store.remove_member(chief, space, account(store, "lectrice"))
    for call in (
        lambda: store.get(reader, item.id),
        lambda: store.members(reader, space),
        lambda: store.space(reader, space),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(NotFound):
        store.set_role(chief, space, account(store, "lectrice"), Role.READER)
    with pytest.raises(NotFound):
        store.set_role(chief, space, "'; --", Role.READER)
    with pytest.raises(Refused):
        store.set_role(chief, space, account(store, "auteur"), 4)  # type: ignore[arg-type]


def test_the_last_owner_stays(store: Store) -> None:
    space = organisation(store, adjoint=Role.EDITOR).id
    chief, chief_id = person("chef"), account(store, "chef")
    for call in (
        lambda: store.remove_member(chief, space, chief_id),
        lambda: store.set_role(chief, space, chief_id, Role.READER),
        lambda: store.erase_account(chief),
    ):
        with pytest.raises(LastOwner):
            call()
    assert store.account_id(chief) == chief_id
    store.set_role(chief, space, account(store, "adjoint"), Role.OWNER)
    store.remove_member(chief, space, chief_id)
    assert [m.label for m in store.members(person("adjoint"), space)] == ["Adjoint"]


def test_two_owners_who_leave_together_leave_one(store: Store) -> None:
    for _ in range(3):
        space = store.create_organisation(person("chef"), "Duo", label="Chef").id
        store.accept(person("autre"), store.invite(person("chef"), space, Role.OWNER, label="Autre").secret)
        start, left = threading.Barrier(2), []

        def leave(
            who: str, space: str = space, start: threading.Barrier = start, left: list[str] = left
        ) -> None:
            start.wait()
            try:
                store.remove_member(person(who), space, account(store, who))
                left.append(who)
            except LastOwner:
                pass

        runs = [threading.Thread(target=leave, args=(w,)) for w in ("chef", "autre")]
        for run in runs:
            run.start()
        for run in runs:
            run.join(30)
        assert len(left) == 1


def test_an_invitation_is_used_once_and_in_time(make_store: Callable[..., Store]) -> None:
    clock = Clock()
    store = make_store(clock=clock)
    space = organisation(store).id
    chief = person("chef")
    first = store.invite(chief, space, Role.EDITOR, label="Première")
    assert first.secret not in repr(first)
    assert [(i.label, i.role, i.secret) for i in store.invitations(chief, space)] == [
        ("Première", Role.EDITOR, "")
    ]
    with pytest.raises(NotFound):
        store.accept(Reader(), first.secret)
    assert store.accept(person("a"), first.secret).role == Role.EDITOR
    withdrawn, late = (store.invite(chief, space, Role.READER, label="x") for _ in range(2))
    store.withdraw(chief, space, withdrawn.id)
    store.withdraw(chief, space, withdrawn.id)
    clock.now += timedelta(days=7)
    for secret in (first.secret, withdrawn.secret, late.secret, "i_" + "A" * 43, "", None):
        with pytest.raises(NotFound):
            store.accept(person("b"), secret)  # type: ignore[arg-type]
    assert store.invitations(chief, space) == ()
    assert store.purge().invitations == 1  # the two others are gone already
    # Somebody who is in keeps the greater role.
    store.accept(chief, store.invite(chief, space, Role.READER, label="x").secret)
    assert store.members(chief, space)[0].role == Role.OWNER


def test_one_of_those_who_use_an_invitation_together_enters(store: Store) -> None:
    space = organisation(store).id
    invitation: Invitation = store.invite(person("chef"), space, Role.EDITOR, label="Une seule")
    entered, start = [], threading.Barrier(5)

    def use(who: int) -> None:
        start.wait()
        try:
            store.accept(person(f"p{who}"), invitation.secret)
            entered.append(who)
        except NotFound:
            pass

    runs = [threading.Thread(target=use, args=(n,)) for n in range(5)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(30)
    assert len(entered) == 1
    assert len(store.members(person("chef"), space)) == 2


def test_the_log_says_who_did_what_to_what_and_no_more(store: Store) -> None:
    space = organisation(store, auteur=Role.EDITOR).id
    item = store.save_new(person("auteur"), space, "study", "Nom secret", b"contenu secret")
    store.save(person("chef"), item.id, b"autre contenu", 1)
    store.delete(person("auteur"), item.id)
    log = store.audit_log(person("chef"), space)
    author, chief = account(store, "auteur"), account(store, "chef")
    told = {(e.actor, e.action, e.item) for e in log}
    assert {
        (author, "création", item.id), (chief, "enregistrement", item.id), (author, "suppression", item.id),
        (chief, "invitation", None), (author, "entrée dans l’espace", None),
    } <= told  # fmt: skip
    assert "secret" not in repr(log)
    with store.database.engine.connect() as connection:
        everything = repr(
            [connection.execute(sa.select(table)).all() for table in (t.accounts, t.audit, t.members)]
        )
    assert "auteur" not in everything
    assert "idp" not in everything
    link_space, links = store.create_link_space("x")
    assert [e.actor for e in store.audit_log(Reader.of_link(links.write), link_space.id)] == [None]


def test_an_account_goes_with_what_is_its_own(store: Store) -> None:
    space = organisation(store, auteur=Role.EDITOR).id
    author = person("auteur")
    alone = store.create_organisation(author, "Seule", label="Moi").id
    own = store.save_new(author, store.personal_space(author).id, "study", "À moi", b"1")
    shared = store.save_new(author, space, "study", "À nous", b"2")
    store.erase_account(author)
    store.erase_account(author)
    assert store.account_id(author) is None
    assert store.get(person("chef"), shared.id).content == b"2"
    assert [m.label for m in store.members(person("chef"), space)] == ["Chef"]
    # Who comes back is somebody new.
    store.personal_space(author)
    for call in (
        lambda: store.get(author, own.id),
        lambda: store.space(author, alone),
        lambda: store.space(author, space),
    ):
        with pytest.raises(NotFound):
            call()
    store.erase_space(person("chef"), space)
    with pytest.raises(NotFound):
        store.get(person("chef"), shared.id)
    assert store.check() == ()


def test_accounts_need_the_key_they_started_with(
    make_store: Callable[..., Store], new_url: Callable[[], str]
) -> None:
    url = new_url()
    first = make_store(url, key="a" * 32)
    first.personal_space(person("moi"))
    with pytest.raises(AccountsOff, match="a changé"):
        make_store(url, key="b" * 32).spaces(person("moi"))
    with pytest.raises(AccountsOff, match="32 caractères"):
        make_store(url, key="court").personal_space(person("moi"))
    with pytest.raises(AccountsOff):
        make_store(url, key="").spaces(person("moi"))
    links = make_store(url, key="").create_link_space("Sans compte")  # needs none
    assert links


def test_limits_of_organisations(make_store: Callable[..., Store]) -> None:
    store = make_store(limits=Limits(spaces_per_account=1, members=2))
    space = organisation(store).id
    with pytest.raises(QuotaExceeded):
        store.create_organisation(person("chef"), "Deux", label="Chef")
    store.invite(person("chef"), space, Role.READER, label="x")
    with pytest.raises(QuotaExceeded):
        store.invite(person("chef"), space, Role.READER, label="y")
    with pytest.raises(Refused):
        store.invite(person("chef"), store.personal_space(person("chef")).id, Role.READER, label="x")
