"""Native charts on a slide, readable from the back of a room, editable afterwards."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_PATTERN, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from ptce_ui.exports.slides import charting
from ptce_ui.exports.slides.leaves import ChartBody
from ptce_ui.exports.slides.measure import Face, clean, one_line
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.exports.slides.template import ACCENTS
from ptce_ui.exports.slides.writing import LANGUAGE, describe, run
from ptce_ui.theme import LIGHT

_TYPES: Final = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "stacked_100": XL_CHART_TYPE.BAR_STACKED_100,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "dot": XL_CHART_TYPE.LINE_MARKERS,
}
_PATTERNS: Final = {
    "/": MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    "\\": MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    "x": MSO_PATTERN.DIAGONAL_CROSS,
    ".": MSO_PATTERN.PERCENT_20,
    "-": MSO_PATTERN.NARROW_HORIZONTAL,
}
_MARKERS: Final = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.TRIANGLE,
)
_ACCENTS: Final = (
    MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2, MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4, MSO_THEME_COLOR.ACCENT_5, MSO_THEME_COLOR.ACCENT_6,
)  # fmt: skip
#: Excel counts time from 1900; a fixed date makes the same data the same file.
_CREATED: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class _Workbook(CategoryWorkbookWriter):
    """The data behind a chart, written as they are: a text that begins with "=" stays a text."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: Any) -> Iterator[tuple[Any, Any]]:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(xlsx_file, options)
        book.set_properties({"created": _CREATED})
        yield book, book.add_worksheet()
        book.close()


class _Data(CategoryChartData):
    @property
    def _workbook_writer(self) -> _Workbook:
        return _Workbook(self)


def chart(slide: Any, body: ChartBody, name: str, face: Face) -> Any:
    """Add a chart; returns its graphic frame."""
    said, box = body.chart, body.box
    data = _Data(number_format=_french(said.number_format))
    data.categories = [one_line(c)[:250] for c in said.categories]
    for series in said.series:
        data.add_series(one_line(series.name)[:250], series.values)
    frame = slide.shapes.add_chart(_TYPES[said.kind], Pt(box.x), Pt(box.y), Pt(box.w), Pt(box.h), data)
    describe(frame, name, clean(said.alt))
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size = Pt(charting.LEAST_SIZE)
    drawn.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    size = charting.label_size(said, box, face)
    _legend(drawn, said)
    value_size = max(charting.LEAST_SIZE, min(size, 16.0))
    written = charting.written(said, box, face, value_size)
    is_said = said.kind in ("bar", "column") and any(any(marks) for marks in written)
    _axes(drawn, body, size, is_said)
    _plot(drawn, said)
    for at, (series, marks) in enumerate(zip(said.series, written, strict=True)):
        _series(drawn.plots[0].series[at], series, at, said, marks, value_size)
    _space(drawn)
    return frame


def _french(number_format: str) -> str:
    """The format with French signs on any computer: "[$-40C]" is France's number in Excel's list."""
    return (
        number_format
        if number_format.startswith("[") or number_format == "General"
        else f"[$-40C]{number_format}"
    )


def _legend(drawn: Any, said: NativeChart) -> None:
    drawn.has_legend = len(said.series) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
        drawn.legend.font.size = Pt(16)


def _axes(drawn: Any, body: ChartBody, size: float, is_said: bool) -> None:
    """`is_said`: values stand on the marks, so that the numbers of the axis and its lines would say them twice."""
    said = body.chart
    names, values = drawn.category_axis, drawn.value_axis
    names.tick_labels.font.size = Pt(size)
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = RGBColor.from_string(LIGHT.border[1:])
    names._element.append(parse_xml(f'<c:tickLblSkip xmlns:c="{_C}" val="1"/>'))
    _ordered(names._element, "tickLblSkip", ("tickMarkSkip", "noMultiLvlLbl", "extLst"))
    values.major_tick_mark = XL_TICK_MARK.NONE
    values.format.line.fill.background()
    values.tick_labels.font.size = Pt(charting.LEAST_SIZE)
    values.tick_labels.number_format = (
        '0"\u00a0"%' if said.kind == "stacked_100" else _french(said.number_format)
    )
    values.tick_labels.number_format_is_linked = False
    values.has_major_gridlines = not is_said
    if is_said:
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    else:
        values.major_gridlines.format.line.color.rgb = RGBColor.from_string("D9DCE1")
        values.major_gridlines.format.line.width = Pt(0.75)
    known = [v for s in said.series for v in s.values if v is not None]
    if said.kind not in ("line", "dot") and all(v >= 0 for v in known):
        values.minimum_scale = 0
    if body.top is not None:
        values.maximum_scale = body.top
    if said.kind in charting.HORIZONTAL:
        names.reverse_order = True
        # With the first category on top, the value axis would go up with it.
        crosses = values._element.find(qn("c:crosses"))
        if crosses is not None:
            crosses.set("val", "max")
    if said.axis_title.strip():
        values.has_title = True
        paragraph = values.axis_title.text_frame.paragraphs[0]
        run(paragraph, one_line(said.axis_title)[:160], charting.LEAST_SIZE, False)
        paragraph.runs[0].font.bold = False


_C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def _ordered(parent: Any, name: str, before: tuple[str, ...]) -> None:
    """Move the last child to its place in the schema's order."""
    child = parent.find(qn(f"c:{name}"))
    follower = next((e for e in parent if e.tag in {qn(f"c:{n}") for n in before}), None)
    if follower is not None:
        follower.addprevious(child)


def _plot(drawn: Any, said: NativeChart) -> None:
    plot = drawn.plots[0]
    plot.vary_by_categories = False
    if said.kind in ("bar", "column"):
        plot.gap_width = 45
        plot.overlap = -8 if len(said.series) > 1 else 0
    elif said.kind in charting.STACKED:
        plot.gap_width = 40


def _series(drawn: Any, said: ChartSeries, at: int, whole: NativeChart, marks: list[bool], size: float) -> None:  # fmt: skip
    if whole.kind in ("line", "dot"):
        _line(drawn, said, at, whole.kind == "dot")
    else:
        _fill(drawn.format, said.colour, said.pattern, at)
        drawn.invert_if_negative = False
        for position, colour in enumerate(whole.category_colours):
            if colour and said.values[position] is not None:
                _fill(drawn.points[position].format, colour, "", at)
    if not any(marks):
        return
    labels = drawn.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _french(whole.number_format), False
    labels.font.size = Pt(size)
    if whole.kind in charting.STACKED:
        labels.position = XL_LABEL_POSITION.CENTER
        labels.font.bold = True
        # Dark or white, whichever stands out more against the fill.
        light = _lightness(said.colour or ACCENTS[at % len(ACCENTS)]) > 0.21
        labels.font.color.rgb = RGBColor.from_string(LIGHT.ink[1:] if light else "FFFFFF")
    else:
        labels.position = (
            XL_LABEL_POSITION.ABOVE if whole.kind in ("line", "dot") else XL_LABEL_POSITION.OUTSIDE_END
        )
    for position, mark in enumerate(marks):
        if not mark and said.values[position] is not None:
            _hidden(labels._element, position)


def _hidden(labels: Any, position: int) -> None:
    """No value on this mark: it would cover another."""
    made = parse_xml(f'<c:dLbl xmlns:c="{_C}"><c:idx val="{position}"/><c:delete val="1"/></c:dLbl>')
    held = labels.findall(qn("c:dLbl"))
    if held:
        held[-1].addnext(made)
    else:
        labels.insert(0, made)


def _fill(format_: Any, colour: str | None, pattern: str, at: int) -> None:
    fill, line = format_.fill, format_.line
    if pattern in _PATTERNS:
        fill.patterned()
        fill.pattern = _PATTERNS[pattern]
        # A hatch that the value written over it can bear.
        is_dark = colour is not None and _lightness(colour) < 0.21
        fill.fore_color.rgb = RGBColor.from_string("FFFFFF" if is_dark else LIGHT.border[1:])
        fill.back_color.rgb = RGBColor.from_string((colour or "#FFFFFF")[1:])
    else:
        fill.solid()
        _paint(fill.fore_color, colour, at)
    pale = colour is not None and _lightness(colour) > 0.85
    line.color.rgb = RGBColor.from_string(LIGHT.border[1:] if pale else "FFFFFF")
    line.width = Pt(0.75)


def _paint(target: Any, colour: str | None, at: int) -> None:
    if colour:
        target.rgb = RGBColor.from_string(colour[1:].upper())
    else:
        target.theme_color = _ACCENTS[at % len(_ACCENTS)]


def _line(drawn: Any, said: ChartSeries, at: int, is_dots: bool) -> None:
    drawn.smooth = False
    if is_dots:
        drawn.format.line.fill.background()
    else:
        _paint(drawn.format.line.color, said.colour, at)
        drawn.format.line.width = Pt(3)
    marker = drawn.marker
    marker.style = _MARKERS[at % len(_MARKERS)]
    marker.size = 13 if is_dots else 9
    marker.format.fill.solid()
    _paint(marker.format.fill.fore_color, said.colour, at)
    marker.format.line.color.rgb = RGBColor(255, 255, 255)


def _lightness(colour: str) -> float:
    """Relative luminance, 0 black to 1 white."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _space(drawn: Any) -> None:
    """French, no rounded frame, and an unknown value leaves a gap."""
    space = drawn._chartSpace
    plot = space.find(qn("c:chart"))
    blanks = plot.find(qn("c:dispBlanksAs"))
    if blanks is None:
        blanks = parse_xml(f'<c:dispBlanksAs xmlns:c="{_C}" val="gap"/>')
        plot.append(blanks)
    blanks.set("val", "gap")
    for old in [*space.findall(qn("c:lang")), *space.findall(qn("c:roundedCorners"))]:
        space.remove(old)
    first = space.find(qn("c:date1904"))
    at = 0 if first is None else list(space).index(first) + 1
    space.insert(at, parse_xml(f'<c:roundedCorners xmlns:c="{_C}" val="0"/>'))
    space.insert(at, parse_xml(f'<c:lang xmlns:c="{_C}" val="{LANGUAGE}"/>'))
