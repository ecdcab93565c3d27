"""Native tables and pictures on a slide, with their text equivalents."""

from __future__ import annotations

import io
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from ptce_ui.exports.slides.leaves import CELL_X, CELL_Y, TableBody
from ptce_ui.exports.slides.measure import clean
from ptce_ui.exports.slides.writing import align_right, describe, run

#: "Medium Style 1 – Accent 1": header in the theme's first colour, light bands.
_STYLE: Final = "{B301B821-A1FF-4177-AEE7-76D212191A09}"


def table(slide: Any, body: TableBody, name: str) -> Any:
    """Add a table with a header row; returns its graphic frame."""
    box = body.box
    frame = slide.shapes.add_table(
        len(body.rows) + 1, len(body.columns), Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h)
    )
    describe(frame, name, clean(body.alt))
    made = frame.table
    frame._element.find(f".//{qn('a:tableStyleId')}").text = _STYLE
    made.first_row, made.horz_banding, made.last_row = True, True, body.total
    for column, wide in zip(made.columns, body.widths, strict=True):
        column.width = Pt(wide)
    for row, tall in zip(made.rows, body.heights, strict=True):
        row.height = Pt(tall)
    for at, (cells, row) in enumerate(zip((body.columns, *body.rows), made.rows, strict=True)):
        is_last = body.total and at == len(body.rows)
        for text, cell, side in zip(cells, row.cells, body.align, strict=True):
            cell.margin_left = cell.margin_right = Pt(CELL_X)
            cell.margin_top = cell.margin_bottom = Pt(CELL_Y)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            if side == "right":
                align_right(paragraph)
            run(paragraph, text, body.size, bold=at == 0 or is_last)
    return frame


def picture(slide: Any, png: bytes, box: Any, name: str, alt: str) -> Any:
    """Add a picture with its text equivalent."""
    shape = slide.shapes.add_picture(io.BytesIO(png), Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h))
    describe(shape, name, alt)
    return shape
