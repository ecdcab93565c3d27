"""The yardstick: a Streamlit page that only echoes a text."""

import streamlit as st

st.set_page_config(layout="wide")
value = st.text_input("texte")
st.write(f"écho:{value}.")
