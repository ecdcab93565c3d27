"""Paragraphs written into shapes: language, sizes, bullets and links explicit, nothing fitted by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from ptce_ui.exports.slides.leaves import Para
from ptce_ui.exports.slides.theirs import Box

LANGUAGE: Final = "fr-FR"
_SPACE: Final = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_BULLET: Final = 20


def place(shape: Any, box: Box) -> None:
    """Put a shape in a box."""
    shape.left, shape.top, shape.width, shape.height = (Pt(v) for v in (box.x, box.y, box.w, box.h))


def text_box(slide: Any, box: Box, name: str) -> Any:
    """A new text box with a name."""
    shape = slide.shapes.add_textbox(Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h))
    shape.name = name
    return shape


def frame(shape: Any, inset: float | None = 0.0, anchor: Any = None) -> Any:
    """The shape's text frame, wrapped and never resized; `inset` None keeps the layout's."""
    made = shape.text_frame
    made.word_wrap = True
    made.auto_size = MSO_AUTO_SIZE.NONE
    if inset is not None:
        made.margin_left = made.margin_right = made.margin_top = made.margin_bottom = Pt(inset)
    if anchor is not None:
        made.vertical_anchor = anchor
    return made


def write(
    shape: Any,
    paras: Sequence[Para],
    *,
    inset: float | None = 0.0,
    anchor: Any = MSO_ANCHOR.TOP,
    part: Any = None,
) -> None:
    """Fill a shape. Muted texts take the theme's second text colour, others what the layout says.

    `part` (the slide's) is needed for links.
    """
    held = frame(shape, inset, anchor)
    for at, para in enumerate(paras):
        paragraph = held.paragraphs[0] if at == 0 else held.add_paragraph()
        paragraph.space_before = Pt(para.before if at else 0)
        paragraph.space_after = Pt(0)
        paragraph.line_spacing = 1.0
        bullets(paragraph, para.bullet)
        run(paragraph, para.text, para.size, para.bold, MSO_THEME_COLOR.TEXT_2 if para.muted else None)
        if para.url and part is not None:
            paragraph.runs[0].hyperlink.address = para.url


def bullets(paragraph: Any, has_bullet: bool) -> None:
    """Give or take away the bullet of a paragraph, whatever the template's lists look like."""
    properties = paragraph._p.get_or_add_pPr()
    indent = Pt(_BULLET) if has_bullet else 0
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    mark = '<a:buFont {} typeface="Arial"/>|<a:buChar {} char="•"/>' if has_bullet else "<a:buNone {}/>"
    for xml in mark.split("|"):
        properties.append(parse_xml(xml.format(_SPACE)))


def run(paragraph: Any, text: str, size: float, bold: bool = False, colour: Any = None) -> None:
    """Add text to a paragraph, its line feeds as line breaks. `colour`: theme colour or "#RRGGBB"."""
    for at, line in enumerate(text.split("\n")):
        if at:
            paragraph.add_line_break()
        made = paragraph.add_run()
        made.text = line
        font = made.font
        font.size = Pt(size)
        made._r.get_or_add_rPr().set("lang", LANGUAGE)
        if bold:
            font.bold = True
        if isinstance(colour, str):
            font.color.rgb = RGBColor.from_string(colour[1:])
        elif colour is not None:
            font.color.theme_color = colour


def align_right(paragraph: Any) -> None:
    """Numbers stand under one another."""
    paragraph.alignment = PP_ALIGN.RIGHT


def describe(shape: Any, name: str, alt: str) -> None:
    """Name and text equivalent of a picture, a chart or a table."""
    properties = next(e for e in shape._element.iter(qn("p:cNvPr")))
    properties.set("name", name)
    properties.set("descr", alt)
