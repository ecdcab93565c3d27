"""The weight of the ESS in a study's documents: there once computed, masked said masked, absent otherwise."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from ptce_data import sirene
from ptce_data.load import Dataset
from ptce_data.sirene import SireneState
from ptce_data.study import Perimeter, new
from ptce_ui.exports import document as engine
from ptce_ui.exports.document.model import Table
from ptce_ui.exports.report import ess
from ptce_ui.exports.report.build import compose
from ptce_ui.exports.report.facts import Facts, gather
from ptce_ui.exports.report.tables import sheets

DAY = dt.date(2026, 11, 22)


@pytest.fixture
def facts(small: Dataset) -> Facts:
    code = str(small.communes["commune_insee"].iloc[0])
    return gather(small, new("Essai", DAY, Perimeter(communes=(code,))), DAY)


def rows(level: str, code: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"indicator_id": ["ess_establishments", "ess_share"], "group": ["Poids de l’ESS"] * 2,
         "label": ["Établissements actifs de l’ESS", "Part <b>"], "unit": ["établissements", "%"],
         "decimals": [0, 1], "value": [1234.0, float("nan")], "is_masked": [False, True],
         "national": [200000.0, 9.5], "year": ["2026-10-31"] * 2, "numerator": [1.0, 1.0], "denominator": [1.0, 1.0]}
    )  # fmt: skip


def test_nothing_is_written_without_a_result(facts: Facts) -> None:
    assert not sirene.state().is_computed
    assert ess.blocks(facts) == [] and ess.source() == () and "Poids de l’ESS" not in sheets(facts)


def test_the_figures_stand_in_report_and_workbook(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sirene, "state", lambda: SireneState(True, date="2026-10-31", engine="duckdb", threshold=3)
    )
    monkeypatch.setattr(sirene, "portrait", rows)
    (table,) = [b for b in ess.blocks(facts) if isinstance(b, Table)]
    assert [r[2].replace("\u202f", " ") for r in table.rows] == ["1 234", sirene.MASKED]
    assert sheets(facts)["Poids de l’ESS"]["value"].isna().tolist() == [False, True]
    document = compose(facts, ("svg",), lambda step, label: None)
    assert ess.SIRENE in {source.id for source in document.sources}
    assert engine.to_pdf(document).startswith(b"%PDF")
