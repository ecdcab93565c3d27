"""Whatever a workbook asks for, each reader of workbooks says so in bounded memory and time, and goes on."""

from __future__ import annotations

import datetime as dt
import io
import resource
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from ptce_data import aid_standard, scdl
from ptce_data import budget as budgets
from ptce_data.budget import files as budget_files
from ptce_data.own_layers import LayerError, read
from ptce_data.scdl import workbook as scdl_workbook
from ptce_data.workbooks import BookError, Limits, text, values, written

LIMITS = Limits(memory=400_000_000, seconds=20, characters=10_000, rows=1_000, area=20_000)


def book(sheets: dict[str, list[list[Any]]], hidden: str = "") -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title == hidden:
            sheet.sheet_state = "hidden"
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def far(first: str = "nom") -> bytes:
    """5 kB, whose two cells are at the two ends of the sheet: 17 billion cells between them."""
    made = openpyxl.Workbook()
    made.active["A1"], made.active["XFD1048576"] = first, "x"
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def heavy(size: int) -> bytes:
    """A few kB of styles that unpack to `size` bytes, and to 75 times that once understood."""
    with zipfile.ZipFile(io.BytesIO(book({"Budget": [["x"]]}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    styles = parts["xl/styles.xml"]
    parts["xl/styles.xml"] = styles.replace(b"</cellXfs>", b"<xf/>" * (size // 5) + b"</cellXfs>")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def every(data: bytes, limits: Limits = LIMITS) -> dict[str, list[list[Any]]]:
    with values(data, limits, every=True) as (_, sheets):
        return {sheet.title: list(sheet.rows) for sheet in sheets}


def first(data: bytes, limits: Limits = LIMITS, part: str | None = None) -> tuple[str, list[list[Any]]]:
    with values(data, limits, part=part) as (_, sheets):
        sheet = next(sheets)
        return sheet.title, list(sheet.rows)


def refused_by_scdl(data: bytes) -> str:
    (one,) = scdl.read([("petit.xlsx", data)]).report.unreadable
    return one.why


def refused_by_aid(data: bytes) -> str:
    with pytest.raises(scdl.UnreadableError) as caught:
        aid_standard.files.read_table("petit.xlsx", data)
    return caught.value.why


def refused_by_layers(data: bytes) -> str:
    with pytest.raises(LayerError) as caught:
        read("petit.xlsx", data)
    return caught.value.reason


def refused_by_budget(data: bytes) -> str:
    with pytest.raises(budgets.BudgetError) as caught:
        budgets.from_xlsx(data)
    return str(caught.value)


ENTRIES: dict[str, tuple[Callable[[bytes], str], str]] = {
    "subsidies": (refused_by_scdl, "trop de mémoire"),
    "schemes": (refused_by_aid, "trop de mémoire"),
    "own layers": (refused_by_layers, "trop de mémoire"),
    "budget": (refused_by_budget, "500 lignes au plus"),
}


@pytest.mark.parametrize("entry", list(ENTRIES))
def test_a_small_file_that_asks_for_500_gb(entry: str) -> None:
    said, words = ENTRIES[entry]
    data = far()
    assert len(data) < 6_000
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert words in said(data)
    assert time.monotonic() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_budget_whose_styles_take_a_gigabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heavy(10_000_000)
    assert len(data) < 50_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for limit in ({"seconds": 0.6}, {"memory": 150_000_000}):
        monkeypatch.setattr(budget_files, "LIMITS", replace(LIMITS, **limit))  # type: ignore[arg-type]
        start = time.monotonic()
        assert "moins de mémoire et de temps" in refused_by_budget(data)
        assert time.monotonic() - start < 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_time_and_memory_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heavy(10_000_000)
    for limit, why in (({"seconds": 0.3}, "time"), ({"memory": 150_000_000}, "memory")):
        with (
            pytest.raises(BookError) as caught,
            written(data, "Budget", 10, 5, replace(LIMITS, **limit)) as rows,  # type: ignore[arg-type]
        ):
            list(rows)
        assert caught.value.why == why
    monkeypatch.setattr(scdl_workbook, "LIMITS", replace(LIMITS, seconds=0.01))
    assert refused_by_scdl(far()).startswith("classeur trop long à ouvrir")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["a"]] * 1_001, "rows"),
        ([["a"] * 21] * 1_000, "area"),
        ([["a" * 5_000]] * 2, "text"),
    ],
)
def test_each_limit_stops(rows: list[list[str]], why: str) -> None:
    with pytest.raises(BookError) as caught:
        every(book({"F": rows}))
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("data", "part", "why"),
    [
        (b"PK\x03\x04", None, "broken"),
        (b"", None, "broken"),
        (book({"A": [["x"]], "B": [["y"]]}, hidden="B"), "B", "part"),
        (book({"A": []}), None, "empty"),
    ],
)
def test_what_is_no_sheet_is_told(data: bytes, part: str | None, why: str) -> None:
    with pytest.raises(BookError) as caught:
        first(data, part=part)
    assert caught.value.why == why and (why != "broken" or caught.value.kind)


def test_sheets_are_given_in_order_and_may_be_left() -> None:
    data = book(
        {"Vide": [], "Un": [[None, None], [None, "b", None], [1, 2.5]], "Caché": [["c"]], "Deux": [["d"]]},
        "Caché",
    )
    assert every(data) == {"Vide": [], "Un": [[], ["", "b"], [1, 2.5]], "Deux": [["d"]]}
    assert first(data) == ("Un", [[], ["", "b"], [1, 2.5]])
    assert first(data, part="Deux") == ("Deux", [["d"]])
    with values(data, LIMITS, every=True) as (titles, sheets):
        assert titles == ("Vide", "Un", "Deux")
        # Rows that are not taken do not run into the next sheet.
        assert [next(sheet.rows, None) for sheet in sheets] == [None, [], ["d"]]


@pytest.mark.parametrize("cell", ["A1", "C1", "A4", "C4"])
def test_a_row_keeps_its_line_and_a_cell_its_column(cell: str) -> None:
    made = openpyxl.Workbook()
    made.active[cell], made.active["E6"] = "x", "y"
    held = io.BytesIO()
    made.save(held)
    (rows,) = every(held.getvalue()).values()
    at = {(chr(65 + c), r): v for r, row in enumerate(rows, 1) for c, v in enumerate(row) if v}
    assert at == {(cell[0], int(cell[1])): "x", ("E", 6): "y"} and len(rows) == 6
    ((_, pages),) = scdl_workbook.pages("l.xlsx", held.getvalue())
    assert pages == [row + [""] * (5 - len(row)) for row in rows]


def test_typed_cells_as_text() -> None:
    moment = dt.datetime(2024, 5, 6, 7, 8)
    ((_, rows),) = every(book({"F": [[True, 12.0, 0.1, dt.date(2024, 5, 6), moment, "x"]]})).items()
    assert [text(cell, repr) for cell in rows[0]] == [
        "oui", "12", "0.1", "2024-05-06", "2024-05-06 07:08:00", "x",
    ]  # fmt: skip


def test_cells_as_written() -> None:
    data = book(
        {"A": [["non"]], "Budget": [["=1+1", "#N/A", dt.date(2024, 5, 6), 3, None, True, "t", "trop"]]}
    )
    with written(data, "Budget", 5, 7, LIMITS) as rows:
        assert list(rows) == [
            [("f", "=1+1"), ("e", "#N/A"), ("o", "2024-05-06 00:00:00"), ("", 3), ("", None), ("", True), ("", "t")]
        ]  # fmt: skip
    with written(data, "Absente", 5, 7, LIMITS) as rows:
        assert next(rows)[0] == ("", "non")
