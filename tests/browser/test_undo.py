"""By the keyboard alone: a scene and a place are removed, the removal is announced, and each comes back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.helpers import ready
from tests.browser.test_conference import tab_to

Opener = Callable[..., tuple[BrowserContext, list[str]]]
REDON = "depart=epci:243500741"


def announced(page: Page, words: str) -> None:
    """What a screen reader is told: the status that is on every page, with other words than before."""
    box = page.locator(".st-key-annonce-annuler[role=status]")
    expect(box).to_have_count(1)
    expect(box).to_contain_text(re.compile(words.replace(" ", r"\s")))


def press(page: Page, button: Locator) -> None:
    """Reach a button by Tab, and press it."""
    tab_to(page, button)
    page.keyboard.press("Enter")
    ready(page)


def test_a_removed_scene_is_said_and_comes_back(open_context: Opener, site: str) -> None:
    page = open_context(360, 640)[0].new_page()
    page.goto(f"{site}/conference?modele=region&region=53")
    ready(page)
    press(page, page.get_by_role("button", name="Prendre ce diaporama"))
    scenes = page.locator("[class*='st-key-scene-'] button")
    expect(scenes.nth(2)).to_be_visible()
    ready(page)
    before = scenes.all_inner_texts()
    press(page, page.get_by_role("button", name="Retirer", exact=True))
    announced(page, "Scène .+ retirée")
    expect(scenes).to_have_count(len(before) - 1)
    # The keyboard goes on where it was: the way back is one of the next stops, not a hundred further.
    back = page.get_by_role("button", name="Annuler", exact=True)
    tab_to(page, back, most=8)
    expect(back).to_be_in_viewport()
    page.keyboard.press("Enter")
    ready(page)
    announced(page, "Annulé : Scène")
    expect(scenes).to_have_count(len(before))
    assert scenes.all_inner_texts() == before
    room = page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert room
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_removed_place_is_said_and_comes_back(page: Page, site: str) -> None:
    page.goto(f"{site}/etude?section=existant&{REDON}")
    ready(page)
    tab_to(page, page.get_by_label("Nom du lieu"))
    page.keyboard.type("Le Futur Fablab")
    tab_to(page, page.get_by_label("Commune (nom ou code Insee)"))
    page.keyboard.type("Redon")
    press(page, page.get_by_role("button", name="Ajouter ce lieu"))
    grid = page.get_by_test_id("stDataFrame").filter(has=page.locator("th", has_text="Retirer"))
    mine = grid.locator("td", has_text="Le Futur Fablab")
    expect(mine).to_have_count(1)
    # The last cell of the line is the box « Retirer »: the arrows go there, the space bar ticks it.
    tab_to(page, grid.get_by_test_id("data-grid-canvas").first)
    for key in ("ArrowDown", *["ArrowRight"] * 6, "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    announced(page, "Lieu retiré : « Le Futur Fablab »")
    expect(grid).to_have_count(0)
    press(page, page.get_by_role("button", name="Annuler", exact=True))
    announced(page, "Annulé : Lieu retiré")
    expect(mine).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
