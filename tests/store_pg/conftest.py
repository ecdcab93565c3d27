"""The same tests of the store on PostgreSQL, with PostGIS where it is installed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from ptce_store import Store, open_store
from scripts.find_postgres import find, has_postgis
from tests.store_pg.server import Server

pytest.register_assert_rewrite("tests.store.contract", "tests.store.contract_people")
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    programs = find()
    if programs is None:
        pytest.skip("PostgreSQL n’est pas installé (python scripts/find_postgres.py)")
    made = Server(programs)
    yield made
    made.remove()


@pytest.fixture(scope="session")
def with_postgis() -> bool:
    programs = find()
    return programs is not None and has_postgis(programs)


@pytest.fixture(scope="session")
def model_url(server: Server) -> str:
    server.execute("CREATE DATABASE modele")
    store = open_store(server.url("modele"))
    store.upgrade()
    store.close()
    return server.url("modele")


@pytest.fixture
def new_url(server: Server, model_url: str) -> Callable[[], str]:
    """Makes databases: copies of one that is upgraded."""

    def make() -> str:
        name = f"base_{next(_NUMBERS)}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE modele")
        return server.url(name)

    return make


@pytest.fixture
def empty_url(server: Server) -> str:
    """A database without tables."""
    name = f"vide_{next(_NUMBERS)}"
    server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


@pytest.fixture
def make_store(new_url: Callable[[], str]) -> Iterator[Callable[..., Store]]:
    """Opens stores, each on a database of its own unless `url` says which."""
    opened: list[Store] = []

    def make(url: str | None = None, **options: object) -> Store:
        opened.append(open_store(url or new_url(), **{"key": "clé-de-test-" * 4, **options}))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(make_store: Callable[..., Store]) -> Store:
    return make_store()
