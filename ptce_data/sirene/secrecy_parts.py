"""Protect the parts of a total: families, sectors, workforce bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ptce_data.sirene.geography import CHAIN

if TYPE_CHECKING:
    from ptce_data.sirene.secrecy_search import Search

Matrix = npt.NDArray[Any]


def protect_parts(search: Search, columns: Matrix, sensitive: Matrix) -> None:
    """Mask and prove the sensitive counts of one breakdown, whose totals are settled."""
    geography = search.geography
    for part in columns[sensitive[geography.top, columns] & ~search.proved[geography.top, columns]]:
        search.release(int(part), columns)
    for level in reversed(range(1, len(CHAIN))):
        rows = geography.at(level)
        for row, part in np.argwhere(sensitive[np.ix_(rows, columns)]):
            if not search.proved[rows[row], columns[part]]:
                search.swap(columns, int(part), level, int(rows[row]))
    _protect_communes(search, columns, sensitive)


def _protect_communes(search: Search, columns: Matrix, sensitive: Matrix) -> None:
    order = np.argsort(search.classes, kind="stable")
    ids = search.classes[order]
    groups = np.split(order, np.flatnonzero(np.diff(ids)) + 1)
    for group in groups:
        wanted = sensitive[np.ix_(group, columns)] & ~search.proved[np.ix_(group, columns)]
        if wanted.any():
            _protect_class(search, group, columns, wanted)


def _protect_class(search: Search, group: Matrix, columns: Matrix, wanted: Matrix) -> None:
    """Communes with the same areas above them: crossed moves inside the class cost these areas nothing."""
    at = np.ix_(group, columns)
    counts, masked = search.counts[at], search.masked[at].copy()
    while True:
        left = wanted & ~crossed(counts, masked)
        if not left.any() or len(group) < 2:
            break
        row, part = np.argwhere(left)[0]
        chosen = _cheapest(counts, masked, int(row), int(part))
        if chosen is None:
            wanted[row, part] = False
            search.masked[at] = masked
            search.swap(columns, int(part), 0, int(group[row]))
            masked = search.masked[at].copy()
            continue
        other, second = chosen
        masked[np.ix_([row, other], [part, second])] = True
    search.masked[at] = masked
    search.proved[at] |= crossed(counts, masked)
    if len(group) < 2:
        for _, part in np.argwhere(wanted):
            if not search.proved[group[0], columns[part]]:
                search.swap(columns, int(part), 0, int(group[0]))


def crossed(counts: Matrix, masked: Matrix) -> Matrix:
    """Counts of which another value is possible by one crossed move between two rows.

    The count loses one to another part of its row while a second row does the converse, or it gains one:
    the four counts are masked, and the two that lose are not zero.
    """
    has = masked & (counts > 0)
    loses = has[:, :, None] & masked[:, None, :]  # row, c, d: one leaves c for d
    gains = masked[:, :, None] & has[:, None, :]
    both = np.arange(counts.shape[1])
    loses[:, both, both] = False
    gains[:, both, both] = False
    # A second row that moves one from d to c is one that `gains` in c from d.
    able = gains.sum(axis=0)[None] - gains
    willing = loses.sum(axis=0)[None] - loses
    made: Matrix = ((loses & (able > 0)) | (gains & (willing > 0))).any(axis=2)
    return made


def _cheapest(counts: Matrix, masked: Matrix, row: int, part: int) -> tuple[int, int] | None:
    """The row and the part that cost least to mask beside a count, if any can give one back."""
    price = np.where(masked, 0.0, 1.0 + np.log1p(counts))
    total = price + price[:, [part]] + price[[row], :]
    total[counts == 0] = np.inf
    total[row, :] = np.inf
    total[:, part] = np.inf
    best = int(np.argmin(total))
    if not np.isfinite(total.flat[best]):
        return None
    other, second = divmod(best, total.shape[1])
    return other, second
