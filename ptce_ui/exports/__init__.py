"""Frame -> bytes that a user takes away. No Streamlit here."""

from ptce_data.opendata.geojson import geojson_bytes
from ptce_data.opendata.resources import public
from ptce_data.opendata.tabular import csv_bytes
from ptce_data.opendata.workbook import with_sources, xlsx_bytes
from ptce_data.text import neutralise
from ptce_ui.exports.pictures import Format, render

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
