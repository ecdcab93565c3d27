"""What a static map shows, said without drawing anything: frozen values that a builder or a page writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Format = Literal["svg", "png", "pdf"]
#: "france", a region code, (west, south, east, north) in degrees, or a shapely geometry in EPSG:4326.
Extent = Any


class CartographyError(ValueError):
    """A map that cannot be drawn; `sentence` says why to a reader, in French."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


@dataclass(frozen=True)
class Category:
    """One class of areas: its code, its words, its colours (light and dark paper) and its hatch."""

    key: str
    label: str
    colour: str
    dark_colour: str
    hatch: str = ""
    hatch_colour: str = "#1F2430"
    dark_hatch_colour: str = "#F4F4F5"


@dataclass(frozen=True)
class CategoryAreas:
    """Areas of a level filled by category: `values` is area code -> category key (missing = unknown).

    `within` limits the areas drawn (None: all those of the extent); an area without value is hatched
    grey and explained as `none_label`.
    """

    level: str
    values: Mapping[str, str]
    categories: tuple[Category, ...]
    title: str
    within: Collection[str] | None = None
    none_label: str = "non renseigné"


@dataclass(frozen=True)
class QuantityAreas:
    """Areas of a level graded by a quantity: `values` is area code -> number (missing or NaN = unknown).

    `method` chooses the classes: "rond" (round limits) or "quantiles" (equal numbers of areas, limits
    as they come); `limits`, inner limits in increasing order, overrides both, to share classes between maps.
    """

    level: str
    values: Mapping[str, float]
    title: str
    unit: str = ""
    method: Literal["rond", "quantiles"] = "rond"
    limits: tuple[float, ...] = ()
    within: Collection[str] | None = None
    none_label: str = "non renseigné"


@dataclass(frozen=True)
class Outline:
    """Limits of the areas of a level (regions, former_regions, departements, epci, communes)."""

    level: str


@dataclass(frozen=True)
class Perimeter:
    """A strong line around a geometry (EPSG:4326), named in the legend."""

    geometry: Any
    label: str = "périmètre d’étude"


@dataclass(frozen=True)
class Ring:
    """A dashed line at `km` around a geometry (EPSG:4326), measured in the projection of the map."""

    geometry: Any
    km: float
    label: str = ""


@dataclass(frozen=True)
class Point:
    """One object: `kind` gives the shape, `type_key` the colour (None: ink), the flags the fill and edge."""

    lon: float
    lat: float
    kind: str
    type_key: str | None = None
    is_planned: bool = False
    is_approximate: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Points:
    """Objects drawn by kind; `type_title` heads the legend of their colours."""

    points: tuple[Point, ...]
    type_title: str = "Type de territoire (couleur des signes)"
    type_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Label:
    """A name on the map; dropped where it would cover another, a sign or the edge."""

    lon: float
    lat: float
    text: str
    is_area: bool = False


@dataclass(frozen=True)
class Labels:
    """Names to place, the most important first."""

    labels: tuple[Label, ...]


Layer = CategoryAreas | QuantityAreas | Outline | Perimeter | Ring | Points | Labels


@dataclass(frozen=True)
class Panel:
    """One of several small maps that share a legend."""

    title: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class MapSpec:
    """A whole map: what is shown, of where, and the words around it.

    `layers` are drawn in their order; `panels`, where given, are small maps of the same extent, each
    with its own layers after the common ones. `dated` holds the date and version of the data, `note`
    what a reader must know, `alt` the text equivalent (SVG `<desc>`, PDF subject).
    """

    title: str
    subtitle: str = ""
    extent: Extent = "france"
    layers: tuple[Layer, ...] = ()
    panels: tuple[Panel, ...] = ()
    sources: str = ""
    dated: str = ""
    note: str = ""
    alt: str = ""
    sign_scale: float = 1.0
