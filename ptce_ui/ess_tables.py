"""The weight of the ESS as a reader's table. No Streamlit here."""

from __future__ import annotations

import pandas as pd

from ptce_data import sirene
from ptce_ui import text


def portrait(rows: pd.DataFrame) -> pd.DataFrame:
    """`sirene.portrait` as it is read: one row per indicator, masked values said so."""
    return pd.DataFrame(
        {
            "Indicateur": rows["label"].tolist(),
            "Unité": rows["unit"].tolist(),
            "Ici": [_value(r.value, r.is_masked, r.decimals) for r in rows.itertuples()],
            "France": [_value(r.national, False, r.decimals) for r in rows.itertuples()],
            "Groupe": rows["group"].tolist(),
            "Date": rows["year"].tolist(),
        }
    )


def _value(value: float, is_masked: bool, decimals: int) -> str:
    if is_masked:
        return str(sirene.MASKED)
    return text.UNKNOWN_TEXT if pd.isna(value) else text.number(value, decimals)
