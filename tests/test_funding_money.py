"""Calls over time, flows, public money: every value with its source, no envelope in any sum."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from ptce_data.funding import flows, programmes, public_money, quotes
from ptce_data.load import Dataset


@pytest.fixture(scope="module")
def told(real: Dataset) -> pd.DataFrame:
    return programmes.over_time(real)


def values(told: pd.DataFrame, programme: str, metric: str) -> list[float]:
    rows = told[(told["programme_id"] == programme) & (told["metric"] == metric)]
    return sorted(set(rows["value"].tolist()))


# -- calls over time -------------------------------------------------------------------------------


def test_the_call_of_the_small_data_set(small: Dataset) -> None:
    rows = programmes.over_time(small)
    assert rows[["metric", "value", "table", "is_main", "contradicted"]].values.tolist() == [
        ["applications", 10, "programmes", True, False],
        ["laureates", 2, "programmes", True, False],
        ["envelope", 200_000, "programmes", True, False],
        ["envelope", 200_000, "public_awards", False, False],
        ["amount_per_laureate_mean", 100_000, "calcul", True, False],
    ]
    assert programmes.contradictions(small).empty


@pytest.mark.parametrize(
    ("programme", "metric", "expected"),
    [
        ("aap-ptce-2013", "applications", [180, 182]),
        ("aap-ptce-2015", "envelope", [2_700_000, 2_750_000]),
        ("ami-ptce-emergents-2021-phase-1", "applications", [134, 135]),
        ("ami-ptce-2023", "applications", [67, 72]),
        ("appel-experimentation-2011", "laureates", [18, 21, 23]),
    ],
)
def test_contradictions_stand_side_by_side(
    real: Dataset, told: pd.DataFrame, programme: str, metric: str, expected: list[float]
) -> None:
    assert values(told, programme, metric) == expected
    rows = programmes.contradictions(real)
    rows = rows[(rows["programme_id"] == programme) & (rows["metric"] == metric)]
    assert sorted(set(rows["value"])) == expected
    assert (rows["source_id"].notna() | rows["said_by"].notna()).all()


def test_these_are_all_the_contradictions(real: Dataset) -> None:
    rows = programmes.contradictions(real)
    assert len(rows[["programme_id", "metric"]].drop_duplicates()) == 5


def test_a_minimum_contradicts_nobody_that_is_above(told: pd.DataFrame) -> None:
    rows = told[(told["programme_id"] == "appel-experimentation-2011") & (told["metric"] == "applications")]
    assert sorted(rows[["value", "is_minimum", "contradicted"]].values.tolist()) == [
        [130, True, False],
        [150, False, False],
    ]


def test_every_value_has_a_source_that_exists(real: Dataset, told: pd.DataFrame) -> None:
    assert set(told["source_id"].dropna()) <= set(real.sources["id"])
    assert told.loc[told["source_id"].isna(), "said_by"].notna().all()
    assert told["year"].between(2011, 2025).all() and told["year"].is_monotonic_increasing
    assert set(told["metric"]) == set(programmes.METRICS)


def test_the_mean_is_computed_for_each_published_envelope(told: pd.DataFrame) -> None:
    assert values(told, "aap-ptce-2015", "amount_per_laureate_mean") == [
        pytest.approx(2_700_000 / 14),
        pytest.approx(2_750_000 / 14),
    ]
    assert values(told, "ami-ptce-2022", "amount_per_laureate_mean") == [100_000]


def test_an_award_to_a_named_beneficiary_is_no_envelope(real: Dataset, told: pd.DataFrame) -> None:
    used = told.loc[told["table"] == "public_awards", "row_id"]
    awards = real.public_awards.set_index("id").loc[used]
    assert awards["is_envelope"].all()


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("Appel à projets PTCE 2015 (autre chiffre)", 2015, "aap-ptce-2015"),
        ("AMI PTCE phase 2 (2021)", 2021, "ami-ptce-emergents-2021-phase-2"),
        ("AMI permanent « PTCE émergents » (phase 1)", 2021, "ami-ptce-emergents-2021-phase-1"),
        ("AMI PTCE 2021", 2021, None),
        ("AMI « Pôles territoriaux de coopération économique » 2014", 2014, None),
        ("Politique de soutien aux PTCE (crédits budgétaires)", 2024, None),
        ("Fabriques de territoire (AMI 2020-2021)", 2020, None),
        ("AMI PTCE", None, None),
        ("AMI PTCE 2024", None, "ami-ptce-2024"),
    ],
)
def test_a_call_is_matched_only_when_one_fits(
    real: Dataset, name: str, year: int | None, expected: str | None
) -> None:
    calls = {str(r["id"]): r for r in real.programmes.to_dict("records")}
    assert programmes.matched(name, year, calls) == expected


def test_a_quote_holds_only_as_long_as_its_words_stand(real: Dataset) -> None:
    assert len(list(quotes.found(real))) == len(quotes.QUOTES)
    for quote, _ in quotes.found(real):
        assert f"{quote.value:g}" in quote.words
        assert quote.source_id is None or quote.source_id in set(real.sources["id"])
    changed = real.programmes.assign(notes="une autre note")
    left = list(quotes.found(dataclasses.replace(real, programmes=changed)))
    assert [q.value for q, _ in left] == [182]


# -- flows -----------------------------------------------------------------------------------------


def test_flows_have_one_unit(real: Dataset) -> None:
    in_euros, counted, others = (flows.flows(real, unit) for unit in flows.UNITS)
    awards = real.pole_awards
    assert in_euros.awards + others.awards == counted.awards == len(awards) == 72
    assert (in_euros.left_out, counted.left_out) == (others.awards, 0)
    for made, total in ((in_euros, awards["amount_eur"].sum()), (counted, 72), (others, others.awards)):
        first = made.links[made.links["source"].str.startswith("programme:")]
        second = made.links[made.links["source"].str.startswith("region:")]
        assert first["value"].sum() == second["value"].sum() == total
        ends = {*made.links["source"], *made.links["target"]}
        assert ends == set(made.nodes["node_id"]) and made.nodes["node_id"].is_unique
        inward = made.links[made.links["target"].str.startswith("region:")].groupby("target")["value"].sum()
        assert second.groupby("source")["value"].sum().to_dict() == inward.to_dict()
    assert awards["amount_eur"].sum() == 3_280_000


def test_flows_by_region_of_before_2016(real: Dataset) -> None:
    made = flows.flows(real, "laureats", "former_regions")
    labels = set(made.nodes.loc[made.nodes["step"] == "region", "label"])
    assert "Rhône-Alpes" in labels and "Auvergne-Rhône-Alpes" not in labels
    assert made.links["value"].sum() == 2 * 72


def test_flows_without_an_award(small: Dataset) -> None:
    made = flows.flows(small, "laureats_sans_montant")
    assert (made.awards, made.left_out, made.links.empty, made.nodes.empty) == (0, 1, True, True)
    assert flows.flows(small, "eur").links[["source", "target", "value"]].values.tolist() == [
        ["programme:appel-2013", "region:84", 100_000],
        ["region:84", "pole:pole-a", 100_000],
    ]


# -- public money ----------------------------------------------------------------------------------


def test_public_money_of_the_small_data_set(small: Dataset) -> None:
    rows = public_money.by_level_and_region(small).set_index(["code", "funder_level"])
    assert rows.loc[("84", "tous"), "amount_eur"] == 120_000
    assert rows.loc[("84", "tous"), "eur_per_inhabitant"] == pytest.approx(120_000 / 71_000)
    assert rows.loc[("84", "etat"), "amount_eur"] == 100_000
    assert rows.loc[("84", "region"), "amount_eur"] == 20_000
    assert pd.isna(rows.loc[("76", "tous"), "amount_eur"]), "aucun montant documenté n'est pas zéro"
    former = public_money.by_level_and_region(small, "former_regions").set_index(["code", "funder_level"])
    assert former.loc[("82", "tous"), "amount_eur"] == 120_000


def test_no_envelope_is_in_any_sum(real: Dataset) -> None:
    found = public_money.awards(real)
    envelopes = real.public_awards[real.public_awards["is_envelope"]]
    assert set(found["award_id"]).isdisjoint(envelopes["id"])
    counted = found.loc[found["counted"], "amount_eur"].sum()
    assert counted == public_money.by_level(real)["amount_eur"].sum() == 8_182_020
    for regions in ("regions", "former_regions"):
        rows = public_money.by_level_and_region(real, regions)  # type: ignore[arg-type]
        whole = rows[rows["funder_level"] == "tous"]
        assert whole["amount_eur"].sum() == counted == rows["amount_eur"].sum() - counted
        assert whole["awards"].sum() == found["counted"].sum()
    assert (whole["code"] == "non_renseigne").sum() == 1


def test_every_region_is_there(real: Dataset) -> None:
    rows = public_money.by_level_and_region(real)
    whole = rows[rows["funder_level"] == "tous"]
    assert set(real.regions["region_code"]) <= set(whole["code"]) and whole["code"].is_unique


def test_an_award_that_two_tables_tell_counts_once(real: Dataset) -> None:
    found = public_money.awards(real)
    assert len(found) == 72 + 19 - 2
    (loire,) = found[found["entity_uid"] == "pole:fabrique-de-la-transition-loire"].to_dict("records")
    assert loire["amount_eur"] == 100_000 and loire["counted"] and "|" in loire["source_ids"]


def test_what_is_not_sure_is_in_no_sum_and_is_told(real: Dataset) -> None:
    found = public_money.awards(real)
    doubtful = found[~found["counted"] & found["amount_eur"].notna()]
    assert sorted(doubtful["amount_eur"]) == [100_000, 121_555]
    assert set(doubtful["confidence"]) == {"low"}
    assert public_money.left_out(real)["awards"].sum() == (~found["counted"]).sum() == 40


def test_two_amounts_for_one_award_are_in_no_sum(small: Dataset) -> None:
    row = small.public_awards.iloc[[0]].assign(
        id="autre", programme="Appel 2013", entity_uid="pole:pole-a", amount_eur=90_000.0
    )
    changed = dataclasses.replace(small, public_awards=pd.concat([small.public_awards, row]))
    found = public_money.awards(changed).set_index("entity_uid").loc["pole:pole-a"]
    assert pd.isna(found["amount_eur"]) and found["reason"] == "deux sources donnent deux montants"


def test_the_share_of_laureates_that_are_named(real: Dataset) -> None:
    rows = public_money.named_share(real).set_index("id")
    assert rows.loc["aap-ptce-2013", ["named_pct", "with_amount"]].tolist() == [100, 0]
    assert rows.loc["ami-ptce-2022", "named_pct"] == 12.5
    assert rows.loc["ami-ptce-2025", "named_pct"] == 0
    assert pd.isna(rows.loc["appel-experimentation-2011", "named_pct"])
