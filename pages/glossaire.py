"""Glossaire: the domain's words, what they mean, who says so, and where the atlas uses them."""

import streamlit as st

from ptce_ui import frame, glossary, glossary_views, linkview
from ptce_ui.pagestate import PageState

dataset = glossary.start(frame.open_page("glossaire"), is_linking=False)
state = PageState("glossaire", glossary_views.params(dataset))
frame.problems(state)
st.markdown(frame.PAGES["glossaire"].question)
ids = glossary_views.draw(dataset, state)
linkview.link(state, is_scene=False)
frame.sources(dataset, ids)
frame.footer()
state.save()
