"""Small territories worked out by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from territory_small import LOST, area, inputs

from ptce_data.territories import Rules, TerritoryError, classify, indicators
from ptce_data.territories.classify import references, zone_evidence

#: Industrial neighbour that keeps its workers: it makes the nation less deindustrialised than LOST.
STABLE = {"workers_employed_1982": 20.0, "workers_employed_2011": 20.0, "population": 1000, **area(2)}


def run(*communes: dict[str, Any], **changes: Any) -> pd.DataFrame:
    return classify(inputs(*communes), Rules(**changes)).communes


def first(*communes: dict[str, Any], **changes: Any) -> pd.Series:
    return run(*communes, **changes).iloc[0]


def test_national_values_are_those_of_all_communes_with_figures() -> None:
    table = inputs(LOST, STABLE)
    nation = references(indicators(table), Rules())
    # (60 + 20) of 200 active in 1982; (20 + 20) of 200 in 2011; 30 + 10 unemployed of 200 in 2011.
    assert nation == {"base_share": 40.0, "end_share": 20.0, "unemployment": 20.0}
    given = references(indicators(table), Rules(national_base_share_pct=50, national_unemployment_rate_pct=5))
    assert given == {"base_share": 50.0, "end_share": 20.0, "unemployment": 5.0}


def test_unemployed_workers_count_in_the_share_but_not_in_the_jobs() -> None:
    row = {"workers_employed_1982": 30.0, "workers_unemployed_1982": 10.0}
    data = indicators(inputs(row))
    assert data.communes["workers_share_1982_pct"].item() == 40.0
    assert data.ze["workers_1982"].item() == 40.0
    assert data.ze["workers_employed_1982"].item() == 30.0


def test_r1_and_r2_hold_where_industry_was_lost() -> None:
    evidence = zone_evidence(indicators(inputs(LOST, STABLE)), "ze", Rules())
    assert evidence.loc["0101"].all()
    assert not evidence.loc["0102"].any()


@pytest.mark.parametrize(
    ("change", "rule", "part"),
    [
        ({"unemployed_25_54_2011": 5.0, "employed_25_54_2011": 95.0}, "r1", "unemployment_above_national"),
        ({"workers_employed_1982": 15.0, "workers_employed_2011": 5.0}, "r1", "base_share_above_national"),
        ({"workers_employed_2011": 60.0}, "r1", "jobs_fell"),
        ({"workers_employed_2011": 59.0}, "r2", "share_fell_more"),
    ],
)
def test_each_part_of_r1_and_r2_can_fail_alone(change: dict[str, Any], rule: str, part: str) -> None:
    stable = {**STABLE, "workers_employed_2011": 10.0} if part == "share_fell_more" else STABLE
    evidence = zone_evidence(indicators(inputs({**LOST, **change}, stable)), "ze", Rules())
    assert not evidence.loc["0101", part]
    assert not evidence.loc["0101", rule]
    assert not evidence.loc["0101", "declined"]


def test_a_deindustrialised_town_by_both_scales_and_a_zoning_has_strength_three() -> None:
    town = first({**LOST, "ber": 1}, STABLE)
    assert town["territory_type"] == "desindustrialise"
    assert town["deindustrialised_strength"] == 3
    assert town[["declined_ze", "declined_epci", "r3", "above_national_base"]].all()


def test_the_scales_are_read_apart() -> None:
    # A town that lost its industry, alone in its EPCI, in a large zone d'emploi that did not.
    big = {**STABLE, "ze2020": "0101", "ze2020_label": "Une", "employed_25_54_1982": 9000.0}
    town = first(LOST, {**big, "employed_25_54_2011": 9000.0})
    assert bool(town["declined_epci"]) and not bool(town["declined_ze"])
    assert town["deindustrialised_strength"] == 1
    without = first(LOST, {**big, "employed_25_54_2011": 9000.0}, scale_epci=False)
    assert without["deindustrialised_strength"] == 0
    assert without["territory_type"] == "urbain_autre"


def test_the_commune_itself_must_have_been_industrial() -> None:
    rich = {"workers_employed_1982": 10.0}
    result = run(rich, {**LOST, "employed_25_54_1982": 900.0, "workers_employed_1982": 800.0}, STABLE)
    assert bool(result.loc[0, "declined_ze"])
    assert not bool(result.loc[0, "is_deindustrialised"])
    assert result.loc[0, "deindustrialised_strength"] == 0
    free = run(rich, {**LOST, "workers_employed_1982": 80.0}, STABLE, own_share_required=False)
    assert bool(free.loc[0, "is_deindustrialised"])


@pytest.mark.parametrize(
    ("zoning", "changes", "held"),
    [
        ({"ber": 1}, {}, True),
        ({"bud": 1}, {}, True),
        ({"afr": 1}, {}, False),
        ({"territoire_industrie_1": "Vallée"}, {}, False),
        ({"afr": 1, "territoire_industrie_1": "Vallée"}, {}, True),
        ({"afr": 1, "territoire_industrie_2": "Vallée"}, {}, True),
        ({"afr": 1, "territoire_industrie_2": "Vallée"}, {"industry_phases": (1,)}, False),
        ({"ber": 1}, {"zoning_ber": False}, False),
        ({"bud": 1}, {"zoning_bud": False}, False),
        ({"afr": 1, "territoire_industrie_1": "Vallée"}, {"zoning_afr_industry": False}, False),
        ({"ber": 1}, {"rule_r3": False}, False),
    ],
)
def test_r3(zoning: dict[str, Any], changes: dict[str, Any], held: bool) -> None:
    # Above the national share of 1982, but neither R1 nor R2 (no job lost).
    kept = {"workers_employed_1982": 40.0, "workers_employed_2011": 40.0}
    town = first({**kept, **zoning}, STABLE, **changes)
    assert bool(town["is_deindustrialised"]) is held
    assert town["territory_type"] == ("desindustrialise" if held else "urbain_autre")


@pytest.mark.parametrize("level", range(1, 8))
def test_rural_is_levels_five_to_seven(level: int) -> None:
    row = first({"density_level": level})
    assert bool(row["is_rural"]) is (level >= 5)
    assert row["territory_type"] == ("rural" if level >= 5 else "urbain_autre")


@pytest.mark.parametrize(
    ("size", "place", "held"), [(2, 20, True), (1, 20, False), (5, 20, True), (4, 11, False)]
)
def test_periurban_is_the_ring_of_an_area_of_fifty_thousand(size: int, place: int, held: bool) -> None:
    row = first({"taav2017": size, "cateaav2020": place})
    assert bool(row["is_periurban"]) is held


QPV = {"qpv_count": 2}
RURAL = {"density_level": 6}
RING = {"taav2017": 3, "cateaav2020": 20}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({**RURAL, **RING}, "periurbain"),
        ({**RURAL, **RING, **QPV, **LOST}, "periurbain"),
        (RURAL, "rural"),
        ({**RURAL, **QPV, **LOST}, "rural"),
        (LOST, "desindustrialise"),
        ({**LOST, **QPV, **RING}, "desindustrialise"),
        (QPV, "quartier_populaire_urbain"),
        ({**QPV, **RING}, "quartier_populaire_urbain"),
        (RING, "periurbain"),
        ({}, "urbain_autre"),
    ],
)
def test_the_order_of_types(facts: dict[str, Any], expected: str) -> None:
    assert first(facts, STABLE)["territory_type"] == expected


def test_a_quarter_in_a_rural_commune_does_not_make_it_a_quartier_populaire_urbain() -> None:
    row = first({**RURAL, **QPV})
    assert bool(row["has_qpv"]) and not bool(row["is_urban_working_class"])


def test_another_order_gives_other_types() -> None:
    order = ("desindustrialise", "periurbain_rural", "rural", "quartier_populaire_urbain", "periurbain")
    assert first({**RURAL, **LOST}, STABLE, type_order=order)["territory_type"] == "desindustrialise"


def test_unknown_stays_unknown_and_a_known_fact_settles() -> None:
    no_figure = {f"{c}_{y}": None for c in ("employed_25_54", "unemployed_25_54") for y in (1982, 2011)}
    no_figure |= {f"{c}_{y}": None for c in ("workers_employed", "workers_unemployed") for y in (1982, 2011)}
    town, village, plain = (
        {**no_figure, **area(3)},
        {**no_figure, **area(4), **RURAL},
        {**no_figure, **area(5), **QPV},
    )
    table = run(town, village, plain, LOST, STABLE)
    assert pd.isna(table.loc[0, "is_deindustrialised"])
    assert pd.isna(table.loc[0, "deindustrialised_strength"])
    assert pd.isna(table.loc[0, "territory_type"])
    assert table.loc[0, "possible_types"] == "desindustrialise|urbain_autre"
    # Rural comes first in the order: what is unknown cannot change the type.
    assert table.loc[1, "territory_type"] == "rural"
    assert pd.isna(table.loc[1, "is_deindustrialised"]) and pd.isna(table.loc[1, "possible_types"])
    assert table.loc[2, "possible_types"] == "desindustrialise|quartier_populaire_urbain"


def test_a_commune_without_its_own_figure_is_settled_by_its_neighbours() -> None:
    zero = {"employed_25_54_1982": 0.0, "unemployed_25_54_1982": 0.0, "workers_employed_1982": 0.0}
    table = run({**zero, **area(2)}, STABLE, LOST)
    # Neither its zone, nor its EPCI, nor a zoning: whatever its own past, it is not deindustrialised.
    assert pd.isna(table.loc[0, "above_national_base"])
    assert table.loc[0, "is_deindustrialised"] is not pd.NA and not table.loc[0, "is_deindustrialised"]
    beside = run(zero, LOST, STABLE)
    assert pd.isna(beside.loc[0, "is_deindustrialised"])


def test_an_island_without_epci_is_unknown_at_that_scale_only() -> None:
    row = first({"epci_siren": None, "epci": None, "workers_employed_2011": 30.0}, LOST, STABLE)
    assert pd.isna(row["declined_epci"])
    assert not pd.isna(row["declined_ze"])


def test_a_zone_too_little_covered_is_unknown() -> None:
    gap = {"employed_25_54_1982": None, "population": 100}
    covered = zone_evidence(indicators(inputs(LOST, gap, STABLE)), "ze", Rules(min_coverage_pct=90))
    assert bool(covered.loc["0101", "declined"])
    strict = zone_evidence(indicators(inputs(LOST, gap, STABLE)), "ze", Rules(min_coverage_pct=95))
    assert strict.loc["0101"].isna().all()


def test_the_same_figure_as_the_nation_is_enough() -> None:
    # One commune is the nation: at or above its own shares, but it cannot fall more than itself.
    evidence = zone_evidence(indicators(inputs(LOST)), "ze", Rules())
    assert bool(evidence.loc["0101", "r1"]) and not bool(evidence.loc["0101", "r2"])


def test_years_absent_from_the_data_are_refused() -> None:
    with pytest.raises(TerritoryError, match=r"« base_year » : 1990 n’est pas dans les données.*1982, 2011"):
        classify(inputs(LOST), Rules(base_year=1990))


def test_nothing_switched_on_makes_nothing_deindustrialised() -> None:
    table = run({**LOST, "ber": 1}, STABLE, rule_r1=False, rule_r2=False, rule_r3=False)
    assert (table["is_deindustrialised"] == False).all()  # noqa: E712


def test_classify_changes_neither_its_input_nor_its_indicators() -> None:
    table = inputs(LOST, STABLE, QPV)
    before = table.copy(deep=True)
    classify(table)
    pd.testing.assert_frame_equal(table, before)
    data = indicators(table)
    copies = [data.communes.copy(), data.epci.copy(), data.ze.copy(), data.national.copy()]
    classify(data, Rules(min_qpv=2))
    for now, then in zip((data.communes, data.epci, data.ze, data.national), copies, strict=True):
        pd.testing.assert_frame_equal(now, then)


# Areas


def test_an_epci_takes_the_type_of_its_largest_population() -> None:
    result = classify(inputs({**QPV, "population": 500}, {**RURAL, "population": 300}, {"population": 200}))
    epci = result.epci.iloc[0]
    assert epci["territory_type"] == "quartier_populaire_urbain"
    assert epci["share_quartier_populaire_urbain_pct"] == 50.0
    assert epci["share_rural_pct"] == 30.0
    assert epci["share_urbain_autre_pct"] == 20.0
    assert epci["share_unknown_pct"] == 0.0


def test_an_epci_itself_deindustrialised_and_urban_enough_takes_that_type() -> None:
    rows = ({**LOST, "population": 100}, {**QPV, **LOST, "workers_employed_1982": 10.0, "population": 900})
    table = inputs({**rows[0], "workers_employed_1982": 95.0}, rows[1], STABLE)
    result = classify(table)
    epci = result.epci.set_index("epci_siren").loc["200000001"]
    assert epci["share_quartier_populaire_urbain_pct"] == 90.0
    assert epci["territory_type"] == "desindustrialise"
    off = classify(table, Rules(deindustrialised_override=False)).epci.set_index("epci_siren")
    assert off.loc["200000001", "territory_type"] == "quartier_populaire_urbain"
    rural = classify(table.assign(density_level=[1, 6, 1])).epci.set_index("epci_siren")
    assert rural.loc["200000001", "territory_type"] == "rural"


@pytest.mark.parametrize(("zoned", "expected"), [(500, "desindustrialise"), (499, "urbain_autre")])
def test_half_of_the_population_under_r3_is_enough(zoned: int, expected: str) -> None:
    low = {"workers_employed_1982": 1.0}
    table = inputs({**low, "ber": 1, "population": zoned}, {**low, "population": 1000 - zoned}, STABLE)
    epci = classify(table).epci.set_index("epci_siren").loc["200000001"]
    assert epci["territory_type"] == expected
    assert epci["share_r3_pct"] == zoned / 10


def test_an_area_type_is_unknown_when_unknown_communes_could_change_it() -> None:
    table = inputs({"density_level": None, "population": 400}, {"population": 600}, STABLE)
    assert classify(table).epci.set_index("epci_siren").loc["200000001", "territory_type"] == "urbain_autre"
    larger = table.assign(population=[600, 400, 1000])
    row = classify(larger).epci.set_index("epci_siren").loc["200000001"]
    assert pd.isna(row["territory_type"])
    assert row["possible_types"] == "rural|urbain_autre"
    assert row["share_unknown_pct"] == 60.0


def test_an_area_that_may_be_deindustrialised_has_no_type_even_when_its_communes_have_one() -> None:
    # Half of the area has no figure: R1 and R2 are unknown there, but every commune has a known type.
    gap = {"employed_25_54_1982": None, "employed_25_54_2011": None, **RURAL, "population": 400}
    table = inputs({**QPV, "workers_employed_1982": 5.0, "population": 600}, gap, STABLE)
    row = classify(table).epci.set_index("epci_siren").loc["200000001"]
    assert row["share_unknown_pct"] == 0
    assert pd.isna(row["territory_type"])
    assert row["possible_types"] == "desindustrialise|quartier_populaire_urbain"


def test_zones_demploi_have_types_and_shares_too() -> None:
    ze = classify(inputs(QPV, RURAL, {**RURAL, **area(2)})).ze.set_index("ze2020")
    assert ze.loc["0102", "territory_type"] == "rural"
    assert ze.loc["0101", "share_rural_pct"] == 50.0
    # An exact tie goes to the first in the order of the legend.
    assert ze.loc["0101", "territory_type"] == "rural"


def test_an_empty_area_has_no_type() -> None:
    row = classify(inputs({"population": 0}, STABLE)).epci.set_index("epci_siren").loc["200000001"]
    assert pd.isna(row["territory_type"])
    assert pd.isna(row["share_rural_pct"])
