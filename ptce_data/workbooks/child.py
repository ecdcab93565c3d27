"""A process of its own that opens one workbook: whatever the file is, it cannot take the atlas down.

Started as `python -I child.py JSON`; imports nothing of the atlas. A reader of workbooks reserves memory
for the whole area that a sheet says it has, and ends the process when there is none: a file of 5 kB can
ask for 500 GB.

The JSON names `path`, the limits (see `process.Limits`) and the job:
values   `suffix`, `part`, `every`: writes {"sheets"}, then of each sheet {"part", "width", "merged", "bare"},
         a list of cells per row, {"end": number of rows};
written  `sheet`, `last`, `columns`: writes a list of [kind, value] per row.
One JSON value a line, {"done": true} at the end, or {"error": word, "kind": name} in place of the rest.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, NoReturn

#: Formulas that have no value saved beside them, in the XML of a sheet.
_BARE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>|<f[^>]*/>\s*</c>")
_MERGED = 20_000


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")


def _stop(word: str, kind: str = "") -> NoReturn:
    _say({"error": word, "kind": kind})
    raise SystemExit(0)


class _Text:
    """Counts what is given back."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, cells: list[Any]) -> None:
        self.left -= len(cells) + sum(len(c) if isinstance(c, str) else 8 for c in cells)
        if self.left < 0:
            _stop("text")


def _plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it: dates as text, AAAA-MM-JJ."""
    if isinstance(cell, (str, bool, int, float)):
        return cell
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


def values(asked: dict[str, Any]) -> None:
    """Write the sheet `part`, else the first one with rows, else every visible one."""
    import python_calamine as calamine

    try:
        # By its path, a workbook is read as its suffix says; else as what it is.
        if asked["suffix"]:
            book = calamine.CalamineWorkbook.from_path(asked["path"])
        else:
            with Path(asked["path"]).open("rb") as file:
                book = calamine.CalamineWorkbook.from_filelike(file)
    except calamine.PasswordError:
        _stop("password")
    titles = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    part, every = asked["part"], asked["every"]
    if part and part not in titles:
        _stop("part")
    _say({"sheets": titles})
    text, given = _Text(asked["characters"]), 0
    for title in [part] if part else titles:
        sheet = book.get_sheet_by_name(title)
        if sheet.end is None or sheet.start is None:
            if every:
                _say({"part": title, "width": 0, "merged": [], "bare": 0})
                _say({"end": 0})
                given += 1
            continue
        if sheet.end[0] + 1 > asked["rows"]:
            _stop("rows")
        if (sheet.end[0] + 1) * (sheet.end[1] + 1) > asked["area"]:
            _stop("area")
        merged = [] if every else [[*a, *b] for a, b in (sheet.merged_cell_ranges or [])[:_MERGED]]
        bare = 0 if every else _bare_formulas(asked["path"])
        _say({"part": title, "width": sheet.end[1] + 1, "merged": merged, "bare": bare})
        _sheet(sheet, text)
        given += 1
        if not every:
            break
    if not given and not every:
        _stop("empty")


def _sheet(sheet: Any, text: _Text) -> None:
    # The reader gives the empty rows above the first cell, not the empty columns before it.
    margin, count = [""] * sheet.start[1], 0
    for row in sheet.iter_rows():
        made = margin + [_plain(cell) for cell in row]
        while made and made[-1] == "":
            made.pop()
        text.take(made)
        _say(made)
        count += 1
    _say({"end": count})


def written(asked: dict[str, Any]) -> None:
    """Write the cells of the sheet `sheet`, else of the first one, as they were typed."""
    # The reader has no need of it here, and takes it where it is: most of the start.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    # lxml says of a lack of memory that the file is ill-formed.
    os.environ["OPENPYXL_LXML"] = "False"
    import openpyxl

    text, last = _Text(asked["characters"]), asked["last"]
    with Path(asked["path"]).open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False)
        sheet = book[asked["sheet"]] if asked["sheet"] in book.sheetnames else book.worksheets[0]
        rows = sheet.iter_rows(max_row=last + 1, max_col=asked["columns"])
        for count, row in enumerate(rows, start=1):
            if count > last:
                _stop("rows")
            made = [_typed(cell) for cell in row]
            text.take([value for _, value in made])
            _say(made)


def _typed(cell: Any) -> list[Any]:
    value = cell.value
    if cell.data_type == "f":
        return ["f", str(getattr(value, "text", value))]
    if cell.data_type == "e":
        return ["e", str(value)]
    if value is None or isinstance(value, (str, bool, int, float)):
        return ["", value]
    return ["o", str(value)]


def main(asked: dict[str, Any]) -> None:
    """Do the job that `asked` names, within its limits."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
        # Should the atlas itself end meanwhile.
        seconds = int(asked["seconds"]) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system
    try:
        {"values": values, "written": written}[asked["job"]](asked)
    except SystemExit:
        raise
    except MemoryError:
        _stop("memory")
    except BaseException as error:  # the readers raise many kinds, panics of Rust among them
        _stop("broken", type(error).__name__)
    _say({"done": True})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    sys.stdout.flush()
