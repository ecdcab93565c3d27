"""The headers of every answer, without a browser."""

from __future__ import annotations

import base64
import hashlib
import warnings
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ptce_api import headers
from ptce_ui.navigation import LANGUAGE_SCRIPT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
CSP = "content-security-policy"


async def anything(request: Request) -> Response:
    made = PlainTextResponse("bonjour", headers={"X-Content-Type-Options": "autre", CSP: "default-src *"})
    made.set_cookie("a", "1", samesite=None)
    made.set_cookie("b", "1", samesite="strict", secure=True)
    return made


def client(policy: headers.Policy | None = None, scheme: str = "http") -> TestClient:
    inner = Starlette(routes=[Route("/{path:path}", anything)])
    return TestClient(headers.SecurityHeaders(inner, policy), base_url=f"{scheme}://atlas.invalid")


def directives(value: str) -> dict[str, str]:
    return dict([*part.strip().split(" ", 1), ""][:2] for part in value.split(";"))


@pytest.mark.parametrize(
    "path", ["/", "/carte", "/api/collections", "/media/a.html", "/component/x/index.html", "/absent"]
)
def test_every_answer_has_the_headers_once(path: str) -> None:
    answer = client().get(path)
    for name, words in (
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("permissions-policy", "geolocation=()"),
        ("cross-origin-opener-policy", "same-origin"),
        (CSP, "default-src 'none'"),
    ):
        values = answer.headers.get_list(name)
        assert len(values) == 1 and words in values[0], name


def test_a_page_runs_our_scripts_and_no_other() -> None:
    policy = headers.Policy((*headers.inline_scripts(INDEX), LANGUAGE_SCRIPT))
    said = directives(client(policy).get("/carte").headers[CSP])
    for script in policy.scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in said["script-src"].split()
    assert len(policy.scripts) == 2, "un script de plus dans la page de Streamlit : à relire"
    assert "'unsafe-inline'" not in said["script-src"] and "'unsafe-eval'" not in said["script-src"]
    for part in ("script-src", "connect-src", "frame-src", "img-src", "font-src", "form-action"):
        assert not [word for word in said[part].split() if "//" in word or word == "*"], part
    assert said["base-uri"] == "'none'"


def test_only_the_map_may_evaluate_and_ask_for_tiles() -> None:
    said = {
        path: directives(client().get(path).headers[CSP])
        for path in ("/carte", "/component/m/index.html", "/api")
    }
    assert "'unsafe-eval'" in said["/component/m/index.html"]["script-src"]
    assert set(headers.TILE_HOSTS) <= set(said["/component/m/index.html"]["img-src"].split())
    assert said["/component/m/index.html"]["connect-src"] == "'self'"
    assert "script-src" not in said["/api"]


@pytest.mark.parametrize("path", ["/media/1234.html", "/_stcore/upload_file/s/f", "/app/static/own/x.svg"])
def test_a_file_of_a_reader_is_never_a_page(path: str) -> None:
    said = directives(client().get(path).headers[CSP])
    assert "sandbox" in said and "script-src" not in said and said["frame-ancestors"] == "'none'"


def test_who_may_frame() -> None:
    def ancestors(path: str, **given: str) -> str:
        policy = headers.from_environment(environment=given)
        return directives(client(policy).get(path).headers[CSP])["frame-ancestors"]

    assert ancestors("/carte?embed=true") == "*"
    assert ancestors("/carte") == "'self'" and ancestors("/carte?embed=false") == "'self'"
    sites = "https://region.fr https://*.exemple.fr:8443"
    assert ancestors("/carte?embed=true", PTCE_FRAME_ANCESTORS=sites) == f"'self' {sites}"
    assert ancestors("/carte?embed=true", PTCE_FRAME_ANCESTORS="none") == "'self'"
    assert ancestors("/component/x/index.html", PTCE_FRAME_ANCESTORS="none") == "'self'"
    assert ancestors("/api?embed=true") == "'none'"


@pytest.mark.parametrize(
    "value", ["https://a.fr; script-src *", "https://a.fr,b", "a\nb c;", "'unsafe-inline'", "javascript:"]
)
def test_a_setting_cannot_change_another_directive(value: str) -> None:
    with pytest.raises(ValueError, match="PTCE_FRAME_ANCESTORS"):
        headers.from_environment(environment={"PTCE_FRAME_ANCESTORS": value})


def test_a_base_path_is_taken_off() -> None:
    under = client(headers.from_environment(base_path="/atlas/", environment={}))
    assert "'unsafe-eval'" in under.get("/atlas/component/m/index.html").headers[CSP]
    assert "sandbox" in under.get("/atlas/media/a").headers[CSP]
    assert "script-src" not in under.get("/atlas/api").headers[CSP]


def test_cookies_stay_here_and_travel_by_tls_where_there_is_tls() -> None:
    plain = client().get("/").headers.get_list("set-cookie")
    assert all("samesite=" in c.lower() for c in plain) and "secure" not in plain[0].lower()
    for secure in (client(scheme="https"), client(headers.Policy(is_https=True))):
        cookies = [c.lower() for c in secure.get("/").headers.get_list("set-cookie")]
        assert [c.count("secure") for c in cookies] == [1, 1]
        assert "samesite=strict" in cookies[1]
    assert headers.from_environment(environment={"PTCE_PUBLIC_URL": "https://atlas.fr"}).is_https
