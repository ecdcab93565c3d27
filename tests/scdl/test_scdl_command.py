"""`python -m ptce_data scdl`: what it prints and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ptce_data.__main__ import main
from ptce_data.load import Dataset
from ptce_data.scdl import command
from tests.scdl.conftest import FIXTURES, HEADER, lines


@pytest.fixture
def run(small: Dataset, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Call the command on the mini data, which is loaded once for all tests."""
    monkeypatch.setattr(command, "load", lambda folder: small)

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["scdl", *map(str, arguments)])

    return call


def written(folder: Path, *rows: dict[str, str], name: str = "synthetique.csv") -> Path:
    path = folder / name
    path.write_bytes(lines(*rows))
    return path


def test_json_tells_the_report_and_the_matches(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run(FIXTURES / "synthetique-1.1-virgule-utf8.csv", written(tmp_path, {"montant": "x"}), "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    report = told["report"]
    assert (report["read"], report["kept"], report["refused"]) == (4, 3, 1)
    assert report["refusals"] == [
        {
            "file": "synthetique.csv",
            "line": 2,
            "field": "montant",
            "value": "x",
            "why": "ce n’est pas un nombre",
        }
    ]
    (match,) = told["matches"]
    wanted = ("entity_id", "rule", "score", "year", "funder", "amount", "status", "file", "line")
    assert [match[key] for key in wanted] == [
        "pole-a", "siren", 100, 2019, "Ville synthétique d'Alpha", 1234.5, "automatique",
        "synthetique-1.1-virgule-utf8.csv", 2,
    ]  # fmt: skip
    assert told["totals"][0]["amount_eur"] == 1234.5
    assert told["thresholds"] == {"automatic": 95, "proposed": 50}


def test_the_text_says_the_same_in_french(run, layout: Path) -> None:  # type: ignore[no-untyped-def]
    result = run(layout, "--attribuant", "Département synthétique")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("3 lignes lues : 3 gardées")
    assert "Sous 95, rien n’est attribué sans confirmation" in result.output


def test_an_unreadable_file_ends_with_2_and_the_others_are_told(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run(tmp_path / "absent.csv", written(tmp_path, {}))
    assert result.exit_code == 2
    assert "Illisible : absent.csv" in result.output
    assert "1 ligne lue : 1 gardée" in result.output
    assert run().exit_code == 2


def test_refused_rows_are_written(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = run(written(tmp_path, {"montant": "x"}, {}), "--refused", tmp_path / "refus.csv")
    assert result.exit_code == 1
    text = (tmp_path / "refus.csv").read_bytes().decode("utf-8-sig")
    assert text.splitlines()[0] == ";".join(("fichier", "ligne", "motifs", *HEADER))
    assert len(text.splitlines()) == 2


def test_decisions_are_read_from_a_file(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = written(tmp_path, {})
    (pair,) = json.loads(run(path, "--json").output)["pairs"]
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(f"cle;decision\n{pair['key']};rejete\n", encoding="utf-8")
    told = json.loads(run(path, "--json", "--decisions", decisions).output)
    assert [match["status"] for match in told["matches"]] == ["rejete"]
    assert told["totals"] == []
    for text in ("cle;decision\nx;oui\n", "a;b\n1;2\n"):
        decisions.write_text(text, encoding="utf-8")
        assert run(path, "--decisions", decisions).exit_code == 2
    assert run(path, "--decisions", tmp_path / "absent.csv").exit_code == 2


def test_hostile_cells_do_not_move_the_terminal(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    row = {"nomBeneficiaire": "\x1b[31mrouge\u202e", "montant": "\x1b[2J", "objet": "\x07"}
    result = run(written(tmp_path, row, {"nomBeneficiaire": "\x1b[31mrouge"}))
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_help_has_examples_in_french() -> None:
    result = CliRunner().invoke(main, ["scdl", "--help"])
    assert result.exit_code == 0
    assert "Exemples :" in result.output
    assert "Code de sortie" in result.output
    assert "scdl" in CliRunner().invoke(main, ["--help"]).output


def test_the_module_runs_by_its_name_on_a_folder_of_data(mini_dir: Path) -> None:
    path = FIXTURES / "synthetique-1.1-virgule-utf8.csv"
    arguments = [sys.executable, "-m", "ptce_data", "scdl", str(path), "--json", "--donnees", str(mini_dir)]
    done = subprocess.run(arguments, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["matches"][0]["entity_uid"] == "pole:pole-a"


def test_a_folder_without_data_ends_with_2(tmp_path: Path) -> None:
    path = FIXTURES / "synthetique-1.1-virgule-utf8.csv"
    result = CliRunner().invoke(main, ["scdl", str(path), "--donnees", str(tmp_path / "absent")])
    assert result.exit_code == 2
