"""Data sets shared by all layers: a small made-up one, the same with hostile names, and the real one."""

from __future__ import annotations

import functools
import gc
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from ptce_data import load as loading
from ptce_data import shared
from ptce_data.load import DATA_DIR, Dataset, load
from ptce_ui import frame
from tests import mini

# A machine may be busy: an example is wrong or right, never late. `--hypothesis-profile=atlas-long` looks further.
settings.register_profile(
    "atlas", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("atlas-long", settings.get_profile("atlas"), max_examples=300)
settings.load_profile("atlas")

ROOT = Path(__file__).resolve().parent.parent
LONG = ROOT / "tests" / "long.txt"


def pytest_configure(config: pytest.Config) -> None:
    """The mark of `long.txt`."""
    config.addinivalue_line("markers", "long: half a second of processor or more (tests/long.txt)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `long.txt` lists."""
    listed = {row for row in LONG.read_text(encoding="utf-8").splitlines() if not row.startswith("#")}
    for item in items:
        if item.nodeid.partition("[")[0] in listed:
            item.add_marker("long")


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the garbage collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def load_once(data_dir: Path = DATA_DIR, *, tolerant: bool = False) -> Dataset:
    """What `load` makes of these very bytes, once per process; a folder with other bytes is read anew."""
    try:
        key = (loading.version(data_dir), tolerant)
    except OSError:
        return load(data_dir, tolerant=tolerant)
    if key not in _LOADED:
        _LOADED[key] = load(data_dir, tolerant=tolerant)
    return _LOADED[key]


_LOADED: dict[tuple[str, bool], Dataset] = {}
#: Commands in one process each read the same files; the tests of `load` itself call the real one.
_COMMANDS = ("scenes.command", "exports.report.command")
_DATA_COMMANDS = ("aid_standard.command", "scdl.command", "study.command", "patches")


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """What a server does once is done once: pages, API, commands and fixtures share a data set.

    `AppTest` looks for components in all installed packages whenever a page is opened: four fifths of the
    time that most pages need.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load", load_once)
        for name in (*(f"ptce_ui.{n}" for n in _COMMANDS), *(f"ptce_data.{n}" for n in _DATA_COMMANDS)):
            patch.setattr(importlib.import_module(name), "load", load_once)
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
