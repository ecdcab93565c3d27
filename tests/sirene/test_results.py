"""What the pages get: nothing without a stock, and what was masked stays so in every indicator."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from ptce_data import regional, sirene
from ptce_data.load import Dataset
from ptce_data.sirene import family, results, store
from ptce_data.sirene import nomenclatures as codes


def test_without_a_stock_the_state_says_how_to_get_one(tmp_path: Path) -> None:
    found = sirene.state(tmp_path)
    assert not found.is_computed
    assert sirene.NOT_COMPUTED in found.said
    for word in ("StockEtablissement_utf8.parquet", "StockUniteLegale_utf8.parquet", "Licence Ouverte", "Go",
                 "sirene build --stock"):  # fmt: skip
        assert word in found.how.said
    assert found.how.page.startswith("https://www.data.gouv.fr/")
    assert sirene.indicators(tmp_path).empty
    assert sirene.values("regions", folder=tmp_path).empty
    assert sirene.portrait("regions", "53", tmp_path).empty


def test_a_synthetic_result_is_never_shown(result: Path) -> None:
    found = sirene.state(result)
    assert not found.is_computed and found.is_synthetic
    assert sirene.values("regions", folder=result).empty
    assert sirene.state(result, allow_synthetic=True).is_computed


@pytest.mark.parametrize("content", [b"", b"PAR1 rien"])
def test_a_spoilt_result_is_not_computed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / store.NAME).write_bytes(content)
    assert "relancez" in sirene.state(tmp_path).said


def test_the_registry_has_the_shape_of_the_regional_one(result: Path, small: Dataset) -> None:
    found = sirene.indicators(result, allow_synthetic=True)
    assert list(found.columns) == list(regional.registry(small).columns)
    assert found["indicator_id"].is_unique
    assert not set(found["indicator_id"]) & set(regional.registry(small)["indicator_id"])
    assert found["definition"].str.len().gt(10).all()
    assert set(found["year"]) == {"2026-10-31", "2021-10-31 et 2026-10-31"}
    assert "moins de 3" in sirene.state(result, allow_synthetic=True).secrecy


@pytest.mark.parametrize("level", sirene.LEVELS)
def test_values_are_their_numerator_over_their_denominator(result: Path, level: str) -> None:
    found = sirene.values(level, folder=result, allow_synthetic=True)
    counts = store.read(result, level)
    assert found.groupby("code").size().nunique() == 1
    assert set(found["code"]) == set(counts["code"])
    assert (found.loc[found["is_masked"], "value"].isna()).all()
    scale = found["indicator_id"].map({"ess_per_1000": 1000.0}).fillna(100.0)
    ratio = found["denominator"].notna() & (found["denominator"] > 0) & ~found["is_masked"]
    expected = found["numerator"] / found["denominator"] * scale
    pd.testing.assert_series_equal(found.loc[ratio, "value"], expected[ratio], check_names=False)
    hidden = counts[counts["n"].isna() & (counts["key"] == codes.ESS)]["code"]
    told = found[found["code"].isin(hidden) & found["indicator_id"].str.startswith("ess_")]
    assert told.loc[
        told["indicator_id"].isin(["ess_establishments", "ess_per_1000", "ess_share"]), "is_masked"
    ].all()
    assert (
        not told.loc[told["indicator_id"].str.endswith("_share") & told["is_masked"], "value"].notna().any()
    )


def test_no_shown_count_is_under_the_threshold_and_some_are_masked(result: Path) -> None:
    for level in sirene.LEVELS:
        counts = store.read(result, level)
        shown = counts["n"].dropna()
        assert not shown.isin([1, 2]).any()
    assert store.read(result, "communes")["n"].isna().any()


def test_parts_add_up_where_they_are_all_shown(result: Path) -> None:
    wide = sirene.values("france", folder=result, allow_synthetic=True).set_index("indicator_id")["value"]
    parts = [wide[f"ess_famille_{name}"] for name in codes.FAMILIES]
    assert pd.isna(sum(parts)) or sum(parts) == wide["ess_establishments"]
    change = wide["ess_change"] / (wide["ess_establishments"] - wide["ess_change"]) * 100
    assert wide["ess_change_pct"] == pytest.approx(change)


def test_a_portrait_is_the_values_of_one_area(result: Path) -> None:
    found = sirene.portrait("departements", "35", result, allow_synthetic=True)
    values = sirene.values("departements", folder=result, allow_synthetic=True)
    own = values[values["code"] == "35"].reset_index(drop=True)
    pd.testing.assert_series_equal(found["value"], own["value"])
    assert list(found["indicator_id"]) == list(
        sirene.indicators(result, allow_synthetic=True)["indicator_id"]
    )
    assert found["national"].notna().any()
    assert sirene.portrait("departements", "99", result, allow_synthetic=True).empty


def test_a_new_result_is_read(result: Path, tmp_path: Path) -> None:
    shutil.copy(result / store.NAME, tmp_path / store.NAME)
    before = sirene.values("france", folder=tmp_path, allow_synthetic=True)
    table = store.read(tmp_path, "france")
    assert not before.empty and len(table)
    (tmp_path / store.NAME).unlink()
    assert sirene.values("france", folder=tmp_path, allow_synthetic=True).empty


def test_the_regional_family_is_empty_without_a_stock_and_agrees_with_values(
    result: Path, small: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where = regional.areas.areas(small, "regions")
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    assert family.indicators(small) == [] and family.measures(small, where) == {}
    monkeypatch.setattr(store, "FOLDER", result)
    shown = results.state

    monkeypatch.setattr(
        results, "state", lambda folder=None, allow_synthetic=False: shown(folder, allow_synthetic=True)
    )
    made = family.measures(small, where)
    assert list(made) and set(made) == {one.id for one in family.indicators(small)}
    values = sirene.values("regions", folder=result, allow_synthetic=True)
    for name in ("ess_establishments", "ess_per_1000", "ess_famille_association_share"):
        rows = values[values["indicator_id"] == name].set_index("code")["value"].reindex(where.codes)
        pd.testing.assert_series_equal(made[name].value, rows, check_names=False)
