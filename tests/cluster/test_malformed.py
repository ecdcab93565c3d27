"""What no browser sends, a thousand times: the process serves on, and keeps nothing of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.server_side import resident_mb
from benchmarks.streamlit_client import Tab
from scripts.cluster_parts import Cluster, Replica
from tests.cluster.asking import ask, connected, cookie, measure, until
from tests.cluster.conftest import SESSION_KEPT_S

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
GROWTH_MB = 60


def requests(chance: random.Random) -> list[bytes]:
    """Requests that are wrong in one way each; the bytes change from one to the next."""
    noise = chance.randbytes(chance.randint(1, 400))
    path = "".join(chance.choice("%./\\aé0{}<>\"' ?#&=") for _ in range(60))
    number = chance.randint(2, 10**12)
    heads = [
        "GET",
        f"{noise[:8].hex()} / HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET /%{number % 100:02d}%ff%00/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET /app/static/..%2f..%2f..%2fetc%2fpasswd?{number} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET / HTTP/{number}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: a\r\nX: {'y' * 70_000}\r\n\r\n",
        f"GET /carte HTTP/1.1\r\nHost: {path}\r\n\r\n",
        f"POST /api/collections HTTP/1.1\r\nHost: a\r\nContent-Length: -{number}\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        f"PUT /_stcore/upload_file/{number}/x HTTP/1.1\r\nHost: a\r\nContent-Length: {number}\r\n\r\nabc",
        f"GET /api/collections/poles/items?limit={number}&bbox={path} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET /api/collections/poles/items?filter={'(' * 900} HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET /media/{number}.bin HTTP/1.1\r\nHost: a\r\nRange: bytes={number}-1,-,a\r\n\r\n",
        f"GET /_stcore/stream HTTP/1.1\r\nHost: a\r\n{UPGRADE}Sec-WebSocket-Key: {number}\r\n\r\n",
        f"GET /_stcore/stream HTTP/1.1\r\nHost: a\r\n{UPGRADE}Sec-WebSocket-Key: {KEY}\r\n"
        f"Sec-WebSocket-Protocol: {path!r}\r\n\r\n",
        f"GET /_stcore/stream HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n{UPGRADE}Sec-WebSocket-Key: {KEY}\r\n\r\n",
        f"GET /carte HTTP/1.1\r\nHost: a\r\nCookie: ptce_replique={path}; {'a=b;' * 500}\r\n\r\n",
    ]
    return [noise, *(head.encode("utf-8") for head in heads)]


def send(address: str, data: bytes) -> bytes:
    """Send, read what comes within a moment, leave without ceremony."""
    with connected(address) as client:
        client.settimeout(0.05)
        try:
            client.sendall(data)
            return client.recv(4096)
        except OSError:
            return b""


async def frames(address: str, chance: random.Random, count: int) -> int:
    """Good handshakes, then frames that are no messages of Streamlit; return how many were closed."""
    closed = 0
    for number in range(count):
        async with connect(f"ws{address[4:]}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as s:  # type: ignore[list-item]
            content: Any = (
                chance.randbytes(chance.randint(1, 3000)),
                "du texte",
                b"\x5a\xff\xff\xff\xff\x0f" + chance.randbytes(50),
            )[number % 3]
            try:
                await s.send(content)
                async with asyncio.timeout(0.3):
                    while True:
                        await s.recv()
            except WebSocketException:
                closed += 1
            except TimeoutError:
                pass
    return closed


def open_files(replica: Replica) -> int:
    return len(list(Path(f"/proc/{replica.process.pid}/fd").iterdir()))


def test_a_thousand_malformed_requests(cluster: Cluster, run: Callable[..., Any]) -> None:
    replica = cluster.replicas["r2"]
    chance = random.Random(20_261_122)

    async def page() -> bool:
        tab = Tab(replica.address)
        done = await tab.open()
        await tab.close()
        return not done.failed

    assert run(page())
    for data in requests(chance):
        send(replica.address, data)
    before, files = resident_mb(replica.process.pid), open_files(replica)
    sent, served = 0, b""
    while sent < 950:
        for data in requests(chance):
            answer = send(replica.address, data)
            assert b"root:" not in answer and b"Traceback" not in answer
            served += answer[9:12] + b" "
            sent += 1
    assert b"500" not in served, "aucune demande n’a trouvé de faute de notre part"
    assert run(frames(replica.address, chance, 60)) >= 40
    assert replica.process.poll() is None
    assert ask(f"{replica.address}/readyz").status == 200
    until("plus rien en cours", lambda: measure(replica.address, "ptce_http_in_flight") == 0)
    time.sleep(SESSION_KEPT_S)
    assert run(page())
    until("les sockets sont rendues", lambda: open_files(replica) <= files + 10)
    assert resident_mb(replica.process.pid) - before < GROWTH_MB


def test_uploads_cut_in_the_middle(cluster: Cluster, run: Callable[..., Any]) -> None:
    replica = cluster.replicas["r1"]
    token = cookie(ask(f"{replica.address}/_stcore/health"), "_streamlit_xsrf")

    async def session() -> tuple[int, bool, float]:
        tab = Tab(replica.address, page="donnees", headers={"Cookie": f"_streamlit_xsrf={token}"})
        await tab.open()

        def cut() -> None:
            head = (
                f"PUT /_stcore/upload_file/{tab.session_id}/coupe HTTP/1.1\r\nHost: a\r\n"
                f"Cookie: _streamlit_xsrf={token}\r\nX-Xsrftoken: {token}\r\nContent-Length: 50000000\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
                "Content-Disposition: form-data; name=f; filename=a.csv\r\n\r\n"
            )
            with connected(replica.address) as client:
                client.sendall(head.encode() + b"a,b\n" * 500_000)

        for _ in range(5):
            await asyncio.to_thread(cut)
        before = resident_mb(replica.process.pid)
        for _ in range(20):
            await asyncio.to_thread(cut)
        body = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.csv\r\n\r\na,b\r\n--x--\r\n"
        address = f"{replica.address}/_stcore/upload_file/{tab.session_id}/entier"
        whole = await asyncio.to_thread(
            ask, address, "PUT", body, Cookie=f"_streamlit_xsrf={token}", X_Xsrftoken=token,
            Content_Type="multipart/form-data; boundary=x",
        )  # fmt: skip
        again = await tab.run()
        await tab.close()
        return whole.status, again.failed, before

    status, failed, before = run(session())
    assert (status, failed) == (204, False)
    until("plus rien en cours", lambda: measure(replica.address, "ptce_http_in_flight") == 0)
    assert resident_mb(replica.process.pid) - before < GROWTH_MB
