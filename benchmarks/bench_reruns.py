"""Time of a change on pages without a map, in a real browser, against the empty page's rerun.

    PTCE_CHROMIUM=… python -m benchmarks.bench_reruns

From the click to the last part of the new content on the screen; medians of one run. Budget: 3 × the
empty page for a comparison of ten regions and for a step of a study.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, serve
from tests.browser.helpers import ready

ROUNDS = int(os.environ.get("PTCE_ROUNDS", "6"))
BUDGET = 3.0
TEN = "&".join(f"region={c}" for c in ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76"))


@dataclass(frozen=True)
class Change:
    """A view, what to click to leave it, what to click to come back, and what then tells that it is there."""

    name: str
    path: str
    leave: str
    back: str
    shown: str


CHANGES = (
    Change("Régions : ouverture de la comparaison de dix régions", f"regions?{TEN}", "Avant et après 2016", "Côte à côte", "Les téléchargements portent sur tous"),
    Change("Étude : étape 3", "etude?depart=epci:243500741", "7. Autodiagnostic", "3. Agencement", "Sur quoi chaque état repose"),
    Change("Étude : étape 6", "etude?depart=epci:243500741", "3. Agencement", "6. Financer", "Tous ceux qui pourraient convenir"),
    Change("Étude : étape 7", "etude?depart=epci:243500741", "3. Agencement", "7. Autodiagnostic", "Transversalité économique"),
    Change("Dispositifs : matrice", "dispositifs", "Dans le temps", "Où quoi est documenté", "Un tiret"),
)  # fmt: skip


def empty(page: Page, address: str) -> float:
    """Median rerun of the empty page: a text typed and echoed."""
    page.goto(address)
    ready(page)
    times = []
    for number in range(ROUNDS + 1):
        box = page.get_by_test_id("stTextInputField").first
        box.fill(f"mot{number}")
        started = time.perf_counter()
        box.press("Enter")
        page.get_by_text(f"écho:mot{number}.", exact=True).wait_for()
        times.append(time.perf_counter() - started)
        page.wait_for_timeout(200)
    return statistics.median(times[1:])


def change(page: Page, address: str, one: Change) -> float:
    """Median time of coming back to a view."""
    page.goto(f"{address}/{one.path}")
    ready(page)
    times = []
    for _ in range(ROUNDS + 1):
        page.get_by_role("radio", name=one.leave).click()
        page.wait_for_timeout(300)
        ready(page)
        page.wait_for_timeout(500)
        started = time.perf_counter()
        page.get_by_role("radio", name=one.back).click()
        expect(page.get_by_role("radio", name=one.back)).to_be_checked()
        page.get_by_text(one.shown).first.wait_for(state="attached")
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def comparison(page: Page, address: str) -> float:
    """Median rerun of a comparison of ten regions: another group of indicators chosen, its chart drawn."""
    page.goto(f"{address}/regions?{TEN}")
    ready(page)
    times = []
    for number in range(ROUNDS + 1):
        group = ("Population par type de territoire", "Pôles, tiers-lieux et clusters")[number % 2]
        page.get_by_role("combobox", name="Indicateurs").click()
        option = page.get_by_role("option", name=group, exact=True)
        option.wait_for()
        page.wait_for_timeout(300)
        started = time.perf_counter()
        option.click()
        page.locator(f"[data-testid=stPlotlyChart][aria-label^='{group}']").first.wait_for()
        times.append(time.perf_counter() - started)
        ready(page)
        page.wait_for_timeout(300)
    return statistics.median(times[1:])


def ratios(browser: Browser, address: str, yardstick: str) -> Iterator[tuple[str, float]]:
    """Name of each change and its time over the empty page's, as they are measured."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    base = empty(page, yardstick)
    print(f"        page vide : {base * 1000:.0f} ms de la frappe à l’écho", flush=True)
    yield "Régions : autre groupe d’indicateurs, dix régions", comparison(page, address) / base
    for one in CHANGES:
        yield one.name, change(page, address, one) / base
    context.close()


def main() -> None:
    """Run alone and print."""
    with (
        serve("benchmarks/apps/empty/dashboard.py") as yardstick,
        serve() as address,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=os.environ["PTCE_CHROMIUM"], args=FLAGS)
        for name, ratio in ratios(browser, address, yardstick):
            print(
                f"{'ok     ' if ratio <= BUDGET else 'MANQUÉ '} {name:<50} {ratio:5.2f} × (budget ≤ {BUDGET:g})"
            )
        browser.close()


if __name__ == "__main__":
    main()
