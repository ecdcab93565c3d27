"""Measure the Carte page against an empty Streamlit page and against one marker per place, in one run."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import bench_territories, server_side, synthetic
from benchmarks.proxy import CountingProxy
from ptce_ui import assets
from tests.browser.conftest import FLAGS, serve
from tests.browser.helpers import MAP, drawn, ready

ROUNDS = int(os.environ.get("PTCE_ROUNDS", "6"))
TABS = 10
WORDS = ("fab", "lille", "coworking", "", "bretagne", "lab", "")

expect.set_options(timeout=120_000)


@dataclass
class Site:
    """One application under measure."""

    name: str
    address: str
    counted: str  # the same, through the relay that counts bytes and costs time
    path: str
    pid: int
    first: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    change_bytes: list[int] = field(default_factory=list)
    first_bytes: list[int] = field(default_factory=list)


@contextmanager
def site(name: str, script: str, path: str = "", **environment: str) -> Iterator[tuple[Site, CountingProxy]]:
    """Serve `script` behind a counting relay, warmed by one visit."""
    with serve(script, PYTHONPATH=str(Path.cwd()), **environment) as address:
        proxy = CountingProxy(int(urlsplit(address).port or 0))
        made = Site(
            name,
            address,
            f"http://127.0.0.1:{proxy.port}",
            path,
            server_side.pid_listening(int(urlsplit(address).port or 0)),
        )
        yield made, proxy
        proxy.close()


def shown_empty(page: Page, value: str | None) -> None:
    """The echo of the text is on the screen."""
    page.get_by_text(f"écho:{value or ''}.", exact=True).wait_for()


def shown_naive(page: Page, value: str | None) -> None:
    """All markers are drawn: Leaflet has as many paths as the script added, and the page has ended."""
    shown_empty(page, value)
    expect(
        page.frame_locator(MAP).first.locator("#map_div .leaflet-overlay-pane path").first
    ).to_be_attached()
    ready(page)


def drawn_after(page: Page, started_at: float) -> float:
    """Seconds from `started_at` to the drawn map, by the browser's own clock.

    The map stands in a frame, which the driver looks at every half second only.
    """
    return (
        int(page.frame_locator(MAP).locator("#map_div").get_attribute("data-drawn-at") or 0) / 1000
        - started_at
    )


def measure(
    browser: Browser, one: Site, proxy: CountingProxy | None, shown: Callable[[Page, str | None], None]
) -> None:
    """One first load in a new browser context, then one change of filter.

    With `proxy`, bytes are counted; without it, times are taken.
    """
    address = one.counted if proxy else one.address
    sent = (lambda: proxy.sent) if proxy else (lambda: 0)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    before, started, started_at = sent(), time.perf_counter(), time.time()
    page.goto(f"{address}/{one.path}")
    shown(page, None)
    one.first.append(drawn_after(page, started_at) if one.path == "carte" else time.perf_counter() - started)
    ready(page)
    page.wait_for_timeout(500)
    one.first_bytes.append(sent() - before)
    box = page.get_by_test_id("stTextInputField").first
    word = WORDS[len(one.change) % len(WORDS)] or "co"
    page.wait_for_timeout(1500)  # the browser has nothing left to do
    state = (
        page.frame_locator(MAP).locator("#map_div").get_attribute("data-drawn")
        if one.path == "carte"
        else None
    )
    box.fill(word)
    before, started, started_at = sent(), time.perf_counter(), time.time()
    box.press("Enter")
    if state:
        page.frame_locator(MAP).locator(f"#map_div[data-drawn]:not([data-drawn='{state}'])").wait_for()
    else:
        shown(page, word)
    one.change.append(drawn_after(page, started_at) if state else time.perf_counter() - started)
    ready(page)
    page.wait_for_timeout(500)
    one.change_bytes.append(sent() - before)
    context.close()


def first_loads(browser: Browser, one: Site, path: str) -> float:
    """Median time of a first load of another page of the same application, in a new browser context."""
    times = []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        started_at = time.time()
        page.goto(f"{one.address}/{path}")
        shown_atlas(page, None)
        times.append(drawn_after(page, started_at))
        context.close()
    return statistics.median(times[1:])


def shown_atlas(page: Page, value: str | None) -> None:
    """The map says that it has drawn."""
    page.frame_locator(MAP).locator("#map_div[data-drawn]").wait_for()


def memory_per_tab(browser: Browser, one: Site) -> float:
    """MB of the server's resident memory per open tab, from the second to the tenth."""
    contexts, first = [], 0.0
    for number in range(TABS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{one.address}/{one.path}")
        drawn(page)
        ready(page)
        if number == 0:
            first = server_side.resident_mb(one.pid)
    last = server_side.resident_mb(one.pid)
    for context in contexts:
        context.close()
    return (last - first) / (TABS - 1)


def still_bytes(browser: Browser, one: Site, proxy: CountingProxy) -> int:
    """Bytes that ten pans and zooms make the server send."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{one.counted}/{one.path}")
    drawn(page)
    ready(page)
    page.wait_for_timeout(1500)
    before = proxy.sent
    box = page.frame_locator(MAP).locator("#map_div")
    for step in range(5):
        box.evaluate("(e, z) => { map_div.setZoom(z); map_div.panBy([80, 40]); }", 6 + step % 3)
        page.wait_for_timeout(300)
    sent = proxy.sent - before
    context.close()
    return sent


def line(name: str, value: float, limit: float, unit: str = "×", at_least: bool = False) -> None:
    """Print one measure beside its budget."""
    good = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    print(
        f"{'ok     ' if good else 'MANQUÉ '} {name:<66} {value:10.2f} {unit:<3} (budget {sign} {limit:g})",
        flush=True,
    )


def main() -> None:
    """Run everything and print ratios."""
    assets.vendor(Path("benchmarks/apps/static"))  # the naive page serves Leaflet itself too
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ptce-bench-"))
        tenfold, as_is = synthetic.write(Path(folder)), server_side.AS_IT_COMES
        apps = {
            "root": (
                stack.enter_context(site("root", "benchmarks/apps/empty/dashboard.py", **as_is)),
                shown_empty,
            ),
            "empty": (
                stack.enter_context(site("empty", "benchmarks/apps/empty/dashboard.py", "vide", **as_is)),
                shown_empty,
            ),
            "naive": (stack.enter_context(site("naive", "benchmarks/apps/naive.py", **as_is)), shown_naive),
            "atlas": (stack.enter_context(site("atlas", "server.py", "carte")), shown_atlas),
            "tenfold": (
                stack.enter_context(site("tenfold", "server.py", "carte", PTCE_DATA_DIR=str(tenfold))),
                shown_atlas,
            ),
        }
        with sync_playwright() as p:
            browser = p.chromium.launch(executable_path=os.environ["PTCE_CHROMIUM"], args=FLAGS)
            for number in range(ROUNDS + 1):
                for (one, proxy), shown in apps.values():
                    # The first round warms and counts bytes; the others take times.
                    measure(browser, one, proxy if number == 0 else None, shown)
                    if number == 0:
                        one.first.clear()
                        one.change.clear()
            sites = {name: one for name, ((one, _), _) in apps.items()}
            atlas, proxy = apps["atlas"][0]
            types = first_loads(browser, atlas, "territoires")
            occitanie = first_loads(browser, atlas, "territoires?echelle=communes&dans=76")
            tab = memory_per_tab(browser, atlas)
            still = still_bytes(browser, atlas, proxy)
            browser.close()
    first = {n: statistics.median(s.first) for n, s in sites.items()}
    change = {n: statistics.median(s.change) for n, s in sites.items()}
    print("\nCarte, toutes les lignes ; rapports entre médianes d’une même course")
    for name in sites:
        print(
            f"        {name:<8} première vue {first[name]:.2f} s, {max(sites[name].first_bytes) / 1e3:.0f} ko ;"
            f" filtre {change[name]:.2f} s, {max(sites[name].change_bytes) / 1e3:.0f} ko au plus"
        )
    line(
        "première vue : Carte / page vide à la même profondeur d’adresse",
        first["atlas"] / first["empty"],
        1.5,
    )
    line("première vue : Carte / page vide à la racine (pour mémoire)", first["atlas"] / first["root"], 99)
    line(
        "première vue : un marqueur par lieu / page vide (pour mémoire)", first["naive"] / first["empty"], 99
    )
    line("changement de filtre : Carte / page vide", change["atlas"] / change["empty"], 1.5)
    line(
        "changement de filtre : un marqueur par lieu / page vide (pour mémoire)",
        change["naive"] / change["empty"],
        99,
    )
    line("dessin côté serveur : un marqueur par lieu / Carte", server_side.ratio(), 20, at_least=True)
    line("première vue : France par type / page vide", types / first["empty"], 1.5)
    line("première vue : 4 400 communes d’Occitanie / page vide", occitanie / first["empty"], 3)
    line("octets par changement de filtre", max(atlas.change_bytes) / 1e3, 250, "ko")
    line("octets pour cinq déplacements et zooms", still / 1e3, 0.5, "ko")
    line("dix fois plus de lieux : première vue", first["tenfold"] / first["atlas"], 3)
    line("dix fois plus de lieux : changement de filtre", change["tenfold"] / change["atlas"], 3)
    seconds = bench_territories.measure(repeat=3)["classement depuis les indicateurs livrés"]
    line("classement des 34 875 communes, EPCI et zones d’emploi", seconds, 3, "s")
    line("mémoire du serveur par onglet, du 2e au 10e", tab, 15, "Mo")


if __name__ == "__main__":
    main()
