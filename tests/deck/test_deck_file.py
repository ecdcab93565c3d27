"""A deck's file: it loads back identically, and what is broken is refused with one sentence."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ptce_data.deck import Deck, DeckFileError, Scene, dump, new, query, read, scene_query
from ptce_data.deck.model import FORMAT, MAX_SCENES

DAY = datetime.date(2026, 11, 22)
texts = st.text(max_size=40)
names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
scenes = st.builds(
    Scene,
    id=st.from_regex(r"[0-9A-Za-z][0-9A-Za-z:_.\-]{0,12}", fullmatch=True),
    page=names,
    query=st.dictionaries(names, st.lists(texts, min_size=1, max_size=3), max_size=4).map(query),
    title=texts,
    message=texts,
    notes=texts,
)
decks = st.builds(
    Deck,
    title=texts,
    organisation=texts,
    created=st.dates(),
    modified=st.dates(),
    scenes=st.lists(scenes, max_size=4, unique_by=lambda s: s.id).map(tuple),
)


def a_deck(**more: Any) -> Deck:
    return new("Diaporama", DAY, [Scene(id="s1", page="carte", query=(("region", ("53",)),))]).replace(**more)


def changed(**fields: Any) -> bytes:
    return json.dumps({**json.loads(dump(a_deck())), **fields}).encode()


def scene(**fields: Any) -> bytes:
    return changed(scenes=[{"id": "a", "page": "carte", **fields}])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(decks)
def test_a_file_loads_back_identically(deck: Deck) -> None:
    data = dump(deck)
    again = read(data)
    assert again == deck
    assert dump(again) == data


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | st.recursive(st.none() | st.integers() | texts, lambda s: st.lists(s) | st.dictionaries(texts, s)).map(lambda v: json.dumps(v).encode()))  # fmt: skip
def test_any_other_bytes_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(DeckFileError) as found:
        read(data)
    assert str(found.value).startswith("Diaporama non ouvert\u00a0: ")
    assert "\n" not in str(found.value)


SENTENCES = {
    b"": "du JSON bien formé",
    b"\xff{}": "UTF-8",
    b"[" * 1_000_000: "40 niveaux",
    b" " * 5_000_001: "5\u00a0Mo au plus",
    b'{"a": 1, "a": 2}': "chaque clé une seule fois",
    b'{"a": NaN}': "des nombres finis",
    b"[]": "un diaporama enregistré par l’atlas",
    b'{"format": "atlas-ptce-etude", "version": 1}': "un diaporama enregistré par l’atlas",
    json.dumps({"format": FORMAT}).encode(): "un numéro de version",
    json.dumps({"format": FORMAT, "version": True}).encode(): "un numéro de version",
    json.dumps({"format": FORMAT, "version": 2}).encode(): "la version 1 au plus",
    changed(title=1): "un texte",
    changed(title="a" * 301): "300 caractères au plus",
    changed(title="\ud800"): "sans demi-caractère",
    changed(created="hier"): "une date comme",
    changed(inconnu=1): "un champ connu",
    changed(scenes=[{"id": f"s{n}", "page": "carte"} for n in range(MAX_SCENES + 1)]): "100 éléments au plus",
    changed(scenes=[{"id": "a", "page": "carte"}] * 2): "une seule fois",
    scene(page="../etc"): "un code bien formé",
    scene(query=[["region", ["1"]], ["region", ["2"]]]): "chaque paramètre une seule fois",
    scene(query={"region": ["53"]}): "une liste",
    scene(query=[["region", "53"]]): "une liste",
    scene(query=[["region", ["x" * 301]]]): "300 caractères au plus",
}


@pytest.mark.parametrize("data", SENTENCES, ids=lambda d: f"{d[:30]!r}")
def test_what_is_broken_says_what_was_expected(data: bytes) -> None:
    with pytest.raises(DeckFileError, match=SENTENCES[data]):
        read(data)


def test_an_older_file_goes_through_the_migrations() -> None:
    old = changed(version=1, title="Vieux")
    made = read(old, version=1)
    assert made.title == "Vieux"
    with pytest.raises(DeckFileError, match="rien ne mène de la version 1"):
        read(old, version=2, migrations={})
    with pytest.raises(DeckFileError, match="complet de version 1"):
        read(old, version=2, migrations={1: lambda c: {"x": c["absent"]}})


def test_a_deck_too_big_is_not_written() -> None:
    big = a_deck(
        scenes=tuple(
            Scene(id=f"s{n}", page="carte", notes="é" * 20_000, message="é" * 20_000) for n in range(80)
        )
    )
    with pytest.raises(DeckFileError, match="raccourcissez"):
        dump(big)


def test_a_view_is_added_as_its_page_has_it() -> None:
    deck = a_deck().with_scene(
        "regions", {"section": ["proches"], "region": ("53", "52"), "vide": []}, title="T"
    )
    added = deck.scenes[-1]
    assert added.id != deck.scenes[0].id and added.title == "T"
    assert scene_query(added) == {"section": ["proches"], "region": ["53", "52"]}
    with pytest.raises(ValidationError):
        deck.replace(scenes=deck.scenes * 60)
