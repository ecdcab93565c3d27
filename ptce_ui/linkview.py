"""What leads back to a view: its address, the code to show it in another site, its scene in the deck."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import streamlit as st

from ptce_ui import deckdesk, urlstate
from ptce_ui.pagestate import PageState


@st.fragment
def link(state: PageState, is_scene: bool = True) -> None:
    """The address of exactly this view, ready to copy; and the view as a scene of the deck, if it can be one."""
    query_string = urlencode(urlstate.build(state.values(), state.params), doseq=True)
    base = (st.context.url or "").split("?")[0]
    with st.container(horizontal=True):
        _address(f"{base}?{query_string}" if query_string else base)
        if is_scene:
            deckdesk.add_view(state)


def _address(address: str) -> None:
    drawer = st.popover("Copier le lien", icon=":material/link:", key="lien", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        st.code(address, language=None, wrap_lines=True)
        st.caption("Ce lien rouvre cette vue, filtres et fiche compris.")
        st.code(embed_code(address), language="html", wrap_lines=True)
        st.caption("Ce code montre cette vue dans la page d’un autre site, sans menus.")


def embed_code(address: str) -> str:
    """HTML that shows a view in another site's page, without navigation; the address is escaped."""
    joined = f"{address}{'&' if '?' in address else '?'}embed=true"
    return (
        f'<iframe src="{html.escape(joined, quote=True)}" title="Atlas de la coopération économique territoriale" '
        'width="100%" height="800" style="border:0" loading="lazy"></iframe>'
    )
