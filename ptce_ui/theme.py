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


LIGHT: Final = MapColours(
    background="#FFFFFF", area="#F4F2EC", border="#8A8F98", ink="#1F2430", ring="#FFFFFF"
)
DARK: Final = MapColours(
    background="#0E1117", area="#232833", border="#6B7280", ink="#F4F4F5", ring="#0E1117"
)


def map_colours(is_dark: bool) -> MapColours:
    """Colours for the reader's light or dark display."""
    return DARK if is_dark else LIGHT


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
