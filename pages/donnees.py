"""Données: what each table holds and where it comes from, how to take it away, how to add one's own."""

import streamlit as st

from ptce_ui import datasheet, filters, frame, glossary, linkview, open_views, own_views, text
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

SECTIONS = {"tables": "Les tables", "ouvrir": "Tout l’atlas, et son API", "couche": "Ajouter ma couche"}

dataset = frame.open_page("donnees")
titles = datasheet.titles()
state = PageState(
    "donnees",
    [
        Param("section", "one", tuple(SECTIONS), "tables"),
        Param("table", "one", tuple(titles), next(iter(titles))),
    ],
)
frame.problems(state)
st.markdown(glossary.linked(frame.PAGES["donnees"].question))

section = filters.sections(state, SECTIONS)
if section == "couche":
    own_views.draw(frame.dataset(), state)
elif section == "ouvrir":
    open_views.draw(frame.dataset())
else:
    # What is published: a reader's own layer is on the other pages.
    dataset = frame.dataset()
    name = filters.one(state, "table", "Table", titles)
    table = datasheet.rows(dataset, name)
    labels = text.Labels(dataset.categories)
    st.markdown(text.escape_markdown(datasheet.description(name)))
    missing = datasheet.completeness(table, name)
    frame.figures(datasheet.figures(table, missing))
    rows, dictionary, gaps = st.tabs(["Lignes", "Dictionnaire", "Ce qui manque"])
    with rows:
        frame.table(datasheet.readable(table, name), placeholder="inconnu", alt=f"Table {titles[name]}")
    with dictionary:
        frame.table(datasheet.dictionary(name, labels), alt=f"Dictionnaire de {titles[name]}")
    with gaps:
        st.markdown(
            "Part des lignes où une source donne la valeur. Une case vide veut dire inconnu, jamais zéro ni non."
        )
        frame.table(missing, column_config=datasheet.gap_columns(), alt=f"Complétude de {titles[name]}")
    ids = datasheet.source_ids(table)
    frame.table_downloads(name, table, dataset, ids, titles[name], datasheet.layer(dataset, name))
    linkview.link(state)
    frame.sources(dataset, ids, "Sources de cette table")
frame.footer()
state.save()
