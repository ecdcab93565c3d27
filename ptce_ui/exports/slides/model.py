"""A slide deck as data: what each slide says and shows, with its notes and sources. Nothing here draws."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, Literal

from ptce_ui.exports.document.model import Alignment, KeyFigure, Source

ChartKind = Literal["bar", "stacked_100", "stacked", "column", "line", "dot"]
CHART_KINDS: Final[tuple[ChartKind, ...]] = ("bar", "stacked_100", "stacked", "column", "line", "dot")
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: A picture above this would make a file that nobody can send.
MAX_PICTURE: Final = 15_000_000


class SlideError(ValueError):
    """A deck that cannot be made: `reason` is one French sentence, `detail` what a developer needs."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class TemplateError(SlideError):
    """A template that cannot be used; `missing` names what it lacks, `found` the layouts or placeholders it has."""

    def __init__(self, reason: str, missing: tuple[str, ...] = (), found: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.missing = missing
        self.found = found


@dataclass(frozen=True)
class ChartSeries:
    """One series: a value per category, None = unknown (drawn as nothing, never as zero).

    `colour` is "#RRGGBB", None for the template's own; `pattern` a hatch over it ("/", "\\\\", "x", ".",
    "-"), as in `theme.ORIGIN_STYLES`.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str | None = None
    pattern: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(_value(value, self.name) for value in self.values))
        if self.colour is not None and not _COLOUR.fullmatch(self.colour):
            raise SlideError("Une couleur s’écrit #RRGGBB.", self.colour)


@dataclass(frozen=True)
class NativeChart:
    """A chart that PowerPoint and LibreOffice can edit.

    kind: "bar", "stacked" and "stacked_100" are horizontal, first category on top; "column", "line" and
    "dot" (points without line) have their categories along the bottom. `number_format` is an Excel format
    (`#,##0`, `0.0`, `0" %"`); `axis_title` names the quantity and its unit. `category_colours`, for a
    single series: one colour per category (None: the series' own). `labels` writes values on the marks.
    """

    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    alt: str
    axis_title: str = ""
    number_format: str = "#,##0"
    category_colours: tuple[str | None, ...] = ()
    labels: bool = True

    def __post_init__(self) -> None:
        if self.kind not in CHART_KINDS:
            raise SlideError(f"Ce genre de graphique n’existe pas : « {self.kind} ».", ", ".join(CHART_KINDS))
        if not self.categories or not self.series:
            raise SlideError("Un graphique a au moins une catégorie et une série.", self.alt)
        if not self.alt.strip():
            raise SlideError("Un graphique a un texte de remplacement.")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise SlideError("Une série a autant de valeurs que le graphique a de catégories.", self.alt)
        if self.category_colours and (
            len(self.series) != 1 or len(self.category_colours) != len(self.categories)
        ):
            raise SlideError(
                "Les couleurs par catégorie vont à une série seule, une par catégorie.", self.alt
            )
        if any(colour and not _COLOUR.fullmatch(colour) for colour in self.category_colours):
            raise SlideError("Une couleur s’écrit #RRGGBB.", self.alt)
        negative = any((value or 0) < 0 for series in self.series for value in series.values)
        if self.kind in ("stacked", "stacked_100") and negative:
            raise SlideError("Des valeurs négatives ne s’empilent pas.", self.alt)


def _value(value: Any, name: str) -> float | None:
    if value is None or not isinstance(value, Real):
        if value is None or type(value).__name__ in ("NAType", "NaTType"):
            return None
        raise SlideError("Une valeur de graphique est un nombre, ou rien.", f"{name} : {value!r}"[:200])
    number = float(value)
    if math.isnan(number):
        return None
    if math.isinf(number):
        raise SlideError("Une valeur de graphique n’est pas infinie.", name[:200])
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


@dataclass(frozen=True)
class DataTable:
    """Ready French texts under one header row; `align`: one per column, or empty: numbers right, others left."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Alignment, ...] = ()
    total: bool = False

    def __post_init__(self) -> None:
        if not self.columns:
            raise SlideError("Un tableau a au moins une colonne.")
        if {len(row) for row in self.rows} - {len(self.columns)} or len(self.align) not in (
            0,
            len(self.columns),
        ):
            raise SlideError("Les lignes d’un tableau ont autant de cases que de colonnes.", self.columns[0])


@dataclass(frozen=True)
class TitleSlide:
    """The first slide. An empty text is the deck's own (title, subtitle; organisation, date, version)."""

    title: str = ""
    subtitle: str = ""
    notes: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionSlide:
    """Opens a part of the deck."""

    title: str
    message: str = ""
    notes: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChartSlide:
    """A native chart under a message; `table`, where given, follows on slides of its own."""

    title: str
    message: str
    chart: NativeChart
    notes: str = ""
    source_ids: tuple[str, ...] = ()
    table: DataTable | None = None
    note: str = ""


@dataclass(frozen=True)
class TableSlide:
    """A native table, on as many slides as its rows and columns need."""

    title: str
    message: str
    table: DataTable
    alt: str = ""
    notes: str = ""
    source_ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class MapSlide:
    """A map as PNG with its text equivalent; `bullets` are said beside it. A square map gets the words at its left."""

    title: str
    message: str
    picture: bytes
    alt: str
    bullets: tuple[str, ...] = ()
    notes: str = ""
    source_ids: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise SlideError("Une carte a un texte de remplacement.", self.title)
        if self.picture[:8] != _PNG or len(self.picture) < 33:
            raise SlideError("Une carte est donnée en PNG.", self.title)
        if len(self.picture) > MAX_PICTURE:
            raise SlideError("Une carte pèse plus de 15 Mo : dessinez-la moins fine.", self.title)


@dataclass(frozen=True)
class FiguresSlide:
    """Large figures, six to a slide."""

    title: str
    message: str
    figures: tuple[KeyFigure, ...]
    notes: str = ""
    source_ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class TextSlide:
    """A message and a list, on as many slides as they need."""

    title: str
    message: str = ""
    bullets: tuple[str, ...] = ()
    notes: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourcesSlide:
    """Where the list of all cited sources stands; without it, it closes the deck."""

    title: str = "Sources"
    notes: str = ""


Slide = (
    TitleSlide | SectionSlide | ChartSlide | TableSlide | MapSlide | FiguresSlide | TextSlide | SourcesSlide
)


@dataclass(frozen=True)
class SlideDeck:
    """A whole deck. `sources` are all that slides may cite; only the cited ones are listed."""

    title: str
    date: datetime.date
    slides: tuple[Slide, ...]
    sources: tuple[Source, ...] = ()
    subtitle: str = ""
    organisation: str = ""
    version_note: str = ""
    language: str = "fr"

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise SlideError("Un diaporama a un titre.")
        if not self.slides:
            raise SlideError("Un diaporama a au moins une diapositive.")
        if self.language != "fr":
            raise SlideError("Les diaporamas sont écrits en français.", self.language)
        known = {source.id for source in self.sources}
        unknown = [cited for cited in self.cited() if cited not in known]
        if unknown:
            raise SlideError("Une source citée n’est pas dans la liste.", ", ".join(unknown)[:500])

    def cited(self) -> Iterator[str]:
        """Identifiers of the sources in the order of their first citation, each once."""
        seen: set[str] = set()
        for slide in self.slides:
            for source_id in getattr(slide, "source_ids", ()):
                if source_id not in seen:
                    seen.add(source_id)
                    yield source_id
