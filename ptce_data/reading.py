"""CSV files read as text, then typed: every unreadable row and cell becomes a fault, none is guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ptce_data import schema
from ptce_data.errors import Fault

_WHOLE: Final = re.compile(r"-?\d{1,15}")
_DECIMAL: Final = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_FLAGS: Final = {"true": True, "false": False}


@dataclass
class RawTable:
    """A table as read: its typed frame (index 0 … n-1), the file line of each row, its faults.

    `readable` is False when not even the rows could be read. `text` holds the cells as text; a row
    with the wrong number of cells is left out of both frames, and has a fault.
    """

    name: str
    file: str
    frame: pd.DataFrame
    text: pd.DataFrame
    lines: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    readable: bool = True


def read(name: str, data_dir: Path) -> RawTable:
    """Read the table `name` of `data_dir`. Never raises for what a file may hold."""
    path = data_dir / schema.PATHS[name]
    file = f"{data_dir.name}/{schema.PATHS[name]}"
    columns = [doc.name for doc in schema.describe(name)]
    table = RawTable(name, file, schema.empty(name), pd.DataFrame(columns=columns, dtype="str"))
    try:
        header, *body = _rows(path)
    except _UnreadableError as error:
        line, value, expected, rule = error.args
        table.faults.append(Fault(file, line, None, value, expected, rule))
        table.readable = False
        return table
    table.faults += _header_faults(header[1], columns, file)
    if table.faults:
        table.readable = False
        return table
    kept = []
    for line, cells in body:
        if len(cells) == len(columns):
            kept.append(cells)
            table.lines.append(line)
        else:
            expected = f"{len(columns)} cellules, et non {len(cells)}"
            table.faults.append(Fault(file, line, None, ",".join(cells), expected, "cellules"))
    table.text = pd.DataFrame(kept, columns=header[1], dtype="str")[columns]
    table.frame = _typed(table)
    return table


class _UnreadableError(Exception):
    """The rows of a file cannot be read: (line, value, expected, rule)."""


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return (first line, cells) of each row, header first. Raises _UnreadableError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError(None, None, "un fichier, qui est absent", "fichier") from None
    except OSError as error:
        raise _UnreadableError(None, None, f"un fichier lisible ({error.strerror})", "fichier") from None
    if content.startswith(b"\xef\xbb\xbf"):
        raise _UnreadableError(1, None, "un fichier UTF-8 sans marque d'ordre des octets (BOM)", "bom")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        value = f"octet {content[error.start]:#04x}"
        raise _UnreadableError(line, value, "un fichier codé en UTF-8", "encodage") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _UnreadableError(start, None, f"une ligne CSV bien formée ({error})", "csv") from None
    if not rows:
        raise _UnreadableError(None, None, "une ligne d'en-tête, et non un fichier vide", "fichier")
    return rows


def _header_faults(header: list[str], columns: list[str], file: str) -> list[Fault]:
    faults = [
        Fault(file, 1, name, None, "une colonne, qui manque", "colonne_absente")
        for name in columns
        if name not in header
    ]
    for position, name in enumerate(header):
        if name not in columns:
            faults.append(Fault(file, 1, name, None, "une colonne connue du schéma", "colonne_inconnue"))
        elif name in header[:position]:
            faults.append(Fault(file, 1, name, None, "une colonne une seule fois", "colonne_double"))
    return faults


def _typed(table: RawTable) -> pd.DataFrame:
    """Return the text cells typed: empty is unknown; a cell of the wrong type is a fault, and unknown."""
    typed = {}
    for doc in schema.describe(table.name):
        cells = table.text[doc.name]
        if doc.dtype == "str":
            typed[doc.name] = cells.mask(cells == "")
            continue
        convert, expected = _CONVERTERS[doc.dtype]
        values: list[Any] = []
        for row, cell in enumerate(cells):
            value = convert(cell) if cell else None
            if cell and value is None:
                table.faults.append(Fault(table.file, table.lines[row], doc.name, cell, expected, "type"))
            values.append(value)
        typed[doc.name] = pd.Series(values, dtype=doc.dtype, index=cells.index)
    return pd.DataFrame(typed, index=table.text.index)


def _whole(cell: str) -> int | None:
    return int(cell) if _WHOLE.fullmatch(cell) else None


def _decimal(cell: str) -> float | None:
    return float(cell) if _DECIMAL.fullmatch(cell) else None


_CONVERTERS: Final[dict[str, tuple[Callable[[str], Any], str]]] = {
    "Int64": (_whole, "un nombre entier, sans espace"),
    "Float64": (_decimal, "un nombre, avec un point décimal et sans espace"),
    "boolean": (_FLAGS.get, "true, false ou vide"),
}
