"""Up to three scenarios side by side: their totals, the balance to the euro, measures and warnings."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from ptce_data.budget import USER_BASES, Budget, alerts, measures
from ptce_data.study.model import Scenario, Study

#: Uses equal sources when they differ by less, in euros, as the budget's own warnings say.
ONE_EURO: Final = 1.0
BASES: Final[dict[str, str]] = {"budget_annuel": "Budget annuel", "investissement": "Investissement"}


def totals(study: Study) -> pd.DataFrame:
    """Return one row per scenario and year, then one for all its years (`year` missing).

    Columns: scenario, name, year (Int64), resources_eur, uses_eur (cash, to the cent), difference_eur
    (resources - uses), is_balanced (to the euro; all years of the scenario for its last row),
    volunteer_resources_eur, volunteer_uses_eur (valued time, never in the cash totals).
    """
    rows: list[tuple[Any, ...]] = []
    for scenario in study.scenarios:
        years = [_year(scenario.budget, year) for year in scenario.budget.years]
        named = (scenario.id, scenario.name)
        rows += [(*named, year, *row) for year, row in zip(scenario.budget.years, years, strict=True)]
        sums = [round(math.fsum(row[i] for row in years), 2) for i in (0, 1, 2, 4, 5)]
        rows.append((*named, None, *sums[:3], all(row[3] for row in years), *sums[3:]))
    columns = [
        "scenario", "name", "year", "resources_eur", "uses_eur", "difference_eur", "is_balanced",
        "volunteer_resources_eur", "volunteer_uses_eur",
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=columns)
    return made.astype(
        {"year": "Int64", **{c: "float64" for c in columns if c.endswith("_eur")}, "is_balanced": "bool"}
    )


def _year(budget: Budget, year: int) -> tuple[float, float, float, bool, float, float]:
    """Resources, uses, difference, whether they balance, volunteer resources, volunteer uses."""
    resources, uses = round(budget.total(year, "ressource"), 2), round(budget.total(year, "emploi"), 2)
    gap = round(resources - uses, 2) + 0.0
    given = [round(budget.total(year, side, cash=False), 2) for side in ("ressource", "emploi")]
    return resources, uses, gap, abs(gap) < ONE_EURO, given[0], given[1]


def compared(study: Study) -> pd.DataFrame:
    """Return the measures of every scenario, year and base (budget_annuel, investissement).

    Columns: scenario, name, year, base, base_label, measure, label, definition, unit (%, financeurs,
    points), value (NaN when not computable), low, high, reason (why, French). Bases without any resource
    in a year are left out.
    """
    rows = []
    for scenario in study.scenarios:
        for year in scenario.budget.years:
            for base in USER_BASES:
                if not _has(scenario.budget, year, base):
                    continue
                for m in measures(scenario.budget, year, base):
                    rows.append(
                        (scenario.id, scenario.name, year, base, BASES[base], m.name, m.label, m.definition,
                         m.unit, m.value, m.low, m.high, m.reason)
                    )  # fmt: skip
    columns = [
        "scenario", "name", "year", "base", "base_label", "measure", "label", "definition", "unit", "value",
        "low", "high", "reason",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("value", "low", "high"), "float64"))


def _has(budget: Budget, year: int, base: str) -> bool:
    at = budget.years.index(year)
    return any(
        line.amounts[at] > 0
        and line.side == "ressource"
        and (line.nature == "investissement") == (base == "investissement")
        for line in budget.lines
    )


def warnings(study: Study) -> pd.DataFrame:
    """Return the warnings of every scenario: scenario, name, kind, year (Int64), text (French), line."""
    rows = [
        (scenario.id, scenario.name, a.kind, a.year, a.text, a.line)
        for scenario in study.scenarios
        for a in alerts(scenario.budget)
    ]
    columns = ["scenario", "name", "kind", "year", "text", "line"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64", "line": "str"})


def plan(scenario: Scenario) -> pd.DataFrame:
    """Return the financing plan of a scenario: one row per line of its budget.

    Columns: side (ressource, emploi), category, label, nature, is_cash, then one column of euros per
    year, named by the year as text, and total.
    """
    years = [str(year) for year in scenario.budget.years]
    rows = [
        (
            line.side,
            line.category,
            line.label,
            line.nature,
            line.is_cash,
            *line.amounts,
            round(math.fsum(line.amounts), 2),
        )
        for line in scenario.budget.lines
    ]
    made = pd.DataFrame(rows, columns=["side", "category", "label", "nature", "is_cash", *years, "total"])
    return made.sort_values("side", ascending=False, kind="stable", ignore_index=True)
