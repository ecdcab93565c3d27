"""Whatever is typed is text: it is shown, it stays on the page, it is never code."""

from __future__ import annotations

import io

import docx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_ui.exports import document as d
from ptce_ui.exports.document import look
from ptce_ui.exports.document.letters import clean, cuttable, one_line, width
from tests.document import document_small as small

HOSTILE = (
    '#import "@preview/x:1.0.0": *', "#panic(1)", "$x^2$", "*gras* _it_ `code`", "<script>alert(1)</script>", "]]>&amp;<w:p/>",
    "C:\\temp\\n \\u{41}", "a\x00b\x07c\x1b[31m", "avant\u202eerrevne\u2066", "@label <label> /* */ // rien", "= Titre\n- liste\n+ num",
    "👩‍👩‍👧 日本 \ue000 \ufffe \ud800 ﷽ שלום", "M" * 5000, "https://example.org/" + "a/b-c_" * 300, "{{7*7}} ${jndi:x} %s", '"&<>\'',
)  # fmt: skip


def full(text: str) -> d.Document:
    source = d.Source("s", text, f"https://example.org/{text}", text, text, text, text)
    cells = (text, text, text)
    return d.Document(
        text if text.strip() else "Titre", small.DAY,
        (
            d.Heading(text), d.Heading(text, 3, False), d.Paragraph((text, d.bold(text), d.link(text, "https://example.org/")), ("s",)),
            d.Bullets((text,)), d.Numbered((text,)), d.Callout("manque", text), d.KeyFigures((d.KeyFigure(text, text, text),) * 2),
            d.Table(text or "T", cells, (cells, cells), note=text), d.Picture(text or "T", text or "T", svg=small.SVG, note=text),
        ),
        (source,), text, text, text,
    )  # fmt: skip


def spaced(text: str) -> str:
    """Texts that a title, a caption and an alternative text accept."""
    return text if text.strip() else "x"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: repr(t[:12]))
def test_hostile_text_is_shown_as_it_is_and_stays_on_the_page(text: str) -> None:
    document = full(text)
    pdf = d.to_pdf(document)
    pages = pypdfium2.PdfDocument(pdf)
    shown = small.bare("".join(small.body(pdf)))
    if "שלום" not in text:  # right-to-left letters come out in visual order
        assert shown.count(small.bare(clean(text))) >= 8
    for page in pages:
        edge = page.get_size()[0] - look.MARGIN_X
        words = page.get_textpage()
        for at in range(0, words.count_chars(), 23):
            assert words.get_charbox(at)[2] <= edge + 20, page
    read = docx.Document(io.BytesIO(d.to_docx(document)))
    assert read.core_properties.title == one_line(text)[:255]
    assert clean(text) in [c.text for c in read.tables[-1]._cells]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60).map(spaced))
def test_any_text_can_be_written(text: str) -> None:
    document = full(text)
    assert d.to_pdf(document)[:5] == b"%PDF-"
    assert docx.Document(io.BytesIO(d.to_docx(document))).tables


@given(st.text(max_size=80))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == "\n" or "\n" in once or once.isprintable() or {"\u00a0", "\u202f"} & set(once)


@given(st.text(alphabet="abcMW-/.é ", max_size=200), st.floats(30, 300))
def test_no_piece_of_a_cut_text_is_wider_than_its_room(text: str, room: float) -> None:
    cut = cuttable(text, room, 10)
    assert cut.replace("\u200b", "") == text
    for piece in cut.replace("\u200b", " ").split():
        assert width(piece, 10) <= room


def test_french_signs_are_kept() -> None:
    assert clean(small.SIGNS) == small.SIGNS.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(
        "≈", "≈"
    ).replace(" €", "\u00a0€")
    assert clean("12 000 € ; non !") == "12\u202f000\u00a0€\u202f; non\u202f!"
