"""Three real territories through to the documents, in a real browser."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import geopandas as gpd
import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from ptce_data.load import load
from tests.browser.helpers import ready

#: Deindustrialised, rural, overseas.
TERRITORIES = {"epci:246200364": "désindustrialisé", "epci:243500741": "rural", "epci:249740101": "outre-mer"}


@pytest.mark.parametrize("place", list(TERRITORIES))
def test_a_territory_becomes_documents(page: Page, site: str, place: str, tmp_path: Path) -> None:
    page.goto(f"{site}/etude?section=document&depart={place}")
    ready(page)
    page.get_by_role("button", name="Préparer les documents").click()
    expect(page.get_by_text(re.compile("Document PDF – "))).to_be_visible(timeout=90_000)
    ready(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    made: dict[str, Path] = {}
    for label in ("Document PDF", "Document Word (DOCX)", "Tableaux (XLSX)", "Couches (GPKG)"):
        with page.expect_download() as download:
            page.get_by_text(re.compile(re.escape(label) + " – ")).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        made[path.suffix] = path
    code = place.partition(":")[2]
    epci = load().epci.set_index("epci_siren").loc[code]
    pages = pypdfium2.PdfDocument(made[".pdf"])
    text = "\n".join(p.get_textpage().get_text_range() for p in pages)
    assert len(pages) > 10 and f"{epci['population']:,}".replace(",", "\u202f") in text
    assert not re.search(r"\b(nan|None|NaT)\b", text)
    words = "\n".join(p.text for p in docx.Document(str(made[".docx"])).paragraphs)
    assert "Méthode et limites" in words
    assert "Sources" in openpyxl.load_workbook(made[".xlsx"], read_only=True).sheetnames
    assert zipfile.is_zipfile(made[".docx"])
    communes = gpd.read_file(made[".gpkg"], layer="communes")
    assert int(communes["population"].sum()) == int(epci["population"])
