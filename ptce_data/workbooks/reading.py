"""What the process tells of a workbook -> sheets and rows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ptce_data.workbooks.process import Limits, running

#: A cell: "" when empty; a date is text, AAAA-MM-JJ, with its time after a space where it has one.
Cell = str | bool | int | float


@dataclass(frozen=True)
class Sheet:
    """A sheet being read. `rows` gives those from the first of the sheet on, once, without empty ends.

    `width`: columns from A; `merged`: areas as [top, left, bottom, right], 0 = first; `bare`: formulas of
    the whole workbook without a saved value, which read as empty.
    """

    title: str
    width: int
    merged: list[list[int]]
    bare: int
    rows: Iterator[list[Cell]]


@contextlib.contextmanager
def values(
    data: bytes, limits: Limits, *, suffix: str = "", part: str | None = None, every: bool = False
) -> Iterator[tuple[tuple[str, ...], Iterator[Sheet]]]:
    """Give the titles of the visible sheets of a workbook, and its sheets with their saved values.

    The sheets are `part`, else the first with rows, else, with `every`, all of them, to be read in order;
    what is left of one is skipped. `suffix` (xlsx, xls, ods…) is the format when it is known. The sheets
    raise BookError.
    """
    with running(data, limits, "values", suffix=suffix, part=part or "", every=every) as told:
        yield tuple(next(told)["sheets"]), _sheets(told)


def _sheets(told: Iterator[Any]) -> Iterator[Sheet]:
    for head in told:
        rows = _rows(told)
        yield Sheet(head["part"], head["width"], head["merged"], head["bare"], rows)
        for _ in rows:
            pass


def _rows(told: Iterator[Any]) -> Iterator[list[Cell]]:
    for value in told:
        if isinstance(value, dict):
            return
        yield value


@contextlib.contextmanager
def written(
    data: bytes, sheet: str, rows: int, columns: int, limits: Limits
) -> Iterator[Iterator[list[tuple[str, Any]]]]:
    """Give the first rows of the sheet `sheet` of an XLSX (else of its first one) as they were typed.

    A cell is (kind, value): "f" and the text of a formula, "e" and an error, "o" and the text of anything
    else that is no plain value (a date), "" and a text, number, boolean or None. The rows raise BookError,
    with `why` "rows" beyond `rows` rows.
    """
    with running(data, limits, "written", sheet=sheet, last=rows, columns=columns) as told:
        yield ([(str(kind), value) for kind, value in row] for row in told)


def text(cell: Cell, number: Callable[[float], str]) -> str:
    """Write a saved value as text: oui and non, whole numbers without a point, `number` for the others."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else number(cell)
    return str(cell)
