"""`python -m ptce_data sirene` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ptce_data.sirene import store
from ptce_data.sirene.command import sirene


def run(*words: str) -> tuple[int, str, str]:
    made = CliRunner().invoke(sirene, list(words))
    return made.exit_code, made.stdout, made.stderr


def test_build_writes_a_result_and_says_what_it_could_not_place(
    synthetic: Path, few_communes: Path, tmp_path: Path
) -> None:
    given = ["build", "--stock", str(synthetic), "--out", str(tmp_path), "--donnees", str(few_communes)]
    code, said, _ = run(*given, "--json")
    made = json.loads(said)
    assert code == 0 and (tmp_path / store.NAME).is_file()
    assert made["dates"] == ["2026-10-31"] and made["synthetic"] is True
    assert sum(made["report"][0]["not_placed"].values()) > 0


def test_a_synthetic_stock_is_refused_without_a_folder(synthetic: Path) -> None:
    code, said, error = run("build", "--stock", str(synthetic))
    assert code == 2 and not said
    assert "synthétique" in error and "Traceback" not in error


def test_an_unknown_engine_and_a_missing_folder_are_one_sentence(synthetic: Path, tmp_path: Path) -> None:
    code, _, error = run("build", "--stock", str(synthetic), "--out", str(tmp_path), "--engine", "dask")
    assert code == 2 and "Moteur inconnu" in error
    assert run("build", "--stock", str(tmp_path / "rien"))[0] == 2


def test_check_reads_nothing_but_the_heads(synthetic: Path, tmp_path: Path) -> None:
    code, said, _ = run("check", str(synthetic))
    assert code == 0 and "lisible" in said and "synthétique" in said
    assert json.loads(run("check", str(synthetic), "--json")[1])["etablissement"]["rows"] > 5_000
    code, _, error = run("check", str(tmp_path))
    assert code == 2 and "StockEtablissement" in error
