"""What Streamlit cannot size from a style sheet: tables drawn on a canvas, on a telephone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

#: Pixels: of a first column that stays in place, less than the 60 % above which Streamlit lets it go.
_FIRST: Final = 172
_FIRST_BESIDE_BOXES: Final = 156
#: Pixels: Streamlit wraps the words of a cell in rows above 64 only; one line of words, and what surrounds them.
_WRAPS: Final = 68
_LINE: Final = 18
_AROUND: Final = 14
#: Letters that a first column holds on one line.
_SHORT: Final = 26


def is_phone() -> bool:
    """Whether the reader's browser says that it is a telephone's (`Mobi`, as browser vendors advise)."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def fitted(
    rows: pd.DataFrame, config: Mapping[str, Any], options: Mapping[str, Any], on_phone: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Column configuration and options of a table: on a phone its first column stays, names over several lines.

    Elsewhere both are given back as they came.
    """
    made, chosen = dict(config), dict(options)
    if not on_phone or rows.shape[1] < 2 or rows.empty:
        return made, chosen
    first = str(rows.columns[0])
    width = _FIRST_BESIDE_BOXES if "on_select" in options else _FIRST
    lengths = rows[rows.columns[0]].astype(str).str.len()
    given = made.get(first) or {}
    if int(lengths.max()) <= _SHORT:
        made[first] = {**given, "pinned": True}
        return made, chosen
    made[first] = {**given, "pinned": True, "width": width}
    # As high as nearly all names need: a few very long ones would stretch every row.
    lines = math.ceil(float(lengths.quantile(0.95)) / (_SHORT - 5))
    chosen.setdefault("row_height", max(_WRAPS, min(lines, 4) * _LINE + _AROUND))
    return made, chosen
