"""A document as data: what is said, in which order, with which sources. Nothing here draws."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from ptce_ui.text import safe_url

RunKind = Literal["plain", "bold", "italic", "link"]
Alignment = Literal["left", "right", "center"]
CalloutKind = Literal["manque", "methode", "attention"]

CALLOUT_LABELS: Final[dict[CalloutKind, str]] = {
    "manque": "Ce qui manque",
    "methode": "Méthode",
    "attention": "Attention",
}

#: Browsers and Word refuse longer ones.
_LONGEST_ADDRESS: Final = 2000


class DocumentError(ValueError):
    """A document that cannot be written: `reason` is one French sentence, `detail` what a developer needs."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


def safe_address(url: object) -> str | None:
    """An http(s) address as a file can hold it, letters beyond ASCII quoted; None where it is no safe address."""
    kept = safe_url(url)
    if kept is None or not kept.isprintable() or len(kept) > _LONGEST_ADDRESS:
        return None
    return quote(kept, safe="%/:=&?~#+!$,;'@()*[]-._")


@dataclass(frozen=True)
class Run:
    """A stretch of text. A link whose address is not http(s) is shown as plain text, never as a link."""

    text: str
    kind: RunKind = "plain"
    url: str | None = None

    def __post_init__(self) -> None:
        address = safe_address(self.url) if self.kind == "link" else None
        object.__setattr__(self, "url", address)
        if self.kind == "link" and address is None:
            object.__setattr__(self, "kind", "plain")


def bold(text: str) -> Run:
    """Bold text."""
    return Run(text, "bold")


def italic(text: str) -> Run:
    """Italic text."""
    return Run(text, "italic")


def link(text: str, url: str | None) -> Run:
    """A link, or plain text where the address is not a safe one."""
    return Run(text, "link", url)


#: A plain sentence, or its runs.
Text = str | tuple[Run | str, ...]


def runs_of(text: Text) -> tuple[Run, ...]:
    """The runs of a text, whichever way it was given."""
    parts = (text,) if isinstance(text, str) else text
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts)


@dataclass(frozen=True)
class Source:
    """One source, as in the table `sources`; dates ISO (day, month or year), None where unknown."""

    id: str
    publisher: str
    url: str | None = None
    title: str | None = None
    date_published: str | None = None
    date_accessed: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; a skipped level is drawn at the next one allowed (PDF/UA forbids gaps)."""

    text: str
    level: int = 1
    numbered: bool = True

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise DocumentError("Un titre est de niveau 1, 2 ou 3.", f"level={self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a line feed in its text is a line break."""

    text: Text
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[Text, ...]
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbered:
    """An ordered list, from 1."""

    items: tuple[Text, ...]
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows of ready French texts under one header row.

    `align`: one per column, or empty: columns of numbers go right, others left. `widths`: relative hints, or
    empty: measured from the texts. `total`: the last row is a sum. Wide tables (more than 6 columns) are set
    smaller, the widest (more than 9, or too narrow to be read) on a landscape page.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Alignment, ...] = ()
    widths: tuple[float, ...] = ()
    note: str = ""
    source_ids: tuple[str, ...] = ()
    total: bool = False

    def __post_init__(self) -> None:
        if not self.columns or not self.caption.strip():
            raise DocumentError("Un tableau a un titre et au moins une colonne.")
        sizes = {len(row) for row in self.rows} | {len(hints) for hints in (self.align, self.widths) if hints}
        if sizes - {len(self.columns)}:
            raise DocumentError("Les lignes d’un tableau ont autant de cases que de colonnes.", self.caption)
        if any(width <= 0 for width in self.widths):
            raise DocumentError("Une largeur de colonne est positive.", self.caption)


@dataclass(frozen=True)
class Picture:
    """A picture with what a reader who does not see it needs (`alt`) and a caption.

    `svg` (drawn as lines in the PDF) or `png`, or both; from an SVG alone the DOCX gets a PNG made of it.
    `width` is the share of the text's width, 0 to 1; a tall picture is made smaller so as to fit a page.
    """

    alt: str
    caption: str
    svg: bytes | None = None
    png: bytes | None = None
    width: float = 1.0
    note: str = ""
    source_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.alt.strip() or not self.caption.strip():
            raise DocumentError("Une image a un texte de remplacement et une légende.")
        if self.svg is None and self.png is None:
            raise DocumentError("Une image est donnée en SVG ou en PNG.", self.caption)
        if not 0 < self.width <= 1:
            raise DocumentError("La largeur d’une image est une part de la page, de 0 à 1.", self.caption)


@dataclass(frozen=True)
class Callout:
    """A boxed remark: what is missing, how it was computed, or what to beware of."""

    kind: CalloutKind
    text: Text
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyFigure:
    """One large figure with its label and, if need be, a note (year, perimeter)."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of large figures, drawn three or four in a row."""

    figures: tuple[KeyFigure, ...]
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""


@dataclass(frozen=True)
class SourceList:
    """Where the numbered list of cited sources stands; without it, it closes the document under « Sources »."""


Block = (
    Heading | Paragraph | Bullets | Numbered | Table | Picture | Callout | KeyFigures | PageBreak | SourceList
)


@dataclass(frozen=True)
class Document:
    """A whole document. `sources` are all that blocks may cite; only the cited ones are listed.

    `contents_depth`: deepest level of heading in the table of contents, 1 to 3.
    """

    title: str
    date: datetime.date
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    subtitle: str = ""
    organisation: str = ""
    version_note: str = ""
    language: str = "fr"
    cover: bool = True
    contents: bool = True
    contents_depth: int = 3

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise DocumentError("Un document a un titre.")
        if self.contents_depth not in (1, 2, 3):
            raise DocumentError("Le sommaire montre un à trois niveaux de titres.", f"{self.contents_depth}")
        if self.language != "fr":
            raise DocumentError("Les documents sont écrits en français.", self.language)
        known = {source.id for source in self.sources}
        unknown = [cited for cited in self.cited() if cited not in known]
        if unknown:
            raise DocumentError("Une source citée n’est pas dans la liste.", ", ".join(unknown))

    def cited(self) -> Iterator[str]:
        """Identifiers of the sources in the order of their first citation, each once."""
        seen: set[str] = set()
        for block in self.blocks:
            for source_id in getattr(block, "source_ids", ()):
                if source_id not in seen:
                    seen.add(source_id)
                    yield source_id
