"""A sheet measured in millimetres from its top left corner, on which everything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.patheffects import withStroke

from ptce_ui.exports.cartography.marks import Fill, Line
from ptce_ui.exports.cartography.palette import Palette
from ptce_ui.exports.cartography.spec import Point
from ptce_ui.exports.cartography.words import FAMILY, MM_PER_POINT
from ptce_ui.exports.cartography.zones import Window

#: x, y (of the top), width, height in mm.
Box = tuple[float, float, float, float]
#: Diameters in mm at scale 1.
SIZES = {"pole": 2.7, "cluster": 2.0, "tiers_lieu": 1.5}
_DOTTED = (0, (0.9, 0.9))


class Paper:
    """A matplotlib figure of `width` x `height` mm; no pyplot, no global state.

    `k` scales every text, gap and sign with the width of the sheet.
    """

    def __init__(self, width: float, height: float, k: float, palette: Palette) -> None:
        self.width, self.height, self.k, self.palette = width, height, k, palette
        self.figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=72, facecolor=palette.paper)
        FigureCanvasAgg(self.figure)
        self.top = self._axes((0, 0, width, height), (0, height, width, 0))
        self.top.set_zorder(10)
        self.top.patch.set_visible(False)

    def _axes(self, box: Box, window: Window) -> Axes:
        x, y, width, height = box
        placed = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(placed)
        axes.set_xlim(window[0], window[2])
        axes.set_ylim(window[1], window[3])
        axes.set_axis_off()
        return axes

    def map(self, box: Box, window: Window) -> Axes:
        """Axes in metres over a box of the sheet; what leaves the box is cut."""
        axes = self._axes(box, window)
        axes.add_artist(
            Rectangle(
                (window[0], window[1]), window[2] - window[0], window[3] - window[1], facecolor=self.palette.paper,
                linewidth=0,
            )
        )  # fmt: skip
        return axes

    def text(
        self, x: float, y: float, words: str, size: float, *, colour: str = "", weight: str = "normal",
        ha: str = "left", va: str = "baseline", style: str = "normal", halo: bool = False, chip: bool = False,
    ) -> None:  # fmt: skip
        """One line of text, drawn as it is: dollars, backslashes and underscores mean nothing."""
        box = {"facecolor": self.palette.paper, "edgecolor": "none", "pad": 0.8} if chip else None
        effects = [withStroke(linewidth=1.6, foreground=self.palette.paper)] if halo else None
        self.top.text(
            x, y, words, fontsize=size, family=FAMILY, color=colour or self.palette.ink, weight=weight, ha=ha, va=va,
            style=style, parse_math=False, path_effects=effects, bbox=box,
        )  # fmt: skip

    def frame(self, box: Box, width: float = 0.5, colour: str = "", fill: str = "none") -> None:
        """The outline of a box."""
        x, y, across, down = box
        self.top.add_artist(
            Rectangle(
                (x, y), across, down, facecolor=fill, edgecolor=colour or self.palette.border, linewidth=width
            )
        )

    def stroke(self, xs: Sequence[float], ys: Sequence[float], width: float, colour: str = "", dash: tuple[float, ...] = ()) -> None:  # fmt: skip
        """A line through points of the sheet."""
        style = (0, dash) if dash else "-"
        self.top.plot(
            xs, ys, color=colour or self.palette.ink, linewidth=width, linestyle=style, solid_capstyle="butt"
        )

    def polygon(self, xs: Sequence[float], ys: Sequence[float], fill: str, width: float = 0.4) -> None:
        """A closed shape of the sheet, edged with ink."""
        self.top.fill(xs, ys, facecolor=fill, edgecolor=self.palette.ink, linewidth=width)


def hatch(pattern: str, k: float) -> str | None:
    """A hatch closer on small sheets, whose areas are small too."""
    return (pattern + pattern[:2] if k < 0.9 else pattern) or None


def add_fill(axes: Axes, fill: Fill, k: float) -> None:
    """A filled area; a hairline of its own colour closes the seams that antialiasing leaves."""
    patch = PathPatch(
        fill.path, facecolor=fill.colour, edgecolor=fill.colour, linewidth=0.2, hatch=hatch(fill.hatch, k),
        hatchcolor=fill.hatch_colour,
    )  # fmt: skip
    patch.set_hatch_linewidth(0.45)
    axes.add_artist(patch)
    if fill.clip is not None:
        patch.set_clip_path(fill.clip, axes.transData)


def add_line(axes: Axes, line: Line, k: float) -> None:
    """A line of the map."""
    style = (0, tuple(d / line.width for d in line.dash)) if line.dash else "-"
    axes.add_artist(
        PathPatch(line.path, fill=False, edgecolor=line.colour, linewidth=line.width * min(k, 1.4), linestyle=style, joinstyle="round")
    )  # fmt: skip


def add_signs(
    axes: Axes,
    xy: np.ndarray,
    points: Sequence[Point],
    colours: Sequence[str],
    scale: float,
    palette: Palette,
) -> None:
    """Signs in the order given; all of one look go in one collection."""
    looks: dict[tuple[str, bool, bool, bool], list[int]] = {}
    for at, point in enumerate(points):
        looks.setdefault((point.kind, point.is_planned, point.is_approximate, point.is_own), []).append(at)
    order = ("tiers_lieu", "", "cluster", "pole")
    for look in sorted(looks, key=lambda v: (order.index(v[0]) if v[0] in order else 1, v)):
        chosen = looks[look]
        _look(axes, xy[chosen], look, [colours[i] for i in chosen], scale, palette)


def _look(
    axes: Axes,
    xy: np.ndarray,
    look: tuple[str, bool, bool, bool],
    colours: list[str],
    scale: float,
    palette: Palette,
) -> None:
    kind, planned, approximate, own = look
    across = SIZES.get(kind, SIZES["tiers_lieu"]) * scale
    marker = "D" if kind == "cluster" else "o"
    across *= 0.75 if marker == "D" else 1.0
    edge = max(0.5, 0.75 * scale)
    x, y = xy[:, 0], xy[:, 1]

    def put(size: float, face: Any, line: Any, width: float, style: Any = "-") -> None:
        area = (size / MM_PER_POINT) ** 2
        axes.scatter(
            x, y, s=area, marker=marker, c=face, edgecolors=line, linewidths=width, linestyles=[style]
        )

    if own:
        put(across + 1.1 * scale, palette.ink, "none", 0)
        put(across + 0.45 * scale, palette.paper, "none", 0)
    if kind == "pole":
        put(across, palette.paper, colours, edge, _DOTTED if approximate else "-")
        if planned:
            put(across * 0.5, palette.paper, colours, edge * 0.8)
        elif not approximate:
            put(across * 0.58, colours, "none", 0)
    elif planned or approximate:
        put(across, palette.paper, colours, edge, _DOTTED if approximate else "-")
    else:
        put(across, colours, palette.paper, 0.35)
