"""Frame -> bytes that a user takes away. No Streamlit here."""

from ptce_ui.exports.pictures import render
from ptce_ui.exports.tables import csv_bytes, geojson_bytes, neutralise, public

__all__ = ["csv_bytes", "geojson_bytes", "neutralise", "public", "render"]
