"""A chart of the screen made legible from the back of a room."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import plotly.graph_objects as go

from ptce_ui.theme import map_colours

#: Pixels of the room that a scene of 1920 × 1080 gives to its visual.
WIDTH, HEIGHT = 1680, 760
#: No letter is smaller, in pixels.
LEAST: Final = 24
_GROWTH: Final = 1.6
#: Letters on a line of the title of a panel.
_PANEL: Final = 16
_LEAST_MARK, _LEAST_LINE = 16.0, 3.0
_FONT: Final = "Source Sans Pro, sans-serif"


def for_projector(figure: go.Figure, is_dark: bool) -> go.Figure:
    """A copy of `figure` of 1680 × 760 px: letters of 24 px at least, larger marks, thicker lines.

    The ground is transparent, ink and grid are those of the light or dark display. The figure given
    stays as it is.
    """
    colours = map_colours(is_dark)
    grid = "#3A4150" if is_dark else "#D9DDE3"
    made = go.Figure(figure)
    font = {"size": LEAST, "family": _FONT, "color": colours.ink}
    made.update_layout(
        width=WIDTH, height=HEIGHT, autosize=False, font=font, title=None, dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 20, "r": 60, "t": 90, "b": 70},
        legend={"font": font, "itemsizing": "trace", "bgcolor": "rgba(0,0,0,0)"},
        transition={"duration": 0}, separators=", ",
    )  # fmt: skip
    if (made.layout.meta or {}).get("has_legend"):
        # On the screen one legend serves several charts; a scene has one chart, and its own.
        made.update_layout(showlegend=True, legend={"orientation": "h", "y": -0.06, "yanchor": "top", "x": 0})
    axis: dict[str, Any] = {
        "tickfont": font, "title_font": font, "gridcolor": grid, "zerolinecolor": grid, "linecolor": grid,
        "automargin": True, "title_standoff": 12,
    }  # fmt: skip
    made.update_xaxes(**axis)
    made.update_yaxes(**axis)
    made.update_annotations(font=font)
    for note in made.layout.annotations:
        # Titles of panels side by side would run into each other.
        note.text = (
            note.text if "<" in (note.text or "") else "<br>".join(textwrap.wrap(note.text or "", _PANEL))
        )
    for trace in made.data:
        _enlarge(trace, font)
    return made


def _enlarge(trace: Any, font: dict[str, Any]) -> None:
    if trace.type in ("bar", "scatter", "heatmap"):
        own = trace.textfont.color if trace.type == "heatmap" else None
        # Words inside a bar keep the contrast that plotly chooses for them.
        plain = {k: v for k, v in font.items() if k != "color"}
        trace.textfont = plain if trace.type == "bar" and trace.textposition == "inside" else {**font, **({"color": own} if own else {})}  # fmt: skip
    if trace.type == "scatter":
        trace.cliponaxis = False
        size = trace.marker.size
        if size is None or isinstance(size, (int, float)):
            # Pale dots in the background stay behind.
            pale = trace.marker.opacity is not None and trace.marker.opacity < 0.6
            trace.marker.size = max((size or 8) * _GROWTH, 12.0 if pale else _LEAST_MARK)
        if trace.line is not None and trace.mode and "lines" in trace.mode:
            trace.line.width = max((trace.line.width or 2) * _GROWTH, _LEAST_LINE)
