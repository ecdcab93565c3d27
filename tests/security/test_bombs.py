"""Archives that say little and hold much, for every reader of a file: refused, quickly, with a sentence.

Each reader has finer tests of its own (own_layers/test_read_hostile, slides/test_slides_template,
test_budget_files, store/contract, cli): here none of them may be forgotten.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ptce_data import deck, own_layers, scdl, study
from ptce_data.aid_standard.files import read_table
from ptce_data.budget.files import from_json, from_xlsx
from ptce_data.commands.archives import opened
from ptce_data.load import Dataset
from ptce_data.study.uploads import polygon_from
from ptce_store import Reader, open_store
from ptce_ui.exports.slides import guard

MEGA = 1_000_000
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def bomb(names: tuple[str, ...], size: int) -> bytes:
    """A small archive whose parts are zeros, `size` bytes once opened."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name in names:
            with archive.open(name, "w", force_zip64=True) as part:
                for _ in range(size // len(names) // MEGA):
                    part.write(b"\0" * MEGA)
    return held.getvalue()


@pytest.fixture(scope="module")
def book() -> bytes:
    """300 MB in 300 kB."""
    return bomb(
        ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "ppt/presentation.xml", "l.shp", "manifest.json"),
        300 * MEGA,
    )


READERS: dict[str, Callable[[bytes], object]] = {
    "couche, classeur": lambda data: own_layers.read("l.xlsx", data),
    "couche, Shapefile": lambda data: own_layers.read("l.zip", data),
    "dispositifs": lambda data: read_table("d.xlsx", data),
    "budget": lambda data: from_xlsx(data),
    "modèle de diapositives": guard.checked,
}


@pytest.mark.parametrize("name", list(READERS))
def test_an_archive_that_swells_is_refused(name: str, book: bytes) -> None:
    assert len(book) < MEGA
    start = time.monotonic()
    with pytest.raises(Exception, match=r"[a-zé]{3,} ") as error:
        READERS[name](book)
    assert not isinstance(error.value, (MemoryError, zipfile.BadZipFile, KeyError, TypeError)), repr(
        error.value
    )
    assert time.monotonic() - start < 5


def test_a_workbook_of_subsidies_that_swells_is_refused(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    # Subsidies may be larger than the bomb of this test.
    monkeypatch.setattr("ptce_data.scdl.workbook.MAX_UNPACKED", 200 * MEGA)
    start = time.monotonic()
    report = scdl.read([("s.xlsx", book)]).report
    assert len(report.unreadable) == 1
    assert time.monotonic() - start < 5


def test_a_saved_space_that_swells_is_refused(book: bytes, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    space, links = store.create_link_space("Essai")
    reader = Reader.of_link(links.write)
    with pytest.raises(Exception, match=r"[a-zé]{3,} "):
        store.import_space(reader, space.id, io.BytesIO(book))
    assert store.items(reader, space.id) == ()
    store.close()


def test_a_data_package_that_swells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(bomb(tuple(f"{name}.csv" for name in "abcde"), 300 * MEGA))
    with pytest.raises(Exception, match=r"[a-zé]{3,} "), opened(path):
        pass


@pytest.mark.parametrize("reader", ["étude", "diaporama", "budget", "couche", "polygone", "dispositifs"])
def test_a_nested_json_is_refused(reader: str, small: Dataset) -> None:
    deep = b'{"type":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    readers: dict[str, Callable[[], object]] = {
        "étude": lambda: study.read(deep),
        "diaporama": lambda: deck.read(deep),
        "budget": lambda: from_json(deep),
        "couche": lambda: own_layers.read("l.geojson", deep),
        "polygone": lambda: polygon_from(small, deep, "p.geojson"),
        "dispositifs": lambda: read_table("d.json", deep),
    }
    with pytest.raises(Exception, match=r"[a-zé]{3,} ") as error:
        readers[reader]()
    assert not isinstance(error.value, (RecursionError, MemoryError)), repr(error.value)


def test_a_huge_number_is_not_counted_out() -> None:
    digits = json.dumps({"a": 1}).replace("1", "9" * 1_000_000).encode()
    start = time.monotonic()
    with pytest.raises(Exception, match=r"[a-zé]{3,} "):
        study.read(digits)
    assert time.monotonic() - start < 2
