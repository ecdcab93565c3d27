"""Ready-made maps: the data of the atlas as a MapSpec."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, TypedDict

import numpy as np
import pandas as pd
import shapely

from ptce_data.layers import COLUMNS
from ptce_data.load import Dataset
from ptce_data.places import AREA_PRECISIONS, UNKNOWN
from ptce_ui import text
from ptce_ui.exports.cartography import grades, zones
from ptce_ui.exports.cartography.palette import type_categories
from ptce_ui.exports.cartography.spec import (
    CartographyError,
    CategoryAreas,
    Extent,
    Label,
    Labels,
    Layer,
    MapSpec,
    Outline,
    Panel,
    Perimeter,
    Point,
    Points,
    QuantityAreas,
    Ring,
)

BOUNDARIES: Final = "Limites : IGN, Insee 2025."
_LEVELS: Final = {"communes": "à la commune", "epci": "à l’EPCI"}


class Credit(TypedDict):
    """The words at the foot of a map."""

    sources: str
    dated: str


def credit(dataset: Dataset, sources: str = "") -> Credit:
    """The words at the foot: `sources` then those of the boundaries, and the version of the data."""
    joined = f"Sources : {sources.rstrip(' .;')}. {BOUNDARIES}" if sources else BOUNDARIES
    return {"sources": joined, "dated": f"Version des données : {dataset.version_said}"}


def type_areas(dataset: Dataset, level: Literal["communes", "epci"] = "epci", within: Collection[str] | None = None) -> CategoryAreas:  # fmt: skip
    """Areas of communes or EPCI filled by their computed territory type."""
    labels = text.Labels(dataset.categories)
    words = {code: labels.of("territory_type", code) for code in labels.codes("territory_type")}
    values: dict[str, str] = {}
    if dataset.territories is not None:
        frame = getattr(dataset.territories, level)
        known = frame[frame["territory_type"].notna()]
        values = dict(zip(known[COLUMNS[level][0]], known["territory_type"], strict=True))
    title = f"Type de territoire, {_LEVELS[level]}"
    return CategoryAreas(level, values, type_categories(words), title, within)


def points(dataset: Dataset, places: pd.DataFrame | None, own: pd.DataFrame | None = None, basis: str | None = "territory_type") -> Points:  # fmt: skip
    """Objects with a position, those of the data then the user's own.

    `places` has the columns of Dataset.places that it knows (lon, lat, kind; optional status,
    geo_precision, is_planned and the column `basis`, which gives the colour; None: ink). `own` has
    lon, lat, kind and optional is_planned.
    """
    made: list[Point] = []
    for frame, is_own in ((places, False), (own, True)):
        if frame is None or frame.empty:
            continue
        known = [
            c for c in ("lon", "lat", "kind", "is_planned", "status", "geo_precision", basis) if c in frame
        ]
        for row in pd.DataFrame(frame)[known].to_dict("records"):
            lon, lat = row.get("lon"), row.get("lat")
            if not (grades.is_known(lon) and grades.is_known(lat)):
                continue
            key = None if basis is None or is_own else _type(row.get(basis))
            planned = row.get("is_planned")
            made.append(
                Point(
                    float(lon),
                    float(lat),
                    str(row.get("kind") or "tiers_lieu"),
                    key,  # type: ignore[arg-type]
                    planned is True or planned is np.True_ or row.get("status") == "en_projet",
                    row.get("geo_precision") in AREA_PRECISIONS,
                    is_own,
                )
            )
    labels = text.Labels(dataset.categories)
    words = {code: labels.of("territory_type", code) for code in labels.codes("territory_type")}
    return Points(tuple(made), type_labels=words)


def france_by_type(dataset: Dataset, level: Literal["communes", "epci"] = "epci", sources: str = "", extent: Extent = "france") -> MapSpec:  # fmt: skip
    """The territory types of France (or of a region), by EPCI or commune."""
    where = "" if extent == "france" else _region_name(dataset, extent)
    title = f"Les types de territoires {'en France' if not where else '– ' + where}"
    found = type_areas(dataset, level)
    counts = pd.Series(list(found.values.values()), dtype="str").value_counts()
    told = [f"{c.label.lower()} {text.number(int(counts.get(c.key, 0)))}" for c in found.categories]
    alt = f"Carte des types de territoires, {_LEVELS[level]}. En France entière : {', '.join(told)}."
    words = "Type calculé par les règles de l’atlas à partir des zonages officiels et des recensements"
    return MapSpec(
        title, words, extent, (found, Outline("regions" if not where else "departements")), alt=alt,
        **credit(dataset, sources),
    )  # fmt: skip


def places_map(dataset: Dataset, places: pd.DataFrame, extent: Extent = "france", *, title: str = "", basis: str | None = "territory_type", on_types: bool = False, sources: str = "") -> MapSpec:  # fmt: skip
    """Objects over France, a region or bounds. `on_types` tells types by the areas (hatched, so that
    they are told apart in grey) and draws the signs in ink."""
    signs = points(dataset, places, basis=None if on_types else basis)
    national = isinstance(extent, str) and extent == "france"
    under: tuple[Layer, ...] = (type_areas(dataset, "epci"),) if on_types else ()
    lines: tuple[Layer, ...] = (
        (Outline("regions"),) if national else (Outline("departements"), Outline("regions"))
    )
    said, note = _said(signs, places, "aucun objet")
    if len(signs.points) > 300:
        note = f"{note} Là où les objets sont nombreux, leurs signes se recouvrent.".strip()
    alt = f"Carte de {said}."
    return MapSpec(title or "Pôles, tiers-lieux et clusters", said, extent, (*under, *lines, signs), note=note, alt=alt, sign_scale=1.0 if national else _scale(len(signs.points)), **credit(dataset, sources))  # fmt: skip


def region_map(dataset: Dataset, region_code: str, places: pd.DataFrame | None = None, *, areas: Layer | None = None, title: str = "", sources: str = "", with_names: bool = True) -> MapSpec:  # fmt: skip
    """A region: its EPCI (overseas: communes) by type, or `areas`; its places (default: those of the data) and its départements."""
    name = _region_name(dataset, region_code)
    if places is None:
        places = dataset.places[dataset.places["region_code"] == region_code]
    signs = points(dataset, places, basis=None)
    # Overseas an EPCI is half an island, and its type often unknown: its communes say more.
    level: Literal["communes", "epci"] = (
        "epci" if zones.of_region(region_code) is zones.MAINLAND else "communes"
    )
    here = dataset.departements[dataset.departements["region_code"] == region_code]
    lines = (Outline("departements"), Outline("regions")) if len(here) > 1 else (Outline("regions"),)
    layers: list[Layer] = [areas or type_areas(dataset, level), *lines, signs]
    if with_names:
        towns = dataset.communes[dataset.communes["region_code"] == region_code].nlargest(6, "population")
        layers.append(Labels((*_named(towns, False), *(_named(here, True) if len(here) > 1 else ()))))
    said, note = _said(signs, places, "aucun objet connu")
    alt = f"Carte de la région {name} : {said}."
    return MapSpec(title or name, said, region_code, tuple(layers), note=note, alt=alt, sign_scale=_scale(len(signs.points)), **credit(dataset, sources))  # fmt: skip


def quantity_map(dataset: Dataset, level: str, frame: pd.DataFrame, title: str, unit: str = "", extent: Extent = "france", *, legend_title: str = "", method: Literal["rond", "quantiles"] = "rond", sources: str = "", note: str = "") -> MapSpec:  # fmt: skip
    """Areas of `level` graded by `frame` (columns code, value; a missing value is unknown)."""
    values = _values(frame)
    layer = QuantityAreas(level, values, legend_title or _unit_title(title, unit), unit, method)
    known = [v for v in values.values() if grades.is_known(v)]
    span = f" : de {grades.said(min(known), unit, 1)} à {grades.said(max(known), unit, 1)}" if known else ""
    alt = f"Carte : {title}, {text.LEVEL_EACH.get(level, '')}{span}."
    return MapSpec(title, _each(level), extent, (layer, *_limits(level)), note=note, alt=alt, **credit(dataset, sources))  # fmt: skip


def small_multiples(dataset: Dataset, level: str, frames: Mapping[str, pd.DataFrame], unit: str = "", *, title: str = "", legend_title: str = "", extent: Extent = "france", sources: str = "") -> MapSpec:  # fmt: skip
    """Small maps side by side with the same classes and one legend; `frames` is title -> (code, value)."""
    every = {name: _values(frame) for name, frame in frames.items()}
    known = np.array([float(v) for values in every.values() for v in values.values() if grades.is_known(v)])
    limits = grades.inner_limits([known[known != 0] if (known >= 0).all() else known], "rond")
    head = legend_title or _unit_title(title, unit)
    panels = tuple(
        Panel(name, (QuantityAreas(level, values, head, unit, limits=limits), *_limits(level)))
        for name, values in every.items()
    )
    alt = f"{len(panels)} cartes : {text.join(list(frames))}."
    return MapSpec(title, _each(level), extent, (), panels, alt=alt, **credit(dataset, sources))  # fmt: skip


def perimeter_map(dataset: Dataset, communes_codes: Collection[str], geometry: Any = None, zone_km: float = 0, existing: pd.DataFrame | None = None, own: pd.DataFrame | None = None, *, areas: Layer | None = None, title: str = "Le périmètre et ses alentours", sources: str = "", note: str = "", name_count: int = 14) -> MapSpec:  # fmt: skip
    """A study's perimeter: its communes (by type, or `areas`), the zone around, what exists, what is added.

    `geometry` (EPSG:4326) replaces the union of the communes as the perimeter's outline. Raises
    CartographyError when neither gives an area.
    """
    mine = dataset.communes[dataset.communes["commune_insee"].isin(set(communes_codes))]
    shape = shapely.union_all(mine.geometry.values) if geometry is None else geometry
    if shape is None or shape.is_empty:
        raise CartographyError("Le périmètre est vide : choisissez au moins une commune.")
    extent = _around(shape, max(zone_km, 0.0))
    signs = points(dataset, existing, own, basis=None)
    west, south, east, north = extent
    communes = dataset.communes
    near = communes[communes["lon"].between(west, east) & communes["lat"].between(south, north)]
    first = mine.nlargest(name_count // 2 + 1, "population")
    others = near[~near["commune_insee"].isin(mine["commune_insee"])].nlargest(name_count // 2, "population")
    filled = areas or type_areas(dataset, "communes", frozenset(mine["commune_insee"]))
    layers: list[Layer] = [filled, Outline("communes"), Outline("epci"), Perimeter(shape)]
    layers += [Ring(shape, zone_km)] if zone_km > 0 else []
    layers += [signs, Labels((*_named(first, False), *_named(others, False)))]
    people = text.number(int(mine["population"].sum()))
    words = (
        f"{text.count(len(mine), 'commune', 'communes')}, {people}{text.NBSP}habitants" if len(mine) else ""
    )
    alt = f"Carte du périmètre d’étude ({words}) : {text.count(len(signs.points), 'objet', 'objets')}."
    return MapSpec(title, words, extent, tuple(layers), note=note, alt=alt, **credit(dataset, sources))


def _around(shape: Any, km: float) -> tuple[float, float, float, float]:
    """Bounds in degrees of a geometry and `km` around it."""
    west, south, east, north = shape.bounds
    up = km / 111.2
    across = up / max(0.2, float(np.cos(np.radians(max(abs(south), abs(north))))))
    return (west - across, south - up, east + across, north + up)


def _named(frame: pd.DataFrame, is_area: bool) -> tuple[Label, ...]:
    rows = zip(frame["lon"], frame["lat"], frame["name"], strict=True)
    return tuple(Label(float(lon), float(lat), str(name), is_area) for lon, lat, name in rows)


def _region_name(dataset: Dataset, code: Extent) -> str:
    names = dict(zip(dataset.region_codes["region_code"], dataset.region_codes["name"], strict=True))
    return names.get(code, "") if isinstance(code, str) else ""


def _values(frame: pd.DataFrame) -> dict[str, float]:
    known = frame[frame["value"].notna()]
    return {str(c): float(v) for c, v in zip(known["code"], known["value"], strict=True)}


def _type(value: object) -> str:
    return value if isinstance(value, str) and value else UNKNOWN


def _each(level: str) -> str:
    words = text.LEVEL_EACH.get(level, "")
    return words[:1].upper() + words[1:]


def _said(signs: Points, frame: pd.DataFrame | None, none: str) -> tuple[str, str]:
    """How many objects of each kind are drawn; and what a reader must know of those that are not."""
    counts = pd.Series([p.kind for p in signs.points], dtype="str").value_counts()
    nouns = [text.count(int(counts[k]), *text.KIND_NOUNS[k]) for k in text.KIND_NOUNS if k in counts]
    absent = (0 if frame is None else len(frame)) - len(signs.points)
    words = text.join(nouns) or none
    note = f"{text.count(absent, 'objet', 'objets')} sans position connue : non dessiné{'s' if absent > 1 else ''}."
    return words[:1].upper() + words[1:], note if absent > 0 else ""


def _scale(count: int) -> float:
    """Smaller signs where there are many."""
    return 1.0 if count < 120 else 0.85 if count < 300 else 0.7


def _unit_title(title: str, unit: str) -> str:
    return f"{title} ({unit})" if unit and len(title) < 60 else title or unit


def _limits(level: str) -> tuple[Layer, ...]:
    if level == "departements":
        return (Outline("departements"), Outline("regions"))
    return (Outline("regions"),) if level in ("epci", "communes") else (Outline(level),)
