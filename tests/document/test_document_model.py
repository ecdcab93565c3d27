"""What a document refuses, and how its parts are measured."""

from __future__ import annotations

import pytest

from ptce_ui.exports import document as d
from ptce_ui.exports.document import look, sizes
from ptce_ui.exports.document.prepare import NO_LICENCE, citation, plain, prepared, written_date
from tests.document import document_small as small


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: d.Heading("x", 4), "niveau 1, 2 ou 3"),
        (lambda: d.Table("x", ("a", "b"), (("1",),)), "autant de cases"),
        (lambda: d.Table(" ", ("a",), ()), "un titre"),
        (lambda: d.Table("x", ("a",), (), widths=(0,)), "positive"),
        (lambda: d.Picture("", "x", svg=small.SVG), "texte de remplacement"),
        (lambda: d.Picture("x", "x"), "SVG ou en PNG"),
        (lambda: d.Picture("x", "x", svg=small.SVG, width=1.2), "part de la page"),
        (lambda: small.document(d.Paragraph("x", ("inconnue",))), "pas dans la liste"),
        (lambda: small.document(title=" "), "titre"),
        (lambda: small.document(language="en"), "français"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(make: object, said: str) -> None:
    with pytest.raises(d.DocumentError) as caught:
        make()  # type: ignore[operator]
    assert said in caught.value.reason


def test_an_unsafe_address_is_never_a_link() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "mailto:a@b", None, "https://a b"):
        assert d.link("texte", url) == d.Run("texte")
    assert d.link("texte", "https://example.org").kind == "link"


def test_sources_are_numbered_once_in_the_order_of_citation() -> None:
    data, _ = prepared(small.document(d.Paragraph("x", ("b", "a")), d.Callout("manque", "y", ("a",))))
    kinds = [b["t"] for b in data["blocks"]]
    assert kinds == ["paragraph", "callout", "heading", "sources"]
    assert [b["refs"] for b in data["blocks"]] == [[1, 2], [2], [], []]
    listed = data["blocks"][-1]["sources"]
    assert [s["publisher"] for s in listed] == ["Région", "Insee"]
    assert plain(citation(listed[0])) == "Région, sans date."
    assert data["blocks"][-1]["note"] == NO_LICENCE
    assert plain(citation(listed[1])) == (
        "Insee, «\u00a0Populations légales\u00a0», 2022. https://www.insee.fr/a (consulté le 21/11/2026). "
        "Licence Ouverte 2.0."
    )


def test_sources_in_a_row_are_said_as_a_range() -> None:
    many = tuple(d.Source(f"s{n}", "E") for n in range(9))
    cited = ("s0", "s1", "s3", "s4", "s5", "s8")
    blocks = (d.Paragraph("x", tuple(s.id for s in many)), d.Paragraph("y", cited))
    data, _ = prepared(d.Document("T", small.DAY, blocks, many))
    assert data["blocks"][1]["cited"] == [[1, 1], [2, 2], [4, 6], [9, 9]]


def test_a_list_of_sources_stands_where_it_is_put_and_uncited_documents_have_none() -> None:
    data, _ = prepared(small.document(d.SourceList(), d.Paragraph("x", ("a",))))
    assert [b["t"] for b in data["blocks"]] == ["sources", "paragraph"]
    assert [b["t"] for b in prepared(small.document(d.Paragraph("x")))[0]["blocks"]] == ["paragraph"]


def test_a_short_sentence_stays_with_what_it_announces() -> None:
    blocks = (
        d.Heading("A"),
        d.Paragraph("Voici."),
        small.table(2, 2),
        d.Paragraph("Voilà."),
        d.Paragraph((d.bold("B"),)),
    )
    data, _ = prepared(small.document(*blocks, d.Bullets(("c",)), d.Paragraph((d.bold("Fin"),))))
    assert [b["sticky"] for b in data["blocks"] if b["t"] == "paragraph"] == [True, False, True, False]


def test_no_level_of_heading_is_skipped() -> None:
    data, _ = prepared(
        small.document(d.Heading("a", 3), d.Heading("b", 3), d.Heading("c", 1), d.Heading("d", 3))
    )
    assert [b["level"] for b in data["blocks"]] == [1, 2, 1, 2]


def test_columns_of_numbers_go_right_and_codes_left() -> None:
    rows = [("59350", "12\u202f345", "3,5\u00a0%", "Lille"), ("59001", "–", "−2\u00a0%", "1 rue")]
    assert sizes.alignments(("Code", "Population", "Part", "Nom"), rows) == ("left", "right", "right", "left")


@pytest.mark.parametrize("count", [1, 4, 7, 9, 12])
def test_columns_fill_the_page_and_hold_their_words(count: int) -> None:
    made = small.table(5, count)
    measured = sizes.columns_of(made.columns, made.rows, ())
    room = look.LANDSCAPE_WIDTH if measured.landscape else look.TEXT_WIDTH
    assert sum(measured.widths) == pytest.approx(room, abs=0.2)
    assert measured.landscape == (count > 9)
    assert measured.size == (9.0 if count <= 6 else 8.5 if count <= 9 else 8.0)
    for at, wide in enumerate(measured.widths):
        for row in made.rows:
            assert sizes.width(row[at].split(" ")[0], measured.size) <= sizes.inner(wide)


def test_a_tall_picture_fits_a_page() -> None:
    assert sizes.proportions(b'<svg width="10pt" height="40pt">', None) == 4
    assert sizes.proportions(b"<?xml version='1.0'?><svg viewBox='0 0 20 5'>", None) == 0.25
    assert sizes.picture_width(1, 4) * 4 <= look.TALLEST * look.TEXT_HEIGHT + 0.1
    assert sizes.picture_width(0.5, 0.4) == pytest.approx(look.TEXT_WIDTH / 2, abs=0.01)


def test_dates_are_written_in_french() -> None:
    assert written_date(small.DAY) == "22\u00a0novembre\u00a02026"
    assert written_date(small.DAY.replace(month=1, day=1)) == "1er\u00a0janvier\u00a02026"
