"""The column `siren` of our objects: nine digits as text, whose key holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_data.errors import DataError
from ptce_data.load import Dataset, load
from tests import mini


@pytest.mark.parametrize("table", ["poles", "tiers_lieux", "clusters"])
@pytest.mark.parametrize(
    ("siren", "rule"), [("12345678", "motif"), ("123456783", "cle_siren"), ("000000000", "cle_siren")]
)
def test_a_wrong_siren_is_a_fault(tmp_path: Path, table: str, siren: str, rule: str) -> None:
    rows = mini.tables()
    rows[table][1]["siren"] = siren
    with pytest.raises(DataError) as error:
        load(mini.write(tmp_path / "data", rows))
    assert (rule, 3, "siren") in [(fault.rule, fault.line, fault.field) for fault in error.value.faults]


def test_a_siren_is_text_and_may_be_unknown(small: Dataset, real: Dataset) -> None:
    assert small.poles["siren"].dropna().tolist() == ["123456782"]
    for table in (real.poles, real.tiers_lieux, real.clusters):
        assert str(table["siren"].dtype) == "str"
