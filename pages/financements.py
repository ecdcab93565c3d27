"""Financements: who pays for cooperation, shown as the sources tell it."""

import streamlit as st

from ptce_ui import exports, filters, frame, mapview
from ptce_ui import funding_views as views
from ptce_ui.pagestate import PageState

dataset = frame.open_page("financements")
state = PageState("financements", views.params(dataset))
frame.problems(state)
st.markdown(frame.PAGES["financements"].question)
section = filters.sections(state, views.SECTIONS)
shown, ids = views.draw(dataset, state, section)
if len(shown):
    frame.downloads(
        "financements",
        {
            "CSV de ce tableau": (
                f"financements-{section}.csv",
                "text/csv",
                lambda: exports.csv_bytes(shown),
            )
        },
    )
mapview.link(state)
frame.sources(dataset, ids)
frame.footer()
state.save()
