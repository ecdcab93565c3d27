"""WordprocessingML as text: every value escaped, every paragraph styled by name. Parsed once per block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ptce_ui.exports.document import look

#: Makes a relationship of an address and gives its identifier.
Linker = Callable[[str], str]

_DECLARED: Final = nsdecls("w", "r")
TWIPS: Final = 20


def twips(points: float) -> int:
    """Points in twentieths."""
    return round(points * TWIPS)


def colour(value: str) -> str:
    """`#RRGGBB` as Word writes it."""
    return value.lstrip("#")


def text(value: str, properties: str = "") -> str:
    """One run; a line feed is a line break."""
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in value.split("\n"))
    return f"<w:r>{shown}{pieces}</w:r>"


def runs(parts: Sequence[dict[str, str]], linker: Linker) -> str:
    """Runs of prepared text, links as real hyperlinks."""
    out = []
    for part in parts:
        if part["k"] == "link":
            inside = text(part["s"], '<w:rStyle w:val="Hyperlink"/>')
            out.append(
                f'<w:hyperlink r:id={quoteattr(linker(part["u"]))} w:history="1">{inside}</w:hyperlink>'
            )
        else:
            out.append(text(part["s"], {"bold": "<w:b/>", "italic": "<w:i/>"}.get(part["k"], "")))
    return "".join(out)


def field(code: str, cached: str, properties: str = "") -> str:
    """A field with the value it has now: nothing asks to be updated when the file is opened."""
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""

    def mark(kind: str) -> str:
        return f'<w:r>{shown}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f'<w:r>{shown}<w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
    return mark("begin") + instruction + mark("separate") + text(cached, properties) + mark("end")


def jump(anchor: str, inside: str) -> str:
    """A link to a bookmark of the document."""
    return f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1">{inside}</w:hyperlink>'


def bookmark(number: int, name: str, inside: str) -> str:
    """Named place that links and fields point to."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{inside}<w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(style: str, inside: str, properties: str = "") -> str:
    """A paragraph of a style, by the style's identifier."""
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{properties}</w:pPr>{inside}</w:p>"


def references(cited: Sequence[Sequence[int]]) -> str:
    """`1, 3–5`, each number a link to the entry in the list of sources."""

    def one(n: int) -> str:
        return jump(f"source_{n}", text(str(n), '<w:rStyle w:val="Hyperlink"/>'))

    return text(", ").join(one(a) if a == b else one(a) + text("–") + one(b) for a, b in cited)


def bracketed(cited: Sequence[Sequence[int]]) -> str:
    """References at the end of a sentence."""
    return f"{text(chr(0xA0) + '[')}{references(cited)}{text(']')}" if cited else ""


def parsed(xml: str) -> Any:
    """The element of a piece of WordprocessingML with one root."""
    at = min(i for i in (xml.find(" "), xml.find(">"), xml.find("/>")) if i > 0)
    return parse_xml(f"{xml[:at]} {_DECLARED}{xml[at:]}")


def table(block: dict[str, Any]) -> str:
    """A prepared table: header row repeated on each page, rows not cut unless taller than a page would bear.

    A short table stays on one page; the first column is not marked as a header.
    """
    widths = [twips(w) for w in block["widths"]]
    size = f'<w:sz w:val="{round(block["size"] * look.DOCX_SCALE * 2)}"/>'
    noted = bool(block["note"] or block["refs"])
    whole = block["whole"]
    count = len(block["rows"])
    head = "<w:cantSplit/><w:tblHeader/>" if block["repeat"] else ""
    rows = [_row(block, block["columns"], widths, "<w:b/>" + size, head, block["repeat"])]
    for at, cells in enumerate(block["rows"]):
        last = at == count - 1
        # Neither one row alone under the header, nor one alone above the note.
        held = noted if last else whole or (at in (0, 1, count - 2) and not block["tall"][at])
        strong = "<w:b/>" if block["total"] and last else ""
        split = "" if block["tall"][at] else "<w:cantSplit/>"
        rows.append(_row(block, cells, widths, strong + size, split, held, block["total"] and last))
    if not block["rows"]:
        inside = paragraph("Cellule", text("Aucune ligne.", size))
        rows.append(
            f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:gridSpan w:val="{len(widths)}"/></w:tcPr>{inside}</w:tc></w:tr>'
        )
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableauAtlas"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(block['caption'])}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def _row(
    block: dict[str, Any], cells: Sequence[str], widths: Sequence[int], letters: str, properties: str, keep: bool,
    total: bool = False,
) -> str:  # fmt: skip
    out = []
    edge = f'<w:tcBorders><w:top w:val="single" w:sz="8" w:color="{colour(look.ACCENT)}"/></w:tcBorders>'
    for cell, wide, side in zip(cells, widths, block["align"], strict=True):
        held = ("<w:keepNext/>" if keep else "") + (f'<w:jc w:val="{side}"/>' if side != "left" else "")
        shown = paragraph("Cellule", text(cell, letters), held)
        out.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{edge if total else ""}</w:tcPr>{shown}</w:tc>'
        )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(out)}</w:tr>"


def figures(block: dict[str, Any], room: float) -> str:
    """Large figures side by side, in a table without header or inner rules."""
    across = block["across"]
    wide = twips(room / across)
    edge = f'<w:tcBorders><w:left w:val="single" w:sz="18" w:color="{colour(look.ACCENT)}"/></w:tcBorders>'
    rows = []
    for start in range(0, len(block["figures"]), across):
        cells = []
        shown = block["figures"][start : start + across]
        for one in shown:
            inside = paragraph("Chiffre", text(one["value"])) + paragraph("Etiquette", text(one["label"]))
            inside += paragraph("NoteAtlas", text(one["note"])) if one["note"] else ""
            cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{edge}</w:tcPr>{inside}</w:tc>')
        empty = f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/></w:tcPr>{paragraph("Cellule", "")}</w:tc>'
        cells += [empty] * (across - len(shown))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    grid = f'<w:gridCol w:w="{wide}"/>' * across
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableNormal"/><w:tblW w:w="{wide * across}" w:type="dxa"/>'
        '<w:tblInd w:w="20" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="140" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0400" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )
