"""A budget as CSV, XLSX or JSON, and back: a file that was written loads back identically.

What is read is hostile until read: sizes are bounded, formulas are refused where they stand, a text
that looks like one stays a text. Every fault of a file is told at once, in a BudgetError.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import asdict
from typing import Any, Final

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ptce_data import workbooks
from ptce_data.budget import cells, table
from ptce_data.budget.cells import Cell, Refused
from ptce_data.budget.model import (
    MAX_LINES,
    MAX_YEARS,
    RESOURCES,
    SIDES,
    USES,
    Budget,
    BudgetError,
    Line,
    check,
)
from ptce_data.errors import Fault
from ptce_data.funding.categories import NATURES

MAX_BYTES: Final = 5_000_000
_MAX_UNPACKED: Final = 50_000_000
_MAX_ROWS: Final = MAX_LINES + 100
_MAX_COLUMNS: Final = len(table.COLUMNS) + MAX_YEARS + 20
_MAX_CELL: Final = 100_000
LIMITS: Final = workbooks.Limits(
    memory=400_000_000, seconds=30, characters=5_000_000, rows=_MAX_ROWS, area=_MAX_ROWS * _MAX_COLUMNS
)
_SHEET: Final = "Budget"
_FORMAT: Final = "atlas-ptce-budget"
_DELIMITERS: Final = (";", "\t", ",")
_LINE_KEYS: Final[dict[str, Any]] = {
    "label": str,
    "side": str,
    "category": str,
    "amounts": list,
    "nature": (str, type(None)),
    "is_volunteer": bool,
    "ends_year": (int, type(None)),
}
_HELP: Final = (
    "Une ligne par ressource ou par emploi ; un montant en euros par année ; une case vide vaut 0.",
    "Bénévolat valorisé : oui pour du temps ou des dons en nature ; jamais compté avec l’argent.",
    "Dernière année : pour un financement public accordé pour un temps.",
    "Écrivez des valeurs : les formules sont refusées.",
)


def to_csv(budget: Budget) -> bytes:
    """Return `budget` as CSV for a French spreadsheet: UTF-8 with BOM, semicolons, decimal commas.

    A text that a spreadsheet would run gets an apostrophe, which `from_csv` takes away.
    Raises BudgetError for an unsound budget.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in table.write(check(budget), cells.written):
        writer.writerow([cells.escape(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def from_csv(content: bytes, file: str = "budget.csv") -> Budget:
    """Read a CSV file: UTF-8, UTF-16 with BOM or Windows-1252; semicolons, tabs or commas.

    Raises BudgetError with every fault.
    """
    text = _decoded(_small(content, file), file)
    best: list[table.Row] = []
    for delimiter in _DELIMITERS:
        rows = _csv_rows(text, delimiter, file)
        if table.find_header(rows) is not None:
            return table.read(rows, file)
        best = best or rows
    return table.read(best, file)


def _decoded(content: bytes, file: str) -> str:
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refused(file, "un fichier texte en UTF-8 ou Windows-1252", "encodage")


def _csv_rows(text: str, delimiter: str, file: str) -> list[table.Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[table.Row] = []
    start = 1
    try:
        for row in reader:
            # The reader's own limit belongs to the whole process, and other libraries change it.
            if any(len(cell) > _MAX_CELL for cell in row):
                raise csv.Error(f"une cellule de plus de {_MAX_CELL} caractères")
            rows.append((start, [cells.unescape(cell) for cell in row]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise _refused(file, f"un fichier CSV lisible ({error})", "csv") from None
    return rows


def to_xlsx(budget: Budget) -> bytes:
    """Return `budget` as an XLSX workbook: sheet Budget, lists of values, sheet Lisez-moi.

    Every text is stored as text, whatever it looks like. Raises BudgetError for an unsound budget.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _SHEET
    for number, row in enumerate(table.write(check(budget), float), start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                _put(sheet, number, column, value)
    for column in range(1, len(table.COLUMNS) + len(budget.years) + 1):
        sheet.cell(2, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 40 if column in (1, 3) else 18
    sheet.freeze_panes = "A3"
    lists = book.create_sheet("Lisez-moi")
    for number, line in enumerate(_HELP, start=1):
        _put(lists, number, 1, line)
    columns = (
        list(SIDES.values()),
        [*RESOURCES.values(), *USES.values()],
        list(NATURES.values()),
        ["oui", "non"],
    )
    for position, (title, values) in enumerate(zip(table.COLUMNS[1:5], columns, strict=True), start=2):
        head = len(_HELP) + 2
        for number, value in enumerate([title, *dict.fromkeys(values)], start=head):
            _put(lists, number, position, value)
        letter, count = get_column_letter(position), len(dict.fromkeys(values))
        rule = DataValidation("list", formula1=f"'Lisez-moi'!${letter}${head + 1}:${letter}${head + count}")
        sheet.add_data_validation(rule)
        rule.add(f"{letter}3:{letter}{MAX_LINES + 2}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _put(sheet: Any, row: int, column: int, value: object) -> None:
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl would make a formula of "=…" and an error of "#N/A"
        cell.number_format = "@"


def from_xlsx(content: bytes, file: str = "budget.xlsx") -> Budget:
    """Read an XLSX workbook: its sheet Budget, else its first one. Raises BudgetError with every fault."""
    _small(content, file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except Exception as error:  # a broken archive breaks in many ways, none of which is ours
        raise _refused(file, f"un classeur XLSX lisible ({type(error).__name__})", "fichier") from None
    if unpacked > _MAX_UNPACKED:
        raise _refused(file, "un classeur moins volumineux une fois décompressé", "taille")
    try:
        with workbooks.written(content, _SHEET, _MAX_ROWS, _MAX_COLUMNS, LIMITS) as lines:
            rows = [(number, [_cell(*cell) for cell in row]) for number, row in enumerate(lines, start=1)]
    except workbooks.BookError as error:
        raise _refused(file, *_said(error)) from None
    return table.read(rows, file)


def _said(error: workbooks.BookError) -> tuple[str, str]:
    """Return what is expected instead of a workbook that is not read, and the rule."""
    if error.why == "rows":
        return f"{MAX_LINES} lignes au plus", "longueur"
    if error.why == "broken":
        return f"un classeur XLSX lisible ({error.kind})", "fichier"
    return "un classeur plus simple, qui s’ouvre avec moins de mémoire et de temps", "taille"


def _cell(kind: str, value: Any) -> Cell:
    if kind == "f":
        return Refused(value)
    if kind == "e":
        return Refused(value, "une valeur, et non une erreur de calcul")
    if kind == "o":
        return Refused(value, "du texte ou un nombre, et non une date")
    plain: Cell = value
    return plain


def to_json(budget: Budget) -> bytes:
    """Return `budget` as JSON (UTF-8). Raises BudgetError for an unsound budget."""
    check(budget)
    content = {"format": _FORMAT, "version": 1, "name": budget.name, "years": list(budget.years)}
    lines = [asdict(line) | {"amounts": list(line.amounts)} for line in budget.lines]
    return json.dumps(content | {"lines": lines}, ensure_ascii=False, indent=1).encode("utf-8")


def from_json(content: bytes, file: str = "budget.json") -> Budget:
    """Read what `to_json` wrote. Raises BudgetError with every fault."""
    try:
        data = json.loads(_small(content, file).decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refused(file, f"un fichier JSON lisible ({type(error).__name__})", "json") from None
    if not isinstance(data, dict) or data.get("format") != _FORMAT or data.get("version") != 1:
        raise _refused(file, "un budget écrit par l’atlas", "format")
    faults: list[Fault] = []
    name, years, lines = data.get("name"), data.get("years"), data.get("lines")
    if not isinstance(name, str):
        faults.append(Fault(file, None, "name", str(name), "un texte", "type"))
    if not isinstance(years, list) or not all(_is_int(y) for y in years):
        faults.append(Fault(file, None, "years", str(years), "une liste d’années", "type"))
    if not isinstance(lines, list):
        faults.append(Fault(file, None, "lines", str(lines), "une liste de lignes", "type"))
    made = [
        _json_line(line, file, n, faults)
        for n, line in enumerate(lines if isinstance(lines, list) else [], 1)
    ]
    if faults:
        raise BudgetError(faults)
    assert isinstance(name, str)
    assert isinstance(years, list)
    return check(Budget(name, tuple(years), tuple(line for line in made if line is not None)), file)


def _json_line(line: Any, file: str, number: int, faults: list[Fault]) -> Line | None:
    if not isinstance(line, dict) or set(line) != set(_LINE_KEYS):
        expected = f"un objet avec exactement : {', '.join(_LINE_KEYS)}"
        faults.append(Fault(file, number, None, str(line), expected, "type"))
        return None
    wrong = [
        key
        for key, kind in _LINE_KEYS.items()
        if not isinstance(line[key], kind) or (key == "ends_year" and isinstance(line[key], bool))
    ]
    amounts = line["amounts"] if isinstance(line["amounts"], list) else []
    if "amounts" not in wrong and not all(_is_number(a) for a in amounts):
        wrong.append("amounts")
    for key in wrong:
        faults.append(Fault(file, number, key, str(line[key]), "une valeur du bon type", "type"))
    if wrong:
        return None
    return Line(**{**line, "amounts": tuple(float(a) for a in amounts)})


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e300  # a longer whole number is no float


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _small(content: bytes, file: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise _refused(file, f"un fichier de {MAX_BYTES // 1_000_000} Mo au plus", "taille")
    return content


def _refused(file: str, expected: str, rule: str) -> BudgetError:
    return BudgetError([Fault(file, None, None, None, expected, rule)])
