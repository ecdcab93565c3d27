"""Plain questions to a server, its errors included."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.error
import urllib.request
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    """Status, headers in lower case (several of a name joined by a line), content."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(address: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Answer:
    """Ask once; `X_Y="…"` becomes the header X-Y."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, data=data, method=method, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return _read(answer.status, answer)
    except urllib.error.HTTPError as error:
        return _read(error.code, error)


def _read(status: int, answer: Any) -> Answer:
    names = {name.lower() for name in answer.headers}
    return Answer(status, {n: "\n".join(answer.headers.get_all(n)) for n in names}, answer.read())


def cookie(answer: Answer, name: str) -> str:
    """The value of a cookie that an answer sets, empty without."""
    found = re.search(rf"(?m)^{name}=([^;]*)", answer.headers.get("set-cookie", ""))
    return found.group(1) if found else ""


def measure(address: str, name: str) -> float:
    """One measure of a replica, the sum over its labels."""
    text = ask(f"{address}/metrics").body.decode()
    rows = re.findall(rf"(?m)^{name}(?:{{[^}}]*}})? (\S+)$", text)
    assert rows, name
    return sum(float(row) for row in rows)


def connected(address: str) -> socket.socket:
    """A plain connection to the host of an address."""
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20)


def until(what: str, passed: Any, seconds: float = 30.0) -> None:
    """Wait until `passed()` is true."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if passed():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} : toujours pas après {seconds:g} s")
