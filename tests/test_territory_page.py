"""What the Territoires page says: names found, tables, thresholds, reasons, areas by type."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_data import crosstabs, lookup
from ptce_data.load import Dataset
from ptce_data.territories import TYPES, Rules, TerritoryError, compare, explain
from ptce_ui import assets, figures, reasons, rulesform, territory_tables
from ptce_ui.theme import TYPE_COLOURS


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("redon", "commune:35236"),
        ("REDON agglo", "epci:243500741"),
        ("35236", "commune:35236"),
        ("2a004", "commune:2A004"),
        ("saint etienne", "commune:42218"),
        ("l'ile-d'yeu", "commune:85113"),
    ],
)
def test_a_name_is_found_as_people_type_it(real: Dataset, typed: str, first: str) -> None:
    assert lookup.search(real, typed)["place"].iloc[0] == first


def test_homonyms_are_told_apart(real: Dataset) -> None:
    found = lookup.search(real, "saint-denis")
    labels = found.loc[found["name"] == "Saint-Denis", "label"]
    assert len(labels) >= 3
    assert labels.is_unique
    assert labels.str.contains("La Réunion").any()


@given(st.text(max_size=20))
def test_any_text_gives_a_list_and_never_an_error(typed: str) -> None:
    found = lookup.search(_REAL[0], typed)
    assert len(found) <= lookup.LIMIT
    for place in found["place"]:
        assert lookup.resolve(_REAL[0], place) is not None


def test_cross_tables_count_every_pole(real: Dataset) -> None:
    for basis in ("territory_type", "territory_type_epci", "territory_type_stated"):
        for only, total in ((True, 12), (False, 97)):
            assert crosstabs.cross(real, "activity_family", basis, only)["poles"].sum() == total
            assert crosstabs.cross(real, "origin", basis, only)["poles"].sum() == total


def test_the_types_the_study_states_are_found_again(real: Dataset) -> None:
    crossed = crosstabs.cross(real, "activity_family", "territory_type_stated", True)
    by_type = crossed.groupby("territory_type")["poles"].sum().to_dict()
    assert by_type == {"desindustrialise": 4, "periurbain": 1, "rural": 4, "quartier_populaire_urbain": 3}


def test_reported_and_computed_stand_side_by_side(real: Dataset) -> None:
    rows = crosstabs.study_figures(real).set_index("id")
    assert (
        rows.loc["award_aap-ptce-2013", "computed"] == 5 == rows.loc["award_aap-ptce-2013", "reported_count"]
    )
    assert rows.loc["family_services_ingenierie", ["reported_count", "computed", "known"]].tolist() == [
        4,
        4,
        12,
    ]
    assert pd.isna(rows.loc["charismatic_leader", "computed"])
    shown = territory_tables.study(real)
    assert "les données ne le disent pas" in shown.iloc[:, 2].tolist()


def test_density_counts_each_object_once_and_leaves_the_unknown_out(small: Dataset) -> None:
    rows = crosstabs.density(small).set_index(["territory_type", "kind"])
    assert rows.loc[("desindustrialise", "pole"), "per_100k"] == pytest.approx(100_000 / 50_000)
    assert rows.loc[("non_renseigne", "pole"), "objects"] == 3
    assert pd.isna(rows.loc[("non_renseigne", "pole"), "per_100k"])
    regional = crosstabs.density(small, "76").set_index(["territory_type", "kind"])
    assert regional.loc[("desindustrialise", "pole"), "objects"] == 0


def test_shares_add_up(real: Dataset) -> None:
    shares = crosstabs.population_shares(real)
    assert shares["communes"].sum() == 34_875
    assert shares["share_pct"].sum() == pytest.approx(100)
    assert shares.set_index("territory_type").loc["desindustrialise", "communes"] == 1203


def test_the_twelve(real: Dataset, small: Dataset) -> None:
    assert real.territories is not None and small.territories is not None
    found = crosstabs.temoins(real, real.territories)
    assert found is not None
    assert [a.agreed for a in found.agreements] == [11, 10, 12]
    assert "62 à" in territory_tables.agreement(found, found)
    assert crosstabs.temoins(small, small.territories) is None


def test_the_form_starts_from_the_published_rules_and_changes_only_what_is_asked() -> None:
    shipped = Rules()
    start = rulesform.defaults(shipped)
    assert rulesform.rules(shipped, (), start) == shipped
    for name, (field, values) in rulesform.CHOICES.items():
        assert start[name] in values
        for value in values:
            changed = rulesform.rules(shipped, (), {**start, name: value})
            assert set(shipped.differences(changed)) <= {field}
    for code, field in rulesform.SWITCHES.items():
        assert set(shipped.differences(rulesform.rules(shipped, (code,), start))) == {field}


def test_a_threshold_out_of_range_is_named() -> None:
    with pytest.raises(TerritoryError, match="min_qpv"):
        rulesform.rules(Rules(), (), {**rulesform.defaults(Rules()), "qpv": "0"})


def test_changes_are_told_with_both_sides(real: Dataset) -> None:
    shipped = real.territories
    assert shipped is not None
    from ptce_data.territories import classify
    from ptce_data.territories.indicators import from_tables

    data = from_tables(shipped.communes, shipped.epci, shipped.ze)
    change = compare(shipped, classify(data, shipped.rules.changed(rule_r3=False)))
    names = {t: t for t in (*TYPES, "non_renseigne")}
    table = territory_tables.change_types(change, names).set_index("Type")
    assert table.loc["desindustrialise", "Écart"] == -change.communes_changed < 0
    assert table["Écart"].sum() == 0
    listed = territory_tables.changed(real, change, names)
    assert len(listed) == change.communes_changed
    assert (listed["Type avant"] == "desindustrialise").all()


def test_reasons_are_escaped_and_say_their_reference(small: Dataset) -> None:
    assert small.territories is not None
    made = reasons.html(explain(small.territories, "69001"))
    assert made.count("<details") >= 6
    assert "Référence" in made
    assert "<script" not in made


def test_a_place_gives_its_commune(small: Dataset) -> None:
    assert reasons.commune_of(small, "pole:pole-a") == "commune:69001"
    assert reasons.commune_of(small, "pole:pole-b") == ""
    assert reasons.commune_of(small, "epci:200000001") == "epci:200000001"
    assert reasons.commune_of(small, "") == ""


def test_france_by_type_is_one_area_per_type(real: Dataset, tmp_path: Path) -> None:
    name = assets.types_file(real, tmp_path)
    raw = (tmp_path / name).read_bytes()
    made = json.loads(raw)
    assert [f["properties"]["c"] for f in made["features"]] == list(TYPE_COLOURS)
    assert len(raw) < 1_500_000


def test_charts_have_one_panel_per_type_and_axes_with_units(real: Dataset) -> None:
    names = {t: t for t in TYPE_COLOURS}
    crossed = crosstabs.cross(real, "activity_family", "territory_type", False)
    values = territory_tables.values(real, "activity_family")
    chart = figures.small_multiples(crossed, names, values, "pôles")
    assert len(chart.data) == crossed["territory_type"].nunique()
    assert sum(sum(trace.x) for trace in chart.data) == 97
    assert chart.layout.xaxis.title.text == "pôles"
    assert not figures.small_multiples(crossed.iloc[:0], names, values, "pôles").data
    dense = figures.density(crosstabs.density(real), names)
    assert len(dense.data) == 3
    assert dense.layout.xaxis.title.text == "pour 100 000 habitants"


@pytest.fixture(scope="module", autouse=True)
def _keep(real: Dataset) -> None:
    """Hypothesis takes no fixture: the data set is kept here."""
    _REAL[:] = [real]


_REAL: list[Dataset] = []
