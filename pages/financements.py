"""Financements: who pays for cooperation, shown as the sources tell it."""

import streamlit as st

from ptce_ui import filters, frame, glossary, linkview
from ptce_ui import funding_views as views
from ptce_ui.pagestate import PageState

dataset = frame.open_page("financements")
state = PageState("financements", views.params(dataset))
frame.problems(state)
st.markdown(glossary.linked(frame.PAGES["financements"].question))
section = filters.sections(state, views.SECTIONS)
shown, ids = views.draw(dataset, state, section)
frame.table_downloads(f"financements-{section}", shown, dataset, ids, views.SECTIONS[section])
linkview.link(state)
frame.sources(dataset, ids)
frame.footer()
state.save()
