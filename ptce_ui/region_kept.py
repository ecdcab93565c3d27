"""What the Régions page makes once for all readers: portraits, charts and tables, per version of the data."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from ptce_data import regional
from ptce_data.byversion import ByVersion
from ptce_ui import region_figures, region_tables, summaries
from ptce_ui.text import escape_markdown

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@st.cache_data(max_entries=128, show_spinner=False)
def portraits(version: str, level: str, codes: tuple[str, ...], _dataset: Dataset) -> str:
    """The portraits of areas, in Markdown; the version, the level and the codes tell them from others."""
    said = [" ".join(regional.profile(_dataset, level, code)) for code in codes]
    return "\n\n".join(escape_markdown(words) for words in said)


#: A data set is held by what was made of it: few, since a reader's own layers make one of their own.
_KEPT = 32


@lru_cache(maxsize=_KEPT)
def compared(key: ByVersion, level: str, within: str | None, codes: tuple[str, ...]) -> pd.DataFrame:
    """`regional.compare`, made once for all readers: read only."""
    return regional.compare(key.dataset, level, list(codes), within=within)


@lru_cache(maxsize=_KEPT)
def written(
    key: ByVersion, level: str, within: str | None, codes: tuple[str, ...], columns: tuple[tuple[str, str], ...],
    group: str, masked: frozenset[tuple[str, str]],
) -> pd.DataFrame:  # fmt: skip
    """The lines of one group in words (`region_tables.written`), `columns` being (code, name): read only."""
    registry = regional.registry(key.dataset)
    decimals = dict(zip(registry["indicator_id"], registry["decimals"], strict=True))
    rows = compared(key, level, within, codes)
    return region_tables.written(rows[rows["group"] == group], dict(columns), decimals, masked)


@lru_cache(maxsize=_KEPT)
def downloadable(
    key: ByVersion,
    level: str,
    within: str | None,
    codes: tuple[str, ...],
    columns: tuple[tuple[str, str], ...],
) -> pd.DataFrame:
    """What leaves the page as a file (`region_tables.downloadable`): read only."""
    rows = compared(key, level, within, codes)
    return region_tables.downloadable(rows, regional.registry(key.dataset), dict(columns))


@lru_cache(maxsize=_KEPT)
def dots(
    key: ByVersion, level: str, within: str | None, codes: tuple[tuple[str, str], ...], group: str, unit: str
) -> tuple[go.Figure, go.Figure] | None:
    """The chart of the indicators of one unit for `codes` (code, name), for the screen and as a picture.

    None without a value. Read only.
    """
    registry = regional.registry(key.dataset)
    rows = registry[
        (registry["group"] == group) & (registry["scope"] == "areas") & (registry["unit"] == unit)
    ]
    ids = rows["indicator_id"]
    everything = compared(key, level, within, tuple(code for code, _ in codes))
    some = everything[everything["indicator_id"].isin(ids)].copy()
    rates = dict(zip(ids, rows["is_rate"], strict=True))
    # A sum, and a share of France itself, have no place for France on the scale of its parts.
    comparable = some["indicator_id"].map(rates) & ~some["indicator_id"].str.endswith("_share")
    some["national"] = some["national"].where(comparable)
    others = regional.values(key.dataset, level)
    others = others[others["indicator_id"].isin(ids)]
    if not others["value"].notna().any():
        return None
    made = summaries.kept(region_figures.dots(some, others, dict(codes), unit, int(rows["decimals"].max())))
    return region_figures.merged(made), made
