"""Conférence: a deck of scenes to compose, to present, and to take away."""

import streamlit as st

from ptce_ui import conference_files, filters, frame, glossary, stage
from ptce_ui import conference_views as views
from ptce_ui.pagestate import PageState

state = PageState("conference", views.params(frame.dataset()))
if state.get("presenter"):
    dataset = frame.open_stage("conference")
    views.first_deck(dataset, state)
    stage.draw(dataset, state, views.study())
else:
    dataset = frame.open_page("conference")
    frame.problems(state)
    st.markdown(glossary.linked(frame.PAGES["conference"].question))
    conference_files.arrive(dataset, state)
    section = filters.sections(state, views.SECTIONS)
    views.choose(dataset, state)
    ids = views.compose(dataset, state) if section == "composer" else conference_files.draw(dataset, state)
    frame.sources(dataset, ids)
    frame.footer()
state.save()
