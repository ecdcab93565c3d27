"""Waiting for what the reader sees, never for a time."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Page, expect

MAP = "iframe[data-testid='stCustomComponentV1']"


def ready(page: Page) -> None:
    """The script has run to its end."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def map_frame(page: Page) -> FrameLocator:
    return page.frame_locator(MAP)


def drawn(page: Page, other_than: str | None = None) -> str:
    """Wait until the map has drawn something new; return the id of what is drawn."""
    box = map_frame(page).locator("#map_div")
    expect(box).to_have_attribute("data-drawn", re.compile(r"\w"))
    if other_than is not None:
        expect(box).not_to_have_attribute("data-drawn", other_than)
    return str(box.get_attribute("data-drawn"))


def points(page: Page) -> int:
    return int(map_frame(page).locator("#map_div").get_attribute("data-points") or -1)


def signs_said(page: Page) -> int:
    """The number of signs that the sentence above the map announces."""
    said = page.get_by_text(re.compile(r"sur la carte")).first.inner_text()
    found = re.search(r"([\d\u202f\u00a0]+)\s*signes? sur la carte", said)
    assert found, said
    return int(re.sub(r"\D", "", found.group(1)))
