"""The PDF: its text, its tags, its pages."""

from __future__ import annotations

import io
import re

import pypdf
import pypdfium2
import pytest

from ptce_ui.exports import document as d
from tests.document import document_small as small


@pytest.fixture(scope="module")
def made() -> bytes:
    return d.to_pdf(small.whole())


@pytest.fixture(scope="module")
def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def elements(read: pypdf.PdfReader) -> list[dict[str, object]]:
    """Structure elements, in document order."""
    out, waiting = [], [read.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            if "/S" in node:
                out.append(node)
            if "/K" in node:
                waiting.append(node["/K"])
    return out


def test_the_text_is_the_documents_text_in_order(made: bytes) -> None:
    text = "".join(small.body(made)[2:])
    assert small.found_in_order(small.lines(small.whole()), text) is None
    assert "Jamais citée" not in text
    assert "\ufffd" not in text and "□" not in text


def test_no_page_begins_with_the_note_of_a_table() -> None:
    rows = tuple((f"rang {n}", "v") for n in range(33))
    table = d.Table("T", ("A", "B"), rows, note="Cette note suit la table.")
    for before in range(7, 11):
        made = d.Document("T", small.DAY, (*[d.Paragraph("x")] * before, table), cover=False, contents=False)
        last = [page for page in small.body(d.to_pdf(made)) if "Cette note" in page]
        assert len(last) == 1 and "rang 32" in last[0]


def test_the_contents_go_as_deep_as_asked() -> None:
    blocks = (d.Heading("Un"), d.Heading("Deux", 2), d.Heading("Trois", 3))
    pages = small.body(d.to_pdf(d.Document("T", small.DAY, blocks, contents_depth=2)))
    assert "Deux" in pages[1] and "Trois" not in pages[1]


def test_it_is_tagged_and_says_so(read: pypdf.PdfReader) -> None:
    root = read.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title == "Étude du périmètre"
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part\s*(=\s*\"1\"|>1<)", xmp)
    kinds = [str(e["/S"]) for e in elements(read)]
    for kind in (
        "/Title",
        "/H1",
        "/H2",
        "/H3",
        "/P",
        "/L",
        "/LI",
        "/Table",
        "/TH",
        "/TD",
        "/Figure",
        "/Caption",
        "/Link",
        "/TOC",
    ):
        assert kind in kinds, kind
    figure = next(e for e in elements(read) if e["/S"] == "/Figure")
    assert figure["/Alt"] == "Un disque bleu sur fond gris"
    levels = [int(k[2]) for k in kinds if re.fullmatch(r"/H[1-6]", k)]
    assert all(b - a <= 1 for a, b in zip([0, *levels], levels, strict=False))


def test_every_page_but_the_cover_has_its_number_and_contents_point_to_them(made: bytes) -> None:
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]
    assert "Page" not in pages[0]
    for at, page in enumerate(pages[1:], start=2):
        assert f"Page {at} / {len(pages)}" in page
        assert "Région Hauts-de-France" in page
    for title, shown in re.findall(r"(Une autre partie|Ce qui existe|Sources)[ .\r\n]+(\d+)", pages[1]):
        assert small.bare(title) in small.bare(small.body(made)[int(shown) - 1]), title


def test_only_safe_links_lead_out(read: pypdf.PdfReader) -> None:
    found = {
        str(note["/A"]["/URI"])
        for page in read.pages
        for note in (n.get_object() for n in page.get("/Annots", ()))
        if "/A" in note and "/URI" in note["/A"]
    }
    assert found == {"https://example.org/x?a=1&b=2", "https://www.insee.fr/a"}


def test_a_long_table_repeats_its_header_and_its_numbers_line_up(made: bytes) -> None:
    bodies = small.body(made)
    spanned = [at for at, text in enumerate(bodies) if re.search(r"Commune no.\d+ 59\d{3}", text)]
    long = [at for at in spanned if "345 " in bodies[at]]
    assert len(long) >= 2
    for at in long:
        assert "Population" in bodies[at]
    page = pypdfium2.PdfDocument(made)[long[0]]
    words = page.get_textpage()
    edges = set()
    for value in ("2,5", "12,5"):
        finder = words.search(f"{value}\u00a0%", match_case=True)
        start, count = finder.get_next()
        edges.add(round(words.get_charbox(start + count - 1)[2], 1))
    assert len(edges) == 1


@pytest.mark.parametrize("filler", [24, 26, 28, 30, 31, 32])
def test_no_heading_is_left_at_the_foot_of_a_page(filler: int) -> None:
    blocks = (
        *(d.Paragraph(f"Ligne {n}") for n in range(filler)),
        d.Heading("Titre collé"), d.Heading("Sous-titre collé", 2), small.table(6),
    )  # fmt: skip
    pages = small.body(d.to_pdf(small.document(*blocks, cover=False, contents=False)))
    for page in pages:
        last = [line for line in page.splitlines() if line.strip()][-1]
        assert "collé" not in last and "Tableau" not in last and "Population" not in last


@pytest.mark.parametrize("filler", [22, 25, 28])
def test_a_short_table_is_not_cut_and_its_note_stays_with_it(filler: int) -> None:
    blocks = (*(d.Paragraph(f"Ligne {n}") for n in range(filler)), small.table(8, note="Fin du tableau."))
    pages = small.body(d.to_pdf(small.document(*blocks, cover=False, contents=False)))
    holding = [p for p in pages if "Commune no" in p.replace("Communes", "")]
    assert len(holding) == 1 and "Fin du tableau" in holding[0] and "Tableau" in holding[0]


@pytest.mark.parametrize("filler", [26, 28, 29, 30, 31])
def test_a_long_table_starts_with_some_rows_under_its_heading(filler: int) -> None:
    blocks = (*(d.Paragraph(f"Ligne {n}") for n in range(filler)), d.Heading("Titre collé"), small.table(60))
    pages = small.body(d.to_pdf(small.document(*blocks, cover=False, contents=False)))
    first = next(p for p in pages if "Titre collé" in p)
    assert len(re.findall(r"59\d{3}", first)) >= 3


def test_wide_tables_lie_and_others_stand(made: bytes) -> None:
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(made)]
    assert {round(max(s)) for s in sizes} == {842} and {round(min(s)) for s in sizes} == {595}
    lying = [at for at, (wide, tall) in enumerate(sizes) if wide > tall]
    assert len(lying) == 2 and "Colonne 12" in small.body(made)[lying[0]]


def test_the_same_document_gives_the_same_bytes(made: bytes) -> None:
    assert d.to_pdf(small.whole()) == made
    other = small.whole()
    assert d.to_pdf(small.document(*other.blocks, title="Autre")) != made


def test_an_unreadable_picture_is_refused_with_a_sentence() -> None:
    broken = d.Picture("Rien", "Cassée", svg=b'<svg width="10" height="10"><rect')
    with pytest.raises(d.DocumentError) as caught:
        d.to_pdf(small.document(broken))
    assert caught.value.reason == "Le document n’a pas pu être mis en page."
    with pytest.raises(d.DocumentError, match="ni un PNG ni un SVG"):
        d.to_pdf(small.document(d.Picture("Rien", "Cassée", png=b"GIF89a")))
