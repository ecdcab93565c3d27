"""The button on every fiche that prepares the report of an error: text to copy, nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ptce_data import errata
from ptce_ui import text

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@st.fragment
def button(dataset: Dataset, ref: str) -> None:
    """Prepare a report on one row: `ref` is a uid, or `table:key` (see `ptce_data.errata`)."""
    drawer = st.popover("Signaler une erreur", icon=":material/flag:", key=f"erreur|{ref}", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        titles = {field.name: field.title for field in errata.fields(dataset, ref)}
        field = st.selectbox(
            "Ce qui est faux ou manque",
            list(titles),
            format_func=titles.__getitem__,
            key=f"erreur|champ|{ref}",
        )
        st.code(errata.report_text(dataset, ref, field), language=None, wrap_lines=True)
        st.caption(text.PREPARED)
