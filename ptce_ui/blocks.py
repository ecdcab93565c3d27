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


def plain_table(rows: pd.DataFrame, caption: str) -> str:
    """Sentences in rows and columns, all of them readable; the first column heads its row.

    On a phone the style sheet sets the cells under each other, each after the name of its column: the roles
    keep it a table for screen readers.
    """
    names = [text.escape_html(name) for name in rows.columns]
    head = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in names)
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{text.escape_html(first)}</th>'
        + "".join(
            f'<td role="cell" data-label="{name}">{text.escape_html(text.no_break(cell))}</td>'
            for name, cell in zip(names[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows.itertuples(index=False)
    )
    return (
        f'<table class="ptce-plain" role="table"><caption class="ptce-hidden">{text.escape_html(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )
