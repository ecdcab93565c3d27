"""Frames as an Excel workbook: one sheet each, codes as text, formulas inert. No Streamlit here."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from ptce_data import query

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Excel refuses these in a sheet's name, and more than 31 characters.
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
#: What an XML file cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_MAX: Final = 32_767
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
    return _CONTROL.sub(" ", str(value))[:_CELL_MAX]
