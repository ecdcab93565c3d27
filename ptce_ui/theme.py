"""The visual language in one place: what each colour and shape means. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ptce_data.places import UNKNOWN

#: Territory type -> colour of signs and bars. Colour-blind-safe (Okabe–Ito and Tol families).
TYPE_COLOURS: Final[dict[str, str]] = {
    "desindustrialise": "#D55E00",
    "rural": "#009E73",
    "quartier_populaire_urbain": "#AA4499",
    "periurbain": "#E69F00",
    "urbain_autre": "#0072B2",
    UNKNOWN: "#767676",
}
#: The same hues, lighter, for areas under points.
TYPE_AREA_COLOURS: Final[dict[str, str]] = {
    "desindustrialise": "#F2BE99",
    "rural": "#A6DCCB",
    "quartier_populaire_urbain": "#DDB4D6",
    "periurbain": "#F7DCA0",
    "urbain_autre": "#A6CBE3",
    UNKNOWN: "#D9D9D9",
}
#: Choropleths of quantities: five classes of the cividis family, light to dark, printed well in grey.
SEQUENTIAL: Final = ("#FDEA9B", "#D2C074", "#9D9979", "#66738C", "#2B4A7F")
NO_VALUE_COLOUR: Final = "#F2F2F2"


@dataclass(frozen=True)
class MapColours:
    """Colours of what carries no data on a map."""

    background: str
    area: str
    border: str
    ink: str
    ring: str
    link: str


LIGHT: Final = MapColours(
    background="#FFFFFF", area="#F4F2EC", border="#8A8F98", ink="#12151C", ring="#FFFFFF", link="#0B5C8C"
)
DARK: Final = MapColours(
    background="#0E1117", area="#232833", border="#6B7280", ink="#F4F4F5", ring="#0E1117", link="#8CCBF2"
)


def map_colours(is_dark: bool) -> MapColours:
    """Colours for the reader's light or dark display."""
    return DARK if is_dark else LIGHT


#: WCAG 1.4.11: what must be told apart from its background.
SHAPE_CONTRAST: Final = 3.0
#: A line at least so far from both backgrounds: around bars, whatever their fill.
EDGE: Final = "#767676"
#: Marks that carry no type: read on both backgrounds, three to one at least. `OWN` is the reader's, or another source's.
MARK: Final = "#2E7FB3"
OWN: Final = "#CF4A3F"


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, from 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def sign_edges(is_dark: bool) -> list[str | None]:
    """Line around the signs of each type, in the order of `TYPE_COLOURS`; None where the colour itself suffices.

    The same hue, moved towards the ink until it stands out from the background and from the areas.
    """
    on = map_colours(is_dark)
    made: list[str | None] = []
    for colour in TYPE_COLOURS.values():
        steps = (_mixed(colour, on.ink, step / 20) for step in range(21))
        edge = next(
            s for s in steps if min(contrast(s, on.background), contrast(s, on.area)) >= SHAPE_CONTRAST
        )
        made.append(None if edge == colour else edge)
    return made


#: Origin of money -> (colour, pattern). Never a territory type's meaning: other hues, told apart by pattern too.
ORIGIN_STYLES: Final[dict[str, tuple[str, str]]] = {
    "Membres": ("#44AA99", ""),
    "Activité": ("#117733", ""),
    "Commune ou intercommunalité": ("#88CCEE", ""),
    "Département": ("#6699CC", ""),
    "Région": ("#4477AA", ""),
    "État": ("#332288", ""),
    "Union européenne": ("#004488", "x"),
    "Public, financeur non précisé": ("#99AABB", "."),
    "Privé": ("#CC6677", ""),
    "Prêts": ("#882255", "\\"),
    "Autre, non précisé": ("#BBBBBB", "-"),
}
MISSING_STYLE: Final = ("#FFFFFF", "/")
