"""The look that PDF and DOCX share: colours, sizes, the page. Lengths in points unless named otherwise."""

from __future__ import annotations

from typing import Final

from ptce_ui.theme import LIGHT, SEQUENTIAL

#: Territory types own the bright hues; a document's frame keeps to the ink and one sober blue.
INK: Final = LIGHT.ink
ACCENT: Final = SEQUENTIAL[-1]
MUTED: Final = "#565D6B"
HAIRLINE: Final = "#C9CED6"
TINT: Final = "#F1F4F9"
#: Kind of callout -> (bar, background).
CALLOUTS: Final = {
    "manque": (MUTED, "#F4F4F4"),
    "methode": (ACCENT, TINT),
    "attention": ("#8A1C1C", "#FBF2F1"),
}

PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
MARGIN_X: Final = 65.2  # 23 mm
MARGIN_TOP: Final = 73.7
MARGIN_BOTTOM: Final = 68.0
TEXT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN_X
TEXT_HEIGHT: Final = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
#: Text's width on a landscape page, same side margins.
LANDSCAPE_WIDTH: Final = PAGE_HEIGHT - 2 * MARGIN_X

BODY: Final = 10.5
HEADINGS: Final = (18.0, 13.5, 11.5)
CAPTION: Final = 9.5
SMALL: Final = 8.5
#: More columns than the first number -> size of the type in the table.
TABLE_SIZES: Final = ((9, 8.0), (6, 8.5), (0, 9.0))
CELL_PADDING: Final = 4.5
#: A picture is never higher than this share of the text's height: its caption needs room.
TALLEST: Final = 0.8
#: A picture higher than this share of it may go, in the PDF, to the foot of the page or of the next one.
FLOATS: Final = 0.34

#: Everywhere under this name or as Liberation Sans, its metric twin: Word and LibreOffice cut lines alike.
DOCX_FONT: Final = "Arial"
#: It is wider than the font of the PDF: type is this much smaller, so that columns hold what was measured.
DOCX_SCALE: Final = 0.9
PDF_FONTS: Final = ("Source Sans Pro", "DejaVu Sans")

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

#: Running head and foot: size, and room for the title, the organisation and the date with the version.
RUNNING: Final = 8.0
RUNNING_ROOMS: Final = (0.62 * TEXT_WIDTH, 0.33 * TEXT_WIDTH, 0.82 * TEXT_WIDTH)
