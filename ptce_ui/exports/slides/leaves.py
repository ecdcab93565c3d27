"""What stands on each real slide once texts are measured: boxes, sizes, pieces. Lengths in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_ui.exports.document.model import Alignment, KeyFigure
from ptce_ui.exports.slides.model import NativeChart
from ptce_ui.exports.slides.theirs import Box

CARD_PADDING: Final = 16.0
CELL_X: Final = 7.2
CELL_Y: Final = 4.0


@dataclass(frozen=True)
class Para:
    """One paragraph; `url` makes it a link; `before` is the space above."""

    text: str
    size: float
    bold: bool = False
    bullet: bool = False
    muted: bool = False
    url: str = ""
    before: float = 0.0


@dataclass(frozen=True)
class Words:
    """Paragraphs in a box; the first words of a slide go to the layout's content place."""

    box: Box
    paras: tuple[Para, ...]


@dataclass(frozen=True)
class ChartBody:
    """A native chart; `top` is the end of its value axis, where several slides share it."""

    box: Box
    chart: NativeChart
    top: float | None = None


@dataclass(frozen=True)
class TableBody:
    """A native table whose rows are known to hold."""

    box: Box
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Alignment, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    alt: str
    total: bool


@dataclass(frozen=True)
class PictureBody:
    """A picture placed whole."""

    box: Box
    png: bytes
    alt: str


@dataclass(frozen=True)
class Card:
    """A key figure in its box, with the sizes at which its texts hold."""

    box: Box
    figure: KeyFigure
    value_size: float
    label_size: float = 20.0


Body = ChartBody | TableBody | PictureBody


@dataclass(frozen=True)
class Leaf:
    """One real slide: layout's name, title in its box, words, what is shown, foot and speaker notes."""

    layout: str
    title: str
    title_size: float
    title_box: Box
    words: Words | None = None
    body: Body | None = None
    cards: tuple[Card, ...] = ()
    note: Words | None = None
    foot: Words | None = None
    mentions: Words | None = None
    notes: str = ""
