"""Charts for office programmes, and the same drawn for the screen where no page has the figure."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.figures import finish, rows_height, wrapped
from ptce_ui.text import UNKNOWN_TEXT, number

_BELOW: Final = {"orientation": "h", "y": -0.04, "yanchor": "top", "x": 0}
_PLAIN: Final = "#2B4A7F"
#: From here on, plotly would write thousands as "k".
_THOUSANDS: Final = 1000


def known(values: Iterable[Any]) -> tuple[float | None, ...]:
    """Values of a chart: numbers, None where unknown or without sense (a ratio to nobody)."""
    return tuple(None if v is None or pd.isna(v) or not math.isfinite(v) else float(v) for v in values)


def told_apart(names: Iterable[object]) -> tuple[str, ...]:
    """Names of categories, equal ones numbered: an office chart would merge them."""
    seen: dict[str, int] = {}
    made = []
    for name in map(str, names):
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(made)


def series(
    columns: Mapping[str, Iterable[Any]], styles: Mapping[str, tuple[str, str]] | None = None
) -> tuple[ChartSeries, ...]:
    """One series per column; `styles` gives a colour and a pattern by name."""
    made = []
    for name, values in columns.items():
        colour, pattern = (styles or {}).get(name, (None, ""))
        made.append(ChartSeries(name, known(values), colour, pattern))
    return tuple(made)


def bars(
    chart: NativeChart, decimals: int = 0, top: float | None = None, unknown: str = UNKNOWN_TEXT
) -> go.Figure:
    """A horizontal native chart drawn for the screen: bars side by side or stacked, unknown values said so."""
    labels = [wrapped(c, 30) for c in chart.categories]
    stacked = chart.kind in ("stacked", "stacked_100")
    figure = go.Figure()
    for at, one in enumerate(chart.series):
        colour = one.colour or _PLAIN
        marks: Any = list(chart.category_colours) if chart.category_colours else colour
        shape: dict[str, Any] = {"color": marks, "line": {"color": "#FFFFFF", "width": 1}}
        if one.pattern:
            light = str(colour).upper() == "#FFFFFF"
            shape["pattern"] = {"shape": one.pattern, "fillmode": "overlay", "fgcolor": "#6B7280" if light else "rgba(255,255,255,0.6)", "solidity": 0.25}  # fmt: skip
            shape["line"] = {"color": "#9AA0A6" if light else "#FFFFFF", "width": 1}
        figure.add_bar(
            x=[None if v is None else v for v in one.values] if stacked else [v or 0 for v in one.values],
            y=labels, orientation="h", name=html.escape(one.name), marker=shape, offsetgroup=None if stacked else str(at),
            text=[("" if stacked else unknown) if v is None else "" if stacked and not v else number(v, decimals) for v in one.values],
            textposition="inside" if stacked else "outside", insidetextanchor="middle", cliponaxis=False, textangle=0,
            hovertemplate="%{y} : %{text}<extra>" + html.escape(one.name) + "</extra>",
        )  # fmt: skip
    highest = max((v for s in chart.series for v in s.values if v is not None), default=1.0) or 1.0
    if not stacked:
        figure.update_xaxes(range=[0, top or highest * 1.18])
    if highest >= _THOUSANDS:
        figure.update_xaxes(tickformat=",.0f")
    figure.update_layout(barmode="stack" if stacked else "group", legend=_BELOW)
    figure.update_xaxes(
        title_text=html.escape(chart.axis_title), fixedrange=True, side="top", rangemode="tozero"
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=labels, autorange="reversed", fixedrange=True, automargin=True
    )
    finish(figure, 130 + rows_height(labels, 34))
    figure.update_layout(showlegend=len(chart.series) > 1, margin={"t": 60, "b": 60})
    return figure
