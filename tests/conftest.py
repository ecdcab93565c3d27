"""Data sets shared by all layers: a small made-up one, the same with hostile names, and the real one."""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from ptce_data import shared
from ptce_data.load import DATA_DIR, Dataset
from ptce_ui import frame
from tests import mini

# A machine may be busy: an example is wrong or right, never late.
settings.register_profile("atlas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("atlas")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """What a server does once is done once: pages, API and fixtures share a data set per folder.

    The application keeps two folders, tests use more. `AppTest` looks for components in all installed
    packages whenever a page is opened: four fifths of the time that most pages need.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "_read", functools.cache(shared._read.__wrapped__))
        patch.setattr(
            manifest_scanner,
            "scan_component_manifests",
            functools.cache(manifest_scanner.scan_component_manifests),
        )
        yield


def sound(folder: Path) -> Dataset:
    """The data set of a folder that no test changes, the one that the pages have."""
    data = shared.dataset(folder)
    assert data.faults == {}
    return data


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no browser to wait for."""
    monkeypatch.setattr(frame, "PAUSE_FIRST", 0)
    monkeypatch.setattr(frame, "PAUSE", 0)


@pytest.fixture(scope="session")
def mini_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mini.write(tmp_path_factory.mktemp("mini") / "data")


@pytest.fixture(scope="session")
def hostile_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mini.write(tmp_path_factory.mktemp("hostile") / "data", mini.hostile_tables())


@pytest.fixture(scope="session")
def small(mini_dir: Path) -> Dataset:
    return sound(mini_dir)


@pytest.fixture(scope="session")
def hostile(hostile_dir: Path) -> Dataset:
    return sound(hostile_dir)


@pytest.fixture(scope="session")
def real() -> Dataset:
    return sound(DATA_DIR)


@pytest.fixture
def app(mini_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The whole application on the small data, run without a browser."""
    monkeypatch.setenv("PTCE_DATA_DIR", str(mini_dir))
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
