"""A scene of a deck as what it shows: one visual, its words, its sources and the figures behind it.

    shown = content(dataset, scene, study=None)      # SceneContent
    figure = for_projector(shown.visual.figure, is_dark=False)
    deck = slides(dataset, deck, study, today=date)  # for ptce_ui.exports.slides.to_pptx

No Streamlit here: a page, a file and the command line show the same scenes.
"""

from __future__ import annotations

from ptce_ui.scenes.content import content
from ptce_ui.scenes.model import (
    ChartVisual,
    FiguresVisual,
    MapVisual,
    SceneContent,
    TableVisual,
    Visual,
)
from ptce_ui.scenes.projector import for_projector
from ptce_ui.scenes.slides import slides

__all__ = [
    "ChartVisual",
    "FiguresVisual",
    "MapVisual",
    "SceneContent",
    "TableVisual",
    "Visual",
    "content",
    "for_projector",
    "slides",
]
