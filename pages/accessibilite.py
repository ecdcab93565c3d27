"""Accessibilité: the declaration, what conforms, what does not, and how it was tested."""

import streamlit as st

from ptce_ui import accessibility, frame

dataset = frame.open_page("accessibilite")
st.markdown(frame.PAGES["accessibilite"].question)
st.markdown(accessibility.state())

for title, rows, alt in accessibility.tables():
    st.subheader(title)
    frame.table(rows, alt=alt, height="content", row_height=70)

st.subheader("Se servir de l’atlas au clavier")
st.markdown(accessibility.keys())
st.subheader("Comment l’atlas a été testé")
st.markdown(accessibility.method())
st.subheader("Signaler un obstacle, et vos recours")
st.markdown(accessibility.contact())
frame.footer()
