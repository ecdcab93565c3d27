"""The interactive map as a page part: controls, drawing, what a click opens, legend."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from ptce_data import coverage, query
from ptce_data.places import AREA_PRECISIONS, UNKNOWN
from ptce_data.query import Level
from ptce_ui import (
    assets,
    classes,
    erratum,
    filters,
    frame,
    glossary,
    legend,
    maps,
    ownlayers,
    tables,
    text,
)
from ptce_ui.fiche import html as fiche_html
from ptce_ui.fiche import source_ids
from ptce_ui.pagestate import PageState
from ptce_ui.theme import TYPE_COLOURS
from ptce_ui.urlstate import Param

if TYPE_CHECKING:
    from ptce_data.load import Dataset

HEIGHT: Final = 560
MAP_KEY: Final = "carte_map"
MAINLAND: Final = "metropole"
OVERSEAS: Final = ("01", "02", "03", "04", "06")
INNER_LEVELS: Final = ("epci", "communes")
FILLS: Final = {
    "": "Aucun",
    "objets": "Nombre d’objets sélectionnés",
    "pour_100k": "Objets sélectionnés pour 100 000 habitants",
    "dispositifs": "Dispositifs de soutien documentés (hors État et UE)",
}
TILES: Final = {"": "Aucun (rien n’est demandé à un autre site)", "ign": "Plan IGN", "osm": "OpenStreetMap"}


def params(dataset: Dataset) -> list[Param]:
    """URL parameters of the map."""
    regions = tuple(dataset.regions["region_code"])
    return [
        Param("niveau", "one", tuple(text.LEVEL_LABELS), "regions"),
        Param("dans", "one", regions),
        Param("aplat", "one", tuple(FILLS)),
        Param("vue", "one", (MAINLAND, *OVERSEAS), MAINLAND),
        Param("fond", "one", tuple(TILES)),
        Param("couleur", "one", tuple(text.BASIS_LABELS), "commune"),
        Param("fiche", "one", (*dataset.places["uid"], *dataset.merged_uids)),
        Param("zone", "text"),
    ]


def settle(dataset: Dataset, state: PageState) -> None:
    """EPCI and communes are drawn inside one region: the one filtered, else the first."""
    if state.get("niveau") in INNER_LEVELS and not state.get("dans"):
        chosen = [r for r in state.get("region") if r != UNKNOWN]
        state.set("dans", chosen[0] if len(chosen) == 1 else str(dataset.regions["region_code"].iloc[0]))


def controls(dataset: Dataset, state: PageState) -> None:
    """What to draw under the points."""
    regions = filters.options(dataset)["regions"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = filters.one(state, "niveau", "Limites", text.LEVEL_LABELS)
        if level in INNER_LEVELS:
            inner = {c: n for c, n in regions.items() if c != UNKNOWN}
            filters.one(state, "dans", "Dans la région", inner)
        filters.one(state, "aplat", "Aplat sous les points", FILLS)
        filters.one(
            state,
            "couleur",
            "Couleur des signes",
            text.BASIS_LABELS,
            help="Le type calculé vient de nos règles (page Territoires) ; l’autre est celui qu’une source énonce.",
        )
        filters.one(
            state,
            "fond",
            "Fond de carte",
            TILES,
            help="Un fond envoie à l’IGN ou à OpenStreetMap l’adresse de votre poste et la zone regardée.",
        )


def draw(dataset: Dataset, state: PageState, selected: gpd.GeoDataFrame) -> classes.Classes | None:
    """Draw the map of the selection; return the classes of the choropleth, if any."""
    level: Level = state.get("niveau")
    inside = state.get("dans") if level in INNER_LEVELS else None
    filled = _classes(dataset, selected, level, state.get("aplat"), inside)
    areas = maps.Areas(
        file=assets.areas_file(dataset, level, inside),
        level=level,
        weight=0.6 if level in INNER_LEVELS else 1.0,
        classes=filled.of if filled else None,
        colours=filled.colours if filled else (),
        is_partial=inside is not None,
    )
    points = ownlayers.points(
        dataset,
        dataset.places.index.isin(selected.index),
        column=state.get("couleur"),
        chosen=state.get("fiche") or None,
    )
    labels = text.Labels(dataset.categories)
    group = maps.layers(
        points,
        areas,
        outline=assets.areas_file(dataset, "regions") if level in ("departements", *INNER_LEVELS) else None,
        view=_view(dataset, state, inside),
        tiles=state.get("fond") or None,
        is_dark=st.context.theme.type == "dark",
        type_labels={t: labels.of("territory_type", t) for t in TYPE_COLOURS},
        extra=ownlayers.outlines(dataset),
    )
    render(dataset, state, MAP_KEY, group, clicked)
    return filled


def render(
    dataset: Dataset,
    state: PageState,
    key: str,
    group: Any,
    on_click: Callable[[PageState, dict[str, Any]], None],
) -> None:
    """Draw the base map with one group of layers; a click is handed to `on_click(state, value)`."""
    st_folium(
        maps.base_map(dataset.files_version),
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=group,
        on_change=state.on_component(key, lambda value: on_click(state, value)),
    )


def clicked(state: PageState, value: dict[str, Any]) -> None:
    """Open the fiche of the place, or the schemes of the area, that was clicked."""
    place, area = value.get("place"), value.get("area")
    if isinstance(place, str):
        state.set("fiche", place)
        state.set("zone", "")
    elif isinstance(area, str) and isinstance(value.get("level"), str):
        state.set("zone", f"{value['level']}:{area}")
        state.set("fiche", "")


def picked(state: PageState, selected: pd.DataFrame, value: dict[str, Any]) -> None:
    """Open the fiche of the row chosen in the table of `selected`."""
    rows = value.get("selection", {}).get("rows", [])
    if rows and rows[0] < len(selected):
        clicked(state, {"place": selected["uid"].iloc[rows[0]]})


def _classes(
    dataset: Dataset, selected: pd.DataFrame, level: Level, fill: str, inside: str | None
) -> classes.Classes | None:
    if not fill:
        return None
    if fill == "dispositifs":
        rows, column = coverage.count_by_area(dataset, level), "schemes"
    else:
        rows, column = query.by_area(dataset, selected, level), "objects" if fill == "objets" else "per_100k"
    if inside is not None:
        own = getattr(dataset, level)
        rows = rows[rows["code"].isin(own.loc[own["region_code"] == inside, query.LEVEL_CODES[level]])]
    return classes.quantiles(rows["code"], rows[column], decimals=1 if column == "per_100k" else 0)


def _view(dataset: Dataset, state: PageState, inside: str | None) -> maps.View:
    chosen = [r for r in state.get("region") if r != UNKNOWN]
    view = state.get("vue")
    code = view if view != MAINLAND else inside or (chosen[0] if len(chosen) == 1 else None)
    if code is None:
        return maps.View()
    region = dataset.regions[dataset.regions["region_code"] == code]
    return maps.bounds_of(region) if len(region) else maps.View()


def views(dataset: Dataset, state: PageState, selected: pd.DataFrame) -> None:
    """One click to each overseas region, with what the selection holds there."""
    names = dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))
    held = selected.groupby("region_code")["object_id"].nunique()
    mainland = int(held.drop(index=[c for c in OVERSEAS if c in held.index]).sum())
    shown = {MAINLAND: f"Métropole : {text.number(mainland)}"}
    shown |= {c: f"{names.get(c, c)} : {text.number(int(held.get(c, 0)))}" for c in OVERSEAS}
    st.pills(
        "Aller à (objets sélectionnés)",
        list(shown),
        key=state.key("vue"),
        format_func=lambda c: shown[c],
        required=True,
    )


def show_legend(
    dataset: Dataset, state: PageState, selected: pd.DataFrame, filled: classes.Classes | None
) -> None:
    """Every sign on the map, explained."""
    labels = text.Labels(dataset.categories)
    basis = state.get("couleur")
    types = selected[text.BASIS_COLUMNS[basis]].fillna(UNKNOWN).unique().tolist()
    hollow = bool(selected["geo_precision"].isin(AREA_PRECISIONS).any())
    own = bool(selected["is_imported"].any()) or bool(dataset.own_layers)
    made = legend.signs(labels, text.BASIS_LABELS[basis], types, hollow, own)
    if filled is not None:
        none = (classes.NO_VALUE_COLOUR, "rien de documenté")
        title = f"{FILLS[state.get('aplat')]}, {text.LEVEL_EACH[state.get('niveau')]}"
        made += legend.classes(title, filled.colours, filled.texts, none)
    st.html(made)


def panel(dataset: Dataset, state: PageState, selected: pd.DataFrame) -> list[str]:
    """What a click opened, beside the map; returns the ids of the sources it shows."""
    labels = text.Labels(dataset.categories)
    uid, zone = state.get("fiche"), state.get("zone")
    if uid:
        st.button("Fermer la fiche", on_click=state.set, args=("fiche", ""), icon=":material/close:")
        st.html(fiche_html(dataset, uid, labels))
        ids = source_ids(dataset, uid)
        st.markdown("**Sources**\n" + "\n".join(_source_lines(dataset, ids)))
        erratum.button(dataset, uid)
        return ids
    level, _, code = zone.partition(":")
    if zone and level in query.LEVEL_CODES:
        return _schemes(dataset, state, level, code, labels)
    st.markdown(
        "Cliquez sur un **signe** ou sur une **ligne du tableau** pour ouvrir sa fiche, "
        "sur un **territoire** pour ses dispositifs de soutien. Au clavier : les flèches puis **Maj + Espace** dans le "
        "tableau, ou les flèches puis **Entrée** sur la carte."
    )
    basis = state.get("couleur")
    st.markdown(f"**La sélection par type de territoire** ({text.BASIS_LABELS[basis].lower()})")
    counted = tables.by_type(selected, labels, text.BASIS_COLUMNS[basis]).set_index("Type").map(text.number)
    st.table(counted.reset_index(), border="horizontal", hide_index=True)
    st.caption(glossary.linked(text.BASIS_NOTES[basis]))
    return []


def _source_lines(dataset: Dataset, ids: list[str]) -> list[str]:
    return [frame.source_line(row) for _, row in query.sources(dataset, ids).iterrows()]


def _schemes(dataset: Dataset, state: PageState, level: Any, code: str, labels: text.Labels) -> list[str]:
    found = coverage.of_area(dataset, level, code)
    areas = getattr(dataset, level)
    name = areas.loc[areas[query.LEVEL_CODES[level]] == code, "name"]
    title = text.escape_markdown(name.iloc[0]) if len(name) else text.escape_markdown(code)
    own = found[~found["level"].isin(["etat", "ue"])]
    st.button("Fermer", on_click=state.set, args=("zone", ""), icon=":material/close:")
    st.markdown(f"#### {title}")
    documented = text.count(len(own), "dispositif documenté", "dispositifs documentés")
    wide = text.count(len(found) - len(own), "autre", "autres")
    st.markdown(
        f"{documented} sur tout ou partie de ce territoire, et {wide} de l’État ou de l’Union européenne. "
        "L’état (ouvert, clos) est celui de la page à la date de sa source."
    )
    frame.table(
        tables.schemes(own if len(own) else found, labels),
        alt=f"Dispositifs de soutien documentés : {documented}",
        height=330,
    )
    return own["source_id"].tolist()
