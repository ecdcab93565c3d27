"""The headers of every answer: what a browser may run, load, frame and send along, page by page and file by file.

Pure ASGI, placed around the whole application (`st.App(middleware=…)`): the pages of Streamlit, their
components, `static/`, the API. A header that the application set itself under one of these names is replaced.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Hosts of the background maps, asked only when the reader chooses one.
TILE_HOSTS: Final = ("https://data.geopf.fr", "https://tile.openstreetmap.org")
#: Who may show the atlas in a frame when nothing is set: reading pages are made to be shown elsewhere.
ANYWHERE: Final = "*"

_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ANCESTOR: Final = re.compile(r"^(?:https?://)?(?:\*\.)?[A-Za-z0-9.\-]+(?::(?:\d{1,5}|\*))?$")
_NO_DEVICE: Final = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "usb",
)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """`scripts`: inline scripts of the pages that may run, as they are written. `ancestors`: sites that may
    frame a page asked with `embed=true`. `base_path`: `server.baseUrlPath`. `is_https`: readers come by https
    though a proxy speaks http with us."""

    scripts: tuple[str, ...] = ()
    ancestors: str = ANYWHERE
    base_path: str = ""
    is_https: bool = False


def from_environment(
    scripts: Iterable[str] = (), base_path: str = "", environment: Mapping[str, str] | None = None
) -> Policy:
    """Policy from `PTCE_FRAME_ANCESTORS` (sites separated by spaces, `*` or `none`) and `PTCE_PUBLIC_URL`.

    Raises ValueError with a French sentence for a value that cannot be used.
    """
    given = os.environ if environment is None else environment
    asked = given.get("PTCE_FRAME_ANCESTORS", "").split() or [ANYWHERE]
    if asked == ["none"]:
        asked = []
    if asked != [ANYWHERE] and not all(_ANCESTOR.match(site) for site in asked):
        raise ValueError(
            "PTCE_FRAME_ANCESTORS doit nommer des sites séparés par des espaces "
            "(https://exemple.fr), ou valoir * ou none."
        )
    ancestors = ANYWHERE if asked == [ANYWHERE] else " ".join(["'self'", *asked])
    is_https = given.get("PTCE_PUBLIC_URL", "").strip().startswith("https://")
    return Policy(tuple(scripts), ancestors, base_path.strip("/"), is_https)


def inline_scripts(page: Path) -> tuple[str, ...]:
    """The inline scripts of an HTML file, as they are written there."""
    return tuple(_INLINE.findall(page.read_text(encoding="utf-8")))


def source_hash(script: str) -> str:
    """What a content security policy calls an inline script: `'sha256-…'`."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def page_policy(policy: Policy, is_embedded: bool) -> str:
    """The policy of a page: our scripts only, none written into the page but those named by their hash.

    `blob:` scripts are how Streamlit starts the code of its own components; inline styles are how Streamlit,
    Plotly and Leaflet place what they draw.
    """
    hashes = " ".join(source_hash(script) for script in policy.scripts)
    ancestors = policy.ancestors if is_embedded else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' blob: {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        )
    )


def component_policy(policy: Policy) -> str:
    """The policy of a component's frame: the map, whose component evaluates the code that Python sends it."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob: {' '.join(TILE_HOSTS)}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {policy.ancestors}",
        )
    )


#: The API's pages have one style sheet and no script.
API_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
#: A file made from what a reader gave never becomes a page of this site.
FILE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
_FILES: Final = ("/media/", "/_stcore/upload_file", "/app/static/")
_COMPONENTS: Final = ("/component/",)


class SecurityHeaders:
    """ASGI middleware: adds the headers to every HTTP answer of `app`, and `Secure` to cookies behind TLS."""

    def __init__(self, app: App, policy: Policy | None = None) -> None:
        self._app = app
        self._policy = policy or Policy()
        self._prefix = f"/{self._policy.base_path}" if self._policy.base_path else ""
        self._page = {framed: page_policy(self._policy, framed).encode() for framed in (False, True)}
        self._component = component_policy(self._policy).encode()
        self._fixed = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"strict-origin-when-cross-origin"),
            (b"permissions-policy", ", ".join(f"{name}=()" for name in _NO_DEVICE).encode()),
            (b"x-permitted-cross-domain-policies", b"none"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        self._ours = {name for name, _ in self._fixed} | {b"content-security-policy"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers; a websocket passes unchanged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = [*self._fixed, (b"content-security-policy", self.content_policy(scope))]
        is_https = self._policy.is_https or scope.get("scheme") == "https"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message.get("headers", ())
                    if name.lower() not in self._ours
                ]
                kept = [(n, _cookie(v, is_https) if n.lower() == b"set-cookie" else v) for n, v in kept]
                message = {**message, "headers": [*kept, *own]}
            await send(message)

        await self._app(scope, receive, with_headers)

    def content_policy(self, scope: Scope) -> bytes:
        """The content security policy of what `scope` asks for."""
        path = str(scope["path"])
        if self._prefix and path.startswith(f"{self._prefix}/"):
            path = path.removeprefix(self._prefix)
        if path == "/api" or path.startswith("/api/"):
            return API_POLICY.encode()
        if path.startswith(_FILES):
            return FILE_POLICY.encode()
        if path.startswith(_COMPONENTS):
            return self._component
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        return self._page["true" in (value.lower() for value in asked.get("embed", ()))]


def _cookie(value: bytes, is_https: bool) -> bytes:
    """A cookie that no other site's request carries, and that travels by TLS only where there is TLS."""
    said = value.lower()
    if b"samesite=" not in said:
        value += b"; SameSite=Lax"
    if is_https and b"; secure" not in said:
        value += b"; Secure"
    return value
