"""Rows of values -> the typed frame of support_schemes, checked by its own model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from ptce_data import schema
from ptce_data.aid_standard.files import Table
from ptce_data.aid_standard.mapping import COLUMNS, CORE_NAMES, OWN_NAMES
from ptce_data.aid_standard.report import Notes, SchemeImport
from ptce_data.aid_standard.territory import references
from ptce_data.load import Dataset
from ptce_data.scdl.broken import UnreadableError

TABLE: Final = "support_schemes"
_ALWAYS: Final = ("id", "name")
Row = dict[str, Any]


def typed(table: str, rows: list[Row]) -> pd.DataFrame:
    """Return rows as a frame with the columns and types of a table; None is unknown."""
    return pd.DataFrame(
        {
            doc.name: pd.Series([row.get(doc.name) for row in rows], dtype=doc.dtype)
            for doc in schema.describe(table)
        }
    )


def finish(
    dataset: Dataset,
    notes: Notes,
    found: list[tuple[int, Row, Row]],
    origin: str,
    field_of: Callable[[int, str], str],
) -> tuple[pd.DataFrame, tuple[int, ...], pd.DataFrame]:
    """Check the rows, refuse those that break a rule, and return rows, lines and sources.

    `found` holds (line, scheme, its source); `field_of` names the field of the file that a column of a
    line comes from. A required fact that is unknown is a warning: a person completes it.
    """
    first: dict[str, int] = {}
    for line, row, _ in found:
        if row["id"] in first:
            notes.refuse(line, field_of(line, "id"), row["id"], f"déjà lu, ligne {first[row['id']]}")
        else:
            first[row["id"]] = line
    found = [one for one in found if one[0] not in notes.refused_lines]
    frame = typed(TABLE, [row for _, row, _ in found])
    lines = [line for line, _, _ in found]
    faults = schema.validate(TABLE, frame, lines, notes.file, references(dataset)) if lines else []
    for fault in faults:
        line, column = fault.line or 0, fault.field or ""
        if fault.rule == "obligatoire" and column not in _ALWAYS:
            notes.warn(line, field_of(line, column), "", f"{column} : inconnu, à compléter")
        else:
            notes.refuse(line, field_of(line, column), fault.value, f"attendu : {fault.expected}")
    kept = [one for one in found if one[0] not in notes.refused_lines]
    rows = typed(TABLE, [row for _, row, _ in kept])
    rows["imported_from"] = pd.Series([origin] * len(rows), dtype="str")
    sources = {source["id"]: source for _, _, source in kept if source.get("id")}
    return rows, tuple(line for line, _, _ in kept), typed("sources", list(sources.values()))


def imported(
    dataset: Dataset,
    notes: Notes,
    table: Table,
    layout: str,
    found: list[tuple[int, Row, Row]],
    origin: str,
    field_of: Callable[[int, str], str],
) -> SchemeImport:
    """Make the import of a table that could be read."""
    rows, lines, sources = finish(dataset, notes, found, origin, field_of)
    has_own = any(name in OWN_NAMES for name in table.fields)
    report = notes.report(
        table.kind,
        layout,
        len(table.rows) + len(table.broken),
        missing=tuple(
            name for name in (*CORE_NAMES, *(OWN_NAMES if has_own else ())) if name not in table.fields
        )
        if table.fields
        else (),
        extras=table.extras,
        blank=table.blank,
    )
    known = set(dataset.support_schemes["id"])
    return SchemeImport(rows, lines, sources, tuple(i for i in rows["id"] if i in known), report)


def unreadable(notes: Notes, layout: str, error: UnreadableError) -> SchemeImport:
    """Make the import of a file that cannot be read: no rows, and why."""
    rows = typed(TABLE, [])
    rows["imported_from"] = pd.Series([], dtype="str")
    return SchemeImport(rows, (), typed("sources", []), (), notes.report("", layout, 0, unreadable=error))


def refuse_broken(notes: Notes, table: Table) -> None:
    """Note the rows that do not fit the header."""
    for row in table.broken:
        notes.refuse(row.line, "(ligne)", " ; ".join(row.cells), row.why)


def empty_row() -> Row:
    """Return a scheme of which nothing is known."""
    return dict.fromkeys(COLUMNS)
