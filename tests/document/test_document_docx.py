"""The DOCX, read back: real styles, fields, links, sections."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from ptce_ui.exports import document as d
from tests.document import document_small as small


@pytest.fixture(scope="module")
def made() -> bytes:
    return d.to_docx(small.whole())


@pytest.fixture(scope="module")
def read(made: bytes) -> Any:
    return docx.Document(io.BytesIO(made))


def test_the_text_is_the_documents_text_in_order(read: Any) -> None:
    after = list(read.element.body)
    start = next(i for i, e in enumerate(after) if e.style == "Heading1" if e.tag == qn("w:p"))
    text = "".join(t.text or "" for e in after[start:] for t in e.iter(qn("w:t")))
    assert small.found_in_order(small.lines(small.whole()), text) is None


def test_paragraphs_have_real_styles(read: Any) -> None:
    styles = {p.style.name for p in read.paragraphs}
    for name in (
        "Title",
        "Subtitle",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Caption",
        "List Bullet",
        "List Number",
        "toc 1",
        "toc 3",
        "Encadré methode",
    ):
        assert name in styles, name
    headings = [(p.style.name, p.text) for p in read.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == [
        ("Heading 1", "Le périmètre"),
        ("Heading 2", "Ce qui existe"),
        ("Heading 3", "Détail"),
    ]
    first = read.styles["Heading 1"].element.pPr.numPr
    assert first.numId.val == 90
    annex = next(p for p in read.paragraphs if p.text == "Annexe" and p.style.name == "Heading 1")
    assert annex._p.pPr.numPr.numId.val == 0


def test_ordered_lists_start_again(read: Any) -> None:
    used = [p._p.pPr.numPr.numId.val for p in read.paragraphs if p.style.name == "List Number"]
    assert len(used) == 4 and used[0] == used[1] != used[2] == used[3]


def test_captions_count_with_fields_and_nothing_asks_to_be_updated(made: bytes, read: Any) -> None:
    captions = [p for p in read.paragraphs if p.style.name == "Caption"]
    assert [p.text.replace("\u00a0", " ") for p in captions] == [
        "Tableau 1 – Communes, 70 lignes", "Figure 1 – Le disque", "Tableau 2 – Communes, 3 lignes",
        "Tableau 3 – Communes, 2 lignes", "Tableau 4 – Vide",
    ]  # fmt: skip
    codes = [t.text for t in read.element.body.iter(qn("w:instrText"))]
    assert codes.count(" SEQ Tableau \\* ARABIC ") == 4
    assert codes[0] == ' TOC \\o "1-3" \\h \\z \\u '
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"updateFields" not in archive.read("word/settings.xml")
        assert b"w:dirty" not in archive.read("word/document.xml")


def test_the_contents_are_filled_and_lead_to_headings(read: Any) -> None:
    entries = [p for p in read.paragraphs if p.style.name.startswith("toc")]
    assert [p.text for p in entries] == [
        "1. Le périmètre", "1.1 Ce qui existe", "1.1.1 Détail", "2. Une autre partie", "Annexe", "Sources",
    ]  # fmt: skip
    marks = {b.get(qn("w:name")) for b in read.element.body.iter(qn("w:bookmarkStart"))}
    anchors = {h.get(qn("w:anchor")) for h in read.element.body.iter(qn("w:hyperlink"))} - {None}
    assert anchors and anchors <= marks
    begun = [f.get(qn("w:fldCharType")) for f in read.element.body.iter(qn("w:fldChar"))]
    assert begun.count("begin") == begun.count("separate") == begun.count("end")


def test_the_contents_go_as_deep_as_asked() -> None:
    blocks = (d.Heading("Un"), d.Heading("Deux", 2), d.Heading("Trois", 3))
    read = docx.Document(io.BytesIO(d.to_docx(d.Document("T", small.DAY, blocks, contents_depth=2))))
    assert [p.text for p in read.paragraphs if p.style.name.startswith("toc")] == ["1. Un", "1.1 Deux"]


def test_pictures_keep_to_the_margin(read: Any) -> None:
    inline = next(read.element.body.iter(qn("wp:inline")))
    assert {inline.get(side) for side in ("distT", "distB", "distL", "distR")} == {"0"}


def test_tables_repeat_their_header_and_keep_rows_whole(read: Any) -> None:
    tables = [t for t in read.tables if t.style is not None and t.style.name == "Tableau Atlas"]
    assert len(tables) == 4
    assert len(tables[0].rows) == 71
    for table in tables:
        head = table.rows[0]._tr.trPr
        assert head.find(qn("w:tblHeader")) is not None
    assert all(r._tr.trPr.find(qn("w:cantSplit")) is not None for r in tables[0].rows)
    assert tables[0].cell(1, 2).paragraphs[0].alignment == 2
    assert tables[0].cell(1, 1).paragraphs[0].alignment is None  # codes are not quantities
    assert all(run.bold for run in tables[0].rows[-1].cells[0].paragraphs[0].runs)


def test_pictures_links_language_and_properties(read: Any) -> None:
    drawn = read.inline_shapes[0]._inline.docPr
    assert drawn.get("descr") == "Un disque bleu sur fond gris"
    targets = {r.target_ref for r in read.part.rels.values() if r.is_external}
    assert targets == {"https://example.org/x?a=1&b=2", "https://www.insee.fr/a"}
    langs = {e.get(qn("w:val")) for e in read.styles.element.iter(qn("w:lang"))}
    assert langs == {"fr-FR"}
    core = read.core_properties
    assert (core.title, core.author, core.language) == (
        "Étude du périmètre",
        "Région Hauts-de-France",
        "fr-FR",
    )
    assert core.created.date() == small.DAY


def test_wide_tables_share_one_lying_section_with_its_own_running_head(read: Any) -> None:
    shapes = [s.page_width > s.page_height for s in read.sections]
    assert shapes == [False, True, False]
    assert read.sections[0].different_first_page_header_footer
    for section in read.sections:
        assert "Étude du périmètre" in section.header.paragraphs[0].text
        codes = [t.text.strip() for t in section.footer._element.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_the_same_document_gives_the_same_bytes(made: bytes) -> None:
    assert d.to_docx(small.whole()) == made


def test_a_svg_alone_is_drawn_as_png(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        media = [n for n in archive.namelist() if re.match(r"word/media/.*\.png", n)]
        assert len(media) == 1 and archive.read(media[0])[:4] == b"\x89PNG"
    with pytest.raises(d.DocumentError):
        d.to_docx(small.document(d.Picture("Rien", "Cassée", png=b"\x89PNG\r\n\x1a\n" + bytes(range(40)))))
