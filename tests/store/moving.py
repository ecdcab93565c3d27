"""Backups and moves, between any two engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ptce_store import NotEmpty, Reader, Role, Store, StoreNotReady, open_store
from ptce_store import tables as t
from ptce_store.backup import backup, move, restore
from tests.store.contract import HOSTILE, layer
from tests.store.contract_people import organisation, person


def filled(store: Store) -> Reader:
    """Put something of everything into a store; return who reads the space behind a link."""
    space, links = store.create_link_space(HOSTILE)
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "study", HOSTILE, bytes(range(256)) * 300)
    for n in range(1, 4):
        item = store.save(reader, item.id, b"%d" % n, n)
    store.save_new(reader, space.id, "layer", "Couche", layer({"nom": HOSTILE}))
    store.delete(reader, store.save_new(reader, space.id, "deck", "Supprimé", b"").id)
    shared = organisation(store, auteur=Role.EDITOR)
    store.save_new(person("auteur"), shared.id, "budget", "Budget", b"{}")
    store.invite(person("chef"), shared.id, Role.READER, label="À venir")
    store.personal_space(person("chef"))
    return reader


def everything(store: Store) -> dict[str, set[Any]]:
    """Every value of every table."""
    with store.database.engine.connect() as connection:
        rows = {table.name: connection.execute(sa.select(table)).all() for table in t.TABLES}
    return {
        name: {tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in found}
        for name, found in rows.items()
    }


def same(left: Store, right: Store) -> bool:
    return everything(left) == everything(right) and right.check() == ()


def moves(source: Store, target: Store, empty: Store) -> None:
    """A move keeps everything, and refuses a target that is not empty; `empty` has no tables yet."""
    reader = filled(source)
    copied = move(source.database, target.database)
    assert copied.rows["items"] == 4
    assert same(source, target)
    with pytest.raises(NotEmpty, match="3 espaces de travail"):
        move(source.database, target.database)
    space = source.spaces(reader)[0].id
    layers = [i for i in source.items(reader, space) if i.kind == "layer"]
    target.index_layers()
    for one in (source, target):
        assert [f.position for f in one.features(reader, layers[0].id, bbox=(-2.0, 48.0, -1.0, 49.0))] == [0]
    source.save_new(reader, space, "study", "Encore", b"2")
    move(source.database, target.database, replace=True)
    assert same(source, target)
    target.save_new(reader, space, "study", "Et on continue", b"3")
    with pytest.raises(StoreNotReady):
        move(empty.database, target.database, replace=True)
    assert len(target.items(reader, space)) == 4


def backs_up(source: Store, target: Store, folder: Path) -> None:
    """A backup brings everything back, into either engine."""
    filled(source)
    file = folder / "sauvegarde.zip"
    backup(source.database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [f.name for f in folder.glob("*sauvegarde*")] == ["sauvegarde.zip"]
    with pytest.raises(FileExistsError):
        backup(source.database, file)
    restore(target.database, file)
    assert same(source, target)
    with pytest.raises(NotEmpty):
        restore(target.database, file)
    restore(target.database, file, replace=True)
    assert same(source, target)


def opener(url: str, make: Callable[..., Store] = open_store) -> Store:
    """A store with the key of the tests."""
    return make(url, key="clé-de-test-" * 4)
