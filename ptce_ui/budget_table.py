"""A budget as an editable frame and back. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from ptce_data.budget import Alert, Budget, Placement, table
from ptce_data.budget.table import COLUMNS
from ptce_data.funding import Measure
from ptce_ui import losses
from ptce_ui.funding_tables import measure_text

LABELS: Final = tuple(COLUMNS)


def to_frame(budget: Budget) -> pd.DataFrame:
    """One row per line: the six columns of the template, then one column of euros per year."""
    _, header, *rows = table.write(budget, float)
    frame = pd.DataFrame(rows, columns=[str(name) for name in header])
    for column in LABELS[:6]:
        frame[column] = frame[column].astype(str)
    return frame


def from_frame(frame: pd.DataFrame, name: str) -> Budget:
    """The budget an edited frame holds. Raises BudgetError with every fault, line by line as on screen."""
    header = [int(c) if str(c).isdigit() else c for c in frame.columns]
    rows: list[tuple[int, list[Any]]] = [(0, [table.NAME, name]), (0, header)]
    for number, cells in enumerate(frame.itertuples(index=False), start=1):
        kept = ["" if cell is None or cell is pd.NA or cell != cell else cell for cell in cells]
        if any(str(cell).strip() not in ("", "0", "0.0") for cell in kept):
            amounts = [0.0 if cell == "" else cell for cell in kept[6:]]
            rows.append((number, [*kept[:6], *amounts]))
    return table.read(rows, "budget")


def with_years(frame: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """The same lines over other years; amounts of a year that stays are kept."""
    kept = frame[list(LABELS[:6])].copy()
    for year in years:
        kept[str(year)] = frame.get(str(year), 0.0)
    return kept


def years(frame: pd.DataFrame) -> list[int]:
    """The years of the columns of euros."""
    return [int(column) for column in frame.columns[6:]]


def lost_years(frame: pd.DataFrame, kept: Sequence[int]) -> list[str]:
    """Years whose amounts go when only `kept` stay: those that hold anything but zeros."""
    return [str(y) for y in years(frame) if y not in kept and frame[str(y)].fillna(0).astype(float).any()]


def _cells(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = frame.itertuples(index=False, name=None)
    return [tuple("" if c is None or c is pd.NA or c != c else c for c in row) for row in rows]


def lost_lines(
    before: pd.DataFrame, after: pd.DataFrame
) -> tuple[tuple[tuple[int, tuple[Any, ...]], ...], tuple[str, ...]] | None:
    """Lines that were removed, with their positions and columns, but for empty ones; None where others changed."""
    gone = losses.lost(_cells(before), _cells(after)) if list(before.columns) == list(after.columns) else None
    if gone is None:
        return None
    filled = [item for item in gone if any(str(cell).strip() not in ("", "0", "0.0") for cell in item[1])]
    return tuple(filled), tuple(map(str, before.columns))


def with_lines(
    frame: pd.DataFrame, gone: Sequence[tuple[int, tuple[Any, ...]]], columns: Sequence[str]
) -> pd.DataFrame:
    """The frame with lines of `lost_lines` back where they were, over the years of the frame."""
    rows = with_years(pd.DataFrame([line for _, line in gone], columns=list(columns)), years(frame))
    back = [(at, line) for (at, _), line in zip(gone, _cells(rows), strict=True)]
    made = pd.DataFrame(losses.put_back(_cells(frame), back), columns=list(frame.columns))
    for column in made.columns[:6]:
        made[column] = made[column].astype(str)
    for column in made.columns[6:]:
        made[column] = pd.to_numeric(made[column], errors="coerce").fillna(0.0).astype(float)
    return made


def measures(by_year: dict[int, list[Measure]]) -> pd.DataFrame:
    """Measures in rows, years in columns, with their definition and why one is missing."""
    rows = []
    for position, first in enumerate(next(iter(by_year.values()))):
        row: dict[str, str] = {"Mesure": first.label}
        reasons = []
        for year, found in by_year.items():
            m = found[position]
            row[str(year)] = measure_text(m.value, m.low, m.high, m.unit)
            reasons += [m.reason] if m.value is None and m.reason else []
        row["Pourquoi pas calculable"] = " ; ".join(dict.fromkeys(reasons))
        row["Définition"] = first.definition
        rows.append(row)
    return pd.DataFrame(rows)


def alerts(found: Sequence[Alert]) -> list[str]:
    """Warnings as sentences, the year first."""
    return [f"{a.year} : {a.text}" if a.year and str(a.year) not in a.text else a.text for a in found]


def dots(placed: Placement) -> pd.DataFrame:
    """The budget and the documented mixes of the same base, one row each: no rank."""
    rows = [("Votre budget", placed.own)] + [
        (f"{d.mix.entity.name}, {d.mix.year or 's. d.'}", d.measure) for d in placed.dots
    ]
    return pd.DataFrame(
        {
            "name": [n for n, _ in rows],
            "value": [m.value for _, m in rows],
            "low": [m.low for _, m in rows],
            "high": [m.high for _, m in rows],
            "is_own": [i == 0 for i in range(len(rows))],
        }
    )
