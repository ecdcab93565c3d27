"""A masked count cannot be found again from what is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data.sirene import geography, secrecy
from ptce_data.sirene import nomenclatures as codes
from tests.sirene.attack import Attack

AT = {key: position for position, key in enumerate(codes.KEYS)}
SECTORS = ("secteur:S", "secteur:R", "secteur:Q", "secteur:A")


def places(epci: list[int], types: list[int]) -> geography.Geography:
    """Communes by EPCI; two EPCI make a département, two of these a region (of before 2016 too)."""
    rows = [
        {
            "commune_insee": f"{position:05d}",
            "epci_siren": f"e{one}",
            "departement_code": f"d{one // 2}",
            "former_region_code": f"a{one // 4}",
            "region_code": f"r{one // 4}",
            "territory_type": f"t{kind}",
            "population": 100,
        }
        for position, (one, kind) in enumerate(zip(epci, types, strict=True))
    ]
    return geography.build(pd.DataFrame(rows))


def counted(sectors: list[list[int]], others: list[tuple[int, int, int]]) -> np.ndarray:
    """Counts of communes: ESS by sector (all associations, two bands), no, unknown, form without the field."""
    made = np.zeros((len(sectors), len(codes.KEYS)), dtype="int64")
    for row, (parts, (no, unknown, form)) in enumerate(zip(sectors, others, strict=True)):
        ess = sum(parts)
        made[row, [AT[key] for key in SECTORS]] = parts
        made[row, AT["famille:association"]] = ess - ess // 3
        made[row, AT["famille:mutuelle"]] = ess // 3
        made[row, AT["effectif:nn"]] = ess - ess // 4
        made[row, AT["effectif:1_9"]] = ess // 4
        made[row, AT[codes.ESS]] = ess
        made[row, AT[codes.UNKNOWN_FIELD]] = unknown
        made[row, AT[codes.FORM_ONLY]] = min(form, no + unknown)
        made[row, AT[codes.ALL]] = ess + no + unknown
        made[row, AT[codes.BEFORE]] = max(0, ess - row % 3)
    return made


@st.composite
def situations(draw: st.DrawFn) -> tuple[geography.Geography, np.ndarray]:
    """A few communes, in a few EPCI and types, with few establishments."""
    size = draw(st.integers(6, 11))
    where = places(
        draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)),
        draw(st.lists(st.integers(0, 1), min_size=size, max_size=size)),
    )
    few = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 9])
    sectors = draw(st.lists(st.lists(few, min_size=4, max_size=4), min_size=size, max_size=size))
    others = st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 3))
    return where, counted(sectors, draw(st.lists(others, min_size=size, max_size=size)))


def possible(
    where: geography.Geography, leaf: np.ndarray
) -> tuple[secrecy.Protection, list[tuple[int, int, float, float]]]:
    """The masks, and for each sensitive count the values it may have for someone who reads the table."""
    counts = where.rolled(leaf)
    found = secrecy.protect(counts, where)
    attack = Attack(where, counts, found.masked)
    return found, [(a, k, *attack.interval(a, k)) for a, k in np.argwhere(found.sensitive & found.proved)]


@settings(max_examples=12, deadline=None)
@given(situations())
def test_no_sensitive_count_can_be_computed_from_what_is_shown(
    situation: tuple[geography.Geography, np.ndarray],
) -> None:
    where, leaf = situation
    found, intervals = possible(where, leaf)
    assert (found.masked | ~found.sensitive).all()
    for area, key, low, high in intervals:
        assert high - low > 0.99, f"{where.frame['code'][area]}, {codes.KEYS[key]} : {low} à {high}"


def test_the_attack_finds_what_primary_masks_alone_give_away() -> None:
    where = places([0, 0, 1, 1], [0, 0, 0, 0])
    leaf = counted([[5, 4, 9, 0], [5, 2, 9, 0], [5, 4, 9, 0], [5, 4, 9, 0]], [(9, 0, 0)] * 4)
    counts = where.rolled(leaf)
    alone = Attack(where, counts, secrecy.sensitive_counts(counts))
    assert alone.interval(1, AT["secteur:R"]) == pytest.approx((2, 2))
    masked = secrecy.protect(counts, where).masked
    low, high = Attack(where, counts, masked).interval(1, AT["secteur:R"])
    assert low < 2 < high or (low, high) != pytest.approx((2, 2))


def test_totals_and_the_complement_of_the_ess_are_protected() -> None:
    where = places([0, 0, 1, 1], [0, 0, 0, 0])
    leaf = counted(
        [[2, 0, 0, 0], [6, 6, 0, 0], [9, 9, 0, 0], [9, 9, 0, 0]],
        [(20, 0, 0), (1, 0, 0), (20, 0, 0), (20, 0, 0)],
    )
    found, intervals = possible(where, leaf)
    ess = AT[codes.ESS]
    assert found.sensitive[0, ess], "moins de trois"
    assert found.sensitive[1, ess], "tous sauf un sont de l’ESS"
    assert found.unproved == 0
    assert not found.masked[-1, ess]
    assert all(high - low > 0.99 for *_, low, high in intervals)


def test_the_threshold_is_a_parameter_and_zero_is_shown() -> None:
    where = places([0, 0, 0, 0], [0, 0, 0, 0])
    leaf = counted([[8, 4, 0, 9]] * 4, [(20, 0, 0)] * 4)
    counts = where.rolled(leaf)
    key = AT["secteur:R"]
    assert not secrecy.protect(counts, where).masked[:, [AT[name] for name in SECTORS]].any()
    wider = secrecy.protect(counts, where, threshold=5)
    assert wider.masked[:4, key].all()
    assert not wider.sensitive[:, AT["secteur:Q"]].any()


def test_what_cannot_be_proved_is_counted() -> None:
    alone = places([0], [0])
    counts = alone.rolled(counted([[2, 0, 0, 0]], [(0, 0, 0)]))
    assert secrecy.protect(counts, alone).unproved > 0
