"""Names as people type them, on the real data."""

from __future__ import annotations

import pytest

from ptce_data import finding
from ptce_data.load import Dataset


def names(dataset: Dataset, text: str, **options: object) -> list[tuple[str, str]]:
    return [(h.kind, h.name) for h in finding.find(dataset, text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("occitanie", ("region", "Occitanie")),
        ("ILLE ET VILAINE", ("departement", "Ille-et-Vilaine")),
        ("redon agglomération", ("epci", "CA Redon Agglomération")),
        ("35236", ("commune", "Redon")),
        ("243500741", ("epci", "CA Redon Agglomération")),
        ("articulteurs", ("pole", "Les Articulteurs")),
        # An exact name before a wider territory that only holds it.
        ("paris", ("departement", "Paris")),
        ("Saint-Étienne", ("commune", "Saint-Étienne")),
    ],
)
def test_the_first_answer_is_what_was_meant(real: Dataset, text: str, first: tuple[str, str]) -> None:
    assert names(real, text)[0] == first


def test_territories_and_places_are_limited_apart_and_kinds_kept(real: Dataset) -> None:
    found = finding.find(real, "saint", limit=3)
    assert [h.is_territory for h in found] == [True] * 3 + [False] * 3
    only = finding.find(real, "nantes", 3, ("epci", "commune"))
    assert {h.kind for h in only} == {"epci", "commune"}
    assert ("epci", "Nantes Métropole") in [(h.kind, h.name) for h in only]


def test_a_place_says_where_it_is(real: Dataset) -> None:
    hit = finding.find(real, "les articulteurs")[0]
    assert (hit.region_code, hit.epci_siren, hit.commune_insee) == ("53", "243500741", "35236")


@pytest.mark.parametrize("text", ["", " ", "x", "introuvable nulle part", "<b>", "[", "%"])
def test_nothing_is_found_for_nothing(real: Dataset, text: str) -> None:
    assert finding.find(real, text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Bretagne et Pays de la Loire", ("53", "52")),
        ("bretagne, pays de la", ("53", "52")),
        ("Occitanie", ("76",)),
        ("Bretagne / Bretagne", ("53",)),
        ("Bretagne, Atlantide", ()),
        ("", ()),
    ],
)
def test_regions_are_read_out_of_a_sentence(real: Dataset, text: str, codes: tuple[str, ...]) -> None:
    assert finding.regions(real, text) == codes
