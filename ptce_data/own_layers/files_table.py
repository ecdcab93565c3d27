"""Rows of cells -> a frame of text: the header is found under titles, each row keeps its line."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable
from typing import Final

import pandas as pd
import pyarrow as pa

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.limits import (
    BATCH,
    HEADER_WITHIN,
    MAX_BROKEN,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TITLE,
)
from ptce_data.own_layers.mapping_fields import is_known
from ptce_data.scdl.broken import BrokenRow
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, number, quoted

#: Line (1 = first), cells, fault (None: sound).
Record = tuple[int, list[str], str | None]
#: Longest cell kept of a row that cannot be read.
_QUOTED: Final = 200
_NUMBER: Final = re.compile(r"[-+]?[\d\s\u00a0\u202f]+(?:[.,]\d+)?")


class Table:
    """Text columns filled row by row and kept compact; `frame()` ends it."""

    def __init__(self, file: str, titles: list[str]) -> None:
        self.file, self.titles = file, titles
        self.lines: list[int] = []
        self.broken: list[BrokenRow] = []
        self._chunks: list[list[pa.Array]] = [[] for _ in titles]
        self._rows: list[list[str]] = []
        self._most = min(MAX_ROWS, MAX_CELLS // max(len(titles), 1))

    def add(self, line: int, cells: list[str]) -> None:
        """Add a row of as many cells as there are titles. Raises LayerError beyond the bounds."""
        if len(self.lines) + len(self.broken) >= self._most:
            raise too_many(self.file, self._most, len(self.titles))
        self.lines.append(line)
        self._rows.append(cells)
        if len(self._rows) >= BATCH:
            self._flush()

    def refuse(self, row: BrokenRow) -> None:
        """Add a row that cannot be read. Raises LayerError when there are too many of them."""
        if len(self.broken) >= MAX_BROKEN:
            raise LayerError(
                self.file,
                f"plus de {number(MAX_BROKEN)} lignes n’ont pas les colonnes de l’en-tête",
                "vérifiez le séparateur et les guillemets",
                f"ligne {row.line}",
            )
        self.broken.append(row._replace(cells=tuple(cell[:_QUOTED] for cell in row.cells)))

    def _flush(self) -> None:
        if not self._rows:
            return
        for chunk, cells in zip(self._chunks, zip(*self._rows, strict=True), strict=True):
            chunk.append(pa.array([_text(cell) for cell in cells], pa.large_string()))
        self._rows = []

    def frame(self) -> pd.DataFrame:
        """Return the frame: one `str` column per title, NaN for an empty cell, index 0…n-1."""
        self._flush()
        columns = [pa.chunked_array(chunks, pa.large_string()) for chunks in self._chunks]
        return pa.table(columns, names=self.titles).to_pandas().astype("str")


def _text(cell: str) -> str | None:
    text = cell.strip()
    if not text:
        return None
    return text if text.isascii() else _whole(text)


def _whole(text: str) -> str:
    # A half character cannot be written in UTF-8: no file of ours could hold it.
    return text.encode("utf-8", "replace").decode("utf-8")


def too_many(file: str, most: int, columns: int) -> LayerError:
    """Return the error of a file of more rows than `most`."""
    why = (
        f"il a plus de {number(most)} lignes"
        if most >= MAX_ROWS
        else f"il a plus de {number(most)} lignes de {columns} colonnes"
    )
    return LayerError(file, why, "gardez les lignes ou les colonnes utiles, ou coupez-le en plusieurs")


def read_table(
    file: str, records: Iterable[Record], notes: list[str], *, exact: bool, where: str | None = None
) -> Table:
    """Return the table under the header found in the first lines; `notes` is told what was left or renamed.

    `exact`: a row shorter than the header is refused (text files); a workbook has no such rows.
    Raises LayerError: no header, no row, too many columns, rows or cells.
    """
    rest = iter(records)
    head = list(itertools.islice(rest, HEADER_WITHIN * 2))
    sound = [(at, row[1]) for at, row in enumerate(head) if row[2] is None and any(c.strip() for c in row[1])]
    if not sound:
        raise LayerError(file, "il est vide", "choisissez un fichier ou une feuille qui a des lignes", where)
    chosen = header_at([cells for _, cells in sound])
    if chosen is None:
        raise LayerError(
            file,
            "aucune ligne d’en-tête n’est reconnue dans les premières lignes",
            "mettez le nom des colonnes en première ligne",
            where,
            ", ".join(c.strip()[:20] for c in sound[0][1] if c.strip()),
        )
    at, cells = sound[chosen]
    if chosen:
        notes.append(f"En-tête lu à la ligne {head[at][0]}{NBSP}; ce qui est au-dessus est laissé (titre).")
    if not any(is_known(c) for c in cells):
        notes.append(
            "Aucun nom de colonne n’est connu de l’atlas : vérifiez que la première ligne est l’en-tête."
        )
    titles = _titles(file, cells, notes, where)
    table = Table(file, titles)
    for line, row, why in itertools.chain(head[at + 1 :], rest):
        if why is not None:
            table.refuse(BrokenRow(line, tuple(row[:MAX_COLUMNS]), why))
        elif any(cell and not cell.isspace() for cell in row):
            _place(table, line, row, exact)
    if not table.lines and not table.broken:
        raise LayerError(file, "il n’a aucune ligne sous l’en-tête", "ajoutez une ligne par lieu", where)
    return table


def _place(table: Table, line: int, row: list[str], exact: bool) -> None:
    width = len(table.titles)
    if len(row) > width and any(cell.strip() for cell in row[width:]):
        said = f"ligne trop longue : {len(row)} cellules au lieu de {width} (séparateur dans un texte ?)"
        table.refuse(BrokenRow(line, tuple(row[:MAX_COLUMNS]), said))
    elif len(row) < width and exact:
        said = f"ligne tronquée : {len(row)} cellule{'s' * (len(row) > 1)} au lieu de {width}"
        table.refuse(BrokenRow(line, tuple(row), said))
    else:
        table.add(line, row[:width] + [""] * (width - len(row)))


def header_at(rows: list[list[str]]) -> int | None:
    """Return the index of the row that names the columns: the one with most known names, else the first full one."""
    filled = [[c.strip() for c in row if c.strip()] for row in rows]
    full = statistics.median(map(len, filled))
    best: tuple[int, int] | None = None
    for at, cells in enumerate(filled[:HEADER_WITHIN]):
        numbers = sum(_NUMBER.fullmatch(c) is not None for c in cells)
        if len(cells) < max(2, full / 2) or numbers > 0.3 * len(cells) or len(set(cells)) < 0.7 * len(cells):
            continue
        known = sum(map(is_known, cells))
        if best is None or known > best[0]:
            best = known, at
    return None if best is None else best[1]


def _titles(file: str, cells: list[str], notes: list[str], where: str | None) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise LayerError(file, f"il a plus de {MAX_COLUMNS} colonnes", "gardez les colonnes utiles", where)
    return unique_titles(cells, notes)


def unique_titles(names: Iterable[str], notes: list[str]) -> list[str]:
    """Return names of columns, one line each, none empty, none twice; what was renamed is noted."""
    made: list[str] = []
    for at, name in enumerate(names, start=1):
        plain = _whole(" ".join("".join(c if c.isprintable() else " " for c in name).split()))[:MAX_TITLE]
        title, again = plain or f"colonne {at}", 2
        while title in made:
            title, again = f"{plain or f'colonne {at}'} ({again})", again + 1
        if plain and title != plain:
            notes.append(
                f"La colonne {quoted(shown(plain))} est là plusieurs fois : renommée {quoted(shown(title))}."
            )
        made.append(title)
    return made
