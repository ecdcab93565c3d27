"""A user's budget: a pôle or a planned one, over one to five years. It never leaves the session."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ptce_data.errors import Fault
from ptce_data.funding.categories import CATEGORIES, NATURES

Side = Literal["ressource", "emploi"]

SIDES: Final[dict[str, str]] = {"ressource": "Ressource", "emploi": "Emploi"}
#: Categories of a resource: those of the documented mixes.
RESOURCES: Final[dict[str, str]] = {value: c.label for value, c in CATEGORIES.items()}
#: Categories of a use.
USES: Final[dict[str, str]] = {
    "personnel": "Personnel",
    "achats_services": "Achats et services",
    "locaux": "Locaux",
    "autres_charges": "Autres charges",
    "investissements": "Investissements",
    "remboursement_emprunt": "Remboursement d’emprunt",
    "benevolat": "Bénévolat valorisé",
}
VOLUNTEER: Final = "benevolat"
MAX_YEARS: Final = 5
MAX_LINES: Final = 500
MAX_TEXT: Final = 500
MAX_EUR: Final = 1e12
YEARS: Final = (1990, 2100)


@dataclass(frozen=True)
class Line:
    """One line: `amounts` in euros, one per year of the budget (0 = nothing that year).

    `category` is a key of RESOURCES or USES, by `side`. `is_volunteer`: time or gifts in kind, valued
    in euros, never cash. `ends_year`: last year of public money that is granted for a time.
    Texts are made one line that any file can hold, amounts are rounded to the cent.
    """

    label: str
    side: str
    category: str
    amounts: tuple[float, ...]
    nature: str | None = None
    is_volunteer: bool = False
    ends_year: int | None = None

    def __post_init__(self) -> None:
        """Normalise, so that a file gives back the very same line."""
        for field in ("label", "side", "category", "nature"):
            value = getattr(self, field)
            object.__setattr__(self, field, value if value is None else clean(value))
        object.__setattr__(self, "amounts", tuple(_cents(a) for a in self.amounts))

    @property
    def is_cash(self) -> bool:
        """Whether the line counts in cash totals: valued volunteer time never does."""
        return not self.is_volunteer and self.category != VOLUNTEER

    @property
    def is_public(self) -> bool:
        """Whether the line is a public subsidy."""
        known = CATEGORIES.get(self.category)
        return self.side == "ressource" and self.is_cash and known is not None and bool(known.is_public)


@dataclass(frozen=True)
class Budget:
    """A named budget: 1 to 5 consecutive years, and lines. `validate` tells what is wrong with it."""

    name: str
    years: tuple[int, ...]
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        """Normalise the name, as the labels of the lines."""
        object.__setattr__(self, "name", clean(self.name))

    def total(self, year: int, side: Side, *, cash: bool = True) -> float:
        """Sum of one side in one year, in euros: cash only, or the valued volunteer time only."""
        at = self.years.index(year)
        return math.fsum(x.amounts[at] for x in self.lines if x.side == side and x.is_cash == cash)


class BudgetError(ValueError):
    """A budget, or a file of one, cannot be taken. `faults` lists everything that is wrong."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = len(self.faults)
        head = "1 erreur dans le budget :" if count == 1 else f"{count} erreurs dans le budget :"
        super().__init__("\n".join([head, *(str(fault) for fault in self.faults)]))


def clean(value: str) -> str:
    """Return `value` as one line of text that every file format can hold.

    Control characters become spaces, half characters and non-characters go; nothing else changes:
    a formula or a tag stays the text that it is.
    """
    kept = []
    for char in value:
        kind = unicodedata.category(char)
        if kind in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif kind != "Cs" and (ord(char) & 0xFFFE) != 0xFFFE:
            kept.append(char)
    return "".join(kept).strip()


def _cents(amount: float) -> float:
    """Round to the cent; -0.0 is 0.0. What is not finite stays, for `validate` to tell."""
    return round(float(amount), 2) + 0.0 if math.isfinite(amount) else float(amount)


def template(first_year: int, length: int = 3, name: str = "Mon pôle") -> Budget:
    """Return an empty budget with one line per category, to be filled in or offered as a file.

    Raises BudgetError for years that no budget can have.
    """
    zeros = (0.0,) * length
    lines = [
        Line(label, side, value, zeros, is_volunteer=value == VOLUNTEER)
        for side, categories in (("ressource", RESOURCES), ("emploi", USES))
        for value, label in categories.items()
    ]
    budget = Budget(name, tuple(range(first_year, first_year + length)), tuple(lines))
    check(budget)
    return budget


def check(budget: Budget, file: str = "budget", lines: Sequence[int] | None = None) -> Budget:
    """Return `budget` when it is sound. Raises BudgetError with every fault."""
    faults = validate(budget, file, lines)
    if faults:
        raise BudgetError(faults)
    return budget


def validate(budget: Budget, file: str = "budget", lines: Sequence[int] | None = None) -> list[Fault]:
    """Return all faults at once, in French. `lines` gives the line of the file of each line of the budget."""
    faults = _head_faults(budget, file)
    for row, line in enumerate(budget.lines):
        where = lines[row] if lines is not None else row + 1
        for field, value, expected, rule in _line_faults(line, len(budget.years)):
            faults.append(Fault(file, where, field, value, expected, rule))
    return faults


def _head_faults(budget: Budget, file: str) -> list[Fault]:
    faults = []
    if not budget.name:
        faults.append(Fault(file, None, "Nom", "", "un nom", "obligatoire"))
    if len(budget.name) > MAX_TEXT:
        faults.append(Fault(file, None, "Nom", budget.name, f"{MAX_TEXT} caractères au plus", "longueur"))
    years = budget.years
    first, last = YEARS
    consecutive = all(b - a == 1 for a, b in itertools.pairwise(years))
    if not 1 <= len(years) <= MAX_YEARS or not consecutive or not all(first <= y <= last for y in years):
        said = ", ".join(str(y) for y in years)
        expected = f"de une à {MAX_YEARS} années qui se suivent, entre {first} et {last}"
        faults.append(Fault(file, None, "Années", said, expected, "annees"))
    if len(budget.lines) > MAX_LINES:
        expected = f"{MAX_LINES} lignes au plus"
        faults.append(Fault(file, None, "Lignes", str(len(budget.lines)), expected, "longueur"))
    return faults


def _line_faults(line: Line, years: int) -> Iterable[tuple[str, str, str, str]]:
    if not line.label:
        yield "Libellé", "", "un libellé", "obligatoire"
    if len(line.label) > MAX_TEXT:
        yield "Libellé", line.label, f"{MAX_TEXT} caractères au plus", "longueur"
    if line.side not in SIDES:
        yield "Sens", line.side, "ressource ou emploi", "valeurs"
    else:
        allowed = RESOURCES if line.side == "ressource" else USES
        if line.category not in allowed:
            yield "Catégorie", line.category, f"une catégorie : {' ; '.join(allowed.values())}", "valeurs"
    if line.nature is not None and line.nature not in NATURES:
        yield "Nature", line.nature, "fonctionnement, investissement, projet ou vide", "valeurs"
    if line.is_volunteer and line.category != VOLUNTEER:
        expected = f"la catégorie « {RESOURCES[VOLUNTEER]} » pour du bénévolat valorisé"
        yield "Catégorie", line.category, expected, "benevolat"
    if line.ends_year is not None:
        if not YEARS[0] <= line.ends_year <= YEARS[1]:
            yield "Dernière année", str(line.ends_year), f"une année entre {YEARS[0]} et {YEARS[1]}", "plage"
        elif not line.is_public:
            expected = "vide : seul un financement public a une dernière année"
            yield "Dernière année", str(line.ends_year), expected, "public"
    if len(line.amounts) != years:
        yield "Montants", str(len(line.amounts)), f"un montant par année, donc {years}", "montants"
    for amount in line.amounts:
        if not math.isfinite(amount) or not 0 <= amount <= MAX_EUR:
            yield "Montants", str(amount), "un montant en euros, positif ou nul", "plage"
