"""The page Confidentialité says what the code does, with the site's own settings."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ptce_api import signin
from ptce_store import Limits
from ptce_ui import assets, frame, privacy
from tests.security.test_signing_in import FULL
from tests.test_pages import visit, words


def rows() -> str:
    return "\n".join(
        cell for _, table, _ in privacy.tables() for row in table.to_numpy().tolist() for cell in row
    )


def test_the_page_is_reached_from_the_footer_and_not_from_the_menu(app: AppTest) -> None:
    visit(app, "pages/confidentialite.py")
    tables = [h for h in app.get("html") if '<table class="ptce-plain"' in h.proto.body]
    assert "CNIL" in words(app) and len(tables) == 3
    assert not frame.PAGES["confidentialite"].is_in_menu


def test_times_are_those_of_the_code() -> None:
    limits = Limits()
    for days in (limits.days_deleted, limits.days_empty, limits.days_audit):
        assert f"{days}\u00a0jours" in rows()
    assert f"{assets.OWN_HOURS}\u00a0heures" in rows()


def test_accounts_are_told_of_only_where_there_are_some(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*FULL, "PTCE_OIDC_HOURS"):
        monkeypatch.delenv(name, raising=False)
    assert "_streamlit_user" not in rows() and "fournisseur" not in rows() + privacy.summary()
    for name, value in (FULL | {"PTCE_OIDC_HOURS": "8"}).items():
        monkeypatch.setenv(name, value)
    assert signin.from_environment() is not None
    for word in ("_streamlit_user_tokens", "8\u00a0heures", "Votre compte", "fournisseur d’identité"):
        assert word in rows(), word


def test_the_contact_is_the_operator_s_words_and_only_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(privacy.CONTACT, raising=False)
    assert "n’a pas indiqué" in privacy.contact()
    monkeypatch.setenv(privacy.CONTACT, "<b>Service</b> [x](javascript:1)")
    assert "<b>" not in privacy.contact() and "](javascript" not in privacy.contact()
