"""Étude: a feasibility study for a social-innovation cluster, from a territory to a document."""

import streamlit as st

from ptce_ui import deckdesk, filters, frame, glossary, study_steps
from ptce_ui.desk import Desk
from ptce_ui.pagestate import PageState

dataset = frame.open_page("etude")
state = PageState("etude", study_steps.params(dataset))
frame.problems(state)
desk = Desk(dataset, state)
st.markdown(glossary.linked(frame.PAGES["etude"].question))
step = filters.sections(state, study_steps.STEPS)
study_steps.header(desk)
ids = study_steps.draw(desk, step)
deckdesk.add_view(state)
frame.sources(dataset, ids)
frame.footer()
state.save()
