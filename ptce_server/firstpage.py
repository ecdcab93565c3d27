"""The document that a browser gets before any script runs: in French, named, and laid out as it will stay.

Streamlit sends one `index.html` for all pages: in English, called "Streamlit", with its own spacing until the first
message brings our style sheet, which then moves everything. Here the same document leaves with the language, the
title, the style sheet, and a way to the data for who has no JavaScript.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import html
import re
from dataclasses import dataclass
from typing import Final

from ptce_server import addresses
from ptce_server.watch import App, Message, Receive, Scope, Send

_PAGES: Final = frozenset({"/", "/{page}"})
#: Asked of the document as it leaves here, not of Streamlit's file.
_OURS: Final = frozenset({b"if-none-match", b"if-modified-since", b"range", b"if-range", b"accept-encoding"})
_REPLACED: Final = frozenset({b"content-length", b"etag", b"last-modified", b"accept-ranges", b"vary"})
_NOSCRIPT: Final = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_WITHOUT_SCRIPTS: Final = (
    "<noscript><p>Les cartes et les tableaux de ce site demandent JavaScript. Sans lui, toutes les données restent "
    'lisibles : <a href="./api">l’interface ouverte et ses pages</a>.</p></noscript>'
)


#: Told to the pages with their websocket: their style and script are there already.
DRESSED: Final = "X-Atlas-Document"


def french(document: str, title: str, style: str, script: str) -> str:
    """Return Streamlit's `index.html` in French, with `title`, the CSS `style` and the JavaScript `script`.

    What is not found is left as it is: the page works without it.
    """
    made = document.replace('<html lang="en">', '<html lang="fr">', 1)
    made = made.replace("<title>Streamlit</title>", f"<title>{html.escape(title)}</title>", 1)
    made = _NOSCRIPT.sub(lambda _: _WITHOUT_SCRIPTS, made, count=1)
    # At the end: Streamlit adds its rules to the head, and between equals the last one counts.
    dress = f"<style>{style.replace('</', '')}</style>\n<script>{script}</script>\n</body>"
    return made.replace("</body>", dress, 1)


@dataclass(frozen=True)
class _Made:
    plain: bytes
    packed: bytes
    tag: bytes


class FirstPage:
    """The middleware. `title` of the site, `style`: its CSS, `script`: its JavaScript, which the content security
    policy names by its hash, `base`: base path of the site."""

    def __init__(self, app: App, title: str, style: str, script: str, base: str = "") -> None:
        self._app = app
        self._base = base
        self._make = functools.lru_cache(maxsize=4)(lambda body: _made(body, title, style, script))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does; pages leave in French."""
        if scope["type"] == "websocket":
            told = [*scope["headers"], (DRESSED.lower().encode(), b"1")]
            await self._app({**scope, "headers": told}, receive, send)
            return
        is_page = (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and addresses.name(scope["path"], self._base) in _PAGES
        )
        if not is_page:
            await self._app(scope, receive, send)
            return
        headers = [(n, v) for n, v in scope["headers"] if n.lower() not in _OURS]
        started: Message | None = None
        body = b""

        async def held(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start" and _is_document(message):
                started = message
            elif started is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _answer(scope, started, self._make(body), send)

        inner = scope if scope["method"] == "HEAD" else {**scope, "headers": headers}
        await self._app(inner, receive, send if scope["method"] == "HEAD" else held)


def _made(body: bytes, title: str, style: str, script: str) -> _Made:
    plain = french(body.decode("utf-8"), title, style, script).encode("utf-8")
    tag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'.encode()
    return _Made(plain, gzip.compress(plain, mtime=0), tag)


def _is_document(message: Message) -> bool:
    kinds = [v for n, v in message["headers"] if n.lower() == b"content-type"]
    packed = [v for n, v in message["headers"] if n.lower() == b"content-encoding"]
    return message["status"] == 200 and any(v.startswith(b"text/html") for v in kinds) and not packed


async def _answer(scope: Scope, started: Message, made: _Made, send: Send) -> None:
    asked = {n.lower(): v for n, v in scope["headers"]}
    headers = [(n, v) for n, v in started["headers"] if n.lower() not in _REPLACED]
    headers += [(b"etag", made.tag), (b"vary", b"Accept-Encoding")]
    if made.tag in asked.get(b"if-none-match", b""):
        await send({**started, "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = made.plain
    if b"gzip" in asked.get(b"accept-encoding", b""):
        body = made.packed
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({**started, "headers": headers})
    await send({"type": "http.response.body", "body": body})
