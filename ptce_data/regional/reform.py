"""The reform of 2016: which former regions make up a region, and one indicator in both sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.regional import indicators
from ptce_data.regional.areas import check

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Level of the row that holds what no former region is known for.
NOT_KNOWN: Final = "unknown"
_NOT_KNOWN_NAME: Final = "Ancienne région non connue"
_COLUMNS: Final = ["level", "code", "name", "value", "numerator", "denominator"]


def composition(dataset: Dataset) -> pd.DataFrame:
    """The former regions of each region of today, overseas included.

    Columns region_code, former_region_code, name (of the former region), population (inhabitants),
    share_pct (of the region's population; missing where it has none). The largest first.
    """
    former = pd.DataFrame(dataset.former_regions[["region_code", "former_region_code", "name", "population"]])
    whole = former.groupby("region_code")["population"].transform("sum")
    former["share_pct"] = former["population"] / whole.where(whole > 0) * 100
    order = former.sort_values(
        ["region_code", "population", "former_region_code"], ascending=[True, False, True], kind="stable"
    )
    return order.reset_index(drop=True)


def before_after(dataset: Dataset, indicator_id: str, region_code: str) -> pd.DataFrame:
    """One indicator for a region of today, then for each former region that composes it.

    Columns level ("regions", "former_regions", "unknown"), code, name, value, numerator, denominator.
    Where numerators add up and several former regions compose the region, a last row "unknown" (code
    missing) has what is known of the region but of none of its former regions, if anything: an object
    known by its region alone. Raises UnknownAreaError, UnknownIndicatorError.
    """
    found = indicators.indicator(dataset, indicator_id)
    check(dataset, "regions", [region_code])
    parts = composition(dataset)
    parts = parts[parts["region_code"] == region_code]
    names = dataset.regions.set_index("region_code")["name"]
    rows = [_of(dataset, "regions", found.id, [region_code], [names[region_code]])]
    rows.append(
        _of(dataset, "former_regions", found.id, list(parts["former_region_code"]), list(parts["name"]))
    )
    made = pd.concat(rows, ignore_index=True)
    if found.additive and not found.is_rate:
        whole = made["numerator"].iloc[0]
        rest = (0.0 if pd.isna(whole) else whole) - made["numerator"].iloc[1:].sum()
        if abs(rest) > 1e-6:
            made.loc[len(made)] = [NOT_KNOWN, None, _NOT_KNOWN_NAME, rest, rest, float("nan")]
    return made.astype({"code": "str"})


def _of(dataset: Dataset, level: str, indicator_id: str, codes: list[str], names: list[str]) -> pd.DataFrame:
    table = indicators.values(dataset, level)
    table = table[table["indicator_id"] == indicator_id].set_index("code").loc[codes].reset_index()
    return table.assign(level=level, name=names)[_COLUMNS]
