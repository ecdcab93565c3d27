"""A process of its own that opens one workbook: whatever the file is, it cannot take the atlas down.

Started as `python -I files_book_process.py PATH PART BYTES CHARACTERS ROWS CELLS`; imports nothing of the
atlas. The reader of workbooks reserves memory for the whole area that a sheet says it has, and ends the
process when there is none: a file of 5 kB can ask for 500 GB.

Writes JSON, one value a line: first {"error": word} or {"sheets", "part", "merged", "bare", "width"}, then
one list of texts per row, from the first row of the sheet on, and at last {"end": number of rows}.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import zipfile
from typing import Any, NoReturn

#: Formulas that have no value saved beside them, in the XML of a sheet.
_BARE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>|<f[^>]*/>\s*</c>")


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")


def _stop(word: str) -> NoReturn:
    _say({"error": word})
    sys.stdout.flush()
    raise SystemExit(0)


def _text(cell: Any) -> str:
    """Write a typed cell as text: whole numbers without a point, dates as AAAA-MM-JJ."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def _bare_formulas(path: str) -> int:
    """Count formulas without a saved value, in all sheets of an XLSX."""
    if not zipfile.is_zipfile(path):
        return 0
    count = 0
    with zipfile.ZipFile(path) as book:
        for entry in book.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry):
                continue
            with book.open(entry) as sheet:
                tail = b""
                while chunk := sheet.read(1 << 20):
                    whole = tail + chunk
                    found = list(_BARE.finditer(whole))
                    count += len(found)
                    # What was counted must not be met again in the next chunk.
                    tail = whole[max(found[-1].end() if found else 0, len(whole) - 200) :]
    return count


def main(path: str, part: str, characters: int, rows: int, cells: int) -> None:
    """Write the sheet `part` of a workbook ("" = the first one with rows)."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError:
        _stop("password")
    except Exception:
        _stop("broken")
    titles = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    if part and part not in titles:
        _stop("part")
    try:
        sheet = None
        for title in [part] if part else titles:
            sheet = book.get_sheet_by_name(title)
            if sheet.end is not None:
                break
        if sheet is None or sheet.end is None or sheet.start is None:
            _stop("empty")
        if sheet.end[0] + 1 > rows + 1_000:
            _stop("rows")
        if (sheet.end[0] + 1) * (sheet.end[1] + 1) > 5 * cells:
            _stop("cells")
        merged = [[*a, *b] for a, b in (sheet.merged_cell_ranges or [])[:20_000]]
        _say(
            {
                "sheets": titles,
                "part": sheet.name,
                "merged": merged,
                "bare": _bare_formulas(path),
                "width": sheet.end[1] + 1,
            }
        )
        left, count = characters, 0
        margin = [""] * sheet.start[1]
        for _ in range(sheet.start[0]):
            _say([])
        for row in sheet.iter_rows():
            made = margin + [_text(cell) for cell in row]
            while made and not made[-1]:
                made.pop()
            left -= sum(map(len, made)) + len(made)
            if left < 0:
                _stop("cells")
            _say(made)
            count += 1
        _say({"end": count + sheet.start[0]})
    except Exception:
        _stop("broken")


if __name__ == "__main__":
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]), int(sys.argv[3])))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[4:7]))
    sys.stdout.flush()
