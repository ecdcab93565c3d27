"""Nothing leaves undocumented, and what a file says of itself is of exactly its rows."""

from __future__ import annotations

import pandas as pd
import pytest

from ptce_data import opendata, query, schema
from ptce_data.load import Dataset
from ptce_data.opendata import RESOURCES, columns, texts
from ptce_data.opendata.credits import Credits, cited
from ptce_data.opendata.plain import plain
from ptce_data.selection import Selection


@pytest.mark.parametrize("name", RESOURCES)
def test_every_column_of_every_resource_is_described(real: Dataset, name: str) -> None:
    rows, title, ids = opendata.resource(real, name)
    assert title and columns.table_of(rows) == name
    assert columns.undocumented(rows.columns, name) == []
    for doc in columns.document(real, plain(rows), name):
        assert doc.title and len(doc.description) > 5 and doc.description != texts.SHOWN, doc.name
        assert "'" not in doc.description, doc.name
    assert query.sources(real, ids)["id"].nunique() == len(set(ids))
    assert not rows[list(RESOURCES[name].key)].duplicated().any()
    assert ("geometry" in rows) == RESOURCES[name].has_geometry


def test_a_new_column_without_a_description_is_found() -> None:
    assert columns.undocumented(["uid", "couleur", "geometry"], "places") == ["couleur"]


def test_every_resource_of_the_data_set_is_handed_out(real: Dataset) -> None:
    assert set(RESOURCES) == {"places", *schema.TABLES, *texts.AREAS}
    for name in RESOURCES:
        assert len(RESOURCES[name].rows(real)) == len(getattr(real, name))


def test_allowed_values_are_those_of_the_registry(real: Dataset) -> None:
    for name in RESOURCES:
        rows = plain(RESOURCES[name].rows(real))
        for doc in columns.document(real, rows, name):
            if doc.allowed and doc.type != "liste":
                assert set(rows[doc.name].dropna()) <= {code for code, _ in doc.allowed}, (name, doc.name)
                assert all(label for _, label in doc.allowed)


def test_what_is_counted_in_something_says_its_unit(real: Dataset) -> None:
    for name in ("communes", "places", "funding_figures"):
        units = {d.name: d.unit for d in columns.document(real, plain(RESOURCES[name].rows(real)), name)}
        expected = {
            "communes": {"population": "habitants", "area_km2": "km²"},
            "places": {"created_year": "année", "lon": "degré"},
            "funding_figures": {"amount_eur": "€", "share_pct": "%"},
        }[name]
        assert {k: units[k] for k in expected} == expected


def test_a_part_of_a_table_is_known_and_a_shown_table_is_not(real: Dataset) -> None:
    assert columns.table_of(real.poles.head(2)[["id", "name", "has_employer_group"]]) == "poles"
    assert columns.table_of(query.places(real, Selection(kinds=("cluster",)))) == "places"
    assert columns.table_of(real.places.assign(distance_km=1.0)) == "places"
    shown = pd.DataFrame({"Nom": ["a"], "Année": [2014]})
    assert columns.table_of(shown) is None
    assert {d.description for d in columns.document(real, plain(shown), None)} == {texts.SHOWN}
    told = columns.document(real, plain(shown), None, {"Année": "Année de l’appel."})
    assert [d.description for d in told] == [texts.SHOWN, "Année de l’appel."]


def test_only_the_sources_of_the_rows_are_cited(real: Dataset) -> None:
    rows = query.places(real, Selection(kinds=("pole",))).head(3)
    about = Credits.of(real, "x", "Trois pôles", rows["source_ids"])
    expected = {part for cell in rows["source_ids"] for part in cell.split("|")}
    assert set(about.sources["id"]) == expected <= set(cited(rows))
    for publisher in about.publishers:
        assert publisher in about.attribution
    assert about.version == real.version and real.version in about.attribution


def test_an_imported_row_says_so(small: Dataset) -> None:
    ours = opendata.public(small.places)
    assert "is_imported" not in ours and "search_text" not in ours
    mixed = small.places.assign(is_imported=[True] + [False] * (len(small.places) - 1))
    assert opendata.public(mixed)["is_imported"].tolist() == mixed["is_imported"].tolist()
