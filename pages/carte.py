"""Carte: where the PTCE, tiers-lieux and clusters are, and on which type of territory."""

import streamlit as st

from ptce_data import query
from ptce_ui import filters, frame, glossary, linkview, mapview, tables, takeaway, text
from ptce_ui.pagestate import PageState

dataset = frame.open_page("carte")
state = PageState("carte", [*filters.params(dataset), *mapview.params(dataset)])
frame.problems(state)
mapview.settle(dataset, state)
selected = query.places(dataset, filters.selection(state))
labels = text.Labels(dataset.categories)

with st.container(key="annonce-carte"):
    st.markdown(f"{glossary.linked(frame.PAGES['carte'].question)} {tables.sentence(query.counts(selected))}")
left, right = st.columns([7, 4])
with left:
    classes = mapview.draw(dataset, state, selected)
    frame.let_it_draw(state)
    mapview.show_legend(dataset, state, selected, classes)
with right, st.container(height=mapview.HEIGHT, border=True, key="panneau-carte"):
    opened = mapview.panel(dataset, state, selected)
mapview.views(dataset, state, selected)
mapview.controls(dataset, state)
filters.draw(dataset, state)

if selected.empty:
    frame.empty(
        "Élargissez la recherche : aucun objet connu ne répond à tous ces filtres.", state, filters.names()
    )
shown = tables.places(dataset, selected)
frame.table(
    shown,
    key="carte_table",
    on_select=state.on_component("carte_table", lambda value: mapview.picked(state, selected, value)),
    selection_mode="single-row",
    alt=f"Tableau de la sélection : {len(shown)} objets",
)
takeaway.selection(dataset, state, selected)
linkview.link(state)
ids = (
    [i for cell in selected["source_ids"].unique() for i in cell.split("|")]
    + selected["type_source_id"].tolist()
    + opened
)
frame.sources(dataset, ids)
frame.footer()
state.save()
