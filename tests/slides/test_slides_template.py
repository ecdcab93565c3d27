"""Templates given by others: used when they hold, refused with a sentence when they do not."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from ptce_ui.exports import slides as s
from ptce_ui.exports.slides import guard
from tests.slides import slides_small as small


def bytes_of(deck: Any) -> bytes:
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def theirs() -> Any:
    """A template as PowerPoint names it in French, with slides, notes, a section list and a link between slides."""
    deck = Presentation()
    for at, name in ((0, "Diapositive de titre"), (1, "Titre et contenu"), (2, "Titre de section")):
        deck.slide_layouts[at]._element.find("p:cSld", deck.slide_layouts[at]._element.nsmap).set(
            "name", name
        )
    slides = [deck.slides.add_slide(deck.slide_layouts[1]) for _ in range(3)]
    slides[0].notes_slide.notes_text_frame.text = "Vieilles notes"
    slides[0].shapes.add_picture(io.BytesIO(small.png()), 0, 0)
    slides[0].shapes.title.text = "Vieille diapositive"
    slides[0].shapes[0].click_action.target_slide = slides[2]
    return deck


def repacked(content: bytes, name: str, raw: bytes | None, change: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(
                each, old.read(each).replace(*change) if each == name and raw is None else old.read(each)
            )
        if raw is not None:
            new.writestr(name, raw)
    return out.getvalue()


def test_our_template_has_the_named_layouts_and_the_theme() -> None:
    deck = small.read(s.default_template())
    assert {layout.name for layout in deck.slide_layouts} == {"Titre", "Section", "Titre et contenu", "Vide"}
    assert len(deck.slides) == 0
    assert s.problems(s.default_template()) == []
    theme = zipfile.ZipFile(io.BytesIO(s.default_template())).read("ppt/theme/theme1.xml").decode()
    assert "2B4A7F" in theme and 'typeface="Arial"' in theme and 'name="Désindustrialisé"' in theme


def test_an_organisation_s_template_is_used_without_its_slides() -> None:
    content = s.to_pptx(small.whole(), bytes_of(theirs()))
    assert s.problems(content) == []
    held = small.read(content)
    assert held.slides[0].slide_layout.name == "Diapositive de titre"
    assert "Vieille" not in "".join(small.texts(slide) for slide in held.slides)
    assert b"Vieille" not in b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(n) for n in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )
    for slide in held.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= held.slide_height + 1


def test_a_potx_is_a_template_too() -> None:
    potx = repacked(bytes_of(theirs()), "[Content_Types].xml", None, (b"presentation.main+xml", b"template.main+xml"))  # fmt: skip
    assert len(small.made(small.deck(s.TextSlide("T", "M")), potx).slides) == 1


def test_a_missing_layout_is_named_with_those_found() -> None:
    deck = Presentation()
    deck.slide_layouts[2]._element.find("p:cSld", deck.slide_layouts[2]._element.nsmap).set("name", "Autre")
    with pytest.raises(s.TemplateError, match="la mise en page « Section » ; celles qu’il contient : « Title Slide »") as caught:  # fmt: skip
        s.to_pptx(small.whole(), bytes_of(deck))
    assert caught.value.missing == ("Section",) and "Autre" in caught.value.found


def test_a_missing_or_tiny_placeholder_is_named() -> None:
    deck = theirs()
    layout = deck.slide_layouts[1]
    body = next(p for p in layout.placeholders if p.placeholder_format.idx == 1)
    body.left, body.top, body.width, body.height = Pt(10), Pt(200), Pt(100), Pt(50)
    with pytest.raises(s.TemplateError, match="trop petit"):
        s.to_pptx(small.whole(), bytes_of(deck))
    body._element.getparent().remove(body._element)
    with pytest.raises(
        s.TemplateError, match="« Titre et contenu » n’a pas d’espace réservé pour le contenu"
    ):
        s.to_pptx(small.whole(), bytes_of(deck))


def bomb() -> bytes:
    return repacked(bytes_of(Presentation()), "ppt/media/zero.bin", b"\x00" * 2_000_000)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda good: b"", "pas un fichier .pptx lisible"),
        (lambda good: b"PK\x03\x04" + b"x" * 500, "pas un fichier .pptx lisible"),
        (lambda good: good[: len(good) // 2], "pas un fichier .pptx lisible"),
        (lambda good: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "mot de passe"),
        (lambda good: good + b"\x00" * 30_000_001, "pèse"),
        (lambda good: bomb(), "trop gros"),
        (lambda good: repacked(good, "ppt/vbaProject.bin", b"x"), "macros"),
        (lambda good: repacked(good, "[Content_Types].xml", None, (b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main", b"application/vnd.ms-powerpoint.presentation.macroEnabled.main")), "macros"),
        (lambda good: repacked(good, "ppt/x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "pas un fichier"),
        (lambda good: repacked(good, "ppt/presentation.xml", None, (b"</p:sldMasterIdLst>", b"")), "abîmé"),
        (lambda good: repacked(good, "ppt/slideMasters/_rels/slideMaster1.xml.rels", None, (b"</Relationships>", b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="http://x/y.png" TargetMode="External"/></Relationships>')), "lié"),
    ],
    ids=["vide", "faux zip", "coupé", "protégé", "lourd", "bombe", "vba", "macros", "doctype", "xml", "lien"],
)  # fmt: skip
def test_a_template_that_cannot_be_used_is_refused_in_a_sentence(
    make: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 1_500_000)
    with pytest.raises(s.TemplateError, match=words) as caught:
        s.to_pptx(small.whole(), make(bytes_of(Presentation())))
    assert caught.value.reason.endswith(".")
