"""Accueil: what the atlas is, a search, three doors by use, key figures with their limits, every page."""

import streamlit as st

from ptce_data import query
from ptce_data.selection import EVERYTHING
from ptce_ui import frame, glossary, home, home_views, linkview, text
from ptce_ui.pagestate import PageState

dataset = frame.open_page("accueil")
state = PageState("accueil", home.params(dataset))
frame.problems(state)

st.markdown(
    glossary.linked(
        "Où sont les **pôles territoriaux de coopération économique** (PTCE), les **tiers-lieux**, les **clusters** "
        "et les **dispositifs de soutien** ? Sur quel type de territoire, financés par qui, et un nouveau cluster "
        "serait-il faisable ici ? Chaque chiffre porte sa source, sa date et son périmètre."
    )
)
home_views.search(dataset, state)
home_views.doors(dataset, state)

st.subheader("Ce que l’atlas contient")
frame.figures(home.figures(dataset, query.counts(query.places(dataset, EVERYTHING))))
for other in [page for page in frame.PAGES.values() if page.is_in_menu][1:]:
    st.page_link(other.path, label=f"**{other.label}** – {other.question}", icon=other.icon)

st.subheader("Ce que ces données disent, et ne disent pas")
st.markdown("\n".join(f"- {line}" for line in home.limits(dataset)))
laureates = home.laureates(dataset)
frame.table(
    laureates, height="content", alt=f"Lauréats publiés et nommés : {text.number(len(laureates))} programmes"
)

linkview.link(state)
frame.sources(dataset, home.source_ids(dataset))
frame.footer()
state.save()
