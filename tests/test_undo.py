"""What was removed comes back: the stack itself, then one removal of each kind on its page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from ptce_ui import deckdesk, losses, pagestate, undo


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a session shares, in a dictionary."""
    kept: dict[str, Any] = {}
    monkeypatch.setattr(pagestate, "share", kept.__setitem__)
    monkeypatch.setattr(pagestate, "shared", kept.get)
    return kept


#: An edit: remove the lines of some positions, add one, or put another list in the place of this one.
EDITS = some.lists(
    some.one_of(
        some.tuples(some.just("remove"), some.sets(some.integers(0, 6), min_size=1, max_size=3)),
        some.tuples(some.just("replace"), some.lists(some.text(max_size=2), max_size=4)),
    ),
    max_size=30,
)


class Desk:
    """A list that is edited as the pages do it; equal lines are told apart by nothing but their place."""

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = tuple("abcab")

    def remove(self, positions: set[int]) -> None:
        kept = tuple(line for at, line in enumerate(self.lines) if at not in positions)
        gone = tuple((at, line) for at, line in enumerate(self.lines) if at in positions)
        undo.remember("liste", "Retiré.", ("lines", gone))
        self.lines = kept

    def replace(self, lines: list[str]) -> None:
        undo.remember("liste", "Remplacé.", ("all", self.lines))
        self.lines = tuple(lines)

    def restore(self, value: tuple[str, Any]) -> tuple[str, Any] | None:
        if value[0] == "lines":
            self.lines = undo.put_back(self.lines, value[1])
            return None
        displaced, self.lines = self.lines, value[1]
        return "Remplacé.", ("all", displaced)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(EDITS)
def test_undone_edits_give_back_every_state_in_turn(session: dict[str, Any], edits: list[Any]) -> None:
    session.clear()
    desk, states = Desk(), []
    for kind, what in edits:
        states.append(desk.lines)
        desk.remove(what) if kind == "remove" else desk.replace(what)
    assert undo.count("liste") == min(len(edits), undo.MOST_STEPS)
    for state in states[: -undo.MOST_STEPS - 1 : -1]:
        undo.back("liste", desk.restore)
        assert desk.lines == state
    assert undo.count("liste") == 0
    before = desk.lines
    undo.back("liste", desk.restore)
    assert desk.lines == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(some.lists(some.lists(some.integers(), max_size=3), min_size=1, max_size=12), some.data())
def test_nothing_that_undoing_displaced_is_ever_out_of_reach(
    session: dict[str, Any], made: list[list[int]], data: some.DataObject
) -> None:
    session.clear()
    desk = Desk()
    put = {desk.lines}
    for number, lines in enumerate(made):
        desk.replace([str(number), *map(str, lines)])
        put.add(desk.lines)
        for _ in range(data.draw(some.integers(0, 3))):
            undo.back("liste", desk.restore)
    met = {desk.lines}
    for turn in (undo.again, undo.back):
        for _ in range(2 * undo.MOST_STEPS):
            turn("liste", desk.restore)
            met.add(desk.lines)
    assert met == put


@given(some.lists(some.integers(0, 3), max_size=9), some.sets(some.integers(0, 8)))
def test_lost_lines_are_found_and_put_back(lines: list[int], positions: set[int]) -> None:
    kept = [line for at, line in enumerate(lines) if at not in positions]
    gone = losses.lost(lines, kept)
    assert gone is not None and len(gone) == len(lines) - len(kept)
    assert list(losses.put_back(kept, gone)) == lines


def test_a_list_that_holds_something_new_lost_nothing_that_could_be_told() -> None:
    assert losses.lost([1, 2, 3], [1, 9]) is None
    assert losses.put_back([5, 1], ((0, 1), (1, 2)), key=str) == (5, 2, 1)


@pytest.mark.parametrize(
    ("before", "after", "is_cut"),
    [
        ("Un long texte écrit", "", True),
        ("Un long texte écrit", "   ", True),
        ("Un long texte écrit", "Un", True),
        ("Un long texte écrit", "Tout autre chose", True),
        ("Un long texte écrit", "Un long texte récrit", False),
        ("Un long texte écrit", "Un long texte écrit, et plus", False),
        ("", "Nouveau", False),
        ("Pareil", "Pareil", False),
    ],
)
def test_a_text_is_worth_bringing_back_when_most_of_it_went(before: str, after: str, is_cut: bool) -> None:
    assert losses.is_cut(before, after) is is_cut


def test_the_memory_of_a_session_is_bounded_and_the_newest_is_always_kept(
    session: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "MOST_BYTES", 1_000)
    for number in range(8):
        undo.remember(f"lieu {number % 2}", f"Pas {number}.", number, size=300)
    assert sum(step.size for step in session["undo_past"]) <= 1_000
    undo.remember("autre", "Énorme.", "x", size=10_000)
    assert [step.words for step in session["undo_past"]] == ["Énorme."]
    undo.remember("autre", "Petit.", "x")
    assert [step.words for step in session["undo_past"]] == ["Petit."]
    monkeypatch.setattr(undo, "MOST_BYTES", 100_000)
    for number in range(2 * undo.MOST_IN_ALL):
        undo.remember(f"place {number}", "Retiré.", None)
    assert len(session["undo_past"]) == undo.MOST_IN_ALL


def test_places_do_not_mix_and_steps_of_one_mark_are_one(session: dict[str, Any]) -> None:
    undo.remember("a", "Un.", 1)
    undo.remember("b", "Deux.", 2, mark="m")
    undo.remember("b", "Trois.", 3, mark="m")
    back: list[int] = []
    undo.back("b", back.append)
    undo.back("b", back.append)
    undo.back("a", back.append)
    assert back == [2, 1]


def test_what_cannot_be_put_back_now_is_kept_for_later(session: dict[str, Any]) -> None:
    def full(value: object) -> None:
        raise undo.Refused("Il n’y a plus de place.")

    undo.remember("a", "Retiré.", 1)
    undo.back("a", full)
    assert undo.count("a") == 1 and session["undo_said"] == "Il n’y a plus de place."
    back: list[int] = []
    undo.back("a", back.append)
    assert back == [1]


def test_the_same_words_twice_are_told_twice(session: dict[str, Any]) -> None:
    undo.remember("a", "Retiré.", 1)
    first = session["undo_said"]
    undo.remember("a", "Retiré.", 2)
    assert session["undo_said"] != first and session["undo_said"].strip("\u00a0") == first


def test_a_removed_scene_comes_back_though_another_took_its_id(session: dict[str, Any]) -> None:
    from ptce_data import deck as decks

    deck = decks.new("Essai", dt.date(2026, 1, 1))
    for page in ("carte", "regions", "donnees"):
        deck = deck.with_scene(page, {})
    deckdesk.put(deck)
    pagestate.share("stored|deck", "lien")
    deckdesk.remove("s3")
    pagestate.share("deck", deckdesk.current().with_scene("etude", {}))
    assert [s.id for s in deckdesk.scenes()] == ["s1", "s2", "s3"]
    undo.back(deckdesk.PLACE, deckdesk.restore)
    assert [(s.id, s.page) for s in deckdesk.scenes()][2:] == [("s4", "donnees"), ("s3", "etude")]
    # The deck is still the saved one: the next version goes over it.
    assert session["stored|deck"] == "lien"
    kept = deckdesk.current()
    deckdesk.put(decks.new("Autre", dt.date(2026, 1, 1)).with_scene("carte", {}))
    assert session["stored|deck"] is None
    undo.back(deckdesk.PLACE, deckdesk.restore)
    assert deckdesk.current() == kept and session["stored|deck"] == "lien"
