"""Words and blocks that every part of a report uses: whose text it is, what is missing, which source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_ui import text
from ptce_ui.exports.document import (
    Bullets,
    Callout,
    Paragraph,
    Source,
    Table,
    bold,
)
from ptce_ui.exports.document.model import Alignment, Block

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

NBSP: Final = text.NBSP
#: Marks what the author of the study added to what the data hold.
AUTHOR: Final = "ajouté par l’auteur"
AUTHOR_TITLE: Final = "Texte de l’auteur"
#: Rows of a list in the document; the others are in the workbook.
LONGEST: Final = 30
#: Letters in a cell from which it is set under the table.
_LONG_CELL: Final = 500
_BULLET: Final = re.compile(r"^\s*[-–•*]\s+")

INSEE: Final = "insee-populations"
TYPES: Final = "atlas-types"
LIMITS: Final = "ign-limites"
OWN: Final = "auteur"


def base_sources(dataset: Dataset, study: Study) -> tuple[Source, ...]:
    """The sources that are no row of the data: layers, types, and what the author of the study entered."""
    licence = "Licence Ouverte 2.0"
    return (
        Source(INSEE, "Insee", None, "Populations municipales 2022 (Mayotte : recensement de 2017), code officiel "
               "géographique et composition des intercommunalités de 2025 (DGCL)", "millésime 2022", None, licence),
        Source(LIMITS, "IGN et Insee", None, "Limites et superficies des communes et des intercommunalités",
               "édition 2025", None, licence),
        Source(TYPES, "Atlas de la coopération économique territoriale", None, "Types de territoires calculés d’après "
               "l’Insee (recensements de 1982 et 2011, grille de densité, aires d’attraction) et l’ANCT (quartiers "
               "prioritaires, zonages de reconversion)", f"version des données {dataset.version_said}", None, licence),
        Source(OWN, study.organisation or "Auteur de l’étude", None, "Données saisies dans l’étude",
               study.modified.isoformat(), None, None),
    )  # fmt: skip


def all_sources(dataset: Dataset, study: Study) -> tuple[Source, ...]:
    """Every source that a report may cite: those above, then the rows of the table of sources."""
    frame = dataset.sources
    columns = ("id", "publisher", "url", "date_published", "date_accessed", "licence")
    rows = zip(*(frame[c].tolist() for c in columns), strict=True)
    made = []
    for source_id, publisher, *more in rows:
        url, published, read, licence = (v if isinstance(v, str) else None for v in more)
        made.append(Source(source_id, publisher, url, None, published, read, licence))
    return (*base_sources(dataset, study), *made)


def ids(cells: Iterable[Any]) -> tuple[str, ...]:
    """Identifiers of sources from cells such as "a|b", each once, in order; unknown cells say nothing."""
    found: dict[str, None] = {}
    for cell in cells:
        for part in str(cell).split("|") if isinstance(cell, str) else ():
            if part:
                found[part] = None
    return tuple(found)


def own(words: str) -> list[Block]:
    """The author's free text of a part, told as theirs so that nobody takes it for data."""
    if not words.strip():
        return []
    return [Paragraph((bold(AUTHOR_TITLE),), (OWN,)), *paragraphs(words)]


def paragraphs(words: str) -> list[Block]:
    """Free text as paragraphs and lists: a blank line parts, a dash at the head of a line makes a list."""
    made: list[Block] = []
    lines: list[str] = []
    items: list[str] = []

    def close() -> None:
        if lines:
            made.append(Paragraph("\n".join(lines)))
            lines.clear()
        if items:
            made.append(Bullets(tuple(items)))
            items.clear()

    for line in words.splitlines():
        if _BULLET.match(line):
            if lines:
                close()
            items.append(_BULLET.sub("", line).strip())
        elif not line.strip():
            close()
        else:
            if items:
                close()
            lines.append(line.strip())
    close()
    return made


def missing(sentence: str) -> Callout:
    """What a part lacks, and where to say it."""
    return Callout("manque", sentence)


def said(value: object) -> str:
    """A text as it is, or « non renseigné »."""
    known = value if isinstance(value, str) else "" if value is None or pd.isna(value) else str(value)
    return known.strip() or text.UNKNOWN_TEXT


def whole(value: object) -> str:
    """A count or a year as it is written, or « non renseigné »."""
    return text.UNKNOWN_TEXT if value is None or pd.isna(value) else text.number(float(str(value)))


def year(value: object) -> str:
    """A year without thousands mark, or « non renseigné »."""
    return text.UNKNOWN_TEXT if value is None or pd.isna(value) else str(int(float(str(value))))


def km(value: float | None, decimals: int = 1) -> str:
    """A distance in km, or « non renseigné »."""
    made = text.number(value, decimals)
    return made if made == text.UNKNOWN_TEXT else f"{made}{NBSP}km"


def radius(value: float) -> str:
    """`5 km`, `2,5 km`: a radius that was chosen, without useless decimals."""
    return f"{text.number(value, 0 if float(value).is_integer() else 1)}{NBSP}km"


def short(words: str, longest: int = 160) -> str:
    """The head of a long text, cut at a word."""
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def first(rows: pd.DataFrame, limit: int = LONGEST) -> tuple[pd.DataFrame, str]:
    """The first rows that the document shows, and what to say of the others."""
    more = len(rows) - limit
    if more <= 0:
        return rows, ""
    what = "Une autre ligne est" if more == 1 else f"{text.number(more)} autres lignes sont"
    return rows.head(limit), f"{what} dans le classeur des tableaux."


def table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    note: str = "",
    sources: Iterable[str] = (),
    widths: tuple[float, ...] = (),
    align: tuple[Alignment, ...] = (),
    total: bool = False,
) -> Table:
    """A table of ready texts; empty cells say « – », but in the total."""
    given = [tuple(row) for row in rows]
    cells = tuple(
        row if total and n == len(given) - 1 else tuple(cell if cell.strip() else "–" for cell in row)
        for n, row in enumerate(given)
    )
    return Table(
        caption, tuple(columns), cells, note=note, source_ids=tuple(dict.fromkeys(sources)), widths=widths, align=align,
        total=total,
    )  # fmt: skip


def join_notes(*notes: str) -> str:
    """Sentences of a note, those that say something."""
    return " ".join(note for note in notes if note)


def capital(words: str) -> str:
    """The text with a capital first letter."""
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """The text with a small first letter; ESS or RSE keep their capitals."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def sides(texts: int, numbers: int) -> tuple[Alignment, ...]:
    """Alignment of the columns: so many of text, then so many of numbers."""
    made: list[Alignment] = ["left"] * texts
    made += ["right"] * numbers
    return tuple(made)


def spilled(rows: Iterable[Sequence[str]]) -> tuple[list[tuple[str, ...]], list[Block]]:
    """Rows whose long cells are cut, and those cells in full, to be set under the table: a narrow column of
    several pages cannot be read. The first cell of a row names it."""
    kept: list[tuple[str, ...]] = []
    more: list[Block] = []
    for row in rows:
        cells = []
        for cell in row:
            if len(cell) > _LONG_CELL:
                more.append(Paragraph((bold(f"{short(row[0], 120)}{NBSP}: "), cell)))
                cell = f"{short(cell, 240)} (suite sous le tableau)"
            cells.append(cell)
        kept.append(tuple(cells))
    return kept, more
