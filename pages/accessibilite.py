"""Accessibilité: the declaration, what conforms, what does not, and how it was tested."""

import streamlit as st

from ptce_ui import accessibility, blocks, frame

dataset = frame.open_page("accessibilite")
st.markdown(frame.PAGES["accessibilite"].question)
st.markdown(accessibility.state())

for title, rows, caption in accessibility.tables():
    st.subheader(title)
    st.html(blocks.plain_table(rows, caption))

st.subheader("Se servir de l’atlas au clavier")
st.markdown(accessibility.keys())
st.subheader("Comment l’atlas a été testé")
st.markdown(accessibility.method())
st.subheader("Signaler un obstacle, et vos recours")
st.markdown(accessibility.contact())
frame.footer()
