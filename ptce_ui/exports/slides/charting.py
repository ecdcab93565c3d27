"""A chart before it is drawn: how many categories hold on a slide, what is unknown, which values are written."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ptce_ui.exports.slides.leaves import ChartBody
from ptce_ui.exports.slides.measure import Face, one_line
from ptce_ui.exports.slides.model import NativeChart
from ptce_ui.exports.slides.theirs import Box
from ptce_ui.text import NBSP, join, number

HORIZONTAL: Final = ("bar", "stacked", "stacked_100")
STACKED: Final = ("stacked", "stacked_100")
LEAST_SIZE: Final = 14.0
LEGEND_SIZE: Final = 16.0
_NAMED: Final = 6
#: Height of a category against its letters, below which LibreOffice leaves every second name out.
_LINE: Final = 2.0


def furniture(chart: NativeChart, box: Box, face: Face) -> float:
    """What a legend, an axis title, the numbers of the axis and margins take of the chart's height."""
    ticks = 0.0 if chart.labels and chart.kind == "bar" else 22.0
    legend = 0.0
    if len(chart.series) > 1:
        # Programmes set the names of a legend in columns as wide as the widest of them.
        widest = max(face.width(one_line(s.name), LEGEND_SIZE) for s in chart.series) + 30
        across = max(1, int(box.w * 0.95 / widest))
        legend = 8.0 + 20.0 * math.ceil(len(chart.series) / across)
    return 12.0 + ticks + (24.0 if chart.axis_title else 0.0) + legend


def charts(chart: NativeChart, box: Box, face: Face) -> list[ChartBody]:
    """The chart, or several with the same scale where its categories would be too small to read."""
    held = capacity(chart, box, face)
    count = len(chart.categories)
    if count <= held:
        return [ChartBody(box, chart)]
    slides = math.ceil(count / held)
    step = math.ceil(count / slides)
    top = _top(chart)
    return [ChartBody(box, _part(chart, start, start + step), top) for start in range(0, count, step)]


def capacity(chart: NativeChart, box: Box, face: Face) -> int:
    """How many categories can be read in the box."""
    groups = 1 if chart.kind in (*STACKED, "line", "dot") else len(chart.series)
    if chart.kind in HORIZONTAL:
        each = max(LEAST_SIZE * 1.45, groups * 13.0)
        return max(2, int((box.h - furniture(chart, box, face)) / each))
    widest = max(
        (face.width(w, LEAST_SIZE) for name in chart.categories for w in one_line(name)[:200].split()),
        default=0.0,
    )
    each = max(min(widest + 8, 130.0), groups * 16.0, 26.0)
    return max(2, int((box.w - 80) / each))


def _part(chart: NativeChart, start: int, stop: int) -> NativeChart:
    series = tuple(replace(s, values=s.values[start:stop]) for s in chart.series)
    colours = chart.category_colours[start:stop]
    return replace(chart, categories=chart.categories[start:stop], series=series, category_colours=colours)


def _top(chart: NativeChart) -> float | None:
    """A round end for the axis, above all values; None for shares of 100."""
    if chart.kind == "stacked_100":
        return None
    columns = list(zip(*(s.values for s in chart.series), strict=True))
    if chart.kind == "stacked":
        highest = max(sum(v or 0 for v in values) for values in columns)
    else:
        highest = max((v for values in columns for v in values if v is not None), default=0)
    if highest <= 0:
        return None
    unit = 10.0 ** math.floor(math.log10(highest))
    return next(
        unit * k
        for k in (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12)
        if unit * k >= highest * 1.05
    )


def unknowns(chart: NativeChart) -> str:
    """One sentence that names what has no known value; empty where all is known."""
    said = []
    for at, name in enumerate(chart.categories):
        missing = [one_line(s.name) for s in chart.series if s.values[at] is None]
        if missing:
            whole = len(missing) == len(chart.series)
            said.append(one_line(name)[:60] + ("" if whole else f" ({join([m[:40] for m in missing])})"))
    if not said:
        return ""
    rest = len(said) - _NAMED
    if rest > 1:
        said = [*said[:_NAMED], f"{number(rest)} autres"]
    return f"Sans valeur connue{NBSP}: {join(said)}."


def shown(value: float, number_format: str) -> str:
    """About what a programme writes for a value: enough to measure it."""
    decimals = len(m.group(1)) if (m := re.search(r"0\.(0+)", number_format)) else 0
    suffix = "".join(re.findall(r'"([^"]*)"', number_format))
    scaled = value * 100 if number_format.endswith("%") and '"' not in number_format else value
    return number(scaled, decimals) + suffix + ("%" if scaled is not value else "")


def label_size(chart: NativeChart, box: Box, face: Face) -> float:
    """Size of the names of categories: 18 where there is room, else 16, else 14."""
    count = len(chart.categories)
    if chart.kind in HORIZONTAL:
        each = (box.h - furniture(chart, box, face)) / count
        return next((size for size in (18.0, 16.0) if each >= size * _LINE), LEAST_SIZE)
    longest = max(
        (face.width(w, 1) for c in chart.categories for w in one_line(c)[:200].split()), default=1.0
    )
    each = (box.w - 80) / count - 6
    return next((size for size in (18.0, 16.0) if longest * size <= each), LEAST_SIZE)


def written(chart: NativeChart, box: Box, face: Face, size: float) -> list[list[bool]]:
    """For each series and category, whether its value is written on the mark without covering another."""
    none = [[False] * len(chart.categories) for _ in chart.series]
    if not chart.labels:
        return none
    known = [v for s in chart.series for v in s.values if v is not None]
    widest = max((face.width(shown(v, chart.number_format), size) for v in known), default=0.0)
    slot = (box.w - 90) / len(chart.categories)
    if chart.kind in STACKED:
        return [[_fits(chart, at, s.values, box, face, size) for at in range(len(s.values))] for s in chart.series]  # fmt: skip
    if chart.kind == "bar":
        fits = (box.h - furniture(chart, box, face)) / (
            len(chart.categories) * len(chart.series)
        ) >= size * 0.9
    elif chart.kind == "column":
        fits = widest <= slot / len(chart.series)
    else:
        fits = len(chart.series) == 1 and widest <= slot
    return [[fits and v is not None for v in s.values] for s in chart.series] if fits else none


def _fits(chart: NativeChart, at: int, values: Sequence[float | None], box: Box, face: Face, size: float) -> bool:  # fmt: skip
    value = values[at]
    if not value:
        return False
    sums = [sum(v or 0 for v in column) for column in zip(*(s.values for s in chart.series), strict=True)]
    whole = sums[at] if chart.kind == "stacked_100" else max(sums)
    names = max((face.width(one_line(c)[:200], size) for c in chart.categories), default=0.0)
    room = box.w - min(names, box.w * 0.3) - 40
    return value / whole * room >= face.width(shown(value, chart.number_format), size, True) + 6
