"""Every page as the first request after a start, without any request to another host."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import serve
from tests.browser.helpers import drawn, map_frame, points, ready, signs_said

Opener = Callable[..., tuple[BrowserContext, list[str]]]

PAGES = {
    "": "Atlas de la coopération économique territoriale",
    "carte?nature=pole&type_calcule=rural&niveau=departements": "Carte",
    "territoires?echelle=communes&dans=53": "Territoires",
    "financements?section=mix&qui=ptce": "Financements",
    "regions?region=53&region=52": "Régions",
    "dispositifs?section=projet&lieu=epci:243500741": "Dispositifs",
    "etude?depart=epci:243500741&section=agencement": "Étude",
    "conference": "Conférence",
    "donnees?table=clusters": "Données",
}


@pytest.mark.parametrize("path", list(PAGES))
def test_first_request_after_a_start(open_context: Opener, path: str) -> None:
    context, outside = open_context()
    page = context.new_page()
    with serve() as address:
        page.goto(f"{address}/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(PAGES[path])
        ready(page)
        if path.startswith(("carte", "territoires")):
            drawn(page)
        assert page.title().endswith("Atlas de la coopération économique territoriale")
        assert page.locator("html").get_attribute("lang") == "fr"
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
        expect(page.get_by_test_id("stException")).to_have_count(0)
    assert outside == []


def test_the_map_draws_what_the_sentence_says(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    first = drawn(page)
    assert points(page) == signs_said(page) > 1500
    page.goto(f"{site}/carte?nature=pole")
    drawn(page, first)
    ready(page)
    assert points(page) == signs_said(page) < 200


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 900)])
def test_no_sideways_scrolling_and_nothing_leaves(
    open_context: Opener, site: str, width: int, height: int
) -> None:
    context, outside = open_context(width=width, height=height)
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{site}/{path}")
        ready(page)
        if path.startswith(("carte", "territoires")):
            drawn(page)
        body = page.get_by_test_id("stMain")
        assert body.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), path
    assert outside == []


def test_tiles_ask_another_host_only_when_chosen(open_context: Opener, site: str) -> None:
    context, outside = open_context()
    page = context.new_page()
    page.goto(f"{site}/carte?fond=osm")
    drawn(page)
    page.wait_for_timeout(300)
    assert outside and all("tile.openstreetmap.org" in url for url in outside)


def test_unknown_values_are_named_and_the_rest_applies(page: Page, site: str) -> None:
    page.goto(f"{site}/carte?region=53&region=99&couleur=bleu&niveau=planete")
    drawn(page)
    alert = page.get_by_test_id("stAlert")
    for word in ("« 99 »", "« couleur »", "« planete »"):
        expect(alert).to_contain_text(word)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Bretagne")
    assert points(page) < 300


def test_filters_live_in_the_url_with_back_and_forward(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    everything = drawn(page)
    total = points(page)
    page.get_by_test_id("stTextInputField").fill("redon")
    page.keyboard.press("Enter")
    searched = drawn(page, everything)
    expect(page).to_have_url(f"{site}/carte?q=redon")
    few = points(page)
    assert 0 < few < total
    page.go_back()
    drawn(page, searched)
    assert points(page) == total
    expect(page.get_by_test_id("stTextInputField")).to_have_value("")
    page.go_forward()
    drawn(page, everything)
    expect(page.get_by_test_id("stTextInputField")).to_have_value("redon")
    assert points(page) == few


def test_a_click_on_a_sign_opens_its_fiche_and_its_url(page: Page, site: str) -> None:
    page.goto(f"{site}/carte?q=articulteurs")
    first = drawn(page)
    assert points(page) == 1
    box = map_frame(page).locator("#map_div")
    x, y = box.evaluate(
        "() => { const s = map_div._ptce.signs.list[0]; const p = map_div.latLngToContainerPoint(s.latlng);"
        " return [p.x, p.y]; }"
    )
    box.click(position={"x": x, "y": y})
    drawn(page, first)
    expect(page.get_by_role("heading", name="Les Articulteurs")).to_be_visible()
    expect(page).to_have_url(f"{site}/carte?q=articulteurs&fiche=pole%3Ales-articulteurs")
    page.reload()
    drawn(page)
    expect(page.get_by_role("heading", name="Les Articulteurs")).to_be_visible()
    expect(page.get_by_text("non renseigné").first).to_be_visible()


def test_coinciding_signs_are_reachable_one_by_one(page: Page, site: str) -> None:
    page.goto(f"{site}/carte?nature=pole&region=52")
    first = drawn(page)
    box = map_frame(page).locator("#map_div")
    x, y = box.evaluate(
        "() => { const by = {}; for (const s of map_div._ptce.signs.list) {"
        " const k = s.latlng.toString(); (by[k] = by[k] || []).push(s); }"
        " const g = Object.values(by).sort((a, b) => b.length - a.length)[0];"
        " const p = map_div.latLngToContainerPoint(g[0].latlng); return [p.x, p.y]; }"
    )
    box.click(position={"x": x, "y": y})
    entries = map_frame(page).locator(".ptce-list li button")
    assert entries.count() >= 2
    name = str(entries.nth(1).evaluate("b => b.firstChild.textContent"))
    entries.nth(1).click()
    drawn(page, first)
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_click_on_an_area_lists_its_schemes(page: Page, site: str) -> None:
    page.goto(f"{site}/carte?nature=cluster&genre_cluster=prides")
    drawn(page)
    box = map_frame(page).locator("#map_div")
    x, y = box.evaluate(
        "() => { const p = map_div.latLngToContainerPoint([48.2, -2.9]); return [p.x, p.y]; }"
    )
    box.click(position={"x": x, "y": y})
    expect(page.get_by_role("heading", name="Bretagne")).to_be_visible()
    expect(page.get_by_text("dispositifs documentés")).to_be_visible()


def test_panning_and_zooming_send_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    drawn(page)
    ready(page)
    sent: list[object] = []
    page.on("websocket", lambda ws: None)
    page.evaluate(
        "() => { window.__sent = 0; const s = WebSocket.prototype.send;"
        " WebSocket.prototype.send = function (d) { window.__sent += 1; return s.call(this, d); }; }"
    )
    box = map_frame(page).locator("#map_div")
    box.evaluate("() => { map_div.setZoom(7); map_div.panBy([120, 60]); }")
    page.wait_for_timeout(1200)
    assert page.evaluate("() => window.__sent") == 0
    assert sent == []


def test_one_click_to_an_overseas_region(page: Page, site: str) -> None:
    page.goto(f"{site}/carte")
    first = drawn(page)
    page.get_by_text("La Réunion :").click()
    drawn(page, first)
    centre = (
        map_frame(page)
        .locator("#map_div")
        .evaluate("() => [map_div.getCenter().lat, map_div.getCenter().lng]")
    )
    assert abs(centre[0] + 21.1) < 0.6
    assert abs(centre[1] - 55.5) < 0.6


def test_a_click_on_a_commune_says_why(page: Page, site: str) -> None:
    page.goto(f"{site}/territoires?echelle=communes&dans=53&points=non")
    drawn(page)
    ready(page)
    box = map_frame(page).locator("#map_div")
    x, y = box.evaluate(
        "() => { const p = map_div.latLngToContainerPoint([47.652, -2.084]); return [p.x, p.y]; }"
    )
    box.click(position={"x": x, "y": y})
    expect(page.get_by_role("heading", name="Redon – commune 35236")).to_be_visible()
    expect(page.get_by_text("Type : urbain autre")).to_be_visible()
    expect(page).to_have_url(re.compile("lieu=commune%3A35236"))
