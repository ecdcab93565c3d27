"""The ready-made decks presented with the keyboard alone, on a projector's screen, without another host."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pptx import Presentation

from ptce_data import deck as decks
from tests.browser.helpers import ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]


def scene(page: Page) -> str:
    return page.locator(".ptce-count").inner_text()


def at(page: Page, number: int) -> None:
    expect(page.locator(".ptce-count")).to_have_text(re.compile(rf"^{number} / \d+$"))
    ready(page)


def walk(page: Page) -> int:
    """Go through all scenes by keys, as a speaker does; returns how many there are."""
    at(page, 1)
    total = int(scene(page).split("/")[1])
    for number in range(1, total + 1):
        if number > 1:
            page.keyboard.press("ArrowRight" if number % 2 else "PageDown")
            at(page, number)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        # Legible from the back: no letter of the page under 24 px.
        small = page.evaluate(
            """() => [...document.querySelectorAll('.ptce-scene *, .ptce-foot span, .ptce-table *, .ptce-figures *, .main-svg text')]
                 .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 23.9).length"""
        )
        assert small == 0, number
        room = page.evaluate(
            "() => document.querySelector('.ptce-foot').getBoundingClientRect().bottom <= window.innerHeight + 1"
        )
        assert room, number
    return total


def tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Press Tab until the wanted thing has the focus: the keyboard reaches it."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("la touche Tab n’y mène pas")


def titled(page: Page, words: str) -> None:
    """The deck on the desk has a title with these words, and the former one is gone."""
    field = page.locator("input[aria-label='Titre du diaporama']")
    expect(field.and_(page.locator(f"[value*='{words}']"))).to_have_count(1)
    ready(page)
    expect(field).to_have_count(1)


@pytest.mark.parametrize("query", ["modele=france", "modele=region&region=53"])
def test_a_deck_is_presented_from_the_keyboard(open_context: Opener, site: str, query: str) -> None:
    context, outside = open_context(width=1920, height=1080)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=1&{query}")
    total = walk(page)
    expect(page.get_by_role("link", name="Financements")).to_have_count(0)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("Home")
    at(page, 1)
    page.keyboard.press("n")
    expect(page.locator(".ptce-notes")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".ptce-notes")).to_have_count(0)
    page.keyboard.press("End")
    at(page, total)
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conférence")
    assert outside == []


def test_my_study_is_presented_from_the_keyboard_alone_and_kept_in_a_file(
    open_context: Opener, site: str, tmp_path: Path
) -> None:
    context, outside = open_context(width=1920, height=1080)
    page = context.new_page()
    page.goto(f"{site}/etude?depart=epci:243500741")
    ready(page)
    # By the link: an address typed would begin another session, without the study.
    tab_to(page, page.get_by_role("link", name="Conférence"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conférence")
    ready(page)
    tab_to(page, page.get_by_role("combobox", name=re.compile("Diaporama prêt à l’emploi")))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Mon étude")).to_be_visible()
    page.keyboard.press("End")
    for _ in range(5):
        chosen = page.locator("[role=option][aria-selected=true]")
        if chosen.count() and chosen.first.inner_text() == "Mon étude":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("modele=etude"))
    ready(page)
    tab_to(page, page.get_by_role("button", name="Prendre ce diaporama"))
    page.keyboard.press("Enter")
    titled(page, "Redon")
    with page.expect_download() as download:
        tab_to(page, page.get_by_role("button", name=re.compile("Enregistrer le diaporama")))
        page.keyboard.press("Enter")
    path = tmp_path / "etude.json"
    download.value.save_as(path)
    saved = decks.read(path.read_bytes())

    tab_to(page, page.get_by_role("button", name="Présenter"))
    page.keyboard.press("Enter")
    assert walk(page) == len(saved.scenes) >= 9
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conférence")
    assert outside == []

    # Opened in another session, and saved from there, it is the same deck.
    again = context.new_page()
    again.goto(f"{site}/conference")
    ready(again)
    again.get_by_text("Ouvrir un diaporama").click()
    again.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(path)
    titled(again, saved.title)
    with again.expect_download() as second:
        again.get_by_text("Enregistrer le diaporama").click()
    assert Path(second.value.path()).read_bytes() == path.read_bytes()


def test_a_smaller_screen_shows_the_same_scene(open_context: Opener, site: str) -> None:
    context, _ = open_context(width=1280, height=720)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=4")
    at(page, 4)
    assert page.evaluate("() => document.querySelector('.ptce-foot').getBoundingClientRect().bottom <= 721")
    assert page.evaluate("() => document.documentElement.scrollWidth <= 1281")


@pytest.mark.parametrize("size", [(360, 640), (640, 360)], ids=["debout", "couché"])
def test_a_phone_presents_without_a_keyboard(open_context: Opener, site: str, size: tuple[int, int]) -> None:
    context, _ = open_context(*size, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=1")
    at(page, 1)
    page.get_by_role("button", name="Suivante").tap()
    at(page, 2)
    # The map has the width of the scene, at any scale.
    map_box, foot = page.locator("main img").bounding_box(), page.locator(".ptce-foot").bounding_box()
    assert map_box is not None and foot is not None and map_box["width"] > 0.95 * foot["width"]
    assert foot["y"] + foot["height"] <= page.locator(".ptce-touch").bounding_box()["y"] + 1  # type: ignore[index]
    page.get_by_role("button", name="Quitter").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conférence")
    expect(page.locator(".ptce-touch")).to_have_count(0)


def test_slides_leave_the_page_as_a_file(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/conference?modele=region&region=53")
    ready(page)
    page.get_by_role("button", name="Prendre ce diaporama").click()
    expect(page.get_by_role("button", name="Présenter")).to_be_visible()
    page.get_by_role("radio", name="Diapositives et fichiers").click()
    page.get_by_role("button", name="Préparer les diapositives").click()
    with page.expect_download(timeout=90_000) as download:
        page.get_by_text(re.compile(r"Diapositives \(PPTX\) – ")).click(timeout=90_000)
    path = tmp_path / "deck.pptx"
    download.value.save_as(path)
    assert len(Presentation(str(path)).slides) >= 9
