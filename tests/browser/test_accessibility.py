"""Accessibility: axe on every page, light and dark, wide and narrow; and a way through without a mouse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from ptce_ui.accessibility import AXE_EXCEPTIONS
from ptce_ui.navigation import PAGES
from tests.browser.helpers import drawn, map_frame, ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
#: Light and dark, on a desk and on a phone.
MODES = (("light", 1280, 900), ("dark", 360, 640), ("dark", 1280, 900), ("light", 360, 640))
#: What is below the fold is not judged by axe: the window is made as high as the page, up to this.
HIGHEST = 6000
SETTINGS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
REDON = "depart=epci:243500741"
#: Every page of the navigation, with something to show.
QUERIES = {
    "accueil": "",
    "carte": "carte?nature=pole&region=53&fiche=pole:les-articulteurs",
    "regions": "regions?region=53&region=52",
    "etude": f"etude?{REDON}",
    "dispositifs": "dispositifs?section=projet&lieu=epci:243500741",
    "donnees": "donnees?table=clusters",
}
PARTS = (
    "carte?niveau=departements&aplat=dispositifs&zone=regions:53",
    "territoires?section=croisements",
    "territoires?section=densite",
    "territoires?section=sensibilite",
    "territoires?echelle=communes&dans=53&lieu=commune:35236",
    "financements?section=appels",
    "financements?section=flux",
    "financements?section=public",
    "financements?section=budget",
    "financements?section=import",
    "regions?section=cartes&region=53&region=52",
    "regions?section=proches",
    "regions?section=reforme",
    "dispositifs",
    "dispositifs?section=matrice",
    "dispositifs?section=frise",
    "dispositifs?section=echanges",
    f"etude?{REDON}&section=existant",
    f"etude?{REDON}&section=agencement",
    f"etude?{REDON}&section=acces",
    f"etude?{REDON}&section=comparables",
    f"etude?{REDON}&section=financer",
    f"etude?{REDON}&section=autodiagnostic",
    f"etude?{REDON}&section=document",
    "conference?section=fichiers",
    "donnees?section=ouvrir",
    "donnees?section=couche",
)
STAGE = ("conference?presenter=1&scene=1", "conference?presenter=1&scene=4&notes=1")


def settled(page: Page) -> None:
    """The script has run, and ours has named what Streamlit drew."""
    ready(page)
    page.evaluate(
        "() => new Promise(done => requestIdleCallback(() => setTimeout(done, 150), {timeout: 900}))"
    )
    ready(page)


def show(page: Page, scheme: str, width: int, height: int, is_whole: bool = True) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    settled(page)
    if is_whole:
        inner = int(page.get_by_test_id("stMain").evaluate("e => e.scrollHeight"))
        page.set_viewport_size({"width": width, "height": max(height, min(inner + 120, HIGHEST))})
        settled(page)


def faults(page: Page, where: str) -> list[str]:
    """What axe finds serious or critical and no exception names, in the page and in its frames."""
    for frame in page.frames:
        if not frame.is_detached():
            frame.evaluate(f"{AXE}\n;null")
    found = page.evaluate(
        "async settings => (await axe.run(document, settings)).violations.map(v => ({id: v.id, impact: v.impact,"
        " nodes: v.nodes.map(n => ({at: n.target.flat().join(' '), html: n.html.slice(0, 160),"
        " why: n.failureSummary}))}))",
        SETTINGS,
    )
    left = []
    for rule in found:
        if rule["impact"] not in ("serious", "critical"):
            print(f"{where} : {rule['id']} ({rule['impact']}, {len(rule['nodes'])})")  # noqa: T201
            continue
        for node in rule["nodes"]:
            known = [e for e in AXE_EXCEPTIONS if e.rule == rule["id"] and re.search(e.selector, node["at"])]
            if known:
                print(f"{where} : exception {rule['id']} {node['at']}")  # noqa: T201
            else:
                left.append(f"{where} : {rule['id']} {json.dumps(node, ensure_ascii=False)[:500]}")
    return left


def named(page: Page, where: str) -> None:
    """Language, title, landmarks, headings, frames, pictures of data with their table."""
    said = page.evaluate(
        """() => ({
        lang: document.documentElement.lang, title: document.title,
        main: document.querySelectorAll('main').length, h1: document.querySelectorAll('h1').length,
        levels: [...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')]
          .map(h => +(h.getAttribute('aria-level') || h.tagName[1])),
        frames: [...document.querySelectorAll('iframe')].map(f => f.title),
        charts: [...document.querySelectorAll('[data-testid=stPlotlyChart]')].map(c => c.getAttribute('aria-label')),
        tables: document.querySelectorAll('[data-testid=stDataFrame], [data-testid=stTable], main table').length,
        english: [...document.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'))
          .filter(l => /^(Open|Close|Clear|Remove|Help|Search|Show|Download|Fullscreen|Collapse|Expand|Link|Selected|Sidebar|Upload|Choose)\\b/.test(l)),
        })"""
    )
    assert said["lang"] == "fr" and said["title"], where
    assert said["main"] == 1 and said["h1"] == 1, (where, said["h1"])
    assert all(b - a <= 1 for a, b in zip(said["levels"], said["levels"][1:], strict=False)), (
        where,
        said["levels"],
    )
    assert all(title.startswith("Carte interactive") for title in said["frames"]), (where, said["frames"])
    if said["frames"] or said["charts"]:
        assert said["tables"], where
    for label in said["charts"]:
        assert label and len(label) > 30, (where, label)
    assert said["english"] == [], where


def test_faults_are_seen(page: Page) -> None:
    page.set_content(
        "<html lang=fr><title>x</title><main><h1>x</h1><img src=x.png><p style='color:#999'>pâle</p></main>"
    )
    assert {line.split()[2] for line in faults(page, "x")} == {"image-alt", "color-contrast"}


@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_in_both_themes_and_widths(open_context: Opener, site: str, name: str) -> None:
    page = open_context()[0].new_page()
    path = QUERIES.get(name, name)
    page.goto(f"{site}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    left = []
    for scheme, width, height in MODES:
        show(page, scheme, width, height)
        left += faults(page, f"{path} {scheme} {width}")
        named(page, path)
    assert left == []


@pytest.mark.parametrize("turn", range(len(MODES)))
def test_every_part_of_a_page(open_context: Opener, site: str, turn: int) -> None:
    """Each part in one of the four modes: style and markup are the same pages’ as above."""
    scheme, width, height = MODES[turn]
    page = open_context(width, height, color_scheme=scheme)[0].new_page()
    left = []
    for path in PARTS[turn :: len(MODES)]:
        page.goto(f"{site}/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        show(page, scheme, width, height)
        left += faults(page, f"{path} {scheme} {width}")
        named(page, path)
    assert left == []


@pytest.mark.parametrize("path", STAGE)
def test_presenting(open_context: Opener, site: str, path: str) -> None:
    page = open_context()[0].new_page()
    page.goto(f"{site}/{path}")
    expect(page.locator(".ptce-count")).to_be_visible()
    left = []
    for scheme, width, height in MODES:
        show(page, scheme, width, height, is_whole=False)
        left += faults(page, f"{path} {scheme} {width}")
    assert left == []
    number = int(page.locator(".ptce-count").inner_text().split("/")[0])
    for key, expected in (("ArrowRight", number + 1), ("ArrowLeft", number)):
        page.keyboard.press(key)
        expect(page.locator(".ptce-count")).to_have_text(re.compile(rf"^{expected} / "))


def test_what_opens(open_context: Opener, site: str) -> None:
    """Lists and drawers that a click or a key opens."""
    page = open_context(color_scheme="dark")[0].new_page()
    page.goto(f"{site}/financements?section=mix&qui=ptce")
    settled(page)
    left = []
    for name in ("Autres formats", "Emporter l’image"):
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_test_id("stPopoverBody").first).to_be_visible()
        settled(page)
        left += faults(page, name)
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    box = page.get_by_role("combobox").first
    # The field is back in sight before the key: a list closes when the page scrolls under it.
    box.scroll_into_view_if_needed()
    box.focus()
    page.wait_for_timeout(500)
    settled(page)
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    left += faults(page, "liste ouverte")
    assert left == []


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """Press Tab until the wanted thing has the focus: the keyboard reaches it, and the eye sees where it is."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("la touche Tab n’y mène pas")


def add(page: Page, field: Locator, words: str) -> None:
    """Choose a value of a list by typing its beginning."""
    tab_to(page, field)
    page.keyboard.type(words)
    expect(page.get_by_role("option", name=words, exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    for _ in range(8):
        here = page.locator("[role=option][data-focused=true]")
        if here.count() and here.first.inner_text().strip() == words:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.fixture
def quiet(open_context: Opener) -> Page:
    """A reader who asked for no motion, with a keyboard only."""
    return open_context(reduced_motion="reduce")[0].new_page()


def test_keyboard_filter_fiche_download(quiet: Page, site: str) -> None:
    page = quiet
    page.goto(f"{site}/carte")
    first = drawn(page)
    settled(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    add(page, page.get_by_role("combobox", name="Nature"), "PTCE")
    expect(page).to_have_url(re.compile(r"nature=pole"))
    drawn(page, first)
    ready(page)
    expect(page.locator("[role=status]").filter(has_text="sur la carte")).to_have_count(1)
    page.keyboard.press("Escape")
    tab_to(page, page.get_by_test_id("data-grid-canvas").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page).to_have_url(re.compile(r"fiche=pole"))
    expect(page.get_by_role("button", name="Fermer la fiche")).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        tab_to(page, page.get_by_role("button", name=re.compile(r"Tableau \(CSV\)")))
        page.keyboard.press("Enter")
    assert Path(download.value.path()).stat().st_size > 1000
    moving = page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(e => parseFloat(getComputedStyle(e).transitionDuration)).length"
    )
    assert moving == 0


def into_the_map(page: Page) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.tagName") == "IFRAME":
            break
    expect(map_frame(page).locator("#map_div")).to_be_focused()


def test_keyboard_on_the_map(quiet: Page, site: str) -> None:
    """Arrows move the map, Enter opens what is under the cross: a sign on Carte, a commune to take on Étude."""
    page = quiet
    page.goto(f"{site}/carte?q=articulteurs")
    drawn(page)
    settled(page)
    map_frame(page).locator("#map_div").evaluate(
        "() => map_div.setView(map_div._ptce.signs.list[0].latlng, 8, {animate: false})"
    )
    into_the_map(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"fiche=pole%3Ales-articulteurs"))
    page.goto(f"{site}/etude?{REDON}")
    first = drawn(page)
    settled(page)
    into_the_map(page)
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    drawn(page, first)
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text("32")


def test_keyboard_two_regions(quiet: Page, site: str) -> None:
    page = quiet
    page.goto(f"{site}/regions")
    settled(page)
    field = page.get_by_role("combobox", name=re.compile("Territoires à comparer"))
    for words in ("Bretagne", "Pays de la Loire"):
        add(page, field, words)
        ready(page)
    expect(page).to_have_url(re.compile(r"region=53.*region=52"))


def test_keyboard_steps_of_a_study(quiet: Page, site: str) -> None:
    page = quiet
    page.goto(f"{site}/etude?{REDON}")
    settled(page)
    steps = page.get_by_role("radiogroup", name="Partie de la page").get_by_role("radio")
    tab_to(page, steps.first)
    for number in range(1, steps.count()):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        expect(steps.nth(number)).to_be_checked()
        ready(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(steps.nth(number)).to_be_focused()
    expect(page).to_have_url(re.compile("section=document"))
