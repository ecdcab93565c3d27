"""A deck -> its real slides: texts measured, what is too long goes on to a next slide called « (suite) »."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ptce_ui.exports.document.model import KeyFigure
from ptce_ui.exports.slides import charting, prose, tabling
from ptce_ui.exports.slides.leaves import CARD_PADDING, Body, Card, ChartBody, Leaf, PictureBody, Words
from ptce_ui.exports.slides.measure import clean, cut, one_line
from ptce_ui.exports.slides.model import (
    ChartSlide,
    FiguresSlide,
    MapSlide,
    SectionSlide,
    Slide,
    SlideDeck,
    SlideError,
    SourcesSlide,
    TableSlide,
    TextSlide,
    TitleSlide,
)
from ptce_ui.exports.slides.prose import Page
from ptce_ui.exports.slides.theirs import Box, Template

#: More real slides than this is a mistake: nobody shows them, and no programme opens them well.
MAX_SLIDES: Final = 400
#: Pictures less wide than this against their height have words at their left.
_SQUARE: Final = 1.5
_BESIDE: Final = 0.34
_CARDS: Final = 6
_GAP: Final = 18.0
#: Sizes of large figures, tried in this order.
_VALUES: Final = (72.0, 54.0, 48.0, 44.0, 40.0, 36.0, 32.0, 28.0)


def leaves(deck: SlideDeck, template: Template) -> list[Leaf]:
    """The real slides of a deck in a template. Raises SlideError above 400 slides."""
    slides: list[Slide] = list(deck.slides)
    if any(True for _ in deck.cited()) and not any(isinstance(s, SourcesSlide) for s in slides):
        slides.append(SourcesSlide())
    out: list[Leaf] = []
    for slide in slides:
        out += _of(slide, deck, template)
        if len(out) > MAX_SLIDES:
            raise SlideError(
                f"Le diaporama ferait plus de {MAX_SLIDES} diapositives : raccourcissez ses tableaux et ses textes."
            )
    return out


def _of(slide: Slide, deck: SlideDeck, template: Template) -> list[Leaf]:
    if isinstance(slide, TitleSlide):
        return [prose.cover(slide, deck, template)]
    if isinstance(slide, SectionSlide):
        return [prose.section(slide, deck, template)]
    if isinstance(slide, SourcesSlide):
        return prose.listed(slide.title, prose.source_items(deck), deck, template, slide.notes)
    if isinstance(slide, TextSlide):
        return prose.text(slide, deck, template)
    if isinstance(slide, ChartSlide):
        made = _shown(slide, deck, template, _charts(slide, template))
        if slide.table is not None:
            alt = f"Données du graphique : {slide.chart.alt}"
            data = TableSlide(f"{slide.title} : les données", "", slide.table, alt, "", slide.source_ids)
            made += _of(data, deck, template)
        return made
    if isinstance(slide, TableSlide):
        alt = slide.alt.strip() or f"Tableau : {slide.title}"
        return _shown(
            slide, deck, template, lambda box: list(tabling.tables(slide.table, alt, box, template.body_face))
        )
    if isinstance(slide, FiguresSlide):
        return _figures(slide, deck, template)
    return _map(slide, deck, template)


def _charts(slide: ChartSlide, template: Template) -> Callable[[Box], list[Body]]:
    return lambda box: list(charting.charts(slide.chart, box, template.body_face))


def _shown(slide: ChartSlide | TableSlide, deck: SlideDeck, template: Template, make: Callable[[Box], list[Body]]) -> list[Leaf]:  # fmt: skip
    """Slides with one thing each under the message; the message stands on the first only."""
    unknown = charting.unknowns(slide.chart) if isinstance(slide, ChartSlide) else ""
    # The words below are those of the whole: their room is the same on each slide.
    first = prose.page(slide, deck, template, note=_note(slide.note, unknown))
    later = prose.page(
        slide, deck, template, with_message=False, suffix=" (suite)", note=_note(slide.note, unknown)
    )
    bodies = make(first.room)
    if len(bodies) > 1 and isinstance(slide, TableSlide):
        bodies = _refilled(slide, template, first.room, later.room, bodies)
    out = []
    for at, body in enumerate(bodies):
        page = first if at == 0 else later
        if isinstance(body, ChartBody):
            note = _note(slide.note, charting.unknowns(body.chart))
            page = prose.page(
                slide, deck, template, with_message=at == 0, suffix="" if at == 0 else " (suite)", note=note
            )
        placed = replace(body, box=replace(body.box, y=page.room.y, h=page.room.h if isinstance(body, ChartBody) else body.box.h))  # fmt: skip
        out.append(replace(page.leaf, body=placed))
    return [*out, *prose.rest(first, slide, deck, template)]


def _refilled(slide: TableSlide, template: Template, first: Box, later: Box, bodies: list[Body]) -> list[Body]:  # fmt: skip
    """Where dropping the message gives later slides more room, use it if it saves a slide."""
    alt = slide.alt.strip() or f"Tableau : {slide.title}"
    low = replace(later, h=min(first.h, later.h))
    other: list[Body] = list(tabling.tables(slide.table, alt, low, template.body_face))
    return other if len(other) < len(bodies) else bodies


def _note(*texts: str) -> str:
    return " ".join(t for t in (clean(text) for text in texts) if t)


def _figures(slide: FiguresSlide, deck: SlideDeck, template: Template) -> list[Leaf]:
    out = []
    first: Page | None = None
    pages = max(1, math.ceil(len(slide.figures) / _CARDS))
    step = math.ceil(len(slide.figures) / pages) if slide.figures else 1
    for at in range(pages):
        suffix = "" if at == 0 else " (suite)"
        page = prose.page(slide, deck, template, with_message=at == 0, suffix=suffix, note=clean(slide.note))
        first = first or page
        figures = slide.figures[at * step : (at + 1) * step]
        cards, long = _cards(figures, page.room, template)
        notes = "\n".join([page.leaf.notes, *long]).strip()
        out.append(replace(page.leaf, cards=cards, notes=notes))
    assert first is not None
    return [*out, *prose.rest(first, slide, deck, template)]


def _cards(figures: tuple[KeyFigure, ...], room: Box, template: Template) -> tuple[tuple[Card, ...], list[str]]:  # fmt: skip
    """Cards in one or two rows, and the texts that did not hold, for the notes."""
    if not figures:
        return (), []
    count, face = len(figures), template.body_face
    across = count if count <= 3 else 2 if count == 4 else 3
    rows = math.ceil(count / across)
    wide = (room.w - _GAP * (across - 1)) / across
    tall = min((room.h - _GAP * (rows - 1)) / rows, 260.0 if rows == 1 else 190.0)
    inner, label_size = wide - 2 * CARD_PADDING, 24.0 if rows == 1 else 20.0
    values = [one_line(figure.value) for figure in figures]
    widest = max(face.width(value, 1, True) for value in values)
    sizes = [s for s in _VALUES[rows - 1 :] if widest * s <= inner] or [_VALUES[-1]]
    # The largest value under which no note is cut.
    needed = max(
        face.height(one_line(f.label), inner, label_size) + face.height(one_line(f.note), inner, 16)
        for f in figures
    )
    size = next((s for s in sizes if tall - 2 * CARD_PADDING - 8 - s * 1.2 >= needed), sizes[len(sizes) // 2])
    out, long = [], []
    for at, figure in enumerate(figures):
        x, y = room.x + (at % across) * (wide + _GAP), room.y + (at // across) * (tall + _GAP)
        whole = KeyFigure(values[at], one_line(figure.label), one_line(figure.note))
        value = cut(whole.value, inner, size, 1, face, True)
        left = tall - 2 * CARD_PADDING - 8 - size * 1.2
        kept = 2 * 19.2 if whole.note else 0.0
        label = cut(whole.label, inner, label_size, max(1, int((left - kept) / (label_size * 1.2))), face)
        left -= face.height(label, inner, label_size)
        note = cut(whole.note, inner, 16, max(1, int(left / 19.2)), face) if whole.note else ""
        held = KeyFigure(value, label, note)
        out.append(Card(Box(x, y, wide, tall), held, size, label_size))
        if held != whole:
            long.append(" – ".join(t for t in (whole.value, whole.label, whole.note) if t))
    return tuple(out), long


def _map(slide: MapSlide, deck: SlideDeck, template: Template) -> list[Leaf]:
    wide, tall = (int.from_bytes(slide.picture[at : at + 4], "big") for at in (16, 20))
    if not (0 < wide <= 20_000 and 0 < tall <= 20_000):
        raise SlideError("Une carte n’est pas un PNG lisible, ou elle a plus de 20 000 points de côté.", slide.title)  # fmt: skip
    ratio = wide / tall
    words = slide.message.strip() or slide.bullets
    beside = bool(words) and (ratio < _SQUARE or bool(slide.bullets))
    page = prose.page(slide, deck, template, with_message=not beside, note=clean(slide.note))
    room = page.room
    if not beside:
        return [
            replace(page.leaf, body=_picture(slide, room, ratio)),
            *prose.rest(page, slide, deck, template),
        ]
    # The column of words takes what the picture leaves, within reason.
    left = min(max(room.w - room.h * ratio - 24, room.w * 0.28), room.w * 0.45)
    left = left if ratio < _SQUARE else room.w * _BESIDE
    column = Box(room.x, room.y, left, room.h)
    paras = prose.paragraphs(clean(slide.message), slide.bullets)
    pages = prose.poured(paras, column, (20.0, 18.0), template.body_face)
    picture = _picture(slide, Box(room.x + left + 24, room.y, room.w - left - 24, room.h), ratio)
    made = [replace(page.leaf, words=Words(column, pages[0]), body=picture)]
    return [*made, *prose.on_from(pages[1:], slide, deck, template)]


def _picture(slide: MapSlide, room: Box, ratio: float) -> PictureBody:
    wide = min(room.w, room.h * ratio)
    tall = wide / ratio
    box = Box(room.x + (room.w - wide) / 2, room.y + (room.h - tall) / 2, wide, tall)
    return PictureBody(box, slide.picture, clean(slide.alt))
