"""kill -9 of the replica that a reader is on: what is lost, and what goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from benchmarks.streamlit_client import Tab
from scripts.cluster_parts import Cluster
from tests.browser.helpers import ready, signs_said
from tests.cluster.asking import Answer, ask, cookie, measure, until

QUERY = "carte?region=32&q=lille"
SEARCH = "Rechercher un nom, une commune, un thème"


@pytest.fixture
def restored(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster, whole again for the next test."""
    yield cluster
    for name, replica in cluster.replicas.items():
        if replica.process.poll() is not None:
            cluster.wait_ready(cluster.start_replica(name))


def replica_of(page: Page) -> str:
    return next(c["value"] for c in page.context.cookies() if c["name"] == "ptce_replique")


def kill(cluster: Cluster, name: str) -> str:
    """Kill a replica at once; return the name of another."""
    process = cluster.replicas[name].process
    process.kill()
    process.wait()
    return next(other for other in cluster.replicas if other != name)


def test_a_session_goes_on_through_the_other_replica(restored: Cluster, page: Page) -> None:
    page.goto(f"{restored.address}/{QUERY}")
    ready(page)
    signs = signs_said(page)
    other = kill(restored, replica_of(page))
    # Nothing is done by the reader: the page finds the other replica by itself…
    until("le navigateur a changé de réplique", lambda: replica_of(page) == other)
    ready(page)
    # …where it is a new session: what the reader does first counts all the same, and once.
    page.get_by_role("textbox", name="Rechercher un nom").fill("tiers")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{restored.address}/carte?region=32&q=tiers", wait_until="commit")
    expect(page.get_by_role("textbox", name="Rechercher un nom")).to_have_value("tiers")
    ready(page)
    assert signs_said(page) != signs
    # …and what the address holds is all there after a reload.
    page.goto(f"{restored.address}/{QUERY}")
    ready(page)
    assert signs_said(page) == signs
    assert replica_of(page) == other


def test_what_is_done_first_in_a_lost_session_is_not_lost(cluster: Cluster, run: Callable[..., Any]) -> None:
    """The values of the browser win over the address, for any widget; where nobody acted, nothing is run twice."""
    here, there = cluster.replicas["r1"].address, cluster.replicas["r2"].address

    async def acts() -> tuple[str, str, str, float]:
        before = Tab(here, query="region=32&q=lille")
        await before.open()
        await before.close()
        asked = measure(there, "ptce_rerun_seconds_count")
        after = Tab(there, query=before.query, former=before.session_id, widgets=before.widgets)
        await after.connect()
        typed = await after.set_text(SEARCH, "tiers")
        shown = after.query
        chosen = await after.choose("Nature", ["Tiers-lieu"])
        assert not typed.failed and not chosen.failed
        await after.close()
        return before.session_id, shown, after.query, measure(there, "ptce_rerun_seconds_count") - asked

    former, first, second, runs = run(acts())
    assert former
    assert first == "region=32&q=tiers"
    assert second == "nature=tiers_lieu&region=32&q=tiers"
    assert runs == 2, "la page jouée d’abord n’est pas comptée : le lecteur ne l’a pas vue"


def test_the_api_goes_on_without_a_wrong_answer(restored: Cluster) -> None:
    """Readers of the API see no error: what had not begun to be answered is asked of the other replica."""
    path = "/api/collections/communes/items?f=json&limit=200&offset="
    answers: list[Answer] = []
    broken: list[BaseException] = []
    ends = threading.Event()

    def reader(number: int) -> None:
        offset = number * 1000
        while not ends.is_set():
            offset += 200
            try:
                answers.append(ask(f"{restored.address}{path}{offset}"))
            except Exception as error:
                broken.append(error)

    threads = [threading.Thread(target=reader, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    before = len(answers)
    kill(restored, "r1")
    until("des réponses après l’arrêt", lambda: len(answers) > before + 8)
    ends.set()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {200}
    assert all(len(answer.json["features"]) == 200 for answer in answers)
    # An answer that was on its way when its process died may break; it is never a wrong one.
    assert len(broken) <= len(threads)


def test_readers_of_a_replica_that_came_back_are_all_on_it(
    restored: Cluster, run: Callable[..., Any]
) -> None:
    """nginx forgets a failure when a request ends, and a WebSocket does not end."""
    kill(restored, "r1")
    theirs = {"Cookie": "ptce_replique=r1"}
    assert cookie(ask(f"{restored.address}/_stcore/health", **theirs), "ptce_replique") == "r2"
    restored.wait_ready(restored.start_replica("r1"))

    async def visits() -> list[str]:
        tabs = [Tab(restored.address, page="sources", headers=theirs) for _ in range(3)]
        for tab in tabs:
            assert not (await tab.open()).failed
        for tab in tabs:
            await tab.close()
        return [c for tab in tabs for c in tab.replied_cookies if c.startswith("ptce_replique")]

    assert run(visits()) == []


def test_an_export_that_was_killed_is_made_again(restored: Cluster, page: Page) -> None:
    page.goto(f"{restored.address}/carte")
    ready(page)
    page.get_by_role("button", name="Autres formats").click()
    page.get_by_role("button", name="Carte et tableaux sans réseau (HTML)").click()
    other = kill(restored, replica_of(page))
    until("le navigateur a changé de réplique", lambda: replica_of(page) == other)
    page.reload()
    ready(page)
    page.get_by_role("button", name="Autres formats").click()
    with page.expect_download(timeout=60_000) as given:
        page.get_by_role("button", name="Carte et tableaux sans réseau (HTML)").click()
    made = given.value.path().read_bytes()
    assert made.rstrip().endswith(b"</html>") and len(made) > 500_000
