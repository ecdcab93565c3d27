"""Real processes: PostgreSQL, two replicas, nginx, each started here and stopped by its own number."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts import find_nginx, find_postgres
from scripts.cluster_parts import Cluster
from tests.browser.conftest import FLAGS

Made = TypeVar("Made")
SESSION_KEPT_S = 3
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Two replicas behind nginx. A test that kills one starts it again."""
    if find_nginx.find() is None:
        pytest.skip("nginx n’est pas installé (python scripts/find_nginx.py)")
    if find_postgres.find() is None:
        pytest.skip("PostgreSQL n’est pas installé (python scripts/find_postgres.py)")
    environment = {
        "PTCE_ACCESS_LOG": "1",
        "PTCE_LOG_FORMAT": "json",
        "PTCE_API_RATE": "0",
        # Streamlit keeps a session that lost its browser, and three files of it, for two minutes otherwise.
        "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(SESSION_KEPT_S),
    }
    with Cluster(2, environment=environment) as made:
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("PTCE_CHROMIUM")
    if not path:
        pytest.fail("PTCE_CHROMIUM n’est pas défini : lancez « make replicas ».")
    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine in a thread of its own: the browser holds the event loop of this one."""

    def made(work: Coroutine[Any, Any, Made]) -> Made:
        found: list[Made] = []
        wrong: list[BaseException] = []

        def inside() -> None:
            try:
                found.append(asyncio.run(work))
            except BaseException as error:
                wrong.append(error)

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
        if wrong:
            raise wrong[0]
        return found[0]

    return made
