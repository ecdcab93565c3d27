"""A page's style and script, where the document that the browser got does not hold them."""

from __future__ import annotations

import streamlit as st

from ptce_ui.assets import STATIC_DIR
from ptce_ui.navigation import LANGUAGE_SCRIPT


def dress() -> None:
    """Write the style and the script of all pages, unless they are there.

    `server.py` writes them into the document (`ptce_server.firstpage`): nothing moves when they come. Pages served by
    `streamlit run dashboard.py` alone get them as their first elements.
    """
    if "X-Atlas-Document" not in st.context.headers:
        st.html(STATIC_DIR / "style.css")
        st.html(f"<script>{LANGUAGE_SCRIPT}</script>", unsafe_allow_javascript=True)
