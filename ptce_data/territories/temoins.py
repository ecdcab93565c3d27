"""The study's twelve pôles témoins beside the computed types: in-sample, with its interval.

The study: T. Podlewski, RIUESS 2014. The rules, their combination and their order were chosen with the
twelve in view, so the agreement measures a fit, not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

import pandas as pd

from ptce_data.territories.classify import Classification
from ptce_data.territories.errors import TerritoryError, listed
from ptce_data.territories.place_types import place_types

TEMOINS: Final = (
    "pole-sud-aquitaine",
    "pole-sud-archer",
    "culture-et-cooperation",
    "lille-metropole-solidaire",
    "domb-innov",
    "eco-domaine-de-bouquetot",
    "de-fil-en-reseaux",
    "les-articulteurs",
    "eoliennes-en-pays-de-vilaine",
    "la-coursive-boutaric",
    "paris-mix",
    "fontaine-o-livres",
)
IN_SAMPLE: Final = (
    "Comparaison faite sur l’échantillon même qui a servi à choisir les règles et leur ordre : "
    "elle dit l’ajustement, non la capacité à prévoir un autre pôle."
)


@dataclass(frozen=True)
class Agreement:
    """How many of the témoins agree, with the exact 95 % interval of the share, in percent."""

    scale: str
    agreed: int
    total: int
    low_pct: float
    high_pct: float


@dataclass(frozen=True)
class TemoinComparison:
    """poles: one row per témoin (pole_id, name, stated_type, commune_insee, place_types columns,
    agrees_commune, agrees_epci, agrees_either, basis); agreements: by commune, by EPCI, by either."""

    poles: pd.DataFrame
    agreements: tuple[Agreement, ...]


def compare_temoins(
    result: Classification,
    poles: pd.DataFrame,
    reference: pd.DataFrame,
    temoins: Sequence[str] = TEMOINS,
) -> TemoinComparison:
    """Compare the type the study gives each témoin with the computed ones.

    `poles`: id, name, commune_insee, territory_type_stated. `reference`: pole_id, commune_insee, basis,
    for the témoins of which the facts name no commune; it never replaces a commune of the facts.
    Raises TerritoryError when a témoin has no row, no stated type or no commune. An unknown computed
    type does not agree.
    """
    found = poles.set_index("id").reindex(list(temoins))
    stated = found["territory_type_stated"].astype("str")
    _refuse(found["name"].isna() | stated.isna(), "sans ligne ou sans type donné par l’étude")
    spare = reference.set_index("pole_id").reindex(found.index)
    commune = found["commune_insee"].astype("str")
    own = commune.notna()
    commune = commune.fillna(spare["commune_insee"].astype("str"))
    _refuse(commune.isna(), "sans commune connue ni de référence")
    basis = spare["basis"].astype("str")
    types = place_types(result.communes, result.epci, result.ze, commune)
    table = pd.DataFrame({"name": found["name"], "stated_type": stated}).join(types)
    for scale in ("commune", "epci"):
        table[f"agrees_{scale}"] = (types[f"{scale}_type"] == stated).fillna(False).astype(bool)
    table["agrees_either"] = table["agrees_commune"] | table["agrees_epci"]
    table["basis"] = basis.mask(own, "commune du pôle dans les données")
    agreements = tuple(_agreement(s, table[f"agrees_{s}"]) for s in ("commune", "epci", "either"))
    return TemoinComparison(table.rename_axis("pole_id").reset_index(), agreements)


def exact_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval of a proportion, in percent, by bisection on the binomial tails."""
    if trials < 1 or not 0 <= successes <= trials or not 0 < level < 1:
        raise ValueError("0 <= successes <= trials, trials >= 1 and 0 < level < 1 are expected")
    tail = (1 - level) / 2

    def at_least(p: float) -> float:
        return sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes, trials + 1))

    def at_most(p: float) -> float:
        return sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(successes + 1))

    low = 0.0 if successes == 0 else _bisect(lambda p: at_least(p) < tail)
    high = 1.0 if successes == trials else _bisect(lambda p: at_most(p) > tail)
    return 100 * low, 100 * high


def _bisect(below: Callable[[float], bool]) -> float:
    """The p in [0, 1] where `below`, true up to some point and false after it, changes."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2


def _agreement(scale: str, agrees: pd.Series) -> Agreement:
    agreed, total = int(agrees.sum()), len(agrees)
    low, high = exact_interval(agreed, total)
    return Agreement(scale, agreed, total, low, high)


def _refuse(bad: pd.Series, why: str) -> None:
    if bad.any():
        raise TerritoryError(f"Pôles témoins {why} : {listed(bad.index[bad])}.")
