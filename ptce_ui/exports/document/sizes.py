"""Measures: how wide the columns of a table are, which rows may be cut, how large a picture is drawn."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ptce_ui.exports.document import look
from ptce_ui.exports.document.letters import width, words
from ptce_ui.exports.document.model import Alignment, DocumentError

_NUMERIC: Final = re.compile(
    r"[-−+≤≥<>~≈]?[\s ]*\d[\d\s\u00a0\u202f.,]*[\s\u00a0\u202f]*(%|€|M€|k€|km|km²|h|points?|pts?|hab\.?(/km²)?)?"
)
_EMPTY: Final = frozenset({"", "–", "—", "-", "non renseigné", "s. o.", "n. d."})
#: A word longer than this is cut rather than given the column it asks for (points at 9 pt: some 22 letters);
#: where the columns would not fit, the next limits are tried.
_LONGEST: Final = (105.0, 80.0, 60.0, 45.0)
#: A column of digits under such a name holds codes: nothing to add up, so read from the left.
_CODES: Final = re.compile(r"\b(codes?|insee|siren|siret|identifiants?|uai|n°|années?)\b", re.IGNORECASE)
#: A cell wider than this on one line is wrapped: no column wants more.
_WIDEST: Final = 260.0
#: Lines in a cell above which a row may be cut between two pages.
_TALL: Final = 18
#: Share of a page under which a table is kept whole: more would leave too much white before it.
_SHORT: Final = 0.28
#: Most room asked for the beginning of a long table, in points.
_START: Final = 130.0


@dataclass(frozen=True)
class Columns:
    """`widths` in points, their sum the text's width; `size` of type; which rows may be cut; `repeat` the header?

    `whole`: short enough to stand on one page, whatever room the text before it leaves. `start`: points
    that caption, header and first rows take.
    """

    widths: tuple[float, ...]
    size: float
    landscape: bool
    tall: tuple[bool, ...]
    repeat: bool = True
    whole: bool = False
    start: float = 0.0


def alignments(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Alignment, ...]:
    """Right for a column whose known cells are all numbers, left for others."""
    out: list[Alignment] = []
    for at in range(len(columns)):
        known = [row[at].strip() for row in rows if row[at].strip() not in _EMPTY]
        is_code = bool(_CODES.search(columns[at]))
        out.append(
            "right" if known and not is_code and all(_NUMERIC.fullmatch(cell) for cell in known) else "left"
        )
    return tuple(out)


def columns_of(head: Sequence[str], rows: Sequence[Sequence[str]], hints: Sequence[float]) -> Columns:
    """Columns as wide as their longest word needs, the rest shared by what their texts would like."""
    size = next(size for above, size in look.TABLE_SIZES if len(head) > above)
    longest = [_longest_word(at, head, rows, size) for at in range(len(head))]
    landscape = len(head) > 9 or sum(_capped(longest, _LONGEST[1], size)) > look.TEXT_WIDTH
    room = look.LANDSCAPE_WIDTH if landscape else look.TEXT_WIDTH
    tries = [_capped(longest, limit, size) for limit in _LONGEST]
    least = next((tried for tried in tries if sum(tried) <= 0.85 * room), tries[-1])
    widths = _hinted(hints, room) if hints else _shared(least, _liked(head, rows, size), room)
    tall = tuple(
        any(_lines(cell, wide, size) > _TALL for cell, wide in zip(row, widths, strict=True)) for row in rows
    )
    lines = [max(_lines(c, w, size) for c, w in zip(row, widths, strict=True)) for row in (head, *rows)]
    heights = [1.3 * size * count + 8 for count in lines]
    whole = sum(heights) < _SHORT * look.TEXT_HEIGHT and not landscape
    start = round(min(3 * look.BODY + look.CAPTION + sum(heights[:4]), _START), 1)
    # A header too high would leave no room for the rows on the pages that follow.
    repeat = all(_lines(name, wide, size) <= _TALL // 2 for name, wide in zip(head, widths, strict=True))
    return Columns(tuple(round(w, 2) for w in widths), size, landscape, tall, repeat, whole, start)


def inner(column: float) -> float:
    """Room for text in a column."""
    return max(8.0, column - 2 * look.CELL_PADDING)


def _longest_word(at: int, head: Sequence[str], rows: Sequence[Sequence[str]], size: float) -> float:
    longest = max((width(word, size, bold=True) for word in words(head[at])), default=0.0)
    for row in rows:
        longest = max(longest, *(width(word, size) for word in words(row[at])), 0.0)
    return longest


def _capped(longest: list[float], limit: float, size: float) -> list[float]:
    return [min(word, limit * size / 9) + 2 * look.CELL_PADDING + 1.5 for word in longest]


def _liked(head: Sequence[str], rows: Sequence[Sequence[str]], size: float) -> list[float]:
    """What each column would like: its longest line for short texts, its usual line for long ones."""
    out = []
    for at, name in enumerate(head):
        lines = sorted(max(width(line, size) for line in row[at].split("\n")) for row in rows)
        usual = lines[math.ceil(0.9 * (len(lines) - 1))] if lines else 0.0
        out.append(min(_WIDEST, max(width(name, size, bold=True) * 0.7, usual)) + 2 * look.CELL_PADDING + 1.5)
    return out


def _hinted(hints: Sequence[float], room: float) -> list[float]:
    return [room * hint / sum(hints) for hint in hints]


def _shared(least: list[float], liked: list[float], room: float) -> list[float]:
    wanted = [max(a, b) for a, b in zip(least, liked, strict=True)]
    if sum(least) >= room:
        return _hinted(least, room)
    if sum(wanted) <= room:
        # Room to spare goes where texts are, in proportion: a table is as wide as the text around it.
        return _hinted(wanted, room)
    share = (room - sum(least)) / (sum(wanted) - sum(least))
    return [a + (b - a) * share for a, b in zip(least, wanted, strict=True)]


def _lines(cell: str, column: float, size: float) -> int:
    return sum(1 + int(width(line, size) * 1.1 / inner(column)) for line in cell.split("\n"))


def proportions(svg: bytes | None, png: bytes | None) -> float:
    """Height over width of a picture.

    Raises DocumentError where the bytes are neither a PNG nor an SVG with a size.
    """
    if png is not None and png[:8] == b"\x89PNG\r\n\x1a\n" and len(png) > 24:
        wide, tall = struct.unpack(">II", png[16:24])
        if wide and tall:
            return float(tall / wide)
    if svg is not None:
        opening = re.search(rb"<svg\b[^>]*>", svg[:20_000])
        tag = opening.group().decode("utf-8", "replace") if opening else ""
        box = re.search(r"""\sviewBox\s*=\s*["']\s*([^"']+)""", tag)
        try:
            if box:
                _, _, wide_, tall_ = (float(n) for n in re.split(r"[\s,]+", box.group(1).strip()))
                return _ratio(wide_, tall_)
            sides = [re.search(rf"""\s{name}\s*=\s*["']\s*([\d.]+)""", tag) for name in ("width", "height")]
            return _ratio(*(float(side.group(1)) if side else 0.0 for side in sides))
        except ValueError as error:
            raise DocumentError("Une image SVG n’a pas de taille lisible.", tag[:200]) from error
    raise DocumentError("Une image n’est ni un PNG ni un SVG lisible.")


def _ratio(wide: float, tall: float) -> float:
    if wide <= 0 or tall <= 0:
        raise ValueError("no size")
    return tall / wide


def picture_width(wanted: float, ratio: float) -> float:
    """Width in points: the wanted share of the text's width, less where the picture would be too tall."""
    return round(min(wanted * look.TEXT_WIDTH, look.TALLEST * look.TEXT_HEIGHT / ratio), 2)
