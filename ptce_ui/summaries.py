"""One sentence on what a chart shows, for whoever does not see it. No Streamlit here.

The numbers themselves are in the table beside every chart; the sentence says what the eye catches first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

from ptce_ui.text import count, number

_TAG = re.compile(r"<[^>]*>")


def said(figure: go.Figure, title: str) -> str:
    """The accessible name of a chart: its title, then its summary."""
    meta = figure.layout.meta
    summary = meta["summary"] if isinstance(meta, dict) and "summary" in meta else sentence(figure)
    return f"{title.rstrip('. ')}. {summary}" if summary else title


def kept(figure: go.Figure) -> go.Figure:
    """The same figure, which carries its summary along: for a chart that is made once and shown often."""
    figure.update_layout(meta={**(figure.layout.meta or {}), "summary": sentence(figure)})
    return figure


def sentence(figure: go.Figure) -> str:
    """What the chart holds, its highest and lowest value where one axis is a quantity; empty for an empty chart.

    Bars, points, lines, matrices and flows are known; titles of axes and names come from the figure.
    """
    kinds = {trace.type for trace in figure.data}
    if "sankey" in kinds:
        return _flows(figure)
    if "heatmap" in kinds:
        return _matrix(figure)
    values = list(_values(figure))
    if not values:
        return ""
    word = ("barre", "barres") if "bar" in kinds else ("point", "points")
    what = count(len(values), *word)
    if len({v for v, _ in values}) == 1:
        return f"{what}."
    low, high = min(values, key=_first), max(values, key=_first)
    return (
        f"{what} ; valeur la plus haute : {_shown(high)} ; la plus basse : {_shown(low)}. "
        "Toutes les valeurs sont dans le tableau de la page."
    )


def _first(pair: tuple[float, str]) -> float:
    return pair[0]


def _shown(pair: tuple[float, str]) -> str:
    value, name = pair
    figure = number(value, 0 if float(value).is_integer() else 1)
    return f"{figure} ({name})" if name else figure


def _values(figure: go.Figure) -> Iterator[tuple[float, str]]:
    """(value, name) of each bar or point: the axis of numbers is the quantity, the other one names."""
    for trace in figure.data:
        if trace.type not in ("bar", "scatter") or trace.x is None or trace.y is None:
            continue
        across, up = list(trace.x), list(trace.y)
        is_flat = (
            trace.orientation == "h"
            if trace.type == "bar"
            else not all(map(_is_number, filter(_is_given, up)))
        )
        quantities, names = (across, up) if is_flat else (up, across)
        for quantity, name in zip(quantities, names, strict=False):
            if _is_number(quantity):
                yield float(quantity), _words(name, trace.name)


def _words(name: Any, series: Any) -> str:
    parts = [
        _plain(part) for part in (name, series) if _is_given(part) and not str(part).startswith("trace ")
    ]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _plain(part: Any) -> str:
    return html.unescape(_TAG.sub(" ", str(part))).strip()


def _is_given(value: Any) -> bool:
    # A missing number is not equal to itself.
    return value is not None and bool(value == value)


def _is_number(value: Any) -> bool:
    if isinstance(value, (str, bool)) or not _is_given(value):
        return False
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _matrix(figure: go.Figure) -> str:
    trace = next(t for t in figure.data if t.type == "heatmap")
    rows = [list(row) for row in (trace.z if trace.z is not None else [])]
    if not rows:
        return ""
    size = f"{count(len(rows), 'ligne', 'lignes')} et {count(len(rows[0]), 'colonne', 'colonnes')}"
    return f"Matrice de {size}. Toutes les cases sont dans le tableau de la page."


def _flows(figure: go.Figure) -> str:
    trace = next(t for t in figure.data if t.type == "sankey")
    links = [] if trace.link.value is None else list(trace.link.value)
    if not links:
        return ""
    top = max(range(len(links)), key=links.__getitem__)
    source, target = (_plain(trace.node.label[end[top]]) for end in (trace.link.source, trace.link.target))
    return (
        f"{count(len(links), 'flux', 'flux')} ; le plus gros va de {source} à {target} : {number(links[top])}. "
        "Tous les flux sont dans le tableau de la page."
    )
