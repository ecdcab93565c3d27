"""Small HTML blocks of a fiche: facts, lists, titles; every string of the data is escaped here. No Streamlit."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ptce_ui import text

Row = tuple[str, str]

_LONG = 600


def cut(value: object) -> str:
    """A text cut where nobody reads on."""
    shown = "" if value is None else str(value)
    return shown if len(shown) <= _LONG else shown[:_LONG] + "…"


def known(value: object) -> str:
    """A fact, escaped; what is missing says so."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)) or value == "":
        return f'<span style="opacity:.75"><em>{text.UNKNOWN_TEXT}</em></span>'
    return text.escape_html(cut(value))


def facts(title: str, rows: Iterable[Row]) -> str:
    """Names and values under a title; values are HTML already."""
    cells = "".join(
        '<div style="display:grid;grid-template-columns:minmax(6.5rem,34%) 1fr;gap:.5rem;padding:.2rem 0;'
        'border-bottom:1px solid rgba(128,128,128,.25)">'
        f'<dt style="font-weight:600;margin:0">{text.escape_html(name)}</dt>'
        f'<dd style="margin:0;overflow-wrap:anywhere">{value}</dd></div>'
        for name, value in rows
    )
    return f'{title_block(title)}<dl style="margin:0;padding:0;font-size:.9rem">{cells}</dl>'


def title_block(value: str) -> str:
    """The title of a part."""
    return f'<h4 style="margin:.9rem 0 .2rem;padding:0;font-size:1rem">{text.escape_html(value)}</h4>'


def bullets(title: str, items: Iterable[str], note: str = "") -> str:
    """A list under a title; items are HTML already, the note is text."""
    lines = "".join(f'<li style="margin:.15rem 0;overflow-wrap:anywhere">{i}</li>' for i in items)
    notice = (
        f'<p style="margin:.2rem 0;font-size:.85rem"><em>{text.escape_html(note)}</em></p>' if note else ""
    )
    return (
        f'{title_block(title)}<ul style="margin:0;padding-left:1.1rem;font-size:.9rem">{lines}</ul>{notice}'
    )


def anchor(url: str, shown: str) -> str:
    """A link that opens apart; both parts are escaped."""
    return f'<a href="{text.escape_html(url)}" target="_blank" rel="noopener noreferrer">{text.escape_html(shown)}</a>'
