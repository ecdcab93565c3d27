"""The registry of indicators and their values: per area, for France, and side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.query import LEVEL_CODES
from ptce_data.regional import laureates, money, objects, population, schemes
from ptce_data.regional.areas import LEVELS, Areas, UnknownAreaError, areas, check, france
from ptce_data.regional.model import Indicator, Measure

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_FAMILIES: Final = (population, objects, laureates, money, schemes)
_VALUES: Final = ["indicator_id", "code", "value", "numerator", "denominator"]


class UnknownIndicatorError(KeyError):
    """An id that the registry does not have. `indicator_id` says which; the text is in French."""

    def __init__(self, indicator_id: str) -> None:
        self.indicator_id = indicator_id
        self.said = f"Aucun indicateur ne s’appelle « {indicator_id} »."
        super().__init__(self.said)

    def __str__(self) -> str:
        return self.said


def registry(dataset: Dataset) -> pd.DataFrame:
    """One row per indicator, in order of display.

    Columns indicator_id, group, label, unit, definition, limits, year (text), decimals, is_rate,
    additive, scope ("areas", or "national": no value per area), sources (tuple of ids of the sources
    table), source_text. See `model.Indicator`.
    """
    return _frame(ByVersion(dataset)).copy()


@lru_cache(maxsize=4)
def _frame(key: ByVersion) -> pd.DataFrame:
    rows = [asdict(found) for found in _registry(key)]
    frame = pd.DataFrame(rows).rename(columns={"id": "indicator_id"})
    order = ["indicator_id", "group", "label", "unit", "definition", "limits", "year", "decimals", "sources"]
    return frame[[*order, *(name for name in frame if name not in order)]]


def indicator(dataset: Dataset, indicator_id: str) -> Indicator:
    """One indicator. Raises UnknownIndicatorError."""
    for found in _registry(ByVersion(dataset)):
        if found.id == indicator_id:
            return found
    raise UnknownIndicatorError(indicator_id)


def _families() -> tuple[Any, ...]:
    # The weight of the ESS is made of our model of an indicator: it comes after it. Empty until an operator
    # computes it from a stock of Sirene.
    from ptce_data.sirene import family

    return (*_FAMILIES, family)


@lru_cache(maxsize=4)
def _registry(key: ByVersion) -> tuple[Indicator, ...]:
    return tuple(found for family in _families() for found in family.indicators(key.dataset))


def _long(dataset: Dataset, where: Areas) -> pd.DataFrame:
    made: dict[str, Measure] = {}
    for family in _families():
        made |= family.measures(dataset, where)
    order = [found.id for found in _registry(ByVersion(dataset))]
    nothing = pd.Series(float("nan"), index=where.codes)
    parts = {
        "value": [made[name].value for name in order],
        "numerator": [made[name].numerator for name in order],
        "denominator": [nothing if (d := made[name].denominator) is None else d for name in order],
    }
    size = len(where.codes)
    frame = pd.DataFrame(
        {
            "indicator_id": pd.Series(order, dtype="str").repeat(size).to_numpy(),
            "code": list(where.codes) * len(order),
            **{name: pd.concat(series).to_numpy(dtype="float64") for name, series in parts.items()},
        }
    )
    return frame.astype({"indicator_id": "str", "code": "str"})[_VALUES]


@lru_cache(maxsize=9)
def _values(key: ByVersion, level: str | None) -> pd.DataFrame:
    where = france(key.dataset) if level is None else areas(key.dataset, level)
    return _long(key.dataset, where)


def values(dataset: Dataset, level: str) -> pd.DataFrame:
    """Every indicator for every area of a level (one of `LEVELS`): long, indicators in registry order.

    Columns indicator_id, code, value, numerator, denominator (missing: not a ratio). A missing value is
    unknown. Kept per version of the data; the frame returned is the caller's own.
    """
    if level not in LEVELS:
        raise ValueError(f"Niveau inconnu : {level}.")
    return _values(ByVersion(dataset), level).copy()


def national(dataset: Dataset) -> pd.DataFrame:
    """Every indicator for France, overseas included: columns indicator_id, value, numerator, denominator.

    Objects that are in no area (Saint-Martin, or no known place) are in the counts; rates leave
    Saint-Martin out, whose inhabitants the layers do not hold.
    """
    return _values(ByVersion(dataset), None).drop(columns="code")


def not_located(dataset: Dataset, level: str) -> pd.DataFrame:
    """What the national value of each additive count holds and no area of `level` does.

    Columns indicator_id, missing (zero or more): objects of Saint-Martin, or whose area is not known.
    """
    order = registry(dataset)
    kept = order.loc[order["additive"] & ~order["is_rate"], "indicator_id"]
    inside = values(dataset, level).groupby("indicator_id")["numerator"].sum()
    whole = national(dataset).set_index("indicator_id")["numerator"].fillna(0)
    return pd.DataFrame({"indicator_id": kept.to_numpy(), "missing": (whole[kept] - inside[kept]).to_numpy()})


@lru_cache(maxsize=9)
def _wide(key: ByVersion, level: str) -> pd.DataFrame:
    return values(key.dataset, level).pivot(index="indicator_id", columns="code", values="value")


def compare(dataset: Dataset, level: str, codes: Sequence[str], *, within: str | None = None) -> pd.DataFrame:
    """Areas side by side: one row per indicator in registry order.

    Columns indicator_id, label, unit, group, one per code, national, median and known: median over the
    areas of the level with a known value, and their number. With `within` (a region of today, for
    départements): the median is that of its départements, a column `within` has the region's own value,
    and no code means all its départements. Raises UnknownAreaError.
    """
    table = _wide(ByVersion(dataset), level)
    order = registry(dataset)
    if within is not None:
        if level != "departements":
            raise ValueError("Seuls les départements se comparent au sein d’une région.")
        check(dataset, "regions", [within])
        inside = dataset.departements
        own = inside.loc[inside["region_code"] == within, LEVEL_CODES["departements"]]
        table = table[list(own)]
        codes = list(codes) or list(own)
    lost = [code for code in codes if code not in table.columns]
    if lost:
        raise UnknownAreaError(level, lost)
    table = table.reindex(order["indicator_id"])
    made = order[["indicator_id", "label", "unit", "group"]].reset_index(drop=True)
    for code in dict.fromkeys(codes):
        made[code] = table[code].to_numpy()
    made["national"] = national(dataset)["value"].to_numpy()
    if within is not None:
        region = values(dataset, "regions")
        made["within"] = region.loc[region["code"] == within, "value"].to_numpy()
    made["median"] = table.median(axis=1).to_numpy()
    made["known"] = table.notna().sum(axis=1).to_numpy()
    return made
