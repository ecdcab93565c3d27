"""Files a user brings: a budget taken up again, subsidies imported and matched."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from ptce_data import budget as budgets
from ptce_data.budget import Budget, Line
from tests.browser.helpers import ready

FIXTURES = Path(__file__).resolve().parents[1] / "scdl" / "fixtures"


def test_a_budget_file_is_taken_up_again(page: Page, site: str, tmp_path: Path) -> None:
    made = Budget(
        "Pôle <b>d’essai</b>",
        (2026, 2027),
        (
            Line("Région", "ressource", "subvention_region", (60_000.0, 60_000.0)),
            Line("Ventes", "ressource", "ressources_propres_prestations", (40_000.0, 40_000.0)),
            Line("Salaires", "emploi", "personnel", (90_000.0, 100_000.0)),
        ),
    )
    path = tmp_path / "budget.json"
    path.write_bytes(budgets.to_json(made))
    page.goto(f"{site}/financements?section=budget")
    ready(page)
    page.get_by_text("Reprendre un budget, ou partir d’un modèle").click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Budget repris")).to_be_visible()
    expect(page.get_by_test_id("stTextInputField").first).to_have_value("Pôle <b>d’essai</b>")
    expect(page.get_by_text("les ressources dépassent les emplois")).to_be_visible()
    ready(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_text("Budget (JSON, à reprendre ici)").click()
    assert budgets.from_json(Path(download.value.path()).read_bytes()) == made


def test_a_broken_budget_file_changes_nothing_and_says_why(page: Page, site: str, tmp_path: Path) -> None:
    path = tmp_path / "budget.json"
    path.write_text("{pas du json", encoding="utf-8")
    page.goto(f"{site}/financements?section=budget")
    ready(page)
    page.get_by_text("Reprendre un budget, ou partir d’un modèle").click()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("le budget affiché ne change pas")).to_be_visible()


def test_subsidies_are_read_reported_and_matched(page: Page, site: str) -> None:
    page.goto(f"{site}/financements?section=import")
    ready(page)
    page.locator("input[type=file]").set_input_files(sorted(FIXTURES.glob("*.csv")))
    expect(page.get_by_text("Lignes lues")).to_be_visible()
    expect(page.get_by_text("Rapprochements avec les pôles")).to_be_visible()
    ready(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert int(page.get_by_test_id("stMetricValue").first.inner_text()) > 3
