"""Time of a filter change on the Carte while the API is asked, against its quiet time, in one run.

    PTCE_CHROMIUM=… python -m benchmarks.bench_together

One client asks cached pages of 1,000 places without pause; another asks pages that are not cached yet, one
after the other. Budget of the issue: 2 × the quiet time. Client and server share this machine's two cores.
"""

from __future__ import annotations

import http.client
import itertools
import os
import statistics
import threading
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, serve
from tests.browser.helpers import MAP, drawn, ready

ROUNDS = int(os.environ.get("PTCE_ROUNDS", "10"))
BUDGET = 2.0
WORDS = (
    "pole",
    "lieu",
    "atelier",
    "fab",
    "tiers",
    "eco",
    "maison",
    "coop",
    "terre",
    "ville",
    "usine",
    "halle",
)


def change(page: Page, word: str) -> float:
    """Seconds from the key to the drawn map, by the browser's clock."""
    before = drawn(page)
    box = page.get_by_test_id("stTextInputField").first
    box.fill(word)
    started = time.time()
    box.press("Enter")
    drawn(page, before)
    at = int(page.frame_locator(MAP).locator("#map_div").get_attribute("data-drawn-at") or 0) / 1000
    ready(page)
    page.wait_for_timeout(700)
    return at - started


class Asking(threading.Thread):
    """Asks the API until it is told to stop; `count` answers so far."""

    def __init__(self, host: str, fresh: bool) -> None:
        super().__init__(daemon=True)
        self.host, self.fresh, self.count, self.over = host, fresh, 0, threading.Event()

    def run(self) -> None:
        """Ask, one request after the other, over one connection."""
        line = http.client.HTTPConnection(self.host, timeout=60)
        for number in itertools.count():
            if self.over.is_set():
                return
            more = f"&offset={number % 900}&bbox=-5,41,{9 + number / 1e5:.5f},51" if self.fresh else ""
            line.request("GET", f"/api/collections/tiers_lieux/items?f=json&limit=1000{more}")
            line.getresponse().read()
            self.count += 1


def main() -> None:
    """Run alone and print."""
    with serve(PTCE_API_RATE="0") as address, sync_playwright() as p:
        browser = p.chromium.launch(executable_path=os.environ["PTCE_CHROMIUM"], args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(f"{address}/carte")
        ready(page)
        words = itertools.cycle(WORDS)
        for _ in range(2):
            change(page, next(words))
        quiet = statistics.median(change(page, next(words)) for _ in range(ROUNDS))
        for name, fresh in (("réponses gardées", False), ("réponses faites à chaque fois", True)):
            asking = Asking(urlsplit(address).netloc, fresh)
            asking.start()
            started = time.perf_counter()
            busy = statistics.median(change(page, next(words)) for _ in range(ROUNDS))
            asking.over.set()
            asking.join()
            rate = asking.count / (time.perf_counter() - started)
            ratio = busy / quiet
            print(
                f"{'ok     ' if ratio <= BUDGET else 'MANQUÉ '} Carte, filtre, pendant {rate:.0f} {name} par seconde : "
                f"{ratio:.2f} × ({busy * 1000:.0f} ms contre {quiet * 1000:.0f} ms ; budget ≤ {BUDGET:g})",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
