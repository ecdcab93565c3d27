"""A run is cut in slices, is taken up where it was killed, and replaces the result at its end only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.sirene_synthetic import write_stock
from ptce_data.sirene import SyntheticStockError, build, engines, results, store
from ptce_data.sirene.errors import SireneError
from tests.sirene import stocks


class Killed(Exception):
    """What stops a run in these tests."""


def run(stock: Path, out: Path, data: Path, stop: str = "") -> list[str]:
    said: list[str] = []

    def step(name: str) -> None:
        said.append(name)
        if stop and name.startswith(stop):
            raise Killed

    plan = build.plan(stock, out=out)
    build.build(plan, out, data_dir=data, step=step)
    assert len(said) == plan.steps
    return said


def published(out: Path) -> pd.DataFrame:
    return pd.concat([store.read(out, level).assign(level=level) for level in results.LEVELS])


def test_slices_change_nothing(
    synthetic: Path, few_communes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(synthetic, tmp_path / "une", few_communes)
    monkeypatch.setattr(build, "SLICE_ROWS", 1_500)
    said = run(synthetic, tmp_path / "plusieurs", few_communes)
    assert "Tranche 3/" in " ".join(said)
    csv = stocks.to_csv(synthetic, tmp_path / "csv")
    monkeypatch.setattr(build, "SLICE_ROWS", 500)
    assert "Tranche 2/" in " ".join(run(csv, tmp_path / "texte", few_communes))
    expected = published(tmp_path / "une")
    pd.testing.assert_frame_equal(published(tmp_path / "plusieurs"), expected)
    pd.testing.assert_frame_equal(published(tmp_path / "texte"), expected)


def test_a_killed_run_leaves_the_former_result_and_is_taken_up(
    synthetic: Path, few_communes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    first = stocks.write(tmp_path / "premier", [stocks.place(n, "35238") for n in range(9)] + [stocks.place(n, "35281") for n in range(9)], [stocks.unit(n) for n in range(9)])  # fmt: skip
    monkeypatch.setattr(build.secrecy, "protect", _nothing_masked)
    run(first, out, few_communes)
    before = (out / store.NAME).read_bytes()
    with pytest.raises(Killed):
        run(synthetic, out, few_communes, stop="Date")
    assert (out / store.NAME).read_bytes() == before
    assert list(out.glob(".travail-*/*.parquet"))

    def refuse(*_: object) -> None:
        raise AssertionError("une tranche déjà faite est relue")

    with monkeypatch.context() as patch:
        patch.setattr(engines.Engine, "frame", refuse)
        run(synthetic, out, few_communes)
    assert (out / store.NAME).read_bytes() != before
    assert [path.name for path in out.iterdir()] == [store.NAME]


def _nothing_masked(counts: object, geography: object, threshold: int) -> build.secrecy.Protection:
    import numpy as np

    none = np.zeros(np.shape(counts), dtype=bool)  # type: ignore[arg-type]
    return build.secrecy.Protection(none, none, none)


def test_parts_of_other_files_are_not_taken_up(synthetic: Path, few_communes: Path, tmp_path: Path) -> None:
    plan = build.plan(synthetic, out=tmp_path)
    other = tmp_path / "autre"
    write_stock(other, 6_000, seed=9, data=few_communes)
    assert build.plan(other, out=tmp_path).work != plan.work
    assert build.plan(synthetic, previous=other, out=tmp_path).work != plan.work


@pytest.mark.parametrize("folder", ["var/sirene", "data", "var/essai/../sirene"])
def test_a_synthetic_stock_is_not_written_where_the_application_reads(
    synthetic: Path, few_communes: Path, folder: str
) -> None:
    out = store.ROOT / folder
    plan = build.plan(synthetic, out=out)
    with pytest.raises(SyntheticStockError, match="synthétique"):
        build.build(plan, out, data_dir=few_communes)
    assert not plan.work.exists()


def test_a_result_without_guarantee_is_not_written(few_communes: Path, tmp_path: Path) -> None:
    alone = tmp_path / "data"
    stocks.data_folder(alone, epci=("200054781",))
    communes = pd.read_parquet(alone / "geo" / "communes.parquet")
    communes[communes["commune_insee"] == "75056"].to_parquet(alone / "geo" / "communes.parquet")
    stock = stocks.write(
        tmp_path / "stock", [stocks.place(n, "75101") for n in (1, 2)], [stocks.unit(1), stocks.unit(2)]
    )
    with pytest.raises(SireneError, match="rien n’est écrit"):
        build.build(build.plan(stock, out=tmp_path / "out"), tmp_path / "out", data_dir=alone)
    assert not (tmp_path / "out" / store.NAME).exists()


def test_a_stock_without_a_date_asks_for_it(few_communes: Path, tmp_path: Path) -> None:
    places = [stocks.place(n, "35238", dateDernierTraitementEtablissement=None) for n in range(9)]
    stock = stocks.write(tmp_path / "stock", places, [stocks.unit(n) for n in range(9)])
    with pytest.raises(SireneError, match="--date"):
        build.build(build.plan(stock, out=tmp_path), tmp_path, data_dir=few_communes)


def test_the_generator_says_what_it_is_and_keeps_the_layout(synthetic: Path) -> None:
    import pyarrow.parquet as pq

    from ptce_data.sirene import layout

    for path in synthetic.iterdir():
        assert layout.SYNTHETIC_WORD in path.name
        file = pq.ParquetFile(path)
        assert layout.SYNTHETIC_KEY in file.metadata.metadata
        wanted = layout.ETABLISSEMENT if "Etablissement" in path.name else layout.UNITE_LEGALE
        assert file.schema_arrow.names == list(wanted)
    places = pd.read_parquet(next(synthetic.glob("*Etab*")))
    assert places["codeCommuneEtablissement"].str.startswith("751").any()
    assert not (places["codeCommuneEtablissement"] == "75056").any()
    assert places["dateDernierTraitementEtablissement"].max().date() == dt.date(2026, 10, 31)
    assert set(places["statutDiffusionEtablissement"]) == {"O", "P"}
