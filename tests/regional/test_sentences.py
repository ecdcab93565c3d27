"""The portrait in sentences, and the two sets of regions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_data import regional
from ptce_data.load import Dataset
from ptce_data.regional.sentences import against, inhabitants


@pytest.mark.parametrize("level", regional.LEVELS)
def test_every_area_has_a_portrait(real: Dataset, level: str) -> None:
    for code in regional.values(real, level)["code"].unique()[:: 4 if level == "departements" else 1]:
        said = regional.profile(real, level, code)
        assert 2 <= len(said) <= 4
        for sentence in said:
            assert sentence[0].isupper() or sentence[0].isdigit()
            assert sentence.endswith(".") and not re.search(r"nan|inconnu[,.;]|'|  |\.\.|<NA>", sentence), (
                sentence
            )
            assert not re.search(r"\b[01]\s(?:pôles|tiers-lieux|clusters|dispositifs|ouverts)\b", sentence)


def test_a_portrait_says_the_numbers(real: Dataset) -> None:
    table = regional.compare(real, "regions", ["53"]).set_index("indicator_id")
    first, second, third, fourth = regional.profile(real, "regions", "53")
    assert first.startswith("En Bretagne, 3,4\u00a0millions d’habitants")
    assert f"{table.loc['poles', '53']:.0f}\u00a0pôles" in second
    assert f"{table.loc['poles_per_100k', '53']:.2f}".replace(".", ",") in second
    assert f"{table.loc['tiers_lieux', '53']:.0f}\u00a0tiers-lieux" in third
    assert "environ 280\u00a0tiers-lieux" in third
    assert f"{table.loc['schemes', '53']:.0f}\u00a0dispositifs" in fourth


def test_the_unknown_is_said(real: Dataset) -> None:
    first = regional.profile(real, "regions", "04")[0]
    assert first.startswith("À La Réunion") and "n’est pas connu pour 97\u00a0%" in first


def test_zero_is_said_as_none_known(small: Dataset) -> None:
    said = regional.profile(small, "departements", "63")
    assert "ne veut pas dire" not in said[3] or "Aucun dispositif" in said[3]
    assert said[1].startswith("L’atlas n’y connaît aucun pôle")
    assert "aucun montant d’argent public" in said[3]


@given(st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_words_of_comparison_agree_with_the_numbers(value: float, reference: float) -> None:
    word = against(value, reference)
    gap = abs(value - reference) / reference
    assert (word in ("proche de", "autant que")) == (gap <= 0.1 or value == reference)
    assert word != "plus que" or value > reference
    assert word != "moins que" or value < reference


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1\u00a0habitant"),
        (999_999, "999\u202f999\u00a0habitants"),
        (1_000_000, "1\u00a0million d’habitants"),
        (1_240_000, "1,2\u00a0million d’habitants"),
        (1_999_999, "2\u00a0millions d’habitants"),
        (3_421_284, "3,4\u00a0millions d’habitants"),
    ],
)
def test_inhabitants_in_words(value: int, text: str) -> None:
    assert inhabitants(float(value)) == text


def test_former_regions_make_up_those_of_today(real: Dataset) -> None:
    parts = regional.composition(real)
    assert len(parts) == 27 and set(parts["region_code"]) == set(real.regions["region_code"])
    people = real.regions.set_index("region_code")["population"]
    assert parts.groupby("region_code")["population"].sum().to_dict() == people.to_dict()
    assert parts.groupby("region_code")["share_pct"].sum().to_numpy() == pytest.approx(100)
    assert parts.loc[parts["region_code"] == "76", "former_region_code"].tolist() == ["73", "91"]


@pytest.mark.parametrize("region", ["84", "32", "44", "53", "04"])
def test_additive_numerators_sum_before_and_after(real: Dataset, region: str) -> None:
    order = regional.registry(real)
    for name in order.loc[order["additive"] & ~order["is_rate"], "indicator_id"]:
        made = regional.before_after(real, name, region)
        after, before = made.iloc[0], made.iloc[1:]
        assert after["level"] == "regions" and set(before["level"]) <= {"former_regions", "unknown"}
        total = 0 if after["numerator"] != after["numerator"] else after["numerator"]
        assert before["numerator"].sum() == pytest.approx(total), name
        assert (before["numerator"].dropna() >= 0).all(), name


def test_rates_are_made_again_from_their_parts(real: Dataset) -> None:
    made = regional.before_after(real, "density", "76")
    assert (made["value"] == made["numerator"] / made["denominator"]).all() and len(made) == 3
    assert made["numerator"].iloc[1:].sum() == made["numerator"].iloc[0]
    with pytest.raises(regional.UnknownAreaError):
        regional.before_after(real, "density", "978")
