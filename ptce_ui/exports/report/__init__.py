"""A study as the documents one hands in: PDF, DOCX, a workbook of its tables, its layers. No Streamlit here."""

from ptce_ui.exports.report.build import build
from ptce_ui.exports.report.documents import FORMATS, ReportError, documents

__all__ = ["FORMATS", "ReportError", "build", "documents"]
