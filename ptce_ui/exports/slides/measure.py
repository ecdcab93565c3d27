"""Texts on a slide: cleaned, measured, wrapped and cut before any programme draws them. Lengths in points.

Nothing is left to the automatic fitting of PowerPoint or LibreOffice, which do it differently.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ptce_ui.text import NBSP, THIN

#: Advance widths of Arial (thousandths of an em), from space to tilde, regular and bold.
_REGULAR: Final = (
    "278 278 355 556 556 889 667 222 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 "
    "278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 278 278 278 469 556 222 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 "
    "556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD: Final = (
    "278 333 474 556 556 889 722 278 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 "
    "333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 "
    "667 944 667 667 611 333 278 333 584 556 278 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 "
    "611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)
_OTHERS: Final = {
    "’": 278, "‘": 278, "“": 500, "”": 500, "«": 556, "»": 556, "–": 556, "—": 1000, "…": 1000, "€": 556, "•": 350,
    "œ": 944, "Œ": 1000, "æ": 889, "Æ": 1000, "°": 400, "ø": 611, "Ø": 778, NBSP: 278, THIN: 278, "\u00ad": 0,
}  # fmt: skip
#: Fonts of templates against Arial; an unknown one is taken for wide.
_FACTORS: Final = {
    "arial": 1.0, "helvetica": 1.0, "liberation sans": 1.0, "calibri": 0.93, "carlito": 0.93, "aptos": 1.03,
    "segoe ui": 1.04, "marianne": 1.1, "verdana": 1.2, "tahoma": 1.03, "times new roman": 0.93, "open sans": 1.1,
    "source sans pro": 0.95, "roboto": 1.02, "trebuchet ms": 1.02, "arial narrow": 0.84, "garamond": 0.9,
}  # fmt: skip
_UNKNOWN_FONT: Final = 1.15
#: Programmes round letter by letter: lines are taken for this much longer than they are.
_MARGIN: Final = 1.02
LEADING: Final = 1.2

#: Controls, marks that reorder or hide what is around, what no XML file may hold.
_DROPPED: Final = re.compile(
    "[\x00-\x09\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff]"
)


def clean(value: object) -> str:
    """Text that any XML reader and any font engine takes: composed, no control characters; line feeds stay."""
    text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\t", " ")
    text = re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = _DROPPED.sub("", unicodedata.normalize("NFC", text))
    text = "".join(c for c in text if ord(c) & 0xFFFE != 0xFFFE) if not text.isascii() else text
    return re.sub(" *\n *", "\n", re.sub(" {2,}", " ", text)).strip(" \n")


def one_line(value: object) -> str:
    """Cleaned text on one line."""
    return clean(value).replace("\n", " ")


@functools.lru_cache(maxsize=8192)
def _advance(char: str, bold: bool) -> float:
    if " " <= char <= "~":
        return _widths(bold)[ord(char) - 32]
    if char in _OTHERS:
        return _OTHERS[char] / 1000
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0.0
    base = unicodedata.normalize("NFD", char)[0]
    if base != char and base <= "~":
        return _widths(bold)[ord(base) - 32]
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    return 0.85 if char.isupper() else 0.65


@functools.cache
def _widths(bold: bool) -> tuple[float, ...]:
    return tuple(int(number) / 1000 for number in (_BOLD if bold else _REGULAR).split())


@dataclass(frozen=True)
class Face:
    """A font as wide as `factor` times Arial."""

    factor: float = 1.0

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width on one line, in points."""
        return sum(_advance(char, bold) for char in text) * size * self.factor * _MARGIN

    def wrap(self, text: str, room: float, size: float, bold: bool = False) -> list[str]:
        """Lines of a text in `room` points, as the programmes break them: at spaces, then within a word."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._wrapped(paragraph, max(room, size), size, bold)
        return lines

    def _wrapped(self, text: str, room: float, size: float, bold: bool) -> list[str]:
        lines, line, used = [], "", 0.0
        for piece in re.findall(r"[^ -]*[ -]?", text)[:-1]:
            wide, ending = self.width(piece, size, bold), self.width(" ", size) if piece[-1:] == " " else 0.0
            if line and used + wide - ending > room:
                lines.append(line)
                line, used = "", 0.0
            if wide - ending > room:
                for char in piece:
                    step = self.width(char, size, bold)
                    if line and used + step > room and char != " ":
                        lines.append(line)
                        line, used = "", 0.0
                    line, used = line + char, used + step
            else:
                line, used = line + piece, used + wide
        return [stripped.rstrip(" ") for stripped in [*lines, line]]

    def height(self, text: str, room: float, size: float, bold: bool = False) -> float:
        """Height of a wrapped text; 0 for an empty one."""
        return len(self.wrap(text, room, size, bold)) * size * LEADING if text else 0.0


def face(font: str) -> Face:
    """The measures of a font by its name."""
    return Face(_FACTORS.get(font.strip().casefold(), _UNKNOWN_FONT))


def cut(text: str, room: float, size: float, lines: int, with_: Face, bold: bool = False) -> str:
    """The text where it holds in `lines`, else its beginning and an ellipsis."""
    wrapped = with_.wrap(text, room, size, bold)
    if len(wrapped) <= lines:
        return text
    short = " ".join(wrapped[:lines])[:-1].rstrip(" ,;:.-")
    while short and len(with_.wrap(short + "…", room, size, bold)) > lines:
        short = short[:-1]
    return short.rstrip(" ,;:.-") + "…"


def parts(
    text: str, room: float, size: float, lines: int, with_: Face, first: int | None = None
) -> list[str]:
    """The text in pieces of at most `lines` lines (the first of `first`), cut at ends of sentences where possible."""
    out: list[str] = []
    rest = text
    while rest:
        allowed = first if first is not None and not out else lines
        wrapped = with_.wrap(rest, room, size)
        if len(wrapped) <= allowed:
            return [*out, rest]
        taken = _taken(rest, wrapped[:allowed])
        stops = [m.end() for m in re.finditer(r"[.!?…](?= )|\n", rest[:taken])]
        if stops and stops[-1] > taken * 0.4:
            taken = stops[-1]
        out.append(rest[:taken].strip())
        rest = rest[taken:].strip()
    return out


def _taken(text: str, lines: list[str]) -> int:
    """How many characters of the text the lines hold, the spaces between them included."""
    at = 0
    for line in lines:
        at += len(line)
        while at < len(text) and text[at] in " \n":
            at += 1
    return max(1, at)


def fit(
    text: str, room: float, sizes: tuple[float, ...], height: float, with_: Face, bold: bool = False
) -> float:
    """The largest of `sizes` (decreasing) at which the text is no higher than `height`, else the smallest."""
    for size in sizes:
        if with_.height(text, room, size, bold) <= height:
            return size
    return sizes[-1]
