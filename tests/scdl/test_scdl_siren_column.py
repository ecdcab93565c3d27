"""The column `siren` of our objects: nine digits as text, whose key holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_data import layers, reading, schema
from ptce_data.load import Dataset, references
from tests import mini


@pytest.fixture(scope="module")
def known(mini_dir: Path) -> schema.References:
    """The codes of the small data; other tables than the one in question are read once."""
    tables = {name: reading.read(name, mini_dir) for name in schema.TABLES}
    return references(tables, {level: layers.read(level, mini_dir) for level in layers.LEVELS})


@pytest.mark.parametrize("table", ["poles", "tiers_lieux", "clusters"])
@pytest.mark.parametrize(
    ("siren", "rule"), [("12345678", "motif"), ("123456783", "cle_siren"), ("000000000", "cle_siren")]
)
def test_a_wrong_siren_is_a_fault(
    tmp_path: Path, known: schema.References, table: str, siren: str, rule: str
) -> None:
    rows = mini.tables()
    rows[table][1]["siren"] = siren
    mini.write_table(tmp_path, table, rows[table])
    read = reading.read(table, tmp_path)
    faults = read.faults + schema.validate(table, read.frame, read.lines, read.file, known)
    assert (rule, 3, "siren") in [(fault.rule, fault.line, fault.field) for fault in faults]


def test_a_siren_is_text_and_may_be_unknown(small: Dataset, real: Dataset) -> None:
    assert small.poles["siren"].dropna().tolist() == ["123456782"]
    for table in (real.poles, real.tiers_lieux, real.clusters):
        assert str(table["siren"].dtype) == "str"
