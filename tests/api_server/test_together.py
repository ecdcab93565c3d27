"""One process, one port: the pages, their files and the API, whatever is asked first."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from tests.api_server.conftest import ROOT, get, serve


def test_pages_files_and_api_share_a_port(site: str) -> None:
    status, headers, body = get(f"{site}/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    # Deep links of pages get the application, not the API.
    assert get(f"{site}/carte")[2] == body
    assert get(f"{site}/_stcore/health")[2] == b"ok"
    assert get(f"{site}/app/static/style.css")[2] == (ROOT / "static" / "style.css").read_bytes()
    status, headers, body = get(f"{site}/api")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert all(
        link["href"].startswith((f"{site}/api", "https://www.etalab")) for link in json.loads(body)["links"]
    )


def test_the_settings_of_streamlit_hold(site: str) -> None:
    """`.streamlit/config.toml` is found: static files are served only because it says so."""
    told = json.loads(get(f"{site}/_stcore/host-config")[2])
    assert "allowedOrigins" in told
    assert get(f"{site}/app/static/favicon.png")[0] == 200


def test_files_come_packed_once(site: str) -> None:
    address = f"{site}/api/collections/tiers_lieux/items?limit=1000"
    _, plain, body = get(address)
    _, packed, less = get(address, Accept_Encoding="gzip")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert len(less) < len(body) / 5
    assert get(address, If_None_Match=plain["etag"])[0] == 304


def test_a_forged_address_is_not_believed() -> None:
    """uvicorn believes `X-Forwarded-For` only from the proxies named in FORWARDED_ALLOW_IPS."""
    with serve(PTCE_API_RATE="3/hour", FORWARDED_ALLOW_IPS="") as site:
        got = [get(f"{site}/api", X_Forwarded_For=f"192.0.2.{i}")[0] for i in range(5)]
        assert got == [200, 200, 200, 429, 429]
    with serve(PTCE_API_RATE="3/hour", FORWARDED_ALLOW_IPS="127.0.0.1") as site:
        got = [get(f"{site}/api", X_Forwarded_For=f"192.0.2.{i}")[0] for i in range(5)]
        assert got == [200] * 5


def test_a_base_path_holds_for_both(mini_dir: Path) -> None:
    with serve("--server.baseUrlPath", "atlas", PTCE_DATA_DIR=str(mini_dir)) as site:
        assert get(f"{site}/atlas/")[0] == 200
        listed = json.loads(get(f"{site}/atlas/api/collections")[2])["collections"]
        link = next(a["href"] for a in listed[0]["links"] if a["rel"] == "items")
        assert link.startswith(f"{site}/atlas/api/")
        assert json.loads(get(link)[2])["numberMatched"] == 4


def test_pages_answer_while_the_api_works(site: str) -> None:
    """Large answers are made beside the event loop: the server's own pulse is never far."""
    get(f"{site}/api")
    waits: list[float] = []
    stop = threading.Event()

    def load(start: int) -> None:
        offset = start
        while not stop.is_set():
            get(f"{site}/api/collections/communes/items?limit=2000&offset={offset}")
            offset += 1

    threads = [threading.Thread(target=load, args=(1000 * i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            started = time.perf_counter()
            assert get(f"{site}/_stcore/health")[0] == 200
            waits.append(time.perf_counter() - started)
            time.sleep(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert sorted(waits)[len(waits) // 2] < 0.25
