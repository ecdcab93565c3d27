"""Reading published files: text tables of any usual encoding and separator, workbooks with a preamble.

Everything is read as text. Each data row keeps the number of its line in the file, so that a message
can name it. Errors are TerritoryError, in French.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ptce_data.territories.errors import TerritoryError, listed

#: Column added to every table read here: line of the file (text) or row of the sheet (workbook).
LINE: Final = "_line"
_SEPARATORS: Final = (";", ",", "\t", "|")
_PROTECTED = re.compile(r'^="?(.*?)"?$')
_MISSING: Final = {"", "nan", "NaN", "None", "NULL", "N/A", "ND", "nd"}


def read_text(path: Path) -> str:
    """Content of a text file (.gz accepted) in UTF-8, UTF-16 with its mark, or Windows-1252."""
    raw = _bytes(path)
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError) as error:
            raise TerritoryError(f"{path.name} : archive gzip illisible.") from error
    if not raw.strip():
        raise TerritoryError(f"{path.name} : le fichier est vide.")
    if raw[:4] == b"PK\x03\x04":
        raise TerritoryError(
            f"{path.name} : c’est un classeur ou une archive zip, un fichier texte est attendu."
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TerritoryError(f"{path.name} : encodage non reconnu (UTF-8 ou Windows-1252 attendu).")


def read_delimited(path: Path, required: Sequence[str] = ()) -> pd.DataFrame:
    """A delimited text table as text columns plus `_line`; separator found from the header.

    Empty cells are missing. Raises TerritoryError for an empty file, a line with another number of
    fields (named), a repeated column, or a missing one of `required`.
    """
    text = read_text(path)
    header = text.lstrip("\r\n").splitlines()[0]
    separator = max(_SEPARATORS, key=lambda s: (header.count(s), -_SEPARATORS.index(s)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    names: list[str] | None = None
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if names is None:
            names = [cell.strip() for cell in row]
            continue
        if len(row) != len(names):
            raise TerritoryError(
                f"{path.name}, ligne {reader.line_num} : {len(row)} champs au lieu de {len(names)} "
                f"(séparateur « {separator} »)."
            )
        rows.append([_clean(cell) for cell in row])
        lines.append(reader.line_num)
    return _frame(path.name, names or [], rows, lines, required)


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of a workbook."""
    with _workbook(path) as book:
        return [str(name) for name in book.sheet_names]


def read_sheet(path: Path, sheet: str, key: str, required: Sequence[str] = ()) -> pd.DataFrame:
    """One sheet of a workbook as Insee publishes it: a preamble, then a header row that holds `key`.

    Text columns plus `_line` (row of the sheet). Raises TerritoryError for a wrong sheet, no header
    row, a missing column, or no data row.
    """
    with _workbook(path) as book:
        names = [str(name) for name in book.sheet_names]
        if sheet not in names:
            raise TerritoryError(
                f"{path.name} : feuille « {sheet} » absente (feuilles trouvées : {listed(names, 8)})."
            )
        raw = book.parse(sheet, header=None, dtype=str, keep_default_na=False)
    cells = [[str(cell).strip() for cell in row] for row in raw.to_numpy().tolist()]
    start = next((i for i, row in enumerate(cells[:50]) if key in row), None)
    if start is None:
        raise TerritoryError(
            f"{path.name}, feuille « {sheet} » : aucune ligne d’en-tête ne porte la colonne « {key} »."
        )
    width = max(i for i, cell in enumerate(cells[start]) if cell) + 1
    body = [(i + 1, row[:width]) for i, row in enumerate(cells) if i > start and any(row)]
    rows = [[_clean(cell) for cell in row] for _, row in body]
    return _frame(
        f"{path.name}, feuille « {sheet} »", cells[start][:width], rows, [line for line, _ in body], required
    )


def _frame(
    origin: str, names: list[str], rows: list[list[str]], lines: list[int], required: Sequence[str]
) -> pd.DataFrame:
    repeated = sorted({n for n in names if n and names.count(n) > 1})
    if repeated:
        raise TerritoryError(f"{origin} : colonne en double ({listed(repeated)}).")
    missing = [n for n in required if n not in names]
    if missing:
        raise TerritoryError(
            f"{origin} : colonne manquante « {listed(missing)} » (colonnes trouvées : {listed(names, 12)})."
        )
    if not rows:
        raise TerritoryError(f"{origin} : aucune ligne de données.")
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    frame = frame.mask(frame.isin(_MISSING))
    frame[LINE] = lines
    return frame


def _clean(cell: str) -> str:
    """Trim, and take off the ="…" that protects leading zeros from spreadsheets."""
    text = cell.strip()
    if text.startswith("="):
        found = _PROTECTED.match(text)
        return found.group(1) if found else text
    return text


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TerritoryError(f"{path.name} : fichier introuvable.") from error
    except IsADirectoryError as error:
        raise TerritoryError(f"{path.name} : c’est un dossier, un fichier est attendu.") from error


def _workbook(path: Path) -> pd.ExcelFile:
    raw = _bytes(path)
    if not raw:
        raise TerritoryError(f"{path.name} : le fichier est vide.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            inner = [n for n in archive.namelist() if n.lower().endswith(".xlsx")]
            # Insee publishes some workbooks alone in a zip archive.
            raw = archive.read(inner[0]) if len(inner) == 1 else raw
        return pd.ExcelFile(io.BytesIO(raw), engine="openpyxl")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise TerritoryError(f"{path.name} : ce n’est pas un classeur .xlsx lisible.") from error
