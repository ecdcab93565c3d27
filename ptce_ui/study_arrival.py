"""A link that names a territory leads to its study: at once on an empty desk, after asking on another."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from ptce_ui import study_perimeter, study_start, text
from ptce_ui.desk import Desk

_ARRIVED = "arrived"


def arrive(desk: Desk) -> None:
    """Begin the study of the place that the address names (`depart`), once; never over another one unasked."""
    place = desk.state.get("depart")
    if not place or desk.state.kept(_ARRIVED) == place:
        return
    if desk.is_untouched:
        study_perimeter.add(desk, place)
        desk.state.keep(_ARRIVED, place)
        return
    made = study_start.begun(desk.dataset, place, today=dt.date.today())
    if made is None or study_start.is_about(desk.study, place):
        desk.state.keep(_ARRIVED, place)
        return

    def begin() -> None:
        desk.state.keep(_ARRIVED, place)
        desk.open(made)

    st.info(
        f"Ce lien mène à «{text.NBSP}{text.escape_markdown(made.title)}{text.NBSP}», et votre étude «{text.NBSP}"
        f"{text.escape_markdown(desk.study.title)}{text.NBSP}» est ouverte : rien n’est remplacé sans vous.",
        icon=":material/edit_document:",
    )
    with st.container(horizontal=True):
        st.button("Commencer celle du lien", key="arrivee|oui", on_click=begin)
        st.button("Garder la mienne", key="arrivee|non", on_click=desk.state.keep, args=(_ARRIVED, place))
