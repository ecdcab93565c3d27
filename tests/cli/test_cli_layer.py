"""`import couche`: a file read row by row, its proposal, which `validate --patch` then judges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptce_data.commands import outcome
from ptce_data.load import Dataset, version
from tests.cli.conftest import Run

CSV = """Nom du lieu;Code commune;Site
Lieu A;69001;https://lieu-a.example.org
Atelier neuf;34001;
Sans place;;
"""


@pytest.fixture
def couche(run: Run, small: Dataset, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(outcome, "dataset", lambda folder: small)
    return lambda *arguments: run("import", "couche", *arguments)


def test_every_row_is_told_and_a_proposal_made(couche: Run, run: Run, tmp_path: Path, mini_dir: Path) -> None:
    file, columns, patch = tmp_path / "tiers-lieux.csv", tmp_path / "c.json", tmp_path / "p.zip"
    file.write_text(CSV, encoding="utf-8")
    before = version(mini_dir)
    done = couche(file, "--columns-out", columns, "--patch", patch, "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (told["target"], told["read"], told["kept"], told["refused"]) == ("tiers_lieux", 3, 2, 1)
    assert [one["line"] for one in told["refusals"]] == [4]
    assert "tiers_lieu:lieu-a" in {one["uid"] for one in told["candidates"] if one["line"] == 2}
    again = couche(file, "--columns", columns)
    assert "3 lignes lues, 2 gardées, 1 refusée." in again.output and "Refusé – ligne 4" in again.output
    checked = json.loads(run("validate", "--patch", patch, mini_dir, "--json").stdout)
    assert checked["added"]["tiers_lieux"] == 1
    # What only a maintainer can say is asked for, and nothing else is wrong.
    assert {fault["rule"] for fault in checked["faults"]} == {"obligatoire"}
    assert version(mini_dir) == before


def test_what_is_refused_writes_nothing(couche: Run, tmp_path: Path) -> None:
    file, patch, other = tmp_path / "lieux.csv", tmp_path / "p.zip", tmp_path / "x.json"
    file.write_bytes(b"\x00\x01\x02")
    other.write_text("{}", encoding="utf-8")
    good = tmp_path / "bon.csv"
    good.write_text(CSV, encoding="utf-8")
    for arguments in ((file,), (tmp_path / "absent",), (good, "--columns", other), (good, "--answer", "x"), (good, "--target", "autre")):  # fmt: skip
        done = couche(*arguments, "--patch", patch)
        assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1, arguments
    assert not patch.exists()
