"""One sheet of text cells -> typed columns, and what was repaired, doubtful or refused in each cell.

Each distinct value of a column is read once: files repeat the same dates, funders and amounts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from ptce_data.scdl.fields import FIELDS, Field
from ptce_data.scdl.parsed import Parsed, RefusedError
from ptce_data.scdl.sheets import Sheet
from ptce_data.scdl.values import PARSERS, shown, text

#: Words that programs write for an empty cell.
_WRITTEN_EMPTY: Final = frozenset(
    ("NULL", "null", "#N/A", "#N/D", "N/A", "n/a", "NaN", "nan", "#REF!", "#VALEUR!")
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
#: Column of a frame of notes: repairs, warnings and refusals.
NOTES: Final = ("row", "field", "old", "said", "new")


@dataclass
class Columns:
    """Typed values per field (object arrays, None = unknown), and notes.

    Notes are lists of (row position, field, old text, what is said, new text).
    """

    size: int
    values: dict[str, np.ndarray] = field(default_factory=dict)
    repairs: list[pd.DataFrame] = field(default_factory=list)
    warnings: list[pd.DataFrame] = field(default_factory=list)
    refusals: list[pd.DataFrame] = field(default_factory=list)

    def note(self, kind: str, rows: np.ndarray, name: str, old: Any, said: Any, new: Any = "") -> None:
        """Add notes of one kind (repairs, warnings, refusals) about one field of some rows."""
        if len(rows):
            frame = pd.DataFrame({"row": rows, "field": name, "old": old, "said": said, "new": new})
            getattr(self, kind).append(frame[list(NOTES)])

    def noted(self, kind: str, name: str | None = None) -> np.ndarray:
        """Tell which rows have a note of one kind, about one field or about any."""
        found = np.zeros(self.size, dtype=bool)
        for notes in getattr(self, kind):
            if name is None or notes["field"].iat[0] == name:
                found[notes["row"].to_numpy()] = True
        return found

    def refused(self, name: str | None = None) -> np.ndarray:
        """Tell which rows have a refused cell, of one field or of any."""
        return self.noted("refusals", name)

    def get(self, name: str) -> np.ndarray:
        """Return the values of a field, all unknown when the sheet does not have it."""
        found = self.values.get(name)
        return np.full(self.size, None, dtype=object) if found is None else found


def read_columns(sheet: Sheet) -> Columns:
    """Read the cells of every field that the header names."""
    columns = Columns(len(sheet.rows))
    for one in FIELDS:
        at = sheet.header.positions.get(one.name)
        if at is not None:
            _read(columns, one, [row[at] for row in sheet.rows])
    _move_rna(columns)
    return columns


def _read(columns: Columns, one: Field, cells: list[str]) -> None:
    codes, distinct = pd.factorize(np.array(cells, dtype=object))
    parser = PARSERS.get(one.name, text)
    known = len(distinct)
    old = np.empty(known, dtype=object)
    value, repair, warning, refusal, new = (np.full(known, None, dtype=object) for _ in range(5))
    for position, cell in enumerate(distinct):
        old[position] = cell
        try:
            parsed = _parse(cell, parser)
        except RefusedError as error:
            refusal[position] = str(error)
            continue
        value[position], repair[position], warning[position] = parsed
        new[position] = shown(parsed.value) if parsed.repair else ""
    columns.values[one.name] = value[codes] if known else np.empty(0, dtype=object)
    for kind, said in (("repairs", repair), ("warnings", warning), ("refusals", refusal)):
        told = np.array([what is not None for what in said], dtype=bool)
        rows = np.flatnonzero(told[codes]) if told.any() else np.empty(0, dtype=int)
        columns.note(kind, rows, one.name, old[codes[rows]], said[codes[rows]], new[codes[rows]])


def _parse(cell: str, parser: Callable[[str], Parsed]) -> Parsed:
    """Read one cell: blanks around it are nothing, an empty cell is unknown."""
    plain = cell.strip()
    if plain in _WRITTEN_EMPTY:
        return Parsed(None, "vide_ecrit")
    protected = plain.startswith("'") and plain[1:].startswith(_FORMULA_STARTS)
    plain = plain[1:].strip() if protected else plain
    if not plain:
        return Parsed(None)
    parsed = parser(plain)
    if protected and parsed.repair is None:
        return parsed._replace(repair="apostrophe_retiree")
    return parsed


def _move_rna(columns: Columns) -> None:
    """Put the RNA numbers found in idBeneficiaire where they belong."""
    numbers = columns.values.get("idBeneficiaire")
    if numbers is None:
        return
    moved = np.array([isinstance(n, str) and n.startswith("W") for n in numbers], dtype=bool)
    if moved.any():
        rna = columns.get("rnaBeneficiaire").copy()
        empty = np.array([value is None for value in rna], dtype=bool)
        rna[moved & empty] = numbers[moved & empty]
        columns.values["rnaBeneficiaire"] = rna
        numbers[moved] = None
