"""Signing in and out in a real Chromium, against a certified OpenID Connect provider on this machine."""

from __future__ import annotations

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, decode_signed_value

from tests.browser.conftest import _free_port
from tests.browser.helpers import ready
from tests.oidc.conftest import NAME, SECRET, SIRET, Site, atlas, provider, settings

Opener = Callable[..., tuple[BrowserContext, list[str]]]
USER = "_streamlit_user"


def enter(page: Page, site: Site, path: str = "") -> None:
    """From a page of the atlas to the provider's own page."""
    page.goto(f"{site.url}/{path}")
    ready(page)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"{site.provider}/interaction/**")


def sign_in(page: Page, site: Site, login: str = "camille") -> None:
    """Through the provider's pages, back to the atlas."""
    enter(page, site)
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("sans importance")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Connecté")).to_be_visible()
    ready(page)


def claims(context: BrowserContext) -> dict[str, Any]:
    """What the browser keeps of the reader."""
    value = next(c["value"] for c in context.cookies() if c["name"] == USER)
    decoded = decode_signed_value(SECRET, USER, value.encode())
    assert decoded is not None
    return dict(json.loads(decoded))


def put(context: BrowserContext, site: Site, held: dict[str, Any], secret: str = SECRET) -> None:
    """Replace what the browser keeps."""
    value = create_signed_value(secret, USER, json.dumps(held)).decode()
    context.add_cookies([{"name": USER, "value": value, "url": site.url}])


def test_signing_in_and_out(open_context: Opener, account_site: Site) -> None:
    context, _ = open_context()
    page = context.new_page()
    sign_in(page, account_site)
    assert page.url == f"{account_site.url}/"
    # The name as it is written, not as Markdown; no e-mail anywhere.
    expect(page.get_by_text(f"Connecté : {NAME}")).to_be_visible()
    asked = account_site.last()["/auth"]
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
    assert asked["code_challenge_method"] == "S256" and not asked["prompt"]
    held = claims(context)
    assert held["iss"] == account_site.provider and held["sub"] == "camille" and held["siret"] == SIRET
    assert "email" not in held
    for cookie in context.cookies():
        if cookie["name"].startswith(USER):
            assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
            assert 11 * 3600 < cookie["expires"] - __import__("time").time() <= 12 * 3600 + 60
    # Another tab is the same reader; a frame in another site is nobody.
    other = context.new_page()
    other.goto(f"{account_site.url}/donnees")
    expect(other.get_by_text("Connecté")).to_be_visible()
    other.goto(f"{account_site.url}/donnees?embed=true")
    ready(other)
    assert other.get_by_text("Connecté").count() == 0
    other.close()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{account_site.provider}/session/end**")
    ended = account_site.last()["/session/end"]
    assert ended["id_token_hint"] and len(ended["state"]) >= 32
    page.get_by_role("button", name=re.compile("Yes")).click()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    assert page.url == f"{account_site.url}/"
    assert not [c["name"] for c in context.cookies(account_site.url) if c["name"].startswith(USER)]
    expect(page.get_by_text("n’a pas abouti")).to_have_count(0)


def test_a_refused_sign_in_is_said_and_reading_goes_on(open_context: Opener, account_site: Site) -> None:
    context, _ = open_context()
    page = context.new_page()
    enter(page, account_site, "donnees")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("La connexion n’a pas abouti")).to_be_visible()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    ready(page)
    # The address is that of the page again, and no filter is said to be unknown.
    expect(page).to_have_url(f"{account_site.url}/")
    expect(page.get_by_text("est inconnu")).to_have_count(0)
    assert not [c for c in context.cookies() if c["name"] == USER]
    page.goto(f"{account_site.url}/donnees")
    expect(page.get_by_role("heading", level=1)).to_have_text("Données")


def test_a_session_ends_after_its_hours(open_context: Opener, account_site: Site) -> None:
    context, _ = open_context()
    page = context.new_page()
    sign_in(page, account_site)
    held = claims(context)
    put(context, account_site, {**held, "iat": held["iat"] - 12 * 3600 - 1})
    page.goto(f"{account_site.url}/donnees")
    expect(page.get_by_text("Votre session est terminée")).to_be_visible()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    expect(page.get_by_text("Connecté")).to_have_count(0)
    put(context, account_site, {**held, "iat": held["iat"] - 11 * 3600})
    page.reload()
    expect(page.get_by_text("Connecté")).to_be_visible()


@pytest.mark.parametrize("change", ["another secret", "another provider", "another site", "no subject"])
def test_what_a_browser_claims_is_not_believed(open_context: Opener, account_site: Site, change: str) -> None:
    context, _ = open_context()
    held = {
        "is_logged_in": True, "origin": account_site.url, "provider": "atlas", "iss": account_site.provider,
        "sub": "camille", "aud": "atlas-essai", "iat": 4_000_000_000, "name": NAME,
    }  # fmt: skip
    held["iat"] = int(__import__("time").time())
    put(context, account_site, held)
    page = context.new_page()
    page.goto(f"{account_site.url}/donnees")
    expect(page.get_by_text("Connecté")).to_be_visible()  # what follows changes one thing only
    other = {
        "another provider": {"iss": "https://autre.invalid"},
        "another site": {"aud": "autre"},
        "no subject": {"sub": ""},
    }.get(change, {})
    put(context, account_site, held | other, "x" * 40 if change == "another secret" else SECRET)
    page.reload()
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    expect(page.get_by_text("Connecté")).to_have_count(0)


@contextmanager
def posing_as(real: str) -> Iterator[str]:
    """A provider's public description under another issuer, its keys and pages those of `real`."""
    with urllib.request.urlopen(f"{real}/.well-known/openid-configuration", timeout=5) as answer:
        described = json.load(answer)

    class Description(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = described | {"issuer": f"http://127.0.0.1:{self.server.server_address[1]}"}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Description)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_token_of_another_issuer_is_refused(open_context: Opener, mini_dir: Path, tmp_path: Path) -> None:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    asked = {"PTCE_DATA_DIR": str(mini_dir)}
    with (
        provider(f"{url}/oauth2callback") as real,
        posing_as(real) as issuer,
        atlas(port, tmp_path, **settings(url, issuer, **asked)),
    ):
        context, _ = open_context()
        page = context.new_page()
        enter(page, Site(url, real))
        page.locator("input[name=login]").fill("camille")
        page.locator("input[name=password]").fill("x")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("La connexion n’a pas abouti")).to_be_visible()
        assert not [c for c in context.cookies() if c["name"] == USER]


def test_without_a_provider_there_is_no_trace_of_accounts(
    open_context: Opener, mini_dir: Path, tmp_path: Path
) -> None:
    port = _free_port()
    with atlas(port, tmp_path, PTCE_DATA_DIR=str(mini_dir)) as url:
        context, _ = open_context()
        page = context.new_page()
        for path in ("", "confidentialite"):
            page.goto(f"{url}/{path}?connexion=refusee" if not path else f"{url}/{path}")
            ready(page)
            text = page.locator("body").inner_text()
            assert "Se connecter" not in text and "n’a pas abouti" not in text and "identité" not in text
        assert {c["name"] for c in context.cookies()} <= {"_streamlit_xsrf"}
