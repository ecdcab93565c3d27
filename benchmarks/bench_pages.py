"""First view of every page in a new browser context, against the empty page at the same depth.

    PTCE_CHROMIUM=… python -m benchmarks.bench_pages

From the address asked to the last element added to the page (to the drawn map where there is one), by the browser's
own clock; medians of one run. Budget: 1.5 × the empty page, as for the Carte.
"""

from __future__ import annotations

import os
import statistics
import time

from playwright.sync_api import Browser

from benchmarks.beside import beside
from ptce_ui.navigation import PAGES
from tests.browser.helpers import MAP, ready

ROUNDS = int(os.environ.get("PTCE_ROUNDS", "4"))
BUDGET = 1.5
WITH_MAP = ("carte", "territoires")

#: Notes when something was last added to the page, from the start of the navigation.
LAST = """
window.__last = 0;
new MutationObserver((changes) => {
  if (changes.some((c) => c.addedNodes.length)) window.__last = performance.now();
}).observe(document, { childList: true, subtree: true });
"""


def first_view(browser: Browser, address: str, has_map: bool) -> float:
    """Seconds of one first view."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(LAST)
    page = context.new_page()
    started = time.time()
    page.goto(address)
    ready(page)
    if has_map:
        box = page.frame_locator(MAP).locator("#map_div[data-drawn]")
        box.wait_for()
        taken = int(box.get_attribute("data-drawn-at") or 0) / 1000 - started
    else:
        page.wait_for_timeout(800)
        taken = float(page.evaluate("() => window.__last")) / 1000
    context.close()
    return taken


def main() -> None:
    """Run alone and print."""
    with beside() as (browser, yardstick, address):
        addresses = {"": (f"{yardstick}/vide", False)}
        for name in PAGES:
            addresses[name] = (f"{address}/{'' if name == 'accueil' else name}", name in WITH_MAP)
        taken: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(ROUNDS + 1):
            # In turn: a noisy moment is everybody's.
            for name, (asked, has_map) in addresses.items():
                taken[name].append(first_view(browser, asked, has_map))
    medians = {name: statistics.median(times[1:]) for name, times in taken.items()}
    print(f"        page vide : {medians[''] * 1000:.0f} ms")
    for name in PAGES:
        ratio = medians[name] / medians[""]
        print(
            f"{'ok     ' if ratio <= BUDGET else 'MANQUÉ '} première vue : {name:<18} {ratio:5.2f} × (budget ≤ {BUDGET:g})"
        )


if __name__ == "__main__":
    main()
