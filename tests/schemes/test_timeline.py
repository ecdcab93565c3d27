"""Labels and schemes in time; the table of waves of labels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, Dataset, load
from ptce_data.schemes import timeline, undated
from tests import mini


def test_a_wave_of_a_call_takes_the_years_of_the_call(small: Dataset) -> None:
    rows = timeline(small).set_index("id")
    call = rows.loc["vague-appel"]
    assert (call["start_year"], call["end_year"], call["labelled_count"]) == (2013, 2014, 2)
    assert bool(call["end_known"]) and call["lane"] == "labels"


def test_an_end_that_is_not_known_is_told_from_a_known_one(small: Dataset) -> None:
    rows = timeline(small).set_index("id")
    assert not rows.loc["vague-a", "end_known"] and rows.loc["vague-a", "status"] == "unknown"
    assert rows.loc["vague-b", "end_known"] and rows.loc["vague-b", "end_year"] == 2018


def test_a_scheme_told_by_a_wave_is_drawn_once(small: Dataset) -> None:
    rows = timeline(small)
    assert "aide-region" not in set(rows["id"])
    assert rows.set_index("id").loc["vague-a", "scheme_ids"] == ("aide-region",)
    assert set(rows["lane"]) == {"labels", "etat", "ue", "region", "departement", "epci"}


def test_every_real_scheme_is_dated_told_or_undated(real: Dataset) -> None:
    rows, without = timeline(real, "category"), undated(real)
    schemes = real.support_schemes
    shown = {scheme for ids in rows["scheme_ids"] for scheme in ids}
    assert shown | set(without["id"]) == set(schemes["id"])
    assert set(without["id"]) == set(schemes.loc[schemes["start_year"].isna(), "id"])
    assert rows["start_year"].notna().all()
    assert (rows["end_known"] == rows["end_year"].notna()).all()
    assert set(rows["lane"]) - {"labels"} <= set(schemes["category"])
    assert set(rows["source_id"]) <= set(real.sources["id"])
    first = rows.loc[rows["lane"] == "labels", "start_year"].reset_index(drop=True)
    assert first.is_monotonic_increasing


def test_the_labels_of_the_thirty_years_are_there(real: Dataset) -> None:
    rows = timeline(real)
    labels = rows[rows["kind"] == "label"]
    registry = real.categories
    assert set(labels["label"]) == set(registry.loc[registry["field"] == "label_family", "value"])
    assert set(real.label_waves["programme_id"].dropna()) == set(
        real.programmes.loc[~real.programmes["id"].str.startswith("region-"), "id"]
    )
    assert len(labels) == len(real.label_waves), "chaque vague a un début connu"
    assert labels["start_year"].min() == 1998


def test_the_next_wave_is_of_the_same_label_and_not_earlier(real: Dataset) -> None:
    rows = timeline(real).set_index("id")
    waves = real.label_waves.dropna(subset=["next_ids"])
    for wave in waves.itertuples():
        for after in wave.next_ids.split("|"):
            assert rows.loc[after, "label"] == wave.label
            assert rows.loc[after, "start_year"] >= rows.loc[wave.id, "start_year"], wave.id


def test_a_wave_and_its_only_scheme_start_in_the_same_year(real: Dataset) -> None:
    rows = timeline(real)
    schemes = real.support_schemes.set_index("id")
    shared = rows[rows["kind"] == "label"].explode("scheme_ids").dropna(subset=["scheme_ids"])
    firsts = shared.groupby("scheme_ids")["start_year"].min()
    for scheme, year in firsts.items():
        assert schemes.loc[scheme, "start_year"] == year, scheme


def test_the_table_has_no_number_of_a_call(real: Dataset) -> None:
    raw = pd.read_csv(DATA_DIR / "label_waves.csv", dtype=str)
    calls = raw[raw["programme_id"].notna()]
    assert calls[["start_year", "end_year", "labelled_count"]].isna().all(axis=None)


WRONG = [
    ("start_year", {"end_year": "2006"}),
    ("programme_id", {"programme_id": "appel-2013"}),
    ("next_ids", {"next_ids": "vague-z"}),
    ("scheme_ids", {"scheme_ids": "aide-z"}),
    ("label", {"label": "labelle"}),
    ("source_id", {"source_id": ""}),
]


def test_wrong_waves_are_said(tmp_path: Path) -> None:
    rows = mini.tables()
    model = rows["label_waves"][0]
    first = len(rows["label_waves"]) + 2
    rows["label_waves"] += [{**model, "id": f"fausse-{n}", **changes} for n, (_, changes) in enumerate(WRONG)]
    with pytest.raises(DataError) as caught:
        load(mini.write(tmp_path / "data", rows))
    assert [(f.file, f.line, f.field) for f in caught.value.faults] == [
        ("data/label_waves.csv", first + n, field) for n, (field, _) in enumerate(WRONG)
    ]
