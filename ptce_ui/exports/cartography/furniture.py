"""What every map carries: scale bar, north, frames of insets, and names kept clear of one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from ptce_ui import text
from ptce_ui.exports.cartography.marks import Drawn, Scene
from ptce_ui.exports.cartography.paper import SIZES, Box, Paper
from ptce_ui.exports.cartography.words import MM_PER_POINT, clean, width
from ptce_ui.exports.cartography.zones import true_north

_Rect = tuple[float, float, float, float]
_INSETS: Final = " ; outre-mer : UTM locale"


def round_length(metres: float) -> float:
    """The longest of 1, 2, 5 times a power of ten metres that is not longer than `metres`."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def length_words(metres: float) -> str:
    """`50 km`, `500 m`."""
    unit, value = ("km", metres / 1000) if metres >= 1000 else ("m", metres)
    return f"{text.number(value)}{text.NBSP}{unit}"


def scale_strip(paper: Paper, box: Box, scene: Scene, overseas: bool = False) -> None:
    """Under a map: its scale bar in two halves, true north, its projection and that of overseas insets."""
    x, y, across, down = box
    k, size = paper.k, 6.2 * paper.k
    length = round_length(0.3 * min(across, 160 * k) * scene.metres_per_mm)
    bar = length / scene.metres_per_mm
    left, middle = x + 0.8 * k, y + 0.62 * down
    for begin, fill in ((0.0, paper.palette.ink), (0.5, paper.palette.paper)):
        xs = [left + bar * begin, left + bar * (begin + 0.5)]
        paper.polygon(
            [xs[0], xs[1], xs[1], xs[0]], [middle, middle, middle + 0.9 * k, middle + 0.9 * k], fill
        )
    paper.text(left, middle - 0.9 * k, "0", size, ha="center")
    paper.text(left + bar, middle - 0.9 * k, length_words(length), size, ha="center")
    after = left + bar + width(length_words(length), size) / 2 + 5 * k
    north(paper, after, y + down / 2, 0.86 * down, true_north(scene.zone, scene.window))
    words = f"Projection : {scene.zone.projection}"
    if overseas and after + 8 * k + width(words + _INSETS, 5.6 * k) < x + across:
        words += _INSETS
    if after + 8 * k + width(words, 5.6 * k) < x + across:
        paper.text(x + across, middle + 0.9 * k, words, 5.6 * k, colour=paper.palette.quiet, ha="right")


def north(paper: Paper, x: float, y: float, tall: float, angle: float) -> None:
    """An arrow of `tall` mm towards true north, and its N."""
    turn = math.radians(angle)
    half = tall / 2
    left = [(0, -half), (-0.36 * half, half), (0, 0.62 * half)]
    right = [(0, -half), (0.36 * half, half), (0, 0.62 * half)]
    for shape, fill in ((left, paper.palette.ink), (right, paper.palette.paper)):
        xs = [x + a * math.cos(turn) - b * math.sin(turn) for a, b in shape]
        ys = [y + a * math.sin(turn) + b * math.cos(turn) for a, b in shape]
        paper.polygon(xs, ys, fill)
    paper.text(x + 0.62 * half + 0.3, y + 0.2 * half, "N", 6.5 * paper.k, weight="bold")


def inset_furniture(paper: Paper, box: Box, scene: Scene, name: str) -> None:
    """Frame, name and own scale bar of an inset."""
    x, y, across, down = box
    paper.frame(box, 0.5)
    is_small = across <= 16
    size = 4.2 if is_small else 5.8 * paper.k
    room = across - 1.6
    name = clean(name, 60)
    size *= min(1.0, room / width(name, size))
    paper.text(x + 0.9, y + size * MM_PER_POINT + 0.5, name, size, chip=True)
    length = round_length((0.75 if is_small else 0.42) * across * scene.metres_per_mm)
    bar = length / scene.metres_per_mm
    words, size = length_words(length), 4.2 if is_small else max(4.6, 5 * paper.k)
    foot = y + down - 1.1
    # On a small inset the words stand over the bar, on others beside it.
    where = (x + 0.9, foot - 1.2) if is_small else (x + 0.9 + bar + 0.9, foot)
    paper.text(*where, words, size, chip=True)
    paper.frame((x + 0.5, foot - 0.9, bar + 0.8, 1.4), 0, fill=paper.palette.paper)
    paper.stroke([x + 0.9, x + 0.9, x + 0.9 + bar, x + 0.9 + bar], [foot - 0.7, foot, foot, foot - 0.7], 0.6)


def place_names(paper: Paper, box: Box, scene: Scene, drawn: Drawn, scale: float, kept: Sequence[Box] = ()) -> None:  # fmt: skip
    """Names at the first place around their point that covers nothing; without such a place, no name.

    `kept` are boxes of the sheet that no name may touch.
    """
    x0, y0, across, down = box
    per_mm = scene.metres_per_mm

    def on_sheet(x: float, y: float) -> tuple[float, float]:
        return x0 + (x - scene.window[0]) / per_mm, y0 + down - (y - scene.window[1]) / per_mm

    signs = [(*on_sheet(s.x, s.y), SIZES.get(s.point.kind, 1.5) * scale / 2) for s in drawn.signs]
    discs = np.array(signs, dtype=float).reshape(-1, 3)
    taken: list[_Rect] = [(a, b, a + w, b + h) for a, b, w, h in kept]
    for x, y, label in drawn.labels:
        words = clean(label.text, 44)
        size = (6.4 if label.is_area else 6.0) * paper.k
        wide, tall = width(words, size) + 0.4, size * MM_PER_POINT
        px, py = on_sheet(x, y)
        inside = (x0 + 0.5, y0 + 0.5, x0 + across - 0.5, y0 + down - 0.5)
        for rect in _candidates(px, py, wide, tall, 1.1 * scale, label.is_area):
            if _free(rect, inside, taken, discs):
                taken.append(rect)
                colour = paper.palette.quiet if label.is_area else ""
                style = "italic" if label.is_area else "normal"
                paper.text(
                    rect[0] + 0.2, rect[3] - 0.2 * tall, words, size, colour=colour, style=style, halo=True
                )
                if not label.is_area:
                    taken.append((px - 0.4, py - 0.4, px + 0.4, py + 0.4))
                break


def _candidates(x: float, y: float, wide: float, tall: float, off: float, centred: bool) -> list[_Rect]:
    """Boxes (left, top, right, bottom) to try, the best first."""
    if centred:
        steps = [(a, b) for b in (0, 1, -1, 2, -2, 3, -3) for a in (0, 0.3, -0.3, 0.6, -0.6)]
        steps.sort(key=lambda s: abs(s[0]) * wide + abs(s[1]) * tall)
        spots = [(x - wide / 2 + a * wide, y - tall / 2 + b * tall) for a, b in steps]
    else:
        spots = [
            (x + off, y - tall / 2), (x - off - wide, y - tall / 2), (x + 0.6 * off, y - off - tall),
            (x + 0.6 * off, y + 0.7 * off), (x - 0.6 * off - wide, y - off - tall), (x - 0.6 * off - wide, y + 0.7 * off),
            (x - wide / 2, y - off - tall), (x - wide / 2, y + off),
            (x + 2.4 * off, y - tall / 2), (x - 2.4 * off - wide, y - tall / 2),
            (x - wide / 2, y - 2.4 * off - tall), (x - wide / 2, y + 2.4 * off),
        ]  # fmt: skip
    return [(a, b, a + wide, b + tall) for a, b in spots]


def _free(rect: _Rect, inside: _Rect, taken: Sequence[_Rect], discs: np.ndarray) -> bool:
    left, top, right, bottom = rect
    if left < inside[0] or top < inside[1] or right > inside[2] or bottom > inside[3]:
        return False
    if any(left < t[2] and t[0] < right and top < t[3] and t[1] < bottom for t in taken):
        return False
    if not len(discs):
        return True
    dx = np.maximum(np.maximum(left - discs[:, 0], discs[:, 0] - right), 0)
    dy = np.maximum(np.maximum(top - discs[:, 1], discs[:, 1] - bottom), 0)
    return not bool((np.hypot(dx, dy) < discs[:, 2] * 0.9).any())
