"""What someone could deduce from a published table: written apart from the code that masks.

An unknown is the count of a commune under a key, its establishments whose field says no, and those that are
neither of the ESS nor of one of its legal forms. A published count of an area is an equation; so is « the
parts of a breakdown add up to the total », « all = ESS + unknown + no », and « form without the field + the
others = unknown + no ». The smallest and the largest possible values of a masked count are two linear programmes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.geography import Geography

TOLERANCE = 1e-7


class Attack:
    """The equations that a published table gives; `values` are counts, `masked` what is not shown."""

    def __init__(self, geography: Geography, counts: Any, masked: Any) -> None:
        communes, keys = len(geography.chain), len(codes.KEYS)
        self.width = keys + 2
        size = communes * self.width
        below = np.zeros((geography.rows, communes), dtype=bool)
        for level in range(geography.chain.shape[1]):
            below[geography.chain[:, level], np.arange(communes)] = True
        below[-1] = True
        self.below = below
        rows, right = [], []
        for area, key in np.argwhere(~masked):
            rows.append(self.cell(area, key))
            right.append(counts[area, key])
        column = {key: position for position, key in enumerate(codes.KEYS)}
        for commune in range(communes):
            start = commune * self.width
            for parts in codes.BREAKDOWNS.values():
                row = np.zeros(size)
                row[[start + column[key] for key in parts]] = 1
                row[start + column[codes.ESS]] = -1
                rows.append(row)
                right.append(0)
            row = np.zeros(size)
            row[[start + column[codes.ESS], start + column[codes.UNKNOWN_FIELD], start + keys]] = 1
            row[start + column[codes.ALL]] = -1
            rows.append(row)
            right.append(0)
            row = np.zeros(size)
            row[[start + column[codes.FORM_ONLY], start + keys + 1]] = 1
            row[[start + column[codes.UNKNOWN_FIELD], start + keys]] = -1
            rows.append(row)
            right.append(0)
        self.left, self.right = _without_zeros(np.array(rows), np.array(right, dtype=float))

    def cell(self, area: int, key: int) -> Any:
        """A count of an area as a sum of unknowns."""
        row = np.zeros((self.below.shape[1], self.width))
        row[self.below[area], key] = 1
        return row.ravel()

    def interval(self, area: int, key: int) -> tuple[float, float]:
        """Smallest and largest value that a count may have."""
        kept, _, basis = self.left
        target = self.cell(area, key)[kept]
        return -maximum(basis, -target), maximum(basis, target)


def _without_zeros(left: Any, right: Any) -> tuple[Any, Any]:
    """Drop the unknowns that are zero (a sum of them is), then find a first solution."""
    live = np.ones(left.shape[1], dtype=bool)
    while True:
        used = left * live
        none = (right == 0) & (used >= 0).all(axis=1) & (used > 0).any(axis=1)
        gone = (used[none] > 0).any(axis=0)
        if not gone.any():
            break
        live &= ~gone
    kept = np.flatnonzero(live)
    whole = np.unique(np.column_stack([left[:, kept], right]), axis=0)
    return (kept, whole, _feasible(whole[:, :-1], whole[:, -1])), right


def _feasible(left: Any, right: Any) -> tuple[Any, list[int]]:
    """A tableau with a basis that is a solution."""
    sign = np.where(right < 0, -1.0, 1.0)
    left, right = left * sign[:, None], right * sign
    count, size = left.shape
    table = np.column_stack([left, np.eye(count), right])
    basis = list(range(size, size + count))
    cost = np.concatenate([np.zeros(size), -np.ones(count)])
    _pivot_to_best(table, basis, cost, size + count)
    assert table[[i for i, b in enumerate(basis) if b >= size], -1].sum() < 1e-6, (
        "la table publiée est contradictoire"
    )
    keep = []
    for row, base in enumerate(basis):
        if base >= size:
            column = np.flatnonzero(np.abs(table[row, :size]) > TOLERANCE)
            if not len(column):
                continue
            _pivot(table, basis, row, int(column[0]))
        keep.append(row)
    return np.column_stack([table[keep, :size], table[keep, -1]]), [basis[row] for row in keep]


def maximum(solved: tuple[Any, list[int]], target: Any) -> float:
    """The largest value of a sum of unknowns that are not negative."""
    table, basis = solved[0].copy(), list(solved[1])
    if not _pivot_to_best(table, basis, target, len(target)):
        return float("inf")
    return float(target[basis] @ table[:, -1])


def _pivot_to_best(table: Any, basis: list[int], cost: Any, size: int) -> bool:
    for step in range(5_000):
        gain = cost - cost[basis] @ table[:, :size]
        better = np.flatnonzero(gain > TOLERANCE)
        if not len(better):
            return True
        # Bland's rule when it lasts, so that it ends.
        column = int(better[0] if step > 200 else better[np.argmax(gain[better])])
        able = np.flatnonzero(table[:, column] > TOLERANCE)
        if not len(able):
            return False
        ratio = table[able, -1] / table[able, column]
        ties = able[ratio <= ratio.min() + 1e-12]
        row = int(ties[np.argmin([basis[i] for i in ties])])
        _pivot(table, basis, row, column)
    raise AssertionError("le programme linéaire ne finit pas")


def _pivot(table: Any, basis: list[int], row: int, column: int) -> None:
    table[row] /= table[row, column]
    others = np.arange(len(table)) != row
    table[others] -= np.outer(table[others, column], table[row])
    basis[row] = column
