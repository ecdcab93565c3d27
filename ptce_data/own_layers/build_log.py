"""What is done to rows while a layer is built, and the report of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.own_layers.model import LayerReport
from ptce_data.scdl.broken import BrokenRow

#: A mask over the rows of the file.
Rows = npt.NDArray[np.bool_]
#: Longest value quoted in a report.
_QUOTED: Final = 200
_REPAIRS: Final = ["line", "field", "repair", "old", "new"]
_FAULTS: Final = ["line", "field", "value", "why"]


class Log:
    """Refusals, repairs and warnings of the rows whose lines are `lines`; rows are given as masks."""

    def __init__(self, lines: Iterable[int]) -> None:
        self.lines = np.asarray(list(lines), dtype=np.int64)
        self.refused = np.zeros(len(self.lines), dtype=bool)
        self.notes: list[str] = []
        self._refusals: list[pd.DataFrame] = []
        self._repairs: list[pd.DataFrame] = []
        self._warnings: list[pd.DataFrame] = []

    def refuse(self, rows: Rows, field: str, value: Any, why: Any) -> None:
        """Refuse rows; the first reason of a row is the one that is told."""
        new = rows & ~self.refused
        self._refusals.append(self._frame(new, field, value=value, why=why))
        self.refused |= rows

    def warn(self, rows: Rows, field: str, value: Any, why: Any) -> None:
        """Warn of rows, which are kept."""
        self._warnings.append(self._frame(rows, field, value=value, why=why))

    def repair(self, rows: Rows, field: str, repair: Any, old: Any, new: Any) -> None:
        """Tell of repaired cells of rows."""
        self._repairs.append(self._frame(rows, field, repair=repair, old=old, new=new))

    def _frame(self, rows: Rows, field: str, **columns: Any) -> pd.DataFrame:
        """Return lines of the report: each column is one text for all, or a value per row of the file."""
        made: dict[str, Any] = {"line": self.lines[rows], "field": field}
        for name, values in columns.items():
            if isinstance(values, str):
                made[name] = values
            else:
                taken = np.asarray(values, dtype=object)[rows]
                made[name] = ["" if pd.isna(v) else str(v)[:_QUOTED] for v in taken]
        return pd.DataFrame(made)

    def report(self, broken: Iterable[BrokenRow]) -> LayerReport:
        """Return the report, with the rows that could not even be read."""
        lost = list(broken)
        unread = pd.DataFrame(
            {
                "line": [row.line for row in lost],
                "field": "ligne",
                "value": [" | ".join(row.cells)[:_QUOTED] for row in lost],
                "why": [row.why for row in lost],
            }
        )
        refused = set(self.lines[self.refused].tolist())
        kept = int((~self.refused).sum())
        return LayerReport(
            read=len(self.lines) + len(lost),
            kept=kept,
            repairs=_joined(self._repairs, _REPAIRS, refused),
            refusals=_joined([*self._refusals, unread], _FAULTS, set()),
            warnings=_joined(self._warnings, _FAULTS, refused),
            notes=tuple(self.notes),
        )


def _joined(frames: list[pd.DataFrame], columns: list[str], without: set[int]) -> pd.DataFrame:
    parts = [frame for frame in frames if len(frame)]
    if not parts:
        empty = {name: pd.Series([], dtype="int64" if name == "line" else "str") for name in columns}
        return pd.DataFrame(empty)
    whole = pd.concat(parts, ignore_index=True)[columns]
    if without:
        whole = whole[~whole["line"].isin(without)]
    whole = whole.sort_values("line", kind="stable").reset_index(drop=True)
    return whole.astype({name: "str" for name in columns if name != "line"})
