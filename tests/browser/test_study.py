"""A study in a real browser: a territory picked and drawn on the map, saved, opened again; a view in a frame."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from ptce_data import study as studies
from tests.browser.helpers import MAP, drawn, map_frame, ready

REDON = "depart=epci:243500741"


def click_map(page: Page, x: float, y: float) -> None:
    """Click at a share of the map's width and height, by the map's own events."""
    box = map_frame(page).locator("#map_div")
    # The page must have stopped scrolling: a click while it moves lands elsewhere on the map.
    page.locator(MAP).scroll_into_view_if_needed()
    page.locator(MAP).evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_timeout(400)
    size = box.bounding_box()
    assert size is not None
    box.click(position={"x": size["width"] * x, "y": size["height"] * y})


def test_a_commune_is_picked_and_taken_back_on_the_map(page: Page, site: str) -> None:
    page.goto(f"{site}/etude?{REDON}")
    first = drawn(page)
    ready(page)
    communes = page.get_by_test_id("stMetricValue").nth(1)
    expect(communes).to_have_text("31")
    click_map(page, 0.04, 0.5)
    drawn(page, first)
    expect(communes).to_have_text("32")
    second = drawn(page)
    click_map(page, 0.04, 0.5)
    drawn(page, second)
    expect(communes).to_have_text("31")


def test_an_outline_is_drawn_point_by_point_and_saved(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/etude?clic=trace&carte_region=53")
    state = drawn(page)
    ready(page)
    for number, (x, y) in enumerate(((0.4, 0.4), (0.6, 0.4), (0.55, 0.6)), start=1):
        click_map(page, x, y)
        expect(page.get_by_text(re.compile(rf"{number}\s*sommets? posés?"))).to_be_visible()
        state = drawn(page, state)
    page.get_by_role("button", name="Fermer le contour").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(re.compile(r"\d"))
    ready(page)
    with page.expect_download() as download:
        page.get_by_text("Enregistrer l’étude (JSON)").click()
    saved = studies.read(Path(download.value.path()).read_bytes())
    assert saved.perimeter.polygon is not None and not saved.perimeter.communes

    # Opened again in a new session, it is the same study.
    path = tmp_path / "etude.json"
    path.write_bytes(studies.dump(saved.replace(title="Reprise")))
    page.goto(f"{site}/etude")
    ready(page)
    page.get_by_text("Ouvrir une étude").click()
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(path)
    expect(page.get_by_label("Titre de l’étude").first).to_have_value("Reprise")
    expect(page.get_by_label("Titre de l’étude")).to_have_count(1)
    ready(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_broken_study_file_changes_nothing_and_says_why(page: Page, site: str, tmp_path: Path) -> None:
    path = tmp_path / "etude.json"
    path.write_text('{"format": "atlas-ptce-etude", "version": 1}', encoding="utf-8")
    page.goto(f"{site}/etude?{REDON}")
    ready(page)
    page.get_by_text("Ouvrir une étude").click()
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(path)
    expect(page.get_by_test_id("stAlert").filter(has_text="title")).to_be_visible()
    expect(page.get_by_label("Titre de l’étude")).to_have_value(
        "Étude de faisabilité – CA Redon Agglomération"
    )


def test_a_view_in_a_frame_has_no_navigation(page: Page, site: str) -> None:
    page.goto(f"{site}/carte?nature=pole&embed=true")
    drawn(page)
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Carte")
    expect(page.get_by_role("link", name="Financements")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_on_a_phone_labels_are_whole_and_the_next_step_begins_at_its_top(
    open_context: Callable[..., tuple[BrowserContext, list[str]]], site: str
) -> None:
    page = open_context(width=360, height=640, has_touch=True)[0].new_page()
    page.goto(f"{site}/etude?{REDON}&section=financer")
    ready(page)
    further = page.locator(".st-key-etapes-voisines").get_by_role("button", name="7. Autodiagnostic")
    further.scroll_into_view_if_needed()
    # Words cut by their button.
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main button p')].filter(p => p.scrollWidth > p.clientWidth + 1)
             .map(p => p.textContent)"""
    )
    assert cut == []
    further.tap()
    expect(page.get_by_role("radio", name="Neuf objectifs")).to_be_visible()
    ready(page)
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollTop") == 0
    # French punctuation never begins a line, nor does « end one.
    loose = page.evaluate("() => document.querySelector('main').innerText.match(/ [:;?!»]|« /g) || []")
    assert loose == []
    page.go_back()
    expect(page.get_by_role("radio", name="6. Financer")).to_be_checked()
