"""What the rules look at: shares and rates of each commune, zone d'emploi and EPCI.

These indicators ship; the census counts of the communes do not. Everything is rounded here (four
decimals of a percent), so that a classification made from the shipped tables and one made from the
raw inputs are the same by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.inputs import checked, years

Scale = Literal["epci", "ze"]
DECIMALS: Final = 4
SCALE_CODES: Final[dict[Scale, str]] = {"epci": "epci_siren", "ze": "ze2020"}
_SCALE_NAMES: Final[dict[Scale, str]] = {"epci": "epci", "ze": "ze2020_label"}
#: Census counts kept for the two aggregated scales, in persons aged 25-54 in the labour force.
AGGREGATES: Final = ("active", "workers", "workers_employed", "unemployed")
_ZONING_COLUMNS: Final = (
    "commune_insee",
    "population",
    "epci_siren",
    "ze2020",
    "density_level",
    "aav2020",
    "aav2020_label",
    "taav2017",
    "cateaav2020",
    "qpv_count",
    "territoire_industrie_1",
    "territoire_industrie_2",
    "afr",
    "ber",
    "bud",
)


@dataclass(frozen=True)
class Indicators:
    """Indicators at three scales.

    communes: one row per commune (codes, zonings, population, `workers_share_Y_pct`).
    epci, ze: one row per area (code, name, population, communes_count, census_coverage_pct, and for
        each year Y active_Y, workers_Y, workers_employed_Y, unemployed_Y in persons, workers_share_Y_pct,
        unemployment_rate_Y_pct in percent; missing where no commune has a census figure).
    national: indexed by year: the same counts and rates over all zones d'emploi with figures, that is
        metropolitan France.
    """

    communes: pd.DataFrame
    epci: pd.DataFrame
    ze: pd.DataFrame
    national: pd.DataFrame

    @property
    def years(self) -> list[int]:
        """Census years available."""
        return [int(y) for y in self.national.index]


def indicators(inputs: pd.DataFrame) -> Indicators:
    """Compute the indicators from the table of inputs (checked first; never modified)."""
    frame = checked(inputs)
    found = years(frame.columns)
    counts = pd.DataFrame(index=frame.index)
    for y in found:
        workers = frame[f"workers_employed_{y}"] + frame[f"workers_unemployed_{y}"]
        counts[f"active_{y}"] = frame[f"employed_25_54_{y}"] + frame[f"unemployed_25_54_{y}"]
        counts[f"workers_{y}"] = workers
        counts[f"workers_employed_{y}"] = frame[f"workers_employed_{y}"]
        counts[f"unemployed_{y}"] = frame[f"unemployed_25_54_{y}"]
    communes = frame[list(_ZONING_COLUMNS)].copy()
    for y in found:
        communes[f"workers_share_{y}_pct"] = rate(counts[f"workers_{y}"], counts[f"active_{y}"])
    ze = _aggregate(frame, counts, found, "ze")
    return Indicators(communes, _aggregate(frame, counts, found, "epci"), ze, national(ze))


def rate(part: pd.Series, whole: pd.Series) -> pd.Series:
    """`part` in percent of `whole`, rounded; missing where the whole is missing or zero."""
    return (part / whole.where(whole > 0) * 100).round(DECIMALS)


def national(ze: pd.DataFrame) -> pd.DataFrame:
    """National counts and rates by year, summed over the zones d'emploi that have figures."""
    found = sorted(int(c.removeprefix("active_")) for c in ze.columns if str(c).startswith("active_"))
    rows = [{a: float(ze[f"{a}_{y}"].sum()) for a in AGGREGATES} for y in found]
    table = pd.DataFrame(rows, index=pd.Index(found, name="year"), columns=list(AGGREGATES), dtype="float64")
    table["workers_share_pct"] = rate(table["workers"], table["active"])
    table["unemployment_rate_pct"] = rate(table["unemployed"], table["active"])
    return table


def from_tables(communes: pd.DataFrame, epci: pd.DataFrame, ze: pd.DataFrame) -> Indicators:
    """Indicators taken back from the shipped tables (their result columns are left out)."""
    found = sorted(int(c.removeprefix("active_")) for c in ze.columns if str(c).startswith("active_"))
    wanted = [*_ZONING_COLUMNS, *(f"workers_share_{y}_pct" for y in found)]
    absent = [c for c in wanted if c not in communes]
    if absent or not found:
        raise TerritoryError(
            f"Table des communes : colonne manquante « {', '.join(absent) or 'active_AAAA'} »."
        )
    parts = {scale: _own_columns(table, scale, found) for scale, table in (("epci", epci), ("ze", ze))}
    return Indicators(communes[wanted].copy(), parts["epci"], parts["ze"], national(parts["ze"]))


def area_columns(scale: Scale, found: list[int]) -> list[str]:
    """Indicator columns of an EPCI or ZE table, in order."""
    columns = [SCALE_CODES[scale], "name", "population", "communes_count", "census_coverage_pct"]
    for y in found:
        columns += [*(f"{a}_{y}" for a in AGGREGATES), f"workers_share_{y}_pct", f"unemployment_rate_{y}_pct"]
    return columns


def _own_columns(table: pd.DataFrame, scale: str, found: list[int]) -> pd.DataFrame:
    columns = area_columns("epci" if scale == "epci" else "ze", found)
    absent = [c for c in columns if c not in table]
    if absent:
        raise TerritoryError(f"Table des territoires ({scale}) : colonne manquante « {', '.join(absent)} ».")
    return table[columns].copy()


def _aggregate(frame: pd.DataFrame, counts: pd.DataFrame, found: list[int], scale: Scale) -> pd.DataFrame:
    code = frame[SCALE_CODES[scale]]
    names = frame[_SCALE_NAMES[scale]].groupby(code).first()
    population = frame["population"].astype("float64")
    # Covered: a figure exists for every year. A count of zero is a figure.
    covered = counts.notna().all(axis=1)
    table = pd.DataFrame({"name": names})
    table["population"] = population.groupby(code).sum().round().astype("int64")
    table["communes_count"] = code.groupby(code).size().astype("int32")
    inside = population.where(covered, 0.0).groupby(code).sum()
    table["census_coverage_pct"] = rate(inside, table["population"].astype("float64"))
    sums = counts.groupby(code).sum(min_count=1)
    for y in found:
        for name in AGGREGATES:
            table[f"{name}_{y}"] = sums[f"{name}_{y}"].round()
        table[f"workers_share_{y}_pct"] = rate(table[f"workers_{y}"], table[f"active_{y}"])
        table[f"unemployment_rate_{y}_pct"] = rate(table[f"unemployed_{y}"], table[f"active_{y}"])
    table = table.rename_axis(SCALE_CODES[scale]).reset_index().sort_values(SCALE_CODES[scale])
    table["name"] = table["name"].astype("str")
    out = table[area_columns(scale, found)].reset_index(drop=True)
    return out.replace({np.inf: np.nan})
