"""The obvious way: one folium CircleMarker with a tooltip per place."""

import os
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

from ptce_data.load import DATA_DIR, load
from ptce_data.query import places
from ptce_data.selection import Selection
from ptce_ui.maps import STATIC
from ptce_ui.text import escape_html

st.set_page_config(layout="wide")


@st.cache_resource
def dataset() -> object:
    return load(Path(os.environ.get("PTCE_DATA_DIR", DATA_DIR)))


value = st.text_input("texte")
made = folium.Map(location=(46.6, 2.4), zoom_start=5, tiles=None, max_zoom=18)
made.default_js = [("leaflet", f"{STATIC}vendor/map.js")]
made.default_css = [("leaflet", f"{STATIC}vendor/leaflet.css")]
selected = places(dataset(), Selection(text=value))
for row in selected[selected["geo_precision"] != "aucune"].itertuples():
    folium.CircleMarker((row.lat, row.lon), radius=4, tooltip=escape_html(row.name)).add_to(made)
st_folium(made, use_container_width=True, height=560, returned_objects=[])
st.write(f"écho:{value}.")
