"""The budget form: a frame and back, years changed, faults told line by line."""

from __future__ import annotations

import pytest

from ptce_data import budget as budgets
from ptce_data.budget import Budget, BudgetError, Line
from ptce_data.funding import mixes as documented
from ptce_data.load import Dataset
from ptce_ui import budget_table, funding_figures

MADE = Budget(
    "Pôle d'essai",
    (2026, 2027),
    (
        Line("Région", "ressource", "subvention_region", (60_000.0, 0.0), "fonctionnement", False, 2026),
        Line("Ventes", "ressource", "ressources_propres_prestations", (40_000.0, 45_000.0)),
        Line("Temps donné", "ressource", "benevolat", (12_000.0, 12_000.0), None, True),
        Line("Salaires", "emploi", "personnel", (100_000.0, 90_000.0)),
    ),
)


def test_a_budget_goes_through_the_form_unchanged() -> None:
    assert budget_table.from_frame(budget_table.to_frame(MADE), MADE.name) == MADE


def test_an_added_year_starts_at_zero_and_a_kept_one_keeps_its_amounts() -> None:
    frame = budget_table.with_years(budget_table.to_frame(MADE), [2027, 2028])
    again = budget_table.from_frame(frame, MADE.name)
    assert again.years == (2027, 2028)
    assert again.lines[1].amounts == (45_000.0, 0.0)


def test_faults_name_the_line_on_the_screen() -> None:
    frame = budget_table.to_frame(MADE)
    frame.loc[1, "Catégorie"] = "Licorne"
    frame.loc[2, "Sens"] = "Travers"
    with pytest.raises(BudgetError) as caught:
        budget_table.from_frame(frame, MADE.name)
    assert {fault.line for fault in caught.value.faults} == {2, 3}


def test_empty_lines_are_left_aside() -> None:
    frame = budget_table.to_frame(MADE)
    frame.loc[len(frame)] = [None] * len(frame.columns)
    assert budget_table.from_frame(frame, MADE.name) == MADE


def test_measures_alerts_and_dots(real: Dataset) -> None:
    shown = budget_table.measures({y: budgets.measures(MADE, y) for y in MADE.years}).set_index("Mesure")
    assert shown.loc["Part publique", "2026"] == "60\u00a0%"
    assert shown.loc["Part publique", "2027"] == "0\u00a0%"
    said = " ".join(budget_table.alerts(budgets.alerts(MADE)))
    assert "2027" in said
    placed = budgets.placement(MADE, 2026, documented.mixes(real), "part_publique")
    rows = budget_table.dots(placed)
    assert rows["is_own"].sum() == 1 and rows.loc[0, "value"] == pytest.approx(60)
    assert all(d.mix.base == "budget_annuel" for d in placed.dots)
    chart = funding_figures.dots(rows, "Part publique (%)")
    assert len(chart.data) == len(rows)
