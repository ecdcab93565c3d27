"""Where pictures are made: maps and charts drawn once, as the formats need them (SVG for PDF, PNG for DOCX)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ptce_ui.exports import cartography
from ptce_ui.exports.cartography import MapSpec
from ptce_ui.exports.cartography.output import named
from ptce_ui.exports.cartography.words import FAMILY, clean
from ptce_ui.exports.document import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ptce_data.load import Dataset

Kind = Literal["svg", "png"]
#: Width of the text of a page, in mm: maps are drawn at their printed size.
WIDTH_MM: Final = 164.0
MAP_DPI: Final = 180
CHART_DPI: Final = 180
INK: Final = "#1F2430"
QUIET: Final = "#565D6B"
RULE: Final = "#C9CED6"


@dataclass(frozen=True)
class Studio:
    """Draws for one report. `kinds`: the picture formats that the documents asked for need."""

    dataset: Dataset
    kinds: tuple[Kind, ...] = ("svg", "png")
    failed: list[str] = field(default_factory=list)

    def map(
        self,
        spec: MapSpec,
        caption: str,
        *,
        note: str = "",
        sources: Iterable[str] = (),
        height: float | None = None,
        width: float = 1.0,
    ) -> Picture:
        """A map as a picture of the text's width (or a share of it). Raises CartographyError."""
        made: dict[str, bytes] = {
            kind: cartography.render(self.dataset, spec, kind, WIDTH_MM * width, MAP_DPI, height)
            for kind in self.kinds
        }
        return Picture(
            alt=spec.alt or spec.title,
            caption=caption,
            svg=made.get("svg"),
            png=made.get("png"),
            width=width,
            note=note,
            source_ids=tuple(dict.fromkeys(sources)),
        )

    def chart(
        self,
        draw: Callable[[Chart], None],
        height_mm: float,
        caption: str,
        alt: str,
        *,
        note: str = "",
        sources: Iterable[str] = (),
        width: float = 1.0,
    ) -> Picture:
        """A chart drawn by `draw` on a sheet of the text's width (or a share of it) and `height_mm`."""
        sheet = Chart(WIDTH_MM * width, height_mm)
        draw(sheet)
        made = {kind: sheet.saved(kind, caption, alt) for kind in self.kinds}
        return Picture(
            alt=alt,
            caption=caption,
            svg=made.get("svg"),
            png=made.get("png"),
            width=width,
            note=note,
            source_ids=tuple(dict.fromkeys(sources)),
        )


class Chart:
    """A sheet measured in millimetres from its top left corner; no pyplot, no global state."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=72, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def text(
        self,
        x: float,
        y: float,
        words: object,
        size: float = 8.5,
        *,
        colour: str = INK,
        bold: bool = False,
        ha: str = "left",
        va: str = "center",
        longest: int = 90,
    ) -> None:
        """One line, drawn as it is: dollars and backslashes mean nothing."""
        self.axes.text(
            x, y, clean(words, longest), fontsize=size, family=FAMILY, color=colour, ha=ha, va=va,
            weight="bold" if bold else "normal", parse_math=False,
        )  # fmt: skip

    def box(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        fill: str,
        *,
        edge: str = "none",
        line: float = 0.6,
        hatch: str = "",
        dash: bool = False,
    ) -> None:
        """A rectangle from its top left corner, hatched or not."""
        from matplotlib.patches import Rectangle

        patch = Rectangle(
            (x, y), across, down, facecolor=fill, edgecolor=edge, linewidth=line, hatch=hatch or None,
            hatchcolor="#FFFFFF" if edge == "none" else edge, linestyle=(0, (2, 1.6)) if dash else "-",
        )  # fmt: skip
        patch.set_hatch_linewidth(0.5)
        self.axes.add_artist(patch)

    def line(self, xs: list[float], ys: list[float], colour: str = RULE, width: float = 0.6) -> None:
        """A line through points."""
        self.axes.plot(xs, ys, color=colour, linewidth=width, solid_capstyle="butt")

    def mark(
        self, x: float, y: float, shape: str, size: float, face: str, edge: str, line: float = 1.0
    ) -> None:
        """A sign `size` mm across."""
        self.axes.scatter(
            [x], [y], s=(size / 25.4 * 72) ** 2, marker=shape, c=[face], edgecolors=[edge], linewidths=line
        )

    def saved(self, kind: Kind, title: str, alt: str) -> bytes:
        """The sheet as SVG or PNG: the same drawing gives the same bytes."""
        out = io.BytesIO()
        more: dict[str, Any] = {"pil_kwargs": {"compress_level": 4}} if kind == "png" else {}
        dated: dict[str, str | None] = (
            {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        )
        dpi = CHART_DPI if kind == "png" else 72
        self.figure.savefig(out, format=kind, dpi=dpi, metadata=dated, **more)
        return out.getvalue() if kind == "png" else named(out.getvalue(), clean(title, 400), clean(alt, 4000))
