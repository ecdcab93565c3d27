"""Layouts found in a template: ours or an organisation's, emptied of its slides, with the places to fill."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as PH

from ptce_data.text import fold
from ptce_ui.exports.slides.guard import checked
from ptce_ui.exports.slides.measure import Face, face
from ptce_ui.exports.slides.model import TemplateError
from ptce_ui.exports.slides.template import default_template
from ptce_ui.text import join

_EMU: Final = 12_700
#: What we ask for -> the names under which PowerPoint in French and in English has it.
LAYOUTS: Final = {
    "Titre": ("Titre", "Diapositive de titre", "Title Slide", "Title"),
    "Section": ("Section", "Titre de section", "En-tête de section", "Section Header"),
    "Titre et contenu": ("Titre et contenu", "Title and Content", "Title, Content"),
}
_TITLES: Final = (PH.TITLE, PH.CENTER_TITLE)
_CONTENTS: Final = (PH.OBJECT, PH.BODY)
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Box:
    """A rectangle on the slide, in points."""

    x: float
    y: float
    w: float
    h: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h


@dataclass(frozen=True)
class Layout:
    """One layout: the python-pptx object, and where its places are; None where it has not that place."""

    layout: Any
    title: Box
    title_idx: int
    title_size: float
    body: Box | None
    body_idx: int | None
    mentions: Box | None
    mentions_idx: int | None
    sources: Box | None
    sources_idx: int | None
    number: Any


@dataclass(frozen=True)
class Template:
    """An opened presentation without slides, and its three layouts; `wide`, `tall` are the slide's sides."""

    deck: Any
    layouts: dict[str, Layout]
    wide: float
    tall: float
    body_face: Face
    title_face: Face
    is_ours: bool


def opened(content: bytes | None) -> Template:
    """Open a template (None: ours). Raises TemplateError, in one sentence, for one that cannot be used."""
    deck = _deck(content)
    wide, tall = deck.slide_width / _EMU, deck.slide_height / _EMU
    if not (300 <= wide <= 4000 and 200 <= tall <= 4000 and wide > tall):
        raise TemplateError("Les diapositives du modèle sont en hauteur ou d’une taille inhabituelle : choisissez le format 16:9.")  # fmt: skip
    heading, body = _fonts(deck)
    named: dict[str, Any] = {}
    for master in deck.slide_masters:
        for layout in master.slide_layouts:
            named.setdefault(fold(layout.name), layout)
    found = tuple(
        layout.name.strip() or "(sans nom)"
        for master in deck.slide_masters
        for layout in master.slide_layouts
    )
    chosen: dict[str, Any] = {}
    for wanted, names in LAYOUTS.items():
        match = next((named[fold(name)] for name in names if fold(name) in named), None)
        if match is not None:
            chosen[wanted] = match
    missing = tuple(name for name in LAYOUTS if name not in chosen)
    if missing:
        lacks = join([f"« {name} »" for name in missing])
        has = join([f"« {name[:60]} »" for name in found[:20]]) or "aucune"
        plural = "les mises en page" if len(missing) > 1 else "la mise en page"
        raise TemplateError(
            f"Il manque au modèle {plural} {lacks} ; celles qu’il contient : {has}.", missing, found
        )
    layouts = {name: _layout(name, layout) for name, layout in chosen.items()}
    return Template(deck, layouts, wide, tall, body, heading, content is None)


def _deck(content: bytes | None) -> Any:
    if content is None:
        return Presentation(io.BytesIO(default_template()))
    sound = checked(content)
    try:
        deck = Presentation(io.BytesIO(sound))
        empty(deck)
        if not deck.slide_masters:
            raise ValueError("no master")
        return deck
    except TemplateError:
        raise
    except Exception as error:  # python-pptx and lxml raise many kinds on damaged parts
        raise TemplateError(
            "Le modèle est abîmé : ouvrez-le dans PowerPoint ou LibreOffice et enregistrez-le de nouveau."
        ) from error


def _layout(name: str, layout: Any) -> Layout:
    shapes = list(layout.placeholders)
    title = next((s for s in shapes if s.placeholder_format.type in _TITLES), None)
    by_name = {fold(s.name): s for s in shapes if s.placeholder_format.type in _CONTENTS}
    named = [by_name.get("sources"), by_name.get("mentions")]
    kinds = (PH.SUBTITLE, *_CONTENTS) if name == "Titre" else _CONTENTS
    bodies = [
        s for s in shapes if s.placeholder_format.type in kinds and all(s is not other for other in named)
    ]
    bodies.sort(key=_area, reverse=True)
    lacks = [] if title is not None else ["titre"]
    if name == "Titre et contenu" and not bodies:
        lacks.append("contenu")
    if lacks:
        has = tuple(s.name for s in shapes)
        raise TemplateError(
            f"Dans le modèle, la mise en page « {layout.name[:60]} » n’a pas d’espace réservé pour le {join(lacks)} ; "
            f"elle contient : {join([f'« {n[:40]} »' for n in has[:12]]) or 'aucun'}.",
            tuple(lacks),
            has,
        )
    body = bodies[0] if bodies else None
    number = next((s for s in shapes if s.placeholder_format.type == PH.SLIDE_NUMBER), None)
    place = {
        key: (_box(s), s.placeholder_format.idx) if s is not None else (None, None)
        for key, s in (("title", title), ("body", body), ("sources", named[0]), ("mentions", named[1]))
    }
    for key, label in (("title", "titre"), ("body", "contenu")):
        box = place[key][0]
        if key == "title" and box is None:
            raise TemplateError(f"Dans le modèle, l’espace réservé au titre de la mise en page « {layout.name[:60]} » n’a pas de place.", (label,))  # fmt: skip
        if box is not None and (
            box.w < 150 or box.h < 20 or (key == "body" and name == "Titre et contenu" and box.h < 200)
        ):
            raise TemplateError(f"Dans le modèle, l’espace réservé au {label} de la mise en page « {layout.name[:60]} » est trop petit.", (label,))  # fmt: skip
    title_box = _box(title)
    assert title is not None and title_box is not None
    (body_box, body_idx), (foot, foot_idx) = place["body"], place["sources"]
    said, said_idx = place["mentions"]
    size, title_idx = _title_size(title, layout), title.placeholder_format.idx
    return Layout(
        layout, title_box, title_idx, size, body_box, body_idx, said, said_idx, foot, foot_idx, number
    )


def _box(shape: Any) -> Box | None:
    if shape is None or shape.left is None or shape.width is None:
        return None
    return Box(shape.left / _EMU, shape.top / _EMU, shape.width / _EMU, shape.height / _EMU)


def _area(shape: Any) -> float:
    box = _box(shape)
    return box.w * box.h if box else 0.0


def _title_size(title: Any, layout: Any) -> float:
    """Size of the title's letters as the layout, then the master, says; 32 where none does."""
    space = title._element.nsmap
    own = title._element.find(".//a:lstStyle/a:lvl1pPr/a:defRPr", space)
    above = [s for s in layout.slide_master.placeholders if s.placeholder_format.type in _TITLES]
    held = [own, *(s._element.find(".//a:lstStyle/a:lvl1pPr/a:defRPr", space) for s in above)]
    held.append(
        layout.slide_master._element.find("p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr", {**space, **layout._element.nsmap})
    )  # fmt: skip
    return next((int(d.get("sz")) / 100 for d in held if d is not None and d.get("sz")), 32.0)


def _fonts(deck: Any) -> tuple[Face, Face]:
    """Measures of the headings' and the text's fonts, from the theme."""
    rels = deck.slide_master.part.rels.values()
    theme = next((rel.target_part for rel in rels if rel.reltype.endswith("/theme")), None)
    xml = theme.blob.decode("utf-8", "replace") if theme is not None else ""
    fonts = []
    for kind in ("major", "minor"):
        match = re.search(rf"<a:{kind}Font>\s*<a:latin [^>]*typeface=\"([^\"]*)\"", xml)
        fonts.append(face(match.group(1) if match else ""))
    return fonts[0], fonts[1]


def empty(deck: Any) -> None:
    """Remove all slides of a presentation and all that points at them, so that no part is left behind."""
    element, part = deck.part._element, deck.part
    space = {**element.nsmap, "p": "http://schemas.openxmlformats.org/presentationml/2006/main"}
    for tag in ("custShowLst", "modifyVerifier", "custDataLst", "extLst"):
        for old in element.findall(f"p:{tag}", space):
            element.remove(old)  # sections of slides live in extLst
    for slide_id in list(deck.slides._sldIdLst):
        part.drop_rel(slide_id.rId)
        deck.slides._sldIdLst.remove(slide_id)
    for key in [k for k, rel in part.rels.items() if rel.reltype.endswith(("/viewProps", "/presProps", "/tags", "/customXml", "/commentAuthors", "/slide"))]:  # fmt: skip
        part.rels.pop(key)
    for held in list(part.package.iter_parts()):
        for key in [k for k, rel in held.rels.items() if rel.reltype.endswith(("/slide", "/notesSlide"))]:
            root = getattr(held, "_element", None)
            for target in [] if root is None else _pointing(root, key):
                target.getparent().remove(target)
            held.rels.pop(key)
    package = part.package._rels
    for key in [k for k, rel in package.items() if rel.reltype.endswith(("/thumbnail", "/custom-properties"))]:  # fmt: skip
        package.pop(key)


def _pointing(root: Any, key: str) -> list[Any]:
    """Elements below `root` that name the relationship `key`."""
    return [
        e for e in root.iter() if any(n.startswith(f"{{{_REL}}}") and v == key for n, v in e.attrib.items())
    ]
