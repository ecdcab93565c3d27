"""The three tables that ship in data/geo: indicators and result, written and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ptce_data.territories.classify import Classification, classify
from ptce_data.territories.errors import TerritoryError
from ptce_data.territories.indicators import Indicators, from_tables
from ptce_data.territories.rules import Rules

TABLES: Final = {
    "communes": "territory_types.parquet",
    "epci": "epci_types.parquet",
    "ze": "ze_types.parquet",
}


def write_tables(result: Classification, folder: Path) -> dict[str, Path]:
    """Write the three Parquet files (zstd; the same bytes for the same result and library versions)."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for attribute, name in TABLES.items():
        table = pa.Table.from_pandas(getattr(result, attribute), preserve_index=False)
        paths[attribute] = folder / name
        # Written beside, then moved: an interrupted run leaves the former file whole.
        draft = folder / f".{name}.tmp"
        pq.write_table(table, draft, compression="zstd", compression_level=12)
        draft.replace(paths[attribute])
    return paths


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The three shipped tables, keyed communes, epci, ze; codes are text, booleans nullable."""
    tables = {}
    for attribute, name in TABLES.items():
        path = folder / name
        if not path.is_file():
            raise TerritoryError(f"{name} : table absente ; lancer scripts/build_territories.py.")
        tables[attribute] = pd.read_parquet(path)
    return tables


def shipped_indicators(folder: Path) -> Indicators:
    """The indicators to classify again with other thresholds, without the raw inputs."""
    return from_tables(**read_tables(folder))


def shipped_classification(folder: Path, rules: Rules | None = None) -> Classification:
    """The classification of the shipped indicators under `rules` (0.1 s for the whole of France)."""
    return classify(shipped_indicators(folder), rules)
