"""Settings of the sign-in, what a token is worth, and the answers mended on the way."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest

from ptce_api import signin
from ptce_ui import accounts

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

SECRET = "valeur-secrete-de-plus-de-trente-deux-signes"
FULL = {
    "PTCE_OIDC_ISSUER": "https://identite.exemple.fr/api/v2",
    "PTCE_OIDC_CLIENT_ID": "atlas",
    "PTCE_OIDC_CLIENT_SECRET": SECRET,
    "PTCE_PUBLIC_URL": "https://atlas.exemple.fr/ptce/",
    "STREAMLIT_SERVER_COOKIE_SECRET": SECRET,
}
NOW = 1_800_000_000.0
CLAIMS: dict[str, Any] = {
    "is_logged_in": True, "iss": FULL["PTCE_OIDC_ISSUER"], "sub": "abc", "aud": "atlas", "iat": NOW - 60,
    "name": "Camille", "siret": "123",
}  # fmt: skip


def provider(**more: str) -> signin.SignIn:
    made = signin.from_environment(FULL | more)
    assert made is not None
    return made


def test_nothing_set_is_no_account_and_half_set_is_said() -> None:
    assert signin.from_environment({"PTCE_PUBLIC_URL": "https://a.fr"}) is None
    with pytest.raises(ValueError, match="PTCE_OIDC_CLIENT_ID"):
        signin.from_environment({"PTCE_OIDC_CLIENT_ID": "a"})
    for name in FULL:
        with pytest.raises(ValueError, match=name if name != "PTCE_OIDC_ISSUER" else "PTCE_OIDC") as error:
            signin.from_environment({k: v for k, v in FULL.items() if k != name})
        assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PTCE_OIDC_ISSUER", "http://identite.exemple.fr"), ("PTCE_OIDC_ISSUER", "identite"),
        ("PTCE_PUBLIC_URL", "http://atlas.exemple.fr"), ("PTCE_OIDC_SCOPE", "profile"), ("PTCE_OIDC_HOURS", "0"),
        ("PTCE_OIDC_HOURS", "x"), ("PTCE_OIDC_ORGANISATION_CLAIM", 'a":1,"b'), ("STREAMLIT_SERVER_COOKIE_SECRET", "court"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name) as error:
        signin.from_environment(FULL | {name: value})
    assert SECRET not in str(error.value)


def test_streamlit_gets_its_settings_and_nobody_prints_them() -> None:
    made = provider(PTCE_OIDC_SCOPE="openid  given_name usual_name", PTCE_OIDC_ORGANISATION_CLAIM="siret")
    auth = made.secrets()["auth"]
    assert auth["redirect_uri"] == "https://atlas.exemple.fr/ptce/oauth2callback"
    own = auth[signin.PROVIDER]
    assert own["server_metadata_url"] == "https://identite.exemple.fr/api/v2/.well-known/openid-configuration"
    assert own["client_kwargs"] == {"scope": "openid given_name usual_name", "prompt": ""}
    assert json.loads(own["authorize_params"]["claims"]) == {
        "id_token": {"given_name": None, "usual_name": None, "siret": None}
    }
    # No name and no e-mail is asked unless the operator says so.
    assert provider().secrets()["auth"][signin.PROVIDER]["client_kwargs"]["scope"] == "openid"
    assert provider().secrets()["auth"][signin.PROVIDER]["authorize_params"] == {}
    assert SECRET not in repr(made)


def test_a_sound_token_names_an_account_that_prints_nothing() -> None:
    made = accounts.account(CLAIMS, provider(PTCE_OIDC_ORGANISATION_CLAIM="siret"), NOW)
    assert made is not None and (made.subject, made.organisation, made.shown) == ("abc", "123", "Camille")
    assert made.reader.account is not None and made.reader.account.subject == "abc"
    assert "abc" not in repr(made) and "Camille" not in repr(made)
    parts = {**CLAIMS, "name": None, "given_name": "Camille", "usual_name": "Exemple"}
    named = accounts.account(parts, provider(), NOW)
    assert named is not None and named.shown == "Camille Exemple" and named.organisation is None


@pytest.mark.parametrize(
    "change",
    [
        {"is_logged_in": False}, {"iss": "https://autre.fr"}, {"iss": FULL["PTCE_OIDC_ISSUER"] + "/"}, {"sub": ""},
        {"sub": None}, {"sub": 12}, {"aud": "autre"}, {"aud": ["autre"]}, {"aud": None}, {"iat": None}, {"iat": True},
        {"iat": NOW - 12 * 3600}, {"iat": NOW + 600}, {"iat": "hier"},
    ],
)  # fmt: skip
def test_one_wrong_claim_names_nobody(change: dict[str, Any]) -> None:
    assert accounts.account(CLAIMS, provider(), NOW) is not None
    assert accounts.account(CLAIMS | change, provider(), NOW) is None


@given(
    st.dictionaries(
        st.sampled_from([*CLAIMS, "x"]), st.none() | st.booleans() | st.text(max_size=5) | st.integers()
    )
)
def test_any_claims_are_read_without_failing(claims: dict[str, Any]) -> None:
    made = accounts.account(claims, provider(PTCE_OIDC_ORGANISATION_CLAIM="x"), NOW)
    assert made is None


async def _answers(request: Request) -> Response:
    made = RedirectResponse(request.query_params.get("to", "/"), status_code=302)
    if "cookie" in request.query_params:
        made.set_cookie("_streamlit_user", "x", max_age=2_592_000, httponly=True)
        made.set_cookie("_streamlit_user_tokens", "x", max_age=2_592_000, httponly=True)
    if "gone" in request.query_params:
        made.delete_cookie("_streamlit_user")
    return made


def client(settings: signin.SignIn | None, base: str = "") -> TestClient:
    inner = Starlette(routes=[Route("/{path:path}", _answers)])
    return TestClient(signin.SignInAnswers(inner, settings, base), follow_redirects=False)


def test_a_failed_sign_in_is_marked_and_a_good_one_is_shortened() -> None:
    inside = client(provider())
    assert inside.get("/oauth2callback?error=access_denied").headers["location"] == "/?connexion=refusee"
    assert inside.get("/oauth2callback?code=1&gone=1").headers["location"] == "/?connexion=refusee"
    good = inside.get("/oauth2callback?code=1&cookie=1")
    assert good.headers["location"] == "/"
    assert [c.count("Max-Age=43200") for c in good.headers.get_list("set-cookie")] == [1, 1]
    # Back from signing out, and anywhere else: as it was.
    assert inside.get("/oauth2callback?state=1").headers["location"] == "/"
    assert inside.get("/carte?error=1").headers["location"] == "/"
    assert client(None).get("/oauth2callback?error=1").headers["location"] == "/"
    assert (
        client(provider(), "/ptce").get("/ptce/oauth2callback?error=1").headers["location"]
        == "/?connexion=refusee"
    )


def test_signing_out_elsewhere_carries_a_state() -> None:
    away = client(provider()).get("/auth/logout?to=https://identite.exemple.fr/fin?a=1").headers["location"]
    assert (
        away.startswith("https://identite.exemple.fr/fin?a=1&state=") and len(away.split("state=")[1]) >= 32
    )
    assert client(provider()).get("/auth/logout").headers["location"] == "/"


def test_no_page_shows_accounts_without_a_provider(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.query_params["connexion"] = "refusee"
    app.run()
    assert not app.exception
    assert not [b for b in app.button if "connect" in b.label.lower()]
    assert not [c for c in app.caption if "Connecté" in c.value]
    assert not [w for w in app.warning if "n’a pas abouti" in w.value]


def test_the_button_shows_with_a_provider(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        accounts, "settings", lambda: provider(PTCE_OIDC_LABEL="Se connecter avec ProConnect")
    )
    app.query_params["connexion"] = "refusee"
    app.run()
    assert not app.exception
    assert [b.label for b in app.button if "ProConnect" in b.label] == ["Se connecter avec ProConnect"]
    assert [w for w in app.warning if "n’a pas abouti" in w.value] and "connexion" not in app.query_params
