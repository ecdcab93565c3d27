"""Public money to named beneficiaries per area: what is documented, never what an area received."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.funding import public_money
from ptce_data.query import LEVEL_CODES
from ptce_data.regional.areas import Areas, children_alone, collectivites
from ptce_data.regional.model import Indicator, Measure, source_ids

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GROUP: Final = "Argent public vers des bénéficiaires nommés"
_LIMITS: Final = (
    "Montants documentés, en euros courants, années ajoutées : ce n’est pas ce que le territoire a reçu. Les "
    "enveloppes, les montants inconnus, contradictoires ou de confiance faible n’y sont pas. Sans montant "
    "documenté, la valeur est inconnue, pas nulle."
)
_COUNT_LIMITS: Final = "Aides dont le montant est documenté et sûr. Zéro veut dire « aucune documentée »."


def indicators(dataset: Dataset) -> list[Indicator]:
    """The definitions, in the order of display."""
    found = _counted(ByVersion(dataset))
    years = found["year"].dropna()
    when = f"{years.min()}–{years.max()}" if len(years) else "inconnue"
    ids = source_ids(found["source_ids"])
    return [
        Indicator("public_money", GROUP, "Argent public documenté", "€",
                  "Somme des aides publiques à des bénéficiaires nommés.", _LIMITS, when, sources=ids),
        Indicator("public_money_per_inhabitant", GROUP, "Argent public documenté, par habitant", "€/hab.",
                  "La même somme, divisée par la population d’aujourd’hui.",
                  _LIMITS + " Le taux national laisse Saint-Martin de côté.", when, 2, is_rate=True, sources=ids),
        Indicator("public_awards", GROUP, "Aides comptées", "aides", "Nombre d’aides que la somme ajoute.",
                  _COUNT_LIMITS, when, sources=ids),
        Indicator("public_beneficiaries", GROUP, "Bénéficiaires nommés", "bénéficiaires",
                  "Nombre de bénéficiaires de ces aides, chacun une fois.", _COUNT_LIMITS, when, additive=False, sources=ids),
    ]  # fmt: skip


@lru_cache(maxsize=2)
def _counted(key: ByVersion) -> pd.DataFrame:
    """The awards that enter sums, with the département of the beneficiary and who it is."""
    found = public_money.awards(key.dataset)
    found = found[found["counted"]]
    places = key.dataset.places.drop_duplicates("uid")
    home = pd.Series(places["departement_code"].to_numpy(), index=places["uid"].to_numpy(), dtype="str")
    who = found["entity_uid"].fillna(found["beneficiary"])
    return found.assign(departement_code=found["entity_uid"].map(home), who=who)


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id.

    The area of an award is the one it states, else that of its beneficiary; the département is known
    only where the beneficiary is an object of the atlas.
    """
    found = _counted(ByVersion(dataset)).copy()
    if areas.level not in (None, "regions"):
        own = LEVEL_CODES[areas.level]  # type: ignore[index]
        alone = found["region_code"].map(children_alone(dataset, str(areas.level)))
        found[own] = found[own].fillna(alone)
    amounts = pd.to_numeric(found["amount_eur"]).astype("float64")
    total = areas.spread(amounts.groupby(areas.key(found)).sum(min_count=1), float("nan"))
    inside = found[~found["region_code"].isin(collectivites(dataset))]
    rated = areas.spread(amounts[inside.index].groupby(areas.key(inside)).sum(min_count=1), float("nan"))
    return {
        "public_money": Measure(total),
        "public_money_per_inhabitant": Measure(rated, areas.frame["population"].astype("float64")),
        "public_awards": Measure(areas.spread(found.groupby(areas.key(found)).size())),
        "public_beneficiaries": Measure(areas.spread(found.groupby(areas.key(found))["who"].nunique())),
    }
