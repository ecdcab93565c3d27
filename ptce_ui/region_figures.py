"""Charts that set regions side by side: frame -> plotly Figure. No Streamlit, no computing."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui.figures import finish, rows_height, wrapped
from ptce_ui.text import number
from ptce_ui.theme import EDGE

#: Up to ten areas, each with a colour and a shape of its own; never the colours of the territory types.
MARKS: Final = (
    ("#332288", "circle"), ("#CC6677", "square"), ("#117733", "triangle-up"), ("#882255", "diamond"),
    ("#0B7285", "triangle-down"), ("#5C4B00", "cross"), ("#661100", "x"), ("#6699CC", "hexagon"),
    ("#44AA99", "pentagon"), ("#7A5195", "star"),
)  # fmt: skip
_OTHERS: Final = "#9AA0A6"
_GLYPHS: Final = {
    "circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "triangle-down": "▼", "cross": "✚", "x": "✖",
    "hexagon": "⬢", "pentagon": "⬟", "star": "★",
}  # fmt: skip
_MEDIAN: Final = "#6B7280"
_FRANCE: Final = "#C2341F"


def dot_legend(names: Mapping[str, str], with_france: bool) -> list[tuple[str, str, str]]:
    """What each mark of `dots` means: glyph, colour and words, once for several charts."""
    made = [
        (_GLYPHS[symbol], colour, name) for (colour, symbol), name in zip(MARKS, names.values(), strict=False)
    ]
    made += [("◇", _FRANCE, "France")] if with_france else []
    return [*made, ("|", _MEDIAN, "médiane"), ("•", _OTHERS, "autres territoires du même niveau")]


def dots(
    rows: pd.DataFrame, others: pd.DataFrame, names: Mapping[str, str], unit: str, decimals: int
) -> go.Figure:
    """One row per indicator, all on one scale: chosen areas as marks, all others as pale dots.

    `rows` is `regional.compare` for indicators of one unit (columns indicator_id, label, national, median
    and one per code of `names`); `others` has indicator_id, code, value for every area of the level. A
    missing value is not drawn. The value for France is left out where it is a sum, which has no place
    on the scale of its parts: give it as missing.
    """
    labels = {i: wrapped(n, 26) for i, n in zip(rows["indicator_id"], rows["label"], strict=True)}
    order = list(labels.values())
    figure = go.Figure()
    pale = others[~others["code"].isin(list(names)) & others["value"].notna()]
    figure.add_scatter(
        x=pale["value"].tolist(), y=[labels[i] for i in pale["indicator_id"]], mode="markers", name="Autres",
        marker={"size": 7, "color": _OTHERS, "opacity": 0.45}, hoverinfo="skip",
    )  # fmt: skip
    for column, symbol, name, colour in (
        ("median", "line-ns-open", "Médiane", _MEDIAN),
        ("national", "diamond-tall-open", "France", _FRANCE),
    ):
        known = rows[rows[column].notna()]
        figure.add_scatter(
            x=known[column].tolist(), y=[labels[i] for i in known["indicator_id"]], mode="markers", name=name,
            marker={"size": 17, "symbol": symbol, "color": colour, "line": {"width": 2.5, "color": colour}},
            customdata=[number(v, decimals) for v in known[column]],
            hovertemplate=name + " : %{customdata} " + html.escape(unit) + "<extra></extra>",
        )  # fmt: skip
    for (code, name), (colour, symbol) in zip(names.items(), MARKS, strict=False):
        known = rows[rows[code].notna()]
        figure.add_scatter(
            x=known[code].tolist(), y=[labels[i] for i in known["indicator_id"]], mode="markers",
            name=html.escape(name),
            marker={"size": 13, "symbol": symbol, "color": colour, "line": {"width": 1, "color": "#FFFFFF"}},
            customdata=[number(v, decimals) for v in known[code]],
            hovertemplate=html.escape(name) + " : %{customdata} " + html.escape(unit) + "<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=html.escape(unit), rangemode="tozero", fixedrange=True, side="top")
    figure.update_yaxes(
        categoryorder="array", categoryarray=order, autorange="reversed", fixedrange=True, automargin=True
    )
    finish(figure, 75 + rows_height(order, 40))
    # One legend serves all charts of the screen (`dot_legend`); a picture taken away carries its own.
    figure.update_layout(margin={"t": 60, "b": 5}, meta={"has_legend": True})
    return figure


def merged(figure: go.Figure) -> go.Figure:
    """The dots of `dots` as two traces instead of one per area: a browser draws them in half the time.

    For the screen, whose legend is beside the chart; a picture keeps the traces and their names.
    """
    pale, *named = figure.data
    parts: dict[str, list[Any]] = {name: [] for name in ("x", "y", "customdata", "hovertemplate")}
    marks: dict[str, list[Any]] = {name: [] for name in ("size", "symbol", "color")}
    lines: dict[str, list[Any]] = {name: [] for name in ("width", "color")}
    for trace in named:
        count = len(trace.x)
        parts["x"] += list(trace.x)
        parts["y"] += list(trace.y)
        parts["customdata"] += list(trace.customdata)
        parts["hovertemplate"] += [trace.hovertemplate] * count
        for name, values in marks.items():
            values += [trace.marker[name]] * count
        for name, values in lines.items():
            values += [trace.marker.line[name]] * count
    made = go.Figure([pale], layout=figure.layout)
    return made.add_scatter(**parts, mode="markers", marker={**marks, "line": lines})


def reform(rows: pd.DataFrame, unit: str, decimals: int) -> go.Figure:
    """One indicator for a region of today and the former ones that make it up: one bar each.

    `rows` has name, value, is_new; unknown values have no bar and say so.
    """
    labels = [wrapped(n) for n in rows["name"]]
    figure = go.Figure()
    figure.add_bar(
        x=rows["value"].fillna(0).tolist(), y=labels, orientation="h",
        marker={"color": ["#332288" if new else "#6699CC" for new in rows["is_new"]]},
        text=[number(v, decimals) for v in rows["value"]], textposition="outside", cliponaxis=False,
        hovertemplate="%{y} : %{text} " + html.escape(unit) + "<extra></extra>",
    )  # fmt: skip
    top = rows["value"].max()
    figure.update_xaxes(
        title_text=html.escape(unit),
        range=[0, (top if pd.notna(top) and top > 0 else 1) * 1.25],
        fixedrange=True,
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    return finish(figure, 110 + rows_height(labels, 38))


def closeness(shares: pd.DataFrame, names: Sequence[str], styles: Mapping[str, tuple[str, str]]) -> go.Figure:
    """What makes areas differ: one bar per area, one piece per feature (its part of the squared distance).

    `shares` has one column per feature; `styles` gives each its label and colour.
    """
    figure = go.Figure()
    labels = [wrapped(n) for n in names]
    for feature, values in shares.items():
        label, colour = styles[str(feature)]
        figure.add_bar(
            x=values.tolist(), y=labels, orientation="h", name=html.escape(label),
            marker={"color": colour, "line": {"color": EDGE, "width": 1}},
            hovertemplate="%{y}<br>" + html.escape(label) + " : %{x:.2f}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title_text="distance au carré<br>(0 : identiques)", fixedrange=True, side="top")
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    finish(figure, 150 + rows_height(labels, 30, 19))
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.03, "yanchor": "top", "x": 0},
        margin={"t": 60, "b": 20},
    )
    return figure
