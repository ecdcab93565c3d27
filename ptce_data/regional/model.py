"""What an indicator is, and what its measure gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_data.text import split_codes

INSEE: Final = "Insee, populations municipales 2022 (Mayotte : recensement de 2017) ; COG 2025"
IGN: Final = "IGN, contours administratifs, COG 2025"
ATLAS: Final = "les tables de l’atlas, source par source"


@dataclass(frozen=True)
class Indicator:
    """One line of a comparison.

    `is_rate`: a ratio, whose median over areas means something; else a count or an amount. `additive`:
    the numerators of disjoint areas sum to that of their union (and, with what no area is known for,
    to the national one). `scope`: "areas", or "national" when it has no value per area. `sources`: ids
    of the sources table; `source_text`: the producer, where the sources are too many or not a table row.
    """

    id: str
    group: str
    label: str
    unit: str
    definition: str
    limits: str
    year: str
    decimals: int = 0
    is_rate: bool = False
    additive: bool = True
    scope: str = "areas"
    sources: tuple[str, ...] = ()
    source_text: str = ATLAS


@dataclass(frozen=True)
class Measure:
    """Numerator, and denominator of a ratio, per area (Series indexed by code; missing = unknown)."""

    numerator: pd.Series
    denominator: pd.Series | None = None
    scale: float = 1.0

    @property
    def value(self) -> pd.Series:
        """The numerator, or the ratio times `scale`; missing when the denominator is zero or unknown."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator.where(self.denominator > 0) * self.scale


def source_ids(cells: Iterable[object]) -> tuple[str, ...]:
    """The ids of "|"-separated cells, each once, sorted."""
    return tuple(sorted({part for cell in cells for part in split_codes(cell)}))
