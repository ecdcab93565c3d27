"""Colours and hatches of static maps, on light and dark paper, from the theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ptce_data.places import UNKNOWN
from ptce_ui import theme
from ptce_ui.exports.cartography.spec import Category


@dataclass(frozen=True)
class Palette:
    """Colours of what carries no data; `is_dark` picks those of categories too."""

    is_dark: bool
    paper: str
    land: str
    far: str
    border: str
    ink: str
    quiet: str
    unknown: str
    hatch: str


LIGHT: Final = Palette(
    False, theme.LIGHT.background, theme.LIGHT.area, "#FBFAF8", theme.LIGHT.border, theme.LIGHT.ink,
    "#565D6B", theme.NO_VALUE_COLOUR, "#8A8F98",
)  # fmt: skip
DARK: Final = Palette(
    True, theme.DARK.background, theme.DARK.area, "#171B23", theme.DARK.border, theme.DARK.ink,
    "#B4BAC4", "#1B1F28", "#8A8F98",
)  # fmt: skip

#: Told apart without colour: no two types have the same hatch. The commonest one is left plain.
TYPE_HATCHES: Final = {
    "desindustrialise": "////",
    "rural": "",
    "quartier_populaire_urbain": "xxxxx",
    "periurbain": "...",
    "urbain_autre": "-----",
}
UNKNOWN_HATCH: Final = "\\\\\\\\\\"


def of(dark: bool) -> Palette:
    """The colours of light or dark paper."""
    return DARK if dark else LIGHT


def mix(one: str, other: str, share: float) -> str:
    """`share` of colour `one`, the rest of `other` (both #RRGGBB)."""
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Lightness of a colour once printed in grey, 0 (black) to 1 (white)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def type_categories(labels: Mapping[str, str]) -> tuple[Category, ...]:
    """The territory types as categories of areas, in the theme's order; `labels` is code -> French words."""
    return tuple(
        Category(
            key, labels.get(key, key), theme.TYPE_AREA_COLOURS[key], mix(colour, theme.DARK.background, 0.5),
            TYPE_HATCHES[key], mix(colour, theme.LIGHT.ink, 0.7), mix(colour, "#FFFFFF", 0.55),
        )
        for key, colour in theme.TYPE_COLOURS.items()
        if key != UNKNOWN
    )  # fmt: skip


def point_colour(type_key: str | None, palette: Palette) -> str:
    """Colour of a sign: its territory type, or the ink where the map says no type."""
    if type_key is None:
        return palette.ink
    colour = theme.TYPE_COLOURS.get(type_key, theme.TYPE_COLOURS[UNKNOWN])
    return mix(colour, "#FFFFFF", 0.75) if palette.is_dark else colour
