"""The areas of every level as one list of rows, and the chain of areas above each commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.places import UNKNOWN
from ptce_data.territories.codes import CommuneCodes

#: Levels from the finest to the widest; France is one more, above them all.
CHAIN: Final = ("communes", "epci", "departements", "former_regions", "regions", "territory_types")
FRANCE_LEVEL: Final = "france"
LEVELS: Final = (*CHAIN, FRANCE_LEVEL)
FRANCE: Final = "FR"
#: The communes that are in no EPCI, together: a row of the calculation, never shown.
NO_EPCI: Final = "sans_epci"
_COLUMNS: Final = {
    "communes": "commune_insee", "epci": "epci_siren", "departements": "departement_code",
    "former_regions": "former_region_code", "regions": "region_code", "territory_types": "territory_type",
}  # fmt: skip


@dataclass(frozen=True)
class Geography:
    """Rows of areas, level after level in the order of `LEVELS`.

    `frame`: level, code, population of each row. `chain`: for each commune (in order), the row of its area
    at each level of `CHAIN`. The last row is France.
    """

    frame: pd.DataFrame
    chain: npt.NDArray[np.int32]
    communes: CommuneCodes

    @cached_property
    def rows(self) -> int:
        """Number of rows of areas, France included."""
        return len(self.frame)

    @property
    def top(self) -> int:
        """The row of France."""
        return self.rows - 1

    def at(self, level: int) -> npt.NDArray[np.int32]:
        """Rows of the areas of a level (a position in `CHAIN`)."""
        return np.unique(self.chain[:, level])

    @cached_property
    def members(self) -> tuple[tuple[npt.NDArray[np.int32], ...], ...]:
        """Communes (positions) of each area: by level, then by row from the first of the level."""
        made = []
        for level in range(len(CHAIN)):
            column = self.chain[:, level]
            order = np.argsort(column, kind="stable")
            cuts = np.flatnonzero(np.diff(column[order])) + 1
            made.append(tuple(np.split(order.astype("int32"), cuts)))
        return tuple(made)

    def inside(self, level: int, row: int) -> npt.NDArray[np.int32]:
        """Communes (positions) of an area."""
        return self.members[level][row - int(self.chain[:, level].min())]

    def rolled(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Counts of communes (rows in order) summed up to every area: one row per area."""
        made = np.zeros((self.rows, counts.shape[1]), dtype="int64")
        for level in range(len(CHAIN)):
            np.add.at(made, self.chain[:, level], counts)
        made[self.top] = counts.sum(axis=0)
        return made


def build(communes: pd.DataFrame, former: pd.DataFrame | None = None) -> Geography:
    """From communes (codes of every level, `territory_type`, population) and `old_code, commune_insee`."""
    table = communes.sort_values("commune_insee", ignore_index=True)
    table["epci_siren"] = table["epci_siren"].fillna(NO_EPCI)
    table["territory_type"] = table["territory_type"].fillna(UNKNOWN)
    frames, chain, start = [], [], 0
    for level in CHAIN:
        codes, names = pd.factorize(table[_COLUMNS[level]], sort=True)
        people = table["population"].groupby(codes).sum()
        frames.append(pd.DataFrame({"level": level, "code": list(names), "population": people.to_numpy()}))
        chain.append(codes.astype("int32") + np.int32(start))
        start += len(names)
    frames.append(
        pd.DataFrame({"level": [FRANCE_LEVEL], "code": [FRANCE], "population": [table["population"].sum()]})
    )
    frame = pd.concat(frames, ignore_index=True).astype(
        {"level": "str", "code": "str", "population": "int64"}
    )
    codes_of_today = CommuneCodes.build(table["commune_insee"], former)
    return Geography(frame, np.column_stack(chain), codes_of_today)


def read(data_dir: Path) -> Geography:
    """From the layers and codes of the atlas. Raises OSError, KeyError when they are not there."""
    names: Sequence[Any] = [name for name in _COLUMNS.values() if name != "territory_type"]
    communes = pd.read_parquet(data_dir / "geo" / "communes.parquet", columns=[*names, "population"])
    types = pd.read_parquet(
        data_dir / "geo" / "territory_types.parquet", columns=["commune_insee", "territory_type"]
    )
    former = pd.read_csv(data_dir / "codes" / "former_communes.csv", dtype="str")
    return build(communes.merge(types, on="commune_insee", how="left"), former)
