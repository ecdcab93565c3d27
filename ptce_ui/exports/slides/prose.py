"""Titles, messages, lists, foot and speaker notes: texts of slides, fitted and continued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ptce_ui.exports.document.look import MONTHS
from ptce_ui.exports.document.model import Source
from ptce_ui.exports.slides.leaves import Leaf, Para, Words
from ptce_ui.exports.slides.measure import LEADING, Face, clean, cut, fit, one_line, parts
from ptce_ui.exports.slides.model import SectionSlide, SlideDeck, TextSlide, TitleSlide
from ptce_ui.exports.slides.theirs import Box, Layout, Template
from ptce_ui.text import NBSP, date, safe_url

FOOT_SIZE: Final = 11.0
NOTE_SIZE: Final = 14.0
LEAST_TITLE: Final = 30.0
_TITLE_LINES: Final = 3
_MESSAGE: Final = ((20.0, 3), (18.0, 4))
_INDENT: Final = 20.0
_CONTENT: Final = "Titre et contenu"


@dataclass(frozen=True)
class Page:
    """A slide with its words, the room left for what it shows, and the words that did not hold."""

    leaf: Leaf
    room: Box
    left: str = ""


def page(slide: Any, deck: SlideDeck, template: Template, *, with_message: bool = True, suffix: str = "", note: str = "") -> Page:  # fmt: skip
    """The frame of a content slide: title, message, note and sources; `room` is what remains."""
    layout, face = template.layouts[_CONTENT], template.body_face
    title, size, title_box, whole = titled(slide.title, suffix, layout, template)
    assert layout.body is not None
    top = max(layout.body.y, title_box.bottom + 10)
    room = Box(layout.body.x, top, layout.body.w, layout.body.bottom - top)
    foot, room = _foot(getattr(slide, "source_ids", ()), deck, layout, room, template)
    words, left = None, ""
    message = clean(getattr(slide, "message", "")) if with_message else ""
    if message:
        shown, size_m, left = _message(message, room.w, face)
        tall = face.height(shown, room.w, size_m)
        words = Words(Box(room.x, room.y, room.w, tall + 2), (Para(shown, size_m),))
        room = Box(room.x, room.y + tall + 12, room.w, room.h - tall - 12)
    noted, long = None, ""
    if note:
        said = cut(note, room.w, NOTE_SIZE, 3, face)
        long = note if said != note else ""
        tall = face.height(said, room.w, NOTE_SIZE)
        noted = Words(Box(room.x, room.bottom - tall, room.w, tall), (Para(said, NOTE_SIZE, muted=True),))
        room = replace(room, h=room.h - tall - 8)
    notes = spoken(slide, deck, (whole, long), is_first=not suffix)
    leaf = Leaf(_CONTENT, title, size, title_box, words, None, (), noted, foot, None, notes)
    return Page(leaf, room, left)


def _message(message: str, room: float, face: Face) -> tuple[str, float, str]:
    """What holds of a message, its size, and what does not."""
    for size, lines in _MESSAGE:
        if len(face.wrap(message, room, size)) <= lines:
            return message, size, ""
    size, lines = _MESSAGE[0]
    first, *others = parts(message, room, size, lines, face)
    return first, size, " ".join(others)


def titled(text: str, suffix: str, layout: Layout, template: Template) -> tuple[str, float, Box, str]:
    """A title that holds: (text, size, box, whole title where it had to be cut).

    Never under 30 points: the box grows downwards to three lines, then the end is cut.
    """
    title, face, box = one_line(text), template.title_face, layout.title
    inset = 0.0 if template.is_ours else 14.4
    room, whole = box.w - inset, title + suffix
    sizes = sorted({max(LEAST_TITLE, min(layout.title_size, 54.0)), 44.0, 40.0, 36.0, 32.0, LEAST_TITLE}, reverse=True)  # fmt: skip
    usual = max(LEAST_TITLE, layout.title_size)
    tried = tuple(s for s in sizes if s <= usual)
    size = fit(whole, room, tried, max(box.h - inset / 2, LEAST_TITLE * LEADING), face, True)
    tall = face.height(whole, room, size, True)
    if tall <= box.h:
        return whole, size, box, ""
    # Two lines at the usual size look better than one that is squeezed.
    size = fit(whole, room, tuple(s for s in tried if s <= 32.0), 2 * 32 * LEADING, face, True)
    is_content = layout is template.layouts[_CONTENT]
    lines = _TITLE_LINES if is_content else max(1, int(box.h / (size * LEADING)))
    short = whole
    if len(face.wrap(whole, room, size, True)) > lines:
        ending = face.width(suffix, size, True)
        short = cut(title, room - ending / lines, size, lines, face, True) + suffix
    tall = face.height(short, room, size, True) + inset / 2
    grown = Box(box.x, box.y, box.w, max(box.h, tall + 2) if is_content else box.h)
    return short, size, grown, whole if short != whole else ""


def spoken(slide: Any, deck: SlideDeck, whole: Iterable[str] = (), is_first: bool = True) -> str:
    """Speaker notes: the speaker's own, what had to be cut on the slide, the sources in full."""
    said = [clean(getattr(slide, "notes", ""))] if is_first else ["Suite de la diapositive précédente."]
    said += [f"Texte entier{NBSP}: {text}" for text in whole if text]
    cited = sources_of(getattr(slide, "source_ids", ()), deck)
    if cited and is_first:
        said.append("\n".join([f"Sources{NBSP}:", *(f"– {full(s)} {s.url or ''}".strip() for s in cited)]))
    return "\n\n".join(part for part in said if part)


def sources_of(ids: Sequence[str], deck: SlideDeck) -> list[Source]:
    """The sources of a slide, in its order, each once."""
    known = {source.id: source for source in deck.sources}
    return [known[i] for i in dict.fromkeys(ids)]


def short(source: Source) -> str:
    """A source at the foot of a slide: publisher and year."""
    year = f" ({source.date_published[:4]})" if source.date_published else ""
    return one_line(source.publisher)[:120] + year


def full(source: Source) -> str:
    """A source in the list: publisher, title, date, licence."""
    said = [one_line(source.publisher)]
    said += [f"«{NBSP}{one_line(source.title)}{NBSP}»"] if source.title else []
    said += [f"publié le {date(source.date_published)}" if len(source.date_published) == 10 else date(source.date_published)] if source.date_published else []  # fmt: skip
    said += [f"consulté le {date(source.date_accessed)}"] if source.date_accessed else []
    said += [one_line(source.licence)] if source.licence else []
    return ", ".join(said) + "."


def _foot(ids: Sequence[str], deck: SlideDeck, layout: Layout, room: Box, template: Template) -> tuple[Words | None, Box]:  # fmt: skip
    """The line of sources, and the room that it leaves where the layout has no place of its own."""
    names = list(dict.fromkeys(short(s) for s in sources_of(ids, deck)))
    if not names:
        return None, room
    wide = layout.sources.w if layout.sources else room.w
    for kept in range(len(names), 0, -1):
        rest = len(names) - kept
        ending = "." if not rest else f" et {rest} autre{'s' if rest > 1 else ''}, voir la liste à la fin."
        words = (
            ("Source" if len(names) == 1 else "Sources")
            + f"{NBSP}: "
            + f"{NBSP}; ".join(names[:kept])
            + ending
        )
        if len(template.body_face.wrap(words, wide, FOOT_SIZE)) <= 2:
            break
    words = cut(words, wide, FOOT_SIZE, 2, template.body_face)
    tall = template.body_face.height(words, wide, FOOT_SIZE)
    para = (Para(words, FOOT_SIZE, muted=True),)
    if layout.sources:
        return Words(layout.sources, para), room
    box = Box(room.x, room.bottom - tall, wide, tall)
    return Words(box, para), replace(room, h=room.h - tall - 8)


def paragraphs(message: str, bullets: Iterable[str], is_bold: bool = False) -> list[list[Para]]:
    """A message then its list, sizes to be chosen; each item stays together."""
    made = [[Para(message, 0.0, bold=is_bold)]] if message else []
    return made + [[Para(clean(b), 0.0, bullet=True, before=12.0)] for b in bullets if clean(b)]


def poured(items: list[list[Para]], box: Box, sizes: tuple[float, ...], face: Face) -> list[tuple[Para, ...]]:
    """Items at the first size at which all hold in the box, else over several boxes at the last size."""
    for size in sizes:
        sized = [[replace(p, size=p.size or size) for p in item] for item in items]
        flat = [p for item in sized for p in item]
        if sum(_tall(p, box.w, face) for p in flat) <= box.h:
            return [tuple(flat)]
    pages: list[list[Para]] = [[]]
    used = 0.0
    for item in sized:
        whole = sum(_tall(p, box.w, face) for p in item)
        if pages[-1] and used + whole > box.h and whole <= box.h:
            pages.append([])
            used = 0.0
        for para in item:
            for piece in _pieces(para, box, box.h - used, face):
                tall = _tall(piece, box.w, face)
                if pages[-1] and used + tall > box.h:
                    pages.append([])
                    used = 0.0
                pages[-1].append(piece)
                used += tall
    return [tuple(page) for page in pages]


def _room(para: Para, wide: float) -> float:
    return wide - (_INDENT if para.bullet else 0.0)


def _tall(para: Para, wide: float, face: Face) -> float:
    return face.height(para.text, _room(para, wide), para.size, para.bold) + para.before


def _pieces(para: Para, box: Box, left: float, face: Face) -> list[Para]:
    """A paragraph in pieces that hold: the first in what is left of this box, the others in whole boxes."""
    if _tall(para, box.w, face) <= left:
        return [para]
    step = para.size * LEADING
    lines = max(1, int((box.h - para.before) / step))
    first = int((left - para.before) / step)
    texts = parts(para.text, _room(para, box.w), para.size, lines, face, first if first >= 2 else lines)
    return [
        replace(para, text=text, bullet=para.bullet and at == 0, before=para.before if at == 0 else 0.0)
        for at, text in enumerate(texts)
    ]


def listed(title: str, items: list[list[Para]], deck: SlideDeck, template: Template, notes: str = "", sizes: tuple[float, ...] = (20.0,)) -> list[Leaf]:  # fmt: skip
    """Paragraphs under a title, on as many slides as they need."""
    return _flow(TextSlide(title, "", (), notes), items, deck, template, sizes)


def text(slide: TextSlide, deck: SlideDeck, template: Template) -> list[Leaf]:
    """A message and its list."""
    items = paragraphs(clean(slide.message), slide.bullets, bool(slide.bullets))
    return _flow(slide, items, deck, template, (26.0, 24.0, 22.0, 20.0))


def _flow(slide: Any, items: list[list[Para]], deck: SlideDeck, template: Template, sizes: tuple[float, ...], begun: bool = False) -> list[Leaf]:  # fmt: skip
    first = page(slide, deck, template, with_message=False, suffix=" (suite)" if begun else "")
    later = page(slide, deck, template, with_message=False, suffix=" (suite)")
    room = first.room if first.room.h <= later.room.h else later.room
    out = []
    for at, paras in enumerate(poured(items, room, sizes, template.body_face)):
        base = first if at == 0 else later
        box = replace(base.room, h=room.h)
        out.append(replace(base.leaf, words=Words(box, paras) if paras else None))
    return out


def rest(begun: Page, slide: Any, deck: SlideDeck, template: Template) -> list[Leaf]:
    """Slides for the words of a message that did not hold beside what it comments."""
    return _flow(slide, paragraphs(begun.left, ()), deck, template, (22.0, 20.0), True) if begun.left else []


def on_from(pages: Sequence[tuple[Para, ...]], slide: Any, deck: SlideDeck, template: Template) -> list[Leaf]:
    """Slides for paragraphs that a narrow column did not hold."""
    items = [[replace(p, size=20.0)] for page_ in pages for p in page_]
    return _flow(slide, items, deck, template, (20.0,), True) if items else []


def source_items(deck: SlideDeck) -> list[list[Para]]:
    """Every cited source with its address, kept together."""
    items = []
    for source in sources_of(tuple(deck.cited()), deck):
        item = [Para(full(source), 14.0, before=8.0)]
        url = safe_url(source.url)
        if url:
            shown = url if len(url) <= 105 else url[:70] + "…" + url[-30:]
            item.append(Para(clean(shown), 12.0, url=url))
        items.append(item)
    return items


def cover(slide: TitleSlide, deck: SlideDeck, template: Template) -> Leaf:
    """The first slide."""
    layout, face = template.layouts["Titre"], template.body_face
    title, size, box, whole = titled(slide.title or deck.title, "", layout, template)
    day = f"{deck.date.day if deck.date.day > 1 else '1er'} {MONTHS[deck.date.month - 1]} {deck.date.year}"
    said = [t for t in (one_line(deck.organisation), day, one_line(deck.version_note)) if t]
    subtitle = clean(slide.subtitle or deck.subtitle)
    mentions = None
    if layout.mentions:
        words = cut(" · ".join(said), layout.mentions.w, 18, max(1, int(layout.mentions.h / 21.6)), face)
        mentions, said = Words(layout.mentions, (Para(words, 18),)), []
    words_ = None
    if layout.body:
        room = layout.body.w - (0 if template.is_ours else 14.4)
        spare = 24.0 if said else 0.0
        size_s = fit(subtitle, room, (26, 24, 22, 20, 18), layout.body.h - spare, face)
        held = cut(subtitle, room, size_s, max(1, int((layout.body.h - spare) / (size_s * LEADING))), face)
        paras = [Para(held, size_s)] if held else []
        paras += [Para(cut(" · ".join(said), room, 16, 2, face), 16, before=6.0)] if said else []
        words_ = Words(layout.body, tuple(paras)) if paras else None
    notes = spoken(slide, deck, (whole,))
    return Leaf("Titre", title, size, box, words_, None, (), None, None, mentions, notes)


def section(slide: SectionSlide, deck: SlideDeck, template: Template) -> Leaf:
    """A slide that opens a part."""
    layout, face = template.layouts["Section"], template.body_face
    title, size, box, whole = titled(slide.title, "", layout, template)
    words, long, message = None, "", clean(slide.message)
    if layout.body and message:
        room = layout.body.w - (0 if template.is_ours else 14.4)
        size_m = fit(message, room, (24, 22, 20, 18), layout.body.h, face)
        held = cut(message, room, size_m, max(1, int(layout.body.h / (size_m * LEADING))), face)
        words = Words(layout.body, (Para(held, size_m),))
        long = message if held != message else ""
    elif message:
        long = message
    foot = None
    if layout.sources:
        foot, _ = _foot(slide.source_ids, deck, layout, layout.sources, template)
    return Leaf("Section", title, size, box, words, None, (), None, foot, None, spoken(slide, deck, (whole, long)))  # fmt: skip
