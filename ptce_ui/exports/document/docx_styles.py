"""The styles of the DOCX: a writer who edits the file changes a style, not a hundred paragraphs."""

from __future__ import annotations

from typing import Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from ptce_ui.exports.document import look
from ptce_ui.exports.document.wordml import colour, parsed, twips

#: Style -> (size, colour, bold, space before, space after), on top of the template's own.
_LOOKS: Final = {
    "Normal": (look.BODY, look.INK, None, 0, 7),
    "Title": (30.0, look.ACCENT, True, 0, 8),
    "Subtitle": (15.0, look.INK, False, 0, 8),
    "Heading 1": (look.HEADINGS[0], look.ACCENT, True, 24, 8),
    "Heading 2": (look.HEADINGS[1], look.ACCENT, True, 18, 6),
    "Heading 3": (look.HEADINGS[2], look.INK, True, 14, 4),
    "Caption": (look.CAPTION, look.INK, False, 10, 4),
    "List Bullet": (look.BODY, look.INK, None, 0, 4),
    "List Number": (look.BODY, look.INK, None, 0, 4),
    "Header": (8.0, look.MUTED, None, 0, 0),
    "Footer": (8.0, look.MUTED, None, 0, 0),
}
#: Our own paragraph styles: name -> (based on, size, colour, bold, before, after).
_OWN: Final = {
    "Organisation": ("Normal", 12.0, look.INK, True, 0, 0),
    "Mention": ("Normal", look.BODY, look.MUTED, False, 0, 3),
    "Cellule": ("Normal", 9.0, look.INK, None, 2, 2),
    "Note Atlas": ("Normal", look.SMALL, look.MUTED, None, 3, 10),
    "Source Atlas": ("Normal", 9.0, look.INK, None, 0, 3),
    "Chiffre": ("Normal", 17.0, look.ACCENT, True, 0, 0),
    "Etiquette": ("Normal", look.CAPTION, look.INK, None, 0, 0),
    "Image": ("Normal", look.BODY, look.INK, None, 8, 2),
    "Sommaire": ("Normal", look.HEADINGS[0], look.ACCENT, True, 0, 8),
}


def new_document() -> Any:
    """An empty document of python-docx, in French, with the styles of the atlas."""
    made = docx.Document()
    _language(made)
    for name, (size, ink, strong, before, after) in _LOOKS.items():
        _paragraph_look(made.styles[name], size, ink, strong, before, after)
    for name, (base, size, ink, strong, before, after) in _OWN.items():
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = made.styles[base]
        style.quick_style = True
        _paragraph_look(style, size, ink, strong, before, after)
    for level in (1, 2, 3):
        _entries(made, level)
    for name in ("Header", "Footer"):
        properties = made.styles[name].element.pPr
        properties.remove(properties.find(qn("w:tabs")))
    made.styles["Caption"].paragraph_format.keep_with_next = False
    made.styles["Image"].paragraph_format.keep_with_next = True
    _no_rule(made.styles["Title"].element.get_or_add_pPr())
    for kind, (bar, fill) in look.CALLOUTS.items():
        _callout(made, kind, bar, fill)
    _hyperlink(made)
    made.styles.element.append(parsed(_TABLE))
    _numbered_headings(made)
    return made


def _no_rule(properties: Any) -> None:
    """The template underlines titles."""
    for rule in properties.findall(qn("w:pBdr")):
        properties.remove(rule)


def _language(made: Any) -> None:
    for properties in made.styles.element.iter(qn("w:rPrDefault")):
        for lang in properties.iter(qn("w:lang")):
            lang.set(qn("w:val"), "fr-FR")
    for mode in made.settings.element.iter(qn("w:compatSetting")):
        if mode.get(qn("w:name")) == "compatibilityMode":
            # Without it Word shows « Mode de compatibilité ».
            mode.set(qn("w:val"), "15")
    for theme in made.settings.element.findall(qn("w:themeFontLang")):
        theme.set(qn("w:val"), "fr-FR")


def _paragraph_look(
    style: Any, size: float, ink: str, strong: bool | None, before: float, after: float
) -> None:
    font = style.font
    half = round(size * look.DOCX_SCALE * 2) / 2
    font.name, font.size, font.bold, font.italic = look.DOCX_FONT, Pt(half), strong, None
    font.color.rgb = RGBColor.from_string(colour(ink))
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for name in list(fonts.attrib):
        # Theme fonts would win over the name.
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), look.DOCX_FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = 1.12 if style.name in ("Normal", "List Bullet", "List Number") else 1.0
    layout.widow_control = True


def _entries(made: Any, level: int) -> None:
    style = made.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.element.set(qn("w:styleId"), f"TOC{level}")
    style.base_style = made.styles["Normal"]
    _paragraph_look(style, look.BODY, look.INK, level == 1, 6 if level == 1 else 0, 2)
    style.paragraph_format.left_indent = Pt(12 * (level - 1))
    style.paragraph_format.tab_stops.add_tab_stop(Pt(look.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)


def _callout(made: Any, kind: str, bar: str, fill: str) -> None:
    style = made.styles.add_style(f"Encadré {kind}", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Normal"]
    style.quick_style = True
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(10), Pt(12)
    layout.left_indent, layout.right_indent = Pt(10), Pt(6)
    layout.keep_together = True
    layout.alignment = WD_ALIGN_PARAGRAPH.LEFT
    properties = style.element.get_or_add_pPr()
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour(ink)}"/>'
        for side, size, space, ink in (
            ("top", 4, 5, fill), ("left", 20, 8, bar), ("bottom", 4, 5, fill), ("right", 4, 5, fill),
        )
    )  # fmt: skip
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(parsed(f"<w:pBdr>{edges}</w:pBdr>"))
    spacing.addprevious(parsed(f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(fill)}"/>'))


def _hyperlink(made: Any) -> None:
    made.styles.element.append(
        parsed(
            '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
            f'<w:uiPriority w:val="99"/><w:unhideWhenUsed/><w:rPr><w:color w:val="{colour(look.ACCENT)}"/>'
            '<w:u w:val="single"/></w:rPr></w:style>'
        )
    )


def _numbered_headings(made: Any) -> None:
    """One list of several levels behind the heading styles: `1.`, `1.1`, `1.1.1`, renumbered when edited."""
    numbering = made.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{at + 1}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for at, shown in enumerate(("%1.", "%1.%2", "%1.%2.%3"))
    )
    abstract = parsed(
        f'<w:abstractNum w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    # Abstract lists stand before the lists that use them.
    numbering.insert(0, abstract)
    numbering.append(parsed('<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for at in range(3):
        properties = made.styles[f"Heading {at + 1}"].element.get_or_add_pPr()
        made_numbers = properties.get_or_add_numPr()
        made_numbers.get_or_add_ilvl().val = at
        made_numbers.get_or_add_numId().val = 90


def restarted(made: Any, style: str) -> int:
    """Identifier of a new list that looks like `style` and starts at 1."""
    used = made.styles[style].element.pPr.numPr.numId.val
    numbering = made.part.numbering_part.element
    abstract = next(n for n in numbering.num_lst if n.numId == used).abstractNumId.val
    number: int = numbering._next_numId
    numbering.append(
        parsed(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    return number


_TABLE: Final = (
    '<w:style w:type="table" w:customStyle="1" w:styleId="TableauAtlas"><w:name w:val="Tableau Atlas"/>'
    '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="50"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f'<w:top w:val="single" w:sz="8" w:color="{colour(look.ACCENT)}"/>'
    f'<w:bottom w:val="single" w:sz="8" w:color="{colour(look.ACCENT)}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:color="{colour(look.HAIRLINE)}"/></w:tblBorders>'
    f'<w:tblCellMar><w:left w:w="{twips(look.CELL_PADDING)}" w:type="dxa"/>'
    f'<w:right w:w="{twips(look.CELL_PADDING)}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{colour(look.ACCENT)}"/></w:rPr><w:tcPr>'
    f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="{colour(look.ACCENT)}"/></w:tcBorders>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{colour(look.TINT)}"/><w:vAlign w:val="bottom"/></w:tcPr>'
    "</w:tblStylePr></w:style>"
)
