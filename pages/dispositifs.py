"""Dispositifs: the catalogue of support schemes, what is documented where, and which ones suit a project."""

import streamlit as st

from ptce_ui import filters, frame, glossary, linkview
from ptce_ui import scheme_views as views
from ptce_ui.exports import located
from ptce_ui.pagestate import PageState

dataset = frame.open_page("dispositifs")
state = PageState("dispositifs", views.params(dataset))
frame.problems(state)
st.markdown(glossary.linked(frame.PAGES["dispositifs"].question))
section = filters.sections(state, views.SECTIONS)
table, ids = views.draw(dataset, state, section)
layer = (
    (lambda: located.by_code(dataset, table, "regions", "region_code")) if "region_code" in table else None
)
frame.table_downloads(f"dispositifs-{section}", table, dataset, ids, views.SECTIONS[section], layer)
linkview.link(state)
frame.sources(dataset, ids)
frame.footer()
state.save()
