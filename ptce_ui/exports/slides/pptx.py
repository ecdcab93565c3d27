"""A deck as a PowerPoint file: native charts and tables, maps as pictures, notes and sources on every slide."""

from __future__ import annotations

import copy
import datetime
import io
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from ptce_ui.exports.document.look import TINT
from ptce_ui.exports.slides import drawing, placing, plan
from ptce_ui.exports.slides.leaves import (
    CARD_PADDING,
    Card,
    ChartBody,
    Leaf,
    Para,
    PictureBody,
    TableBody,
    Words,
)
from ptce_ui.exports.slides.measure import one_line
from ptce_ui.exports.slides.model import SlideDeck
from ptce_ui.exports.slides.package import steady
from ptce_ui.exports.slides.theirs import Box, Layout, Template, opened
from ptce_ui.exports.slides.writing import LANGUAGE, align_right, describe, place, run, text_box, write

_MAKER: Final = "Atlas de la coopération économique territoriale"
_APP: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    f'officeDocument/2006/extended-properties"><Application>{_MAKER}</Application></Properties>'
)
_NUMBER: Final = (
    '<a:fld xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" id="{6B0F1C52-3F0B-4C5E-9D0A-5C8B7A0E1D21}" '
    f'type="slidenum"><a:rPr lang="{LANGUAGE}" sz="1400"/><a:t>%d</a:t></a:fld>'
)


def to_pptx(deck: SlideDeck, template: bytes | None = None) -> bytes:
    """The deck as .pptx bytes, the same for the same deck and template.

    `template`: an organisation's .pptx or .potx (layouts « Titre », « Section », « Titre et contenu »,
    see docs/diapositives.md); None: ours, 16:9. Texts that do not hold go on to slides called « (suite) ».
    Raises TemplateError for a template that cannot be used, SlideError for a deck above 400 slides.
    """
    held = opened(template)
    for at, leaf in enumerate(plan.leaves(deck, held), start=1):
        _draw(held, leaf, at)
    _properties(held.deck, deck)
    _notes_master(held.deck)
    out = io.BytesIO()
    held.deck.save(out)
    return steady(out.getvalue())


def _draw(held: Template, leaf: Leaf, at: int) -> None:
    layout = held.layouts[leaf.layout]
    slide = held.deck.slides.add_slide(layout.layout)
    places = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    _title(places.pop(layout.title_idx), leaf, held)
    inset = 0.0 if held.is_ours or leaf.layout == "Titre et contenu" else None
    if leaf.words:
        shape = places.pop(layout.body_idx, None)
        shape = shape if shape is not None else text_box(slide, leaf.words.box, "Message")
        if leaf.words.box != layout.body:
            place(shape, leaf.words.box)
        anchor = MSO_ANCHOR.TOP if leaf.layout == "Titre et contenu" else None
        write(shape, leaf.words.paras, inset=inset, anchor=anchor, part=slide.part)
    _body(slide, leaf, held)
    for card in leaf.cards:
        _card(slide, card)
    if leaf.note:
        write(text_box(slide, leaf.note.box, "Note"), leaf.note.paras)
    if leaf.mentions:
        write(places.pop(layout.mentions_idx), leaf.mentions.paras, inset=inset, anchor=None)
    if leaf.foot:
        _foot(slide, places.pop(layout.sources_idx, None), leaf.foot, layout)
    for shape in places.values():
        shape._element.getparent().remove(shape._element)
    if leaf.layout != "Titre":
        _number(slide, layout, held, at)
    if leaf.notes:
        _notes(slide, leaf.notes)


def _title(shape: Any, leaf: Leaf, held: Template) -> None:
    if leaf.title_box != held.layouts[leaf.layout].title:
        place(shape, leaf.title_box)
    shape.text_frame.word_wrap = True
    write_title = Para(leaf.title, leaf.title_size)
    frame_inset = 0.0 if held.is_ours else None
    write(shape, (write_title,), inset=frame_inset, anchor=None)
    # Bullets, spaces and margins of a title are the layout's.
    for name in ("buNone",):
        for old in shape._element.iter(qn(f"a:{name}")):
            old.getparent().remove(old)


def _body(slide: Any, leaf: Leaf, held: Template) -> None:
    body = leaf.body
    if isinstance(body, ChartBody):
        drawing.chart(slide, body, f"Graphique : {leaf.title[:80]}", held.body_face)
    elif isinstance(body, TableBody):
        placing.table(slide, body, f"Tableau : {leaf.title[:80]}")
    elif isinstance(body, PictureBody):
        placing.picture(slide, body.png, body.box, f"Carte : {leaf.title[:80]}", body.alt)


def _card(slide: Any, card: Card) -> None:
    box = card.box
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h))
    describe(shape, f"Chiffre : {one_line(card.figure.label)[:60]}", "")
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)  # shadows and outlines of the theme
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(TINT[1:])
    shape.line.fill.background()
    paras = [
        Para(card.figure.value, card.value_size, bold=True),
        Para(card.figure.label, card.label_size, before=2),
    ]
    paras += [Para(card.figure.note, 16, before=4)] if card.figure.note else []
    write(shape, paras, inset=CARD_PADDING, anchor=MSO_ANCHOR.TOP)
    for at, paragraph in enumerate(shape.text_frame.paragraphs):
        paragraph.alignment = None
        paragraph._p.get_or_add_pPr().set("algn", "l")
        for piece in paragraph.runs:
            # The ground is ours and light: so is the ink, whatever the template.
            piece.font.color.rgb = RGBColor.from_string("1F2430" if at else "2B4A7F")


def _foot(slide: Any, shape: Any, foot: Words, layout: Layout) -> None:
    own = shape is not None
    shape = shape if own else text_box(slide, foot.box, "Sources")
    write(shape, foot.paras, anchor=None if own else MSO_ANCHOR.BOTTOM)


def _number(slide: Any, layout: Layout, held: Template, at: int) -> None:
    """The slide's number, in the layout's place; python-pptx leaves that one out."""
    if layout.number is not None:
        made = copy.deepcopy(layout.number._element)
        for body in made.iter(qn("p:txBody")):
            for style in body.findall(qn("a:lstStyle")):
                style.clear()
            for paragraph in body.findall(qn("a:p")):
                body.remove(paragraph)
        properties = next(made.iter(qn("p:spPr")))
        for child in list(properties):
            properties.remove(child)
        next(made.iter(qn("p:cNvPr"))).set("id", str(slide.shapes._next_shape_id))
        paragraph = parse_xml(
            f'<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{_NUMBER % at}</a:p>'
        )
        next(made.iter(qn("p:txBody"))).append(paragraph)
        slide.shapes._spTree.append(made)
        return
    box = Box(held.wide - 84, held.tall - 30, 60, 20)
    shape = text_box(slide, box, "Numéro")
    write(shape, (Para("", 14, muted=True),))
    paragraph = shape.text_frame.paragraphs[0]
    align_right(paragraph)
    for piece in paragraph.runs:
        paragraph._p.remove(piece._r)
    paragraph._p.append(parse_xml(_NUMBER % at))


def _notes(slide: Any, text: str) -> None:
    held = slide.notes_slide.notes_text_frame
    for at, line in enumerate(text.split("\n")):
        paragraph = held.paragraphs[0] if at == 0 else held.add_paragraph()
        if line:
            run(paragraph, line, 12)


def _properties(made: Any, deck: SlideDeck) -> None:
    properties = made.core_properties
    when = datetime.datetime.combine(deck.date, datetime.time(), tzinfo=datetime.UTC).replace(tzinfo=None)
    properties.title = one_line(deck.title)[:255]
    properties.subject = one_line(deck.subtitle)[:255]
    properties.author = one_line(deck.organisation)[:255] or _MAKER
    properties.last_modified_by = properties.author
    properties.comments = one_line(deck.version_note)[:255]
    properties.keywords = properties.category = properties.content_status = ""
    properties.language = LANGUAGE
    properties.revision = 1
    properties.created = properties.modified = when
    for rel in made.part.package._rels.values():
        if rel.reltype == RT.EXTENDED_PROPERTIES:
            rel.target_part._blob = _APP.encode("utf-8")


def _notes_master(made: Any) -> None:
    """python-pptx adds a notes master without announcing it in the presentation."""
    root, part = made.part._element, made.part
    key = next((k for k, rel in part.rels.items() if rel.reltype == RT.NOTES_MASTER), None)
    if key is None or root.find(qn("p:notesMasterIdLst")) is not None:
        return
    listed = parse_xml(
        '<p:notesMasterIdLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.'
        f'openxmlformats.org/officeDocument/2006/relationships"><p:notesMasterId r:id="{key}"/></p:notesMasterIdLst>'
    )
    root.find(qn("p:sldMasterIdLst")).addnext(listed)
