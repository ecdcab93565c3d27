"""Données: what each table holds, where it comes from, what is missing, and how to take it away."""

import streamlit as st

from ptce_ui import datasheet, filters, frame, mapview, text
from ptce_ui.pagestate import PageState
from ptce_ui.urlstate import Param

dataset = frame.open_page("donnees")
titles = datasheet.titles()
state = PageState("donnees", [Param("table", "one", tuple(titles), next(iter(titles)))])
frame.problems(state)

st.markdown(frame.PAGES["donnees"].question)
name = filters.one(state, "table", "Table", titles)
table = datasheet.rows(dataset, name)
labels = text.Labels(dataset.categories)
st.markdown(text.escape_markdown(datasheet.description(name)))
missing = datasheet.completeness(table, name)
frame.figures(
    [
        ("Lignes", text.number(len(table)), "Lignes de la table, doublons réunis."),
        ("Colonnes", text.number(len(missing)), "Champs décrits dans le dictionnaire ci-dessous."),
        (
            "Cellules renseignées",
            datasheet.filled(missing),
            "Part des cellules dont une source donne la valeur.",
        ),
    ]
)
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

frame.table_downloads(name, table, dataset, datasheet.source_ids(table), titles[name])
mapview.link(state)
frame.sources(dataset, datasheet.source_ids(table), "Sources de cette table")
frame.footer()
state.save()
