"""What goes wrong with a SQLite file: told in French, nothing acknowledged is lost, one can go on."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from ptce_store import (
    BadUrl,
    Reader,
    Store,
    StoreBusy,
    StoreCorrupt,
    StoreFull,
    StoreNotReady,
    StoreReadOnly,
    StoreUnavailable,
    open_store,
)
from ptce_store.database import DEFAULT_FILE, VARIABLE, address
from tests.store.killing import save_until_killed


def started(store: Store) -> tuple[Path, Reader, str]:
    space, links = store.create_link_space("Travail")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "study", "Étude", b"un" * 1000)
    return Path(store.database.url.database or ""), reader, item.id


def pragma(store: Store, query: str) -> None:
    """Give every new connection a setting."""
    store.close()
    event.listen(store.database.engine, "connect", lambda connection, _: connection.execute(query))


def test_the_file_is_its_owners_only_and_safe(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/neuf/atlas.db"
    store = open_store(url)
    path, _, _ = started(store)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = sorted(path.parent.iterdir())
    assert [f.name for f in files] == ["atlas.db", "atlas.db-shm", "atlas.db-wal"]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    with store.database.engine.connect() as connection:
        told = {
            n: connection.exec_driver_sql(f"PRAGMA {n}").scalar()
            for n in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    store.close()


def test_locked_by_somebody_else(make_store: Callable[..., Store]) -> None:
    store = make_store(wait=0.1)
    path, reader, item = started(store)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="réessayez"):
        store.save(reader, item, b"deux", 1)
    assert store.get(reader, item).content == b"un" * 1000  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    assert store.save(reader, item, b"deux", 1).revision == 2


def test_a_short_lock_is_waited_for(make_store: Callable[..., Store]) -> None:
    store = make_store()
    path, reader, item = started(store)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, lambda: other.execute("ROLLBACK"))
    timer.start()
    assert store.save(reader, item, b"deux", 1).revision == 2
    timer.join()
    other.close()


def test_read_only(make_store: Callable[..., Store], new_url: Callable[[], str]) -> None:
    url = new_url()
    _path, reader, item = started(make_store(url))
    store = make_store(url)
    pragma(store, "PRAGMA query_only = ON")
    with pytest.raises(StoreReadOnly, match="peut être lu"):
        store.save(reader, item, b"deux", 1)
    with pytest.raises(StoreReadOnly):
        store.create_link_space("x")
    assert store.get(reader, item).content == b"un" * 1000


@pytest.mark.skipif(os.geteuid() == 0, reason="root écrit partout")
def test_a_folder_that_takes_no_file(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(StoreUnavailable):
        store.create_link_space("x")
    tmp_path.chmod(0o700)


def test_a_full_disk(make_store: Callable[..., Store], new_url: Callable[[], str]) -> None:
    url = new_url()
    _path, reader, item = started(make_store(url))
    store = make_store(url)
    # A limit of pages is what SQLite knows of a disk.
    pragma(store, "PRAGMA max_page_count = 1")
    with pytest.raises(StoreFull, match="plus de place"):
        store.save(reader, item, os.urandom(200_000), 1)
    assert store.get(reader, item).revision == 1
    assert store.check() == ()
    assert store.export_space(reader, store.spaces(reader)[0].id, io.BytesIO()) == 1  # taking it away goes on
    again = make_store(url)
    assert again.save(reader, item, b"deux", 1).revision == 2


@pytest.mark.parametrize("damage", ["garbage", "page", "content"])
def test_a_damaged_file(make_store: Callable[..., Store], new_url: Callable[[], str], damage: str) -> None:
    url = new_url()
    first = make_store(url)
    path, reader, item = started(first)
    for n in range(1, 30):
        first.save(reader, item, os.urandom(5000), n)
    first.close()
    if damage == "garbage":
        path.write_bytes(os.urandom(50_000))
    elif damage == "page":
        data = bytearray(path.read_bytes())
        data[4096 * 2 : 4096 * 30] = os.urandom(4096 * 28)
        path.write_bytes(bytes(data))
    else:
        connection = sqlite3.connect(path)
        connection.execute("UPDATE blobs SET data = zeroblob(length(data))")
        connection.commit()
        connection.close()
    store = make_store(url)
    with pytest.raises(StoreCorrupt, match="endommagé"):
        store.get(reader, item)
    assert store.check()


def test_a_file_that_went_away_is_not_made_anew(make_store: Callable[..., Store]) -> None:
    store = make_store()
    path, reader, item = started(store)
    store.close()
    kept = path.rename(path.with_suffix(".ailleurs"))
    with pytest.raises(StoreUnavailable, match="indisponible"):
        store.get(reader, item)
    assert not store.ready()
    assert not path.exists()
    kept.rename(path)
    assert store.get(reader, item).revision == 1


def test_a_base_of_a_newer_atlas_is_left_alone(
    make_store: Callable[..., Store], new_url: Callable[[], str]
) -> None:
    url = new_url()
    path, _reader, _item = started(make_store(url))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    store = make_store(url)
    assert not store.ready()
    with pytest.raises(StoreNotReady, match="db upgrade"):
        store.upgrade()
    assert store.check()


def test_killed_in_the_middle_of_saves(make_store: Callable[..., Store], new_url: Callable[[], str]) -> None:
    url = new_url()
    save_until_killed(make_store(url), url, rounds=2)


def test_threads_that_open_a_new_base_together(empty_url: str) -> None:
    url, faults = empty_url, []

    def work() -> None:
        store = open_store(url)
        try:
            started(store)
        except Exception as error:
            faults.append(error)
        store.close()

    runs = [threading.Thread(target=work) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert faults == []


def test_addresses() -> None:
    assert address(None, {}).database == str(DEFAULT_FILE)
    assert address(None, {VARIABLE: "postgresql://u:p@h/b"}).drivername == "postgresql+psycopg"
    for bad in ("mysql://u:secret@h/b", "postgresql+asyncpg://u:secret@h/b", "sqlite://", "sqlite:///:memory:", "secret",
                "sqlite:///x?uri=true", "://", "postgresql+psycopg://u:secret@h:port/b"):  # fmt: skip
        with pytest.raises(BadUrl) as caught:
            address(bad)
        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
