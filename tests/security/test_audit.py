"""What the audit concludes from what it was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import audit

SOUND = {"name": "a", "version": "1", "vulns": []}
FAULTY = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SILENT = {"name": "c", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "code"),
    [([SOUND], 0), ([SOUND, FAULTY], 1), ([SOUND, SILENT], 3), ([FAULTY, SILENT], 1), (None, 3)],
)
def test_silence_is_not_taken_for_soundness(
    packages: list[dict[str, object]] | None, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    told = None if packages is None else audit.faults({"dependencies": packages})
    monkeypatch.setattr(audit, "_audit", lambda: told)
    monkeypatch.setattr(audit, "pins", lambda: {"streamlit": "1.67.0"})
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: None)
    assert audit.main(tmp_path) == code
    said = capsys.readouterr().out
    assert ("PYSEC-1" in said) == (packages is not None and FAULTY in packages)
    assert ("aucune connue" in said) == (code == 0)
    assert (
        (tmp_path / "licences.csv")
        .read_text(encoding="utf-8")
        .startswith("paquet,version,licence\nstreamlit,1.67.0,Apache")
    )


@pytest.mark.parametrize(
    ("said", "is_strong"),
    [
        ("GPL-3.0", True),
        ("AGPL-3.0-only", True),
        ("LGPL-3.0-only", False),
        ("GNU General Public License v3", True),
        ("GNU Library or Lesser General Public License (LGPL)", False),
        ("MIT", False),
    ],
)
def test_a_strong_licence_is_read_again(said: str, is_strong: bool) -> None:
    assert bool(audit._STRONG.search(said)) == is_strong
