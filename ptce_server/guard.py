"""Who may read measures, ours and Streamlit's own: to anybody else the address does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ptce_server import addresses
from ptce_server.watch import App, Receive, Scope, Send

_GUARDED: Final = frozenset({"/metrics", "/_stcore/metrics"})


class Guard:
    """ASGI middleware. `allowed(client address, headers)` decides."""

    def __init__(self, app: App, allowed: Callable[[str, dict[bytes, bytes]], bool], base: str = "") -> None:
        self._app = app
        self._allowed = allowed
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything but measures asked by strangers."""
        if scope["type"] == "http" and addresses.name(scope["path"], self._base) in _GUARDED:
            client = str((scope.get("client") or ("",))[0])
            if not self._allowed(client, dict(scope["headers"])):
                head = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
                await send({"type": "http.response.start", "status": 404, "headers": head})
                body = b"" if scope["method"] == "HEAD" else "Cette adresse n’existe pas.".encode()
                await send({"type": "http.response.body", "body": body})
                return
        await self._app(scope, receive, send)
