"""Saved work on the pages: spaces behind links, versions, conflicts, nobody else's work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import study as studies
from ptce_data.load import Dataset
from ptce_store import Reader, Store, StoreUnavailable, open_store
from ptce_ui import incoming, storedesk
from tests.conftest import ROOT
from tests.test_own_layer_page import a_file, press, sent
from tests.test_pages import visit, words

HOSTILE = "Étude <script>alert(1)</script> [x](javascript:1) `a`"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'essai.db'}"
    monkeypatch.setenv("PTCE_DATABASE_URL", url)
    storedesk.store.clear()
    made = open_store(url)
    yield made
    made.close()
    storedesk.store.clear()


def button(app: AppTest, key: str) -> object:
    found = [b for b in app.button if str(b.key).startswith(key)]
    assert found, [b.key for b in app.button]
    return found[0]


def click(app: AppTest, key: str) -> AppTest:
    button(app, key).click().run()  # type: ignore[attr-defined]
    assert not app.exception, [e.message for e in app.exception]
    return app


def titled(app: AppTest, title: str) -> AppTest:
    visit(app, "pages/etude.py")
    next(t for t in app.text_input if t.label.startswith("Titre")).set_value(title).run()
    return app


def saved(app: AppTest, title: str = HOSTILE) -> str:
    """A study saved in a new space; returns the key of its link."""
    app.session_state["espace|study"] = True
    titled(app, title)
    click(app, "espace|creer|study")
    click(app, "espace|ecrire|study")
    return str(app.session_state["shared|space_links"][-1])


def test_a_study_is_saved_reopened_and_versioned(app: AppTest, store: Store) -> None:
    key = saved(app)
    reader = Reader.of_link(key)
    (space,) = store.spaces(reader)
    (item,) = store.items(reader, space.id)
    assert (item.name, item.revision) == (HOSTILE, 1)
    assert studies.read(store.get(reader, item.id).content).title == HOSTILE
    titled(app, "Autre titre")
    click(app, "espace|version|study")
    assert store.get(reader, item.id).item.revision == 2
    visit(app, "pages/espace.py")
    assert "<script>" not in words(app).replace("\\<script\\>", "")
    app.session_state[f"versions|{item.id}"] = True
    app.run()
    click(app, f"reprendre|{item.id}|1")
    assert studies.read(store.get(reader, item.id).content).title == HOSTILE
    assert [r.number for r in store.history(reader, item.id)] == [3, 2, 1]


def test_two_people_on_one_study_get_a_conflict_they_resolve(
    app: AppTest, store: Store, make_app: Callable[[], AppTest]
) -> None:
    key = saved(app, "Commune")
    reader = Reader.of_link(key)
    (space,) = store.spaces(reader)
    (item,) = store.items(reader, space.id)
    other = store.save(reader, item.id, store.get(reader, item.id).content + b" ", 1)
    titled(app, "La mienne")
    click(app, "espace|version|study")
    assert "Une autre personne a enregistré" in "".join(w.value for w in app.warning)
    assert store.get(reader, item.id).item.revision == other.revision
    click(app, "espace|copie|study")
    names = {i.name for i in store.items(reader, space.id)}
    assert names == {"Commune", "Commune (copie)"}


def test_a_deleted_item_comes_back(app: AppTest, store: Store) -> None:
    key = saved(app)
    reader = Reader.of_link(key)
    (space,) = store.spaces(reader)
    visit(app, "pages/espace.py")
    click(app, "supprimer|")
    assert not store.items(reader, space.id)
    click(app, "reprendre|")
    assert len(store.items(reader, space.id)) == 1


def test_nobody_sees_the_space_of_another(
    app: AppTest, store: Store, make_app: Callable[[], AppTest]
) -> None:
    key = saved(app, "Secret de région")
    other = make_app()
    visit(other, "pages/espace.py")
    assert "Secret de région" not in words(other)
    (space,) = store.spaces(Reader.of_link(key))
    visit(other, "pages/espace.py", espace=space.id)
    assert "Secret de région" not in words(other)
    visit(other, "pages/espace.py", cle=key[:-1] + ("a" if key[-1] != "a" else "b"))
    assert "Secret de région" not in words(other)


def test_a_link_opens_the_space_and_leaves_the_address(
    app: AppTest, store: Store, make_app: Callable[[], AppTest]
) -> None:
    key = saved(app, "Partagée")
    other = make_app()
    visit(other, "pages/espace.py", cle=key)
    assert "Partagée" in words(other)
    assert "cle" not in dict(other.query_params)


def test_a_reading_link_reads_and_no_more(
    app: AppTest, store: Store, make_app: Callable[[], AppTest]
) -> None:
    from ptce_store import read_link

    key = saved(app, "Lue")
    other = make_app()
    visit(other, "pages/espace.py", cle=read_link(key))
    assert "Lue" in words(other) and "lecteur" in words(other)
    assert not [b for b in other.button if str(b.key).startswith(("supprimer|", "renommer|", "dupliquer|"))]


def test_a_store_that_is_away_says_so_and_loses_nothing(
    app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(app, "Avant la panne")

    def away(*args: object, **named: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(Store, "save", away)
    titled(app, "Pendant la panne")
    click(app, "espace|version|study")
    assert "momentanément indisponible" in "".join(e.value for e in app.error)
    assert next(t for t in app.text_input if t.label.startswith("Titre")).value == "Pendant la panne"
    monkeypatch.undo()


def test_a_layer_comes_back_as_it_was_decided(app: AppTest, store: Store, small: Dataset) -> None:
    press(sent(app, a_file(small)), "Vérifier")
    found = app.session_state["shared|layer_draft"]
    content = incoming.dump_layer(found)
    space, links = store.create_link_space("Couches")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "layer", "Lieux", content)
    assert len(store.features(reader, item.id)) == len(found.layer.rows)
    again = incoming.read_layer(small, store.get(reader, item.id).content)
    assert again.mapping == found.mapping and again.answers == found.answers
    assert again.layer is not None and found.layer is not None
    assert again.layer.rows["id"].tolist() == found.layer.rows["id"].tolist()
    with pytest.raises(incoming.REFUSALS):
        incoming.read_layer(small, incoming.dump_layer(found)[:-30])


@pytest.fixture
def make_app(mini_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    monkeypatch.setenv("PTCE_DATA_DIR", str(mini_dir))
    return lambda: AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
