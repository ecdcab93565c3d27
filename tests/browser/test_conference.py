"""The ready-made decks presented with the keyboard alone, on a projector's screen, without another host."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pptx import Presentation

from tests.browser.helpers import ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]


def scene(page: Page) -> str:
    return page.locator(".ptce-count").inner_text()


def at(page: Page, number: int) -> None:
    expect(page.locator(".ptce-count")).to_have_text(re.compile(rf"^{number} / \d+$"))
    ready(page)


@pytest.mark.parametrize("query", ["modele=france", "modele=region&region=53"])
def test_a_deck_is_presented_from_the_keyboard(open_context: Opener, site: str, query: str) -> None:
    context, outside = open_context(width=1920, height=1080)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=1&{query}")
    at(page, 1)
    total = int(scene(page).split("/")[1])
    expect(page.get_by_role("link", name="Financements")).to_have_count(0)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    for number in range(2, total + 1):
        page.keyboard.press("ArrowRight" if number % 2 else "PageDown")
        at(page, number)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        # Legible from the back: no letter of the page under 24 px.
        small = page.evaluate(
            """() => [...document.querySelectorAll('.ptce-scene *, .ptce-foot span, .ptce-table *, .ptce-figures *')]
                 .filter(e => e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 23.9).length"""
        )
        assert small == 0, number
        room = page.evaluate(
            "() => document.querySelector('.ptce-foot').getBoundingClientRect().bottom <= window.innerHeight + 1"
        )
        assert room, number
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


def test_a_smaller_screen_shows_the_same_scene(open_context: Opener, site: str) -> None:
    context, _ = open_context(width=1280, height=720)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=4")
    at(page, 4)
    assert page.evaluate("() => document.querySelector('.ptce-foot').getBoundingClientRect().bottom <= 721")
    assert page.evaluate("() => document.documentElement.scrollWidth <= 1281")


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
