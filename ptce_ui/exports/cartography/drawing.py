"""From layers to what is drawn in one frame: filled paths, lines, signs, names, and the legend's entries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from matplotlib.path import Path

from ptce_data.load import Dataset
from ptce_ui import text
from ptce_ui.exports.cartography import grades, objects, shapes, zones
from ptce_ui.exports.cartography import palette as colours
from ptce_ui.exports.cartography.marks import NO_PATH, Drawn, Entry, Fill, Line, Scene
from ptce_ui.exports.cartography.palette import Palette
from ptce_ui.exports.cartography.spec import (
    CategoryAreas,
    Layer,
    Outline,
    Perimeter,
    Points,
    QuantityAreas,
    Ring,
)
from ptce_ui.exports.cartography.words import clean

#: Level -> line width in points and words of its limits; the coarsest is the strongest.
_OUTLINES = {
    "communes": (0.2, "limite de commune"),
    "epci": (0.6, "limite d’EPCI"),
    "departements": (0.5, "limite de département"),
    "former_regions": (0.7, "limite de région d’avant 2016"),
    "regions": (0.9, "limite de région"),
}


def draw(dataset: Dataset, layers: Sequence[Layer], scene: Scene, palette: Palette) -> Drawn:
    """What `layers` show in `scene`, with one legend entry per sign that is really there."""
    out = Drawn()
    land = _areas(dataset, "regions", scene)
    if scene.region_code is None:
        _fill(out, land.polygons, palette.land)
    else:
        mine = land.regions == scene.region_code
        _fill(out, land.polygons[~mine], palette.far)
        _fill(out, land.polygons[mine], palette.land)
    for rank, layer in enumerate(layers):
        if isinstance(layer, CategoryAreas):
            _categories(out, dataset, layer, scene, palette, rank)
        elif isinstance(layer, QuantityAreas):
            _quantities(out, dataset, layer, scene, palette, rank)
        elif isinstance(layer, Outline):
            _outline(out, dataset, layer, scene, palette)
        elif isinstance(layer, (Perimeter, Ring)):
            _around(out, layer, scene, palette)
        elif isinstance(layer, Points):
            objects.add_points(out, layer, scene, palette, rank)
        else:
            objects.add_labels(out, layer, scene)
    return out


def _areas(dataset: Dataset, level: str, scene: Scene) -> shapes.Areas:
    return shapes.areas(dataset, level, scene.zone, scene.window, scene.metres_per_mm)


def _fill(out: Drawn, polygons: np.ndarray, colour: str, hatch: str = "", hatch_colour: str = "#000000", clip: Path | None = None) -> bool:  # fmt: skip
    path = shapes.path(polygons)
    if path is not None:
        out.fills.append(Fill(path, colour, hatch, hatch_colour, clip))
    return path is not None


def _filled(dataset: Dataset, layer: CategoryAreas | QuantityAreas, scene: Scene) -> tuple[shapes.Areas, Path | None]:  # fmt: skip
    """The areas a layer fills: those of the region shown and of its own perimeter; and what cuts them.

    An EPCI may lie in two regions: on the map of each, the part that is inside is filled.
    """
    found = _areas(dataset, layer.level, scene)
    kept = np.ones(len(found.codes), dtype=bool)
    clip: Path | None = None
    if scene.region_code is not None:
        kept &= found.regions == scene.region_code
        if layer.level == "epci":
            inside = set(
                dataset.communes.loc[dataset.communes["region_code"] == scene.region_code, "epci_siren"]
            )
            kept |= np.fromiter((c in inside for c in found.codes), bool, len(found.codes))
            land = _areas(dataset, "regions", scene)
            clip = shapes.path(land.polygons[land.regions == scene.region_code])
    if layer.within is not None:
        within = set(layer.within)
        kept &= np.fromiter((c in within for c in found.codes), bool, len(found.codes))
    return shapes.Areas(found.codes[kept], found.regions[kept], found.polygons[kept]), clip


def _categories(
    out: Drawn, dataset: Dataset, layer: CategoryAreas, scene: Scene, palette: Palette, rank: int
) -> None:
    found, clip = _filled(dataset, layer, scene)
    group = clean(layer.title, 80)
    index = {category.key: i for i, category in enumerate(layer.categories)}
    of = np.fromiter((index.get(layer.values.get(c, ""), -1) for c in found.codes), int, len(found.codes))
    for i, category in enumerate(layer.categories):
        face = category.dark_colour if palette.is_dark else category.colour
        ink = category.dark_hatch_colour if palette.is_dark else category.hatch_colour
        if _fill(out, found.polygons[of == i], face, category.hatch, ink, clip):
            swatch = Fill(NO_PATH, face, category.hatch, ink)
            out.entries[f"a{rank}:{category.key}"] = Entry(
                group, (rank, i), clean(category.label, 80), swatch
            )
    _unknown(out, found.polygons[of == -1], layer, palette, rank, clip)


def _unknown(
    out: Drawn, polygons: np.ndarray, layer: CategoryAreas | QuantityAreas, palette: Palette, rank: int,
    clip: Path | None,
) -> None:  # fmt: skip
    if _fill(out, polygons, palette.unknown, colours.UNKNOWN_HATCH, palette.hatch, clip):
        swatch = Fill(NO_PATH, palette.unknown, colours.UNKNOWN_HATCH, palette.hatch)
        words = clean(layer.none_label, 60)
        out.entries[f"a{rank}:?"] = Entry(clean(layer.title, 80), (rank, 99), words, swatch)


def _quantities(
    out: Drawn, dataset: Dataset, layer: QuantityAreas, scene: Scene, palette: Palette, rank: int
) -> None:
    found, clip = _filled(dataset, layer, scene)
    made = grades.grades(layer)
    group = clean(layer.title, 120)
    values = [layer.values.get(c) for c in found.codes]
    of = np.full(len(values), -2)
    for at, value in enumerate(values):
        if grades.is_known(value):
            step = made.index(float(value))  # type: ignore[arg-type]
            of[at] = -1 if step is None else step
    classes = [(-1, grades.ZERO_COLOUR, made.zero or "")]
    classes += [(i, c, t) for i, (c, t) in enumerate(zip(made.colours, made.texts, strict=True))]
    for i, colour, words in classes:
        if _fill(out, found.polygons[of == i], colour, clip=clip):
            out.entries[f"q{rank}:{i}"] = Entry(group, (rank, i + 1), clean(words), Fill(NO_PATH, colour))
    _unknown(out, found.polygons[of == -2], layer, palette, rank, clip)


def _outline(out: Drawn, dataset: Dataset, layer: Outline, scene: Scene, palette: Palette) -> None:
    path = shapes.path(_areas(dataset, layer.level, scene).polygons)
    if path is None:
        return
    width, words = _OUTLINES[layer.level]
    shade = {"communes": 0.0, "departements": 0.25, "epci": 0.35}.get(layer.level, 0.7)
    colour = colours.mix(palette.ink, palette.border, shade)
    out.lines.append(Line(path, colour, width))
    rank = (90, list(_OUTLINES).index(layer.level))
    # A hairline alone cannot be recognised in a legend: there it is a little stronger.
    out.entries[f"o:{layer.level}"] = Entry("Limites", rank, words, Line(NO_PATH, colour, max(width, 0.35)))


def _around(out: Drawn, layer: Perimeter | Ring, scene: Scene, palette: Palette) -> None:
    shape = zones.project_geometry(scene.zone, layer.geometry)
    if isinstance(layer, Ring):
        shape = shapely.buffer(
            shapely.union_all(np.atleast_1d(np.asarray(shape))), layer.km * 1000, quad_segs=32
        )
    if not shapely.intersects(shape, shapely.box(*scene.window)):
        return
    path = shapes.lines(shape)
    if path is None:
        return
    if isinstance(layer, Ring):
        words = (
            clean(layer.label, 90) or f"zone de {text.number(layer.km)}{text.NBSP}km alentour, à vol d’oiseau"
        )
        line = Line(path, palette.ink, 0.9, (3.2, 1.8))
        key, rank = f"r:{layer.km}:{words}", (91, round(layer.km))
    else:
        words = clean(layer.label, 90)
        line = Line(path, palette.ink, 1.7)
        key, rank = f"p:{words}", (89, 0)
    out.lines.append(line)
    out.entries[key] = Entry("Limites", rank, words, Line(NO_PATH, line.colour, line.width, line.dash))
