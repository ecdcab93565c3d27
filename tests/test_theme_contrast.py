"""Texts at 4.5 to 1 and shapes at 3 to 1, on the light and on the dark background."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ptce_ui import figures, theme
from ptce_ui.theme import DARK, LIGHT, contrast

ROOT = Path(__file__).resolve().parent.parent
THEMES = {"light": LIGHT, "dark": DARK}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STYLE = (ROOT / "static" / "style.css").read_text(encoding="utf-8")


def faded(ink: str, ground: str, share: float) -> str:
    pairs = ((int(ink[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(b + (a - b) * share):02x}" for a, b in pairs)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("name", THEMES)
def test_texts(name: str) -> None:
    own, drawn = CONFIG[name], THEMES[name]
    assert own["backgroundColor"] == drawn.background and own["textColor"] == drawn.ink
    for ground in (own["backgroundColor"], own["secondaryBackgroundColor"]):
        for words in ("textColor", "linkColor", "primaryColor"):
            assert contrast(own[words], ground) >= 4.5, (words, ground)
        share = float(re.findall(r"stCaptionContainer\"\] \{ opacity: ([\d.]+)", STYLE)[0])
        assert contrast(faded(own["textColor"], ground, share), ground) >= 4.5
    assert contrast(drawn.ink, drawn.area) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_letters_on_the_primary_colour(name: str) -> None:
    """What the style sheet writes on buttons and chosen values."""
    pair = re.findall(r"\[data-tag\] button \{ color: light-dark\((#\w+), (#\w+)\)", STYLE)[0]
    assert contrast(pair[name == "dark"], CONFIG[name]["primaryColor"]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_signs_on_the_map(name: str) -> None:
    drawn = THEMES[name]
    edges = theme.sign_edges(name == "dark")
    assert len(edges) == len(theme.TYPE_COLOURS)
    for colour, edge in zip(theme.TYPE_COLOURS.values(), edges, strict=True):
        for ground in (drawn.background, drawn.area):
            assert contrast(edge or colour, ground) >= theme.SHAPE_CONTRAST, (colour, ground)
    assert any(edges), "les teintes claires ont besoin d’un trait"


@pytest.mark.parametrize("name", THEMES)
def test_lines_around_bars_and_focus(name: str) -> None:
    drawn = THEMES[name]
    assert contrast(theme.EDGE, drawn.background) >= theme.SHAPE_CONTRAST
    ring = re.findall(r":focus-visible \{ outline: \dpx solid light-dark\((#\w+), (#\w+)\)", STYLE)
    assert ring
    for pair in ring:
        assert contrast(pair[name == "dark"], drawn.background) >= theme.SHAPE_CONTRAST


def test_every_bar_has_an_edge() -> None:
    import plotly.graph_objects as go

    made = figures.finish(go.Figure([go.Bar(x=[1]), go.Bar(x=[1], marker_line_width=3)]), 100)
    assert [b.marker.line.width for b in made.data] == [1, 3]
    assert made.data[0].marker.line.color == theme.EDGE


def test_kinds_and_origins_are_told_without_colour() -> None:
    """Kinds of objects differ by pattern; origins of money by colour and pattern together."""
    assert len(set(figures._PATTERNS.values())) == len(figures._PATTERNS) == 3
    assert len(set(theme.ORIGIN_STYLES.values())) == len(theme.ORIGIN_STYLES)
