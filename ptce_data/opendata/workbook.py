"""Frames as an Excel workbook: one sheet each, codes as text, dates as dates, formulas inert."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from ptce_data import query
from ptce_data.opendata.columns import ColumnDoc, dictionary
from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain
from ptce_data.text import FORMULA_STARTS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Excel refuses these in a sheet's name, and more than 31 characters.
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
#: What an XML file cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL_MAX: Final = 32_767
_ROWS_MAX: Final = 1_048_576
_EXACT: Final = 2**53
#: Excel's greatest number is 9.99e307.
_HUGE: Final = 9.99e307
#: Excel takes 1900 for a leap year: earlier days are written as text.
_FIRST_DAY: Final = dt.datetime(1900, 3, 1)
#: Excel counts time from 1900; a fixed date of creation makes the same data the same file.
_CREATED: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def xlsx_bytes(sheets: Mapping[str, pd.DataFrame], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """A workbook: one sheet per frame, then "À propos" with the lines of `about` (name, text).

    Texts are written as texts: codes keep their zeros, no formula and no link comes to life. An unknown
    cell stays empty. Lists are written "a|b". The same input gives the same bytes.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _CREATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF2"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        for name, rows in sheets.items():
            _sheet(book.add_worksheet(_name(name, taken)), rows, head)
        if about:
            page = book.add_worksheet(_name("À propos", taken))
            page.set_column(0, 0, 24)
            page.set_column(1, 1, 110)
            for line, (key, words) in enumerate(about):
                page.write_string(line, 0, _text(key), head)
                page.write_string(line, 1, _text(words), wrap)
    return out.getvalue()


def with_sources(
    dataset: Dataset,
    rows: pd.DataFrame,
    ids: Iterable[str],
    title: str,
    more: Mapping[str, pd.DataFrame] | None = None,
) -> bytes:
    """A table as a workbook: itself, other tables, the sources of exactly these, and what it is."""
    cited = query.sources(dataset, ids)
    about = [
        ("Contenu", title),
        ("Version des données", dataset.version),
        ("Licence", "Licence Ouverte 2.0 ; citer l’atlas et les sources de la feuille « Sources »."),
        ("Cases vides", "Une case vide veut dire inconnu, jamais zéro ni non."),
        (
            "Périmètre",
            "France entière, outre-mer compris. Inventaires partiels : une absence ne dit pas qu’il n’existe rien.",
        ),
    ]
    return xlsx_bytes({"Tableau": rows, **(more or {}), "Sources": cited}, about)


def _name(name: str, taken: set[str]) -> str:
    base = _FORBIDDEN.sub(" ", name)[:31].strip() or "Feuille"
    made, number = base, 2
    while made.casefold() in taken:
        made, number = f"{base[:27]} {number}", number + 1
    taken.add(made.casefold())
    return made


def _sheet(page: Any, rows: pd.DataFrame, head: Any) -> None:
    flat = pd.DataFrame(rows.drop(columns="geometry", errors="ignore"))
    page.freeze_panes(1, 0)
    for column, heading in enumerate(flat.columns):
        page.write_string(0, column, _text(heading), head)
        longest = len(str(heading))
        for line, value in enumerate(flat.iloc[:, column].tolist(), start=1):
            longest = max(longest, _cell(page, line, column, value))
        page.set_column(column, column, min(60, max(9, longest + 1)))
    if len(flat.columns):
        page.autofilter(0, 0, max(1, len(flat)), len(flat.columns) - 1)


def _cell(page: Any, line: int, column: int, value: Any) -> int:
    """Write one cell; returns the width of what it shows."""
    if isinstance(value, (tuple, list)):
        value = "|".join(map(str, value))
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return 0
    if isinstance(value, bool):
        value = "oui" if value else "non"
    if isinstance(value, (int, float)) and abs(value) != float("inf"):
        page.write_number(line, column, value)
        return len(f"{value:.6g}")
    words = _text(value)
    page.write_string(line, column, words)
    return len(words)


def _text(value: object) -> str:
    text = _CONTROL.sub(" ", str(value))
    # Excel counts UTF-16 units, of which a character outside of the first plane takes two.
    if len(text) * 2 > _CELL_MAX:
        text = text.encode("utf-16-le", "replace")[: 2 * _CELL_MAX].decode("utf-16-le", "ignore")
    return text


def data_book(flat: pd.DataFrame, docs: Sequence[ColumnDoc], about: Credits) -> bytes:
    """A plain frame (see `plain`) as a workbook: Tableau, Dictionnaire, Sources, À propos.

    Texts are text cells in text format, so that a code keeps its zeros even when its cell is edited;
    whole days are date cells; booleans are booleans. A text that Excel would run is marked as quoted.
    Excel holds 32,767 characters in a cell: a longer text is cut, and "À propos" says so.
    Raises ValueError for more rows than a sheet holds.
    """
    if len(flat) >= _ROWS_MAX:
        raise ValueError(f"Une feuille Excel contient {_ROWS_MAX} lignes : choisissez un autre format.")
    out = io.BytesIO()
    days = {doc.name for doc in docs if doc.is_day}
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "created": _CREATED,
                "title": _text(about.title)[:255],
                "comments": _text(about.attribution)[:255],
            }
        )
        looks = _Looks(book)
        cut = looks.table(book.add_worksheet("Tableau"), flat, days)
        looks.table(book.add_worksheet("Dictionnaire"), dictionary(docs), set())
        looks.table(book.add_worksheet("Sources"), plain(about.sources), {"date_accessed"})
        lines = about.lines()
        if cut:
            words = f"{cut} texte(s) de plus de {_CELL_MAX} caractères, entier(s) dans les autres formats."
            lines.append(("Textes coupés", words))
        looks.about(book.add_worksheet("À propos"), lines)
    return out.getvalue()


class _Looks:
    """The cell formats of one workbook, and how a plain frame is written with them."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EDF2"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.text = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def about(self, page: Any, lines: Sequence[tuple[str, str]]) -> None:
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 110)
        for line, (key, words) in enumerate(lines):
            page.write_string(line, 0, _text(key), self.head)
            page.write_string(line, 1, _text(words), self.wrap)

    def table(self, page: Any, flat: pd.DataFrame, days: set[str]) -> int:
        """Write a plain frame; returns how many texts were cut."""
        page.freeze_panes(1, 0)
        cut = 0
        for column, name in enumerate(flat.columns):
            page.write_string(0, column, _text(name), self.head)
            cells = flat[name]
            kind = str(cells.dtype)
            known = [(line, v) for line, v in enumerate(cells.tolist(), start=1) if not pd.isna(v)]
            width, look = 10, None
            if kind.startswith("datetime64"):
                self._moments(page, column, known, self.day if is_days(cells) else self.moment)
                width = 11 if is_days(cells) else 20
            elif kind == "str" and name in days:
                self._moments(page, column, [(line, _day(v)) for line, v in known], self.day)
                width = 11
            elif kind == "str":
                look = self.text
                width = max((min(60, len(v)) for _, v in known), default=0)
                for line, value in known:
                    words = _text(value)
                    cut += len(words) < len(value)
                    quoted = words.startswith(FORMULA_STARTS)
                    page.write_string(line, column, words, self.quoted if quoted else self.text)
            elif kind == "boolean":
                for line, value in known:
                    page.write_boolean(line, column, bool(value))
            else:
                for line, value in known:
                    # Excel counts in floating point: a longer number would lose its last digits.
                    if abs(value) < (_HUGE if kind == "Float64" else _EXACT):
                        page.write_number(line, column, value)
                    else:
                        page.write_string(line, column, str(value), self.text)
            page.set_column(column, column, max(9, width, min(60, len(str(name)))) + 1, look)
        if len(flat.columns):
            page.autofilter(0, 0, max(1, len(flat)), len(flat.columns) - 1)
            page.ignore_errors({"number_stored_as_text": f"A1:XFD{_ROWS_MAX}"})
        return cut

    def _moments(self, page: Any, column: int, known: Sequence[tuple[int, Any]], look: Any) -> None:
        for line, value in known:
            moment = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
            if isinstance(moment, dt.datetime) and moment >= _FIRST_DAY:
                page.write_datetime(line, column, moment, look)
            else:
                page.write_string(line, column, _text(str(value).removesuffix(" 00:00:00")), self.text)


def _day(value: str) -> dt.datetime | str:
    try:
        return dt.datetime.strptime(value, "%Y-%m-%d")
    except ValueError:
        return value
