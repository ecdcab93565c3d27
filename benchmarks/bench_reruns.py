"""Time of a change on pages without a map, in a real browser, against the empty page's rerun.

    PTCE_CHROMIUM=… python -m benchmarks.bench_reruns

A rerun lasts from the message that the browser sends to the last part of the new content on the screen, by the
browser's own clock; medians of one run. Budget: 3 × the empty page for a comparison of ten regions and for a step
of a study. The time from the click is printed beside: it holds what Streamlit's own widget does before it sends.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from benchmarks.beside import beside
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
    Change("Étude : étape 7", "etude?depart=epci:243500741", "3. Agencement", "7. Autodiagnostic", "Développer une économie intégrée"),
    Change("Dispositifs : matrice", "dispositifs", "Dans le temps", "Où quoi est documenté", "Un tiret"),
)  # fmt: skip


#: Notes when the browser sends a message, and finds by its own clock when something is on the screen.
CLOCK = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  if (window.__wait && !window.__wait.sent) window.__wait.sent = performance.now();
  return send.call(this, data);
};
window.__watch = (css, text) => {
  const wait = (window.__wait = { from: performance.now(), sent: 0, shown: 0 });
  const look = () => {
    const found = [...document.querySelectorAll(css)].some((n) => !text || n.textContent.includes(text));
    if (found && wait.sent) wait.shown = performance.now();
    else requestAnimationFrame(look);
  };
  document.addEventListener("pointerdown", () => (wait.from = performance.now()), { capture: true, once: true });
  document.addEventListener("keydown", () => (wait.from = performance.now()), { capture: true, once: true });
  look();
};
"""


@dataclass(frozen=True)
class Time:
    """Medians in seconds: `whole` from the key or click, `rerun` from the message that it makes the browser send."""

    whole: float
    rerun: float

    @classmethod
    def of(cls, taken: list[tuple[float, float]]) -> Time:
        """The medians of all but the first."""
        return cls(statistics.median(w for w, _ in taken[1:]), statistics.median(r for _, r in taken[1:]))


def timed(page: Page, css: str, text: str, act: Callable[[], None]) -> tuple[float, float]:
    """Seconds from the key or click, and from the message sent, until `css` with `text` is on the screen."""
    page.evaluate("([css, text]) => window.__watch(css, text)", [css, text])
    act()
    # The content security policy refuses the strings that `wait_for_function` evaluates.
    while not (wait := page.evaluate("() => window.__wait"))["shown"]:
        page.wait_for_timeout(20)
    return (wait["shown"] - wait["from"]) / 1000, (wait["shown"] - wait["sent"]) / 1000


def empty(page: Page, address: str) -> Time:
    """The empty page: a text typed and echoed."""
    page.goto(address)
    ready(page)
    taken = []
    for number in range(ROUNDS + 1):
        box = page.get_by_test_id("stTextInputField").first
        box.fill(f"mot{number}")
        taken.append(timed(page, "p", f"écho:mot{number}.", lambda box=box: box.press("Enter")))
        page.wait_for_timeout(200)
    return Time.of(taken)


def change(page: Page, address: str, one: Change) -> Time:
    """Coming back to a view."""
    page.goto(f"{address}/{one.path}")
    ready(page)
    taken = []
    for _ in range(ROUNDS + 1):
        page.get_by_role("radio", name=one.leave).click()
        page.wait_for_timeout(300)
        ready(page)
        page.wait_for_timeout(500)
        back = page.get_by_role("radio", name=one.back)
        taken.append(timed(page, "[data-testid=stMain] :is(p, summary, h2, h3, div)", one.shown, back.click))
        expect(back).to_be_checked()
    return Time.of(taken)


def comparison(page: Page, address: str) -> Time:
    """A comparison of ten regions: another group of indicators chosen, its chart named for it."""
    page.goto(f"{address}/regions?{TEN}")
    ready(page)
    taken = []
    for number in range(ROUNDS + 1):
        group = ("Population par type de territoire", "Pôles, tiers-lieux et clusters")[number % 2]
        page.get_by_role("combobox", name="Indicateurs").click()
        option = page.get_by_role("option", name=group, exact=True)
        option.wait_for()
        page.wait_for_timeout(300)
        taken.append(timed(page, f"[data-testid=stPlotlyChart][aria-label^='{group}']", "", option.click))
        ready(page)
        page.wait_for_timeout(300)
    return Time.of(taken)


def fewer(page: Page, address: str) -> Time:
    """A comparison of ten regions: one taken out, nine left in the table."""
    page.goto(f"{address}/regions?{TEN}")
    ready(page)
    taken = []
    for _ in range(ROUNDS + 1):
        out = page.locator("[data-tag] button").first
        taken.append(timed(page, "[role=region][aria-label*=': 9 territoires']", "", out.click))
        ready(page)
        page.go_back()
        page.locator("[role=region][aria-label*=': 10 territoires']").wait_for(state="attached")
        ready(page)
        page.wait_for_timeout(300)
    return Time.of(taken)


def ratios(browser: Browser, address: str, yardstick: str) -> Iterator[tuple[str, float, float]]:
    """Name of each change, its rerun and its whole time over the empty page's, as they are measured."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(CLOCK)
    page = context.new_page()
    base = empty(page, yardstick)
    print(
        f"        page vide : {base.rerun * 1000:.0f} ms du message à l’écho, {base.whole * 1000:.0f} ms de la frappe",
        flush=True,
    )
    made = comparison(page, address)
    name = "Régions : autre groupe d’indicateurs, dix régions"
    yield name, made.rerun / base.rerun, made.whole / base.whole
    made = fewer(page, address)
    yield "Régions : une région de moins", made.rerun / base.rerun, made.whole / base.whole
    for one in CHANGES:
        made = change(page, address, one)
        yield one.name, made.rerun / base.rerun, made.whole / base.whole
    context.close()


def main() -> None:
    """Run alone and print."""
    with beside() as (browser, yardstick, address):
        for name, rerun, whole in ratios(browser, address, yardstick):
            print(
                f"{'ok     ' if rerun <= BUDGET else 'MANQUÉ '} {name:<60} {rerun:5.2f} × (budget ≤ {BUDGET:g}) ; "
                f"du clic, liste et boutons de Streamlit compris : {whole:.2f} ×",
                flush=True,
            )


if __name__ == "__main__":
    main()
