"""A table that is longer or wider than a slide, cut into tables that hold."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from ptce_ui.exports.document.sizes import alignments
from ptce_ui.exports.slides.leaves import CELL_X, CELL_Y, TableBody
from ptce_ui.exports.slides.measure import LEADING, Face, one_line, parts
from ptce_ui.exports.slides.model import DataTable
from ptce_ui.exports.slides.theirs import Box

SIZES: Final = (18.0, 16.0)
#: A column is given this much for its longest word, and its texts this much on a line (at 18 pt).
_WORD: Final = 150.0
_LINE: Final = 330.0
_EMPTY: Final = "Aucune ligne."
Row = tuple[str, ...]


def tables(table: DataTable, alt: str, box: Box, face: Face) -> list[TableBody]:
    """Tables of at most the box's height and width: all rows of the first columns, then of the next ones.

    Columns that do not hold follow on further slides beside the first one, which names the rows; a row
    higher than a slide goes on in the next one. Sizes 18 then 16, never smaller.
    """
    columns = tuple(one_line(c) for c in table.columns)
    rows = [tuple(one_line(c) for c in row) for row in table.rows] or [
        (_EMPTY, *("" for _ in columns[1:])),
    ]
    align = table.align or alignments(columns, rows)
    tried: list[TableBody] = []
    for size in SIZES:
        widths = _widths(columns, rows, size, box.w, face)
        if widths is not None:
            made = _down(columns, rows, align, widths, size, table.total, alt, box, face)
            tried = made if not tried or len(made) < len(tried) else tried
    if tried:
        return tried
    out: list[TableBody] = []
    for group in _groups(columns, rows, box.w, face):
        some = tuple(columns[at] for at in group)
        cells = [tuple(row[at] for at in group) for row in rows]
        widths = _widths(some, cells, SIZES[-1], box.w, face) or tuple(box.w / len(some) for _ in some)
        sides = tuple(align[at] for at in group)
        out += _down(some, cells, sides, widths, SIZES[-1], table.total, alt, box, face)
    return out


def _widths(
    columns: Row, rows: Sequence[Row], size: float, room: float, face: Face
) -> tuple[float, ...] | None:
    """Widths of columns, or None where the longest words do not hold side by side."""
    least, liked = [], []
    for at, name in enumerate(columns):
        cells = [row[at] for row in rows]
        word = max(
            [_word(name, size, face, True), *(_word(cell, size, face) for cell in cells[:400])], default=0.0
        )
        line = max((face.width(cell, size) for cell in cells[:400]), default=0.0)
        padding = 2 * CELL_X + 2
        least.append(min(word, _WORD) + padding)
        liked.append(
            max(least[-1], min(max(line, face.width(name, size, True) * 0.6), _LINE * size / 18) + padding)
        )
    if sum(least) > room:
        return None
    if sum(liked) <= room:
        stretch = min(room / sum(liked), 1.6)
        return tuple(wide * stretch for wide in liked)
    share = (room - sum(least)) / (sum(liked) - sum(least))
    return tuple(a + (b - a) * share for a, b in zip(least, liked, strict=True))


def _word(text: str, size: float, face: Face, bold: bool = False) -> float:
    return max((face.width(word, size, bold) for word in re.split(r"[ -]", text[:2000]) if word), default=0.0)


def _groups(columns: Row, rows: Sequence[Row], room: float, face: Face) -> list[list[int]]:
    """Positions of columns that hold together, the first column in each group."""
    least = []
    for at, name in enumerate(columns):
        words = [_word(name, SIZES[-1], face, True), *(_word(row[at], SIZES[-1], face) for row in rows[:400])]
        least.append(min(max(words), _WORD) + 2 * CELL_X + 2)
    groups, used = [[0]], least[0]
    for at in range(1, len(columns)):
        if used + least[at] > room and len(groups[-1]) > 1:
            groups.append([0])
            used = least[0]
        groups[-1].append(at)
        used += least[at]
    return groups


def _head(columns: Row, widths: Sequence[float], size: float, face: Face) -> float:
    return _height(columns, widths, size, face, bold=True)


def _height(row: Row, widths: Sequence[float], size: float, face: Face, bold: bool = False) -> float:
    lines = max(
        len(face.wrap(cell, wide - 2 * CELL_X, size, bold)) for cell, wide in zip(row, widths, strict=True)
    )
    return lines * size * LEADING + 2 * CELL_Y


def _down(columns: Row, rows: Sequence[Row], align: tuple[str, ...], widths: tuple[float, ...], size: float, total: bool, alt: str, box: Box, face: Face) -> list[TableBody]:  # fmt: skip
    """Tables one after the other, of about the same height."""
    # A header of nothing but length would leave no room for rows.
    allowed = max(1, int((box.h * 0.35 - 2 * CELL_Y) / (size * LEADING)))
    columns = tuple(
        parts(name, wide - 2 * CELL_X, size * 1.08, allowed, face)[0] if name else ""
        for name, wide in zip(columns, widths, strict=True)
    )
    head = _head(columns, widths, size, face)
    room = box.h - head
    cut = list(
        itertools.chain.from_iterable(_pieces(row, widths, size, room, face, total=False) for row in rows)
    )
    heights = [_height(row, widths, size, face) for row in cut]
    pages = _paged(heights, room)
    # Even pages rather than a last one with a single row.
    if len(pages) > 1:
        target = sum(heights) / len(pages) + max(heights) / 2
        even = _paged(heights, min(room, target))
        pages = even if len(even) == len(pages) else pages
    out = []
    for start, stop in pages:
        held = tuple(heights[start:stop])
        place = Box(box.x, box.y, sum(widths), head + sum(held))
        out.append(
            TableBody(
                place, columns, tuple(cut[start:stop]), align, widths, (head, *held), size, alt,  # type: ignore[arg-type]
                total and stop == len(cut),
            )
        )  # fmt: skip
    return out


def _pieces(row: Row, widths: Sequence[float], size: float, room: float, face: Face, total: bool) -> list[Row]:  # fmt: skip
    """The row, or its pieces where it is higher than the room."""
    if _height(row, widths, size, face) <= room:
        return [row]
    lines = max(1, int((room - 2 * CELL_Y) / (size * LEADING)) - 1)
    cells = [
        parts(cell, wide - 2 * CELL_X, size, lines, face) if cell else [""]
        for cell, wide in zip(row, widths, strict=True)
    ]
    return [tuple(piece) for piece in itertools.zip_longest(*cells, fillvalue="")]


def _paged(heights: Sequence[float], room: float) -> list[tuple[int, int]]:
    pages, start, used = [], 0, 0.0
    for at, height in enumerate(heights):
        if at > start and used + height > room + 0.01:
            pages.append((start, at))
            start, used = at, 0.0
        used += height
    return [*pages, (start, len(heights))]
