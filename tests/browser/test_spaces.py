"""Saved work in real browsers: a link shared by two people, a conflict, a hostile title, an address that leaks nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import serve
from tests.browser.helpers import ready

TITLE = "Étude <img src=x onerror=alert(1)> commune"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a store of its own."""
    path: Path = tmp_path_factory.mktemp("espaces") / "atlas.db"
    with serve(PTCE_DATABASE_URL=f"sqlite:///{path}") as address:
        yield address


def save(page: Page, button: str) -> None:
    page.get_by_role("button", name="Enregistrer dans un espace").click()
    page.get_by_role("button", name=button, exact=True).click()


def test_two_people_share_a_study_and_neither_loses_theirs(
    open_context: Callable[..., tuple[object, list[str]]], kept: str
) -> None:
    dialogs: list[str] = []
    pages: list[Page] = []
    for _ in range(2):
        context, outside = open_context()
        pages.append(context.new_page())  # type: ignore[attr-defined]
        pages[-1].on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    first, second = pages
    first.goto(f"{kept}/etude?depart=epci:243500741")
    ready(first)
    first.get_by_label("Titre de l’étude").fill(TITLE)
    first.keyboard.press("Tab")
    ready(first)
    save(first, "Créer un espace")
    link = first.get_by_text(re.compile(r"/espace\?cle=w_")).inner_text()
    first.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(first.get_by_text("version 1.")).to_be_visible()

    second.goto(link)
    ready(second)
    expect(second.get_by_text(TITLE)).to_be_visible()
    assert "cle=" not in second.url
    second.get_by_role("button", name="Ouvrir", exact=True).click()
    expect(second.get_by_label("Titre de l’étude")).to_have_value(TITLE)
    second.get_by_label("Organisation (facultatif)").fill("La région")
    second.keyboard.press("Tab")
    ready(second)
    save(second, "Enregistrer une nouvelle version")
    expect(second.get_by_text("version 2.")).to_be_visible()

    # A click beside closes the drawer, as it does for a reader.
    first.get_by_label("Organisation (facultatif)").click()
    first.get_by_label("Organisation (facultatif)").fill("Le bureau d’études")
    first.keyboard.press("Tab")
    ready(first)
    save(first, "Enregistrer une nouvelle version")
    expect(first.get_by_text("rien n’a été remplacé")).to_be_visible()
    first.get_by_role("button", name="Garder les deux").click()
    expect(first.get_by_text("(copie)").first).to_be_visible()
    second.goto(f"{kept}/espace")
    second.goto(link)
    ready(second)
    expect(second.get_by_text("(copie)").first).to_be_visible()
    assert not dialogs and not outside


def test_a_wrong_link_opens_nothing(page: Page, kept: str) -> None:
    page.goto(f"{kept}/espace?cle=w_{'x' * 43}")
    ready(page)
    expect(page.get_by_text("Un espace de travail garde")).to_be_visible()
    assert "cle=" not in page.url
