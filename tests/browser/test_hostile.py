"""Hostile names in a real browser, and a layer that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import mini
from tests.browser.conftest import serve
from tests.browser.helpers import drawn, map_frame, points, ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = mini.write(tmp_path_factory.mktemp("hostile") / "data", mini.hostile_tables())
    with serve(PTCE_DATA_DIR=str(folder)) as address:
        yield address


def trapped(page: Page) -> list[str]:
    """Collect what a script in a name would do: dialogs, errors."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    return seen


def at(page: Page, uid: str) -> tuple[float, float]:
    x, y = (
        map_frame(page)
        .locator("#map_div")
        .evaluate(
            "(e, uid) => { const s = map_div._ptce.signs.list.find(s => s.uid === uid);"
            " const p = map_div.latLngToContainerPoint(s.latlng); return [p.x, p.y]; }",
            uid,
        )
    )
    return float(x), float(y)


def test_names_are_drawn_as_text_everywhere(open_context: Opener, hostile_site: str) -> None:
    context, outside = open_context()
    page = context.new_page()
    seen = trapped(page)
    page.goto(f"{hostile_site}/carte")
    drawn(page)
    ready(page)
    box = map_frame(page).locator("#map_div")
    x, y = at(page, "pole:hostile-0")
    box.hover(position={"x": x, "y": y})
    expect(map_frame(page).locator(".leaflet-tooltip strong")).to_be_visible()
    box.click(position={"x": x, "y": y})
    listed = map_frame(page).locator(".ptce-list li button")
    expect(listed.first).to_be_visible()
    texts = [str(listed.nth(i).evaluate("b => b.firstChild.textContent")) for i in range(listed.count())]
    for name in mini.HOSTILE_NAMES:
        short = name if len(name) <= 120 else name[:120] + "…"
        assert short in texts
    for number, name in enumerate(mini.HOSTILE_NAMES):
        page.goto(f"{hostile_site}/carte?fiche=pole:hostile-{number}")
        heading = page.locator("h3").filter(has_text=" ".join(name.split())[:40]).first
        expect(heading).to_be_visible()
        assert page.locator("h3 script, h3 img").count() == 0
    page.goto(f"{hostile_site}/donnees?table=poles")
    ready(page)
    assert seen == []
    assert outside == []


def test_a_layer_that_cannot_be_read_says_so_and_leaves_the_rest(open_context: Opener, site: str) -> None:
    context, _ = open_context()
    page = context.new_page()
    page.route("**/regions.json", lambda route: route.abort())
    page.goto(f"{site}/carte")
    alert = map_frame(page).get_by_role("alert")
    expect(alert).to_contain_text("limites administratives")
    drawn(page)
    assert points(page) > 1500


def test_places_that_cannot_be_read_leave_the_boundaries(open_context: Opener, site: str) -> None:
    context, _ = open_context()
    page = context.new_page()
    page.route("**/places.json", lambda route: route.abort())
    page.goto(f"{site}/carte")
    expect(map_frame(page).get_by_role("alert")).to_contain_text("lieux n’ont pas pu")
    expect(map_frame(page).locator("#map_div")).to_have_attribute("data-areas", "18")
