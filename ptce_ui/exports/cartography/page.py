"""The sheet of a map: title, maps and insets, legend, sources, composed in millimetres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.path import Path

from ptce_data.load import Dataset
from ptce_ui.exports.cartography import extents, furniture, layout, legend, zones
from ptce_ui.exports.cartography.drawing import draw
from ptce_ui.exports.cartography.layout import PARIS_NAME, Frame, Place
from ptce_ui.exports.cartography.marks import Drawn, Entry, Line, Scene
from ptce_ui.exports.cartography.palette import Palette
from ptce_ui.exports.cartography.paper import Box, Paper, add_fill, add_line, add_signs
from ptce_ui.exports.cartography.spec import Layer, MapSpec, Outline
from ptce_ui.exports.cartography.words import MM_PER_POINT, clean, width, wrap

_MARGIN = 1.2
_LEADING = 1.28


@dataclass(frozen=True)
class _Block:
    """Lines of text of one size."""

    lines: tuple[str, ...]
    size: float
    weight: str = "normal"
    quiet: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * MM_PER_POINT * _LEADING


class Page:
    """Composes one map. `height` None lets the content choose; text is never cut to fit a height."""

    def __init__(
        self, dataset: Dataset, spec: MapSpec, across: float, height: float | None, palette: Palette
    ) -> None:
        self.dataset, self.spec, self.palette = dataset, spec, palette
        self.width, self.height = across, height
        self.k = min(max(across / 170, 0.84), 2.1)
        self.room = across - 2 * _MARGIN
        self.beside = height is not None and across / height > 1.2
        self.head = self._head()
        self.foot = self._foot()
        self.strip = 6.6 * self.k
        self._drawn: dict[tuple[int, Scene], Drawn] = {}
        #: Insets make a nation of many signs, a perimeter of few.
        national = spec.extent == extents.NATIONAL if isinstance(spec.extent, str) else False
        self.scale = self.k * spec.sign_scale * (0.72 if national else 1.0) * (0.75 if spec.panels else 1.0)

    def _head(self) -> list[_Block]:
        blocks = []
        for words, size, weight in ((self.spec.title, 10.5, "bold"), (self.spec.subtitle, 7.6, "normal")):
            if cleaned := clean(words, 400):
                size *= self.k
                lines = wrap(cleaned, self.room, size, weight == "bold")
                blocks.append(_Block(tuple(lines), size, weight, weight == "normal"))
        return blocks

    def _foot(self) -> list[_Block]:
        size = max(5.4 * self.k, 4.8)
        texts = [clean(self.spec.note), clean(self.spec.sources), clean(self.spec.dated)]
        return [_Block(tuple(wrap(t, self.room, size)), size, "normal", True) for t in texts if t]

    def compose(self) -> Paper:
        """Place, draw and return the sheet."""
        head = sum(b.height for b in self.head) + (1.4 * self.k if self.head else 0)
        foot = sum(b.height for b in self.foot) + (1.6 * self.k if self.foot else 0)
        entries: list[Entry] = []
        for _ in range(3):
            arranged = legend.arrange(entries, self._legend_room(), self.k)
            frames, high = self._frames(head + foot, arranged.height)
            shown = [self._draw(panel, frame) for panel, frame in frames]
            found = self._entries(frames, shown)
            if [e.words for e in found] == [e.words for e in entries]:
                break
            entries = found
        arranged = legend.arrange(entries, self._legend_room(), self.k)
        below = 0.0 if self.beside else arranged.height + 1.6 * self.k
        body = max(high, arranged.height) if self.beside else high
        total = max(2 * _MARGIN + head + body + below + foot, self.height or 0.0)
        paper = Paper(self.width, total, self.k, self.palette)
        self._write(paper, self.head, _MARGIN)
        top = _MARGIN + head
        self._maps(paper, frames, shown, top, high)
        left = self.width - _MARGIN - self._legend_room() if self.beside else _MARGIN
        legend.paint(paper, left, top if self.beside else top + high + 1.6 * self.k, arranged, self.scale)
        self._write(paper, self.foot, total - _MARGIN - foot + 1.6 * self.k)
        return paper

    def _legend_room(self) -> float:
        return max(0.26 * self.room, 34 * self.k) if self.beside else self.room

    def _write(self, paper: Paper, blocks: Sequence[_Block], y: float) -> None:
        for block in blocks:
            step = block.size * MM_PER_POINT * _LEADING
            colour = self.palette.quiet if block.quiet else ""
            for line in block.lines:
                y += step
                paper.text(_MARGIN, y - 0.28 * step, line, block.size, weight=block.weight, colour=colour)

    def _draw(self, panel: int, frame: Frame) -> Drawn:
        scene = frame.scene(self.k)
        if (panel, scene) not in self._drawn:
            layers = self._layers(panel)
            # Around Paris the limits of the four départements say where one is.
            more = frame.place.name == PARIS_NAME and Outline("departements") not in layers
            layers = (*layers, Outline("departements")) if more else layers
            self._drawn[panel, scene] = draw(self.dataset, layers, scene, self.palette)
        return self._drawn[panel, scene]

    def _layers(self, panel: int) -> tuple[Layer, ...]:
        return self.spec.layers + (self.spec.panels[panel].layers if self.spec.panels else ())

    def _frames(self, words: float, legend_height: float) -> tuple[list[tuple[int, Frame]], float]:
        """Every frame with its panel, boxes from the top left of the body; and the height of the body."""
        across = self.room - (self._legend_room() + 4 * self.k if self.beside else 0)
        down: float | None = None
        if self.height is not None:
            below = 0.0 if self.beside else legend_height + 1.6 * self.k
            down = max(self.height - 2 * _MARGIN - words - below, 40 * self.k)
        main, insets = extents.places(self.dataset, self.spec.extent, with_paris=not self.spec.panels)
        count = max(1, len(self.spec.panels))
        if count == 1:
            found = self._one(0, main, insets, across, None if down is None else down - self.strip)
            high = max(f.box[1] + f.box[3] for _, f in found)
            return found, high + self.strip
        return self._grid(main, insets, count, across, down)

    def _one(self, panel: int, main: Place, insets: list[Place], across: float, down: float | None) -> list[tuple[int, Frame]]:  # fmt: skip
        found = layout.frames(main, insets, across, down, self.k)
        if insets and extents.has_saint_martin(self._layers(panel)):
            found += [layout.corner(f) for f in found if f.place.zone.key == "guadeloupe" and f.is_inset]
        return [(panel, f) for f in found]

    def _grid(self, main: Place, insets: list[Place], count: int, across: float, down: float | None) -> tuple[list[tuple[int, Frame]], float]:  # fmt: skip
        """Small maps in rows, a title above each, one scale below all."""
        columns = min(count, 2 if count in (2, 4) or across < 110 else 3)
        rows = math.ceil(count / columns)
        gap = 3 * self.k
        wide = (across - gap * (columns - 1)) / columns
        title = self._panel_title(wide)
        tall = None if down is None else (down - self.strip - rows * (title + gap)) / rows
        found: list[tuple[int, Frame]] = []
        y = high = 0.0
        for panel in range(count):
            if panel and panel % columns == 0:
                y = high + gap
            for _, frame in self._one(panel, main, insets, wide, tall):
                x, above, w, h = frame.box
                box = (x + (panel % columns) * (wide + gap), above + y + title, w, h)
                high = max(high, box[1] + h)
                found.append((panel, replace(frame, box=box)))
        return found, high + self.strip

    def _panel_title(self, wide: float) -> float:
        lines = max((len(self._title_lines(p.title, wide)) for p in self.spec.panels), default=0)
        return lines * 7 * self.k * MM_PER_POINT * _LEADING + 0.8 * self.k

    def _title_lines(self, title: str, wide: float) -> list[str]:
        return wrap(clean(title, 120), wide, 7 * self.k, bold=True)

    def _entries(self, frames: Sequence[tuple[int, Frame]], shown: Sequence[Drawn]) -> list[Entry]:
        found = legend.merged(shown)
        if any(f.place.name == PARIS_NAME for _, f in frames):
            words = "emprise du carton « Paris et petite couronne »"
            line = Line(Path(np.zeros((1, 2))), self.palette.ink, 0.7, (1.6, 1.0))
            found.append(Entry("Limites", (95, 0), words, line))
        return found

    def _maps(self, paper: Paper, frames: Sequence[tuple[int, Frame]], shown: Sequence[Drawn], top: float, high: float) -> None:  # fmt: skip
        mains = [f for _, f in frames if not f.is_inset and not f.place.name]
        seen: set[int] = set()
        for (panel, frame), drawn in zip(frames, shown, strict=True):
            x, y, across, down = frame.box
            box = (_MARGIN + x, top + y, across, down)
            scene = frame.scene(self.k)
            inset = [] if frame.is_inset else self._inset_area(box, scene, frames, panel)
            self._map(paper, box, scene, drawn, inset)
            if frame.is_inset:
                furniture.inset_furniture(paper, box, scene, frame.place.name)
            elif frame.place.name:
                paper.frame(box, 0.35)
                size = 4.4 * max(1.0, paper.k * 0.9)
                size *= min(1.0, (box[2] - 0.8) / width(frame.place.name, size))
                paper.text(
                    box[0] + 0.4, box[1] + size * MM_PER_POINT + 0.1, frame.place.name, size, halo=True
                )
            else:
                for left, above, w, h in inset:
                    xs, ys = (
                        [left, left + w, left + w, left, left],
                        [above, above, above + h, above + h, above],
                    )
                    paper.stroke(xs, ys, 0.7, dash=(2.3, 1.4))
                paper.frame(box, 0.5)
            if self.spec.panels and panel not in seen:
                seen.add(panel)
                lines = self._title_lines(self.spec.panels[panel].title, across)
                self._panel_words(paper, lines, box)
        first = mains[0]
        strip = (_MARGIN + first.box[0], top + high - self.strip + 0.4, first.box[2], self.strip - 0.8)
        overseas = any(f.is_inset and f.place.zone is not zones.MAINLAND for _, f in frames)
        furniture.scale_strip(paper, strip, first.scene(self.k), overseas)

    def _panel_words(self, paper: Paper, lines: Sequence[str], box: Box) -> None:
        step = 7 * self.k * MM_PER_POINT * _LEADING
        for at, line in enumerate(lines):
            y = box[1] - 0.8 * self.k - (len(lines) - 1 - at) * step
            paper.text(box[0], y - 0.1 * step, line, 7 * self.k, weight="bold")

    def _map(self, paper: Paper, box: Box, scene: Scene, drawn: Drawn, inset: Sequence[Box]) -> None:
        axes = paper.map(box, scene.window)
        for fill in drawn.fills:
            add_fill(axes, fill, self.k)
        for line in drawn.lines:
            add_line(axes, line, self.k)
        if drawn.signs:
            xy = np.array([(s.x, s.y) for s in drawn.signs])
            looks = [s.point for s in drawn.signs], [s.colour for s in drawn.signs]
            add_signs(axes, xy, *looks, self.scale, self.palette)
        furniture.place_names(paper, box, scene, drawn, self.scale, inset)

    def _inset_area(
        self, box: Box, scene: Scene, frames: Sequence[tuple[int, Frame]], panel: int
    ) -> list[Box]:
        """On the main map, the rectangle that the Paris inset enlarges."""
        if scene.zone is not zones.MAINLAND:
            return []
        found = []
        per_mm = scene.metres_per_mm
        for other, frame in frames:
            if other == panel and frame.place.name == PARIS_NAME:
                west, south, east, north = frame.place.window
                x, y = box[0] + (west - scene.window[0]) / per_mm, box[1] + (scene.window[3] - north) / per_mm
                found.append((x, y, (east - west) / per_mm, (north - south) / per_mm))
        return found
