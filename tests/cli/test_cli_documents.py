"""`deck FILE` and `report FILE` from the same entrance as the rest; the atlas as a library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ptce_data import deck as decks
from ptce_data import load, query
from ptce_data.load import DATA_DIR, Dataset
from tests.cli.conftest import Run


def test_a_deck_is_an_argument(run: Run, mini_dir: Path, tmp_path: Path, small: Dataset) -> None:
    source, out = tmp_path / "d.json", tmp_path / "e.json"
    source.write_bytes(decks.dump(decks.france(small)))
    done = run("deck", source, "--json-out", out, "--donnees", mini_dir)
    assert done.exit_code == 0, done.output
    assert decks.read(out.read_bytes()).scenes == decks.read(source.read_bytes()).scenes
    assert run("deck", source, "--france", "--json-out", out, "--donnees", mini_dir).exit_code == 2
    assert run("deck", tmp_path / "absent.json", "--json-out", out).exit_code == 2


def test_a_study_that_is_not_there(run: Run, tmp_path: Path) -> None:
    done = run("report", tmp_path / "absent.json", "--out", tmp_path / "x")
    assert done.exit_code == 2 and not (tmp_path / "x").exists()


def test_the_library_is_two_names(small: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(load, "load", lambda folder, tolerant: asked.append((folder, tolerant)) or small)
    assert load(tmp_path, tolerant=True) is load() is small
    assert asked == [(tmp_path, True), (DATA_DIR, False)]
    assert query.places(small, query.Selection()).equals(small.places)


def test_the_library_imports_nothing_before_it_is_asked() -> None:
    script = "import ptce_data, sys; print(sorted({'pandas', 'geopandas', 'numpy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
    assert callable(load)
