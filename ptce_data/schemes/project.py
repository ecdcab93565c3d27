"""A project to be funded, and what the data say of its territory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.query import LEVEL_CODES
from ptce_data.selection import Values

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Flag of a commune -> type of territory.
_FLAGS: Final = {
    "is_deindustrialised": "desindustrialise",
    "is_rural": "rural",
    "is_urban_working_class": "quartier_populaire_urbain",
    "is_periurban": "periurbain",
}


class ProjectError(ValueError):
    """A project that cannot be read. `field` and `value` say what is wrong; the message is French."""

    def __init__(self, field: str, value: object, sentence: str) -> None:
        self.field = field
        self.value = value
        super().__init__(sentence)


@dataclass(frozen=True)
class Project:
    """What is sought, and where. Empty or None means not said.

    `kind` is a value of `scheme_target` (ptce, tiers_lieux, clusters…). `communes` (Insee codes of
    today) and `epci` (Siren) together make the territory: at least one is needed. `categories` and
    `funding_kinds` are what is sought (values of `scheme_category` and `funding_kind`), alternatives
    within each. `amount_eur` is the aid sought, in euros.
    """

    kind: str
    communes: Values = ()
    epci: Values = ()
    amount_eur: float | None = None
    categories: Values = ()
    funding_kinds: Values = ()


@dataclass(frozen=True)
class Place:
    """The territory of a project: its communes, and their types as computed.

    `codes` maps a level to the code of that level of each commune (a missing one is None), so that all
    its values have the length `size`. `types` fit the whole of one named territory, `partial` only a
    part of it or the EPCI around; `types_known` is false when one of them has no known type.
    """

    size: int
    codes: dict[str, tuple[str | None, ...]]
    types: frozenset[str]
    partial: frozenset[str]
    types_known: bool


def place(dataset: Dataset, project: Project) -> Place:
    """Check a project and locate it. Raises ProjectError, in French, for what cannot be read."""
    _check(dataset, project)
    communes = dataset.communes
    inside = communes["commune_insee"].isin(project.communes) | communes["epci_siren"].isin(project.epci)
    rows = communes.loc[inside, list(LEVEL_CODES.values())]
    codes = {
        level: tuple(None if pd.isna(code) else str(code) for code in rows[column])
        for level, column in LEVEL_CODES.items()
    }
    types, partial, known = _types(dataset, project)
    return Place(len(rows), codes, types, partial - types, known)


def _check(dataset: Dataset, project: Project) -> None:
    if not project.communes and not project.epci:
        raise ProjectError("communes", None, "Choisir au moins une commune ou une intercommunalité.")
    for field, column, frame, noun in (
        ("communes", "commune_insee", dataset.communes, "Commune inconnue"),
        ("epci", "epci_siren", dataset.epci, "Intercommunalité inconnue"),
    ):
        wanted = getattr(project, field)
        found = set(frame.loc[frame[column].isin(wanted), column])
        for code in wanted:
            if code not in found:
                raise ProjectError(field, code, f"{noun} de l’atlas : {code}.")
    registry = dataset.categories
    for field, values, listed in (
        ("kind", (project.kind,), "scheme_target"),
        ("categories", project.categories, "scheme_category"),
        ("funding_kinds", project.funding_kinds, "funding_kind"),
    ):
        allowed = set(registry.loc[registry["field"] == listed, "value"])
        for value in values:
            if value not in allowed:
                raise ProjectError(
                    field, value, f"Valeur inconnue : {value} (attendu : {', '.join(sorted(allowed))})."
                )
    sought = project.amount_eur
    if sought is not None and not (math.isfinite(sought) and sought > 0):
        raise ProjectError(
            "amount_eur", sought, "Le montant cherché doit être un nombre d’euros supérieur à zéro."
        )


def _types(dataset: Dataset, project: Project) -> tuple[frozenset[str], frozenset[str], bool]:
    """Types that fit a whole territory, types that fit a part of it, and whether all types are known."""
    computed = dataset.territories
    if computed is None:
        return frozenset(), frozenset(), False
    whole: set[str] = set()
    part: set[str] = set()
    own = computed.communes[computed.communes["commune_insee"].isin(project.communes)]
    known = own["territory_type"].notna().all() and len(own) == len(set(project.communes))
    whole |= set(own["territory_type"].dropna())
    for flag, kind in _FLAGS.items():
        if own[flag].fillna(False).astype(bool).any():
            whole.add(kind)
    around = computed.epci[computed.epci["epci_siren"].isin([*project.epci, *own["epci_siren"].dropna()])]
    named = around[around["epci_siren"].isin(project.epci)]
    known = bool(known and named["territory_type"].notna().all() and len(named) == len(set(project.epci)))
    whole |= set(named["territory_type"].dropna())
    part |= set(around["territory_type"].dropna())
    for kind in _FLAGS.values():
        if (named[f"share_{kind}_pct"].fillna(0) > 0).any():
            part.add(kind)
    return frozenset(whole), frozenset(part), known
