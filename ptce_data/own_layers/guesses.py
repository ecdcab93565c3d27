"""What a column looks like by its cells: codes, coordinates, postal codes, addresses, personal data."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ptce_data.identifiers import is_siren, is_siret
from ptce_data.own_layers import coordinates
from ptce_data.own_layers.build_values import emptied
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.own_layers.communes import Places

#: Cells looked at in a column, taken evenly.
SAMPLE: Final = 600
_POSTAL: Final = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}")
_PHONE: Final = re.compile(r"(?:(?:\+|00)\s?(?:33|262|59[046])[\s.]?(?:\(0\))?|0)[1-9](?:[\s.\-/]?\d{2}){4}")
_URL: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}(?:\.0)?")
#: Words of a header, folded, that announce personal data: people and how to reach them.
_PERSONAL: Final = re.compile(
    r"\b(?:e ?mails?|mails?|courriels?|telephones?|tel|phones?|mobiles?|portables?|fax|prenoms?|contacts?|referente?s?|"
    r"responsables?|dirigeante?s?|president[es]?|presidente|gerante?s?|directeurs?|directrices?|interlocuteurs?|"
    r"nom (?:du |de la |de l )?(?:contact|referent|responsable|dirigeant|president|gerant|directeur|porteur)|"
    r"civilite|date de naissance|firstname|lastname|first name|last name|surname)\b"
)


@dataclass(frozen=True)
class Look:
    """What cells look like, and the share of them (0 to 1) that do."""

    field: str
    share: float
    why: str


def sample(cells: pd.Series) -> list[str]:
    """Return up to SAMPLE cells that hold something, taken evenly."""
    full = cells.dropna()
    if len(full) > SAMPLE:
        full = full.iloc[np.linspace(0, len(full) - 1, SAMPLE).astype(int)]
    return [str(cell) for cell in emptied(full).dropna()]


def personal(title: str, cells: list[str]) -> str:
    """Return why a column looks like personal data, in French, "" when it does not."""
    if _PERSONAL.search(fold(title.replace("_", " "))):
        return "le nom de la colonne annonce des coordonnées ou des personnes"
    if _share(cells, lambda c: _MAIL.fullmatch(c.strip(" ;,")) is not None) > 0.3:
        return "des adresses électroniques"
    if _share(cells, lambda c: _PHONE.fullmatch(c.strip()) is not None) > 0.3:
        return "des numéros de téléphone"
    return ""


def _share(cells: list[str], rule: Callable[[str], bool]) -> float:
    return sum(rule(c) for c in cells) / len(cells) if cells else 0.0


def looks(
    places: Places, communes: Collection[str], labels: dict[str, dict[str, str]], cells: list[str]
) -> list[Look]:
    """Return what cells can be, most certain first.

    `communes`: folded names of communes; `labels`: field of the target -> folded key or label -> key.
    """
    if not cells:
        return []
    found = [*_codes(places, cells), *_numbers(cells)]
    urls = _share(cells, lambda c: _URL.match(c) is not None)
    if urls > 0.6:
        found.append(Look("website", 0.7 * urls, "des adresses web"))
    sirens = _share(cells, lambda c: is_siren(_digits(c)) or is_siret(_digits(c)))
    if sirens > 0.7:
        found.append(Look("siren", 0.85 * sirens, "des numéros Siren ou Siret dont la clé est juste"))
    if _share(cells, lambda c: _YEAR.fullmatch(c) is not None) > 0.9:
        found.append(Look("year", 0.4, "des années"))
    pairs = coordinates.pairs(pd.Series(cells, dtype="str"))
    if np.isfinite(pairs[0]).mean() > 0.8:
        found.append(Look("lat_lon", 0.8, "deux coordonnées par cellule"))
    folded = [fold(c) for c in cells]
    named = sum(c in communes for c in folded) / len(folded)
    if named > 0.7:
        found.append(Look("commune_name", 0.6 * named, f"{round(100 * named)} % de noms de communes"))
    for field, known in labels.items():
        hits = sum(c in known for c in folded) / len(folded)
        if hits > 0.6:
            found.append(Look(field, 0.65 * hits, "des valeurs de l’atlas pour ce champ"))
    departements = {fold(n) for n in places.departements.values()}
    regions = {fold(n) for n in places.regions.values()}
    for field, known_names, word in (
        ("departement_code", departements, "départements"),
        ("region_code", regions, "régions"),
    ):
        hits = sum(c in known_names for c in folded) / len(folded)
        if hits > 0.8:
            found.append(Look(field, 0.7 * hits, f"des noms de {word}"))
    return sorted(found, key=lambda look: -look.share)


def _digits(cell: str) -> str:
    return re.sub(r"[\s\u00a0.]", "", cell)


def is_postal(cells: list[str]) -> bool:
    """Tell whether five-digit cells are postal codes: nearly all end in 0, which one Insee code in ten does."""
    codes = [c.zfill(5) for c in map(_digits, cells) if c.isdigit() and len(c) in (4, 5)]
    if len(codes) < 0.8 * len(cells) or len(set(codes)) < 3:
        return False
    return sum(c.endswith("0") for c in set(codes)) / len(set(codes)) > 0.6


def insee_share(places: Places, cells: list[str]) -> float:
    """Return the share of cells that are codes of communes, of today or former."""
    return _share(cells, lambda c: places.code(c) is not None)


def _codes(places: Places, cells: list[str]) -> list[Look]:
    five = _share(cells, lambda c: re.fullmatch(r"\d{4,5}|2[ABab]\d{3}", _digits(c)) is not None)
    found = []
    # A year has four digits, as a code that lost its zero: those alone are no codes.
    if five > 0.8 and _share(cells, lambda c: len(_digits(c)) == 5) > 0.4:
        insee = insee_share(places, cells)
        if is_postal(cells):
            found.append(Look("postal_code", 0.8, "des codes postaux (presque tous finissent par 0)"))
        elif insee > 0.8 and len(set(cells)) >= 3:
            found.append(
                Look("commune_insee", 0.8 * insee, f"{round(100 * insee)} % de codes Insee de communes")
            )
        elif (
            _share(cells, lambda c: _POSTAL.fullmatch(_digits(c).zfill(5)) is not None) > 0.9 and insee < 0.8
        ):
            found.append(Look("postal_code", 0.6, "cinq chiffres, qui ne sont pas des codes Insee"))
    short = {c.strip() for c in cells}
    if len(short) >= 2 and all(re.fullmatch(r"0\d|[1-9]\d|2[ABab]|97\d", c) for c in short):
        known = sum(c.upper() in places.region_of for c in short) / len(short)
        if known > 0.95 and (any(c.startswith("0") or c[-1:].isalpha() for c in short)):
            found.append(Look("departement_code", 0.55, "des codes de départements"))
    return found


def _numbers(cells: list[str]) -> list[Look]:
    made = coordinates.numbers(pd.Series(cells, dtype="str"))
    known = made[np.isfinite(made)]
    if len(known) < 0.9 * len(cells):
        return []
    broken = float((known != np.round(known)).mean())

    def within(low: float, high: float) -> float:
        return float(((known >= low) & (known <= high)).mean())

    found = []
    if broken > 0.7:
        lat = max(within(41, 51.6), within(14, 18.6), within(-21.8, -20.5), within(-13.3, -12.3))
        lon = max(within(-6, 10.5), within(-63.8, -51), within(44, 56.5))
        both = ((known >= 41) & (known <= 51.6)).mean()
        found += [Look("lat", 0.75 * lat, "des latitudes de France")] if lat > 0.8 else []
        found += [Look("lon", 0.7 * lon, "des longitudes de France")] if lon > 0.8 and both < 0.5 else []
    if np.abs(known).max() > 10_000 and len(set(known)) > 2:
        x, y = within(80_000, 1_300_000), within(6_000_000, 7_200_000)
        found += [Look("lat", 0.6 * y, "des ordonnées en mètres (Lambert-93 ?)")] if y > 0.9 else []
        if x > 0.9 and broken > 0.5:
            found.append(Look("lon", 0.4 * x, "des abscisses en mètres (Lambert-93 ?)"))
    return found
