"""French texts: numbers, dates, plurals, labels of codes, and the one escaping function per target."""

from __future__ import annotations

import datetime as dt
import functools
import html
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from ptce_data.places import UNKNOWN
from ptce_data.text import fold

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"
UNKNOWN_TEXT: Final = "non renseigné"

KIND_LABELS: Final = {"pole": "PTCE", "tiers_lieu": "Tiers-lieu", "cluster": "Cluster"}
KIND_NOUNS: Final = {
    "pole": ("pôle (PTCE)", "pôles (PTCE)"),
    "tiers_lieu": ("tiers-lieu", "tiers-lieux"),
    "cluster": ("cluster", "clusters"),
}
LEVEL_LABELS: Final = {
    "regions": "Régions",
    "former_regions": "Régions d’avant 2016",
    "departements": "Départements",
    "epci": "EPCI",
    "communes": "Communes",
}
LEVEL_EACH: Final = {
    "regions": "par région",
    "former_regions": "par région d’avant 2016",
    "departements": "par département",
    "epci": "par EPCI",
    "communes": "par commune",
}
#: What colours a sign: the key is the column of types in the file of places.
BASIS_LABELS: Final = {
    "commune": "Type calculé, à la commune",
    "epci": "Type calculé, à l’EPCI",
    "stated": "Type selon une source",
}
BASIS_COLUMNS: Final = {
    "commune": "territory_type",
    "epci": "territory_type_epci",
    "stated": "territory_type_stated",
}
BASIS_NOTES: Final = {
    "commune": "Calculé par nos règles à partir des zonages officiels et des recensements (page Territoires). "
    "« Non renseigné » : commune inconnue, ou donnée manquante pour trancher.",
    "epci": "Calculé à l’échelle de l’intercommunalité : le type de la majorité de sa population, ou "
    "désindustrialisé (page Territoires). « Non renseigné » : commune inconnue ou donnée manquante.",
    "stated": "« Non renseigné » : aucune source lue n’énonce de type pour cet objet.",
}
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&=^\"'])")


def number(value: float | int | None, decimals: int = 0) -> str:
    """French form of a number: thin no-break space for thousands, decimal comma."""
    if value is None or pd.isna(value):
        return UNKNOWN_TEXT
    return f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",")


def euros(value: float | int | None) -> str:
    """French form of an amount in euros."""
    text = number(value)
    return text if text == UNKNOWN_TEXT else f"{text}{NBSP}€"


def percent(value: float | None, decimals: int = 0) -> str:
    """French form of a percentage already multiplied by 100."""
    text = number(value, decimals)
    return text if text == UNKNOWN_TEXT else f"{text}{NBSP}%"


def count(value: int, singular: str, plural: str) -> str:
    """`1 pôle`, `2 pôles`, `0 pôle`: French plurals start at two."""
    return f"{number(value)}{NBSP}{plural if value >= 2 else singular}"


def date(value: object) -> str:
    """ISO date, month or year as written in French: 2014-01-10 -> 10/01/2014, 2024-10 -> 10/2024."""
    if not isinstance(value, str) or not value:
        return "sans date"
    return "/".join(reversed(value.split("-"))) if re.fullmatch(r"[\d-]+", value) else value


def no_break(value: str) -> str:
    """French no-break spaces inside « » and before ; : ! ? % €, whatever spaces were typed there."""
    inside = re.sub(r"«\s+", f"«{NBSP}", value)
    return re.sub(r"[ \u00a0]+(?=[»:;!?%€](?:\s|$|[,.)]))", NBSP, inside)


def join(words: list[str]) -> str:
    """`a, b et c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " et " + words[-1] if words else ""


def escape_html(value: object) -> str:
    """Make any text inert inside HTML, attributes and JavaScript template strings."""
    text = html.escape("" if value is None else str(value), quote=True)
    return text.replace("`", "&#96;").replace("$", "&#36;").replace("\\", "&#92;")


def escape_markdown(value: object) -> str:
    """Make any text inert in Streamlit's Markdown: no link, image, colour, formula or HTML survives."""
    text = "" if value is None else str(value)
    # No-break spaces stay: « 13,4 % » must not be cut at the end of a line.
    return _MARKDOWN.sub(r"\\\1", _BLANKS.sub(" ", text).strip())


@functools.lru_cache(maxsize=4)
def _read_labels(registry: _Same) -> dict[tuple[str, str], str]:
    rows = registry.frame
    keys = zip(rows["field"], rows["value"], strict=True)
    return dict(zip(keys, rows["label"], strict=True)) | {("tiers_lieu_label", "pole_temoin"): "Pôle témoin"}


@dataclass(frozen=True, eq=False)
class _Same:
    """A frame as a key: equal to itself alone. It is held, so no other frame can take its place in memory."""

    frame: pd.DataFrame

    def __hash__(self) -> int:
        return id(self.frame)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.frame is self.frame


class Labels:
    """French labels of codes, from the registry `data/codes/categories.csv`, read once per registry."""

    def __init__(self, categories: pd.DataFrame) -> None:
        self._labels = _read_labels(_Same(categories))

    def of(self, field: str, value: object) -> str:
        """Label of one code; "non renseigné" where unknown; the code itself where unclassified."""
        if not isinstance(value, str) or value in ("", UNKNOWN):
            return UNKNOWN_TEXT
        return self._labels.get((field, value), value)

    def codes(self, field: str) -> list[str]:
        """All codes of a field, in the registry's order."""
        return [value for (f, value) in self._labels if f == field]


def weight(size: int) -> str:
    """Bytes as read: `850 octets`, `12 ko`, `3,4 Mo`."""
    if size < 1_000:
        return count(size, "octet", "octets")
    if size < 1_000_000:
        return f"{number(round(size / 1_000))}{NBSP}ko"
    return f"{number(size / 1e6, 1)}{NBSP}Mo"


def moment(at: dt.datetime) -> str:
    """`le 22 novembre 2026 à 08:15`, in the time of Paris."""
    here = at.astimezone(ZoneInfo("Europe/Paris"))
    return f"le {date(here.date().isoformat())} à {here:%H:%M}"


PREPARED: Final = (
    "Copiez ce texte et envoyez-le à qui tient cet atlas : rien ne part d’ici. Joignez une source publique."
)


def slug(value: str, longest: int = 60) -> str:
    """A file name out of a sentence: lower case, no accents, dashes."""
    return fold(value).replace(" ", "-")[:longest].strip("-") or "fichier"


def safe_url(value: object) -> str | None:
    """The address if it is http(s), else None: a `javascript:` address is never made a link."""
    if not isinstance(value, str) or not re.match(r"https?://[^\s]+$", value):
        return None
    return value
