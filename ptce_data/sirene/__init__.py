"""The weight of the ESS by territory, from the Sirene register of Insee; see docs/poids-de-l-ess.md.

For the pages: `state`, `indicators`, `values`, `portrait`. Reading a result needs neither Ibis nor an
engine; `build` (the command line) does.
"""

from __future__ import annotations

from ptce_data.sirene.definitions import HowTo
from ptce_data.sirene.errors import SireneError, StockError, SyntheticStockError
from ptce_data.sirene.geography import LEVELS
from ptce_data.sirene.results import MASKED, NOT_COMPUTED, SireneState, indicators, portrait, state, values

__all__ = [
    "LEVELS",
    "MASKED",
    "NOT_COMPUTED",
    "HowTo",
    "SireneError",
    "SireneState",
    "StockError",
    "SyntheticStockError",
    "indicators",
    "portrait",
    "state",
    "values",
]
