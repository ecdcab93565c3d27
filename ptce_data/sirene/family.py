"""The weight of the ESS as a family of the regional indicators; nothing when it is not computed.

To be added to `regional.indicators._FAMILIES`. The registry there is kept per version of the data: a new
result shows after a restart, or when the caches are emptied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ptce_data.regional.model import Indicator, Measure
from ptce_data.sirene import results
from ptce_data.sirene.geography import FRANCE_LEVEL

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.regional.areas import Areas

_SCALES = {"ess_per_1000": 1000.0}


def indicators(dataset: Dataset) -> list[Indicator]:
    """The definitions, in the order of display."""
    return results.definitions_of(results.state())


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id; masked counts are missing."""
    found = results.values(areas.level or FRANCE_LEVEL)
    made = {}
    for name, rows in found.groupby("indicator_id"):
        own = rows.set_index("code").reindex(areas.codes)
        ratio = own["denominator"] if own["denominator"].notna().any() else None
        scale = 1.0 if ratio is None else _SCALES.get(str(name), 100.0)
        made[str(name)] = Measure(own["numerator"], ratio, scale)
    return made
