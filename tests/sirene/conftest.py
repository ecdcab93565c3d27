"""One small data folder, one synthetic stock and its result, shared."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sirene_synthetic import write_stock
from ptce_data.sirene import build
from tests.sirene import stocks


@pytest.fixture(scope="session")
def few_communes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the communes of a few EPCI."""
    return stocks.data_folder(tmp_path_factory.mktemp("few") / "data")


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory, few_communes: Path) -> Path:
    """A synthetic stock of 6,000 establishments there."""
    folder = tmp_path_factory.mktemp("stock")
    write_stock(folder, 6_000, seed=3, data=few_communes)
    return folder


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory, few_communes: Path, synthetic: Path) -> Path:
    """The folder of its result, with another stock as the previous one."""
    before, out = tmp_path_factory.mktemp("avant"), tmp_path_factory.mktemp("resultat")
    write_stock(before, 5_000, seed=4, data=few_communes)
    plan = build.plan(synthetic, previous=before, out=out)
    build.build(plan, out, data_dir=few_communes, previous_date="2021-10-31")
    return out
