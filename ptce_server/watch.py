"""ASGI middleware around pages and API: counts, times, logs, and names this replica to the balancer."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from ptce_server import addresses, reruns
from ptce_server.settings import Settings
from ptce_server.work import Work

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE: Final = "ptce_replique"
#: Only what is asked anew at each visit, and never kept by a cache, names the replica.
_NAMING: Final = frozenset({"/", "/{page}", "/_stcore/health", "/_stcore/host-config"})
_ACCESS: Final = logging.getLogger("ptce_server.acces")


class Watch:
    """The middleware. `base`: base path of the site without its last slash."""

    def __init__(self, app: App, work: Work, settings: Settings, base: str = "") -> None:
        self._app = app
        self._work = work
        self._settings = settings
        self._base = base
        path = f"{base}/" if base else "/"
        self._cookie = f"{COOKIE}={settings.replica}; Path={path}; HttpOnly; SameSite=Lax"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request or one websocket through."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = addresses.name(scope["path"], self._base)
        status, sent = 500, 0
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                if route in _NAMING:
                    message = {**message, "headers": [*message.get("headers", ()), *self._named(scope)]}
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        counted = route not in addresses.PROBES
        if counted:
            self._work.request(1)
        try:
            await self._app(scope, receive, watched)
        finally:
            if counted:
                self._work.request(-1)
            took = time.perf_counter() - started
            asked = addresses.method(scope["method"])
            measures = self._work.measures
            measures.requests.labels(asked, route, str(status)).inc()
            measures.seconds.labels(route).observe(took)
            if counted:
                self._log(scope, asked, route, status, sent, took)

    def _named(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """`Set-Cookie` where the browser does not yet name this replica, nothing for one alone."""
        if not self._settings.replica or _cookie(scope) == self._settings.replica:
            return []
        secure = "; Secure" if scope.get("scheme") in ("https", "wss") else ""
        return [(b"set-cookie", (self._cookie + secure).encode())]

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if addresses.name(scope["path"], self._base) != addresses.STREAM:
            await self._app(scope, receive, send)
            return
        session = _Session(self._work)
        started = time.perf_counter()

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes"):
                session.asked(message["bytes"])
            return message

        async def told(message: Message) -> None:
            if message["type"] == "websocket.accept":
                session.opened()
                message = {**message, "headers": [*message.get("headers", ()), *self._named(scope)]}
            elif message["type"] == "websocket.send" and message.get("bytes"):
                session.answered(message["bytes"])
            await send(message)

        try:
            await self._app(scope, heard, told)
        finally:
            session.closed()
            self._log(scope, "WS", addresses.STREAM, 101, 0, time.perf_counter() - started)

    def _log(self, scope: Scope, method: str, route: str, status: int, sent: int, took: float) -> None:
        if not self._settings.access_log:
            return
        fields = {
            "methode": method,
            "route": route,
            "statut": status,
            "octets": sent,
            "ms": round(took * 1000),
        }
        if self._settings.access_log == "avec-ip":
            fields["ip"] = (scope.get("client") or ("",))[0]
        _ACCESS.info(json.dumps(fields, ensure_ascii=False), extra={"ptce": fields})


class _Session:
    """One websocket of a browser."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._is_open = False
        self._since: float | None = None
        self._operations = 0

    def opened(self) -> None:
        self._is_open = True
        self._work.measures.sessions.inc()
        self._work.measures.opened.inc()

    def asked(self, data: bytes) -> None:
        what = reruns.asks(data)
        # Several demands may become one run: the first one's wait is the user's.
        if what == "run" and self._since is None:
            self._since = time.perf_counter()
            self._work.run(1)
        elif what == "operation":
            self._operations += 1
            self._work.run(1)

    def answered(self, data: bytes) -> None:
        what = reruns.ends(data)
        if what == "run" and self._since is not None:
            self._work.measures.reruns.observe(time.perf_counter() - self._since)
            self._since = None
            self._work.run(-1)
        elif what == "operation" and self._operations:
            self._operations -= 1
            self._work.run(-1)

    def closed(self) -> None:
        if self._is_open:
            self._work.measures.sessions.dec()
        if self._since is not None:
            self._work.run(-1)
        self._work.run(-self._operations)


def _cookie(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return ""
            return found.value if found else ""
    return ""
