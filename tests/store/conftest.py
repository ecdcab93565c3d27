"""Stores on SQLite files, each test its own."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ptce_store import Store, open_store

pytest.register_assert_rewrite("tests.store.contract", "tests.store.contract_people")


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("modele") / "modele.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def new_url(tmp_path: Path, model_file: Path) -> Callable[[], str]:
    """Makes bases: copies of one that is upgraded."""
    numbers = itertools.count(1)

    def make() -> str:
        path = tmp_path / f"base-{next(numbers)}.db"
        shutil.copy(model_file, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/vide.db"


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
