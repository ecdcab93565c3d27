"""A document as PDF/UA-1, set by Typst in the process, without system fonts, files or network.

Every text reaches Typst as a JSON value of a virtual file; the template (`template.typ`) holds the only markup.
Compiling releases the GIL, so that a thread is enough: other sessions go on while a document is set.
"""

from __future__ import annotations

import datetime
import functools
import json
from pathlib import Path
from typing import Any, Final

import typst

from ptce_ui.exports.document import look
from ptce_ui.exports.document.letters import cuttable, font_folders
from ptce_ui.exports.document.model import Document, DocumentError
from ptce_ui.exports.document.prepare import plain, prepared
from ptce_ui.exports.document.sizes import inner

_TEMPLATE: Final = Path(__file__).with_name("template.typ")
#: Compilations that the Python binding of Typst keeps in memory.
_REMEMBERED: Final = 10
#: Longer remarks may go over two pages.
_LONG: Final = 1200


def to_pdf(document: Document) -> bytes:
    """The document as a tagged PDF that claims and holds PDF/UA-1 as far as Typst checks it.

    The same document gives the same bytes. Raises DocumentError where it cannot be set (an unreadable picture).
    """
    data, files = prepared(document)
    _for_paper(data)
    sources: dict[str, bytes] = {
        "main.typ": _template(),
        "document.json": json.dumps(data, ensure_ascii=False).encode("utf-8"),
    }
    drawn = {b["svg"] or b["png"] for b in data["blocks"] if b["t"] == "picture"}
    sources |= {name: content for name, content in files.items() if name in drawn}
    moment = datetime.datetime.combine(document.date, datetime.time(12), datetime.UTC)
    try:
        return _compiled(sources, format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    finally:
        _forget()


def png_of(svg: bytes, width: float, dots_per_inch: int = 220) -> bytes:
    """An SVG as PNG, `width` points wide. Raises DocumentError where it cannot be read."""
    page = (
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("i.svg", alt: "", width: {width:.2f}pt)'
    )
    return _compiled({"main.typ": page.encode(), "i.svg": svg}, format="png", ppi=float(dots_per_inch))


@functools.cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=list(font_folders()))


def _compiled(sources: dict[str, bytes], **how: Any) -> bytes:
    try:
        made = typst.compile(sources, font_paths=_fonts(), **how)
    except typst.TypstError as error:
        raise DocumentError("Le document n’a pas pu être mis en page.", error.diagnostic) from error
    if not isinstance(made, bytes):
        raise DocumentError("Le document n’a pas pu être mis en page.", type(made).__name__)
    return made


def _forget() -> None:
    """Let Typst drop what it remembers of the document.

    It keeps the parts of its last ten compilations, some 60 MB for 30 pages and without a way to ask: eleven
    empty ones (some 60 ms in all) push them out. Measured over 36 reports: 480 MB in use instead of 1,060.
    """
    for _ in range(_REMEMBERED + 1):
        _compiled({"main.typ": b""}, format="svg")


def _for_paper(data: dict[str, Any]) -> None:
    """Add to prepared data what paper needs: the look, places where long words may be cut."""
    data["description"] = data["subtitle"] or data["title"]
    data["look"] = {
        "ink": look.INK,
        "accent": look.ACCENT,
        "muted": look.MUTED,
        "hairline": look.HAIRLINE,
        "tint": look.TINT,
        "fonts": look.PDF_FONTS,
        "body": look.BODY,
        "headings": look.HEADINGS,
        "caption": look.CAPTION,
        "small": look.SMALL,
        "cell": look.CELL_PADDING,
        "margin_x": look.MARGIN_X,
        "margin_top": look.MARGIN_TOP,
        "margin_bottom": look.MARGIN_BOTTOM,
        "running": look.RUNNING,
        "contents": "Sommaire",
        "nothing": "Aucune ligne.",
    }
    for name, size in (("organisation", 12.0), ("subtitle", 15.0), ("version_note", 10.5)):
        data[name] = cuttable(data[name], 400, size)
    # The title's metadata keeps the words as they are.
    data["title"] = cuttable(data["title"], 400, 30, bold=True)
    for block in data["blocks"]:
        _cut(block)


def _cut(block: dict[str, Any]) -> None:
    room = look.TEXT_WIDTH - 40
    match block["t"]:
        case "heading":
            block["text"] = cuttable(block["text"], room - 60, look.HEADINGS[block["level"] - 1], bold=True)
        case "paragraph" | "callout":
            _cut_runs(block["runs"], room)
            block["long"] = len(plain(block["runs"])) > _LONG
        case "list":
            block["long"] = sum(len(plain(item)) for item in block["items"]) > _LONG // 3
            for item in block["items"]:
                _cut_runs(item, room)
        case "sources":
            for entry in block["entries"]:
                _cut_runs(entry, room)
        case "figures":
            across = look.TEXT_WIDTH / block["across"] - 24
            for figure in block["figures"]:
                figure["value"] = cuttable(figure["value"], across, 17, bold=True)
                figure["label"] = cuttable(figure["label"], across, 9.5)
                figure["note"] = cuttable(figure["note"], across, look.SMALL)
        case "table" | "picture":
            block["caption"] = cuttable(block["caption"], room, look.CAPTION)
            block["note"] = cuttable(block["note"], room, look.SMALL)
    if block["t"] == "table":
        rooms = [inner(wide) for wide in block["widths"]]
        size = block["size"]
        block["columns"] = [
            cuttable(c, r, size, bold=True) for c, r in zip(block["columns"], rooms, strict=True)
        ]
        block["rows"] = [
            [cuttable(c, r, size, block["total"]) for c, r in zip(row, rooms, strict=True)]
            for row in block["rows"]
        ]


def _cut_runs(runs: list[dict[str, str]], room: float) -> None:
    for run in runs:
        run["s"] = cuttable(run["s"], room, look.BODY, run["k"] == "bold")
