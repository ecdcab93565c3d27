"""The API without a server: Starlette's test client over the application that `server.py` mounts."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette

from ptce_api.asgi import OpenData
from ptce_api.settings import Settings
from ptce_data.load import DATA_DIR, Dataset

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Make = Callable[..., TestClient]


def client_of(dataset: Dataset, folder: Path, settings: Settings | None = None, base: str = "") -> TestClient:
    """A client of the API over `dataset`."""
    api = OpenData(lambda: dataset, lambda: folder, settings or Settings(rate=None))
    return TestClient(Starlette(routes=api.routes(base)), raise_server_exceptions=True)


@contextmanager
def opened(client: TestClient) -> Iterator[TestClient]:
    """One event loop for all requests: starting one for each is slow."""
    with client:
        yield client


@pytest.fixture(scope="session")
def api(real: Dataset) -> Iterator[TestClient]:
    """The API on the real data."""
    with opened(client_of(real, DATA_DIR)) as client:
        yield client


@pytest.fixture(scope="session")
def small_api(small: Dataset, mini_dir: Path) -> Iterator[TestClient]:
    """The API on the small data."""
    with opened(client_of(small, mini_dir)) as client:
        yield client


@pytest.fixture(scope="session")
def hostile_api(hostile: Dataset, hostile_dir: Path) -> Iterator[TestClient]:
    """The API on the hostile data."""
    with opened(client_of(hostile, hostile_dir)) as client:
        yield client
