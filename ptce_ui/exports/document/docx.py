"""A document as DOCX: real styles, numbered headings, captions with fields, a table of contents already filled.

The table of contents is a field with its entries in place, so that Word and LibreOffice show it at once and
nothing asks to be updated. Its page numbers are not known here (they depend on the reader's fonts): the entries
are links, and updating the field (F9, « Mettre à jour l’index ») adds the numbers.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.parfmt import ParagraphFormat

from ptce_ui.exports.document import look, wordml
from ptce_ui.exports.document.docx_styles import new_document, restarted
from ptce_ui.exports.document.model import Document, DocumentError
from ptce_ui.exports.document.pdf import png_of
from ptce_ui.exports.document.prepare import prepared
from ptce_ui.text import NBSP

_NO_NUMBER: Final = '<w:numPr><w:numId w:val="0"/></w:numPr>'
_TAB: Final = "<w:r><w:tab/></w:r>"
_PAGES: Final = ("Page ", "PAGE", " / ", "NUMPAGES")


def to_docx(document: Document) -> bytes:
    """The document as an Office Open XML file, editable in Word and LibreOffice.

    The same document gives the same bytes. Raises DocumentError where a picture cannot be read.
    """
    data, files = prepared(document)
    return _Writer(data, files, document.date).bytes()


class _Writer:
    """One file being written: counters of captions and bookmarks, and the place where blocks go."""

    def __init__(self, data: dict[str, Any], files: dict[str, bytes], day: datetime.date) -> None:
        self.data, self.files, self.day = data, files, day
        self.made = new_document()
        self.body = self.made.element.body
        self.end = self.body.sectPr
        self.captions = {"Tableau": 0, "Figure": 0}
        self.bookmarks = 0
        self.broken = False
        self.lying: Any = None
        self.links: dict[str, str] = {}

    def bytes(self) -> bytes:
        """The whole file, with fixed dates inside."""
        self._page()
        self._front()
        for at, block in enumerate(self.data["blocks"]):
            self._block(block, at)
        self._running()
        self._properties()
        raw = io.BytesIO()
        self.made.save(raw)
        return _dated(raw.getvalue(), self.day)

    def add(self, xml: str) -> Any:
        element = wordml.parsed(xml)
        if self.broken and xml.startswith("<w:tbl>"):
            self.add(wordml.paragraph("Cellule", ""))
        elif self.broken:
            self.broken = False
            ParagraphFormat(element).page_break_before = True
        self.end.addprevious(element)
        return element

    def linker(self, url: str) -> str:
        if url not in self.links:
            self.links[url] = self.made.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self.links[url]

    def marked(self, name: str, inside: str) -> str:
        self.bookmarks += 1
        return wordml.bookmark(self.bookmarks, name, inside)

    def _page(self) -> None:
        section = self.made.sections[0]
        section.page_width, section.page_height = Pt(look.PAGE_WIDTH), Pt(look.PAGE_HEIGHT)
        section.left_margin = section.right_margin = Pt(look.MARGIN_X)
        section.top_margin, section.bottom_margin = Pt(look.MARGIN_TOP), Pt(look.MARGIN_BOTTOM)
        section.header_distance = section.footer_distance = Pt(34)

    def _running(self) -> None:
        """Running head and foot of each section, as wide as its pages; none on the cover."""
        edge = f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="{wordml.colour(look.HAIRLINE)}"/></w:pBdr>'
        title, organisation, stamp = self.data["running"]
        head = wordml.text(title) + _TAB + wordml.text(organisation)
        words, page, of, pages = _PAGES
        numbers = wordml.text(words) + wordml.field(page, "1") + wordml.text(of) + wordml.field(pages, "1")
        foot = wordml.text(stamp) + _TAB + numbers
        width = 0
        for section in self.made.sections:
            if section.page_width == width:
                continue
            width = section.page_width
            at = width.twips - 2 * wordml.twips(look.MARGIN_X)
            tab = f'<w:tabs><w:tab w:val="right" w:pos="{at}"/></w:tabs>'
            for place, style, inside, frame in (
                (section.header, "Header", head, edge), (section.footer, "Footer", foot, ""),
            ):  # fmt: skip
                place.is_linked_to_previous = False
                old = place._element.p_lst[0]
                old.addprevious(wordml.parsed(wordml.paragraph(style, inside, frame + tab)))
                place._element.remove(old)
        self.made.sections[0].different_first_page_header_footer = self.data["cover"]

    def _front(self) -> None:
        data = self.data
        if data["organisation"]:
            self.add(wordml.paragraph("Organisation", wordml.text(data["organisation"])))
        high = '<w:spacing w:before="4200"/>' if data["cover"] else '<w:spacing w:before="120"/>'
        self.add(wordml.paragraph("Title", wordml.text(data["title"]), high))
        if data["subtitle"]:
            self.add(wordml.paragraph("Subtitle", wordml.text(data["subtitle"])))
        low = '<w:spacing w:before="4200"/>' if data["cover"] else ""
        self.add(wordml.paragraph("Mention", wordml.text(data["date_text"]), low))
        if data["version_note"]:
            self.add(wordml.paragraph("Mention", wordml.text(data["version_note"])))
        if data["cover"]:
            self._break()
        if data["contents"]:
            self._contents()
            if data["cover"]:
                self._break()

    def _break(self) -> None:
        """What is added next starts a page: a property of it, not an empty paragraph before it."""
        self.broken = True

    def _contents(self) -> None:
        self.add(wordml.paragraph("Sommaire", wordml.text("Sommaire"), "<w:keepNext/>"))
        headings = [
            (at, b)
            for at, b in enumerate(self.data["blocks"])
            if b["t"] == "heading" and b["level"] <= self.data["depth"]
        ]
        code = f' TOC \\o "1-{self.data["depth"]}" \\h \\z \\u '
        start = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        numbers = [0, 0, 0]
        for place, (at, block) in enumerate(headings):
            level = block["level"]
            shown = block["text"]
            if block["numbered"]:
                numbers[level - 1] += 1
                numbers[level:] = [0] * (3 - level)
                shown = f"{'.'.join(str(n) for n in numbers[:level])}{'.' if level == 1 else ''} {shown}"
            inside = wordml.jump(f"_Toc{at:08d}", wordml.text(shown))
            inside = (start if place == 0 else "") + inside + (end if place == len(headings) - 1 else "")
            self.add(wordml.paragraph(f"TOC{level}", inside))

    def _block(self, block: dict[str, Any], at: int) -> None:
        refs = wordml.bracketed(block["cited"])
        match block["t"]:
            case "heading":
                inside = self.marked(f"_Toc{at:08d}", wordml.text(block["text"]))
                number = "" if block["numbered"] else _NO_NUMBER
                self.add(wordml.paragraph(f"Heading{block['level']}", inside, number))
            case "paragraph":
                held = "<w:keepNext/>" if block["sticky"] else ""
                self.add(wordml.paragraph("Normal", wordml.runs(block["runs"], self.linker) + refs, held))
            case "list":
                self._list(block, refs)
            case "callout":
                label = wordml.text(
                    f"{block['label']}{NBSP}: ", f'<w:b/><w:color w:val="{wordml.colour(block["bar"])}"/>'
                )
                inside = label + wordml.runs(block["runs"], self.linker) + refs
                self.add(wordml.paragraph(self._style(f"Encadré {block['kind']}"), inside))
            case "figures":
                self.add(wordml.figures(block, look.TEXT_WIDTH))
                self._under(block)
            case "table":
                self._table(block)
            case "picture":
                self._picture(block)
            case "break":
                self._break()
            case "sources":
                self._sources(block)

    def _style(self, name: str) -> str:
        return str(self.made.styles[name].style_id)

    def _list(self, block: dict[str, Any], refs: str) -> None:
        style, number = ("ListBullet", "")
        if block["ordered"]:
            style = "ListNumber"
            number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{restarted(self.made, "List Number")}"/></w:numPr>'
        for at, item in enumerate(block["items"]):
            inside = wordml.runs(item, self.linker) + (refs if at == len(block["items"]) - 1 else "")
            self.add(wordml.paragraph(style, inside, number))

    def _caption(self, kind: str, text: str, keep: bool) -> None:
        self.captions[kind] += 1
        number = wordml.field(f"SEQ {kind} \\* ARABIC", str(self.captions[kind]), "<w:b/>")
        inside = wordml.text(f"{kind}{NBSP}", "<w:b/>") + number + wordml.text(f"{NBSP}– {text}")
        self.add(wordml.paragraph("Caption", inside, "<w:keepNext/>" if keep else ""))

    def _under(self, block: dict[str, Any]) -> None:
        note, refs = block.get("note", ""), block["refs"]
        inside = wordml.text(note + (" " if note and refs else "")) if note else ""
        if refs:
            word = "Sources" if len(refs) > 1 else "Source"
            inside += wordml.text(f"{word}{NBSP}: ") + wordml.references(block["cited"]) + wordml.text(".")
        # A table is always followed by a paragraph: without a note, by an empty one.
        self.add(wordml.paragraph("NoteAtlas", inside))

    def _table(self, block: dict[str, Any]) -> None:
        if block["landscape"]:
            before = self.end.getprevious()
            if before is not None and before is self.lying:
                # Two wide tables in a row lie in one section, without an empty page between them.
                self.made.element.body.remove(before)
            else:
                self._turn(landscape=False)
        self._caption("Tableau", block["caption"], keep=True)
        self.add(wordml.table(block))
        self._under(block)
        if block["landscape"]:
            self._turn(landscape=True)

    def _turn(self, landscape: bool) -> None:
        """Close the pages so far as one section, lying or standing."""
        self.broken = False
        ended = wordml.parsed('<w:p><w:pPr><w:pStyle w:val="Cellule"/></w:pPr></w:p>')
        self.end.addprevious(ended)
        section = self.end.clone()
        ended.get_or_add_pPr().append(section)
        if landscape:
            size = section.find(qn("w:pgSz"))
            size.set(qn("w:w"), str(wordml.twips(look.PAGE_HEIGHT)))
            size.set(qn("w:h"), str(wordml.twips(look.PAGE_WIDTH)))
            size.set(qn("w:orient"), "landscape")
            self.lying = ended

    def _picture(self, block: dict[str, Any]) -> None:
        wide = Pt(block["width"])
        png = self.files[block["png"]] if block["png"] else png_of(self.files[block["svg"]], block["width"])
        try:
            inline = self.made.part.new_pic_inline(io.BytesIO(png), wide, Pt(block["width"] * block["ratio"]))
        except Exception as error:
            raise DocumentError("Une image ne peut pas être lue.", block["caption"]) from error
        for side in ("distT", "distB", "distL", "distR"):
            # Left out, LibreOffice takes an eighth of an inch and pushes the picture into the margin.
            inline.set(side, "0")
        inline.docPr.set("descr", block["alt"])
        inline.docPr.set("title", block["caption"])
        inline.docPr.set("name", f"Image {self.captions['Figure'] + 1}")
        holder = self.add(wordml.paragraph("Image", "<w:r/>"))
        holder.r_lst[0].append(wordml.parsed("<w:drawing/>"))
        holder.r_lst[0][0].append(inline)
        self._caption("Figure", block["caption"], keep=bool(block["note"] or block["refs"]))
        if block["note"] or block["refs"]:
            self._under(block)

    def _sources(self, block: dict[str, Any]) -> None:
        if block["note"]:
            self.add(wordml.paragraph("Normal", wordml.text(block["note"]), "<w:keepNext/>"))
        number = restarted(self.made, "List Number")
        listed = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr><w:ind w:left="360" w:hanging="360"/>'
        for source, entry in zip(block["sources"], block["entries"], strict=True):
            inside = self.marked(f"source_{source['n']}", wordml.runs(entry, self.linker))
            self.add(wordml.paragraph("SourceAtlas", inside, listed))

    def _properties(self) -> None:
        core = self.made.core_properties
        moment = datetime.datetime.combine(self.day, datetime.time(12))
        core.title, core.subject = self.data["title"][:255], self.data["subtitle"][:255]
        core.author = core.last_modified_by = self.data["organisation"][:255]
        core.language, core.comments, core.keywords = "fr-FR", self.data["version_note"][:255], ""
        core.created = core.modified = moment
        core.revision = 1


def _dated(raw: bytes, day: datetime.date) -> bytes:
    """The same archive with the document's date on every entry: equal documents are equal files."""
    stamp = (max(1980, min(2107, day.year)), day.month, day.day, 12, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()
