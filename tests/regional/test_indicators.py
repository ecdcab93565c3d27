"""Indicators per area and for France: sums, rates, what is unknown, and the registry."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from ptce_data import coverage, regional, schema
from ptce_data.funding import public_money
from ptce_data.load import Dataset
from ptce_data.query import LEVEL_CODES

OVERSEAS = {"01", "02", "03", "04", "06"}


def wide(dataset: Dataset, level: str) -> pd.DataFrame:
    return regional.values(dataset, level).pivot(index="indicator_id", columns="code", values="value")


def france(dataset: Dataset, name: str) -> float:
    return float(regional.national(dataset).set_index("indicator_id").loc[name, "value"])


def test_the_registry_says_everything_of_each_indicator(real: Dataset) -> None:
    table = regional.registry(real)
    assert table["indicator_id"].is_unique and len(table) > 60
    for column in ("group", "label", "unit", "definition", "limits", "year", "source_text"):
        assert table[column].str.strip().ne("").all()
        assert not table[column].str.contains("'").any(), column
    assert {source for ids in table["sources"] for source in ids} <= set(real.sources["id"])
    assert set(table.loc[table["scope"] == "national", "indicator_id"]) == {
        "schemes_national_etat",
        "schemes_national_ue",
    }
    runs = (table["group"] != table["group"].shift()).sum()
    assert runs == table["group"].nunique(), "les groupes se suivent"


@pytest.mark.parametrize("level", regional.LEVELS)
def test_every_area_has_every_indicator_and_overseas_is_there(real: Dataset, level: str) -> None:
    found = regional.values(real, level)
    codes = set(getattr(real, level)[LEVEL_CODES[level]])
    assert set(found["code"]) == codes and "978" not in codes
    ids = list(regional.registry(real)["indicator_id"])
    assert list(found["indicator_id"].unique()) == ids and len(found) == len(ids) * len(codes)
    home = real.departements.set_index("departement_code")["region_code"] if level == "departements" else None
    assert {c if home is None else home[c] for c in codes} >= OVERSEAS


@pytest.mark.parametrize("level", regional.LEVELS)
def test_areas_and_what_is_in_none_sum_to_france(real: Dataset, level: str) -> None:
    order = regional.registry(real).set_index("indicator_id")
    whole = regional.national(real).set_index("indicator_id")
    inside = regional.values(real, level).groupby("indicator_id")["numerator"].sum()
    apart = regional.not_located(real, level).set_index("indicator_id")["missing"]
    assert (apart >= 0).all()
    tables = {"poles": real.poles, "tiers_lieux": real.tiers_lieux, "clusters": real.clusters}
    places = real.places.set_index("uid")
    for name, table in tables.items():
        code = places.loc[table["uid"], LEVEL_CODES[level]]
        assert whole.loc[name, "value"] == len(table)
        assert apart[name] == (~code.isin(getattr(real, level)[LEVEL_CODES[level]])).sum()
        assert inside[name] + apart[name] == len(table)
    for name in order.index[order["additive"] & order["unit"].isin(["habitants", "km²", "%"])]:
        if name != "tiers_lieux_share":
            assert inside[name] == pytest.approx(whole.loc[name, "numerator"]), name
    assert apart["tiers_lieux"] >= 1, "Saint-Martin n’est dans aucune région"


def test_objects_of_regions_are_those_of_the_tables(real: Dataset) -> None:
    table = wide(real, "regions")
    for name, frame in (
        ("poles", real.poles),
        ("tiers_lieux", real.tiers_lieux),
        ("clusters", real.clusters),
    ):
        expected = frame["region_code"].value_counts().reindex(table.columns, fill_value=0)
        assert (table.loc[name] == expected).all()
        rate = expected / real.regions.set_index("region_code")["population"] * 100_000
        np.testing.assert_allclose(table.loc[f"{name}_per_100k"], rate[table.columns])
    for prefix in ("poles_type", "poles_family", "poles_origin"):
        assert (table[table.index.str.startswith(prefix)].sum() == table.loc["poles"]).all(), prefix


def test_national_rates_leave_saint_martin_out(real: Dataset) -> None:
    found = regional.national(real).set_index("indicator_id").loc["tiers_lieux_per_100k"]
    assert found["numerator"] == len(real.tiers_lieux) - (real.tiers_lieux["region_code"] == "978").sum()
    assert found["denominator"] == real.regions["population"].sum()


def test_shares_of_types_are_unknown_where_types_are(real: Dataset) -> None:
    table = wide(real, "regions")
    shares = table[table.index.str.startswith("population_share_")]
    unknown = shares.loc["population_share_non_renseigne"]
    known = unknown[unknown <= 5].index
    np.testing.assert_allclose(shares[known].sum(), 100)
    lost = unknown[unknown > 5].index
    assert set(lost) == OVERSEAS
    assert shares[lost].drop("population_share_non_renseigne").isna().all().all()


def test_the_published_census_is_for_regions_of_today_only(real: Dataset) -> None:
    rows = real.published_counts[real.published_counts["metric"] == "part_des_tiers_lieux_nationaux"]
    published = rows.set_index("region_code")["value"].astype(float)
    regions, former, dep = (wide(real, level) for level in regional.LEVELS)
    assert (regions.loc["tiers_lieux_census_share"] == published[regions.columns]).all()
    np.testing.assert_allclose(regions.loc["tiers_lieux_census"], published[regions.columns] * 35)
    kept = set(former.loc["tiers_lieux_census"].dropna().index)
    assert kept == {"11", "24", "52", "53", "93", "94", *OVERSEAS}
    assert set(dep.loc["tiers_lieux_census"].dropna().index) == {"971", "972", "973", "974", "976"}
    assert france(real, "tiers_lieux_census") == 3500


@pytest.mark.parametrize("level", ["regions", "former_regions"])
def test_public_money_is_that_of_the_funding_layer(real: Dataset, level: str) -> None:
    expected = public_money.by_level_and_region(real, level)  # type: ignore[arg-type]
    expected = expected[expected["funder_level"] == "tous"].set_index("code")
    table = wide(real, level)
    for name, column in (("public_money", "amount_eur"), ("public_awards", "awards"),
                         ("public_beneficiaries", "beneficiaries"),
                         ("public_money_per_inhabitant", "eur_per_inhabitant")):  # fmt: skip
        told = expected.loc[table.columns, column].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        np.testing.assert_allclose(table.loc[name].to_numpy(), told)
    assert france(real, "public_money") == pytest.approx(expected["amount_eur"].sum())


def test_schemes_are_those_of_the_coverage(real: Dataset, small: Dataset) -> None:
    for dataset, level in ((real, "regions"), (small, "former_regions"), (small, "departements")):
        expected = coverage.count_by_area(dataset, level).set_index("code")["schemes"]  # type: ignore[arg-type]
        table = wide(dataset, level)
        assert table.loc["schemes"].to_dict() == expected[table.columns].to_dict()
        for split in ("schemes_category_", "schemes_level_", "schemes_status_"):
            assert (table[table.index.str.startswith(split)].sum() == table.loc["schemes"]).all(), split
    listed = coverage.codes(real.support_schemes)
    assert france(real, "schemes") == listed.dropna(subset=["level"])["scheme_id"].nunique()
    everywhere = listed["coverage_code"].isin(coverage.NATIONAL).groupby(listed["scheme_id"]).any().sum()
    assert france(real, "schemes_national_etat") + france(real, "schemes_national_ue") == everywhere


def test_laureates_named_and_published_stay_apart(real: Dataset) -> None:
    named = real.pole_awards.groupby("programme_id")["pole_id"].nunique()
    for row in real.programmes.itertuples():
        told = france(real, f"laureates_published_{row.id}")
        assert (pd.isna(told) and pd.isna(row.laureates)) or told == row.laureates
        if row.id != "appel-experimentation-2011":
            assert france(real, f"laureates_{row.id}") == named.get(row.id, 0)
    published = wide(real, "regions").filter(like="laureates_published_", axis=0).stack().dropna()
    assert published.to_dict() == {
        ("laureates_published_ami-ptce-emergents-2021-phase-1", "76"): 8,
        ("laureates_published_ami-ptce-2023", "04"): 2,
    }


def test_a_small_data_set_by_hand(small: Dataset) -> None:
    table = wide(small, "regions")
    assert table.loc["poles"].to_dict() == {"76": 2, "84": 2}
    assert table.loc["tiers_lieux"].to_dict() == {"76": 1, "84": 2}, "un doublon fusionné compte une fois"
    assert france(small, "tiers_lieux") == 4, "Saint-Martin est dans le total national"
    assert table.loc["poles_per_100k", "84"] == pytest.approx(2 / 71_000 * 100_000)
    assert table.loc["public_money"].to_dict() == {"76": pytest.approx(np.nan, nan_ok=True), "84": 120_000}
    assert table.loc["density", "76"] == pytest.approx(98_000 / (3 * 87.5))
    departements = wide(small, "departements")
    assert departements.loc["poles"].to_dict() == {"31": 1, "34": 0, "63": 0, "69": 1}
    apart = regional.not_located(small, "departements").set_index("indicator_id")["missing"]
    assert apart["poles"] == 2 and apart["tiers_lieux"] == 1


def test_a_comparison_has_the_median_of_all_areas(real: Dataset) -> None:
    codes = ["53", "04", "11"]
    made = regional.compare(real, "regions", codes)
    assert list(made.columns) == [
        "indicator_id",
        "label",
        "unit",
        "group",
        *codes,
        "national",
        "median",
        "known",
    ]
    assert list(made["indicator_id"]) == list(regional.registry(real)["indicator_id"])
    every = wide(real, "regions").loc[made["indicator_id"]]
    np.testing.assert_allclose(made["median"], every.median(axis=1))
    assert made["known"].tolist() == every.notna().sum(axis=1).tolist()
    np.testing.assert_allclose(made["53"], every["53"])
    np.testing.assert_allclose(made["national"], regional.national(real)["value"])


def test_departements_are_compared_within_their_region(real: Dataset) -> None:
    made = regional.compare(real, "departements", [], within="53").set_index("indicator_id")
    assert [c for c in made if c in ("22", "29", "35", "56")] == ["22", "29", "35", "56"]
    poles = wide(real, "departements").loc["poles", ["22", "29", "35", "56"]]
    assert made.loc["poles", "median"] == poles.median() and made.loc["poles", "known"] == 4
    assert made.loc["poles", "within"] == wide(real, "regions").loc["poles", "53"]
    with pytest.raises(regional.UnknownAreaError, match="75"):
        regional.compare(real, "departements", ["75"], within="53")
    with pytest.raises(ValueError, match="départements"):
        regional.compare(real, "regions", ["53"], within="53")


def test_what_does_not_exist_is_refused(real: Dataset) -> None:
    with pytest.raises(regional.UnknownAreaError) as caught:
        regional.compare(real, "regions", ["53", "978", "xx"])
    assert caught.value.codes == ("978", "xx") and caught.value.level == "regions"
    with pytest.raises(regional.UnknownIndicatorError, match="rien"):
        regional.indicator(real, "rien")
    with pytest.raises(ValueError, match="communes"):
        regional.values(real, "communes")


def test_a_returned_frame_is_the_callers_own(small: Dataset) -> None:
    mine = regional.values(small, "regions")
    mine["value"] = 0.0
    assert regional.values(small, "regions")["value"].ne(0).any()


def test_empty_tables_give_zero_or_unknown_never_a_fault(small: Dataset) -> None:
    names = [
        "support_schemes",
        "public_awards",
        "pole_awards",
        "published_counts",
        "programmes",
        "categories",
    ]
    bare = dataclasses.replace(
        small,
        version="bare",
        places=small.places.iloc[:0],
        territories=None,
        **{name: schema.empty(name) for name in names},
    )
    table = wide(bare, "regions")
    assert (table.loc[["poles", "tiers_lieux", "clusters", "schemes", "public_awards"]] == 0).all().all()
    assert table.loc[["tiers_lieux_census", "public_money"]].isna().all().all()
    assert (table.loc["population_share_non_renseigne"] == 100).all()
    assert table.loc["population_share_rural"].isna().all()
    assert regional.national(bare).set_index("indicator_id").loc["population", "value"] == 169_000


def test_hostile_names_do_not_change_the_numbers(hostile: Dataset) -> None:
    table = wide(hostile, "regions")
    expected = hostile.poles["region_code"].value_counts().reindex(table.columns, fill_value=0)
    assert (table.loc["poles"] == expected).all()
