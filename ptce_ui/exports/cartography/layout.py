"""Where the frames of a map stand in the room given to them. Boxes are (x, y, width, height) in mm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ptce_ui.exports.cartography import zones
from ptce_ui.exports.cartography.marks import Scene
from ptce_ui.exports.cartography.paper import Box
from ptce_ui.exports.cartography.zones import Window, Zone, fitted

PARIS_NAME = "Paris et petite couronne"
_GAP = 1.6


@dataclass(frozen=True)
class Place:
    """What one frame is to show: a window of a zone, whole whatever the shape of its box."""

    zone: Zone
    window: Window
    name: str = ""
    region_code: str | None = None


@dataclass(frozen=True)
class Frame:
    """A place in its box. `clear` keeps room at top and foot for the name and scale of an inset."""

    place: Place
    box: Box
    is_inset: bool

    def scene(self, k: float) -> Scene:
        """The window that fills the box exactly, and its scale."""
        _, _, across, down = self.box
        window = self.place.window
        if self.is_inset:
            # Room for the scale at the foot and the name at the head.
            low, high = (3.4 * k, 3.2 * k) if across > 16 else (4.4, 2.6)
            inner = fitted(window, across - 1.2, down - low - high)
            per_mm = (inner[2] - inner[0]) / (across - 1.2)
            left, bottom = inner[0] - 0.6 * per_mm, inner[1] - low * per_mm
            window = (left, bottom, left + across * per_mm, bottom + down * per_mm)
        else:
            window = fitted(window, across, down)
        return Scene(self.place.zone, window, (window[2] - window[0]) / across, self.place.region_code)


def ratio(window: Window) -> float:
    """Height of a window as a share of its width."""
    return (window[3] - window[1]) / (window[2] - window[0])


def frames(main: Place, insets: Sequence[Place], across: float, down: float | None, k: float) -> list[Frame]:
    """Boxes of a main map and its insets in `across` mm; `down` None lets the map choose its height."""
    shape = min(max(ratio(main.window), 0.55), 0.94)
    if not insets:
        return [Frame(main, (0, 0, across, down or across * shape), False)]
    if len(insets) == 1:
        return _pair(main, insets[0], across, down, k)
    if across < 110 and (down is None or down > across):
        return _strip(main, insets, across, down, shape)
    return _column(main, insets, across, down, shape)


def _pair(main: Place, inset: Place, across: float, down: float | None, k: float) -> list[Frame]:
    one, two = 1 / ratio(main.window), 1 / ratio(inset.window)
    if across < 110 and down is None:
        high = across / one
        return [
            Frame(main, (0, 0, across, high), False),
            Frame(inset, (0, high + _GAP, across, across * 0.72), True),
        ]
    high = down or (across - _GAP) / (one + two)
    left = (across - _GAP) * one / (one + two)
    return [
        Frame(main, (0, 0, left, high), False),
        Frame(inset, (left + _GAP, 0, across - left - _GAP, high), True),
    ]


def _strip(
    main: Place, insets: Sequence[Place], across: float, down: float | None, shape: float
) -> list[Frame]:
    """Insets in rows of three below the map (of five where all then stand in one row)."""
    per_row = 5 if 50 <= across < 70 else 3
    rows = math.ceil(len(insets) / per_row)
    wide = (across - _GAP * (per_row - 1)) / per_row
    tall = wide * (0.8 if across >= 70 else 1.25 if per_row == 5 else 0.95)
    high = across * shape if down is None else max(20.0, down - rows * (tall + _GAP))
    boxes = [Frame(main, (0, 0, across, high), False)]
    for at, place in enumerate(insets):
        x, y = (at % per_row) * (wide + _GAP), high + _GAP + (at // per_row) * (tall + _GAP)
        boxes.append(Frame(place, (x, y, wide, tall), True))
    return boxes


def _column(
    main: Place, insets: Sequence[Place], across: float, down: float | None, shape: float
) -> list[Frame]:
    """Insets at the left of the map, in two columns where the sheet is wide."""
    wide = max(24.0, 0.18 * across)
    columns = 1
    if down is not None:
        spare = across - down / shape - _GAP
        columns = 2 if spare > 52 else 1
        wide = max(wide, min(spare / columns - _GAP, 0.22 * across))
    left = columns * (wide + _GAP)
    high = (across - left) * shape if down is None else down
    per_column = math.ceil(len(insets) / columns)
    tall = (high - _GAP * (per_column - 1)) / per_column
    boxes = [Frame(main, (left, 0, across - left, high), False)]
    for at, place in enumerate(insets):
        x, y = (at // per_column) * (wide + _GAP), (at % per_column) * (tall + _GAP)
        boxes.append(Frame(place, (x, y, wide, tall), True))
    return boxes


def corner(frame: Frame) -> Frame:
    """A cartouche for Saint-Martin in the corner of Guadeloupe's inset, where there is only sea."""
    x, y, across, down = frame.box
    wide, tall = 0.3 * across, 0.34 * down
    window = zones.window_of(frame.place.zone, zones.SAINT_MARTIN)
    place = Place(frame.place.zone, window, "St-Martin")
    return Frame(place, (x + across - wide, y + down - tall, wide, tall), False)
