"""The empty page, the atlas and a browser, started together and stopped together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from benchmarks.server_side import AS_IT_COMES
from tests.browser.conftest import FLAGS, serve


@contextmanager
def beside() -> Iterator[tuple[Browser, str, str]]:
    """Yield a browser, the address of the empty page and that of the atlas."""
    with (
        serve("benchmarks/apps/empty/dashboard.py", **AS_IT_COMES) as yardstick,
        serve() as address,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=os.environ["PTCE_CHROMIUM"], args=FLAGS)
        yield browser, yardstick, address
        browser.close()
