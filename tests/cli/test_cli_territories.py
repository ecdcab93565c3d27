"""`territories`: the same types as the data ship, other thresholds, one area with its reasons."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd

from ptce_data.load import DATA_DIR
from ptce_data.territories import Rules, classify, read_tables, shipped_indicators
from tests.cli.conftest import Run
from tests.territories.territory_small import LOST, area, inputs


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)


def test_the_shipped_rules_give_the_shipped_types(run: Run) -> None:
    for level, key in (("communes", "commune_insee"), ("ze", "ze2020")):
        done = run("territories", "classify", "--level", level)
        assert done.exit_code == 0
        frame, shipped = read(done.stdout), read_tables(DATA_DIR / "geo")[level]
        assert frame["code"].tolist() == shipped[key].tolist()
        assert frame["territory_type"].tolist() == shipped["territory_type"].fillna("").tolist()
        assert frame["territory_type"].equals(frame["shipped_type"].rename("territory_type"))
    assert "territoires." in done.stderr


def test_other_thresholds(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "epci.csv"
    done = run("territories", "classify", "--level", "epci", "--set", "min_area_class=3", "--out", out)
    result = classify(shipped_indicators(DATA_DIR / "geo"), Rules.from_toml(DATA_DIR / "territory_rules.toml").changed(min_area_class=3))  # fmt: skip
    frame = read(out.read_text("utf-8"))
    assert frame["territory_type"].tolist() == result.epci["territory_type"].fillna("").tolist()
    changed = int((frame["territory_type"] != frame["shipped_type"]).sum())
    assert changed and f"dont {changed} d’un autre type" in done.stderr
    rules = tmp_path / "r.toml"
    rules.write_text("[periurban]\nmin_area_class = 3\n", "utf-8")
    again = run("territories", "classify", "--level", "epci", "--rules", rules)
    assert read(again.stdout).equals(frame)


def test_one_area_with_its_reasons(run: Run) -> None:
    done = run("territories", "classify", "--area", "35236", "--json")
    told = json.loads(done.stdout)
    (redon,) = told["areas"]
    assert (redon["name"], redon["territory_type"]) == ("Redon", "urbain_autre")
    assert {r["rule"] for r in redon["reasons"]} >= {"type", "rural", "periurbain"}
    assert told["rules_changed"] == {}


def test_what_is_refused_writes_nothing(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    for options in (
        ["--area", "99999"], ["--set", "inconnu=1"], ["--set", "min_area_class"], ["--set", "min_area_class=99"],
        ["--set", "min_area_class=a b"], ["--rules", tmp_path / "absent.toml"], ["--donnees", tmp_path],
    ):  # fmt: skip
        done = run("territories", "classify", "--out", out, *options)
        assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1, options
    assert not out.exists()


def test_build_writes_the_three_tables(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "inputs.csv", tmp_path / "geo"
    inputs(LOST, {"density_level": 6}, area(2)).to_csv(source, index=False)
    done = run("territories", "build", "--inputs", source, "--out", out)
    assert done.exit_code == 0 and "désindustrialisé" in done.stdout
    types = read_tables(out)["communes"]["territory_type"].tolist()
    assert types == ["desindustrialise", "rural", "urbain_autre"]
    shutil.rmtree(out)
    source.write_text("commune_insee\n", "utf-8")
    done = run("territories", "build", "--inputs", source, "--out", out)
    assert done.exit_code == 2 and not out.exists()
