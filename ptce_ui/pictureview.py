"""Maps drawn on the server, on the screen and as downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ptce_ui import frame, text
from ptce_ui.exports import cartography

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_ui.exports.cartography import MapSpec

#: On the screen: sharp on a dense display, a third of the weight of the printed one.
_SCREEN_DPI = 150


@st.cache_data(max_entries=48, show_spinner="Dessin de la carte…")
def _picture(version: str, key: str, is_dark: bool, _dataset: Dataset, _spec: MapSpec) -> bytes:
    return cartography.render(_dataset, _spec, "png", dpi=_SCREEN_DPI, dark=is_dark)


def show(dataset: Dataset, key: str, spec: MapSpec) -> None:
    """A map in the reader's light or dark display, with itself as SVG, PNG (300 dpi) and PDF.

    `key` must change with whatever is drawn: the picture is kept under it for all readers.
    """
    is_dark = st.context.theme.type == "dark"
    picture = _picture(dataset.version, key, is_dark, dataset, spec)
    st.image(picture, alt=spec.alt or spec.title, width="stretch")
    name = text.slug(f"carte {spec.title}")
    frame.downloads(
        f"carte-{key}",
        {
            "Carte SVG": (f"{name}.svg", "image/svg+xml", lambda: cartography.render(dataset, spec, "svg")),
            "Carte PNG": (f"{name}.png", "image/png", lambda: cartography.render(dataset, spec, "png")),
            "Carte PDF": (f"{name}.pdf", "application/pdf", lambda: cartography.render(dataset, spec, "pdf")),
        },
    )
