"""The Conférence page: a deck taken, edited, fed from another page, presented from the keyboard's steps."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import load as loading
from ptce_data.deck import Deck
from ptce_data.load import Dataset
from ptce_ui import frame, scenes, stage, text
from ptce_ui.scenes import TableVisual
from tests.mini import HOSTILE_NAMES
from tests.test_pages import visit, words


@pytest.fixture
def real_app(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PTCE_DATA_DIR", str(loading.DATA_DIR))
    return app


def deck_of(app: AppTest) -> Deck:
    found: Deck = app.session_state["shared|deck"]
    return found


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def take(app: AppTest, **query: str) -> AppTest:
    visit(app, "pages/conference.py", **query)
    return press(app, "Prendre ce diaporama")


def test_a_ready_deck_is_taken_edited_and_shortened_with_a_way_back(real_app: AppTest) -> None:
    take(real_app, modele="region", region="53")
    before = deck_of(real_app)
    assert len(before.scenes) >= 8 and "Bretagne" in before.title
    next(w for w in real_app.text_area if w.label == "Titre").set_value("Mon titre « à moi »").run()
    assert deck_of(real_app).scenes[0].title == "Mon titre « à moi »"
    press(real_app, "Descendre")
    assert deck_of(real_app).scenes[1].title == "Mon titre « à moi »"
    press(real_app, "Retirer")
    assert len(deck_of(real_app).scenes) == len(before.scenes) - 1
    press(real_app, "Annuler")
    assert len(deck_of(real_app).scenes) == len(before.scenes)


def test_a_view_of_any_page_becomes_a_scene(real_app: AppTest) -> None:
    visit(real_app, "pages/regions.py", region=["53", "52"])
    press(real_app, "Ajouter cette vue au diaporama")
    scene = deck_of(real_app).scenes[-1]
    assert scene.page == "regions" and dict(scene.query)["region"] == ("53", "52")
    visit(real_app, "pages/conference.py")
    assert len(deck_of(real_app).scenes) == 1
    assert len(real_app.dataframe) >= 1


@pytest.mark.parametrize(
    "path", [p.path for n, p in frame.PAGES.items() if n not in ("conference", "espace") and p.is_in_menu]
)
def test_every_page_offers_its_view(app: AppTest, path: str) -> None:
    visit(app, path)
    press(app, "Ajouter cette vue au diaporama")
    assert frame.PAGES[deck_of(app).scenes[-1].page].path == path


def test_my_study_needs_a_territory_and_then_makes_a_deck(real_app: AppTest) -> None:
    visit(real_app, "pages/conference.py", modele="etude")
    assert any("choisissez son périmètre" in i.value for i in real_app.info)
    visit(real_app, "pages/etude.py", depart="epci:243500741")
    visit(real_app, "pages/conference.py", modele="etude")
    press(real_app, "Prendre ce diaporama")
    assert {s.page for s in deck_of(real_app).scenes} >= {"etude"}


def test_presenting_shows_one_scene_and_nothing_else(real_app: AppTest) -> None:
    visit(real_app, "pages/conference.py", presenter="1", scene="2")
    assert not real_app.title and not real_app.button
    shown = " ".join(h.proto.body for h in real_app.get("html"))
    assert "ptce-scene" in shown and "2 / " in shown
    visit(real_app, "pages/conference.py", presenter="1", scene="999", notes="1")
    shown = " ".join(h.proto.body for h in real_app.get("html"))
    assert "ptce-notes" in shown
    count = len(deck_of(real_app).scenes)
    assert f"{count} / {count}" in shown


@pytest.mark.parametrize(
    ("step", "at", "expected"),
    [("next", "1", "2"), ("previous", "1", "1"), ("last", "1", "5"), ("first", "4", "1"), ("next", "5", "5")],
)
def test_keys_move_within_the_deck(step: str, at: str, expected: str) -> None:
    state = _State(scene=at, presenter=True, notes=False)
    stage._go(state, step, 5)  # type: ignore[arg-type]
    assert state.values["scene"] == expected


def test_keys_show_notes_and_leave() -> None:
    state = _State(scene="1", presenter=True, notes=False)
    stage._go(state, "notes", 5)  # type: ignore[arg-type]
    stage._go(state, "leave", 5)  # type: ignore[arg-type]
    assert state.values["notes"] is True and state.values["presenter"] is False


class _State:
    def __init__(self, **values: object) -> None:
        self.values = values

    def get(self, name: str) -> object:
        return self.values[name]

    def set(self, name: str, value: object) -> None:
        self.values[name] = value


def test_slides_are_prepared_from_the_deck(app: AppTest) -> None:
    take(app, section="fichiers")
    press(app, "Préparer les diapositives")
    assert not app.error


def test_hostile_words_stay_words_on_the_stage() -> None:
    table = TableVisual(tuple(HOSTILE_NAMES[:2]), (tuple(HOSTILE_NAMES[2:4]),), ("left", "right"))
    html = stage.table_html(table, HOSTILE_NAMES[0])
    assert "<script" not in html and "<img" not in html and "`" not in html


def test_a_scene_leaves_room_for_its_words(real: Dataset) -> None:
    from ptce_data import deck as decks

    for scene in decks.france(real).scenes:
        shown = scenes.content(real, scene)
        assert 420 <= stage.room_for(shown, shown.note) <= 800


def test_french_spaces_do_not_break() -> None:
    assert text.no_break("type « rural » : 30 %") == "type «\u00a0rural\u00a0»\u00a0: 30\u00a0%"
    assert text.no_break("a:b") == "a:b"


def test_the_page_tells_what_to_do_first(app: AppTest) -> None:
    visit(app, "pages/conference.py")
    assert any("ajoutez une vue" in i.value for i in app.info)
    assert "salle" in words(app)
