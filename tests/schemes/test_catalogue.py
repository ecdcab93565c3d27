"""Filters on schemes, the matrix of regions and categories, the sheets of a workbook."""

from __future__ import annotations

import time
from functools import reduce

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import coverage, schema
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.places import UNKNOWN
from ptce_data.schemes import (
    ALL_SCHEMES,
    SchemeSelection,
    find,
    matrix,
    reach,
    status_breakdown,
    workbook_frames,
)

RAW = pd.read_csv(DATA_DIR / "support_schemes.csv", dtype=str)


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


def values(column: str) -> list[str]:
    return sorted({v for cell in RAW[column].dropna() for v in cell.split("|")})


SELECTIONS = st.builds(
    SchemeSelection,
    areas=some(["53", "76", "04", "84", "978", "zz"]),
    levels=some(values("level")),
    categories=some(values("category")),
    targets=some([*values("targets"), UNKNOWN]),
    priorities=some([*values("territory_priority"), UNKNOWN]),
    funding_kinds=some([*values("funding_kind"), UNKNOWN]),
    statuses=some(values("status")),
    text=st.sampled_from(["", "tiers lieux", "ESS", "Économie sociale", "bretagne innovation", "zzz"]),
    with_national=st.booleans(),
)


@settings(max_examples=10, deadline=None)
@given(selection=SELECTIONS)
def test_filters_keep_a_subset_and_commute(real: Dataset, selection: SchemeSelection) -> None:
    found = find(real, selection)["id"].tolist()
    everything = find(real, ALL_SCHEMES)["id"].tolist()
    assert found == [i for i in everything if i in set(found)], "même ordre, sous-ensemble"
    fields = ("areas", "levels", "categories", "targets", "priorities", "funding_kinds", "statuses", "text")
    alone = [
        set(find(real, SchemeSelection(**{f: getattr(selection, f)}))["id"])
        for f in fields
        if getattr(selection, f)
    ]
    alone.append(set(find(real, SchemeSelection(with_national=selection.with_national))["id"]))
    assert set(found) == reduce(set.__and__, alone, set(everything))


def test_without_filter_everything_is_there_once_and_open_comes_first(real: Dataset) -> None:
    found = find(real, ALL_SCHEMES)
    assert sorted(found["id"]) == sorted(RAW["id"])
    assert found["status"].drop_duplicates().tolist() == ["open", "unknown", "closed"]
    assert list(found.columns) == [doc.name for doc in schema.describe("support_schemes")]
    assert ALL_SCHEMES.is_empty and not ALL_SCHEMES.replace(text="x").is_empty


def test_text_is_sought_without_accents_in_name_operator_and_summary(small: Dataset) -> None:
    schemes = small.support_schemes.copy()
    schemes.loc[0, ["name", "operator", "summary"]] = ["Été", "Forêt", "Élan"]
    changed = Dataset(**{**vars(small), "support_schemes": schemes})
    for text in ("ete", "FORET", "élan foret"):
        assert find(changed, SchemeSelection(text=text))["id"].tolist() == ["aide-etat"]


def test_unknown_is_a_value_and_status_is_filtered(real: Dataset) -> None:
    missing = find(real, SchemeSelection(funding_kinds=(UNKNOWN,)))
    assert set(missing["id"]) == set(RAW.loc[RAW["funding_kind"].isna(), "id"])
    both = find(real, SchemeSelection(priorities=(UNKNOWN, "rural")))
    want = RAW["territory_priority"].isna() | RAW["territory_priority"].str.contains("rural", na=False)
    assert set(both["id"]) == set(RAW.loc[want, "id"])


def test_an_area_keeps_what_touches_it_and_the_national_ones_on_request(small: Dataset) -> None:
    here = find(small, SchemeSelection(areas=("76",), with_national=False))
    assert set(here["id"]) == {"aide-region", "aide-departements", "aide-commune"}
    with_them = find(small, SchemeSelection(areas=("84",)))
    assert set(with_them["id"]) == {"aide-etat", "aide-ue", "aide-ancienne-region", "aide-epci"}
    assert set(find(small, SchemeSelection(with_national=False))["level"]) == {
        "region",
        "departement",
        "epci",
    }


def test_regions_touched_agree_with_the_communes(real: Dataset) -> None:
    slow = coverage.areas_touched(real, "regions")
    quick = reach.regions(real, real.support_schemes)
    assert set(zip(slow["scheme_id"], slow["code"], strict=True)) == set(
        zip(quick["scheme_id"], quick["region_code"], strict=True)
    )


def test_the_matrix_counts_what_the_files_say(real: Dataset) -> None:
    made = matrix(real, ALL_SCHEMES)
    assert made.shape[0] == 20 * 7
    listed = real.region_codes
    assert set(made["code"]) == {
        "FR",
        "UE",
        *listed.loc[listed["kind"] != "collectivite_outre_mer", "region_code"],
    }
    whole = RAW["coverage_codes"].str.split("|").map(lambda codes: bool({"FR", "UE"} & set(codes)))
    cells = made.set_index(["code", "category"])["schemes"]
    for category, rows in RAW[whole].groupby("category"):
        assert cells["UE", category] == (rows["level"] == "ue").sum()
        assert cells["FR", category] == (rows["level"] != "ue").sum()
    touched = coverage.areas_touched(real, "regions").merge(RAW, left_on="scheme_id", right_on="id")
    expected = touched.groupby(["code", "category"])["scheme_id"].nunique()
    local = made[~made["code"].isin(["FR", "UE"])].set_index(["code", "category"])["schemes"]
    assert local[local > 0].to_dict() == expected.to_dict()
    assert (local == 0).any()


def test_the_matrix_shows_every_region_and_says_nothing_of_national_ones_when_left_out(real: Dataset) -> None:
    pd.testing.assert_frame_equal(matrix(real, SchemeSelection(areas=("53",))), matrix(real, ALL_SCHEMES))
    local = matrix(real, SchemeSelection(with_national=False))
    assert not local["code"].isin(["FR", "UE"]).any()
    closed = matrix(real, SchemeSelection(statuses=("closed",)))
    assert 0 < closed["schemes"].sum() < matrix(real, ALL_SCHEMES)["schemes"].sum()


def test_statuses_add_up_to_the_matrix(real: Dataset) -> None:
    broken = status_breakdown(real, ALL_SCHEMES).set_index("code")
    totals = matrix(real, ALL_SCHEMES).groupby("code")["schemes"].sum()
    assert broken["schemes"].to_dict() == totals.to_dict()
    assert (broken[["open", "unknown", "closed"]].sum(axis=1) == broken["schemes"]).all()


def test_a_matrix_takes_less_than_a_tenth_of_a_second(real: Dataset) -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        matrix(real, ALL_SCHEMES)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.1


def test_nothing_selected_is_an_empty_matrix_of_zeros(small: Dataset) -> None:
    none = SchemeSelection(text="introuvable")
    assert find(small, none).empty
    assert matrix(small, none)["schemes"].eq(0).all()
    assert status_breakdown(small, none)["schemes"].eq(0).all()


@pytest.mark.parametrize("name", ["small", "hostile", "real"])
def test_the_sheets_hold_labels_and_all_their_sources(name: str, request: pytest.FixtureRequest) -> None:
    dataset: Dataset = request.getfixturevalue(name)
    schemes = find(dataset, ALL_SCHEMES)
    sheets = workbook_frames(dataset, schemes)
    rows, sources = sheets["dispositifs"], sheets["sources"]
    assert rows["Identifiant"].tolist() == schemes["id"].tolist()
    assert rows["Nom"].tolist() == schemes["name"].tolist()
    assert set(rows["Source"]) == set(sources["Identifiant"])
    assert "Consultation" in sources and set(rows["Statut"]) <= {"Ouvert", "Clos", "Inconnu"}
    assert rows["Aide maximale"].notna().sum() == schemes["amount_max_eur"].notna().sum()
    told = dict(zip(rows["Identifiant"], rows["Territoire couvert"], strict=True))
    if name == "small":
        assert told["aide-departements"] == "Haute-Garonne ; Hérault"
        assert told["aide-ancienne-region"] == "Rhône-Alpes (région d’avant 2016)"
        assert told["aide-commune"] == "Zêta" and told["aide-epci"] == "CC 1"
