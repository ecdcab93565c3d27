"""Charts of money: frame -> plotly Figure. Nothing is added, averaged or filled in here. No Streamlit."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui.figures import ABOVE, finish, names_above, rows_height, wrapped
from ptce_ui.text import UNKNOWN_TEXT, number
from ptce_ui.theme import EDGE, MARK, MISSING_STYLE, ORIGIN_STYLES, OWN

#: Under the bars: above them, a phone's wrapped legend would cover the first ones.
_BELOW: Final = {"orientation": "h", "y": -0.03, "yanchor": "top", "x": 0}


def mixes(parts: pd.DataFrame, order: Sequence[str], names: Mapping[str, str]) -> go.Figure:
    """One bar of 100 % per mix, one piece per origin of the money, the untold part hatched.

    `parts` is `funding.mixes.parts_frame`; `order` the mixes to draw, top first; `names` their labels. A
    share published as a range is drawn at its lower bound: the rest of the range is in the untold part.
    """
    cash = parts[~parts["is_volunteer"] & parts["mix_id"].isin(order)].copy()
    cash["drawn"] = cash["share_pct"].fillna(cash["share_min_pct"]).astype(float)
    known = cash[~cash["is_missing"]]
    figure = go.Figure()
    names = {mix: wrapped(name, ABOVE) for mix, name in names.items()}
    y = [names[m] for m in order]
    for origin, (colour, pattern) in ORIGIN_STYLES.items():
        rows = known[known["origin"] == origin]
        if rows.empty:
            continue
        share = rows.groupby("mix_id")["drawn"].sum()
        said = {mix: _said(some) for mix, some in rows.groupby("mix_id")}
        figure.add_bar(
            x=share.tolist(),
            y=[names[m] for m in share.index],
            name=origin,
            orientation="h",
            marker=_marker(colour, pattern),
            customdata=[said[m] for m in share.index],
            text=[f"{number(v)} %" if v >= 6 else "" for v in share],
            textposition="inside",
            insidetextanchor="middle",
            # Upright or not at all: a number turned or shrunk into a narrow piece is not read.
            textangle=0,
            hovertemplate="%{y}<br>" + origin + " : %{customdata}<extra></extra>",
        )
    told = known.groupby("mix_id")["drawn"].sum().reindex(order).fillna(0)
    untold = (100 - told).clip(lower=0)
    untold = untold[untold > 0.5]
    figure.add_bar(
        x=untold.tolist(),
        y=[names[m] for m in untold.index],
        name=UNKNOWN_TEXT.capitalize(),
        orientation="h",
        marker={
            "color": MISSING_STYLE[0],
            "pattern": {"shape": MISSING_STYLE[1], "fgcolor": "#9AA0A6", "bgcolor": "#FFFFFF", "size": 7},
            "line": {"color": EDGE, "width": 1},
        },
        hovertemplate="%{y}<br>Non renseigné : %{x:.0f} %<extra></extra>",
    )
    figure.update_yaxes(categoryorder="array", categoryarray=y)
    figure.update_layout(barmode="stack", legend=_BELOW, uniformtext={"minsize": 11, "mode": "hide"})
    figure.update_xaxes(range=[0, 100.5], title_text="% de la base de la ligne", fixedrange=True, side="top")
    figure.update_yaxes(autorange="reversed", fixedrange=True)
    finish(figure, 100)
    figure.update_layout(
        showlegend=True, margin={"t": 60, "b": 90, "r": 16}, height=190 + names_above(figure, y)
    )
    return figure


def _marker(colour: str, pattern: str) -> dict[str, object]:
    """A solid colour, with light signs over it where colour alone would not tell."""
    signs = {"shape": pattern, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.55)", "solidity": 0.2}
    return {"color": colour, "pattern": signs, "line": {"color": "#FFFFFF", "width": 1}}


def _said(rows: pd.DataFrame) -> str:
    words = []
    for row in rows.itertuples():
        if pd.notna(row.share_pct):
            words.append(f"{number(row.share_pct, 1)} %")
        elif pd.notna(row.share_min_pct):
            words.append(f"{number(row.share_min_pct)} à {number(row.share_max_pct)} %")
        else:
            words.append("part non renseignée")
    return " + ".join(words)


def over_time(frame: pd.DataFrame, unit: str) -> go.Figure:
    """One metric of the calls by year: the main value as a disc, other sources' values as open diamonds."""
    figure = go.Figure()
    for main, symbol, name in ((True, "circle", "Table des appels"), (False, "diamond-open", "Autre source")):
        rows = frame[frame["is_main"].fillna(False) == main]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["year"], y=rows["value"].astype(float), mode="markers", name=name,
            marker={"symbol": symbol, "size": 13, "color": MARK if main else OWN, "line": {"width": 2}},
            customdata=rows[["programme", "said_by"]].fillna("").map(html.escape),
            hovertemplate="%{customdata[0]}<br>%{y} " + unit + "<br>%{customdata[1]}<extra></extra>",
        )  # fmt: skip
    # Whole years, as many as fit upright.
    figure.update_xaxes(
        title_text="Année de l’annonce", nticks=9, tickformat="d", tickangle=0, fixedrange=True
    )
    figure.update_yaxes(title_text=unit, rangemode="tozero", fixedrange=True)
    finish(figure, 360)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.1})
    return figure


def sankey(nodes: pd.DataFrame, links: pd.DataFrame, unit: str) -> go.Figure:
    """Flows programme → region → pôle, in one unit."""
    index = {node: i for i, node in enumerate(nodes["node_id"])}
    colours = {"programme": MARK, "region": "#66738C", "pole": "#9D9979"}
    figure = go.Figure(
        go.Sankey(
            node={
                "label": [html.escape(label) for label in nodes["label"]],
                "color": [colours[s] for s in nodes["step"]],
                "pad": 12,
                "thickness": 14,
            },
            link={
                "source": [index[s] for s in links["source"]],
                "target": [index[t] for t in links["target"]],
                "value": links["value"].astype(float).tolist(),
                "color": "rgba(102,115,140,0.28)",
            },
            valuesuffix=f" {unit}",
            valueformat=",.0f",
        )
    )
    poles = int((nodes["step"] == "pole").sum())
    return finish(figure, max(420, 24 * poles))


def by_region(frame: pd.DataFrame, levels: Mapping[str, str]) -> go.Figure:
    """Documented awards by region, one piece per level of the funder; regions without any amount left out."""
    known = frame[(frame["funder_level"] != "tous") & frame["amount_eur"].notna()]
    known = known.assign(name=known["name"].map(wrapped))
    totals = known.groupby("name")["amount_eur"].sum().sort_values()
    styles = {
        "etat": "État",
        "region": "Région",
        "departement": "Département",
        "commune_epci": "Commune ou intercommunalité",
        "ue": "Union européenne",
    }
    figure = go.Figure()
    for level, label in levels.items():
        rows = known[known["funder_level"] == level].set_index("name")["amount_eur"].reindex(totals.index)
        if rows.notna().any():
            colour, pattern = ORIGIN_STYLES.get(styles.get(level, ""), ("#BBBBBB", "-"))
            figure.add_bar(
                x=rows.astype(float), y=totals.index, name=label, orientation="h", marker=_marker(colour, pattern), hovertemplate="%{y} : %{x:,.0f} € (" + label + ")<extra></extra>",
            )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title_text="€ courants, aides<br>nommées et documentées", fixedrange=True, side="top")
    figure.update_yaxes(fixedrange=True, automargin=True)
    finish(figure, 190 + rows_height(totals.index, 30))
    figure.update_layout(showlegend=True, legend=_BELOW, margin={"t": 70, "b": 90})
    return figure


def dots(frame: pd.DataFrame, title: str) -> go.Figure:
    """One row per mix: a dot for a value, a line between bounds; the reader's own stands out."""
    figure = go.Figure()
    frame = frame.assign(name=frame["name"].map(wrapped))
    for row in frame.itertuples():
        colour = OWN if row.is_own else MARK
        if pd.notna(row.value):
            figure.add_scatter(
                x=[row.value], y=[row.name], mode="markers", hovertemplate="%{y} : %{x}<extra></extra>",
                marker={"size": 14 if row.is_own else 10, "color": colour, "symbol": "star" if row.is_own else "circle"},
            )  # fmt: skip
        elif pd.notna(row.low) or pd.notna(row.high):
            low = row.low if pd.notna(row.low) else 0
            high = row.high if pd.notna(row.high) else low
            figure.add_scatter(
                x=[low, high], y=[row.name, row.name], mode="lines+markers", line={"color": colour, "width": 3},
                marker={"size": 8, "symbol": "line-ns-open", "color": colour}, hovertemplate="%{y} : %{x}<extra></extra>",
            )  # fmt: skip
    figure.update_xaxes(title_text=title, rangemode="tozero", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    return finish(figure, 120 + rows_height(frame["name"].drop_duplicates(), 26))


def imported(rows: pd.DataFrame) -> go.Figure:
    """Imported subsidies in cash: one bar per object and year, one piece per funder (`scdl.totals`)."""
    years = rows["year"].map(lambda y: "année inconnue" if pd.isna(y) else str(int(y)))
    rows = rows.assign(entity_name=rows["entity_name"] + ", " + years)
    summed = rows.groupby(["entity_name", "funder"], dropna=False)["amount_eur"].sum().reset_index()
    order = summed.groupby("entity_name")["amount_eur"].sum().sort_values(ascending=False).index.tolist()
    colours = [style[0] for style in ORIGIN_STYLES.values()]
    figure = go.Figure()
    for number_, (funder, some) in enumerate(summed.groupby("funder", dropna=False)):
        label = html.escape(str(funder))
        figure.add_bar(
            x=some["amount_eur"].astype(float).tolist(), y=[wrapped(n) for n in some["entity_name"]], name=label,
            orientation="h", marker={"color": colours[number_ % len(colours)], "line": {"color": EDGE, "width": 1}},
            hovertemplate="%{y} : %{x:,.0f} €<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", legend=_BELOW)
    figure.update_xaxes(title_text="€ importés", fixedrange=True, side="top")
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[wrapped(n) for n in order],
        autorange="reversed",
        automargin=True,
    )
    finish(figure, 180 + rows_height([wrapped(n) for n in order], 30))
    figure.update_layout(showlegend=True, margin={"t": 60, "b": 70})
    return figure
