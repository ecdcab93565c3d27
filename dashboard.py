"""Accueil: what the atlas is, its key figures with their limits, and the way in to every page."""

import streamlit as st

from ptce_data import query
from ptce_data.selection import EVERYTHING
from ptce_ui import frame, home, linkview, text
from ptce_ui.pagestate import PageState

dataset = frame.open_page("accueil")
everything = query.counts(query.places(dataset, EVERYTHING))

st.markdown(
    "Où sont les **pôles territoriaux de coopération économique** (PTCE), les **tiers-lieux**, les **clusters** "
    "et les **dispositifs de soutien** ? Sur quel type de territoire, financés par qui, et un nouveau cluster "
    "serait-il faisable ici ? Chaque chiffre porte sa source, sa date et son périmètre."
)
frame.figures(home.figures(dataset, everything))

st.subheader("Par où entrer")
for column, (title, story, page, query_params, action) in zip(
    st.columns(3), home.entries(dataset), strict=True
):
    with column, st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**\n\n{story}")
        st.page_link(
            frame.PAGES[page].path, label=action, icon=":material/arrow_forward:", query_params=query_params
        )

for other in [page for page in frame.PAGES.values() if page.is_in_menu][1:]:
    st.page_link(other.path, label=f"**{other.label}** – {other.question}", icon=other.icon)

st.subheader("Ce que ces données disent, et ne disent pas")
st.markdown("\n".join(f"- {line}" for line in home.limits(dataset)))
laureates = home.laureates(dataset)
frame.table(
    laureates, height="content", alt=f"Lauréats publiés et nommés : {text.number(len(laureates))} programmes"
)

linkview.link(PageState("accueil", []))
frame.sources(dataset, home.source_ids(dataset))
frame.footer()
