"""Support schemes that cover a perimeter: all of it, or the part of its people that they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data import coverage
from ptce_data.query import LEVEL_CODES
from ptce_data.study.perimeter import Area

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_ORDER = {"epci": 0, "departement": 1, "region": 2, "etat": 3, "ue": 4}


def schemes(dataset: Dataset, area: Area) -> pd.DataFrame:
    """Return the documented schemes covering all or part of the perimeter, nearest level first.

    The rows of `support_schemes`, plus share_pct (of the perimeter's people in communes covered; of its
    communes where nobody is counted) and communes_covered. Schemes of the State and the Union cover
    everything. `status` is that of the date of the source: open, closed or unknown.
    """
    frame = dataset.support_schemes
    listed = coverage.codes(frame)
    everywhere = frozenset(listed.loc[listed["coverage_code"].isin(coverage.NATIONAL), "scheme_id"])
    communes = area.communes
    reached: dict[str, pd.Series] = {}
    for level, column in LEVEL_CODES.items():
        own = listed[(listed["level"] == level) & listed["area_code"].isin(communes[column].dropna())]
        for scheme_id, code in zip(own["scheme_id"], own["area_code"], strict=True):
            hit = communes[column] == code
            reached[scheme_id] = reached[scheme_id] | hit if scheme_id in reached else hit
    weights = communes["population"] if area.population else pd.Series(1, index=communes.index)
    total = float(weights.sum())
    share = {s: float(weights[hit].sum()) / total * 100 for s, hit in reached.items() if total}
    count = {s: int(hit.sum()) for s, hit in reached.items()}
    rows = pd.DataFrame(frame[frame["id"].isin(everywhere) | frame["id"].isin(reached)])
    national = rows["id"].isin(everywhere)
    rows["share_pct"] = rows["id"].map(share).astype("float64").mask(national, 100.0)
    rows["communes_covered"] = rows["id"].map(count).mask(national, len(communes)).astype("int64")
    return rows.sort_values("level", key=lambda s: s.map(_ORDER), kind="stable", ignore_index=True)
