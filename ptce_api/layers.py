"""The collections of the API, made from the data set: one table of features each, with its description.

The rows are those of the Dataset: duplicates merged, unknown values null. Geometry is WGS 84
(longitude, latitude); a row whose place is unknown has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ptce_api import fields
from ptce_api.fields import Field
from ptce_data import layers as levels
from ptce_data import schema
from ptce_data.text import fold, split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

OBJECTS: Final = {"poles": "pole", "tiers_lieux": "tiers_lieu", "clusters": "cluster"}
CRS: Final = "OGC:CRS84"
#: Degrees, some 1 km: support schemes cover whole regions, whose exact outline is the collection `regions`.
_COVERED_TOLERANCE: Final = 0.01
_DTYPES: Final = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
#: Code prefix of `coverage_codes` -> level and its key. `FR` and `UE` have no outline here.
_AREAS: Final = {
    "REG": "regions",
    "ANCREG": "former_regions",
    "DEP": "departements",
    "EPCI": "epci",
    "COM": "communes",
}
_SEARCHED: Final = ("name", "commune_name", "theme", "sector", "operator", "summary", "short_description")


@dataclass(frozen=True)
class Layer:
    """One collection: `frame` has the columns of `fields`, then `geometry` (CRS84, None where unknown)."""

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    key: str
    fields: tuple[Field, ...]
    frame: gpd.GeoDataFrame

    def __deepcopy__(self, memo: dict[int, object]) -> Layer:
        """Itself: pygeoapi copies its whole configuration, where a frozen table needs no copy."""
        return self

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Identifier of a feature -> its row."""
        return {str(code): row for row, code in enumerate(self.frame[self.key])}

    def values(self, name: str, rows: np.ndarray) -> list[object]:
        """The values of a property in some rows, as Python's own; None where unknown."""
        taken = self.frame[name].array.take(rows)
        listed: list[object] = taken.to_numpy(dtype=object, na_value=None).tolist()
        return listed

    @cached_property
    def search_text(self) -> pd.Series:
        """What `q` searches: the names and texts of each row, folded."""
        parts = [self.frame[name].fillna("") for name in _SEARCHED if name in self.frame]
        joined = parts[0].str.cat(parts[1:], sep=" ") if len(parts) > 1 else parts[0]
        return joined.map(fold)

    @property
    def is_points(self) -> bool:
        """Whether the features are objects with a position, not territories with an outline."""
        return self.name in OBJECTS

    @cached_property
    def bbox(self) -> list[float]:
        """West, south, east, north of all known places; the whole world where none is known."""
        found = self.frame.geometry.total_bounds
        return [-180.0, -90.0, 180.0, 90.0] if pd.isna(found).any() else [float(v) for v in found]


def names() -> tuple[str, ...]:
    """The collections, in the order of the API."""
    return (*OBJECTS, "support_schemes", *levels.LEVELS)


def build(dataset: Dataset, name: str) -> Layer:
    """Make one collection. Raises KeyError for a name that is not in `names()`."""
    if name in OBJECTS:
        return _objects(dataset, name)
    return _schemes(dataset) if name == "support_schemes" else _level(dataset, name)


def _objects(dataset: Dataset, name: str) -> Layer:
    places = dataset.places[dataset.places["kind"] == OBJECTS[name]].set_index("uid")
    table = getattr(dataset, name)
    known = fields.of_table(dataset, name)
    have = {field.name for field in known}
    added = [field for field in fields.of_places(dataset) if field.name not in have]
    frame = table.copy()
    for field in added:
        if field.name not in frame:
            frame[field.name] = frame["uid"].map(places[field.name])
    points = frame["uid"].map(places.geometry)
    title, text = schema.table_text(name)
    return _layer(name, title, f"{text} Doublons réunis.", "id", [*known, *added], frame, points)


def _schemes(dataset: Dataset) -> Layer:
    known = fields.of_table(dataset, "support_schemes")
    frame = dataset.support_schemes.copy()
    frame["source_ids"] = frame["source_id"]
    known.append(Field("source_ids", "Sources", "Sources de la ligne, séparées par « | »."))
    find = _outlines(dataset)
    covered: dict[str, shapely.Geometry | None] = {}
    for cell in frame["coverage_codes"].dropna().unique():
        shapes = [find(code) for code in split_codes(cell)]
        whole = [shape for shape in shapes if shape is not None]
        # A part of what is covered would be taken for all of it.
        covered[cell] = shapely.union_all(whole) if whole and len(whole) == len(shapes) else None
    title, text = schema.table_text("support_schemes")
    text += (
        " Contour : le territoire couvert, simplifié à un kilomètre environ ; vide quand il est national, "
        "européen ou inconnu."
    )
    return _layer("support_schemes", title, text, "id", known, frame, frame["coverage_codes"].map(covered))


def _outlines(dataset: Dataset) -> Callable[[str], shapely.Geometry | None]:
    """A function from a code of `coverage_codes` to its simplified outline, None where there is none."""
    by_level = {
        level: getattr(dataset, level).set_index(levels.COLUMNS[level][0]).geometry
        for level in _AREAS.values()
    }

    def find(code: str) -> shapely.Geometry | None:
        prefix, _, area = code.partition("-")
        shapes = by_level.get(_AREAS.get(prefix, ""))
        if shapes is None or area not in shapes.index:
            return None
        return shapely.simplify(shapes.loc[area], _COVERED_TOLERANCE)

    return find


_LEVEL_TEXTS: Final = {
    "communes": (
        "Communes et leur type de territoire",
        "Communes de France (COG 2025), avec le type de territoire calculé par l’atlas et ses critères.",
    ),
    "epci": (
        "Intercommunalités et leur type de territoire",
        "Intercommunalités à fiscalité propre (COG 2025), avec leur type de territoire calculé.",
    ),
    "departements": ("Départements", "Départements de France (COG 2025)."),
    "regions": ("Régions", "Les dix-huit régions d’aujourd’hui."),
    "former_regions": ("Régions d’avant 2016", "Les vingt-sept régions d’avant la réforme de 2016."),
}


def _level(dataset: Dataset, name: str) -> Layer:
    columns = levels.COLUMNS[name]
    known = fields.of_level(name, columns)
    frame: pd.DataFrame = getattr(dataset, name)
    geometry = frame.geometry
    if name in ("communes", "epci"):
        types = fields.of_types(dataset, name)
        computed = getattr(dataset.territories, name, None)
        for field in types:
            values = None
            if computed is not None and field.name in computed:
                values = frame[columns[0]].map(computed.set_index(columns[0])[field.name])
            frame = frame.assign(**{field.name: values})
        known += types
    return _layer(name, *_LEVEL_TEXTS[name], columns[0], known, frame, geometry)


def _layer(
    name: str, title: str, text: str, key: str, known: list[Field], frame: pd.DataFrame, shapes: pd.Series
) -> Layer:
    typed = pd.DataFrame({field.name: _typed(frame[field.name], field.kind) for field in known})
    geometry = [None if s is None or pd.isna(s) or s.is_empty else s for s in shapes]
    made = gpd.GeoDataFrame(typed, geometry=gpd.GeoSeries(geometry, crs=CRS), crs=CRS)
    words = ("ESS", "France", "coopération économique territoriale", title)
    return Layer(name, title, text, words, key, tuple(known), made)


def _typed(values: pd.Series, kind: str) -> pd.Series:
    """Values of a JSON type, missing ones as NA: unknown is neither equal nor different."""
    return values.astype(_DTYPES[kind]).reset_index(drop=True)
