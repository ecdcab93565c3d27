"""What goes wrong with PostgreSQL: stopped, restarted, full, read-only, locked, killed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from ptce_store import (
    Conflict,
    Reader,
    Store,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreNotReady,
    StoreReadOnly,
    StoreUnavailable,
    open_store,
)
from tests.store.contract import layer
from tests.store.killing import save_until_killed
from tests.store_pg.server import Server


def started(store: Store) -> tuple[Reader, str]:
    space, links = store.create_link_space("Travail")
    reader = Reader.of_link(links.write)
    return reader, store.save_new(reader, space.id, "study", "Étude", b"1").id


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)


def name_of(store: Store) -> str:
    return str(store.database.url.database)


def test_stopped_and_restarted(store: Store, server: Server) -> None:
    reader, item = started(store)
    server.stop()
    try:
        before = time.monotonic()
        with pytest.raises(StoreUnavailable, match="réessayez"):
            store.save(reader, item, b"2", 1)
        with pytest.raises(StoreUnavailable):
            store.get(reader, item)
        assert not store.ready()
        assert time.monotonic() - before < 5
    finally:
        server.start()
    assert store.ready()
    assert store.get(reader, item).revision == 1
    assert store.save(reader, item, b"2", 1).revision == 2


def test_restarted_between_two_saves_is_not_even_seen(store: Store, server: Server) -> None:
    reader, item = started(store)
    server.stop()
    server.start()
    assert store.save(reader, item, b"2", 1).revision == 2


def test_crashed_while_many_save(store: Store, server: Server) -> None:
    space, links = store.create_link_space("Travail")
    reader = Reader.of_link(links.write)
    items = [store.save_new(reader, space.id, "study", f"É{n}", b"1:").id for n in range(4)]
    acknowledged, stop, faults = dict.fromkeys(items, 1), threading.Event(), []

    def work(item: str) -> None:
        while not stop.is_set():
            number = acknowledged[item]
            try:
                acknowledged[item] = store.save(reader, item, b"%d:" % (number + 1), number).revision
            except Conflict as conflict:
                # Its own save, whose answer was lost with the server.
                assert conflict.theirs.content == b"%d:" % (number + 1)
                acknowledged[item] = conflict.theirs.revision
            except StoreError as error:
                faults.append(error)
                time.sleep(0.02)

    runs = [threading.Thread(target=work, args=(i,)) for i in items]
    for run in runs:
        run.start()
    wait_for(lambda: min(acknowledged.values()) > 3)
    server.stop(signal.SIGQUIT)
    server.start()
    before = dict(acknowledged)
    wait_for(lambda: all(acknowledged[i] > before[i] + 1 for i in items))
    stop.set()
    for run in runs:
        run.join(30)
    assert {type(f) for f in faults} <= {StoreUnavailable}
    for item in items:
        numbers = [r.number for r in store.history(reader, item)]
        assert numbers == list(range(len(numbers), 0, -1))
        assert numbers[0] - acknowledged[item] in (0, 1)
        assert acknowledged[item] > 2
        assert all(store.get(reader, item, n).content == b"%d:" % n for n in numbers)
    assert store.check() == ()


def test_connections_that_are_cut_are_opened_again(store: Store, server: Server) -> None:
    reader, item = started(store)
    for number in range(1, 4):
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()"
        )
        assert store.save(reader, item, b"%d" % (number + 1), number).revision == number + 1


def test_read_only(store: Store, server: Server) -> None:
    reader, item = started(store)
    server.execute(f"ALTER DATABASE {name_of(store)} SET default_transaction_read_only = on")
    store.close()
    with pytest.raises(StoreReadOnly):
        store.save(reader, item, b"2", 1)
    assert store.get(reader, item).revision == 1


def test_a_full_disk(store: Store, server: Server) -> None:
    reader, item = started(store)
    # What the server says when its disk is full, without filling this one.
    server.execute(
        """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON blobs FOR EACH ROW EXECUTE FUNCTION full_disk()""",
        name_of(store),
    )
    with pytest.raises(StoreFull, match="plus de place"):
        store.save(reader, item, b"2", 1)
    server.execute("DROP TRIGGER full_disk ON blobs", name_of(store))
    assert store.save(reader, item, b"2", 1).revision == 2


def test_locked_by_somebody_else(make_store: Callable[..., Store], server: Server) -> None:
    store = make_store(wait=0.2)
    reader, item = started(store)
    with psycopg.connect(host=str(server.folder), user="atlas", dbname=name_of(store)) as other:
        other.execute("SELECT * FROM spaces FOR UPDATE")
        with pytest.raises(StoreBusy):
            store.save(reader, item, b"2", 1)
        assert store.get(reader, item).revision == 1
        other.rollback()
    assert store.save(reader, item, b"2", 1).revision == 2


def test_a_base_without_tables_says_what_to_do(empty_url: str) -> None:
    store = open_store(empty_url)
    assert not store.ready()
    with pytest.raises(StoreNotReady, match="db upgrade"):
        store.create_link_space("x")
    assert len(store.check()) == 1
    faults: list[Exception] = []

    def upgrade() -> None:
        try:
            replica = open_store(empty_url)
            replica.upgrade()
            replica.close()
        except Exception as error:
            faults.append(error)

    runs = [threading.Thread(target=upgrade) for _ in range(3)]  # replicas that start together
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert faults == []
    assert store.ready()
    started(store)
    store.close()


def test_killed_in_the_middle_of_saves(make_store: Callable[..., Store], new_url: Callable[[], str]) -> None:
    url = new_url()
    save_until_killed(make_store(url), url, rounds=2)


def test_without_the_right_to_add_postgis(server: Server) -> None:
    server.execute("CREATE ROLE simple LOGIN")
    server.execute("CREATE DATABASE sans_postgis OWNER simple")
    store = open_store(server.url("sans_postgis", user="simple"))
    store.upgrade()
    space, links = store.create_link_space("x")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "layer", "Couche", layer({"n": 1}))
    assert [f.position for f in store.features(reader, item.id, bbox=(-2.0, 48.0, -1.0, 49.0))] == [0]
    store.close()


def test_layers_are_really_in_postgis(store: Store, server: Server, with_postgis: bool) -> None:
    if not with_postgis:
        pytest.skip("PostGIS n’est pas installé (python scripts/find_postgres.py)")
    space, links = store.create_link_space("x")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "layer", "Couche", layer({"n": 1}))
    count = "SELECT count(*) FROM layer_features WHERE ST_SRID(geom) = 4326 AND properties = '{\"n\": 1}'"
    with psycopg.connect(host=str(server.folder), user="atlas", dbname=name_of(store)) as connection:
        assert connection.execute(count).fetchone() == (5,)
        connection.execute("DELETE FROM layer_index")
    assert len(store.features(reader, item.id)) == 6  # from the bytes
    assert store.index_layers() == 1
    assert store.index_layers() == 0
    store.delete(reader, item.id)
    store.erase(reader, item.id)
    with psycopg.connect(host=str(server.folder), user="atlas", dbname=name_of(store)) as connection:
        assert connection.execute("SELECT count(*) FROM layer_features").fetchone() == (0,)
