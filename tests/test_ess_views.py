"""The weight of the ESS on the pages: not computed and how, or figures with what secrecy hides."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import sirene
from ptce_data.load import Dataset
from ptce_ui import ess_tables, region_tables
from tests.test_pages import visit, words


def test_without_a_stock_the_pages_say_so_and_how(app: AppTest, small: Dataset) -> None:
    assert not sirene.state().is_computed
    app.session_state["ess|note"] = True
    visit(app, "pages/regions.py")
    said = words(app).replace("\\", "")
    assert "non calculé" in said and "python -m ptce_data sirene build --stock" in said
    code = str(small.communes["commune_insee"].iloc[0])
    app.session_state[f"ess|communes|{code}"] = True
    visit(app, "pages/territoires.py", lieu=f"commune:{code}")
    assert "StockEtablissement" in words(app).replace("\\", "")


def test_a_masked_value_is_said_masked_and_an_unknown_one_unknown() -> None:
    rows = pd.DataFrame(
        {"label": ["a", "b", "c"], "unit": ["%"] * 3, "value": [1.5, float("nan"), float("nan")],
         "is_masked": [False, True, False], "national": [2.0, 3.0, float("nan")], "decimals": [1, 0, 0],
         "group": ["g"] * 3, "year": ["2026"] * 3}
    )  # fmt: skip
    assert ess_tables.portrait(rows)["Ici"].tolist() == ["1,5", sirene.MASKED, "non renseigné"]


def test_secrecy_is_told_in_a_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = pd.DataFrame(
        {"indicator_id": ["ess_x", "poles"], "label": ["x", "y"], "unit": ["n", "n"], "53": [float("nan")] * 2,
         "national": [9.0, 9.0], "median": [1.0, 1.0], "known": [1, 1]}
    )  # fmt: skip
    made = region_tables.written(
        compared, {"53": "Bretagne"}, {"ess_x": 0, "poles": 0}, frozenset({("ess_x", "53")})
    )
    assert made["Bretagne"].tolist() == [region_tables.SECRET, "non renseigné"]
