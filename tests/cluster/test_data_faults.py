"""A table that is missing, a layer that is damaged: one sentence, every page, and a server that says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.streamlit_client import Tab
from ptce_data.load import DATA_DIR
from ptce_ui.navigation import PAGES
from scripts.cluster_parts import Cluster, Replica
from tests.cluster.asking import ask, until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """A replica on a copy of the data without its clusters, its communes cut in the middle."""
    folder = tmp_path_factory.mktemp("donnees") / "data"
    shutil.copytree(DATA_DIR, folder)
    (folder / "clusters.csv").unlink()
    layer = folder / "geo" / "communes.parquet"
    layer.write_bytes(layer.read_bytes()[:100_000])
    cluster = Cluster(1, has_database=False, environment={"PTCE_DATA_DIR": str(folder)})
    try:
        replica = cluster.start_replica("r1")
        until("le serveur répond", lambda: _state(replica) not in (None, "en cours"), 90)
        yield replica
    finally:
        cluster.stop()


def _state(replica: Replica) -> str | None:
    assert replica.process.poll() is None
    try:
        said = str(ask(f"{replica.address}/readyz").json["controles"]["donnees"])
    except OSError:
        return None
    return "en cours" if "en cours" in said else said


def test_readiness_names_what_is_wrong(damaged: Replica) -> None:
    answer = ask(f"{damaged.address}/readyz")
    assert answer.status == 503
    assert "clusters" in answer.json["raison"] and "communes" in answer.json["raison"]
    assert str(ROOT) not in answer.body.decode() and "Traceback" not in answer.body.decode()
    assert ask(f"{damaged.address}/healthz").status == 200
    assert b"ptce_ready 0.0" in ask(f"{damaged.address}/metrics").body


@pytest.mark.parametrize("name", [n for n in PAGES if n != "scene"])
def test_every_page_says_it_and_goes_on(damaged: Replica, run: Callable[..., Any], name: str) -> None:
    path = PAGES[name].path

    async def visit() -> tuple[bool, list[str]]:
        page = "" if path == "dashboard.py" else Path(path).stem
        tab = Tab(damaged.address, page=page, keeps_texts=True)
        done = await tab.open()
        await tab.close()
        return done.failed, tab.texts

    failed, texts = run(visit())
    assert not failed
    said = [text for text in texts if "n’a pas pu être lue" in text]
    assert any("« clusters »" in text for text in said), texts[:5]
    assert any("« communes »" in text for text in said)
    assert len(texts) > len(said) + 1, "il reste de quoi lire"


def test_the_api_goes_on(damaged: Replica) -> None:
    assert ask(f"{damaged.address}/api/collections/poles/items?f=json&limit=5").json["numberReturned"] == 5
