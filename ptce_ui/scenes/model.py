"""What a scene shows, as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import plotly.graph_objects as go

from ptce_ui import text
from ptce_ui.exports.cartography import MapSpec
from ptce_ui.exports.document.model import Alignment
from ptce_ui.exports.slides.model import NativeChart

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

#: Lines that stay legible from the back of a room.
TOP: Final = 8


@dataclass(frozen=True)
class TableVisual:
    """A table of French texts; `alignments` has one item per column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True)
class MapVisual:
    """A map, drawn by `ptce_ui.exports.cartography.render`."""

    spec: MapSpec


@dataclass(frozen=True, eq=False)
class ChartVisual:
    """A chart of the screen, and the same for an office programme: `native`, else `table`."""

    figure: go.Figure
    native: NativeChart | None = None
    table: TableVisual | None = None


@dataclass(frozen=True)
class FiguresVisual:
    """Large figures: (label, value, what it is and is not)."""

    figures: tuple[tuple[str, str, str], ...]


Visual = MapVisual | ChartVisual | TableVisual | FiguresVisual


@dataclass(frozen=True, eq=False)
class SceneContent:
    """A scene ready to be drawn.

    `note`: what must stand under the visual (what is left out, and how many). `facts`: the figures behind
    the visual, as a table for those who do not see it. `sources`: ids of the table of sources, the most
    cited first. `problems`: French sentences on what the scene asks for and that could not be used.
    """

    title: str
    message: str
    notes: str
    note: str
    alt: str
    visual: Visual
    facts: pd.DataFrame
    sources: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Shown:
    """What a builder of a page returns: proposed words, and the visual."""

    title: str
    message: str
    alt: str
    visual: Visual
    facts: pd.DataFrame
    sources: Sequence[Any] = ()
    note: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class View:
    """What a builder is asked: the values of the URL, as the page reads them."""

    dataset: Dataset
    values: dict[str, Any]
    study: Study | None = None
    problems: tuple[str, ...] = field(default=())

    def get(self, name: str) -> Any:
        """The value of a parameter."""
        return self.values[name]

    @property
    def labels(self) -> text.Labels:
        """French labels of codes."""
        return text.Labels(self.dataset.categories)


def table(frame: pd.DataFrame, most: int = TOP) -> tuple[TableVisual, str]:
    """The first lines of a frame as texts, and what is said of the others."""
    kept = frame.head(most)
    right = [pd.api.types.is_numeric_dtype(frame[c]) for c in frame.columns]
    rows = tuple(tuple(cell(v) for v in line) for line in kept.itertuples(index=False))
    made = TableVisual(tuple(map(str, frame.columns)), rows, tuple("right" if r else "left" for r in right))
    return made, others(len(frame) - len(kept), "ligne", "lignes")


def others(left: int, singular: str, plural: str) -> str:
    """`Et 12 autres lignes.`; empty when nothing is left out."""
    if left <= 0:
        return ""
    return f"Et {text.number(left)}{text.NBSP}autre{'s' if left > 1 else ''} {plural if left > 1 else singular}, dans l’atlas."


def cell(value: object) -> str:
    """A cell as a French text; what is unknown says so."""
    if value is None or (not isinstance(value, (list, tuple, str)) and pd.isna(value)):  # type: ignore[call-overload]
        return text.UNKNOWN_TEXT
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        number = float(value)  # type: ignore[arg-type]
        return text.number(number, 0 if number.is_integer() else 1 if abs(number) >= 1 else 2)
    return str(value)


def cited(ids: Iterable[Any]) -> list[str]:
    """Ids out of cells that may hold several ("|"), the most cited first."""
    found = [i for v in ids if isinstance(v, str) for i in v.split("|") if i]
    counted = pd.Series(found, dtype="str").value_counts(sort=True)
    order = {i: n for n, i in enumerate(dict.fromkeys(found))}
    return sorted(map(str, counted.index), key=lambda i: (-int(counted[i]), order[i]))


def sentence(*parts: str) -> str:
    """Sentences joined, Markdown's bold taken away."""
    return " ".join(p.replace("**", "").strip() for p in parts if p.strip())


def nothing(title: str, message: str, problems: tuple[str, ...] = ()) -> Shown:
    """A scene that has nothing to show, and says why."""
    facts = pd.DataFrame({"Ce qui manque": [message]})
    return Shown(title, message, message, table(facts)[0], facts, problems=problems)
