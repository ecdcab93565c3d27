"""Memory is collected by Python itself, not by walking every object after each action of a reader."""

from __future__ import annotations

import gc
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
from streamlit import config

from ptce_data.places import UNKNOWN
from ptce_ui import tables
from ptce_ui.text import Labels

ROOT = Path(__file__).resolve().parents[1]


def test_streamlit_does_not_walk_the_tables_after_each_run() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"] == {"postScriptGC": False}
    # The option still exists under this name.
    assert config.get_option("runner.postScriptGC") is False


def test_the_data_set_is_set_apart_from_collections() -> None:
    code = "import gc; from ptce_data import shared; shared.dataset(); print(gc.get_freeze_count(), len(gc.get_objects()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    frozen, walked = map(int, done.stdout.split())
    assert frozen > 100_000 > 10_000 > walked
    assert gc.isenabled()


def test_labels_are_read_once_per_registry_and_never_taken_for_another() -> None:
    def registry(label: str) -> pd.DataFrame:
        return pd.DataFrame({"field": ["a"], "value": ["b"], "label": [label]})

    one = registry("un")
    first = Labels(one)
    assert Labels(one)._labels is first._labels
    # A new registry each time, in the memory of the one before: never its labels.
    for n in range(50):
        assert Labels(registry(str(n))).of("a", "b") == str(n)
    assert first.of("a", "b") == "un" and first.of("a", UNKNOWN) == "non renseigné"


def test_signs_by_type_are_those_of_the_selection() -> None:
    labels = Labels(pd.DataFrame({"field": [], "value": [], "label": []}))
    rows = [("rural", "pole"), ("rural", "pole"), (None, "cluster"), ("rural", "tiers_lieu")]
    found = tables.by_type(pd.DataFrame(rows, columns=["t", "kind"]), labels, "t")
    assert found.to_numpy().tolist() == [["Rural", 2, 1, 0], ["Non renseigné", 0, 0, 1]]
    none = tables.by_type(pd.DataFrame(columns=["t", "kind"]), labels, "t")
    assert none.empty and list(none) == ["Type", "PTCE", "Tiers-lieu", "Cluster"]
