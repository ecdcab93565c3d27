"""Charts: frame -> plotly Figure. No Streamlit here, no filtering, no computing."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ptce_data.places import KINDS
from ptce_ui.text import KIND_LABELS, number
from ptce_ui.theme import EDGE, TYPE_COLOURS

#: The page's own font, under the name it is served by.
_FONT: Final = "Source Sans, Source Sans Pro, sans-serif"
#: Patterns tell kinds apart without colour.
_PATTERNS: Final = {"pole": "", "tiers_lieu": "/", "cluster": "x"}


def _step(top: float) -> int:
    """A round distance between ticks, for some four of them."""
    return next((s for s in (1, 2, 5, 10, 20, 50, 100) if top / s <= 5), 200)


def finish(figure: go.Figure, height: int) -> go.Figure:
    """Give a chart the house's fonts, margins and French numbers; returns it."""
    figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 40, "b": 40},
        font={"family": _FONT, "size": 14},
        separators=", ",
        showlegend=False,
        dragmode=False,
    )
    for bars in figure.select_traces({"type": "bar"}):
        # Light fills on a light page: the edge of a bar is seen whatever its colour.
        if bars.marker.line.width is None:
            bars.marker.line = {"color": EDGE, "width": 1}
    return figure


def wrapped(name: str, width: int = 24) -> str:
    """A label for a row, over several lines so that a phone shows all of it, escaped for plotly.

    plotly reads some HTML in any text; beside long labels on one line it cuts their beginning.
    """
    return "<br>".join(html.escape(line) for line in textwrap.wrap(name, width)) or html.escape(name)


def rows_height(labels: Iterable[str], row: int = 34, line: int = 17) -> int:
    """Pixels that rows with these wrapped labels need: all rows of a chart are as high as the highest."""
    listed = list(labels)
    lines = max((label.count("<br>") + 1 for label in listed), default=1)
    return max(1, len(listed)) * max(row, line * lines)


#: Letters of a name above its row: what a phone shows on one line.
ABOVE: Final = 50


def names_above(figure: go.Figure, labels: Iterable[str], mark: int = 26) -> int:
    """Write the names of rows above their marks, `mark` pixels high, so that a phone keeps its width for them.

    `labels` are names as `wrapped(name, ABOVE)` gives them. Returns the pixels that all rows need.
    """
    listed = list(labels)
    words = 17 * max((label.count("<br>") + 1 for label in listed), default=1)
    row = words + mark + 14
    # The first name needs room above its row; rows are read from the top.
    above = words // 2
    rows = max(1, len(listed))
    figure.update_yaxes(
        ticklabelposition="inside",
        ticklabelshift=(mark + words) // 2 + 3,
        tickfont={"size": 13},
        showgrid=False,
        automargin=False,
        ticklabeloverflow="allow",
        autorange=False,
        range=[rows - 0.5, -0.5 - above / row],
    )
    figure.update_layout(bargap=1 - mark / row, margin={"l": 12})
    return row * rows + above


def small_multiples(
    frame: pd.DataFrame, types: Mapping[str, str], values: Mapping[str, str], unit: str
) -> go.Figure:
    """One panel per territory type (`types`: code -> label), one bar per value (`values`: code -> label).

    `frame` has territory_type, value, poles. All panels share one scale.
    """
    order = [v for v in values if v in set(frame["value"])]
    met = [t for t in types if t in set(frame["territory_type"])]
    if not met or not order:
        return finish(go.Figure(), 120)
    figure = make_subplots(
        rows=1, cols=len(met), shared_yaxes=True, shared_xaxes="all", subplot_titles=[types[t] for t in met]
    )
    for position, kind in enumerate(met, start=1):
        rows = frame[frame["territory_type"] == kind].set_index("value")["poles"].reindex(order).fillna(0)
        figure.add_bar(
            x=rows.to_numpy(),
            y=[values[v] for v in order],
            orientation="h",
            marker_color=TYPE_COLOURS[kind],
            text=[number(v) if v else "" for v in rows],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y} : %{x} " + unit + "<extra>" + types[kind] + "</extra>",
            row=1,
            col=position,
        )
    top = float(frame["poles"].max()) * 1.25
    figure.update_xaxes(range=[0, top], title_text=unit, dtick=_step(top), fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    figure.update_annotations(font_size=13)
    return finish(figure, 110 + 34 * len(order))


def density(frame: pd.DataFrame, types: Mapping[str, str], kinds: Sequence[str] = KINDS) -> go.Figure:
    """Objects per 100,000 inhabitants: one panel per kind, one bar per type; types without density left out.

    `frame` has territory_type, kind, objects, per_100k. Each panel has its own scale, said in its title.
    """
    known = frame[frame["per_100k"].notna()]
    figure = make_subplots(
        rows=1, cols=len(kinds), shared_yaxes=True, subplot_titles=[KIND_LABELS[k] for k in kinds]
    )
    for position, kind in enumerate(kinds, start=1):
        rows = (
            known[known["kind"] == kind]
            .set_index("territory_type")
            .reindex([t for t in types if t in set(known["territory_type"])])
        )
        figure.add_bar(
            x=rows["per_100k"],
            y=[types[t] for t in rows.index],
            orientation="h",
            marker_color=[TYPE_COLOURS[t] for t in rows.index],
            marker_pattern_shape=_PATTERNS[kind],
            text=[number(v, 2) for v in rows["per_100k"]],
            textposition="outside",
            cliponaxis=False,
            customdata=rows["objects"],
            hovertemplate="%{y} : %{x:.2f} pour 100 000 habitants (%{customdata} objets)<extra></extra>",
            row=1,
            col=position,
        )
        top = float(rows["per_100k"].max()) if len(rows) else 1.0
        figure.update_xaxes(range=[0, (top or 1.0) * 1.3], row=1, col=position)
    figure.update_xaxes(title_text="pour 100 000 habitants", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    return finish(figure, 330)
