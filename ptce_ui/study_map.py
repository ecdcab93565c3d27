"""The map of a study: communes or EPCI, perimeter, surroundings, places, and clicks that mean something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd
import shapely
import streamlit as st

from ptce_data.places import UNKNOWN
from ptce_data.study import Area, Outline
from ptce_ui import assets, classes, legend, maps, mapview, ownlayers, text
from ptce_ui.desk import Desk
from ptce_ui.theme import TYPE_AREA_COLOURS, TYPE_COLOURS

Pick = Callable[[dict[str, Any]], None]
#: Degrees: some 50 m, less than a pixel at the zoom of an EPCI.
_TOLERANCE: Final = 0.0005
#: A region's communes weigh up to a megabyte.
_MOST_REGIONS: Final = 3


def feature(shape: Any, role: str, **properties: Any) -> dict[str, Any]:
    """One GeoJSON feature of the reader's own (EPSG:4326), simplified for the screen."""
    drawn = shape.simplify(_TOLERANCE) if shape.geom_type != "Point" else shape
    return {
        "type": "Feature",
        "properties": {"role": role, **properties},
        "geometry": shapely.geometry.mapping(drawn),
    }


def outlines(
    desk: Desk, area: Area | None, trace: Sequence[tuple[float, float]] = ()
) -> dict[str, Any] | None:
    """Perimeter, surroundings, isochrone, own places and the outline being drawn, as one GeoJSON."""
    made: list[dict[str, Any]] = []
    if area is not None:
        if area.zone_geometry is not None:
            made.append(feature(area.zone_geometry, "zone"))
        made.append(feature(area.geometry, "perimetre"))
    isochrone: Outline | None = desk.study.access.isochrone
    if isochrone is not None:
        made.append(feature(isochrone.geometry(), "isochrone"))
    if len(trace) > 2:
        made.append(feature(shapely.Polygon(trace), "trace"))
    made += [feature(shapely.Point(point), "sommet") for point in trace]
    for place in desk.study.places:
        if place.lon is not None and place.lat is not None:
            role = "projet" if place.status == "planned" else "ajout"
            made.append(feature(shapely.Point(place.lon, place.lat), role))
    return {"type": "FeatureCollection", "features": made} if made else None


def draw(
    desk: Desk,
    key: str,
    area: Area | None,
    *,
    level: Literal["communes", "epci"] = "communes",
    region: str | None = None,
    shown: pd.Series | None = None,
    filled: classes.Classes | None = None,
    trace: Sequence[tuple[float, float]] = (),
    on_pick: Pick | None = None,
) -> None:
    """Draw the map; `shown` are uids of places of the atlas, `filled` the classes of areas (else their types).

    `region` is the region whose areas are drawn; without one, those of the perimeter and its surroundings.
    """
    dataset = desk.dataset
    inside = region or _regions(desk, area)
    drawn = maps.Areas(
        file=assets.areas_file(dataset, level, inside),
        level=level,
        weight=0.5,
        classes=_types(desk, level) if filled is None else filled.of,
        colours=list(TYPE_AREA_COLOURS.values()) if filled is None else filled.colours,
        none=TYPE_AREA_COLOURS[UNKNOWN] if filled is None else classes.NO_VALUE_COLOUR,
        is_partial=True,
    )
    points = None
    if shown is not None:
        mask = dataset.places["uid"].isin(shown).to_numpy()
        points = ownlayers.points(dataset, mask)
    group = maps.layers(
        points, drawn, outline=assets.areas_file(dataset, "regions"), view=_view(desk, area, inside),
        is_dark=st.context.theme.type == "dark", type_labels=type_labels(desk),
        extra=outlines(desk, area, trace), is_picking=on_pick is not None,
    )  # fmt: skip
    mapview.render(dataset, desk.state, key, group, lambda _, value: on_pick(value) if on_pick else None)


def _regions(desk: Desk, area: Area | None) -> str:
    """Codes of the regions to draw, those of most people first kept, joined by "+"."""
    if area is None:
        return str(desk.dataset.regions["region_code"].iloc[0])
    both = pd.concat([area.communes, area.surroundings])
    people = both.groupby("region_code")["population"].sum().sort_values(ascending=False)
    return "+".join(sorted(people.index[:_MOST_REGIONS]))


def type_labels(desk: Desk) -> dict[str, str]:
    """Type code -> French label, in the legend's order."""
    labels = text.Labels(desk.dataset.categories)
    return {t: labels.of("territory_type", t) for t in TYPE_COLOURS}


def show_legend(desk: Desk, with_signs: bool, with_own: bool) -> None:
    """What the map shows: areas, signs, the reader's own."""
    made = legend.classes(
        "Communes : type principal calculé",
        list(TYPE_AREA_COLOURS.values()),
        list(type_labels(desk).values()),
        None,
    )
    if with_signs:
        labels = text.Labels(desk.dataset.categories)
        made += legend.signs(labels, "Signes : type calculé à la commune", list(TYPE_COLOURS), False)
    own = [("━", "#6B7280", "périmètre"), ("╌", "#6B7280", "alentours")]
    if with_own:
        own += [
            ("⬤", "#6B7280", "lieu que vous ajoutez"),
            ("◯", "#6B7280", "lieu que vous ajoutez, en projet"),
        ]
    st.html(made + legend.marks(own))


def _types(desk: Desk, level: str) -> Mapping[str, int]:
    found = desk.dataset.territories
    if found is None:
        return {}
    index = {t: i for i, t in enumerate(TYPE_COLOURS)}
    table, code = (found.communes, "commune_insee") if level == "communes" else (found.epci, "epci_siren")
    known = table.dropna(subset=["territory_type"])
    return {c: index[t] for c, t in zip(known[code], known["territory_type"], strict=True)}


def _view(desk: Desk, area: Area | None, region: str) -> maps.View:
    kept: maps.View | None = desk.state.kept("view")
    if kept is not None:
        return kept
    if area is None:
        rows = desk.dataset.regions
        view = maps.bounds_of(rows[rows["region_code"].isin(region.split("+"))])
    else:
        shape = area.zone_geometry if area.zone_geometry is not None else area.geometry
        west, south, east, north = shape.bounds
        view = maps.View(((south, west), (north, east)))
        desk.state.keep("view", view)
    return view
