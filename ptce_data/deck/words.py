"""Sentences of the ready-made decks: what the data say, how to say it, and their limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import crosstabs, query, regional
from ptce_data.regional.sentences import counted
from ptce_data.selection import Selection
from ptce_data.territories.french import NBSP, number
from ptce_data.territories.parameters import TYPE_LABELS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Kind -> nouns.
NOUNS: Final = {
    "pole": ("pôle (PTCE)", "pôles (PTCE)"),
    "tiers_lieu": ("tiers-lieu", "tiers-lieux"),
    "cluster": ("cluster", "clusters"),
}
PARTIAL: Final = (
    "Limite : une collecte de sources publiques, non un recensement. Une absence sur la carte ne dit pas qu’il n’existe "
    "rien ; les comptes publiés diffèrent selon leurs auteurs."
)
TYPES: Final = (
    "Limite : type calculé par les règles de l’atlas à partir de zonages officiels et des recensements ; il n’existe pas "
    "de liste officielle des territoires désindustrialisés. Sources : Insee, ANCT, DGCL."
)
MONEY: Final = (
    "Limite : aides à des bénéficiaires nommés seulement, en euros courants ; les enveloppes de programmes n’y entrent "
    "jamais, et « rien de documenté » ne veut pas dire rien."
)
SCHEMES: Final = "Limite : une collecte, non un inventaire. Le statut (ouvert, clos) est celui de la page à la date de sa source."
COUNTS: Final = (
    "Limite : des valeurs contradictoires sont gardées côte à côte ; rien n’est moyenné ni tranché."
)


def how(say: str, limit: str) -> str:
    """Speaker notes: how to say it, then what must not be made of it."""
    return f"Comment le dire : {say}\n\n{limit}"


def joined(words: Iterable[str]) -> str:
    """`a, b et c`."""
    listed = list(words)
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " et " + listed[-1] if listed else ""


def objects(dataset: Dataset, region: str | None = None) -> dict[str, int]:
    """How many objects of each kind are documented, in France or in a region."""
    chosen = Selection(regions=(region,)) if region else Selection()
    return query.counts(query.places(dataset, chosen))


def kinds(counts: dict[str, int]) -> str:
    """`9 pôles (PTCE), 108 tiers-lieux et 10 clusters`; the kinds without any are left out."""
    return joined(counted(counts[k], *NOUNS[k]) for k in NOUNS if counts[k]) or "aucun objet"


def main_type(dataset: Dataset, region: str | None = None) -> tuple[str, float] | None:
    """Label of the territory type where most people live, and their share in percent; None where unknown."""
    shares = crosstabs.population_shares(dataset, region)
    known = shares[shares["territory_type"].isin(list(TYPE_LABELS)) & shares["share_pct"].notna()]
    if known.empty or not known["population"].sum():
        return None
    best = known.sort_values("population", ascending=False, kind="stable").iloc[0]
    return TYPE_LABELS[str(best["territory_type"])], float(best["share_pct"])


def unknown_type(dataset: Dataset, region: str | None = None) -> float:
    """Share of the people whose commune has no known type, in percent."""
    shares = crosstabs.population_shares(dataset, region).set_index("territory_type")["share_pct"]
    return float(shares.get("non_renseigne", 0.0) or 0.0) if len(shares) else 100.0


def value(dataset: Dataset, level: str, code: str, indicator: str) -> float | None:
    """One indicator of one area; None where it is unknown."""
    rows = regional.values(dataset, level)
    hit = rows[(rows["indicator_id"] == indicator) & (rows["code"] == code)]["value"]
    return None if hit.empty or pd.isna(hit.iloc[0]) else float(hit.iloc[0])


def euros(amount: float | None) -> str:
    """`100 000 €`, or what is said of an unknown amount."""
    return "non renseigné" if amount is None else f"{number(amount)}{NBSP}€"


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
