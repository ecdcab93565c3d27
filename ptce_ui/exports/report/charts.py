"""The charts of a report: what each shows is also in a table or a list, and never told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_data.study.registries import ELEMENT_STATUS, FAMILIES
from ptce_ui import text, theme
from ptce_ui.exports.cartography.palette import TYPE_HATCHES, UNKNOWN_HATCH
from ptce_ui.exports.cartography.words import width, wrap
from ptce_ui.exports.report.studio import INK, QUIET, RULE, Chart

#: Status of an element -> shape, face, edge: told apart by the shape, and written beside.
STATUS_SIGNS: Final = {
    "present": ("o", "#2B4A7F", "#2B4A7F"),
    "planned": ("o", "#FFFFFF", "#2B4A7F"),
    "missing": ("X", "#8A1C1C", "#8A1C1C"),
    "unknown": ("d", "#FFFFFF", "#767676"),
}
BLUE: Final = "#2B4A7F"
SHADES: Final = ("#2B4A7F", "#66738C", "#9D9979", "#D2C074", "#FDEA9B", "#F2F2F2")


@dataclass(frozen=True)
class Stack:
    """One bar of shares: its name, and the share of each class in percent (their sum is 100, or 0)."""

    name: str
    shares: dict[str, float]


def types_height(bars: Sequence[Stack], labels: dict[str, str]) -> float:
    """Height in mm of `types`."""
    return 6 + 9.5 * len(bars) + 5.5 * -(-len(_used(bars, labels)) // 3)


def types(chart: Chart, bars: Sequence[Stack], labels: dict[str, str]) -> None:
    """Shares of the population by territory type, one bar per territory; the legend below."""
    left, right = 46.0, chart.width - 2
    for row, bar in enumerate(bars):
        y = 2 + 9.5 * row
        for n, line in enumerate(wrap(bar.name, left - 4, 7.5)[:2]):
            chart.text(
                0, y + 3.5 + (n - 0.5 * (min(2, len(wrap(bar.name, left - 4, 7.5))) - 1)) * 3.3, line, 7.5
            )
        at = left
        for key in labels:
            share = bar.shares.get(key, 0.0)
            across = (right - left) * share / 100
            if across <= 0:
                continue
            _type_box(chart, key, at, y, across, 7)
            words = text.percent(share)
            if width(words, 7.5) + 2.4 < across:
                chart.box(
                    at + across / 2 - width(words, 7.5) / 2 - 0.8,
                    y + 1.6,
                    width(words, 7.5) + 1.6,
                    3.8,
                    "#FFFFFF",
                )
                chart.text(at + across / 2, y + 3.6, words, 7.5, ha="center")
            at += across
    top = 2 + 9.5 * len(bars) + 2
    for n, key in enumerate(_used(bars, labels)):
        x, y = 2 + (n % 3) * chart.width / 3, top + (n // 3) * 5.5
        _type_box(chart, key, x, y, 6, 3.6)
        label = labels[key][:1].upper() + labels[key][1:]
        chart.text(x + 7.5, y + 1.9, label, 7.5)


def _used(bars: Sequence[Stack], labels: dict[str, str]) -> list[str]:
    return [key for key in labels if any(bar.shares.get(key, 0) > 0 for bar in bars)]


def _type_box(chart: Chart, key: str, x: float, y: float, across: float, down: float) -> None:
    colour = theme.TYPE_AREA_COLOURS.get(key, theme.TYPE_AREA_COLOURS["non_renseigne"])
    edge = theme.TYPE_COLOURS.get(key, "#767676")
    chart.box(x, y, across, down, colour, edge=edge, hatch=TYPE_HATCHES.get(key, UNKNOWN_HATCH))


def arrangement_height(rows: pd.DataFrame) -> float:
    """Height in mm of `arrangement`."""
    return 10 + 10.4 * int(rows["family"].value_counts().max()) + 7


def arrangement(chart: Chart, rows: pd.DataFrame) -> None:
    """The four families side by side: each element with a sign and the word of its status."""
    column = chart.width / len(FAMILIES)
    for n, (family, label) in enumerate(FAMILIES.items()):
        x = n * column
        for at, line in enumerate(wrap(label, column - 2, 8.5, bold=True)[:2]):
            chart.text(x + 0.5, 2.2 + 3.6 * at, line, 8.5, bold=True, colour=BLUE)
        chart.line([x + 0.5, x + column - 3], [8, 8], BLUE, 0.8)
        for row, item in enumerate(rows[rows["family"] == family].itertuples()):
            y = 12.6 + 10.4 * row
            chart.mark(x + 2.5, y, *_sign(item.status))
            lines = wrap(str(item.label), column - 7, 7.5)[:2]
            for at, line in enumerate([*lines, ""][:2]):
                chart.text(
                    x + 5.4,
                    y - 1.4 + 3.1 * at,
                    line or item.status_label,
                    7.5 if line else 7,
                    colour=INK if line else QUIET,
                )
            if len(lines) == 2:
                chart.text(x + 5.4, y + 4.8, item.status_label, 7, colour=QUIET)
    for n, (status, label) in enumerate(ELEMENT_STATUS.items()):
        x = 2.5 + n * column
        chart.mark(x, chart.height - 3, *_sign(status))
        chart.text(x + 3, chart.height - 3, label, 7.5, colour=QUIET)


def _sign(status: str) -> tuple[str, float, str, str, float]:
    shape, face, edge = STATUS_SIGNS[status]
    return shape, 3.0, face, edge, 1.2


def access_height(rows: pd.DataFrame) -> float:
    """Height in mm of `access`."""
    return 5.5 + sum(4.6 * len(own) + 4 for _, own in rows.groupby("kind", sort=False))


def access(chart: Chart, rows: pd.DataFrame) -> None:
    """Share of the people within each radius of a place, by kind of place."""
    left, right = 62.0, chart.width - 14
    y = 1.0
    radii = sorted(rows["radius_km"].unique())
    for label, own in rows.groupby("label", sort=False):
        for n, line in enumerate(wrap(str(label), 42, 7.5, bold=True)[:2]):
            chart.text(0, y + 2.3 + 3.3 * n, line, 7.5, bold=True)
        for item in own.itertuples():
            share = float(item.share_pct) if pd.notna(item.share_pct) else 0.0
            km = text.number(item.radius_km, 0 if float(item.radius_km).is_integer() else 1)
            chart.text(left - 2, y + 2.2, f"à {km} km", 7.5, ha="right", colour=QUIET)
            chart.box(left, y + 0.4, right - left, 3.6, "#F2F4F7")
            shade = SHADES[min(radii.index(item.radius_km), 3)]
            if share > 0:
                chart.box(left, y + 0.4, (right - left) * share / 100, 3.6, shade, edge=INK, line=0.3)
            chart.text(right + 1, y + 2.2, text.percent(share), 7.5)
            y += 4.6
        y += 4
    for tick in (0, 25, 50, 75, 100):
        x = left + (right - left) * tick / 100
        chart.line([x, x], [0.5, y - 3], RULE, 0.4)
        chart.text(x, y, text.percent(tick), 7, ha="center", colour=QUIET)


def scores_height(rows: pd.DataFrame) -> float:
    """Height in mm of `scores`."""
    return 7 + 5.9 * len(rows)


def scores(chart: Chart, rows: pd.DataFrame) -> None:
    """The nine objectives, weakest first: five boxes each, as many filled as the score; the number beside."""
    left, box = 84.0, 10.0
    for n in range(5):
        chart.text(left + box * (n + 0.5), 2.5, n, 7.5, ha="center", colour=QUIET)
    for row, item in enumerate(rows.itertuples()):
        y = 5.5 + 5.9 * row
        chart.text(0, y + 2.3, item.label, 7.5, longest=54)
        known = pd.notna(item.score)
        for n in range(5):
            filled = known and n <= int(item.score)
            chart.box(
                left + box * n,
                y,
                box - 1,
                4.6,
                BLUE if filled else "#FFFFFF",
                edge=BLUE if known else "#767676",
                dash=not known,
            )
        said = str(item.score_label)
        chart.text(left + 5 * box + 1.5, y + 2.3, said, 7.5, colour=INK if known else QUIET, longest=28)


@dataclass(frozen=True)
class YearBar:
    """One year of a scenario: resources by origin and uses, in euros."""

    scenario: str
    year: int
    resources: dict[str, float]
    uses: float


def budgets_height(bars: Sequence[YearBar]) -> float:
    """Height in mm of `budgets`."""
    origins = {o for bar in bars for o in bar.resources}
    groups = len({bar.scenario for bar in bars})
    return 5 + 6.5 * len(bars) + 6 * groups + 5.5 * -(-(len(origins) + 1) // 3)


def budgets(chart: Chart, bars: Sequence[YearBar]) -> None:
    """Resources by origin, stacked, and uses as a line across, by scenario and year."""
    left, right = 16.0, chart.width - 24
    most = max([1.0, *(max(sum(bar.resources.values()), bar.uses) for bar in bars)])
    y, before = 0.0, ""
    for bar in bars:
        if bar.scenario != before:
            chart.text(0, y + 3, bar.scenario or "Scénario sans nom", 8, bold=True, longest=70)
            y, before = y + 6, bar.scenario
        chart.text(left - 2, y + 2.6, bar.year, 7.5, ha="right")
        at = left
        for origin, (colour, hatch) in theme.ORIGIN_STYLES.items():
            across = (right - left) * bar.resources.get(origin, 0.0) / most
            if across > 0:
                chart.box(at, y + 0.4, across, 4.4, colour, edge="#FFFFFF", hatch=hatch * 3)
                label = text.euros(bar.resources[origin])
                if width(label, 7) + 3 < across:
                    chart.box(
                        at + across / 2 - width(label, 7) / 2 - 0.7,
                        y + 1,
                        width(label, 7) + 1.4,
                        3.2,
                        "#FFFFFF",
                    )
                    chart.text(at + across / 2, y + 2.7, label, 7, ha="center")
                at += across
        x = left + (right - left) * bar.uses / most
        chart.line([x, x], [y - 0.4, y + 5.6], INK, 1.6)
        chart.text(max(x, at) + 1.5, y + 2.6, text.euros(sum(bar.resources.values())), 7.5)
        y += 6.5
    y += 3
    used = [o for o in theme.ORIGIN_STYLES if any(bar.resources.get(o) for bar in bars)]
    for n, origin in enumerate([*used, "Emplois"]):
        x, top = 1 + (n % 3) * chart.width / 3, y + (n // 3) * 5.5
        if origin == "Emplois":
            chart.line([x + 3, x + 3], [top - 0.3, top + 3.9], INK, 1.6)
        else:
            colour, hatch = theme.ORIGIN_STYLES[origin]
            chart.box(x, top, 6, 3.6, colour, hatch=hatch * 3)
        chart.text(x + 7.5, top + 1.9, origin, 7.5)


@dataclass(frozen=True)
class Bar:
    """One step of the roadmap: first and last month as years with decimals; None where unknown."""

    label: str
    start: float | None
    end: float | None


def roadmap_height(bars: Sequence[Bar]) -> float:
    """Height in mm of `roadmap`."""
    return 7 + 6.6 * len(bars)


def roadmap(chart: Chart, bars: Sequence[Bar]) -> None:
    """The steps on a calendar; one without dates says so."""
    left, right = 66.0, chart.width - 3
    known = [v for bar in bars for v in (bar.start, bar.end) if v is not None]
    low, high = (int(min(known)), int(max(known) - 1e-6) + 1) if known else (0, 1)

    def at(value: float) -> float:
        return left + (right - left) * (value - low) / max(1, high - low)

    every = max(1, (high - low) // 8)
    for year in range(low, high + 1) if known else ():
        if (year - low) % every:
            continue
        chart.line([at(year), at(year)], [5, chart.height - 1], RULE, 0.5)
        if year < high:
            chart.text(at(year) + 0.8, 2.5, year, 7.5, colour=QUIET)
    for row, bar in enumerate(bars):
        y = 6.5 + 6.6 * row
        chart.text(0, y + 2.3, bar.label or "Étape sans nom", 7.5, longest=40)
        start = bar.start if bar.start is not None else bar.end
        end = bar.end if bar.end is not None else bar.start
        if start is None or end is None:
            chart.text(left + 1, y + 2.3, "dates non renseignées", 7.5, colour=QUIET)
            continue
        if bar.start is None or bar.end is None:
            chart.mark(at(start), y + 2.3, "D", 2.6, "#FFFFFF", BLUE)
            continue
        chart.box(at(start), y + 0.4, max(1.0, at(max(end, start)) - at(start)), 3.8, BLUE)
