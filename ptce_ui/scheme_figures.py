"""Charts of support schemes: frame -> plotly Figure. No Streamlit, no computing."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui.figures import ABOVE, finish, names_above, wrapped
from ptce_ui.theme import SEQUENTIAL

_FIRST_YEAR: Final = 1990
#: How the end of a period is known -> label, colour, mark at the end.
_ENDS: Final = {
    "known": ("période connue", "#4F63D2", "circle"),
    "open": ("ouvert à la date de la source, fin non connue", "#117733", "triangle-right"),
    "unknown": ("fin non connue", "#9A6B00", "triangle-right-open"),
}


def matrix(counted: pd.DataFrame) -> go.Figure:
    """Areas × categories: the number of documented schemes; an empty cell says that nothing is documented.

    `counted` is `schemes.matrix` (columns name, category_label, schemes).
    """
    areas = list(dict.fromkeys(counted["name"]))
    heads = list(dict.fromkeys(counted["category_label"]))
    wide = counted.pivot(index="name", columns="category_label", values="schemes").reindex(areas)[heads]
    figure = go.Figure(
        go.Heatmap(
            z=[[None if v == 0 else int(v) for v in line] for line in wide.to_numpy()],
            x=[wrapped(h, 18) for h in heads],
            y=[html.escape(a) for a in areas],
            text=[["–" if v == 0 else str(int(v)) for v in line] for line in wide.to_numpy()],
            texttemplate="%{text}",
            # Text stays legible on every cell: the scale stops before its dark end.
            colorscale=[[0.0, SEQUENTIAL[0]], [1.0, SEQUENTIAL[2]]],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertemplate="%{y}, %{x} : %{z} dispositif(s)<extra></extra>",
            textfont={"color": "#1F2430", "size": 14},
        )
    )
    # Under a missing value nothing is drawn: the dash that says so is written over the page itself.
    for line, area in enumerate(areas):
        for column, head in enumerate(heads):
            if wide.iat[line, column] == 0:
                figure.add_annotation(
                    x=wrapped(head, 18), y=html.escape(area), text="–", showarrow=False, font={"size": 14}
                )
    figure.update_xaxes(side="top", fixedrange=True, tickangle=0)
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    return finish(figure, 110 + 30 * len(areas))


def timeline(rows: pd.DataFrame, labels: Mapping[str, str]) -> go.Figure:
    """Periods on one axis of years, oldest first; an arrow where the end is open or not known.

    `rows` is `schemes.timeline`; `labels` gives each family of labels its name.
    """
    names: list[str] = []
    for row in rows.itertuples():
        name = wrapped(str(row.name), ABOVE)
        names.append(name if name not in names else f"{name} ({row.start_year})")
    rows = rows.assign(drawn=names)
    figure = go.Figure()
    for state, (label, colour, symbol) in _ENDS.items():
        some = rows[[_end(row) == state for row in rows.itertuples()]]
        if some.empty:
            continue
        x: list[int | None] = []
        y: list[str | None] = []
        for row in some.itertuples():
            end = int(row.start_year if pd.isna(row.end_year) else row.end_year)
            x += [int(row.start_year), end, None]
            y += [row.drawn, row.drawn, None]
        figure.add_scatter(
            x=x, y=y, mode="lines+markers", name=label, line={"color": colour, "width": 6},
            marker={"symbol": symbol, "size": 12, "color": colour},
            hovertemplate="%{y}<br>%{x}<extra>" + html.escape(label) + "</extra>",
        )  # fmt: skip
    first = int(rows["start_year"].min()) if len(rows) else _FIRST_YEAR
    years = pd.concat([rows["start_year"], rows["end_year"]]).dropna().astype(int)
    figure.update_xaxes(
        title_text="année",
        range=[min(first, _FIRST_YEAR) - 1, max(years, default=_FIRST_YEAR + 10) + 1],
        dtick=5,
        tickangle=0,
        fixedrange=True,
        side="top",
    )
    figure.update_yaxes(categoryorder="array", categoryarray=names, autorange="reversed", fixedrange=True)
    finish(figure, 100)
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.01, "yanchor": "top", "x": 0},
        margin={"t": 60, "b": 20},
        height=130 + names_above(figure, names, 14),
    )
    return figure


def _end(row: object) -> str:
    if getattr(row, "end_known", False):
        return "known"
    return "open" if getattr(row, "status", "") == "open" else "unknown"
