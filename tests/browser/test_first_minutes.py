"""A newcomer of each of the three uses: from the home page to the file, in at most five clicks."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation

from ptce_data import deck as decks
from ptce_data import query
from ptce_data.load import load
from ptce_data.selection import Selection
from tests.browser.helpers import ready

MOST = 5
#: Documents and slides are drawn on a machine that other tests use too.
LONG = 120_000


class Newcomer:
    """Somebody with a mouse: each click is counted, opening a menu and choosing in it too; typing is not."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.clicks = 0
        page.goto(address)
        ready(page)

    def click(self, wanted: Locator, timeout: float = 30_000) -> None:
        self.clicks += 1
        assert self.clicks <= MOST, f"{self.clicks} clics : {wanted}"
        wanted.click(timeout=timeout)

    def choose(self, label: str, option: str) -> None:
        self.open(label)
        self.click(self.page.get_by_role("option", name=option, exact=True))
        ready(self.page)

    def open(self, label: str) -> None:
        self.click(self.page.get_by_role("combobox", name=label, exact=True))

    def type(self, label: str, words: str) -> None:
        """Typing a name, then Enter: no click."""
        self.page.get_by_role("textbox", name=label, exact=True).fill(words)
        self.page.keyboard.press("Enter")
        ready(self.page)

    def take(self, wanted: Locator, folder: Path) -> Path:
        expect(wanted).to_be_visible(timeout=LONG)
        with self.page.expect_download(timeout=LONG) as download:
            self.click(wanted)
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        return path


@pytest.fixture
def newcomer(page: Page, site: str) -> Newcomer:
    return Newcomer(page, site)


def test_the_tiers_lieux_of_rural_epci_of_occitanie_as_a_spreadsheet(
    newcomer: Newcomer, tmp_path: Path
) -> None:
    newcomer.choose("Type de l’intercommunalité (EPCI)", "Rural")
    newcomer.choose("Région", "Occitanie")
    path = newcomer.take(newcomer.page.get_by_role("button", name="Le tableau (XLSX)"), tmp_path)
    assert path.suffix == ".xlsx"

    book = openpyxl.load_workbook(path, read_only=True)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    got = {str(row[head.index("uid")]): dict(zip(head, row, strict=True)) for row in rows}
    data = load()
    assert data.territories is not None
    types = data.territories.epci.set_index("epci_siren")["territory_type"]
    homes = data.communes.set_index("commune_insee")["epci_siren"]
    # By the words of the request, from the tables themselves: the type of the EPCI, not that of the commune.
    said = data.tiers_lieux[
        (data.tiers_lieux["region_code"] == "76")
        & (data.tiers_lieux["commune_insee"].map(homes).map(types) == "rural")
    ]
    assert set(got) == set(said["uid"]) and len(got) > 20
    asked = Selection(kinds=("tiers_lieu",), epci_types=("rural",), regions=("76",))
    assert set(got) == set(query.places(data, asked)["uid"])
    by_commune = Selection(kinds=("tiers_lieu",), computed_types=("rural",), regions=("76",))
    assert set(got) != set(query.places(data, by_commune)["uid"])
    assert {row["kind"] for row in got.values()} == {"tiers_lieu"}
    assert {row["region_code"] for row in got.values()} == {"76"}

    # The map beside it shows the same.
    newcomer.page.get_by_role("link", name="La carte", exact=True).click()
    expect(newcomer.page.get_by_text(re.compile(rf"^.*{len(got)}\s+signes sur la carte"))).to_be_visible()


def test_a_pdf_study_for_redon_agglomeration(newcomer: Newcomer, tmp_path: Path) -> None:
    newcomer.type("Ma commune ou mon intercommunalité", "redon agglo")
    newcomer.click(newcomer.page.get_by_role("link", name=re.compile("CA Redon Agglomération")).first)
    newcomer.click(newcomer.page.get_by_role("button", name="Préparer les documents"))
    path = newcomer.take(newcomer.page.get_by_role("button", name=re.compile("Document PDF – ")), tmp_path)

    assert path.read_bytes().startswith(b"%PDF-")
    pages = pypdfium2.PdfDocument(path)
    text = "\n".join(p.get_textpage().get_text_range() for p in pages)
    people = int(load().epci.set_index("epci_siren").loc["243500741", "population"])
    assert len(pages) > 10
    assert "CA Redon Agglomération" in text and f"{people:,}".replace(",", "\u202f") in text


def test_slides_comparing_bretagne_and_pays_de_la_loire(newcomer: Newcomer, tmp_path: Path) -> None:
    newcomer.type("Une région, ou plusieurs à comparer", "Bretagne et Pays de la Loire")
    newcomer.click(newcomer.page.get_by_role("link", name="Préparer les diapositives (PPTX)"))
    path = newcomer.take(
        newcomer.page.get_by_role("button", name=re.compile(r"^.*Diapositives \(PPTX\) – ")), tmp_path
    )

    slides = list(Presentation(str(path)).slides)
    wanted = decks.compare(load(), ("53", "52"))
    assert len(slides) >= len(wanted.scenes)
    words = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    for title in ("Bretagne et Pays de la Loire", "En Bretagne", "Dans les Pays de la Loire"):
        assert any(title in said for said in words), title


def test_a_name_typed_on_the_home_page_says_what_can_be_done_with_it(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.type("Chercher un territoire ou un lieu", "Bretagne et Pays de la Loire")
    expect(page.get_by_role("link", name="Leurs chiffres côte à côte")).to_be_visible()
    newcomer.type("Chercher un territoire ou un lieu", "articulteurs")
    newcomer.click(page.get_by_role("link", name="Sa fiche, sur la carte"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Carte")
    expect(page.get_by_role("button", name="Fermer la fiche")).to_be_visible()
    # Back leads to what was found.
    page.go_back()
    expect(page.get_by_role("link", name="Sa fiche, sur la carte")).to_be_visible()


def test_long_work_is_cancelled_by_the_reader(page: Page, site: str) -> None:
    page.goto(f"{site}/etude?section=document&depart=epci:243500741")
    ready(page)
    page.get_by_role("button", name="Préparer les documents").click()
    # Named steps, one after the other.
    expect(page.get_by_text(re.compile(r"Étape \d+ sur \d+\s: Partie"))).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_text(re.compile("préparation annulée pendant"))).to_be_visible()
    ready(page)
    expect(page.get_by_role("button", name="Annuler", exact=True)).to_have_count(0)
    expect(page.get_by_text(re.compile("Document PDF – "))).to_have_count(0)
    # The study is as it was, and the work can be asked for again.
    expect(page.get_by_role("button", name="Préparer les documents")).to_be_enabled()
