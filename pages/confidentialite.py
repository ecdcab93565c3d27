"""Confidentialité: what the atlas keeps, where, for how long, and what leaves the host."""

import streamlit as st

from ptce_ui import frame, privacy

dataset = frame.open_page("confidentialite")
st.markdown(frame.PAGES["confidentialite"].question)
st.markdown(privacy.summary())

for title, rows, alt in privacy.tables():
    st.subheader(title)
    frame.table(rows, alt=alt, height="content", row_height=70)

st.subheader("Vos droits, et à qui écrire")
st.markdown(privacy.contact())
frame.footer()
