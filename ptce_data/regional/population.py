"""Inhabitants, area, density, and inhabitants by type of territory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.places import UNKNOWN
from ptce_data.regional.areas import Areas, labels
from ptce_data.regional.model import IGN, INSEE, Indicator, Measure
from ptce_data.territories.parameters import TYPES

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GROUP: Final = "Territoire"
TYPE_GROUP: Final = "Population par type de territoire"
SHARES: Final = tuple(f"population_share_{name}" for name in (*TYPES, UNKNOWN))
#: Beyond this share of people whose commune has no known type, the shares of the types are unknown.
UNKNOWN_LIMIT: Final = 0.05
_YEAR: Final = "2022 (Mayotte : 2017)"
_ORIGIN: Final = f"{INSEE} ; types calculés par les règles de l’atlas (page Territoires)"


def indicators(dataset: Dataset) -> list[Indicator]:
    """The definitions, in the order of display."""
    found = [
        Indicator("population", GROUP, "Population", "habitants", "Population municipale.",
                  "Mayotte : recensement de 2017. Saint-Martin n’y est pas.", _YEAR, source_text=INSEE),
        Indicator("area_km2", GROUP, "Superficie", "km²", "Somme des superficies des communes.",
                  "Les eaux intérieures peuvent y être.", "2025", source_text=IGN),
        Indicator("density", GROUP, "Densité", "hab./km²", "Population divisée par la superficie.",
                  "Une moyenne, qui ne dit rien de la répartition.", _YEAR, 1, is_rate=True,
                  source_text=f"{INSEE} ; {IGN}"),
    ]  # fmt: skip
    named = labels(dataset, "territory_type")
    for name in TYPES:
        found.append(
            Indicator(
                f"population_share_{name}",
                TYPE_GROUP,
                f"Population en commune de type {named.get(name, name).lower()}",
                "%",
                "Part de la population dans les communes dont c’est le type principal.",
                "Type calculé à la commune, une seule valeur par commune. Inconnu quand le type manque pour plus "
                "de 5 % de la population (outre-mer) ; un minimum quand il manque pour moins.",
                _YEAR,
                1,
                is_rate=True,
                source_text=_ORIGIN,
            )
        )
    found.append(
        Indicator(
            SHARES[-1],
            TYPE_GROUP,
            "Population en commune de type inconnu",
            "%",
            "Part de la population dans les communes que les zonages publiés ne permettent pas de classer.",
            "Outre-mer, les quartiers prioritaires publiés sont incomplets et des chiffres de 1982 manquent.",
            _YEAR,
            1,
            is_rate=True,
            source_text=_ORIGIN,
        )
    )
    return found


def by_type(dataset: Dataset, areas: Areas) -> pd.DataFrame:
    """Inhabitants of each area by type of their commune: one column per type and `non_renseigne`."""
    communes = dataset.communes
    if dataset.territories is None:
        types = pd.Series(UNKNOWN, index=communes.index)
    else:
        table = dataset.territories.communes
        known = pd.Series(table["territory_type"].to_numpy(), index=table["commune_insee"].to_numpy())
        types = pd.Series(known.reindex(communes["commune_insee"]).to_numpy(), index=communes.index)
        types = types.fillna(UNKNOWN)
    people = communes["population"].groupby([areas.key(communes), types]).sum().unstack(fill_value=0)
    return people.reindex(index=areas.codes, columns=[*TYPES, UNKNOWN], fill_value=0).astype("float64")


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id."""
    population = areas.frame["population"].astype("float64")
    area = areas.frame["area_km2"].astype("float64")
    people = by_type(dataset, areas)
    known = population.where(people[UNKNOWN] <= UNKNOWN_LIMIT * population)
    return {
        "population": Measure(population),
        "area_km2": Measure(area),
        "density": Measure(population, area),
        **{
            f"population_share_{name}": Measure(people[name], population if name == UNKNOWN else known, 100.0)
            for name in (*TYPES, UNKNOWN)
        },
    }
