"""What a frame of a map holds once its layers are read: filled paths, lines, signs, names, legend entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from matplotlib.path import Path

from ptce_ui.exports.cartography.spec import Label, Point
from ptce_ui.exports.cartography.zones import Window, Zone

#: For samples of the legend, which have no place on the map.
NO_PATH: Final = Path(np.zeros((1, 2)))


@dataclass(frozen=True)
class Fill:
    """A filled area, hatched or not."""

    path: Path
    colour: str
    hatch: str = ""
    hatch_colour: str = "#000000"
    clip: Path | None = None


@dataclass(frozen=True)
class Line:
    """A line, `dash` in points (on, off) or empty."""

    path: Path
    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sign:
    """A point in metres, with how it is drawn."""

    x: float
    y: float
    point: Point
    colour: str


@dataclass(frozen=True)
class Entry:
    """One line of the legend; entries of a `group` stand together, in the order of `rank`."""

    group: str
    rank: tuple[int, int]
    words: str
    swatch: Fill | Line | Point
    colour: str = ""


@dataclass
class Drawn:
    """All that one frame shows."""

    fills: list[Fill] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    labels: list[tuple[float, float, Label]] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """A frame to fill: its zone, window (metres), scale, and the region it is limited to, if any."""

    zone: Zone
    window: Window
    metres_per_mm: float
    region_code: str | None = None
