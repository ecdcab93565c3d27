"""Espaces: saved studies, decks, budgets and layers, their versions, and who may open them."""

import streamlit as st

from ptce_ui import frame, space_views
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

space_views.enter()
dataset = frame.open_page("espace")
state = PageState("espace", [Param("espace", "text")])
st.markdown(frame.PAGES["espace"].question)
space_views.draw(frame.dataset(), state)
frame.footer()
state.save()
