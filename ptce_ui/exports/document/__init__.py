"""Documents to hand in: one model (`Document`), drawn as PDF/UA and as DOCX. No Streamlit, no study here."""

from ptce_ui.exports.document.docx import to_docx
from ptce_ui.exports.document.model import (
    Bullets,
    Callout,
    Document,
    DocumentError,
    Heading,
    KeyFigure,
    KeyFigures,
    Numbered,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Source,
    SourceList,
    Table,
    bold,
    italic,
    link,
)
from ptce_ui.exports.document.pdf import to_pdf

__all__ = [
    "Bullets",
    "Callout",
    "Document",
    "DocumentError",
    "Heading",
    "KeyFigure",
    "KeyFigures",
    "Numbered",
    "PageBreak",
    "Paragraph",
    "Picture",
    "Run",
    "Source",
    "SourceList",
    "Table",
    "bold",
    "italic",
    "link",
    "to_docx",
    "to_pdf",
]
