"""`python -m ptce_data dispositifs`: what it writes, prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ptce_data.__main__ import main
from ptce_data.aid_standard import command
from ptce_data.load import Dataset


@pytest.fixture
def run(small: Dataset, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(command, "load", lambda folder: small)

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["dispositifs", *map(str, arguments)])

    return call


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_what_is_written_is_read(run, small: Dataset, tmp_path: Path, layout: str) -> None:  # type: ignore[no-untyped-def]
    file, rows = tmp_path / f"a.{layout}", tmp_path / "rows.csv"
    written = run("export", "--format", layout, "--out", file)
    assert written.exit_code == 0, written.output
    assert "7 dispositifs au standard" in written.output
    result = run("import", file, "--out", rows)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("7 lignes lues : 7 gardées (dont aucune réparée), aucune refusée.")
    frame = pd.read_csv(rows, dtype=str)
    assert frame["id"].tolist() == small.support_schemes["id"].tolist()
    assert frame.columns[-1] == "imported_from"


def test_a_selection(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.csv"
    run("export", "--out", file, "--select", "level=region,epci", "--select", "region_code=84")
    assert pd.read_csv(file)["atlas_id"].tolist() == ["aide-ancienne-region", "aide-epci"]
    run("export", "--out", file, "--socle")
    assert len(pd.read_csv(file).columns) == 15
    assert run("export", "--out", file, "--select", "nom=x").exit_code == 2


def test_refused_rows_end_with_1(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file, refused = tmp_path / "page.json", tmp_path / "refus.csv"
    aids = [{"slug": "bonne", "name": "Aide"}, {"slug": "sans-nom", "start_date": "=demain"}]
    file.write_text(json.dumps({"results": aids}), encoding="utf-8")
    result = run("import", file, "--format", "aides-territoires", "--json", "--refused", refused)
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert (told["report"]["read"], told["report"]["kept"], told["report"]["refused"]) == (2, 1, 1)
    assert {note["field"] for note in told["report"]["refusals"]} == {"name", "start_date"}
    assert told["rows"][0]["id"] == "at-bonne"
    assert told["sources"][0]["licence"] == "Licence Ouverte 2.0"
    assert "'=demain" in refused.read_text(encoding="utf-8-sig")
    text = run("import", file, "--format", "aides-territoires").output
    assert "2 lignes lues : 1 gardée" in text
    assert "Refus (2) :" in text and "Proposé, à confirmer" in text


def test_what_cannot_be_read_ends_with_2(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("import", tmp_path / "absent.csv").exit_code == 2
    file = tmp_path / "rien.csv"
    file.write_bytes(b"")
    result = run("import", file)
    assert result.exit_code == 2
    assert result.output.startswith("Illisible : rien.csv — fichier vide")
    assert run("export", "--out", tmp_path / "absent" / "a.csv").exit_code == 2


def test_help_has_examples() -> None:
    for name in ("export", "import"):
        result = CliRunner().invoke(main, ["dispositifs", name, "--help"])
        assert f"python -m ptce_data dispositifs {name}" in result.output
        assert "Code de sortie" in result.output
