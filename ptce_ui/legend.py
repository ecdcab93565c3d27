"""Legends as small HTML blocks: every sign on the map is explained, and nothing else. No Streamlit here."""

from __future__ import annotations

from collections.abc import Sequence

from ptce_ui.text import KIND_LABELS, Labels, escape_html
from ptce_ui.theme import TYPE_COLOURS

_BOX = 'style="display:inline-flex;align-items:center;gap:.35rem;margin:0 1rem .25rem 0;font-size:.9rem"'
_ROW = 'style="display:flex;flex-wrap:wrap;align-items:center;margin:0"'


def _shape(style: str) -> str:
    """A sign made of one styled box: Streamlit's sanitiser drops SVG."""
    return f'<span aria-hidden="true" style="display:inline-block;flex:none;{style}"></span>'


def _square(colour: str) -> str:
    return _shape(f"width:16px;height:12px;border-radius:2px;background:{colour};border:1px solid #8A8F98")


def kind_sign(kind: str, colour: str = "#767676") -> str:
    """The sign of one kind of object, as the map draws it."""
    if kind == "cluster":
        return _shape(f"width:10px;height:10px;margin:0 4px;transform:rotate(45deg);background:{colour}")
    if kind == "pole":
        disc = f"width:10px;height:10px;margin:0 2px;border-radius:50%;background:{colour};background-clip:padding-box"
        return _shape(f"{disc};border:2px solid transparent;outline:2px solid {colour}")
    return _shape(f"width:8px;height:8px;margin:0 5px;border-radius:50%;background:{colour}")


def signs(labels: Labels, basis: str, types: Sequence[str], has_hollow: bool, has_own: bool = False) -> str:
    """Legend of points: shape = kind of object, colour = territory type (`types` present), empty = approximate.

    `has_own`: some are imported by the reader, with a dashed ring.
    """
    kinds = "".join(f"<span {_BOX}>{kind_sign(k)}{escape_html(KIND_LABELS[k])}</span>" for k in KIND_LABELS)
    if has_hollow:
        hollow = _shape("width:10px;height:10px;margin:0 4px;border-radius:50%;border:2px solid #767676")
        kinds += f"<span {_BOX}>{hollow}vide\u00a0: placé au centre du département ou de la région</span>"
    if has_own:
        ring = _shape(
            "width:12px;height:12px;margin:0 3px;border-radius:50%;border:1.5px dashed currentColor"
        )
        kinds += f"<span {_BOX}>{ring}cerclé de tirets\u00a0: importé par vous</span>"
    colours = "".join(
        f"<span {_BOX}>{_square(colour)}{escape_html(labels.of('territory_type', value).capitalize())}</span>"
        for value, colour in TYPE_COLOURS.items()
        if value in types
    )
    return (
        f"<p {_ROW}><strong {_BOX}>Nature</strong>{kinds}</p>"
        f"<p {_ROW}><strong {_BOX}>{escape_html(basis)}</strong>{colours}</p>"
    )


def classes(title: str, colours: Sequence[str], texts: Sequence[str], none: tuple[str, str] | None) -> str:
    """Legend of a choropleth: one square and one range per class; `none` = (colour, text) of areas without value."""
    pairs = list(zip(colours, texts, strict=True)) + ([none] if none else [])
    squares = "".join(f"<span {_BOX}>{_square(colour)}{escape_html(words)}</span>" for colour, words in pairs)
    return f"<p {_ROW}><strong {_BOX}>{escape_html(title)}</strong>{squares}</p>"


def marks(entries: Sequence[tuple[str, str, str]]) -> str:
    """Legend of marks on a chart: (glyph, colour, text) each."""
    said = "".join(
        f'<span {_BOX}><span aria-hidden="true" style="color:{colour};font-size:1.05rem;text-shadow:0 0 1px #FFF,0 0 1px #FFF">{escape_html(glyph)}</span>'
        f"{escape_html(words)}</span>"
        for glyph, colour, words in entries
    )
    return f"<p {_ROW}>{said}</p>"
