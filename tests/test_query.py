"""Questions: exact answers on the small data set, laws on any selection."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_data import query
from ptce_data.load import Dataset
from ptce_data.places import UNKNOWN
from ptce_data.selection import EVERYTHING, Selection

VALUES = {
    "kinds": ["pole", "tiers_lieu", "cluster"],
    "regions": ["84", "76", "978", UNKNOWN],
    "former_regions": ["82", "91", UNKNOWN],
    "departements": ["69", "31", UNKNOWN],
    "territory_types": ["desindustrialise", UNKNOWN],
    "activity_families": ["production", UNKNOWN],
    "themes": ["énergie", "textile"],
    "tiers_lieu_kinds": ["coworking", "fablab"],
    "labels": ["fabrique_de_territoire", "pole_temoin", UNKNOWN],
    "cluster_kinds": ["spl", UNKNOWN],
    "programmes": ["appel-2013", UNKNOWN],
    "award_years": ["2013"],
    "confidences": ["high", "low"],
}
selections = st.builds(
    Selection,
    **{f: st.lists(st.sampled_from(v), max_size=2, unique=True).map(tuple) for f, v in VALUES.items()},
    text=st.sampled_from(["", "lieu", "POLE a", "énergie", "zzz"]),
)


def uids(dataset: Dataset, **filters: object) -> list[str]:
    return sorted(query.places(dataset, Selection(**filters))["uid"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kinds": ("cluster",), "regions": ("76",)}, ["cluster:cluster-b"]),
        ({"regions": (UNKNOWN,)}, ["cluster:cluster-c"]),
        ({"former_regions": ("91",)}, ["pole:pole-c"]),
        ({"activity_families": ("production",)}, ["pole:pole-a"]),
        ({"activity_families": (UNKNOWN,)}, ["pole:pole-b", "pole:pole-c", "pole:pole-d"]),
        ({"labels": ("pole_temoin",)}, ["pole:pole-a"]),
        ({"labels": ("manufacture_de_proximite",)}, ["tiers_lieu:lieu-a"]),
        ({"themes": ("énergie",)}, ["cluster:cluster-a", "pole:pole-a"]),
        ({"programmes": ("appel-2013",)}, ["pole:pole-a"]),
        ({"text": "ENERGIE emploi"}, ["pole:pole-a"]),
        ({"text": "l ile d epsilon"}, ["tiers_lieu:lieu-b"]),
        ({"text": "69001", "kinds": ("tiers_lieu",)}, ["tiers_lieu:lieu-a"]),
        ({"confidences": ("low",)}, ["pole:pole-d"]),
    ],
)
def test_each_filter(small: Dataset, filters: dict[str, object], expected: list[str]) -> None:
    assert uids(small, **filters) == expected


@given(selections, selections)
def test_filters_only_take_away_and_commute(one: Selection, two: Selection) -> None:
    frame = _SMALL.places
    first, second = query.mask(frame, one), query.mask(frame, two)
    assert query.mask(frame, EVERYTHING).all()
    again = query.mask(frame[first], two)
    assert frame[first][again].index.equals(frame[second][query.mask(frame[second], one)].index)


@given(selections)
def test_counts_agree_with_the_rows(selection: Selection) -> None:
    selected = query.places(_SMALL, selection)
    counts = query.counts(selected)
    assert counts["rows"] == len(selected) == counts["pole"] + counts["tiers_lieu"] + counts["cluster"]
    assert counts["objects"] <= counts["rows"]
    for level in ("regions", "departements", "communes"):
        areas = query.by_area(_SMALL, selected, level)
        known = selected.dropna(subset=[query.LEVEL_CODES[level]])
        inside = known[known[query.LEVEL_CODES[level]].isin(areas["code"])]
        assert areas["objects"].sum() == inside.groupby(query.LEVEL_CODES[level])["object_id"].nunique().sum()


def test_an_object_of_two_kinds_is_counted_once(small: Dataset) -> None:
    both = query.places(small, Selection(themes=("énergie",)))
    assert query.counts(both) | {"rows": 2, "objects": 1} == query.counts(both)
    regions = query.by_area(small, both, "regions").set_index("code")
    assert regions.loc["84", "objects"] == 1
    assert regions.loc["84", "per_100k"] == pytest.approx(100_000 / 71_000)


def test_no_population_gives_no_density_rather_than_zero(small: Dataset) -> None:
    areas = query.by_area(small, query.places(small, EVERYTHING), "communes").set_index("code")
    assert areas.loc["31002", "objects"] == 1
    assert pd.isna(areas.loc["31002", "per_100k"])


def test_what_cannot_be_located_is_told(small: Dataset) -> None:
    poles = query.places(small, Selection(kinds=("pole",)))
    assert query.not_located(poles, "departements") == 2


def test_a_merged_duplicate_leads_to_the_kept_row(small: Dataset) -> None:
    place = query.find_place(small, "tiers_lieu:lieu-b-bis")
    assert place is not None and place["uid"] == "tiers_lieu:lieu-b"
    assert query.find_place(small, "pole:nobody") is None


def test_related_rows(small: Dataset) -> None:
    same = query.related(small, "pole:pole-a")
    assert same[["uid", "relation"]].values.tolist() == [["cluster:cluster-a", "meme_objet_lien"]]
    probable = query.related(small, "pole:pole-d")
    assert probable[["uid", "relation"]].values.tolist() == [["pole:pole-c", "probable"]]


def test_what_is_known_of_one_object(small: Dataset) -> None:
    assert query.awards(small, "pole:pole-a")["programme"].tolist() == ["Appel 2013"]
    assert len(query.funding_figures(small, "pole:pole-a")) == 2
    assert len(query.funding_figures(small, "tiers_lieu:lieu-b")) == 1
    assert query.public_awards(small, "tiers_lieu:lieu-a")["amount_eur"].tolist() == [20000]
    assert len(query.case_events(small, "pole:pole-a")) == 1


def test_laureates_named_beside_those_published(real: Dataset) -> None:
    rows = query.named_laureates(real).set_index("id")
    assert rows.loc["aap-ptce-2013", ["laureates", "named"]].tolist() == [23, 23]
    assert rows.loc["aap-ptce-2015", ["laureates", "named"]].tolist() == [14, 9]
    assert rows.loc["ami-ptce-2025", "named"] == 0
    assert rows.loc[query.TEMOIN_PROGRAMME, "named"] == 14


@pytest.fixture(scope="module", autouse=True)
def _keep(small: Dataset) -> None:
    """Hypothesis takes no function-scoped fixture: the data set is a module's global."""
    global _SMALL
    _SMALL = small


_SMALL: Dataset
