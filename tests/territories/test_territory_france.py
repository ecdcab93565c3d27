"""The whole of France, from what ships: the prototype's counts, the twelve témoins, Insee's own split."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest

from ptce_data.territories import (
    FLAGS,
    TYPE_LABELS,
    TYPES,
    Classification,
    Indicators,
    Rules,
    TerritoryError,
    classify,
    compare_temoins,
    indicators,
    read_tables,
)
from ptce_data.territories.insee_split import split_table
from ptce_data.territories.sensitivity import types_if_unknown_is_no
from ptce_data.territories.store import write_tables
from ptce_data.territories.temoins import exact_interval

#: Communes and share of the population, as the prototype of the rules gave them.
PROTOTYPE = {
    "desindustrialise": (1203, 14.3),
    "quartier_populaire_urbain": (480, 31.9),
    "periurbain": (16386, 30.2),
    "rural": (16148, 13.4),
    "urbain_autre": (658, 10.2),
}


def test_what_ships_is_what_the_rules_give(root: Path, result: Classification) -> None:
    shipped = read_tables(root / "data" / "geo")
    pd.testing.assert_frame_equal(shipped["communes"], result.communes)
    pd.testing.assert_frame_equal(shipped["epci"], result.epci)
    pd.testing.assert_frame_equal(shipped["ze"], result.ze)


def test_what_ships_is_small_and_has_no_census_count_of_a_commune(root: Path, result: Classification) -> None:
    names = ("territory_types", "epci_types", "ze_types")
    assert sum((root / "data" / "geo" / f"{n}.parquet").stat().st_size for n in names) < 3_000_000
    assert not [c for c in result.communes if c.startswith(("employed", "unemployed", "workers_employed"))]
    assert not [p for p in root.glob("data/**/*") if "zoning_inputs" in p.name]


def test_the_counts_of_the_prototype_when_unknown_is_read_as_no(result: Classification) -> None:
    types = types_if_unknown_is_no(result).reset_index(drop=True)
    people = result.communes["population"].astype("int64")
    for name, (communes, share) in PROTOTYPE.items():
        assert int((types == name).sum()) == communes
        assert round(people[types == name].sum() / people.sum() * 100, 1) == share
    flags = result.communes[list(FLAGS.values())].fillna(False).astype(int)
    assert int((flags.sum(axis=1) >= 2).sum()) == 17_903


def test_the_only_difference_is_what_stays_unknown(result: Classification) -> None:
    table = result.communes.set_index("commune_insee")
    read_as_no = types_if_unknown_is_no(result)
    unknown = table["territory_type"].isna()
    assert int(unknown.sum()) == 75
    pd.testing.assert_series_equal(
        table.loc[~unknown, "territory_type"], read_as_no[~unknown], check_names=False
    )
    # Every one of them may be deindustrialised; the prototype counted them in three other types.
    assert table.loc[unknown, "possible_types"].str.startswith("desindustrialise|").all()
    moved = read_as_no[unknown].value_counts().to_dict()
    assert moved == {"quartier_populaire_urbain": 44, "periurbain": 23, "urbain_autre": 8}
    overseas = table.index[unknown].str.startswith("97")
    assert int(overseas.sum()) == 73
    urban_overseas = table.index.str.startswith("97") & (table["is_rural"] == False).to_numpy()  # noqa: E712
    assert int(urban_overseas.sum()) == 73, "aucune commune urbaine d’outre-mer n’a de type"


def test_what_is_unknown_in_the_data(result: Classification) -> None:
    table = result.communes
    assert len(table) == 34_875
    assert int(table["above_national_base"].isna().sum()) == 536
    overseas = table["commune_insee"].str.startswith("97")
    assert table.loc[overseas, "r1_ze"].isna().all()
    assert table.loc[~overseas, "r1_ze"].notna().all()
    assert sorted(table.loc[table["epci_siren"].isna(), "commune_insee"]) == [
        "22016",
        "29083",
        "29155",
        "85113",
    ]
    assert table.loc[overseas & table["is_rural"].fillna(False), "territory_type"].notna().all()
    # Overseas the list of quarters is incomplete: no commune is said to have none.
    assert not (table.loc[overseas, "qpv_count"] == 0).any()


def test_the_method_page_says_what_is_computed(root: Path, result: Classification) -> None:
    page = (root / "docs" / "territoires.md").read_text(encoding="utf-8")
    people = result.communes["population"].astype("int64")
    types = result.communes["territory_type"].fillna("inconnu")
    for name in (*TYPES, "inconnu"):
        inside = types == name
        share = people[inside].sum() / people.sum() * 100
        count = f"{int(inside.sum()):,}".replace(",", " ")
        label = TYPE_LABELS.get(name, name)
        assert f"| {label} | {count} | {share:.1f} % |".replace(".", ",") in page


def test_the_national_base(result: Classification) -> None:
    assert result.national.loc[1982, "workers_share_pct"] == pytest.approx(32.3, abs=0.05)
    assert result.national.loc[2011, "workers_share_pct"] == pytest.approx(22.4, abs=0.05)


def test_population_is_conserved_at_every_scale(result: Classification) -> None:
    shares = [f"share_{t}_pct" for t in (*TYPES, "unknown")]
    for table in (result.epci, result.ze):
        assert table[shares].sum(axis=1).round(2).eq(100).all()
    total = int(result.communes["population"].sum())
    assert int(result.ze["population"].sum()) == total
    alone = result.communes["epci_siren"].isna()
    assert int(result.epci["population"].sum()) == total - int(result.communes.loc[alone, "population"].sum())


def test_territoires_dindustrie_alone_would_be_far_too_wide(result: Classification) -> None:
    people = result.communes["population"].astype("int64")
    first, second = (result.communes[f"territoire_industrie_{p}"].notna() for p in (1, 2))
    shares = [round(people[inside].sum() / people.sum() * 100) for inside in (first, second, first | second)]
    assert shares == [44, 60, 64]
    deindustrialised = result.communes["is_deindustrialised"].fillna(False).astype(bool)
    assert people[deindustrialised].sum() / people.sum() < 0.25


def test_the_raw_inputs_give_what_ships(
    raw_inputs: pd.DataFrame, france: Indicators, result: Classification
) -> None:
    computed = indicators(raw_inputs)
    for name in ("communes", "epci", "ze", "national"):
        pd.testing.assert_frame_equal(getattr(computed, name), getattr(france, name))
    shuffled = raw_inputs.sample(frac=1, random_state=3)
    again = classify(shuffled, result.rules)
    pd.testing.assert_frame_equal(again.communes, result.communes)
    pd.testing.assert_frame_equal(again.epci, result.epci)
    pd.testing.assert_frame_equal(again.ze, result.ze)


def test_other_thresholds_give_the_same_from_raw_inputs_and_from_what_ships(
    raw_inputs: pd.DataFrame, france: Indicators
) -> None:
    rules = Rules(base_share_margin_pts=1.5, rule_r2=False, min_area_class=3, min_qpv=2, scale_ze=False)
    pd.testing.assert_frame_equal(classify(raw_inputs, rules).communes, classify(france, rules).communes)


def test_classification_is_fast(france: Indicators) -> None:
    start = time.perf_counter()
    classify(france, Rules(unemployment_margin_pts=1))
    assert time.perf_counter() - start < 3


def test_the_same_result_is_written_as_the_same_bytes(
    root: Path, tmp_path: Path, result: Classification
) -> None:
    first = {n: p.read_bytes() for n, p in write_tables(result, tmp_path / "a").items()}
    second = {n: p.read_bytes() for n, p in write_tables(result, tmp_path / "b").items()}
    assert first == second
    assert not list((tmp_path / "a").glob(".*"))


def test_absent_tables_are_said(tmp_path: Path) -> None:
    with pytest.raises(TerritoryError, match=r"territory_types\.parquet : table absente"):
        read_tables(tmp_path)


# Insee's own split of the rural communes


def test_insees_split_differs_from_ours_by_one_commune(result: Classification) -> None:
    table = split_table(result.communes)
    assert int(table.loc["rural périurbain"].sum()) == 14_449
    assert int(table.loc["rural non périurbain"].sum()) == 16_147
    assert table.loc["rural périurbain", "periurbain"] == 14_448
    assert table.loc["rural non périurbain", "rural"] == 16_147
    # Piscop: rural, in the pole of Paris, not in its ring.
    assert table.loc["rural périurbain", "rural"] == 1
    piscop = result.communes.set_index("commune_insee").loc["95489"]
    assert piscop["cateaav2020"] == 12 and piscop["territory_type"] == "rural"


# The study's twelve


@pytest.fixture(scope="module")
def poles(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "data" / "poles.csv", dtype=str)


@pytest.fixture(scope="module")
def reference(root: Path) -> pd.DataFrame:
    return pd.read_csv(root / "data" / "temoins_reference.csv", dtype=str)


def test_eleven_ten_and_twelve_of_twelve(
    result: Classification, poles: pd.DataFrame, reference: pd.DataFrame
) -> None:
    compared = compare_temoins(result, poles, reference)
    assert [(a.scale, a.agreed, a.total) for a in compared.agreements] == [
        ("commune", 11, 12),
        ("epci", 10, 12),
        ("either", 12, 12),
    ]
    by_commune = compared.agreements[0]
    assert by_commune.low_pct == pytest.approx(61.5, abs=0.1)
    assert by_commune.high_pct == pytest.approx(99.8, abs=0.1)
    table = compared.poles.set_index("pole_id")
    assert list(table.index[~table["agrees_commune"]]) == ["les-articulteurs"]
    assert list(table.index[~table["agrees_epci"]]) == ["pole-sud-aquitaine", "eco-domaine-de-bouquetot"]
    assert table["stated_type"].value_counts().to_dict() == {
        "desindustrialise": 4,
        "rural": 4,
        "quartier_populaire_urbain": 3,
        "periurbain": 1,
    }


def test_how_tarnos_and_lille_are_deindustrialised(result: Classification) -> None:
    table = result.communes.set_index("commune_insee")
    grounds = ["declined_ze", "declined_epci", "r3"]
    assert table.loc["40312", grounds].tolist() == [False, False, True]
    assert table.loc["59350", grounds].tolist() == [False, True, False]


def test_a_reference_commune_is_only_used_where_the_facts_have_none(
    result: Classification, poles: pd.DataFrame, reference: pd.DataFrame
) -> None:
    table = compare_temoins(result, poles, reference).poles.set_index("pole_id")
    named = poles.set_index("id")["commune_insee"].reindex(table.index)
    own = named.notna()
    assert table.loc[own, "commune_insee"].tolist() == named[own].tolist()
    assert sorted(table.index[~own]) == sorted(reference["pole_id"])
    assert table.loc[~own, "basis"].str.len().gt(40).all()


def test_the_choice_of_the_reference_commune_matters_by_epci_and_it_is_said(
    result: Classification, poles: pd.DataFrame, reference: pd.DataFrame
) -> None:
    other = reference.set_index("pole_id").assign()
    other.loc["eoliennes-en-pays-de-vilaine", "commune_insee"] = "35249"
    counts = [a.agreed for a in compare_temoins(result, poles, other.reset_index()).agreements]
    assert counts == [11, 9, 12]
    told = reference.set_index("pole_id").loc["eoliennes-en-pays-de-vilaine", "basis"]
    assert "Sainte-Anne-sur-Vilaine" in told and "perdrait un pôle" in told


def test_a_temoin_without_row_type_or_commune_is_refused(
    result: Classification, poles: pd.DataFrame, reference: pd.DataFrame
) -> None:
    with pytest.raises(TerritoryError, match="paris-mix"):
        compare_temoins(result, poles[poles["id"] != "paris-mix"], reference)
    with pytest.raises(TerritoryError, match="de-fil-en-reseaux"):
        compare_temoins(result, poles, reference.iloc[1:])


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Clopper-Pearson, from published tables.
    [
        (11, 12, 61.52, 99.79),
        (10, 12, 51.59, 97.91),
        (12, 12, 73.54, 100.0),
        (0, 10, 0.0, 30.85),
        (1, 2, 1.26, 98.74),
    ],
)
def test_exact_interval(successes: int, trials: int, low: float, high: float) -> None:
    assert exact_interval(successes, trials) == pytest.approx((low, high), abs=0.01)


def test_exact_interval_of_nothing_is_refused() -> None:
    for successes, trials in ((1, 0), (-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="trials"):
            exact_interval(successes, trials)
