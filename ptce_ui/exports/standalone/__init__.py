"""The atlas as one HTML file that works without network. No Streamlit here."""

from ptce_ui.exports.standalone.build import SECTIONS, Section, StandaloneError, standalone

__all__ = ["SECTIONS", "Section", "StandaloneError", "standalone"]
