"""Workbooks (XLSX, XLSB, XLS, ODS) -> text cells; opened in a process of their own, within limits."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from ptce_data.scdl.broken import UnreadableError
from ptce_data.workbooks import BookError, Limits, text, values

#: A workbook that unpacks to more than this is not opened.
MAX_UNPACKED: Final = 1_000_000_000
#: A sheet may be as long as a spreadsheet allows, with the columns of the standard and as many others.
LIMITS: Final = Limits(
    memory=2_000_000_000, seconds=120, characters=200_000_000, rows=1_048_576, area=30_000_000
)
_SMALLER: Final = "supprimez les lignes et colonnes vides, ou enregistrez-le en CSV"


def pages(name: str, content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Return the visible sheets: title and rows of text, row n of the list being row n + 1 of the sheet.

    Raises UnreadableError for a damaged, protected or oversized workbook.
    """
    _check_size(name, content)
    made: list[tuple[str, list[list[str]]]] = []
    try:
        with values(content, LIMITS, every=True) as (_, sheets):
            for sheet in sheets:
                rows = [[text(cell, _number) for cell in row] for row in sheet.rows]
                # What the reader does not give of an empty end is a cell all the same.
                made.append((sheet.title, [row + [""] * (sheet.width - len(row)) for row in rows]))
    except BookError as error:
        raise UnreadableError(name, _said(error)) from None
    return made


def _said(error: BookError) -> str:
    if error.why == "password":
        return "classeur protégé par un mot de passe"
    if error.why == "broken":
        return f"classeur abîmé ({error.kind})"
    if error.why == "time":
        return f"classeur trop long à ouvrir ; {_SMALLER}"
    if error.why == "memory":
        return f"classeur qui demande trop de mémoire une fois ouvert ; {_SMALLER}"
    return f"classeur qui a trop de cellules ; {_SMALLER}"


def _check_size(name: str, content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise UnreadableError(name, "classeur abîmé") from None
    if unpacked > MAX_UNPACKED:
        raise UnreadableError(name, f"classeur de plus de {MAX_UNPACKED // 1_000_000} Mo une fois ouvert")


def _number(cell: float) -> str:
    """Write a number as a CSV file of the standard would have it."""
    written = repr(round(cell, 9))
    # A number with three decimals would look like thousands; here there is no doubt.
    return written + "0" if written[-4:-3] == "." else written
