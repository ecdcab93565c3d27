"""One published figure, as the source gives it, and the share that it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ptce_data.funding.bases import Amount
from ptce_data.funding.categories import CATEGORIES, Category

#: Two values this close, in points of per cent, tell the same: sources round to whole per cents.
TOLERANCE: Final = 0.5
#: What floating point may add to a comparison.
EPSILON: Final = 1e-9


@dataclass(frozen=True)
class Share:
    """A share in per cent, between `low` and `high` included; `point` when one value is published.

    A published range may have a point (its middle): the range still says how sure it is.
    """

    low: float
    high: float
    point: float | None = None

    @classmethod
    def exactly(cls, value: float) -> Share:
        """Return the share that is `value` and nothing else."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether one value is known, and no range."""
        return self.point is not None and self.high - self.low <= EPSILON

    def agrees(self, other: Share) -> bool:
        """Whether the two shares overlap, give or take the rounding of sources."""
        return self.low <= other.high + TOLERANCE + EPSILON and other.low <= self.high + TOLERANCE + EPSILON


@dataclass(frozen=True)
class Figure:
    """A published amount and/or share of one category, or one line of a budget.

    Amounts in current euros, shares in per cent of the base. None is unknown. `bound` is "minimum"
    or "maximum" when the source gives no more than that.
    """

    id: str
    category: str
    base: str
    amount_eur: float | None = None
    share_pct: float | None = None
    share_min_pct: float | None = None
    share_max_pct: float | None = None
    total_eur: float | None = None
    nature: str | None = None
    bound: str | None = None
    stage: str | None = None
    note: str = ""
    source_id: str = ""
    confidence: str = ""

    @property
    def scheme(self) -> Category:
        """The place of the figure's category in the scheme."""
        return CATEGORIES[self.category]

    @property
    def amount(self) -> Amount | None:
        """The amount, tied to its base."""
        return None if self.amount_eur is None else Amount(self.amount_eur, self.base)

    @property
    def says_part(self) -> bool:
        """Whether the figure gives a part, and not just a total."""
        return self.amount_eur is not None or self.stated is not None

    @property
    def stated(self) -> Share | None:
        """The share that the source itself gives."""
        point, low, high = self.share_pct, self.share_min_pct, self.share_max_pct
        if point is None and low is None and high is None:
            return None
        if low is None and high is None and point is not None:
            return self._bounded(point)
        bottom = low if low is not None else 0.0 if point is None else point
        top = high if high is not None else 100.0 if point is None else point
        return Share(bottom, top, point)

    def share(self, total_eur: float | None) -> Share | None:
        """The stated share, else the amount over `total_eur` when that is known and positive."""
        stated = self.stated
        if stated is not None:
            return stated
        if self.amount_eur is None or not total_eur:
            return None
        return self._bounded(self.amount_eur / total_eur * 100)

    def _bounded(self, value: float) -> Share:
        if self.bound == "minimum":
            return Share(value, max(100.0, value))
        if self.bound == "maximum":
            return Share(0.0, value)
        return Share.exactly(value)


def from_row(row: Mapping[str, Any]) -> Figure:
    """Read one row of `Dataset.funding_figures`."""
    return Figure(
        id=str(row["id"]),
        category=str(row["category"]),
        base=str(row["base"]),
        amount_eur=number(row["amount_eur"]),
        share_pct=number(row["share_pct"]),
        share_min_pct=number(row["share_min_pct"]),
        share_max_pct=number(row["share_max_pct"]),
        total_eur=number(row["total_budget_eur"]),
        nature=text(row["nature"]),
        bound=text(row["bound"]),
        stage=text(row["stage"]),
        note=str(row["base_note"]),
        source_id=str(row["source_id"]),
        confidence=str(row["confidence"]),
    )


def number(value: Any) -> float | None:
    """Return a cell as a plain number, None when unknown."""
    return None if pd.isna(value) else float(value)


def whole(value: Any) -> int | None:
    """Return a cell as a plain integer, None when unknown."""
    return None if pd.isna(value) else int(value)


def text(value: Any) -> str | None:
    """Return a cell as text, None when unknown."""
    return value if isinstance(value, str) else None
