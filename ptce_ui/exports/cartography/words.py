"""Words on a map: cleaned of what cannot be drawn, measured and wrapped. Sizes in points, widths in mm."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from matplotlib.font_manager import FontProperties, fontManager, get_font

from ptce_ui.text import NBSP, THIN

FAMILY: Final = "DejaVu Sans"
MM_PER_POINT: Final = 25.4 / 72
#: Drawn for a character the font does not have: an honest blank rather than a silent loss.
MISSING: Final = "□"
#: Letters fitted to pixels take up to this much more room than their outlines.
_HINTED: Final = 1.045
_SPACES = re.compile("[ \t\n\r\f\v\u2028\u2029]+")
_KEPT = {NBSP, THIN}


def _font(bold: bool) -> object:
    wanted = FontProperties(family=FAMILY, weight="bold" if bold else "normal")
    return get_font(fontManager.findfont(wanted))


@functools.lru_cache(maxsize=4096)
def _drawable(char: str) -> str:
    if char in _KEPT:
        return char
    kind = unicodedata.category(char)
    if kind in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    # Invisible marks turn text around or hide it; combining marks are drawn by composition only.
    if kind == "Cf" or char in "\ufe0e\ufe0f":
        return ""
    return char if _font(False).get_char_index(ord(char)) else MISSING  # type: ignore[attr-defined]


def clean(value: object, longest: int | None = None) -> str:
    """Any text as it can be drawn on one line: no control or invisible character, one space between words."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    if longest is not None:
        text = text[: 4 * longest + 200]
    text = _SPACES.sub(" ", "".join(map(_drawable, text))).strip(" ")
    if longest is not None and len(text) > longest:
        return text[: longest - 1].rstrip(" ") + "…"
    return text


@functools.lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> float:
    """Width of a character as a share of the font size."""
    font = _font(bold)
    font.set_size(100, 72)  # type: ignore[attr-defined]
    return float(font.load_char(ord(char), flags=_NO_HINTING).linearHoriAdvance / 65536 / 100)  # type: ignore[attr-defined]


def _no_hinting() -> object:
    from matplotlib.ft2font import LoadFlags

    return LoadFlags.NO_HINTING


_NO_HINTING: Final = _no_hinting()


def width(text: str, size: float, bold: bool = False) -> float:
    """Width in mm of a line of text set in `size` points."""
    return sum(_advance(c, bold) for c in text) * size * MM_PER_POINT * _HINTED


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Lines no wider than `room` mm; a word longer than a line is broken, nothing is lost."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, size, bold) > room:
            cut = _fits(line, room, size, bold)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def _fits(word: str, room: float, size: float, bold: bool) -> int:
    """How many characters of a word go on a line; at least one."""
    used = 0.0
    for position, char in enumerate(word):
        used += _advance(char, bold) * size * MM_PER_POINT * _HINTED
        if used > room:
            return max(1, position)
    return len(word)
