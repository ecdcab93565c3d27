"""What a figure is a part of. Figures of different bases are never added: `Amount` refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: Base -> French label, in the order of display (definitions: data/codes/categories.csv, funding_base).
BASES: Final[dict[str, str]] = {
    "budget_annuel": "Budget annuel",
    "chiffre_affaires": "Chiffre d’affaires",
    "revenus_prives": "Revenus privés seuls",
    "demarrage": "Plan de démarrage",
    "projet": "Coût d’un projet",
    "investissement": "Investissement",
    "batiment": "Bâtiment",
    "cumul": "Cumul de plusieurs années",
    "non_precisee": "Base non précisée",
}

#: Bases that two sources may understand differently: their figures are kept apart by source.
PER_SOURCE: Final = frozenset({"cumul", "non_precisee"})

#: Base -> why no share of the whole can be told from it.
NO_SHARE: Final[dict[str, str]] = {
    "revenus_prives": "la base ne contient que des revenus privés, et non le budget entier",
    "non_precisee": "la source ne dit pas à quoi le chiffre se rapporte",
}

#: État du chiffre -> label. A target is never put with what was observed.
STAGES: Final[dict[str, str]] = {
    "previsionnel": "Prévisionnel",
    "estime": "Estimé",
    "objectif": "Objectif",
}


class BaseMismatch(ValueError):
    """Somebody tried to put together figures that do not have the same base."""

    def __init__(self, values: Iterable[str], what: str = "de bases différentes") -> None:
        self.values: tuple[str, ...] = tuple(sorted(set(values)))
        shown = " et ".join(f"« {BASES.get(value, value)} »" for value in self.values)
        super().__init__(f"Des chiffres {what} ne s’additionnent pas : {shown}.")


@dataclass(frozen=True)
class Amount:
    """Euros of one base. Adding another base, or a bare number, is refused; there is no average.

    `sum(amounts)` works for amounts of one base. An unspecified base is not even known to be the
    same as another unspecified one: it is never added.
    """

    eur: float
    base: str

    def __add__(self, other: object) -> Amount:
        if not isinstance(other, Amount):
            return NotImplemented
        if self.base != other.base or self.base in PER_SOURCE:
            raise BaseMismatch((self.base, other.base))
        return Amount(self.eur + other.eur, self.base)

    def __radd__(self, other: object) -> Amount:
        """Let `sum` start from zero, and from nothing else."""
        if isinstance(other, int) and other == 0:
            return self
        return NotImplemented


def single_base(bases: Iterable[str]) -> str:
    """Return the one base of `bases`. Raises BaseMismatch for several, ValueError for none."""
    found = set(bases)
    if not found:
        raise ValueError("Aucun chiffre : pas de base.")
    if len(found) > 1:
        raise BaseMismatch(found)
    return found.pop()
