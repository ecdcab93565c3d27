"""`validate`: every fault of a folder, of a patch, and archives that are not to be trusted."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from ptce_data import schema
from ptce_data.commands import archives
from ptce_data.commands.archives import ArchiveError, Limits, opened
from ptce_data.load import version
from tests import mini
from tests.cli.conftest import Run


def table(name: str, *rows: dict[str, str]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, [d.name for d in schema.describe(name)], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


NEW = {
    **mini.tables()["tiers_lieux"][0],
    "id": "lieu-neuf",
    "name": "Lieu\nneuf",
    "source_id": "source-neuve",
}
SOURCE = {"id": "source-neuve", "publisher": "Commune", "url": "https://example.org/n", "date_accessed": "2026-11-22"}  # fmt: skip


def test_sound_data(run: Run, mini_dir: Path) -> None:
    told = json.loads(run("validate", mini_dir, "--json").stdout)
    assert told == {"sound": True, "version": version(mini_dir), "count": 0, "faults": []}


def test_all_faults_of_all_files(run: Run, folder: Path) -> None:
    rows = mini.tables()
    rows["poles"][3]["region_code"] = "99"
    rows["clusters"][0]["members_count"] = "beaucoup"
    for name in ("poles", "clusters"):
        mini.write_table(folder, name, rows[name])
    (folder / "geo" / "epci.parquet").unlink()
    done = run("validate", folder)
    assert done.exit_code == 1 and "3 fautes" in done.output
    assert (
        "data/poles.csv, ligne 5, champ « region_code » : « 99 »" in done.output and "[lien]" in done.output
    )
    faults = json.loads(run("validate", folder, "--json").stdout)["faults"]
    found = {(f["file"], f["line"], f["field"], f["value"], f["rule"]) for f in faults}
    assert found == {
        ("data/poles.csv", 5, "region_code", "99", "lien"),
        ("data/clusters.csv", 2, "members_count", "beaucoup", "type"),
        ("data/geo/epci.parquet", None, None, None, "fichier"),
    }


def test_what_is_no_folder_of_data(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        done = run("validate", path)
        assert done.exit_code == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1


def test_a_good_patch(run: Run, mini_dir: Path, tmp_path: Path) -> None:
    files = {"tiers_lieux.csv": table("tiers_lieux", NEW), "sources.csv": table("sources", SOURCE), "LISEZMOI.txt": b"x", "a-decider.csv": b"ligne\n"}  # fmt: skip
    before = version(mini_dir)
    done = run("validate", "--patch", zipped(tmp_path / "correctif.zip", files), mini_dir)
    assert done.exit_code == 0, done.output
    assert "Lignes que le correctif ajoute : sources 1, tiers_lieux 1." in done.output
    assert "aucune faute" in done.output
    assert version(mini_dir) == before


def test_faults_of_a_patch_are_told_by_its_own_lines(run: Run, mini_dir: Path, tmp_path: Path) -> None:
    rows = [NEW, {**NEW, "id": "Mauvais Nom"}, {**NEW, "id": "lieu-a", "source_id": "source-a"}, {**NEW, "id": "x", "lat": "nord"}]  # fmt: skip
    patch = zipped(tmp_path / "p.zip", {"tiers_lieux.csv": table("tiers_lieux", *rows), "sources.csv": table("sources", SOURCE) + b"a,b\n", "poles.csv": b"id,nom\nx,y\n"})  # fmt: skip
    done = run("validate", "--patch", patch, mini_dir, "--json")
    told = json.loads(done.stdout)
    found = {(f["file"], f["line"], f["field"], f["rule"]) for f in told["faults"]}
    # Each new row takes two lines of the file: its name has a line break.
    assert {
        ("p.zip/tiers_lieux.csv", 4, "id", "motif"),
        ("p.zip/tiers_lieux.csv", 6, "id", "unique"),
        ("data/tiers_lieux.csv", 2, "id", "unique"),
        ("p.zip/tiers_lieux.csv", 8, "lat", "type"),
        ("p.zip/sources.csv", 3, None, "cellules"),
        ("p.zip/poles.csv", 1, "nom", "colonne_inconnue"),
        ("p.zip/poles.csv", 1, "name", "colonne_absente"),
    } <= found
    assert done.exit_code == 1 and told["added"] == {"tiers_lieux": 4, "sources": 1}


@pytest.mark.parametrize(
    "files",
    [{}, {"LISEZMOI.txt": b"x"}, {"autre.csv": b"id\n"}, {"geo/communes.parquet": b"x"}, {"territory_rules.toml": b""}],
)  # fmt: skip
def test_what_is_no_patch(run: Run, mini_dir: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    done = run("validate", "--patch", zipped(tmp_path / "p.zip", files), mini_dir)
    assert done.exit_code == 2 and done.stdout == "" and len(done.stderr.splitlines()) == 1


def test_a_link_in_a_patch_is_refused(run: Run, mini_dir: Path, tmp_path: Path) -> None:
    patch = tmp_path / "p"
    patch.mkdir()
    (patch / "poles.csv").symlink_to(mini_dir / "poles.csv")
    assert run("validate", "--patch", patch, mini_dir).exit_code == 2


@pytest.mark.parametrize(
    "name",
    ["../poles.csv", "/tmp/poles.csv", "a/../../poles.csv", "..\\poles.csv", "C:poles.csv", "a\x01.csv"],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "z.zip", {"sources.csv": b"id\n", name: b"id\n"})
    before = set(tmp_path.rglob("*"))
    with pytest.raises(ArchiveError, match="hors du dossier"), opened(path):
        pass
    assert set(tmp_path.rglob("*")) == before


def test_sizes_are_those_read_not_those_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(tmp_path / "z.zip", {"poles.csv": b"0" * 5_000_000})
    with pytest.raises(ArchiveError, match="trop gros"), opened(bomb, Limits(part=1_000_000)):
        pass
    two = zipped(tmp_path / "y.zip", {"poles.csv": b"0" * 600_000, "sources.csv": b"0" * 600_000})
    with pytest.raises(ArchiveError, match="trop gros"), opened(two, Limits(whole=1_000_000)):
        pass
    many = zipped(tmp_path / "x.zip", {f"{n}.csv": b"" for n in range(12)})
    with pytest.raises(ArchiveError, match="plus de 10 fichiers"), opened(many, Limits(members=10)):
        pass
    assert archives.MAX_WHOLE <= 256_000_000


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n", b"\x00" * 100])
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="n’est pas un dossier"), opened(path):
        pass
