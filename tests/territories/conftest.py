"""What ships, read once: the tests of the whole of France run from data/geo."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from ptce_data.territories import Classification, Indicators, Rules, classify, read_inputs, shipped_indicators

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules.from_toml(ROOT / "data" / "territory_rules.toml")


@pytest.fixture(scope="session")
def france() -> Indicators:
    return shipped_indicators(ROOT / "data" / "geo")


@pytest.fixture(scope="session")
def result(france: Indicators, rules: Rules) -> Classification:
    return classify(france, rules)


@pytest.fixture(scope="session")
def raw_inputs() -> pd.DataFrame:
    """The inputs, which do not ship: PTCE_ZONING_INPUTS, or shared/ beside the repository."""
    given = os.environ.get("PTCE_ZONING_INPUTS")
    path = Path(given) if given else ROOT.parent / "shared" / "territory" / "zoning_inputs.csv.gz"
    if not path.is_file():
        pytest.skip("la table d’entrée n’est pas livrée avec le dépôt")
    return read_inputs(path)
