"""What a reader feels: steps that can be taken back, a map that stays, a page that does not jump."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.helpers import drawn, map_frame, ready, signs_said

SEARCH = "Rechercher un nom"

#: Looks at the map's frame on every picture that the browser draws: where it stands, and whether it is empty.
WATCH = """() => {
  const seen = (window.__seen = { places: new Set(), empty: 0, looks: 0 });
  const look = () => {
    const map = document.querySelector("iframe[data-testid='stCustomComponentV1']");
    const box = map ? map.getBoundingClientRect() : { top: -1, height: -1 };
    seen.places.add(`${Math.round(box.top)} ${Math.round(box.height)}`);
    const inside = map && map.contentDocument && map.contentDocument.querySelector("#map_div canvas");
    if (!inside) seen.empty += 1;
    seen.looks += 1;
    if (!window.__enough) requestAnimationFrame(look);
  };
  look();
}"""
SEEN = "() => { window.__enough = true; const s = window.__seen; return [[...s.places], s.empty, s.looks]; }"


def search(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name=SEARCH)
    box.fill(words)
    box.press("Enter")


def test_back_and_forward_step_through_what_was_chosen(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    ready(page)
    everything, first = signs_said(page), drawn(page)
    search(page, "lille")
    expect(page).to_have_url(re.compile("q=lille"))
    second = drawn(page, other_than=first)
    ready(page)
    some = signs_said(page)
    assert 0 < some < everything
    page.get_by_role("link", name="Territoires").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Territoires")
    ready(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carte")
    ready(page)
    expect(page.get_by_role("textbox", name=SEARCH)).to_have_value("lille")
    assert signs_said(page) == some
    page.go_back()
    expect(page.get_by_role("textbox", name=SEARCH)).to_have_value("")
    drawn(page, other_than=second)
    ready(page)
    assert signs_said(page) == everything
    page.go_forward()
    expect(page.get_by_role("textbox", name=SEARCH)).to_have_value("lille")
    ready(page)
    assert signs_said(page) == some


def test_a_filter_neither_empties_nor_moves_the_map(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    ready(page)
    first = drawn(page)
    # A document that was loaded again would have forgotten this.
    map_frame(page).locator("body").evaluate("(body) => { body.dataset.kept = 'yes'; }")
    page.evaluate(WATCH)
    search(page, "lille")
    second = drawn(page, other_than=first)
    search(page, "tiers")
    drawn(page, other_than=second)
    ready(page)
    places, empty, looks = page.evaluate(SEEN)
    assert looks > 5 and empty == 0
    assert len(places) == 1, places
    expect(map_frame(page).locator("body")).to_have_attribute("data-kept", "yes")


def test_the_lists_of_streamlit_speak_french(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    ready(page)
    page.get_by_role("combobox", name="Nature").first.click()
    expect(page.get_by_role("option", name="Tout choisir", exact=True)).to_be_visible()
    expect(page.get_by_role("option", name="Select all", exact=True)).to_have_count(0)
