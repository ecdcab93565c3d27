"""Maps drawn on the server, on the screen and as downloads."""

from __future__ import annotations

from collections.abc import Callable
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
    name = text.slug(f"carte {spec.title}")
    # On a phone the words of a map shrunk to its width would be lost: it scrolls in its own frame.
    with st.container(key=f"defile-{name}"):
        st.image(picture, alt=spec.alt or spec.title, width="stretch")
    frame.pictures(name, lambda kind, width: cartography.render(dataset, spec, kind, width_mm=width))


def take_away(dataset: Dataset, name: str, make: Callable[[], MapSpec]) -> None:
    """The fixed map of what an interactive one shows; `make` is called when it is wanted."""
    frame.pictures(
        name, lambda kind, width: cartography.render(dataset, make(), kind, width_mm=width), "Carte fixe"
    )
