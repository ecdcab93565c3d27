"""The atlas as one file, opened from a disk with no network: what is drawn, filtered, opened, said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ptce_data.load import Dataset
from ptce_ui import text
from ptce_ui.exports.standalone import standalone
from tests import mini

Opener = Callable[..., Page]
OVERSEAS = ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte")


@pytest.fixture(scope="module")
def france(real: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("usb") / "atlas.html"
    path.write_bytes(standalone(real, real.places, title="Les pôles de France"))
    return path


@pytest.fixture
def open_file(browser: Browser) -> Opener:
    """Open a file with the network cut; `page.faults` gathers requests, errors and dialogs."""
    opened: list[BrowserContext] = []

    def make(path: Path, width: int = 1280, height: int = 900, **options: object) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, locale="fr-FR", offline=True, **options)
        opened.append(context)
        page = context.new_page()
        faults: list[str] = []
        page.on(
            "request", lambda r: None if r.url == path.as_uri() or r.url == "data:," else faults.append(r.url)
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.faults = faults  # type: ignore[attr-defined]
        page.goto(path.as_uri())
        expect(page.locator("body[data-ready=true]")).to_be_attached()
        return page

    yield make
    for context in opened:
        context.close()


def said(page: Page) -> int:
    """The number of signs that the sentence announces."""
    found = re.search(
        r"^([\d\u202f\u00a0]+) signes? sur la carte", page.inner_text("#sentence").replace("\u00a0", " ")
    )
    assert found, page.inner_text("#sentence")
    return int(re.sub(r"\D", "", found.group(1)))


def drawn(page: Page) -> int:
    return int(page.get_attribute("#map", "data-points") or -1)


def faults(page: Page) -> list[str]:
    return page.faults  # type: ignore[attr-defined,no-any-return]


def no_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_every_sign_is_drawn_and_filters_change_map_charts_and_table(
    open_file: Opener, france: Path, real: Dataset
) -> None:
    page = open_file(france)
    first = page.inner_text("#sentence")
    assert drawn(page) == said(page) == int((real.places["geo_precision"] != "aucune").sum())
    # The script says the very sentence that was written when the file was made.
    assert first == page.evaluate(
        "() => { const f = document.getElementById('filters'); f.reset(); return document.getElementById('sentence').textContent; }"
    )
    coloured = page.evaluate(
        """() => { const c = document.querySelector('.leaflet-signs-pane canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++; return n; }"""
    )
    assert coloured > 5_000
    page.get_by_label(re.compile("^Tiers-lieu")).uncheck()
    expect(page.locator("#sentence")).not_to_contain_text("tiers-lieux")
    assert drawn(page) == said(page) < 300
    expect(page.locator("#by-type")).not_to_contain_text("Tiers-lieu")
    page.locator("#area").select_option(label="Bretagne")
    own = real.places[(real.places["region_code"] == "53") & (real.places["kind"] != "tiers_lieu")]
    expect(page.locator("#objects-table [role=status]")).to_contain_text(f"{len(own)}\u00a0objets")
    assert drawn(page) == said(page) == int((own["geo_precision"] != "aucune").sum())
    page.get_by_label("Nom, commune, thème").fill("RÉDON")
    expect(page.locator("#sentence")).not_to_contain_text(f"{len(own)}\u00a0signes")
    page.get_by_role("button", name="Effacer les filtres").click()
    expect(page.locator("#sentence")).to_have_text(first)
    page.get_by_label("Nom, commune, thème").fill("zzzz introuvable")
    expect(page.locator("#sentence")).to_have_text("Aucun objet ne répond à ces filtres.")
    assert drawn(page) == 0
    assert faults(page) == []


def test_a_click_on_a_sign_opens_its_fiche_with_its_sources(
    open_file: Opener, france: Path, real: Dataset
) -> None:
    page = open_file(france)
    place = real.places[real.places["name"] == "Pôle Sud Aquitaine"].iloc[0]
    page.get_by_label("Nom, commune, thème").fill(place["name"])
    expect(page.locator("#sentence")).to_contain_text("1\u00a0signe sur la carte")
    x, y = page.evaluate("uid => { const p = ATLAS.map.at(uid); return [p.x, p.y]; }", place["uid"])
    page.locator("#map").click(position={"x": x, "y": y})
    fiche = page.locator("#fiche")
    expect(fiche.locator("h3")).to_have_text(place["name"])
    expect(fiche).to_contain_text(f"Tarnos ({place['commune_insee']})")
    expect(fiche).to_contain_text(text.UNKNOWN_TEXT)
    link = fiche.locator("ul a").first
    assert str(link.get_attribute("href")).startswith("http")
    assert "noopener" in str(link.get_attribute("rel"))
    fiche.get_by_role("button", name="Fermer").click()
    expect(fiche.locator("h3")).to_have_count(0)
    assert faults(page) == []


def test_overseas_is_one_button_away(open_file: Opener, france: Path, real: Dataset) -> None:
    page = open_file(france, reduced_motion="reduce")
    centres = real.regions.set_index("name")[["lat", "lon"]]
    for name in OVERSEAS:
        page.locator("#views").get_by_role("button", name=name).click()
        lat, lon = centres.loc[name]
        assert page.evaluate("([a, b]) => ATLAS.map.map.getBounds().contains([a, b])", [lat, lon]), name
        assert not page.evaluate("() => ATLAS.map.map.getBounds().contains([46.6, 2.4])"), name
    page.locator("#views").get_by_role("button", name="Métropole").click()
    assert page.evaluate("() => ATLAS.map.map.getBounds().contains([46.6, 2.4])")


def test_the_keyboard_is_enough(open_file: Opener, france: Path) -> None:
    page = open_file(france, reduced_motion="reduce")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller aux filtres")).to_be_focused()
    page.locator("#map").focus()
    before = page.evaluate("() => ATLAS.map.map.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("lng => ATLAS.map.map.getCenter().lng > lng", arg=before)
    page.keyboard.press("s")
    first = page.locator("#fiche h3").inner_text()
    page.keyboard.press("s")
    expect(page.locator("#fiche h3")).not_to_have_text(first)
    expect(page.locator("#map-says")).to_contain_text("2 sur")
    page.keyboard.press("p")
    expect(page.locator("#fiche h3")).to_have_text(first)
    expect(page.locator("#map")).to_be_focused()
    page.locator("#objects-table thead button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#objects-table thead th").first).to_have_attribute("aria-sort", "ascending")
    page.locator("#objects-table tbody button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fiche h3")).to_be_focused()
    assert faults(page) == []


def test_light_and_dark_follow_the_reader_then_the_button(open_file: Opener, france: Path) -> None:
    page = open_file(france, color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    toggle = page.get_by_role("button", name="Mode sombre")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    dark = page.evaluate(paper)
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(paper) == "rgb(255, 255, 255)" != dark


def test_a_phone_never_scrolls_sideways(open_file: Opener, france: Path) -> None:
    page = open_file(france, width=360, height=740)
    assert no_sideways(page)
    page.locator("#panel summary").click()
    page.get_by_role("button", name="Objet suivant").click()
    page.locator("#by-type summary").click()
    assert no_sideways(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, input[type=search], label.chip')]
        .filter(e => e.offsetParent).map(e => [e.textContent.slice(0, 30), e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 24 || r.height < 24).map(([t]) => t)"""
    )
    assert small == []
    assert faults(page) == []


def test_hostile_names_are_only_read(open_file: Opener, hostile: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_bytes(standalone(hostile, hostile.places, title=mini.HOSTILE_NAMES[0]))
    page = open_file(path, width=360, height=740)
    expect(page.locator("h1")).to_have_text(mini.HOSTILE_NAMES[0])
    assert drawn(page) == said(page)
    for number in (0, 1, 2, 3):
        name = mini.HOSTILE_NAMES[number]
        button = page.locator("#objects-table tbody th button", has_text=name).first
        button.click()
        expect(page.locator("#fiche h3")).to_have_text(name)
    page.evaluate("ATLAS.listOf(ATLAS.objects)")
    assert page.locator("#fiche .pick").count() == len(hostile.places)
    assert page.evaluate("document.images.length") == 0
    assert no_sideways(page)
    assert faults(page) == []
