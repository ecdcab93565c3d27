"""Files of subsidies as published -> rows of one shape, and a report that accounts for every row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.columns import Columns, read_columns
from ptce_data.scdl.fields import BY_NAME, REQUIRED, unique_titles
from ptce_data.scdl.report import Report, collect
from ptce_data.scdl.sheets import Sheet, read_sheets, source_bytes
from ptce_data.scdl.values import Day

#: Columns of the rows, with their types. Text is `str` with NaN for unknown.
ROW_TYPES: Final = {
    "file": "str", "line": "Int64",
    "funder_name": "str", "funder_id": "str", "funder_siren": "str",
    "date": "str", "year": "Int64", "budget_year": "Int64", "decision_ref": "str",
    "beneficiary_name": "str", "beneficiary_id": "str", "beneficiary_siren": "str", "beneficiary_rna": "str",
    "beneficiary_commune": "str", "beneficiary_insee": "str", "beneficiary_postcode": "str",
    "beneficiary_departement": "str",
    "purpose": "str", "total_eur": "Float64", "share": "Float64", "amount_eur": "Float64",
    "nature": "str", "payment_terms": "str", "payment_period": "str", "state_aid_id": "str",
    "eu_notified": "boolean", "scheme_id": "str",
    "is_in_kind": "boolean", "is_repaired": "boolean", "is_duplicate": "boolean",
}  # fmt: skip
#: What makes two rows the same subsidy.
_SAME: Final = [
    c for c in ROW_TYPES if c not in ("file", "line", "is_repaired", "is_duplicate", "is_in_kind")
]


@dataclass(frozen=True)
class Import:
    """Subsidies read from one or several files.

    `rows`: one per kept line, columns of ROW_TYPES; amounts in euros; `amount_eur` is the part of the
    beneficiary (`total_eur` × `share`, to the cent); `date` is AAAA, AAAA-MM or AAAA-MM-JJ as known;
    `funder_siren` and `beneficiary_siren` only when the key of the number holds.
    `extras`: the other columns of the files as text, same index. `report` accounts for every line.
    """

    rows: pd.DataFrame
    extras: pd.DataFrame
    report: Report


def read(
    sources: Iterable[Path | tuple[str, bytes]], *, funder: str | None = None, year: int | None = None
) -> Import:
    """Read files of subsidies: paths, or names with contents. Never raises for what a file holds.

    `funder` and `year` stand for a funder or a date that a file does not give. A file that cannot be
    read is named in `report.unreadable`; a row that cannot be used in `report.refusals`.
    """
    parts: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    books: list[tuple[Sheet, Columns]] = []
    unreadable: list[UnreadableError] = []
    given: dict[str, int] = {}
    for source in sources:
        try:
            name, content = source_bytes(source)
            given[name] = given.get(name, 0) + 1
            # Two files may have one name: the report must tell them apart.
            sheets = read_sheets(name if given[name] == 1 else f"{name} ({given[name]})", content)
        except UnreadableError as error:
            unreadable.append(error)
            continue
        for sheet in sheets:
            columns = read_columns(sheet)
            _complete(sheet, columns, funder, year)
            parts.append(_rows(sheet, columns))
            books.append((sheet, columns))
    if parts:
        rows = pd.concat([part[0] for part in parts], ignore_index=True)
        extras = pd.concat([part[1] for part in parts], ignore_index=True)
    else:
        rows, extras = _typed(pd.DataFrame(columns=list(ROW_TYPES))), pd.DataFrame()
    rows, duplicates = _with_duplicates(rows)
    return Import(rows, extras, collect(books, rows, duplicates, tuple(unreadable)))


def _complete(sheet: Sheet, columns: Columns, funder: str | None, year: int | None) -> None:
    """Fill what other cells or the user tell, then refuse the rows that still lack what is needed."""
    exercise = columns.get("exercice")
    _fill(columns, "dateConvention", exercise, "date_exercice")
    if year is not None:
        told = np.full(columns.size, None, dtype=object)
        told[:] = [Day(str(year), year)] * columns.size
        _fill(columns, "dateConvention", told, "annee_indiquee")
    if funder:
        _fill(columns, "nomAttribuant", np.full(columns.size, funder, dtype=object), "attribuant_indique")
    whole = np.full(columns.size, 1.0, dtype=object)
    if "pourcentageSubvention" in sheet.header.positions:
        _fill(columns, "pourcentageSubvention", whole, "part_supposee")
    else:
        columns.values["pourcentageSubvention"] = whole
    for name in REQUIRED:
        empty = _unknown(columns.get(name)) & ~columns.refused(name)
        why = "valeur absente" if name in sheet.header.positions else "colonne absente du fichier"
        columns.note("refusals", np.flatnonzero(empty), name, "", why)


def _fill(columns: Columns, name: str, other: np.ndarray, repair: str) -> None:
    values = columns.get(name).copy()
    rows = np.flatnonzero(_unknown(values) & ~_unknown(other) & ~columns.refused(name))
    values[rows] = other[rows]
    columns.values[name] = values
    new = [value.text if hasattr(value, "text") else f"{value:g}" if isinstance(value, float) else value
           for value in other[rows]]  # fmt: skip
    columns.note("repairs", rows, name, "", repair, new)


def _unknown(values: np.ndarray) -> np.ndarray:
    return np.array([value is None for value in values], dtype=bool)


def _rows(sheet: Sheet, columns: Columns) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the kept rows and their extra columns."""
    kept = ~columns.refused()
    dates = columns.get("dateConvention")[kept]
    years = columns.get("exercice")[kept]
    made: dict[str, Any] = {
        "file": [sheet.name] * int(kept.sum()),
        "line": np.array(sheet.lines, dtype="int64")[kept],
        "date": [day.text for day in dates],
        "year": [day.year for day in dates],
        "budget_year": [None if day is None else day.year for day in years],
    }
    for name, one in BY_NAME.items():
        if one.column not in made:
            made[one.column] = columns.get(name)[kept]
    frame = pd.DataFrame(made)
    for who, name in (("funder", "idAttribuant"), ("beneficiary", "idBeneficiaire")):
        # The only warnings about a number are that its key is wrong, or that there is none.
        sound = ~columns.noted("warnings", name)[kept]
        frame[f"{who}_siren"] = frame[f"{who}_id"].astype("str").str[:9].where(sound)
    frame["is_repaired"] = columns.noted("repairs")[kept]
    frame["is_duplicate"] = False
    amounts = frame["total_eur"].astype("float64") * frame["share"].astype("float64")
    frame["amount_eur"] = amounts.round(2)
    frame["is_in_kind"] = frame["nature"].eq("aide en nature")
    titles = unique_titles(sheet.header.titles)
    extras = pd.DataFrame(
        {
            titles[at]: pd.Series([row[at] for row in sheet.rows], dtype="str")[kept].to_numpy()
            for at in sheet.header.extras
        }
    )
    return _typed(frame), extras.reindex(range(len(frame)))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(ROW_TYPES)].astype(ROW_TYPES)


def _with_duplicates(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mark the rows that repeat an earlier one, and list them with the row that they repeat.

    A repeated row is a sure duplicate when it carries a purpose or a decision to tell it from another
    subsidy of the same amount; only then is it marked.
    """
    # Groups are slow to make, and few rows are alike.
    alike = rows[rows.duplicated(_SAME, keep=False)]
    again = alike.duplicated(_SAME)
    first = alike.groupby(_SAME, dropna=False, sort=False)[["file", "line"]].transform("first")
    listed = alike[again]
    sure = listed["purpose"].notna() | listed["decision_ref"].notna()
    rows.loc[listed.index[sure], "is_duplicate"] = True
    duplicates = pd.DataFrame(
        {
            "file": listed["file"],
            "line": listed["line"],
            "first_file": first.loc[listed.index, "file"],
            "first_line": first.loc[listed.index, "line"],
            "amount_eur": listed["amount_eur"],
            "is_sure": sure.astype("boolean"),
        }
    )
    return rows, duplicates.reset_index(drop=True)
