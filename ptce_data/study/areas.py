"""What the communes of a perimeter add up to: types, EPCI, départements, regions of both sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data.query import LEVEL_CODES, Level
from ptce_data.study.registries import TERRITORY_LABELS

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def types_of(communes: pd.DataFrame) -> pd.DataFrame:
    """Communes and people by type: territory_type, label, communes, population, share_pct (NaN without people)."""
    grouped = communes.groupby("territory_type")["population"].agg(["size", "sum"])
    grouped = grouped.reindex(list(TERRITORY_LABELS), fill_value=0)
    total = grouped["sum"].sum()
    return pd.DataFrame(
        {
            "territory_type": list(TERRITORY_LABELS),
            "label": list(TERRITORY_LABELS.values()),
            "communes": grouped["size"].to_numpy(dtype="int64"),
            "population": grouped["sum"].to_numpy(dtype="int64"),
            "share_pct": (
                grouped["sum"] / total * 100 if total else grouped["sum"] * float("nan")
            ).to_numpy(),
        }
    )


def by_area(dataset: Dataset, communes: pd.DataFrame, level: Level) -> pd.DataFrame:
    """The areas of a level that the communes are in: code, name, communes, population, share_pct."""
    key = LEVEL_CODES[level]
    made = communes.groupby(key)["population"].agg(communes="size", population="sum").reset_index()
    made = made.rename(columns={key: "code"})
    names = getattr(dataset, level).set_index(key)["name"]
    made.insert(1, "name", made["code"].map(names).astype("str"))
    total = communes["population"].sum()
    made["share_pct"] = made["population"] / total * 100 if total else float("nan")
    return made.sort_values("code", ignore_index=True)


def epci_touched(dataset: Dataset, communes: pd.DataFrame) -> pd.DataFrame:
    """The same for EPCI, plus communes_total (of the whole EPCI) and is_whole (all of them belong)."""
    made = by_area(dataset, communes, "epci")
    layer = dataset.communes
    sizes = layer[layer["epci_siren"].isin(made["code"])].groupby("epci_siren").size()
    made.insert(3, "communes_total", made["code"].map(sizes).fillna(0).astype("int64"))
    made["is_whole"] = made["communes"] == made["communes_total"]
    return made
