"""The weight of the social economy (ESS) on the pages: its figures, or that it is not computed and how it would be."""

from __future__ import annotations

import streamlit as st

from ptce_data import sirene
from ptce_ui import ess_tables, frame, text


@st.fragment
def draw(level: str, code: str, name: str) -> None:
    """The weight of the ESS in one area, written when it is opened."""
    found = sirene.state()
    title = text.escape_markdown(f"Poids de l’économie sociale et solidaire, {name}")
    drawer = st.expander(
        title if found.is_computed else f"{title} : {sirene.NOT_COMPUTED}",
        icon=":material/diversity_3:", key=f"ess|{level}|{code}", on_change="rerun",
    )  # fmt: skip
    if not drawer.open:
        return
    with drawer:
        if not found.is_computed:
            missing()
            return
        rows = sirene.portrait(level, code)
        if rows.empty:
            st.info("Ce territoire n’est pas dans le résultat.")
            return
        frame.table(ess_tables.portrait(rows), alt=f"Poids de l’ESS, {name} et France", height="content")
        st.caption(text.escape_markdown(f"{found.said} {found.secrecy}"))


@st.fragment
def note() -> None:
    """Where indicators are compared: nothing when they are there, else how they would be."""
    if sirene.state().is_computed:
        return
    drawer = st.expander(
        f"Poids de l’économie sociale et solidaire : {sirene.NOT_COMPUTED}", icon=":material/diversity_3:",
        key="ess|note", on_change="rerun",
    )  # fmt: skip
    if drawer.open:
        with drawer:
            missing()


def missing() -> None:
    """That nothing is computed, and how an operator gets it."""
    found = sirene.state()
    st.markdown(text.escape_markdown(found.said))
    st.markdown(text.escape_markdown(found.how.said))
    st.caption("Rien n’est estimé en attendant. Page : docs/poids-de-l-ess.md.")
