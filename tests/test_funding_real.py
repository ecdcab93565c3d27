"""The mixes of the real data: how many of each state, and which; what their sources let us compute."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ptce_data.funding import BASES, CATEGORIES, DEFINITIONS, ORIGINS, STATES, measure
from ptce_data.funding import mixes as documented
from ptce_data.funding.mix import Mix
from ptce_data.load import Dataset


@pytest.fixture(scope="module")
def found(real: Dataset) -> list[Mix]:
    return documented.mixes(real)


@pytest.fixture(scope="module")
def surveys(real: Dataset) -> list[Mix]:
    return documented.samples(real)


def one(mixes: list[Mix], name: str, year: int | None) -> Mix:
    (mix,) = (m for m in mixes if name in m.entity.name and m.year == year)
    return mix


def test_every_figure_is_in_one_mix(real: Dataset, found: list[Mix], surveys: list[Mix]) -> None:
    ids = [f.id for m in (*found, *surveys) for f in m.figures]
    assert sorted(ids) == sorted(real.funding_figures["id"])
    assert len({m.id for m in (*found, *surveys)}) == len(found) + len(surveys)


def test_the_number_of_mixes_of_each_state(found: list[Mix], surveys: list[Mix]) -> None:
    """43 figures of organisations make 33 mixes, most of them a single figure.

    Complete: 8 Fablab 2014, Atelier de Beauvais 2014, Club Gier 2016, Mains d'Œuvres (a target), Arles
    2006 and 2020. Partial: Plastipolis, and the buildings of Le Périscope and Realis, whose total is
    unknown. No two rows of the table contradict each other: the one disagreement that we know of
    (La Fabrique Pola, 35 or 30 %) stands in a note.
    """
    assert Counter(m.state for m in found) == {"single": 24, "complete": 6, "partial": 3}
    assert {m.entity.name for m in found if m.state == "complete"} == {
        "8 Fablab",
        "L’Atelier de Beauvais (fab lab)",
        "Club Gier Entreprises (Loire)",
        "Mains d'Œuvres",
        "Pôle Culture et patrimoines (Arles)",
    }
    assert Counter(m.state for m in surveys) == {"single": 5, "partial": 3, "complete": 1}


def test_the_bases_are_those_that_were_read(found: list[Mix]) -> None:
    by_base = Counter(m.base for m in found)
    assert by_base == {
        "non_precisee": 10,
        "budget_annuel": 8,
        "chiffre_affaires": 3,
        "investissement": 3,
        "batiment": 2,
        "cumul": 2,
        "demarrage": 2,
        "projet": 2,
        "revenus_prives": 1,
    }
    assert list(dict.fromkeys(g.base for g in documented.grouped(found, "kind"))) == [
        base for base in BASES if base in by_base
    ]


def test_plastipolis_is_partial_and_of_an_unknown_total(found: list[Mix]) -> None:
    mix = one(found, "Polymeris", None)
    assert mix.total is not None and mix.total.eur == 641_745
    assert mix.missing is not None
    assert mix.missing.point == pytest.approx((641_745 - 527_520) / 641_745 * 100)
    assert measure(mix, "part_publique").value is None
    assert "ne dit pas" in str(measure(mix, "part_publique").reason)
    assert measure(mix, "nombre_financeurs").low == 4


def test_a_range_stays_a_range(found: list[Mix]) -> None:
    mix = one(found, "Arles", 2020)
    public = measure(mix, "part_publique")
    assert (mix.state, public.value, public.low, public.high) == ("complete", None, 55, 60)


def test_a_target_is_told(found: list[Mix]) -> None:
    mix = one(found, "Mains d'Œuvres", None)
    assert (mix.state, mix.stage) == ("complete", "objectif")


def test_a_total_alone_is_no_part(found: list[Mix]) -> None:
    for name, year, total in (("Florange", None, 252_000), ("Écopôle alimentaire", 2018, 2_500_000)):
        mix = one(found, name, year)
        assert mix.parts == () and mix.total is not None and mix.total.eur == total
        assert mix.missing is not None and mix.missing.point == 100


def test_a_bound_stays_a_bound(found: list[Mix]) -> None:
    share = one(found, "Initiatives et Cité", 2013).parts[0].share
    assert share is not None and (share.low, share.high, share.point) == (0, 7, None)


def test_a_survey_says_at_least(surveys: list[Mix]) -> None:
    public = measure(one(surveys, "CNRS", 2005), "part_publique")
    assert (public.value, public.low, public.high) == (None, 59, 100), "13 + 13 + 4 + 16 + 1 + 12"
    poles = one(surveys, "PTCE enquêtés", 2020)
    assert measure(poles, "part_publique").value == 43 and poles.organisations is None
    assert one(surveys, "première vague", 2016).organisations == 69


def test_the_method_says_what_the_code_does(found: list[Mix], surveys: list[Mix]) -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "financements.md").read_text(encoding="utf-8")
    words = {True: "oui", False: "non", None: "?"}
    for c in CATEGORIES.values():
        flags = " | ".join(words[f] for f in (c.is_public, c.is_own_resource, c.is_funder, c.is_cash))
        assert f"| {c.label} | {ORIGINS[c.origin]} | {flags} |" in text
    for label, definition, _ in DEFINITIONS.values():
        assert f"**{label}**" in text and definition in text
    assert all(f"| {label} |" in text for label in BASES.values())
    for state, (label, _) in STATES.items():
        counts = [sum(m.state == state for m in mixes) for mixes in (found, surveys)]
        (row,) = (r for r in text.splitlines() if r.startswith(f"| {label.lower()} |"))
        assert row.endswith(f"| {counts[0]} | {counts[1]} |")
