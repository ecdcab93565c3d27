"""Pages, API and files through nginx, with two replicas behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from benchmarks.streamlit_client import Tab
from scripts.cluster_parts import Cluster
from tests.browser.helpers import drawn, points, ready, signs_said
from tests.cluster.asking import Answer, ask, cookie, measure, until


def test_a_page_and_its_map_through_nginx(cluster: Cluster, page: Page) -> None:
    sockets: list[str] = []
    page.on("websocket", lambda s: sockets.append(s.url))
    page.goto(f"{cluster.address}/carte")
    ready(page)
    first = drawn(page)
    assert sockets and all(f":{cluster.port}/_stcore/stream" in url for url in sockets)
    everything = signs_said(page)
    page.get_by_role("textbox", name="Rechercher un nom").fill("lille")
    page.keyboard.press("Enter")
    drawn(page, other_than=first)
    ready(page)
    assert 0 < signs_said(page) < everything
    assert points(page) > 0
    named = {c["name"]: c for c in page.context.cookies()}["ptce_replique"]
    assert named["value"] in cluster.replicas and named["httpOnly"] and named["sameSite"] == "Lax"


def first_visit(cluster: Cluster) -> tuple[str, str]:
    """A new reader's replica and its `Cookie` header, with the token for uploads."""
    answer = ask(f"{cluster.address}/_stcore/health")
    name = cookie(answer, "ptce_replique")
    return name, f"ptce_replique={name}; _streamlit_xsrf={cookie(answer, '_streamlit_xsrf')}"


def test_a_reader_stays_on_one_replica_and_readers_are_spread(
    cluster: Cluster, run: Callable[..., Any]
) -> None:
    async def visits() -> dict[str, tuple[int, float]]:
        tabs, names = [], []
        for _ in range(6):
            name, cookies = await asyncio.to_thread(first_visit, cluster)
            tabs.append(Tab(cluster.address, page="sources", headers={"Cookie": cookies}))
            names.append(name)
        before = {n: measure(r.address, "ptce_sessions") for n, r in cluster.replicas.items()}
        for tab in tabs:
            assert not (await tab.open()).failed
            # The replica is the one the cookie names: it does not name itself again.
            assert not [c for c in tab.replied_cookies if c.startswith("ptce_replique")]
        after = {n: measure(r.address, "ptce_sessions") for n, r in cluster.replicas.items()}
        for tab in tabs:
            await tab.close()
        return {n: (names.count(n), after[n] - before[n]) for n in cluster.replicas}

    seen = run(visits())
    assert all(asked == got for asked, got in seen.values()), seen
    assert all(asked > 0 for asked, _ in seen.values()), seen


def test_a_file_goes_to_the_session_it_is_for(cluster: Cluster, run: Callable[..., Any]) -> None:
    name, cookies = first_visit(cluster)
    token = cookies.rpartition("=")[2]
    other = next(n for n in cluster.replicas if n != name)

    async def session() -> tuple[Answer, Answer]:
        tab = Tab(cluster.address, page="donnees", headers={"Cookie": cookies})
        await tab.open()
        body = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\na,b\r\n--x--\r\n"

        def send(cookies: str) -> Answer:
            address = f"{cluster.address}/_stcore/upload_file/{tab.session_id}/fichier"
            kind = "multipart/form-data; boundary=x"
            return ask(address, "PUT", body, Cookie=cookies, X_Xsrftoken=token, Content_Type=kind)

        sent = await asyncio.to_thread(send, cookies)
        elsewhere = await asyncio.to_thread(send, cookies.replace(f"={name};", f"={other};"))
        await tab.close()
        return sent, elsewhere

    sent, elsewhere = run(session())
    assert sent.status == 204
    assert elsewhere.status == 400, "la session n’existe que sur sa réplique"


def test_one_cookie_secret_for_all(cluster: Cluster) -> None:
    """What one replica signs, the other one must read (accounts)."""
    for replica in cluster.replicas.values():
        given = Path(f"/proc/{replica.process.pid}/environ").read_bytes().split(b"\0")
        assert f"STREAMLIT_SERVER_COOKIE_SECRET={cluster.secret}".encode() in given


@pytest.mark.parametrize("path", ["metrics", "readyz", "healthz", "_stcore/metrics", "atlas/metrics"])
def test_what_operators_read_is_not_public(cluster: Cluster, path: str) -> None:
    assert ask(f"{cluster.address}/{path}").status == 404


def test_what_nginx_adds_and_hides(cluster: Cluster) -> None:
    page = ask(cluster.address, Accept_Encoding="gzip")
    assert page.headers["server"] == "nginx", "aucune version"
    assert "gzip" in page.headers["content-encoding"]
    script = page_script(ask(cluster.address).body.decode())
    for turn in range(2):
        file = ask(f"{cluster.address}/{script}")
        assert file.status == 200, turn
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "set-cookie" not in file.headers
    missing = ask(f"{cluster.address}/app/static/own/rien.json")
    assert (missing.status, missing.headers["cache-control"]) == (404, "private, no-store")


def page_script(html: str) -> str:
    """The address of the first script of Streamlit's page."""
    return html.partition('src="')[2].partition('"')[0].lstrip("./")


def test_the_api_is_the_same_everywhere_and_believes_nginx_only(cluster: Cluster) -> None:
    spoofed = {
        "X_Forwarded_Host": "mechant.example",
        "X_Forwarded_Proto": "https",
        "Forwarded": "for=1.2.3.4",
    }
    for _ in range(4):
        answer = ask(f"{cluster.address}/api/collections", Accept="application/json", **spoofed)
        assert answer.status == 200
        assert b"mechant" not in answer.body
        assert f"{cluster.address}/api".encode() in answer.body
        assert b"https://127.0.0.1" not in answer.body
        assert "set-cookie" not in answer.headers


def test_logs_hold_no_address_and_no_question(cluster: Cluster) -> None:
    ask(f"{cluster.address}/app/static/own/secret-1234.json")
    ask(f"{cluster.address}/carte?q=motcherche")
    ask(f"{cluster.address}/api/collections/communes/items?limit=1&q=motcherche")
    lines = cluster.folder / "nginx" / "access.log"
    until("le journal de nginx", lambda: "/api/collections/communes" in lines.read_text())
    logs = [lines, *(cluster.folder / f"{name}.log" for name in cluster.replicas)]
    written = "\n".join(path.read_text() for path in logs)
    assert '"route": "/api/collections/{collection}/items"' in written
    for secret in ("secret-1234", "motcherche", '"127.0.0.1"', "HeadlessChrome", "Mozilla"):
        assert secret not in written, secret


def test_an_upload_too_large_is_refused_before_python(cluster: Cluster) -> None:
    expect_refusal = ask(
        f"{cluster.address}/_stcore/upload_file/a/b", "PUT", b"x", Content_Length=str(201 * 2**20)
    )
    assert expect_refusal.status == 413


def test_readiness_and_measures_of_each_replica(cluster: Cluster) -> None:
    for name, replica in cluster.replicas.items():
        ready_now = ask(f"{replica.address}/readyz")
        assert ready_now.status == 200
        assert ready_now.json["controles"] == dict.fromkeys(("arret", "donnees", "disque", "espaces"), "ok")
        text = ask(f"{replica.address}/metrics").body.decode()
        assert f'ptce_info{{replica="{name}"' in text
        assert "ptce_ready 1.0" in text and "ptce_data_info{version=" in text
        assert measure(replica.address, "process_resident_memory_bytes") > 50 * 2**20
