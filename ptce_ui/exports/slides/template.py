"""Our own template, made by code: theme colours and fonts, four layouts named in French, 16:9.

A user who wants another look gives a .pptx with the same layouts (see `theirs.py`, docs/diapositives.md).
"""

from __future__ import annotations

import functools
import io
import re
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Pt

from ptce_data.places import UNKNOWN
from ptce_ui.exports.document.look import ACCENT, MUTED, TINT
from ptce_ui.theme import LIGHT, TYPE_COLOURS

#: Arial is on every computer, and Liberation Sans, of the same widths, replaces it where it is not.
FONT: Final = "Arial"
WIDTH: Final = 960.0
HEIGHT: Final = 540.0
MARGIN: Final = 44.0
#: Colours of series without one of their own: none is a territory type's.
ACCENTS: Final = (ACCENT, "#44AA99", "#CC6677", "#88CCEE", "#882255", "#66738C")
#: Named in the colour picker, so that a chart made by hand speaks the same language.
CUSTOM_NAMES: Final = {
    "desindustrialise": "Désindustrialisé",
    "rural": "Rural",
    "quartier_populaire_urbain": "Quartier populaire urbain",
    "periurbain": "Périurbain",
    "urbain_autre": "Urbain, autre",
    UNKNOWN: "Non renseigné",
}
#: Least title size, in points.
TITLE_SIZE: Final = 32

_NS: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_GROUP: Final = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
_Box = tuple[float, float, float, float]


@functools.cache
def default_template() -> bytes:
    """The bytes of our template, without slides; the same at each call."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    size = deck.part._element.find("p:sldSz", deck.part._element.nsmap)
    size.attrib.pop("type", None)
    for element in deck.part._element.iter():
        if element.get("lang"):
            element.set("lang", "fr-FR")
    layouts = list(deck.slide_layouts)
    kept = {0: ("title", _title), 2: ("secHead", _section), 1: ("obj", _content), 6: ("blank", _blank)}
    for position, layout in enumerate(layouts):
        if position not in kept:
            deck.slide_layouts.remove(layout)
    for position, (kind, make) in kept.items():
        element = layouts[position].part._element
        element.set("type", kind)
        _replace(element, make())
    master = deck.slide_master.part
    _replace(master._element, _master())
    _styles(master._element)
    theme = next(rel.target_part for rel in master.rels.values() if rel.reltype.endswith("/theme"))
    theme._blob = _theme(theme.blob.decode("utf-8")).encode("utf-8")
    for rels in (deck.part.rels, deck.part.package._rels):
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(("/printerSettings", "/thumbnail"))]:
            rels.pop(key)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _replace(element: Any, made: str) -> None:
    new = parse_xml(made)
    old = element.find("p:cSld", element.nsmap)
    element.replace(old, new)


def _box(box: _Box) -> str:
    x, y, wide, tall = (int(Pt(length)) for length in box)
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'


def _placeholder(number: int, name: str, kind: str, box: _Box, prompt: str, size: float, *, colour: str = "tx1", anchor: str = "t", bold: bool = False, align: str = "l") -> str:  # fmt: skip
    """One placeholder; `kind` holds the attributes of `p:ph`."""
    run = f'<a:r><a:rPr lang="fr-FR"/><a:t>{prompt}</a:t></a:r>'
    if "sldNum" in kind:
        run = '<a:fld id="{6B0F1C52-3F0B-4C5E-9D0A-5C8B7A0E1D21}" type="slidenum"><a:rPr lang="fr-FR"/><a:t>‹N°›</a:t></a:fld>'
    style = (
        f'<a:lstStyle><a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{int(size * 100)}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        "</a:defRPr></a:lvl1pPr></a:lstStyle>"
    )
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id={quoteattr(str(number))} name={quoteattr(name)}/><p:cNvSpPr><a:spLocks noGrp=\"1\"/>"
        f"</p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{_box(box)}<a:prstGeom prst=\"rect\"><a:avLst/>"
        f'</a:prstGeom></p:spPr><p:txBody><a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="{anchor}"><a:noAutofit/></a:bodyPr>{style}<a:p>{run}</a:p></p:txBody></p:sp>'
    )  # fmt: skip


def _bar(number: int, box: _Box, colour: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Filet {number}"><a:extLst><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        f'</p:cNvPr><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_box(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr/><a:p>'
        '<a:endParaRPr lang="fr-FR"/></a:p></p:txBody></p:sp>'
    )


def _page(name: str, shapes: str, fill: str = "") -> str:
    background = (
        f'<p:bg><p:bgPr><a:solidFill><a:schemeClr val="{fill}"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
        if fill
        else ""
    )
    named = f" name={quoteattr(name)}" if name else ""
    return f"<p:cSld {_NS}{named}>{background}<p:spTree>{_GROUP}{shapes}</p:spTree></p:cSld>"


_TITLE_BOX: Final = (MARGIN, 26.0, WIDTH - 2 * MARGIN, 42.0)
_ZONE: Final = (MARGIN, 78.0, WIDTH - 2 * MARGIN, 412.0)
_FOOT: Final = (MARGIN, 500.0, 790.0, 28.0)
_NUMBER: Final = (WIDTH - MARGIN - 60, 508.0, 60.0, 20.0)


def _number(at: int, colour: str = "tx2") -> str:
    return _placeholder(
        at, "Numéro", 'type="sldNum" sz="quarter" idx="12"', _NUMBER, "", 14, colour=colour, anchor="b", align="r",
    )  # fmt: skip


def _title() -> str:
    shapes = (
        _bar(6, (MARGIN, 306, 96, 5), "accent4")
        + _placeholder(2, "Titre", 'type="ctrTitle"', (MARGIN, 96, WIDTH - 2 * MARGIN, 196), "Titre du diaporama", 48, colour="bg1", anchor="b", bold=True)
        + _placeholder(3, "Sous-titre", 'type="subTitle" idx="1"', (MARGIN, 326, WIDTH - 2 * MARGIN, 88), "Sous-titre", 26, colour="bg1")
        + _placeholder(4, "Mentions", 'type="body" sz="quarter" idx="13"', (MARGIN, 432, WIDTH - 2 * MARGIN, 74), "Organisation, date, version", 18, colour="bg1", anchor="b")
    )  # fmt: skip
    return _page("Titre", shapes, "accent1")


def _section() -> str:
    shapes = (
        _bar(6, (MARGIN, 282, 96, 5), "accent1")
        + _placeholder(2, "Titre", 'type="title"', (MARGIN, 110, WIDTH - 2 * MARGIN, 158), "Titre de la partie", 44, colour="accent1", anchor="b", bold=True)
        + _placeholder(3, "Texte", 'type="body" idx="1"', (MARGIN, 302, WIDTH - 2 * MARGIN, 180), "Ce que montre cette partie", 24)
        + _placeholder(4, "Sources", 'type="body" sz="quarter" idx="14"', _FOOT, "Sources", 11, colour="tx2", anchor="b")
        + _number(5)
    )  # fmt: skip
    return _page("Section", shapes, "bg2")


def _content() -> str:
    shapes = (
        _placeholder(2, "Titre", 'type="title"', _TITLE_BOX, "Titre de la diapositive", TITLE_SIZE, colour="accent1", bold=True)
        + _placeholder(3, "Contenu", 'idx="1"', _ZONE, "Message, puis graphique, tableau ou carte", 20)
        + _placeholder(4, "Sources", 'type="body" sz="quarter" idx="14"', _FOOT, "Sources", 11, colour="tx2", anchor="b")
        + _number(5)
    )  # fmt: skip
    return _page("Titre et contenu", shapes)


def _blank() -> str:
    return _page("Vide", _number(2))


def _master() -> str:
    shapes = (
        _bar(7, (0, 0, WIDTH, 9), "accent1")
        + _placeholder(
            2, "Titre", 'type="title"', _TITLE_BOX, "Titre", TITLE_SIZE, colour="accent1", bold=True
        )
        + _placeholder(3, "Texte", 'type="body" idx="1"', _ZONE, "Texte", 20)
        + _number(6)
    )
    filled = _page("", shapes)
    background = '<p:bg><p:bgRef idx="1001"><a:schemeClr val="bg1"/></p:bgRef></p:bg>'
    return filled.replace("<p:spTree>", background + "<p:spTree>", 1)


def _styles(master: Any) -> None:
    """Texts of the master: left, sober, no bullet at the first level."""
    space = master.nsmap
    for style, size in (("titleStyle", TITLE_SIZE), ("bodyStyle", 20)):
        level = master.find(f"p:txStyles/p:{style}/a:lvl1pPr", {**space})
        level.set("algn", "l")
        level.find("a:defRPr", space).set("sz", str(size * 100))
        if style == "bodyStyle":
            level.attrib.update({"marL": "0", "indent": "0"})
            bullet = level.find("a:buChar", space)
            for old in [*level.findall("a:buFont", space), bullet]:
                if old is not bullet:
                    level.remove(old)
            level.replace(bullet, parse_xml(f"<a:buNone {_NS}/>"))


def _theme(xml: str) -> str:
    colours = {
        "dk1": LIGHT.ink, "lt1": "#FFFFFF", "dk2": MUTED, "lt2": TINT,
        **{f"accent{at}": colour for at, colour in enumerate(ACCENTS, start=1)},
        "hlink": ACCENT, "folHlink": "#882255",
    }  # fmt: skip
    scheme = "".join(
        f'<a:{name}><a:srgbClr val="{value[1:]}"/></a:{name}>' for name, value in colours.items()
    )
    xml = re.sub(
        r"<a:clrScheme .*?</a:clrScheme>",
        f'<a:clrScheme name="Atlas">{scheme}</a:clrScheme>',
        xml,
        flags=re.S,
    )
    xml = re.sub(r'(<a:(?:major|minor)Font><a:latin typeface=)"[^"]*"', rf'\1"{FONT}"', xml)
    xml = re.sub(r'<a:fontScheme name="[^"]*"', '<a:fontScheme name="Atlas"', xml)
    xml = re.sub(r'(<a:theme [^>]*?name=)"[^"]*"', r'\1"Atlas"', xml)
    custom = "".join(
        f'<a:custClr name={quoteattr(CUSTOM_NAMES[code])}><a:srgbClr val="{TYPE_COLOURS[code][1:]}"/></a:custClr>'
        for code in CUSTOM_NAMES
    )
    xml = re.sub(r"<a:custClrLst.*?</a:custClrLst>", "", xml, flags=re.S)
    after = "<a:extLst>" if "<a:extLst>" in xml.rpartition("</a:themeElements>")[2] else "</a:theme>"
    head, _, tail = xml.rpartition(after)
    return f"{head}<a:custClrLst>{custom}</a:custClrLst>{after}{tail}"
