"""PySpark (local) and DuckDB give the same results, row for row. Slow start: a target of its own.

make spark
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from ptce_data.sirene import build, engines, files, layout, results, store
from ptce_data.sirene import expressions as register
from tests.sirene import stocks

pytest.importorskip("pyspark", reason="PySpark n’est pas installé : make spark")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    with engines.opened("pyspark:local[2]", tmp_path_factory.mktemp("spark")) as engine:
        yield engine


def cells(engine: engines.Engine, folder: Path, part: register.Slice) -> pd.DataFrame:
    stock = files.open_stock(folder)
    tables = (
        engine.read(stock.etablissement, layout.READ_ETABLISSEMENT),
        engine.read(stock.unite_legale, layout.READ_UNITE_LEGALE),
    )
    frame = engine.frame(register.cells(*tables, part), stock.etablissement)
    order = list(register.DIMENSIONS)
    return frame.astype({**dict.fromkeys(order, "str"), "n": "int64"}).sort_values(order, ignore_index=True)


@pytest.mark.parametrize("part", [register.EVERYTHING, (300_000_000, 700_000_000)], ids=["tout", "tranche"])
@pytest.mark.parametrize("csv", [False, True], ids=["parquet", "csv"])
def test_cells_are_the_same_row_for_row(
    spark: engines.Engine, synthetic: Path, tmp_path: Path, part: register.Slice, csv: bool
) -> None:
    folder = stocks.to_csv(synthetic, tmp_path / "csv") if csv else synthetic
    with engines.opened("duckdb", tmp_path / "disque") as duckdb:
        expected = cells(duckdb, folder, part)
    assert len(expected) > 100
    pd.testing.assert_frame_equal(cells(spark, folder, part), expected)


def test_the_published_files_are_the_same(
    spark: engines.Engine, synthetic: Path, few_communes: Path, tmp_path: Path
) -> None:
    # The session is one per process: `build` takes the one that runs, and must not find it closed.
    frames = {}
    for engine in ("duckdb", "pyspark:local[2]"):
        out = tmp_path / engine.partition(":")[0]
        build.build(build.plan(synthetic, engine, out=out), out, data_dir=few_communes)
        frames[engine] = pd.concat([store.read(out, level) for level in results.LEVELS])
        found = results.state(out, allow_synthetic=True)
        assert found.engine.startswith(engine.partition(":")[0])
        assert found.date == "2026-10-31"
    pd.testing.assert_frame_equal(*frames.values())
