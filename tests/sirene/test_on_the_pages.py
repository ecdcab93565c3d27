"""A result on the pages: its indicators join the comparison of regions, what secrecy hides is said so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import regional, sirene
from ptce_data.regional import indicators
from ptce_data.sirene import results
from tests.conftest import ROOT
from tests.test_pages import visit


@pytest.fixture
def shown(result: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The synthetic result as if it were real: only a test may."""
    about = results.store.about
    monkeypatch.setattr(results.store, "FOLDER", result)
    monkeypatch.setattr(results.store, "about", lambda folder: {**about(folder), "synthetic": False})
    caches = (indicators._registry, indicators._frame, indicators._values, indicators._wide)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("shown")
def test_regions_compare_the_weight_of_the_ess(monkeypatch: pytest.MonkeyPatch) -> None:
    from ptce_data.load import load

    dataset = load()
    registry = regional.registry(dataset)
    assert set(sirene.indicators()["indicator_id"]) <= set(registry["indicator_id"])
    monkeypatch.delenv("PTCE_DATA_DIR", raising=False)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    visit(app, "pages/regions.py", region=["53", "52"])
    box = next(s for s in app.selectbox if s.label == "Indicateurs")
    weight = next(option for option in box.options if option == "Poids de l’ESS")
    box.select(weight).run()
    assert not app.exception, [e.message for e in app.exception]
    table = app.dataframe[0].value
    expected = sirene.values("regions", ["ess_establishments"]).set_index("code")["value"]
    rows = table.set_index("Indicateur")["Bretagne"].str.replace("\u202f", "")
    assert rows["Établissements de l’ESS"] == str(int(expected["53"]))
    found = sirene.values("regions")
    masked = found[found["is_masked"].astype(bool) & (found["code"] == "53")]["indicator_id"]
    labels = registry.set_index("indicator_id")["label"]
    told = [i for i in masked if labels[i] in rows.index]
    assert told and all(rows[labels[i]] == sirene.MASKED for i in told)
