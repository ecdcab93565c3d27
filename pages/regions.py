"""Régions: two to ten areas side by side, comparable ones, and the two sets of regions."""

import streamlit as st

from ptce_ui import filters, frame, glossary, linkview, region_layers
from ptce_ui import region_views as views
from ptce_ui.pagestate import PageState

dataset = frame.open_page("regions")
state = PageState("regions", views.params(dataset))
frame.problems(state)
st.markdown(glossary.linked(frame.PAGES["regions"].question))
section = filters.sections(state, views.SECTIONS)
table, ids = views.draw(dataset, state, section)
layer = region_layers.layer(dataset, state, section, table)
frame.table_downloads(f"regions-{section}", table, dataset, ids, views.SECTIONS[section], layer)
linkview.link(state)
frame.sources(dataset, ids)
frame.footer()
state.save()
