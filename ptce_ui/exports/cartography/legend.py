"""The legend: one entry per sign on the map, in groups, arranged in the room there is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

from ptce_ui.exports.cartography.marks import Drawn, Entry, Fill, Line
from ptce_ui.exports.cartography.paper import Paper, add_signs, hatch
from ptce_ui.exports.cartography.spec import Point
from ptce_ui.exports.cartography.words import MM_PER_POINT, width, wrap


@dataclass(frozen=True)
class Piece:
    """One line of text or one entry, at x, y (mm from the corner of the legend; y is a baseline)."""

    x: float
    y: float
    words: str
    entry: Entry | None = None
    is_title: bool = False


@dataclass(frozen=True)
class Arranged:
    """A legend whose size is known."""

    height: float
    pieces: tuple[Piece, ...]


def merged(drawn: Iterable[Drawn]) -> list[Entry]:
    """Entries of all frames, each once, in order."""
    entries: dict[str, Entry] = {}
    for one in drawn:
        entries |= one.entries
    return sorted(entries.values(), key=lambda e: (e.rank, e.words))


def arrange(entries: Sequence[Entry], room: float, k: float) -> Arranged:
    """Groups side by side while they fit in `room` mm, then below; entries in as few rows as possible."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    blocks = [_Group(title, found, room, k) for title, found in groups.items()]
    pieces: list[Piece] = []
    top = 0.0
    while blocks:
        row, columns = _row(blocks, room, k)
        left = high = 0.0
        for block, count in zip(row, columns, strict=True):
            found, wide, tall = block.laid(count)
            pieces += [Piece(left + p.x, top + p.y, p.words, p.entry, p.is_title) for p in found]
            left += wide + 4 * k
            high = max(high, tall)
        top += high + 1.6 * k
        blocks = blocks[len(row) :]
    return Arranged(max(0.0, top - 1.6 * k), tuple(pieces))


class _Group:
    """A titled list of entries that can be set in one or more columns."""

    def __init__(self, title: str, entries: list[Entry], room: float, k: float) -> None:
        self.k, self.size, self.entries = k, 6.8 * k, entries
        self.swatch = 6.6 * k
        most = min(room, 92 * k)
        self.lines = [wrap(e.words, most - self.swatch, self.size) or [""] for e in entries]
        self.titles = wrap(title, most, self.size, bold=True)
        self.step = self.size * MM_PER_POINT * 1.5

    def columns(self, count: int) -> list[list[int]]:
        tall = math.ceil(len(self.entries) / count)
        return [list(range(i, min(i + tall, len(self.entries)))) for i in range(0, len(self.entries), tall)]

    def laid(self, count: int) -> tuple[list[Piece], float, float]:
        """Pieces, width and height of the group in `count` columns."""
        pieces = [Piece(0, (i + 0.75) * self.step, t, None, True) for i, t in enumerate(self.titles)]
        start = len(self.titles) * self.step
        left = high = 0.0
        for column in self.columns(count):
            y = start
            wide = 0.0
            for i in column:
                for at, line in enumerate(self.lines[i]):
                    entry = self.entries[i] if at == 0 else None
                    pieces.append(Piece(left, y + 0.75 * self.step, line, entry))
                    y += self.step * (1 if at == len(self.lines[i]) - 1 else 0.85)
                    wide = max(wide, self.swatch + width(line, self.size))
            high = max(high, y)
            left += wide + 3 * self.k
        title = max((width(t, self.size, True) for t in self.titles), default=0.0)
        return pieces, max(left - 3 * self.k, title), high

    def wide(self, count: int) -> float:
        return self.laid(count)[1]


def _row(blocks: Sequence[_Group], room: float, k: float) -> tuple[list[_Group], list[int]]:
    """The groups of the first row, and the number of columns of each."""
    for take in range(len(blocks), 0, -1):
        row = list(blocks[:take])
        longest = max(len(b.entries) for b in row)
        for rows in range(1, longest + 1):
            columns = [math.ceil(len(b.entries) / rows) for b in row]
            total = sum(b.wide(c) for b, c in zip(row, columns, strict=True)) + 4 * k * (take - 1)
            # Few short rows before long thin ones, but never wider than the sheet.
            if total <= room:
                return row, columns
    return [blocks[0]], [1]


def paint(paper: Paper, x: float, y: float, legend: Arranged, scale: float) -> None:
    """Draw an arranged legend with its top left corner at x, y; signs at the map's own `scale`."""
    size = 6.8 * paper.k
    for piece in legend.pieces:
        indent = 0.0 if piece.is_title else 6.6 * paper.k
        weight = "bold" if piece.is_title else "normal"
        paper.text(x + piece.x + indent, y + piece.y, piece.words, size, weight=weight)
        if piece.entry is not None:
            _swatch(paper, x + piece.x, y + piece.y - 0.36 * size * MM_PER_POINT, piece.entry, scale)


def _swatch(paper: Paper, x: float, y: float, entry: Entry, scale: float) -> None:
    """The sample of an entry, 5 mm wide, centred on the height y."""
    k, what = paper.k, entry.swatch
    if isinstance(what, Fill):
        patch = Rectangle(
            (x, y - 1.25 * k), 5 * k, 2.5 * k, facecolor=what.colour, edgecolor=paper.palette.border, linewidth=0.4,
            hatch=hatch(what.hatch, k), hatchcolor=what.hatch_colour,
        )  # fmt: skip
        patch.set_hatch_linewidth(0.45)
        paper.top.add_artist(patch)
    elif isinstance(what, Line):
        dash = tuple(d / what.width for d in what.dash)
        paper.stroke([x, x + 5 * k], [y, y], what.width * min(k, 1.4), what.colour, dash)
    else:
        assert isinstance(what, Point)
        add_signs(paper.top, np.array([[x + 2.5 * k, y]]), [what], [entry.colour], scale, paper.palette)
