"""A chart as SVG, PNG or PDF, drawn on the server without a browser, with its title and sources.

Plotly's own static export needs a Chrome and seconds per picture; here the traces that `figures` and
`funding_figures` make (bars, points, flows) are drawn again by matplotlib, from the same numbers.
"""

from __future__ import annotations

import html
import io
import textwrap
from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Transform, blended_transform_factory

from ptce_ui.text import THIN

Format = Literal["svg", "png", "pdf"]

_WIDTH: Final = 11.0  # inches
_DPI: Final = 300
_MM: Final = 25.4
_INK: Final = "#1F2430"
_LONG: Final = 88
_HATCHES: Final = {"/": "////", "\\": "\\\\\\\\", "x": "xxx", "-": "---", ".": "...", "": None, None: None}
_MARKERS: Final = {
    "circle": "o", "diamond-open": "D", "star": "*", "line-ns-open": "|", "diamond-tall-open": "d", "square": "s",
    "diamond": "D", "triangle-up": "^", "triangle-down": "v", "cross": "P", "x": "X", "hexagon": "h", "pentagon": "p",
    "triangle-right": ">", "triangle-right-open": ">",
}  # fmt: skip


def render(chart: go.Figure, kind: Format, title: str, foot: str, width_mm: float = 170) -> bytes:
    """Draw `chart` under `title`, with `foot` (sources, perimeter) below; any text is drawn as text.

    A PNG is `width_mm` wide at 300 dpi; SVG and PDF are drawings, which any program scales.
    """
    traces = list(chart.data)
    names = sorted(
        {getattr(t, "xaxis", None) or "x" for t in traces if t.type != "sankey"},
        key=lambda n: int(n[1:] or 1),
    ) or ["x"]
    has_legend = chart.layout.showlegend or bool((chart.layout.meta or {}).get("has_legend"))
    labelled = [t for t in traces if has_legend and t.type != "sankey"]
    # Title, charts, legend and sources each have a row of their own; heights in inches (a screen has some 90 px).
    rows = [0.4, max(2.2, (chart.layout.height or 400) / 90), 0.26 * -(-len(labelled) // 4) + 0.1, 0.5]
    figure = Figure(figsize=(_WIDTH, sum(rows)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(4, len(names), height_ratios=rows)
    _words(figure.add_subplot(grid[0, :]), _plain(title, 105), 13, _INK)
    _words(figure.add_subplot(grid[3, :]), _escape("\n".join(textwrap.wrap(foot, 175))), 7.5, "#565D6B")
    first = figure.add_subplot(grid[1, 0])
    axes = [first, *(figure.add_subplot(grid[1, i], sharey=first) for i in range(1, len(names)))]
    titles = [a.text for a in chart.layout.annotations]
    for position, (name, ax) in enumerate(zip(names, axes, strict=True)):
        own = [t for t in traces if (getattr(t, "xaxis", None) or "x") == name]
        if traces and traces[0].type == "sankey":
            _flows(ax, traces[0])
            continue
        _draw(ax, own, chart)
        ax.set_xlabel(_plain(chart.layout["xaxis" + name[1:]].title.text or "", 80), fontsize=9)
        ax.set_ylabel(_plain(chart.layout.yaxis.title.text or "", 60), fontsize=9)
        ax.tick_params(labelleft=position == 0)
        if position < len(titles):
            ax.set_title(_plain(titles[position], 34), fontsize=10)
    limits = chart.layout.yaxis.range
    if chart.layout.yaxis.autorange == "reversed" or (limits and limits[0] > limits[1]):
        first.invert_yaxis()
    legend = figure.add_subplot(grid[2, :])
    legend.axis("off")
    if labelled:
        shown = legend.legend(
            *first.get_legend_handles_labels(), loc="center left", ncols=4, fontsize=8, frameon=False,
            bbox_to_anchor=(0.01, 0.5), bbox_transform=_page(legend),
        )  # fmt: skip
        shown.set_in_layout(False)
    out = io.BytesIO()
    pixels = width_mm / _MM * _DPI
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None, "Title": title}}.get(kind)
    options: dict[str, Any] = {"pil_kwargs": {"dpi": (_DPI, _DPI)}} if kind == "png" else {}
    figure.savefig(out, format=kind, dpi=pixels / _WIDTH, metadata=metadata, **options)
    return out.getvalue()


def _words(ax: Axes, text: str, size: float, colour: str) -> None:
    ax.axis("off")
    said = ax.text(0.012, 1, text, fontsize=size, color=colour, va="top", ha="left", transform=_page(ax))
    said.set_in_layout(False)


def _page(ax: Axes) -> Transform:
    """Across: the whole page, whatever room the labels of the chart take; upwards: the row of `ax`."""
    return blended_transform_factory(ax.figure.transFigure, ax.transAxes)


def _escape(text: str) -> str:
    """matplotlib reads formulas between dollars: there are none here."""
    return html.unescape(text).replace("$", r"\$")


def _plain(text: str, longest: int = _LONG) -> str:
    shown = " ".join(html.unescape(str(text).replace("<br>", " ")).split())
    return _escape(shown if len(shown) <= longest else shown[: longest - 1] + "…")


def _draw(ax: Axes, traces: Sequence[Any], chart: go.Figure) -> None:
    bars = [t for t in traces if t.type == "bar"]
    if traces and traces[0].type == "heatmap":
        _cells(ax, traces[0])
        return
    if bars:
        _bars(ax, bars, chart)
    else:
        _points(ax, traces, chart)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=8, colors=_INK)
    ax.grid(axis="x", color="#E3E6EA", linewidth=0.6)
    ax.set_axisbelow(True)


def _bars(ax: Axes, bars: Sequence[Any], chart: go.Figure) -> None:
    order = list(chart.layout.yaxis.categoryarray or dict.fromkeys(y for t in bars for y in t.y))
    row = {name: i for i, name in enumerate(order)}
    left = np.zeros(len(order))
    stacked = chart.layout.barmode == "stack"
    for trace in bars:
        at = np.array([row[y] for y in trace.y], dtype=int)
        values = np.array([0.0 if v is None else float(v) for v in trace.x])
        values = np.nan_to_num(values)
        start = left[at] if stacked else np.zeros(len(at))
        pattern = trace.marker.pattern.shape if trace.marker.pattern else None
        ax.barh(
            at, values, left=start, height=0.72, color=trace.marker.color, hatch=_HATCHES.get(pattern),
            edgecolor="#FFFFFF" if trace.marker.color != "#FFFFFF" else "#9AA0A6", linewidth=0.6,
            label=_plain(trace.name or "", 40),
        )  # fmt: skip
        for position, value, begin, said in zip(at, values, start, trace.text or [""] * len(at), strict=True):
            if said:
                inside = trace.textposition == "inside"
                x = begin + value / 2 if inside else begin + value
                ax.text(
                    x, position, (" " if not inside else "") + _plain(said), va="center", fontsize=7.5,
                    ha="center" if inside else "left", color="#FFFFFF" if inside and _is_dark(trace.marker.color) else _INK,
                )  # fmt: skip
        left[at] = start + values
    ax.set_yticks(range(len(order)), [_plain(name) for name in order])
    limits = chart.layout[("xaxis" + (bars[0].xaxis or "x")[1:])].range
    if limits:
        ax.set_xlim(*limits)
    ax.xaxis.set_major_formatter(_french)


def _french(value: float, _: object = None) -> str:
    return f"{value:,.10g}".replace(",", THIN).replace(".", ",")


def _is_dark(colour: Any) -> bool:
    if not isinstance(colour, str) or not colour.startswith("#"):
        return False
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _points(ax: Axes, traces: Sequence[Any], chart: go.Figure) -> None:
    words = [
        *(chart.layout.yaxis.categoryarray or ()),
        *(y for t in traces for y in t.y if isinstance(y, str)),
    ]
    row = {name: i for i, name in enumerate(dict.fromkeys(words))}
    for trace in traces:
        y = [row.get(v, v) for v in trace.y]
        symbol = trace.marker.symbol or "circle"
        hollow = str(symbol).endswith("open")
        colour = trace.marker.color or "#0B5C8C"
        ax.plot(
            list(trace.x), y, linestyle="-" if trace.mode and "lines" in trace.mode else "none", color=colour,
            marker=_MARKERS.get(symbol, "o"), markersize=(trace.marker.size or 13) * 0.7, linewidth=trace.line.width or 2,
            markerfacecolor="none" if hollow else colour, alpha=trace.marker.opacity, label=_plain(trace.name or "", 40) or None,
        )  # fmt: skip
    if row:
        ax.set_yticks(range(len(row)), [_plain(name) for name in row])
        return
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(_french)
    ax.set_ylim(bottom=0)


def _cells(ax: Axes, trace: Any) -> None:
    """A table of coloured cells, its words in them."""
    values = np.array([[np.nan if v is None else float(v) for v in line] for line in trace.z])
    colours = LinearSegmentedColormap.from_list("cells", [(at, colour) for at, colour in trace.colorscale])
    ax.imshow(np.ma.masked_invalid(values), cmap=colours, aspect="auto")
    for (line, column), _ in np.ndenumerate(values):
        ax.text(
            column, line, _plain(trace.text[line][column]), ha="center", va="center", fontsize=8, color=_INK
        )
    ax.set_xticks(range(len(trace.x)), ["\n".join(map(_plain, str(x).split("<br>"))) for x in trace.x])
    ax.set_yticks(range(len(trace.y)), [_plain(y) for y in trace.y])
    ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)
    ax.tick_params(labelsize=8, colors=_INK, length=0)
    ax.set_xticks(np.arange(len(trace.x) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(trace.y) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="#FFFFFF", linewidth=2)
    ax.tick_params(which="minor", length=0)


def _flows(ax: Axes, trace: Any) -> None:
    """Flows between columns of nodes; a node is as high as what goes through it."""
    links = list(zip(trace.link.source, trace.link.target, trace.link.value, strict=True))
    count = len(trace.node.label)
    depth = [0] * count
    for source, target, _ in links:
        depth[target] = max(depth[target], depth[source] + 1)
    size = [
        max(sum(v for s, _, v in links if s == n), sum(v for _, t, v in links if t == n))
        for n in range(count)
    ]
    total = max(sum(size[n] for n in range(count) if depth[n] == d) for d in set(depth))
    bottom = [0.0] * count
    for column in set(depth):
        nodes = [n for n in range(count) if depth[n] == column]
        gap = 0.25 * total / max(1, len(nodes))
        y = 0.0
        for node in nodes:
            bottom[node] = y
            y += size[node] + gap
    used = {"out": list(bottom), "in": list(bottom)}
    for source, target, value in links:
        x0, x1 = depth[source] + 0.03, float(depth[target])
        y0, y1 = used["out"][source], used["in"][target]
        used["out"][source] += value
        used["in"][target] += value
        half = (x0 + x1) / 2
        points = [(x0, y0), (half, y0), (half, y1), (x1, y1), (x1, y1 + value), (half, y1 + value), (half, y0 + value), (x0, y0 + value), (x0, y0)]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        ax.add_patch(PathPatch(Path(points, codes), facecolor="#66738C", alpha=0.28, linewidth=0))
    for node in range(count):
        x, last = float(depth[node]), depth[node] == max(depth)
        ax.add_patch(Rectangle((x, bottom[node]), 0.03, size[node], facecolor=trace.node.color[node]))
        ax.text(
            x + (0.05 if not last else -0.02), bottom[node] + size[node] / 2, _plain(trace.node.label[node], 46),
            va="center", ha="left" if not last else "right", fontsize=7, color=_INK,
        )  # fmt: skip
    ax.set_xlim(-0.02, max(depth) + 0.06)
    ax.autoscale(axis="y")
    # Read from the top, as on the screen.
    ax.invert_yaxis()
    ax.axis("off")
