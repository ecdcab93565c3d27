"""The documents of a study opened by LibreOffice: every heading, figure and sheet is there."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from ptce_data.load import Dataset
from ptce_data.study import registries
from ptce_ui import text
from ptce_ui.exports.report import documents
from tests.report import studies

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) n’est pas installé.")


def convert(folder: Path, name: str, to: str) -> None:
    """Have LibreOffice open a file of the folder and write it in another format."""
    profile = (folder / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", to, name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)


def squeezed(words: str) -> str:
    return re.sub(r"[\s\ufffe-]+", "", words)


@pytest.mark.parametrize("name", list(studies.EPCI))
def test_libreoffice_shows_the_document_and_the_tables(name: str, real: Dataset, tmp_path: Path) -> None:
    study = getattr(studies, name)()
    for file, content in documents(real, study, today=studies.TODAY, only=("docx", "xlsx")).items():
        (tmp_path / f"etude.{file.rpartition('.')[2]}").write_bytes(content)
    communes = real.communes[real.communes["epci_siren"] == studies.EPCI[name]]
    people = int(communes["population"].sum())

    convert(tmp_path, "etude.docx", "pdf:writer_pdf_Export")
    pages = pypdfium2.PdfDocument(tmp_path / "etude.pdf")
    words = squeezed("".join(page.get_textpage().get_text_range() for page in pages))
    assert 15 < len(pages) < 60
    for label in registries.PARTS.values():
        assert words.count(squeezed(label)) >= 2, label
    assert squeezed(text.number(people)) in words
    assert "430000€d’emplois" in words
    for place in study.places:
        assert squeezed(place.name) in words
    pictures = [o for page in pages for o in page.get_objects() if o.type == 3]
    assert len(pictures) >= 8
    for page in pages:
        assert len(page.get_textpage().get_text_range()) > 150

    # The first sheet is the communes; the filter writes it alone.
    convert(tmp_path, "etude.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1")
    with (tmp_path / "etude.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["commune_insee"] for r in rows} == set(communes["commune_insee"])
    assert sum(int(r["population"]) for r in rows) == people
