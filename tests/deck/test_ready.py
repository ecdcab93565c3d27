"""Ready-made decks: one for each region, with titles that the data hold."""

from __future__ import annotations

import csv
import datetime
import json
from collections import Counter
from pathlib import Path

import pytest

from ptce_data import deck as decks
from ptce_data.deck import DeckError, dump, read, scene_query
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.study import new as new_study
from ptce_data.study.model import Perimeter
from ptce_ui import urlstate
from ptce_ui.scenes import address

DAY = datetime.date(2026, 11, 22)
WRONG = ("nan", "None", "NaT", "<NA>", "inconnu des", "  ")


def said(deck: decks.Deck) -> list[str]:
    return [t for s in deck.scenes for t in (s.title, s.message, s.notes) if t]


def check(dataset: Dataset, deck: decks.Deck) -> None:
    assert 8 <= len(deck.scenes) <= 12
    assert read(dump(deck)) == deck
    for scene in deck.scenes:
        parsed = urlstate.parse(scene_query(scene), address.params(dataset, scene.page))
        assert parsed.problems == []
        assert "Comment le dire" in scene.notes
        assert "Limite" in scene.notes or "Source" in scene.notes
    for text in said(deck):
        assert not any(w in text.split() or f" {w} " in text for w in WRONG[:4]), text
        assert text == text.strip() and not text.endswith(" .")


def test_france(real: Dataset) -> None:
    deck = decks.france(real, today=DAY)
    check(real, deck)
    assert deck.title == "Les PTCE en France"
    kinds = Counter(real.places["kind"])
    assert f"{kinds['pole']}\u00a0pôles (PTCE)" in deck.scenes[0].title
    assert {s.page for s in deck.scenes} >= {
        "accueil",
        "carte",
        "territoires",
        "financements",
        "regions",
        "dispositifs",
    }


def test_every_region(real: Dataset) -> None:
    codes = list(real.regions["region_code"])
    assert len(codes) == 18
    places = real.places.groupby(["region_code", "kind"])["uid"].size()
    for code in codes:
        deck = decks.region(real, code, today=DAY)
        check(real, deck)
        row = real.region_codes.set_index("region_code").loc[code]
        assert deck.title.endswith(row["genitive"])
        first = deck.scenes[0].title
        assert row["locative"].lower() in first.lower()
        for kind, noun in (("pole", "pôle"), ("tiers_lieu", "tiers-lieu"), ("cluster", "cluster")):
            count = int(places.get((code, kind), 0))
            spaced = f"{count:,}".replace(",", "\u202f")
            assert (f"{spaced}\u00a0{noun}" in first) is (count > 0), (code, kind)


def test_titles_hold_the_figures_of_the_files(real: Dataset) -> None:
    """Recomputed from the CSV, not from the query layer."""
    with (Path(DATA_DIR) / "support_schemes.csv").open(encoding="utf-8") as file:
        schemes = list(csv.DictReader(file))
    mayotte = {"REG-06", "ANCREG-06", "DEP-976"}
    own = [r for r in schemes if mayotte & set(r["coverage_codes"].split("|"))]
    deck = decks.region(real, "06", today=DAY)
    title = next(s.title for s in deck.scenes if s.page == "dispositifs")
    assert title.startswith(f"{len(own)}\u00a0dispositifs")
    assert real.territories is not None
    types = real.territories.communes[["commune_insee", "territory_type"]]
    shares = real.communes.merge(types, on="commune_insee")
    people = shares.groupby("territory_type", dropna=False)["population"].sum()
    best = people.drop(index=[i for i in people.index if not isinstance(i, str)]).idxmax()
    title = next(s.title for s in decks.france(real, today=DAY).scenes if s.page == "territoires")
    assert f"{people[best] / people.sum() * 100:.0f}\u00a0%" in title


@pytest.mark.parametrize("code", ["", "99", "978", "<script>"])
def test_an_unknown_region_is_refused(real: Dataset, code: str) -> None:
    with pytest.raises(DeckError, match="Aucune région n’a le code"):
        decks.region(real, code)


def test_two_to_ten_regions_are_compared(real: Dataset) -> None:
    codes = list(real.regions["region_code"])
    check(real, decks.compare(real, codes[:3], today=DAY))
    check(real, decks.compare(real, codes[:10], today=DAY))
    for wrong in ([], codes[:1], codes[:1] * 2, codes[:11]):
        with pytest.raises(DeckError, match="deux à dix"):
            decks.compare(real, wrong)
    with pytest.raises(DeckError, match="99"):
        decks.compare(real, ["53", "99"])


def test_a_study_gives_its_parts_and_its_region(real: Dataset) -> None:
    study = new_study("Mon cluster", DAY, Perimeter(epci=("243500741",), zone_km=10.0), organisation="Redon")
    deck = decks.from_study(real, study, today=DAY)
    check(real, deck)
    assert (deck.title, deck.organisation) == ("Mon cluster", "Redon")
    assert sum(s.page == "etude" for s in deck.scenes) == 9
    assert json.loads(dump(deck)).get("perimeter") is None, "the study stays out of the deck"
    empty = decks.from_study(real, new_study("", DAY), today=DAY)
    assert empty.title == "Mon étude" and len(empty.scenes) == 9


def test_the_small_data_and_hostile_names_are_taken(small: Dataset, hostile: Dataset) -> None:
    for dataset in (small, hostile):
        made = [decks.france(dataset, today=DAY)]
        made += [decks.region(dataset, c, today=DAY) for c in dataset.regions["region_code"]]
        for deck in made:
            assert read(dump(deck)) == deck
