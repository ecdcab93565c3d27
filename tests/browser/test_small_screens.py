"""Every page on a phone and a tablet: nothing scrolls sideways, filters and map answer to fingers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ptce_ui.navigation import PAGES
from tests.browser.helpers import MAP, drawn, map_frame, ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]

SIZES: Final = {"telephone": (360, 640), "tablette": (768, 1024)}
#: What a telephone says of itself: tables are drawn otherwise there.
PHONE: Final = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
WITH_MAP: Final = ("carte", "territoires")
WITH_FILTERS: Final = ("carte", "dispositifs")

#: Elements that stick out of the page, unless a frame of their own scrolls or hides them.
STICKING_OUT: Final = """() => {
  const wide = document.documentElement.clientWidth + 1;
  const kept = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
    if (p.matches("[data-testid=stMain], [data-testid=stSidebar]")) return false;
    if (getComputedStyle(p).overflowX !== "visible") return true; } return false; };
  return [...document.querySelectorAll("[data-testid=stMain] *")].filter((e) => {
    const b = e.getBoundingClientRect();
    return b.width > 1 && b.height > 1 && b.right > wide && !kept(e);
  }).slice(0, 5).map((e) => e.tagName + " " + (e.dataset.testid || e.className) + " " + e.textContent.slice(0, 40));
}"""
#: WCAG 2.5.8: at least 24 px, or alone in a circle of 24 px; links within a sentence are exempt.
SMALL_TARGETS: Final = """() => {
  const all = [...document.querySelectorAll("main :is(button, a[href], summary, [role=radio], [role=tab], input), header button")]
    .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.disabled
      && !e.closest("p, li, dd, dt, td, th, [data-testid=stDataFrame], [data-testid=stFileUploaderDropzone]"))
    .map((e) => [e, e.getBoundingClientRect()]).filter(([e, b]) => b.width > 1 && b.height > 1);
  return all.filter(([e, b]) => b.width < 23.5 || b.height < 23.5).filter(([e]) => !e.closest("label, [data-baseweb], [role=group]"))
    .map(([e, b]) => (e.getAttribute("aria-label") || e.textContent).slice(0, 40) + " " + [b.width, b.height].map(Math.round));
}"""


def _open(open_context: Opener, site: str, name: str, size: str) -> Page:
    width, height = SIZES[size]
    options: dict[str, Any] = {"user_agent": PHONE} if size == "telephone" else {}
    context, _ = open_context(
        width, height, has_touch=True, is_mobile=True, reduced_motion="reduce", **options
    )
    page = context.new_page()
    path = PAGES[name].path
    page.goto(f"{site}/{path.removeprefix('pages/').removesuffix('.py') if '/' in path else ''}")
    # The first page of a server reads all the data.
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=90_000)
    ready(page)
    if name in WITH_MAP:
        drawn(page)
    return page


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_fits_small_screens(open_context: Opener, site: str, name: str) -> None:
    page = _open(open_context, site, name, "telephone")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        main = page.get_by_test_id("stMain")
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), size
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), size
        assert page.evaluate(STICKING_OUT) == [], size
        assert page.evaluate(SMALL_TARGETS) == [], size
        if PAGES[name].is_in_menu:
            expect(page.locator(".st-key-pages [aria-current=page]")).to_be_in_viewport()


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("name", WITH_FILTERS)
def test_filters_are_one_touch_away(open_context: Opener, site: str, name: str, size: str) -> None:
    page = _open(open_context, site, name, size)
    button = page.get_by_role("button", name=re.compile("^Filtres"))
    expect(button).to_be_in_viewport()
    said, height = button.evaluate("e => [getComputedStyle(e, '::after').content, e.offsetHeight]")
    assert said == '"Filtres"'
    assert height >= 24
    button.tap()
    panel = page.get_by_test_id("stSidebar")
    expect(panel.get_by_test_id("stTextInputField")).to_be_in_viewport(ratio=1)
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] > -1 and box["x"] + box["width"] <= SIZES[size][0] + 1


def _drag(page: Page, fingers: list[tuple[float, float]], by: tuple[float, float]) -> None:
    """Real touch events, which scroll the page as fingers do."""
    hand = page.context.new_cdp_session(page)

    def at(share: float) -> list[dict[str, float]]:
        return [{"x": x + by[0] * share, "y": y + by[1] * share, "id": i} for i, (x, y) in enumerate(fingers)]

    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at(0)})
    for step in range(1, 9):
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": at(step / 8)})
        page.wait_for_timeout(16)
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("size", list(SIZES))
def test_one_finger_scrolls_the_page_and_two_move_the_map(open_context: Opener, site: str, size: str) -> None:
    page = _open(open_context, site, "carte", size)
    main = page.get_by_test_id("stMain")
    canvas = map_frame(page).locator("#map_div")
    hint = map_frame(page).get_by_text("à deux doigts")
    expect(hint).to_be_visible()

    def middle() -> tuple[float, float]:
        box = page.locator(MAP).bounding_box()
        assert box is not None
        assert box["height"] <= SIZES[size][1] * 0.7, "de quoi faire défiler la page autour de la carte"
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def state() -> tuple[float, list[float]]:
        page.wait_for_timeout(600)
        centre = canvas.evaluate("() => [map_div.getCenter().lat, map_div.getCenter().lng]")
        return float(main.evaluate("e => e.scrollTop")), centre

    scrolled, centre = state()
    _drag(page, [middle()], (0, -150))
    after, same = state()
    assert after > scrolled + 50, "un doigt posé sur la carte fait défiler la page"
    assert same == centre, "et laisse la carte où elle est"

    x, y = middle()
    _drag(page, [(x - 30, y), (x + 30, y)], (60, 40))
    still, moved = state()
    assert moved[1] < centre[1] - 0.5, "deux doigts déplacent la carte"
    assert abs(still - after) <= 1
    expect(hint).to_have_count(0)


def test_a_mouse_still_drags_the_map(open_context: Opener, site: str) -> None:
    context, _ = open_context(1280, 900)
    page = context.new_page()
    page.goto(f"{site}/carte")
    drawn(page)
    canvas = map_frame(page).locator("#map_div")
    expect(map_frame(page).get_by_text("à deux doigts")).to_be_hidden()
    before = canvas.evaluate("() => map_div.getCenter().lng")
    box = page.locator(MAP).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 200, steps=6)
    page.mouse.up()
    page.wait_for_timeout(600)
    assert canvas.evaluate("() => map_div.getCenter().lng") < before - 0.5
