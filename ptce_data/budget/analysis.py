"""What a budget says: its mix and measures per year, warnings in words, its place beside others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ptce_data.budget.model import VOLUNTEER, Budget, Line
from ptce_data.funding import words
from ptce_data.funding.categories import CATEGORIES
from ptce_data.funding.figures import Figure
from ptce_data.funding.measures import Measure, empty
from ptce_data.funding.measures import measure as one_measure
from ptce_data.funding.measures import measures as all_measures
from ptce_data.funding.mix import Entity, Mix, build
from ptce_data.funding.mixes import comparable
from ptce_data.text import fold

Base = Literal["budget_annuel", "investissement"]
#: A user's lines are of two bases, by their nature: they are never added to each other in a mix.
USER_BASES: Final[tuple[Base, ...]] = ("budget_annuel", "investissement")
HALF: Final = 50.0
_ONE_EURO: Final = 1.0
_NO_RESOURCE: Final = "aucune ressource en argent cette année-là"


@dataclass(frozen=True)
class Alert:
    """A warning in words. `kind` is stable, `text` is French; `line` is the label at fault, if any."""

    kind: str
    year: int | None
    text: str
    line: str | None = None


@dataclass(frozen=True)
class Dot:
    """A documented mix with its measure: a value, or bounds."""

    mix: Mix
    measure: Measure


@dataclass(frozen=True)
class Placement:
    """A budget beside the documented mixes of the same base. There is no rank.

    `dots` have a value or bounds, in the order of names; `without` have neither.
    """

    base: str
    year: int
    own: Measure
    dots: tuple[Dot, ...]
    without: tuple[Mix, ...]


def base_of(line: Line) -> Base:
    """Base of a line: investment apart, the rest (running costs, projects, not told) is the year's budget."""
    return "investissement" if line.nature == "investissement" else "budget_annuel"


def mix(budget: Budget, year: int, base: Base = "budget_annuel") -> Mix | None:
    """The mix of one year and base, None without any resource. Raises ValueError for a year outside."""
    at = budget.years.index(year)
    lines = [
        (row, line)
        for row, line in enumerate(budget.lines)
        if line.side == "ressource" and base_of(line) == base and line.amounts[at] > 0
    ]
    if not lines:
        return None
    total = math.fsum(line.amounts[at] for _, line in lines if line.is_cash)
    figures = [
        Figure(
            id=f"ligne-{row:04d}",
            category=line.category if line.is_cash else VOLUNTEER,
            base=base,
            amount_eur=line.amounts[at],
            total_eur=total or None,
            nature=line.nature,
            note=budget.name,
            source_id="budget",
        )
        for row, line in lines
    ]
    return build(Entity("budget", "budget", budget.name), year, figures)


def measures(budget: Budget, year: int, base: Base = "budget_annuel") -> list[Measure]:
    """The measures of the documented mixes, for one year and base of the budget."""
    own = mix(budget, year, base)
    return empty(_NO_RESOURCE) if own is None or not own.parts else all_measures(own)


def placement(
    budget: Budget, year: int, documented: Iterable[Mix], name: str, base: Base = "budget_annuel"
) -> Placement:
    """Where one measure of the budget stands beside documented mixes of the same base only.

    `documented` may hold any mixes and samples; those of another base are left aside.
    """
    own = {m.name: m for m in measures(budget, year, base)}[name]
    dots, without = [], []
    for other in sorted(comparable(documented, base), key=lambda m: (fold(m.entity.name), m.year or 0, m.id)):
        found = one_measure(other, name)
        if found.is_computable or found.low is not None or found.high is not None:
            dots.append(Dot(other, found))
        else:
            without.append(other)
    return Placement(base, year, own, tuple(dots), tuple(without))


def alerts(budget: Budget) -> list[Alert]:
    """The warnings, in the order: balance, one funder, public money that ends, volunteer time."""
    return [*_balance(budget), *_one_funder(budget), *_public_ends(budget), *_volunteers(budget)]


def _balance(budget: Budget) -> Iterator[Alert]:
    for year in budget.years:
        resources, uses = budget.total(year, "ressource"), budget.total(year, "emploi")
        gap = resources - uses
        if abs(gap) < _ONE_EURO:
            continue
        said = "les ressources dépassent les emplois" if gap > 0 else "les emplois dépassent les ressources"
        yield Alert(
            "emplois_ressources",
            year,
            f"En {year}, {said} de {words.euros(abs(gap))} "
            f"({words.euros(resources)} de ressources, {words.euros(uses)} d’emplois).",
        )


def _one_funder(budget: Budget) -> Iterator[Alert]:
    for year in budget.years:
        for base in USER_BASES:
            own = mix(budget, year, base)
            what = (
                "des ressources de l’année"
                if base == "budget_annuel"
                else "du financement de l’investissement"
            )
            for part in own.parts if own else ():
                if part.share is None or not part.scheme.is_funder or part.share.low <= HALF:
                    continue
                share = words.percent(part.share.low)
                text = f"En {year}, « {part.scheme.label} » fait {share} {what} : plus de la moitié."
                if part.scheme.is_lump:
                    text = (
                        f"En {year}, « {part.scheme.label} » fait {share} {what}, sans détail : "
                        "un seul financeur en fait peut-être plus de la moitié."
                    )
                yield Alert("financeur_majoritaire", year, text)


def _public_ends(budget: Budget) -> Iterator[Alert]:
    for line in budget.lines:
        if not line.is_public or not any(line.amounts):
            continue
        paid = [year for year, amount in zip(budget.years, line.amounts, strict=True) if amount > 0]
        end = line.ends_year if line.ends_year is not None else paid[-1]
        name = f"« {line.label} » ({CATEGORIES[line.category].label})"
        late = [year for year in paid if line.ends_year is not None and year > line.ends_year]
        if late:
            years = words.join([str(y) for y in late])
            text = f"{name} est encore compté en {years}, après sa dernière année ({end})."
            yield Alert("apres_la_fin", late[0], text, line.label)
        last = max((y for y in paid if y <= end), default=None)
        # The last year of the budget is an end only where the user says so.
        if last is None or (line.ends_year is None and last == budget.years[-1]):
            continue
        if line.ends_year is not None and end > budget.years[-1]:
            continue
        amount = line.amounts[budget.years.index(last)]
        weight = amount / budget.total(last, "ressource") * 100
        yield Alert(
            "argent_public_prend_fin",
            end,
            f"{name} prend fin après {end} : {words.euros(amount)} en {last}, soit {words.percent(weight)} "
            "des ressources en argent de cette année-là.",
            line.label,
        )


def _volunteers(budget: Budget) -> Iterator[Alert]:
    for line in budget.lines:
        if line.is_volunteer or not any(line.amounts):
            continue
        if not line.is_cash:
            text = (
                f"« {line.label} » est du bénévolat donné pour de l’argent : nous l’avons retiré du total. "
                "Marquez la ligne comme bénévolat valorisé."
            )
        elif "benevol" in fold(line.label):
            text = (
                f"« {line.label} » semble être du bénévolat, compté comme de l’argent. Si c’est du temps "
                "donné, choisissez la catégorie « Bénévolat valorisé »."
            )
        else:
            continue
        yield Alert("benevolat_en_argent", None, text, line.label)
