"""What the interactive maps hand out: the fixed map of the same view, and the atlas of a selection in one file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from ptce_data import opendata
from ptce_data.opendata import resources
from ptce_data.places import UNKNOWN
from ptce_ui import frame, pictureview, tables, text
from ptce_ui.exports import cartography, standalone
from ptce_ui.pagestate import PageState

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_ui.exports.cartography import MapSpec

#: Where the types come from, under the map.
TYPES_FROM: Final = "zonages Insee, ANCT et DGCL, recensements Insee ; calcul de l’atlas"
FRANCE: Final = "france"


def selection(dataset: Dataset, state: PageState, selected: gpd.GeoDataFrame) -> None:
    """The Carte page: exactly its selection as files, a fixed map and one HTML file that needs no network."""
    if selected.empty:
        return
    chosen = [code for code in state.get("region") if code != UNKNOWN]
    scope = chosen[0] if len(chosen) == 1 else FRANCE
    basis = text.BASIS_COLUMNS[state.get("couleur")]
    frame.table_downloads(
        "selection",
        selected,
        dataset,
        opendata.source_ids_of(dataset, selected),
        _title(selected),
        layer=lambda: selected,
        more={
            "Carte et tableaux sans réseau (HTML)": (
                "atlas-selection.html",
                "text/html",
                lambda: standalone.standalone(
                    dataset, selected, title=_title(selected), scope=scope, made_on=dt.date.today()
                ),
            )
        },
    )
    pictureview.take_away(dataset, "carte-fixe", lambda: selection_map(dataset, selected, scope, basis))


def selection_map(dataset: Dataset, selected: gpd.GeoDataFrame, scope: str, basis: str) -> MapSpec:
    """The fixed map of a selection of places, over France or one region."""
    ids = [i for cell in selected["source_ids"] for i in str(cell).split("|")]
    named = tables.publishers(dataset, ids).removeprefix("Sources : ").rstrip(".")
    return cartography.places_map(
        dataset, selected, scope, title=_title(selected), basis=basis, sources=named
    )


def _title(selected: gpd.GeoDataFrame) -> str:
    return f"PTCE, tiers-lieux et clusters : {text.count(len(selected), 'objet', 'objets')}"


def types(dataset: Dataset, state: PageState) -> None:
    """The Territoires page: its map by type as a fixed map."""
    scale, inside = state.get("echelle"), state.get("dans")
    pictureview.take_away(dataset, "types-fixe", lambda: types_map(dataset, scale, inside))


def types_layer(dataset: Dataset, state: PageState) -> gpd.GeoDataFrame:
    """The areas of the Territoires page's map, with their computed types and outlines (EPSG:4326)."""
    scale, inside = state.get("echelle"), state.get("dans")
    made = resources.areas(dataset, "communes" if scale in ("types", "communes") else "epci")
    return made[made["region_code"] == inside] if scale in ("communes", "epci") else made


def types_map(dataset: Dataset, scale: str, inside: str) -> MapSpec:
    """The fixed map of one scale of the Territoires page: France, or the region `inside`."""
    level = "communes" if scale in ("types", "communes") else "epci"
    extent = inside if scale in ("communes", "epci") else FRANCE
    return cartography.france_by_type(dataset, level, TYPES_FROM, extent)  # type: ignore[arg-type]
