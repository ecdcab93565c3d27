"""Confidentialité: what the atlas keeps, where, for how long, and what leaves the host."""

import streamlit as st

from ptce_ui import blocks, frame, privacy

dataset = frame.open_page("confidentialite")
st.markdown(frame.PAGES["confidentialite"].question)
st.markdown(privacy.summary())

for title, rows, caption in privacy.tables():
    st.subheader(title)
    st.html(blocks.plain_table(rows, caption))

st.subheader("Vos droits, et à qui écrire")
st.markdown(privacy.contact())
frame.footer()
