"""A deck as slides: one per scene, a title before, the sources after."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ptce_data import query
from ptce_data.deck import Deck
from ptce_ui import text
from ptce_ui.exports import cartography
from ptce_ui.exports.document.model import KeyFigure, Source
from ptce_ui.exports.slides import (
    ChartSlide,
    DataTable,
    FiguresSlide,
    MapSlide,
    Slide,
    SlideDeck,
    TableSlide,
    TextSlide,
    TitleSlide,
)
from ptce_ui.scenes.content import content
from ptce_ui.scenes.model import ChartVisual, FiguresVisual, MapVisual, SceneContent, TableVisual

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: Sources cited at the foot of one slide and in the list; the others are counted in the notes.
CITED: Final = 8
#: The picture of a map: drawn smaller than its place on the slide, so that its letters grow with it.
MAP_MM, MAP_HEIGHT_MM, MAP_DPI = 203.0, 83.0, 220
_PANELS: Final = 1.25
Progress = Callable[[int, int, str], None]


def slides(
    dataset: Dataset,
    deck: Deck,
    study: Study | None = None,
    *,
    today: datetime.date,
    progress: Progress | None = None,
) -> SlideDeck:
    """The slides of a deck, for `ptce_ui.exports.slides.to_pptx`.

    `progress(step, steps, label)` is called before each scene. A map that cannot be drawn becomes a
    slide that says why.
    """
    made: list[Slide] = [TitleSlide()]
    cited: dict[str, None] = {}
    for at, scene in enumerate(deck.scenes):
        shown = content(dataset, scene, study)
        if progress is not None:
            progress(at + 1, len(deck.scenes), shown.title)
        made.append(_slide(dataset, shown))
        cited |= dict.fromkeys(shown.sources[:CITED])
    return SlideDeck(
        title=deck.title.strip() or "Diaporama sans titre",
        date=today,
        slides=tuple(made),
        sources=tuple(_sources(dataset, list(cited))),
        subtitle="Atlas de la coopération économique territoriale",
        organisation=deck.organisation,
        version_note=f"Version des données : {dataset.version_said}",
    )


def _sources(dataset: Dataset, ids: list[str]) -> list[Source]:
    rows = query.sources(dataset, ids)

    def known(value: Any) -> str | None:
        return value if isinstance(value, str) and value else None

    return [
        Source(
            str(r["id"]), known(r["publisher"]) or text.UNKNOWN_TEXT, known(r["url"]), known(r.get("title")),
            known(r["date_published"]), known(r["date_accessed"]), known(r["licence"]),
        )
        for _, r in rows.iterrows()
    ]  # fmt: skip


def _slide(dataset: Dataset, shown: SceneContent) -> Slide:
    more = len(shown.sources) - CITED
    left = f"Et {text.number(more)} autres sources, listées sur la page de l’atlas." if more > 0 else ""
    common: dict[str, Any] = {
        "title": shown.title,
        "message": shown.message,
        "notes": "\n\n".join(p for p in (shown.notes, *shown.problems, left) if p),
        "source_ids": shown.sources[:CITED],
    }
    visual = shown.visual
    if isinstance(visual, MapVisual):
        try:
            # The slide has title, sources and message: the map keeps its own subject, not its long words.
            spec = replace(visual.spec, title="", subtitle="", note="", sources="", dated="")
            # Small maps side by side need their places: their letters stay as they are.
            scale = _PANELS if spec.panels else 1.0
            picture = cartography.render(
                dataset, spec, "png", MAP_MM * scale, round(MAP_DPI / scale), MAP_HEIGHT_MM * scale
            )
        except cartography.CartographyError as error:
            return TextSlide(
                common["title"],
                common["message"],
                (error.sentence, shown.alt),
                common["notes"],
                common["source_ids"],
            )
        return MapSlide(picture=picture, alt=shown.alt or shown.title, note=shown.note, **common)
    if isinstance(visual, ChartVisual) and visual.native is not None:
        return ChartSlide(chart=visual.native, note=shown.note, **common)
    if isinstance(visual, FiguresVisual):
        # A card holds one sentence; the whole is said by the speaker.
        figures = tuple(
            KeyFigure(value, label, note.partition(". ")[0].rstrip(".") + "." if note else "")
            for label, value, note in visual.figures
        )
        said = [
            f"{value} {label}{text.NBSP}: {note}" for label, value, note in visual.figures if ". " in note
        ]
        common["notes"] = "\n\n".join(p for p in (common["notes"], *said) if p)
        return FiguresSlide(figures=figures, note=shown.note, **common)
    table = visual if isinstance(visual, TableVisual) else visual.table
    if table is None or not table.columns:
        return TextSlide(
            common["title"], common["message"], (shown.alt,), common["notes"], common["source_ids"]
        )
    data = DataTable(table.columns, table.rows, table.alignments)
    return TableSlide(table=data, alt=shown.alt, note=shown.note, **common)


__all__ = ["CITED", "Progress", "slides"]
