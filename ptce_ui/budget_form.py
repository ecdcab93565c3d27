"""What every form of a budget shares: columns of the editor, years, readers of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import streamlit as st

from ptce_data import budget as budgets
from ptce_data.funding import NATURES
from ptce_ui import budget_table

READERS: Final = {"csv": budgets.from_csv, "xlsx": budgets.from_xlsx, "json": budgets.from_json}
YEARS: Final = tuple(str(y) for y in range(2011, 2041))


def columns(years: Iterable[int]) -> dict[str, Any]:
    """Configuration of the columns of an editable budget."""
    label, side, category, nature, volunteer, ends = budget_table.LABELS[:6]
    categories = list(dict.fromkeys([*budgets.RESOURCES.values(), *budgets.USES.values()]))
    return {
        label: st.column_config.TextColumn(required=True, max_chars=200, width="medium"),
        side: st.column_config.SelectboxColumn(
            options=list(budgets.SIDES.values()), required=True, width="small"
        ),
        category: st.column_config.SelectboxColumn(options=categories, required=True, width="medium"),
        nature: st.column_config.SelectboxColumn(options=["", *NATURES.values()]),
        volunteer: st.column_config.SelectboxColumn(options=["", "oui"]),
        ends: st.column_config.TextColumn(
            max_chars=4, help="Dernière année d’une aide publique accordée pour un temps"
        ),
        **{
            str(y): st.column_config.NumberColumn(f"{y} (€)", min_value=0.0, default=0.0, format="localized")
            for y in years
        },
    }


def order(years: Iterable[int]) -> list[str]:
    """Columns in the order that shows the amounts of the years first, without scrolling."""
    first, rest = budget_table.LABELS[:3], budget_table.LABELS[3:6]
    return [*first, *(str(y) for y in years), *rest]
