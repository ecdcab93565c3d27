"""A budget as an editable frame and back. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from ptce_data.budget import Alert, Budget, Placement, table
from ptce_data.budget.table import COLUMNS
from ptce_data.funding import Measure
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
