"""Statistical secrecy: mask the counts under a threshold, and enough others that no total gives them back.

Rule of frequency of the French official statistical service for enterprises: a cell that counts fewer than
three units is not shown (InseeFrLab, « Manuel de protection des données tabulées », rules; law no. 51-711 of
7 June 1951). The rule of dominance (85 %) is about amounts; there are none here.

Every masked count that needs protection gets a proof: another table, with the same shown counts, where it
has another value. The proof is a move of one establishment. Between two areas (`transfer`) when the total
is masked, and then its breakdowns are masked too; or two moves that cross (`swap`: one establishment of a
changes from c to d, one of b from d to c) when only parts are masked. A move changes the areas above both
communes where these differ: those counts are masked as well. Masks are only ever added, so that a proof
stays one. It starts from the widest areas, whose proofs serve the communes below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.geography import CHAIN, Geography
from ptce_data.sirene.secrecy_parts import protect_parts
from ptce_data.sirene.secrecy_search import Search

#: Fewest establishments of a count that is shown (zero is shown).
THRESHOLD: Final = 3
Matrix = npt.NDArray[Any]
_TOTALS: Final = (codes.ALL, codes.ESS, codes.UNKNOWN_FIELD, codes.FORM_ONLY, codes.BEFORE)


@dataclass(frozen=True)
class Protection:
    """What is masked (rows of areas × `KEYS`), and what of it is proved not to be deducible.

    `unproved` counts the sensitive cells for which no other table was found: 0, or an error of this module.
    """

    masked: Matrix
    proved: Matrix
    sensitive: Matrix

    @property
    def unproved(self) -> int:
        """Sensitive counts without a proof."""
        return int((self.sensitive & ~self.proved).sum())


def protect(counts: Matrix, geography: Geography, threshold: int = THRESHOLD) -> Protection:
    """Masks for the counts of every area (rows of `geography` × `KEYS`, as `Geography.rolled` gives them)."""
    search = Search(counts, geography)
    sensitive = sensitive_counts(counts, threshold)
    search.masked |= sensitive
    for key in _TOTALS:
        _protect_total(search, codes.KEYS.index(key), sensitive)
    ess = codes.KEYS.index(codes.ESS)
    for keys in codes.BREAKDOWNS.values():
        columns = np.array([codes.KEYS.index(key) for key in keys])
        search.masked[np.ix_(np.flatnonzero(search.masked[:, ess]), columns)] = True
        # What moves to another commune of the class can be of any part that there is.
        giving = np.flatnonzero(search.prove_pairs(ess))
        search.proved[np.ix_(giving, columns)] |= counts[np.ix_(giving, columns)] > 0
        protect_parts(search, columns, sensitive)
    return Protection(search.masked, search.proved, sensitive)


def sensitive_counts(counts: Matrix, threshold: int = THRESHOLD) -> Matrix:
    """Counts that may not be known: those under the threshold, and those whose complement is."""
    made: Matrix = (counts > 0) & (counts < threshold)
    column = {key: counts[:, codes.KEYS.index(key)] for key in _TOTALS}
    outside = column[codes.ALL] - column[codes.ESS]
    said_no = outside - column[codes.UNKNOWN_FIELD]
    small = (outside > 0) & (outside < threshold) & (column[codes.ESS] > 0)
    made[:, codes.KEYS.index(codes.ESS)] |= small
    small = (said_no > 0) & (said_no < threshold) & (column[codes.UNKNOWN_FIELD] > 0)
    made[:, codes.KEYS.index(codes.UNKNOWN_FIELD)] |= small
    return made


def _protect_total(search: Search, key: int, sensitive: Matrix) -> None:
    geography = search.geography
    if sensitive[geography.top, key] and not search.proved[geography.top, key]:
        search.release(key)
    for level in reversed(range(1, len(CHAIN))):
        rows = geography.at(level)
        for row in rows[sensitive[rows, key] & ~search.proved[rows, key]]:
            if not search.proved[row, key]:
                search.transfer(key, level, int(row))
    search.prove_pairs(key)
    rest = np.flatnonzero(
        sensitive[: len(geography.chain), key] & ~search.proved[: len(geography.chain), key]
    )
    for row in rest:
        if not search.proved[row, key]:
            search.transfer(key, 0, int(row))
