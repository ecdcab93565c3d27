"""The same filter changes in real browsers, while the load runs: what a reader sees of it."""

from __future__ import annotations

import asyncio
import time

from playwright.async_api import Page, async_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WORDS = ("lille", "coop", "énergie", "tiers")


async def changes_in_browsers(address: str, count: int, chromium: str) -> list[float]:
    """Open the Carte in `count` browser contexts; return the seconds of every change, Enter to new sentence."""
    async with async_playwright() as p:
        browser = await p.chromium.launch(executable_path=chromium, args=FLAGS)
        contexts = [await browser.new_context(locale="fr-FR") for _ in range(count)]
        pages = [await context.new_page() for context in contexts]
        found = await asyncio.gather(*(_changes(page, address) for page in pages))
        await browser.close()
    return [value for values in found for value in values]


async def _changes(page: Page, address: str) -> list[float]:
    page.set_default_timeout(60_000)
    await page.goto(f"{address}/carte")
    box = page.get_by_role("textbox", name="Rechercher un nom, une commune, un thème")
    await box.wait_for()
    sentence = page.get_by_text("Où sont les PTCE, les tiers-lieux et les clusters").first
    await page.wait_for_timeout(3_000)
    times = []
    for word in WORDS:
        before = await sentence.inner_text()
        await box.fill(word)
        started = time.perf_counter()
        await box.press("Enter")
        while await sentence.inner_text() == before:
            await asyncio.sleep(0.02)
        times.append(time.perf_counter() - started)
        await page.wait_for_timeout(2_000)
    return times
