"""The document before any script: French, named, laid out; what is not a page passes untouched."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from ptce_server.firstpage import FirstPage, french

INDEX = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
STYLE = "h1 { color: red } /* </style><script>1</script> */"
SCRIPT = "document.title;"


def asked(
    path: str, method: str = "GET", kind: str = "text/html", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask `path` of the middleware around an application that answers Streamlit's document in two parts."""
    sent: list[Any] = []

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        assert not (scope["method"] == "GET" and kind == "text/html" and dict(scope["headers"]).get(b"range"))
        whole = INDEX.encode()
        names = [
            (b"content-type", kind.encode()),
            (b"content-length", b"9"),
            (b"etag", b'"theirs"'),
            (b"x-a", b"b"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": names})
        await send({"type": "http.response.body", "body": whole[:50], "more_body": True})
        await send({"type": "http.response.body", "body": whole[50:]})

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": raw}
    asyncio.run(FirstPage(application, "L’atlas & <vous>", STYLE, SCRIPT)(scope, None, send))  # type: ignore[arg-type]
    found = {n.decode(): v.decode() for n, v in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:])


def test_a_page_leaves_in_french_with_its_style() -> None:
    status, headers, body = asked("/carte")
    page = body.decode()
    assert status == 200 and int(headers["content-length"]) == len(body) and headers["x-a"] == "b"
    assert '<html lang="fr">' in page and "<title>L’atlas &amp; &lt;vous&gt;</title>" in page
    assert "You need to enable JavaScript" not in page and 'href="./api"' in page
    assert page.index('<div id="root">') < page.index("<style>h1") < page.index("</body>")
    # A style sheet cannot end its element.
    assert page.count("</style>") == INDEX.count("</style>") + 1 and page.index("<style>h1") < page.index(
        f"<script>{SCRIPT}</script>"
    )
    # Everything else of Streamlit's document is there: its scripts, in their order, before ours.
    named = re.compile(r"<script.*|.*modulepreload.*")
    assert named.findall(page.split("<style>h1")[0]) == named.findall(INDEX)


def test_it_is_packed_kept_and_asked_again() -> None:
    _, headers, packed = asked("/", accept_encoding="br, gzip", range="bytes=0-1", if_none_match='"theirs"')
    assert headers["content-encoding"] == "gzip" and 'lang="fr"' in gzip.decompress(packed).decode()
    assert headers["etag"] != '"theirs"'
    assert asked("/", if_none_match=headers["etag"])[0] == 304
    assert asked("/", if_none_match=headers["etag"])[2] == b""


@pytest.mark.parametrize(
    ("path", "kind"), [("/api", "text/html"), ("/app/static/style.css", "text/css"), ("/carte", "image/png")]
)
def test_the_rest_passes_untouched(path: str, kind: str) -> None:
    _, headers, body = asked(path, kind=kind)
    assert body.decode() == INDEX and headers["etag"] == '"theirs"'


def test_another_document_is_left_as_it_is() -> None:
    assert french("<p>rien</p>", "t", "s", "j") == "<p>rien</p>"


def test_a_websocket_tells_the_page_that_it_is_dressed() -> None:
    seen: list[Any] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"a", b"b")]}
    asyncio.run(FirstPage(application, "t", "s", "j")(scope, None, None))  # type: ignore[arg-type]
    assert seen == [{**scope, "headers": [(b"a", b"b"), (b"x-atlas-document", b"1")]}]
    assert len(scope["headers"]) == 1
