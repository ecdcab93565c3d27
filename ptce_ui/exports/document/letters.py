"""Letters: which ones can be shown, how wide they are, where a word too long may be cut."""

from __future__ import annotations

import functools
import importlib.resources
import re
import unicodedata
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib.ft2font import FT2Font, LoadFlags

from ptce_ui.text import NBSP, THIN

#: Stands for a letter that no font of ours can draw.
UNSHOWABLE: Final = "□"
ZERO_WIDTH: Final = "\u200b"
#: Nothing to see, and they may reorder or hide the text around them.
_DROPPED: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_STYLES: Final = (("Regular", ""), ("It", "-Oblique"), ("Bold", "-Bold"), ("BoldIt", "-BoldOblique"))


def font_folders() -> tuple[Path, Path]:
    """Folders of Source Sans Pro (a package of its own) and DejaVu Sans (matplotlib's), in this order."""
    own = Path(str(importlib.resources.files("font_source_sans_pro"))) / "files"
    return own, Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@functools.cache
def shown() -> frozenset[int]:
    """Code points that can be drawn in every style used: upright, italic, bold."""
    own, other = font_folders()
    sets = []
    for mine, theirs in _STYLES:
        first = FT2Font(str(own / f"SourceSansPro-{mine}.ttf")).get_charmap()
        second = FT2Font(str(other / f"DejaVuSans{theirs}.ttf")).get_charmap()
        sets.append(set(first) | set(second))
    return frozenset(set.intersection(*sets))


def clean(value: object) -> str:
    """Text as it will be shown: composed, no control or bidirectional marks, French no-break spaces.

    Line ends become line feeds; other control characters vanish; a letter that no font has becomes □.
    """
    text = "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = _DROPPED.sub("", unicodedata.normalize("NFC", text.replace("\t", " ")))
    text = re.sub("[\u2000-\u2006\u2008\u205f\u3000]", " ", text)
    # Non-joining hyphen: the fonts lack it, and a plain hyphen is what one sees.
    text = text.replace("\u2011", "-")
    if not text.isascii() or not text.isprintable():
        text = "".join(_letter(c) for c in text)
    text = re.sub(" (?=[;!?])", THIN, text)
    text = re.sub(r" (?=[:»%€])|(?<=«) |(?<=[≤≥<>±≈×]) (?=\d)", NBSP, text)
    # « 12 000 » typed with a plain space stays on one line.
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", THIN, text)
    return re.sub(" *\n *", "\n", re.sub(" {2,}", " ", text))


def one_line(value: object) -> str:
    """Cleaned text on one line, without spaces around."""
    return clean(value).replace("\n", " ").strip(" ")


def _letter(char: str) -> str:
    if char in ("\n", " ", NBSP, THIN):
        return char
    kind = unicodedata.category(char)
    if kind == "Cc":
        return ""
    if kind in ("Co", "Cs", "Cn") or ord(char) not in shown():
        return UNSHOWABLE
    return char


@functools.cache
def _face(bold: bool) -> FT2Font:
    face = FT2Font(str(font_folders()[0] / f"SourceSansPro-{'Bold' if bold else 'Regular'}.ttf"))
    face.set_size(100, 72)
    return face


@functools.cache
def _advance(char: str, bold: bool) -> float:
    """Width of a letter in ems; what only the second font has counts as a wide letter."""
    if ord(char) not in _face(bold).get_charmap():
        return 0.85
    return float(_face(bold).load_char(ord(char), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of a text in points, on one line, without kerning."""
    return sum(_advance(char, bold) for char in text) * size


def shortened(text: str, room: float, size: float) -> str:
    """The text as far as it goes on one line of `room` points, with an ellipsis where it is cut."""
    if width(text, size) <= room:
        return text
    used, kept = width("…", size), ""
    for char in text:
        used += _advance(char, False) * size
        if used > room:
            break
        kept += char
    return kept.rstrip() + "…"


def words(text: str) -> list[str]:
    """Pieces that a line break cannot cut: no-break spaces hold numbers and units together."""
    return [word for word in re.split("[ \n]+|(?<=-)", text) if word]


def cuttable(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text with places where a word wider than `room` points may go on to the next line.

    Addresses are cut after a sign, other words where the line is full.
    """
    if width(text, size, bold) <= room:
        return text
    return re.sub(r"[^ \n]+", lambda m: _cut(m.group(), room, size, bold), text)


def _cut(word: str, room: float, size: float, bold: bool) -> str:
    if width(word, size, bold) <= room:
        return word
    if re.match(r"https?://", word) and len(word) < 400:
        word = re.sub(r"(?<=[/?&=._#%-])(?=[^/])", ZERO_WIDTH, word)
    elif "-" in word[:-1]:
        # A line may end after a hyphen, and needs no other place where the pieces hold.
        return ZERO_WIDTH.join(_cut(piece, room, size, bold) for piece in re.findall(r"[^-]*-|[^-]+", word))
    out, used = [], 0.0
    for char in word:
        wide = 0.0 if char == ZERO_WIDTH else _advance(char, bold) * size
        if char == ZERO_WIDTH:
            used = 0.0
        elif used + wide > 0.92 * room:
            out.append(ZERO_WIDTH)
            used = 0.0
        out.append(char)
        used += wide
    return "".join(out)
