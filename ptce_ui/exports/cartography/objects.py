"""Objects and names of a map: which are in the frame, and the legend entries of their signs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ptce_data.places import KINDS, UNKNOWN
from ptce_ui import text, theme
from ptce_ui.exports.cartography import palette as colours
from ptce_ui.exports.cartography import zones
from ptce_ui.exports.cartography.marks import Drawn, Entry, Scene, Sign
from ptce_ui.exports.cartography.palette import Palette
from ptce_ui.exports.cartography.spec import Labels, Point, Points
from ptce_ui.exports.cartography.words import clean


def add_points(out: Drawn, layer: Points, scene: Scene, palette: Palette, rank: int) -> None:
    """Add the signs of the objects that lie in the frame."""
    placed = [p for p in layer.points if np.isfinite([p.lon, p.lat]).all()]
    if not placed:
        return
    west, south, east, north = scene.zone.reach
    placed = [p for p in placed if west <= p.lon <= east and south <= p.lat <= north]
    xy = zones.project(scene.zone, np.array([p.lon for p in placed]), np.array([p.lat for p in placed]))
    left, bottom, right, top = scene.window
    shown = [
        (float(x), float(y), p)
        for (x, y), p in zip(xy, placed, strict=True)
        if left <= x <= right and bottom <= y <= top
    ]
    out.signs += [Sign(x, y, p, colours.point_colour(p.type_key, palette)) for x, y, p in shown]
    _note_points(out, [p for _, _, p in shown], layer, palette, rank)


def _note_points(out: Drawn, shown: Sequence[Point], layer: Points, palette: Palette, rank: int) -> None:
    """Add to the legend the kinds, colours and flags of the points shown."""
    plain = palette.ink if all(p.type_key is None for p in shown) else palette.quiet
    kinds = [*KINDS, *sorted({p.kind for p in shown} - set(KINDS))]
    for place, kind in enumerate(k for k in kinds if any(p.kind == k for p in shown)):
        words = clean(text.KIND_LABELS.get(kind, kind), 60)
        out.entries[f"k:{kind}"] = Entry("Objets", (50, place), words, Point(0, 0, kind), plain)
    flags = (
        ("is_planned", "en projet (signe vide)", Point(0, 0, "tiers_lieu", is_planned=True)),
        ("is_approximate", "position approchée : centre du département ou de la région",
         Point(0, 0, "tiers_lieu", is_approximate=True)),
        ("is_own", "ajouté par l’étude (bord épais)", Point(0, 0, "tiers_lieu", is_own=True)),
    )  # fmt: skip
    for place, (flag, words, sample) in enumerate(flags):
        if any(getattr(p, flag) for p in shown):
            out.entries[f"f:{flag}"] = Entry("Objets", (51, place), words, sample, plain)
    types = {p.type_key for p in shown if p.type_key is not None}
    for place, key in enumerate(theme.TYPE_COLOURS):
        unknown = key == UNKNOWN
        if key in types or (unknown and types - set(theme.TYPE_COLOURS)):
            words = text.UNKNOWN_TEXT if unknown else clean(layer.type_labels.get(key, key), 80)
            colour = colours.point_colour(key, palette)
            entry = Entry(
                clean(layer.type_title, 80), (40 + rank, place), words, Point(0, 0, "tiers_lieu", key), colour
            )
            out.entries[f"t:{key}"] = entry


def add_labels(out: Drawn, layer: Labels, scene: Scene) -> None:
    """Add the names whose place lies in the frame."""
    for label in layer.labels:
        west, south, east, north = scene.zone.reach
        if not (west <= label.lon <= east and south <= label.lat <= north):
            continue
        ((x, y),) = zones.project(scene.zone, np.array([label.lon]), np.array([label.lat])).tolist()
        if scene.window[0] <= x <= scene.window[2] and scene.window[1] <= y <= scene.window[3]:
            out.labels.append((x, y, label))
