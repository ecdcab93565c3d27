"""Workbooks (XLSX, XLSB, XLS, ODS) -> text cells."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, Final

import python_calamine as calamine

from ptce_data.scdl.broken import UnreadableError

#: A workbook that unpacks to more than this is not opened.
MAX_UNPACKED: Final = 1_000_000_000
_EXACT: Final = 1e15


def pages(name: str, content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Return the visible sheets: title and rows of text, row n of the list being row n + 1 of the sheet.

    Raises UnreadableError for a damaged, protected or oversized workbook.
    """
    _check_size(name, content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        tables = [
            (title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in visible
        ]
    except calamine.PasswordError:
        raise UnreadableError(name, "classeur protégé par un mot de passe") from None
    except Exception as error:  # the reader of the format raises many kinds
        raise UnreadableError(name, f"classeur abîmé ({type(error).__name__})") from None
    return [(title, [[_text(cell) for cell in row] for row in rows]) for title, rows in tables]


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


def _text(cell: Any) -> str:
    """Write a typed cell as a CSV file of the standard would have it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        written = repr(round(cell, 9))
        # A number with three decimals would look like thousands; here there is no doubt.
        return written + "0" if written[-4:-3] == "." else written
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)
