"""What the Régions page shows as a layer: the same figures with the outlines of their areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from ptce_data import regional
from ptce_ui import region_tables as tables
from ptce_ui.exports import located
from ptce_ui.pagestate import PageState
from ptce_ui.region_views import CHOSEN, MOST

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def layer(
    dataset: Dataset, state: PageState, section: str, table: pd.DataFrame
) -> Callable[[], gpd.GeoDataFrame] | None:
    """What `draw` showed, with the outlines of its areas; None for before and after 2016."""
    level = state.get("proche_niveau" if section == "proches" else "niveau")
    if section in ("cartes", "proches"):
        return lambda: located.by_code(dataset, table, level, "Code")
    if section == "reforme":
        return None
    within = state.get("dans") if level == "departements" else None

    def compared() -> gpd.GeoDataFrame:
        names = tables.area_names(dataset, level)
        chosen = [code for code in state.get(CHOSEN[level]) if code in names][:MOST]
        rows = regional.compare(dataset, level, chosen, within=within)
        return located.comparison(dataset, level, rows, names)

    return compared
