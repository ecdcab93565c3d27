"""What the Régions page makes once for all readers: portraits in sentences and charts, per version of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ptce_data import regional
from ptce_ui import region_figures

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@st.cache_data(max_entries=512, show_spinner=False)
def portrait(version: str, level: str, code: str, _dataset: Dataset) -> str:
    """The portrait of one area, in sentences; the version, the level and the code tell it from others."""
    return " ".join(regional.profile(_dataset, level, code))


@st.cache_resource(max_entries=64, show_spinner=False)
def dots(
    version: str, level: str, group: str, unit: str, codes: tuple[str, ...],
    _rows: pd.DataFrame, _others: pd.DataFrame, _chosen: dict[str, str], _decimals: int,
) -> go.Figure:  # fmt: skip
    """The chart of one choice, made once for all readers: read only. The first five arguments tell it from others."""
    return region_figures.dots(_rows, _others, _chosen, unit, _decimals)
