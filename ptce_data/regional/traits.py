"""What areas are compared by: population by type of territory, density, size, on one scale."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.places import UNKNOWN
from ptce_data.regional.areas import areas
from ptce_data.regional.population import UNKNOWN_LIMIT, by_type
from ptce_data.territories.french import NBSP, number, percent
from ptce_data.territories.parameters import TYPES

if TYPE_CHECKING:
    from ptce_data.load import Dataset

SHARES: Final = tuple(f"share_{name}" for name in TYPES)
#: Criterion -> its features. A feature is a column of `features`; the distance uses `scaled`.
BLOCKS: Final[dict[str, tuple[str, ...]]] = {
    "structure": SHARES,
    "density": ("density",),
    "size": ("population",),
}
BLOCK_LABELS: Final = {
    "structure": "la structure de la population par type de territoire",
    "density": "la densité",
    "size": "la population",
}
#: Weight of a criterion before those in use are made to sum to one; shared equally by its features.
WEIGHTS: Final = {"structure": 0.5, "density": 0.25, "size": 0.25}
#: Criteria compared as logarithms: what counts is the ratio, not the gap.
LOGGED: Final = ("density", "population")
FEATURE_LABELS: Final = {
    "share_desindustrialise": "la part du désindustrialisé",
    "share_rural": "la part du rural",
    "share_quartier_populaire_urbain": "la part des quartiers populaires urbains",
    "share_periurbain": "la part du périurbain",
    "share_urbain_autre": "la part de l’urbain autre",
    "density": "la densité",
    "population": "la population",
}
#: A mean absolute gap times this is a standard deviation where values are normal.
_NORMAL: Final = 1.2533


def features(dataset: Dataset, level: str) -> pd.DataFrame:
    """What the areas of a level (regions, former_regions, departements, epci) are compared by.

    Indexed by code: name, population (inhabitants), density (inhabitants per km², missing where it
    cannot be known), share_<type> of the five types and unknown_pct (% of the population, which sum to
    100), typed: whether the type is known for 95 % of the population, so that shares can be compared.
    """
    return _features(ByVersion(dataset), level).copy()


@lru_cache(maxsize=8)
def _features(key: ByVersion, level: str) -> pd.DataFrame:
    where = areas(key.dataset, level)
    people = by_type(key.dataset, where)
    population = where.frame["population"].astype("float64")
    area = where.frame["area_km2"].astype("float64")
    whole = people.sum(axis=1).where(lambda total: total > 0)
    shares = people.div(whole, axis=0) * 100
    frame = pd.DataFrame({"name": where.frame["name"], "population": population.where(population > 0)})
    frame["density"] = (population / area.where(area > 0)).where(population > 0)
    for name in TYPES:
        frame[f"share_{name}"] = shares[name]
    frame["unknown_pct"] = shares[UNKNOWN]
    frame["typed"] = frame["unknown_pct"] <= UNKNOWN_LIMIT * 100
    return frame


@lru_cache(maxsize=8)
def _scaled(key: ByVersion, level: str) -> pd.DataFrame:
    frame = _features(key, level)
    made = {}
    for names in BLOCKS.values():
        for name in names:
            # Where the types are not known, neither the shares nor their spread mean anything.
            column = frame[name] if name not in SHARES else frame[name].where(frame["typed"])
            if name in LOGGED:
                column = np.log(column)
            gaps = column - column.median()
            spread = float(gaps.abs().mean()) * _NORMAL
            made[name] = gaps / (spread if spread > 0 else 1.0)
    return pd.DataFrame(made)


def scaled(dataset: Dataset, level: str) -> pd.DataFrame:
    """The features on one scale: gap to the median of the level, in usual gaps. Indexed by code.

    The usual gap is the mean absolute gap to the median (times 1.2533, which makes it the standard
    deviation of normal values): extreme areas weigh less than in a standard deviation, and a type that
    most areas do not have still gives a scale, where the interquartile range would be zero. Density and
    population are logarithms. Shares are missing where the types are not known (`features`, `typed`).
    """
    return _scaled(ByVersion(dataset), level).copy()


def weights(criteria: tuple[str, ...]) -> pd.Series:
    """Weight of each feature of the criteria in use; they sum to one."""
    total = sum(WEIGHTS[name] for name in criteria)
    return pd.Series(
        {
            feature: WEIGHTS[name] / total / len(BLOCKS[name])
            for name in BLOCKS
            if name in criteria
            for feature in BLOCKS[name]
        }
    )


def written(feature: str, value: float) -> str:
    """A value of a feature with its unit, in French."""
    if feature in SHARES:
        if 0 < value < 0.1:
            return f"moins de {percent(0.1)}"
        return percent(float(value), 1 if 0 < value < 10 else 0)
    if feature == "density":
        return f"{number(float(value), 0 if value >= 10 else 1)}{NBSP}hab./km²"
    return f"{number(float(value))}{NBSP}hab."
