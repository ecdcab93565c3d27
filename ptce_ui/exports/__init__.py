"""Frame -> bytes that a user takes away. No Streamlit here."""

from ptce_data.text import neutralise
from ptce_ui.exports.pictures import Format, render
from ptce_ui.exports.tables import csv_bytes, geojson_bytes, public
from ptce_ui.exports.workbook import with_sources, xlsx_bytes

__all__ = [
    "Format",
    "csv_bytes",
    "geojson_bytes",
    "neutralise",
    "public",
    "render",
    "with_sources",
    "xlsx_bytes",
]
