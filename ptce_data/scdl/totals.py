"""Imported subsidies added up for charts: by object, funder and year, always marked as imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ptce_data.scdl.matching import ATTRIBUTED, Matches

#: What subsidies can be added up by.
BY: Final = ("entity_uid", "entity_name", "entity_kind", "funder", "funder_key", "year")
ORIGIN: Final = "import"


def attributed(matches: Matches, *, with_duplicates: bool = False) -> pd.DataFrame:
    """Return the subsidies that count for an object: links that hold by themselves or were confirmed.

    A row that surely repeats another one counts once, unless `with_duplicates`. Same columns as
    `Matches.rows`, and `origin`, always "import".
    """
    rows = matches.rows[matches.rows["status"].isin(ATTRIBUTED)]
    if not with_duplicates:
        rows = rows[~rows["is_duplicate"].astype(bool)]
    return rows.assign(origin=pd.Series(ORIGIN, index=rows.index, dtype="str")).reset_index(drop=True)


def totals(
    matches: Matches,
    by: Sequence[str] = ("entity_uid", "entity_name", "funder", "year"),
    *,
    with_duplicates: bool = False,
) -> pd.DataFrame:
    """Add up the attributed subsidies: `by`, is_in_kind, amount_eur (euros), subsidies (rows), origin.

    Aid in kind is valued, not paid: it is never added to money. Raises KeyError for a column that is
    not in BY. A row counts for one object only, so totals by funder or year count it once.
    """
    for column in by:
        if column not in BY:
            raise KeyError(column)
    rows = attributed(matches, with_duplicates=with_duplicates)
    keys = [*by, "is_in_kind"]
    summed = rows.groupby(keys, sort=True, dropna=False).agg(
        amount_eur=("amount_eur", "sum"), subsidies=("line", "size")
    )
    made = summed.reset_index()
    made["amount_eur"] = made["amount_eur"].round(2)
    return made.assign(origin=pd.Series(ORIGIN, index=made.index, dtype="str"))
