"""Workbooks (XLSX, XLS, ODS) -> RawLayer, opened in a process of their own, bounded in memory and time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_table import Record, read_table
from ptce_data.own_layers.limits import BOOK_CHARACTERS, BOOK_MEMORY, BOOK_SECONDS, MAX_CELLS, MAX_ROWS
from ptce_data.own_layers.model import RawLayer
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, listing, number, quoted
from ptce_data.workbooks import BookError, Limits, Sheet, text, values

LIMITS: Final = Limits(
    memory=BOOK_MEMORY,
    seconds=BOOK_SECONDS,
    characters=BOOK_CHARACTERS,
    # Titles and notes may stand above the rows; some cells of the area are empty.
    rows=MAX_ROWS + 1_000,
    area=5 * MAX_CELLS,
)
_SMALLER: Final = "supprimez les lignes et colonnes vides, ou enregistrez-le en CSV"
_TOO_MANY: Final = ("sa feuille a trop de cellules", "supprimez les lignes et colonnes inutiles")
_FAULTS: Final[dict[str, tuple[str, str]]] = {
    "memory": ("une fois ouvert, il demande trop de mémoire", _SMALLER),
    "time": ("il est trop long à ouvrir", _SMALLER),
    "password": ("ce classeur est protégé par un mot de passe", "enregistrez-le sans mot de passe"),
    "broken": ("ce classeur est abîmé", "enregistrez-le de nouveau, ou en CSV"),
    "part": ("cette feuille n’y est pas, ou est masquée", "choisissez une feuille visible"),
    "empty": ("aucune de ses feuilles visibles n’a de ligne", "choisissez un autre fichier"),
    "rows": (
        f"sa feuille a plus de {number(MAX_ROWS)} lignes",
        "gardez les lignes utiles, ou coupez-le en plusieurs",
    ),
    "area": _TOO_MANY,
    "text": _TOO_MANY,
}


def read_book(file: str, data: bytes, kind: str, part: str | None, digest: str, notes: list[str]) -> RawLayer:
    """Return the sheet `part` of a workbook, or its first one with rows. Raises LayerError."""
    try:
        with values(data, LIMITS, suffix=kind, part=part) as (titles, sheets):
            return _read(file, kind, part, digest, notes, titles, next(sheets))
    except BookError as error:
        raise LayerError(file, *_FAULTS[error.why]) from None


def _read(
    file: str,
    kind: str,
    part: str | None,
    digest: str,
    notes: list[str],
    sheets: tuple[str, ...],
    sheet: Sheet,
) -> RawLayer:
    title = sheet.title
    others = [quoted(shown(name)) for name in sheets if name != title]
    if others and part is None:
        shown_others = others[:4] + ([f"{len(others) - 4} autres"] if len(others) > 4 else [])
        notes.append(
            f"Feuille lue{NBSP}: {quoted(shown(title))}{NBSP}; laissées de côté{NBSP}: {listing(shown_others)}."
        )
    if sheet.bare:
        notes.append(
            f"{number(sheet.bare)} formule{'s' * (sheet.bare > 1)} sans valeur enregistrée{NBSP}: lue{'s' * (sheet.bare > 1)} "
            "vide ; ouvrez le classeur dans un tableur et enregistrez-le pour les calculer."
        )
    merged = _Merged(sheet.merged)
    table = read_table(
        file,
        merged.filled(_records(sheet)),
        notes,
        exact=False,
        where=f"feuille {quoted(shown(title))}",
    )
    if merged.count:
        notes.append(
            f"Cellules fusionnées{NBSP}: leur valeur est répétée dans {number(merged.count)} cellule{'s' * (merged.count > 1)}."
        )
    return RawLayer(
        file,
        digest,
        kind,
        title,
        sheets,
        table.frame(),
        tuple(table.lines),
        notes=tuple(notes),
        broken=tuple(table.broken),
    )


def _records(sheet: Sheet) -> Iterator[Record]:
    for line, row in enumerate(sheet.rows, start=1):
        cells = [text(cell, repr) for cell in row]
        yield line, cells + [""] * (sheet.width - len(cells) if sheet.width < 400 else 0), None


class _Merged:
    """Merged cells: the value of the first one stands for those below it, in the same column."""

    def __init__(self, ranges: list[list[int]]) -> None:
        # A title merged over columns names nothing in the others: only what goes down is filled.
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, _ in ranges:
            if bottom > top:
                self._spans.setdefault(top, []).append((left, bottom))
        self.count = 0

    def filled(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records, empty cells of a merged area filled."""
        open_spans: dict[int, tuple[int, str]] = {}
        for line, cells, why in records:
            at = line - 1
            for column, (bottom, value) in list(open_spans.items()):
                if at > bottom:
                    del open_spans[column]
                elif value and any(cells) and column < len(cells) and not cells[column]:
                    cells[column] = value
                    self.count += 1
            for column, bottom in self._spans.get(at, ()):
                open_spans[column] = (bottom, cells[column] if column < len(cells) else "")
            yield line, cells, why
