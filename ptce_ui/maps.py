"""Interactive maps: frame -> folium.Map. The only module that knows folium. No Streamlit here.

The map carries no data of its own. `static/atlas.js` fetches two files written by `ptce_ui.assets`
(places, boundaries), then receives which places to show as a bit mask. No string of the data ever
becomes HTML or JavaScript: codes and numbers travel as JSON, names in a JSON file read as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import numpy as np
import pandas as pd
from folium.template import Template

from ptce_data.places import KINDS
from ptce_ui import text, theme

#: From the map's frame (component/<name>/index.html) back to the application's static files,
#: whatever path the application is served under.
STATIC: Final = "../../app/static/"

FRANCE: Final = ((41.2, -5.3), (51.2, 9.7))
TILES: Final[Mapping[str, Mapping[str, str]]] = {
    "ign": {
        "url": "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=normal"
        "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&TILEMATRIXSET=PM&FORMAT=image/png"
        "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        "attribution": "© IGN – Géoplateforme",
    },
    "osm": {
        "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "attribution": "© les contributeurs d’OpenStreetMap",
    },
}
_WORDS: Final = {
    "others": "et {n} autre(s) ici\u00a0: cliquez pour la liste",
    "here": "{n} objets ici",
    "zoom": "Zoomer ici",
    "fingers": "Bougez la carte à deux doigts.",
    "map": "Carte interactive.",
    "keys": "Les flèches la déplacent, plus et moins changent l’échelle, Entrée ouvre ce qui est sous la croix du "
    "centre. Ce que montre la carte est aussi en tableau sur la page.",
    "zoom_in": "Agrandir",
    "zoom_out": "Réduire",
    "credit": "Limites : IGN, Insee 2025",
    "fault_areas": "Les limites administratives n’ont pas pu être lues ; les autres couches restent utilisables.",
    "fault_points": "Les lieux n’ont pas pu être lus ; les limites restent utilisables.",
}


@dataclass(frozen=True)
class Areas:
    """Boundaries to draw: the file, its level, and optionally a class per area code."""

    file: str
    level: str
    weight: float = 1.0
    classes: Mapping[str, int] | None = None
    colours: Sequence[str] = ()
    texts: Mapping[str, str] | None = None
    none: str = theme.NO_VALUE_COLOUR
    is_partial: bool = False


@dataclass(frozen=True)
class Points:
    """Places to draw: the file of all places, and which rows of it to show.

    `own_file` and `own_shown` are the same for the objects that this reader imported.
    """

    file: str
    shown: np.ndarray
    own_file: str | None = None
    own_shown: np.ndarray | None = None
    column: str = "commune"
    chosen: str | None = None


@dataclass(frozen=True)
class View:
    """What part of the world to show: ((south, west), (north, east)), in degrees."""

    bounds: tuple[tuple[float, float], tuple[float, float]] = FRANCE


class _Update(folium.FeatureGroup):
    """A feature group that draws nothing itself and hands one JSON value to `ptceAtlas.update`."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.featureGroup();"
        "ptceAtlas.update({{ this._parent.get_name() }}, {{ this.config }});"
        "{% endmacro %}"
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__(name="atlas", control=False)
        # "<" cannot open a tag and "{{" cannot be read as a template once written as escapes.
        raw = json.dumps(config, ensure_ascii=True, separators=(",", ":"))
        self.config = raw.replace("<", "\\u003c").replace("`", "\\u0060").replace("$", "\\u0024")


def base_map(version: str) -> folium.Map:
    """The unchanging map: Leaflet served by ourselves, no tiles. `version` busts caches."""
    made = folium.Map(
        location=(46.6, 2.4),
        zoom_start=5,
        tiles=None,
        max_zoom=18,
        min_zoom=3,
        zoom_snap=0.25,
        prefer_canvas=True,
    )
    made.default_js = [("map", f"{STATIC}vendor/map.js?v={version}")]
    made.default_css = [("leaflet", f"{STATIC}vendor/leaflet.css")]
    return made


def layers(
    points: Points | None,
    areas: Areas | None = None,
    outline: str | None = None,
    view: View | None = None,
    tiles: str | None = None,
    is_dark: bool = False,
    type_labels: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
    is_picking: bool = False,
) -> folium.FeatureGroup:
    """What is drawn on the base map. Equal arguments give equal output, so that nothing is redrawn.

    `extra` is a small GeoJSON of the reader's own outlines and points (property role: perimetre, zone,
    isochrone, trace, sommet, ajout, projet). With `is_picking` every click sends its position.
    """
    colours = theme.map_colours(is_dark)
    config: dict[str, Any] = {
        "theme": colours.__dict__,
        "words": _WORDS,
        "tiles": TILES.get(tiles or ""),
        "outline": STATIC + outline if outline else None,
        "land": areas is not None and areas.is_partial,
        "areas": _areas_config(areas),
        "points": _points_config(points, type_labels or {}, is_dark),
        "extra": extra,
        "pick": is_picking,
    }
    if view is not None:
        config["view"] = {"bounds": view.bounds, "id": repr(view.bounds)}
    config["id"] = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:12]
    return _Update(config)


def _areas_config(areas: Areas | None) -> dict[str, Any] | None:
    if areas is None:
        return None
    return {
        "url": STATIC + areas.file,
        "level": areas.level,
        "weight": areas.weight,
        "classes": areas.classes,
        "colours": list(areas.colours),
        "texts": areas.texts,
        "none": areas.none,
    }


def _points_config(
    points: Points | None, type_labels: Mapping[str, str], is_dark: bool
) -> dict[str, Any] | None:
    if points is None:
        return None
    own = points.own_file is not None and points.own_shown is not None
    return {
        "url": STATIC + points.file,
        "mask": _bits(points.shown),
        "own": {"url": f"{STATIC}{points.own_file}", "mask": _bits(points.own_shown)} if own else None,
        "column": points.column,
        "colours": list(theme.TYPE_COLOURS.values()),
        "edges": theme.sign_edges(is_dark),
        "types": [type_labels.get(t, t) for t in theme.TYPE_COLOURS],
        "kinds": [text.KIND_LABELS[k] for k in KINDS],
        "approximate": "position approchée",
        "imported": "importé",
        "chosen": points.chosen,
    }


def _bits(shown: np.ndarray | None) -> str:
    bits = np.packbits(np.asarray(shown, dtype=bool), bitorder="little")
    return base64.b64encode(bits.tobytes()).decode("ascii")


def bounds_of(frame: pd.DataFrame) -> View:
    """View that holds the geometry of a GeoDataFrame in EPSG:4326."""
    west, south, east, north = frame.total_bounds
    return View(((float(south), float(west)), (float(north), float(east))))
