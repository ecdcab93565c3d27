"""Slides to present: a deck as data (`SlideDeck`), drawn as a PowerPoint file. No Streamlit, no page here."""

from ptce_ui.exports.document.model import KeyFigure, Source
from ptce_ui.exports.slides.model import (
    ChartSeries,
    ChartSlide,
    DataTable,
    FiguresSlide,
    MapSlide,
    NativeChart,
    SectionSlide,
    Slide,
    SlideDeck,
    SlideError,
    SourcesSlide,
    TableSlide,
    TemplateError,
    TextSlide,
    TitleSlide,
)
from ptce_ui.exports.slides.package import problems
from ptce_ui.exports.slides.pptx import to_pptx
from ptce_ui.exports.slides.template import default_template

__all__ = [
    "ChartSeries",
    "ChartSlide",
    "DataTable",
    "FiguresSlide",
    "KeyFigure",
    "MapSlide",
    "NativeChart",
    "SectionSlide",
    "Slide",
    "SlideDeck",
    "SlideError",
    "Source",
    "SourcesSlide",
    "TableSlide",
    "TemplateError",
    "TextSlide",
    "TitleSlide",
    "default_template",
    "problems",
    "to_pptx",
]
