"""Charts of a study's steps: frame -> plotly Figure. Nothing is computed here. No Streamlit."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui.figures import finish, rows_height, wrapped
from ptce_ui.text import euros
from ptce_ui.theme import MISSING_STYLE

#: One colour per score, of one hue: the number is written beside the bar.
_SCORED: Final = "#4C78A8"
_TRACK: Final = "#B4B8BF"
_RESOURCES: Final = ("#0B7285", "circle")
_USES: Final = ("#CC6677", "diamond")
TOP: Final = 4


def scores(rows: pd.DataFrame) -> go.Figure:
    """The nine objectives as bars from 0 to 4, grouped by general objective; what is not scored is hatched.

    `rows` is `study.assessment.scores`: label, general_label, score (missing when not scored), score_label.
    """
    labels = [wrapped(label, 26) for label in rows["label"]]
    order: list[str] = []
    for general, label in zip(rows["general_label"], labels, strict=True):
        head = f"<b>{wrapped(general, 26).replace('<br>', '</b><br><b>')}</b>"
        order += [label] if head in order else [head, label]
    known = rows["score"].notna().to_numpy()
    figure = go.Figure()
    for is_known, name in ((True, "Note"), (False, "Non noté")):
        some = rows[known == is_known]
        if some.empty:
            continue
        own = [label for label, here in zip(labels, known, strict=True) if here == is_known]
        # A score of 0 has no length: the mark at its end, and the words, show it.
        values = some["score"].astype(float).tolist() if is_known else [float(TOP)] * len(some)
        said = (
            [f"{int(s)} – {w}" for s, w in zip(some["score"], some["score_label"], strict=True)]
            if is_known
            else []
        )
        figure.add_bar(
            x=values, y=own, name=name, orientation="h", width=0.5,
            marker={"color": _SCORED} if is_known else {
                "color": MISSING_STYLE[0],
                "pattern": {"shape": MISSING_STYLE[1], "fgcolor": "#9AA0A6", "bgcolor": "#FFFFFF", "size": 7},
                "line": {"color": "#9AA0A6", "width": 1},
            },
            customdata=said or ["non noté"] * len(some),
            hovertemplate="%{y} : %{customdata}<extra></extra>",
        )  # fmt: skip
        if is_known:
            figure.add_scatter(
                x=values, y=own, mode="markers+text", text=[f"{v:.0f}" for v in values],
                textposition="middle right", marker={"size": 12, "color": _SCORED, "symbol": "circle"},
                cliponaxis=False, hoverinfo="skip", showlegend=False,
            )  # fmt: skip
    figure.update_xaxes(
        range=[-0.15, TOP + 0.5],
        tickvals=list(range(TOP + 1)),
        title_text="note de 0 à 4",
        fixedrange=True,
        side="top",
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=order, autorange="reversed", fixedrange=True, automargin=True
    )
    figure.update_layout(barmode="overlay")
    # The axis holds the three heads too, which have no bar.
    figure.update_yaxes(range=[len(order) - 0.5, -0.5], autorange=False)
    finish(figure, 130 + rows_height(order, 36))
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0},
        margin={"t": 60, "b": 40},
    )
    return figure


def plans(rows: pd.DataFrame) -> go.Figure:
    """Resources and uses in cash, one row per scenario and year: two marks, a line between them is the gap.

    `rows` is `study_tables.plan`.
    """
    labels = [f"{wrapped(s)}<br>{y}" for s, y in zip(rows["Scénario"], rows["Année"], strict=True)]
    resources, uses = rows["Ressources en argent (€)"].tolist(), rows["Emplois en argent (€)"].tolist()
    figure = go.Figure()
    gaps_x: list[float | None] = []
    gaps_y: list[str | None] = []
    for label, left, right in zip(labels, resources, uses, strict=True):
        gaps_x += [left, right, None]
        gaps_y += [label, label, None]
    figure.add_scatter(
        x=gaps_x,
        y=gaps_y,
        mode="lines",
        line={"color": _TRACK, "width": 6},
        name="Différence",
        hoverinfo="skip",
    )
    for name, values, (colour, symbol), size in (
        ("Ressources", resources, _RESOURCES, 15),
        ("Emplois", uses, _USES, 11),
    ):
        figure.add_scatter(
            x=values, y=labels, mode="markers", name=name, cliponaxis=False,
            marker={"size": size, "color": colour, "symbol": symbol, "line": {"width": 1, "color": "#FFFFFF"}},
            customdata=[euros(v) for v in values], hovertemplate="%{y}<br>" + name + " : %{customdata}<extra></extra>",
        )  # fmt: skip
    top = max([*resources, *uses, 1.0])
    figure.update_xaxes(
        title_text="€ en argent",
        range=[0, top * 1.06],
        nticks=4,
        tickformat=",.0f",
        fixedrange=True,
        side="top",
    )
    figure.update_yaxes(
        categoryorder="array", categoryarray=labels, autorange="reversed", fixedrange=True, automargin=True
    )
    finish(figure, 150 + rows_height(labels, 40))
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": -0.03, "yanchor": "top", "x": 0},
        margin={"t": 60, "b": 40},
    )
    return figure
