"""Cells of subsidies, one at a time: text -> value, with what was repaired, or why it is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from ptce_data.scdl import identity
from ptce_data.scdl.parsed import Parsed, RefusedError
from ptce_data.text import fold

YEARS: Final = (1990, 2040)
_PARIS: Final = ZoneInfo("Europe/Paris")
_SPREADSHEET_EPOCH: Final = dt.date(1899, 12, 30)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("janvier janv", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil", "aout",
         "septembre sept", "octobre oct", "novembre nov", "decembre dec"), start=1)
    for name in names.split()
}  # fmt: skip

_CURRENCY: Final = re.compile(r"^(?:€|eur\b|euros?\b)|(?:€|eur|euros?)\.?$", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[\u200b\ufeff]")
_PLAIN: Final = re.compile(r"[0-9]{1,12}(?:[.,][0-9]+)?")
_AMBIGUOUS: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED: Final = (
    re.compile(r"([0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]+))?"),
    re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)|([0-9]{1,3}(?:\.[0-9]{3}){2,})"),
    re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)|([0-9]{1,3}(?:,[0-9]{3}){2,})"),
)
_SCIENTIFIC: Final = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_CONFORMING: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?")

_TIME: Final = re.compile(r"(?<=[0-9])[T ]+[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_ISO: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
#: With hyphens, two figures of a year could as well be those of a day.
_FRENCH: Final = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|(?<![- ])[0-9]{2})")
_WORDS: Final = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4})")


class Day(NamedTuple):
    """A date as known: `text` is AAAA, AAAA-MM or AAAA-MM-JJ."""

    text: str
    year: int


def number(text: str) -> tuple[float, bool]:
    """Return a number that is not negative, and whether it was written as the standard wants.

    Raises RefusedError for what is no number, or could be two different ones.
    """
    plain = " ".join(_NOTHING.sub("", text).split())
    stripped = _CURRENCY.sub("", plain).strip()
    if stripped.startswith(("-", "−", "–", "(")) and any(c in "0123456789" for c in stripped):
        raise RefusedError("nombre négatif")
    if _AMBIGUOUS.fullmatch(stripped):
        raise RefusedError(
            f"nombre ambigu : {stripped} peut se lire {stripped[:-4]} et des millièmes, ou des milliers"
        )
    if _PLAIN.fullmatch(stripped):
        return float(stripped.replace(",", ".")), _CONFORMING.fullmatch(text) is not None
    for pattern in _GROUPED:
        match = pattern.fullmatch(stripped)
        if match is not None:
            whole, decimals, *rest = (*match.groups(), None)
            digits = re.sub(r"\D", "", whole or (rest[0] if rest else "") or "")
            if len(digits) <= 12:
                return float(f"{digits}.{decimals or 0}"), False
    if _SCIENTIFIC.fullmatch(stripped):
        raise RefusedError("notation scientifique d'un tableur : des chiffres ont pu se perdre")
    raise RefusedError("ce n'est pas un nombre")


def amount(text: str) -> Parsed:
    """Read an amount in euros."""
    value, conforming = number(text)
    warning = "montant nul" if value == 0 else None
    return Parsed(value, None if conforming else "nombre_reecrit", warning)


def share(text: str) -> Parsed:
    """Read the share of the beneficiary: 0.5, « 0,5 », 50 and « 50 % » are all one half; 1 is the whole."""
    percent = "%" in text
    value, conforming = number(text.replace("%", ""))
    if value == 0:
        raise RefusedError("part nulle : le montant du bénéficiaire serait perdu")
    if value > 100:
        raise RefusedError("part supérieure à 100 %")
    if percent or value > 1:
        return Parsed(round(value / 100, 12), "part_en_pourcent")
    return Parsed(value, None if conforming else "nombre_reecrit")


def date(text: str) -> Parsed:
    """Read a date: a day, or a month or a year when the file says no more. The value is a Day."""
    plain = " ".join(text.split())
    if _MOMENT.fullmatch(plain):
        moment = dt.datetime.fromisoformat(plain)
        return Parsed(_day(moment.astimezone(_PARIS).date()), "date_reecrite")
    plain = _TIME.sub("", plain)
    repair = None if plain == text else "date_reecrite"
    if re.fullmatch(r"[0-9]{4}(?:\.0+)?", plain):
        return Parsed(_checked(Day(plain[:4], int(plain[:4]))), repair)
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", plain) or re.fullmatch(r"([0-9]{1,2})/([0-9]{4})", plain)
    if match is not None:
        year, month = sorted((int(part) for part in match.groups()), reverse=True)
        if not 1 <= month <= 12:
            raise RefusedError("mois impossible")
        return Parsed(
            _checked(Day(f"{year:04d}-{month:02d}", year)), repair if "-" in plain else "date_reecrite"
        )
    match = _ISO.fullmatch(plain)
    if match is not None:
        found = _calendar(int(match[1]), int(match[3]), int(match[4]))
        return Parsed(found, None if found.text == text else "date_reecrite")
    match = _FRENCH.fullmatch(plain)
    if match is not None:
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        return Parsed(_calendar(year, int(match[3]), int(match[1])), "date_reecrite")
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", plain):
        return Parsed(_day(_SPREADSHEET_EPOCH + dt.timedelta(days=int(plain[:5]))), "numero_tableur")
    if re.fullmatch(r"[0-9]{8}", plain):
        return Parsed(_calendar(int(plain[:4]), int(plain[4:6]), int(plain[6:])), "date_reecrite")
    match = _WORDS.fullmatch(fold(plain))
    if match is not None and match[2] in _MONTHS:
        return Parsed(_calendar(int(match[3]), _MONTHS[match[2]], int(match[1])), "date_reecrite")
    raise RefusedError("ce n'est pas une date (attendu : AAAA-MM-JJ, JJ/MM/AAAA ou AAAA)")


def _calendar(year: int, month: int, day: int) -> Day:
    try:
        return _day(dt.date(year, month, day))
    except ValueError:
        raise RefusedError("ce jour n'existe pas") from None


def _day(found: dt.date) -> Day:
    return _checked(Day(found.isoformat(), found.year))


def _checked(found: Day) -> Day:
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise RefusedError(f"année hors de {YEARS[0]}–{YEARS[1]}")
    return found


def exercise(text: str) -> Parsed:
    """Read the year of a budget; what cannot be read is unknown, with a warning."""
    try:
        return date(text)
    except RefusedError as error:
        return Parsed(None, None, f"exercice illisible ({error}) : lu comme inconnu")


def period(text: str) -> Parsed:
    """Read a date or a period of payment; what cannot be read is kept as it is, with a warning."""
    parts = [text]
    for mark in ("_", " au ", " - ", "/"):
        pieces = [piece.strip() for piece in text.split(mark)]
        if len(pieces) == 2 and all(pieces) and not re.fullmatch(r"[0-9]{1,2}", pieces[0]):
            parts = pieces
            break
    try:
        found = "/".join(date(part).value.text for part in parts)
    except RefusedError:
        return Parsed(text, None, "date ou période de versement illisible, gardée telle quelle")
    return Parsed(found, None if found == text else "date_reecrite")


_TRUE: Final = frozenset("oui o vrai true yes 1".split())
_FALSE: Final = frozenset("non n faux false no 0".split())
_NATURES: Final = {
    "numeraire": "aide en numéraire",
    "en numeraire": "aide en numéraire",
    "aide en numeraire": "aide en numéraire",
    "aide numeraire": "aide en numéraire",
    "nature": "aide en nature",
    "en nature": "aide en nature",
    "aide en nature": "aide en nature",
}
_TERMS: Final = {"unique": "unique", "echelonne": "échelonné", "autre": "autre"}


def flag(text: str) -> Parsed:
    """Read oui or non; anything else is unknown, with a warning."""
    word = fold(text)
    if word not in _TRUE | _FALSE:
        return Parsed(None, None, "ni « oui » ni « non » : lu comme inconnu")
    return Parsed(word in _TRUE, None if text in ("oui", "non") else "valeur_normalisee")


def nature(text: str) -> Parsed:
    """Read the nature of an aid: one or two values of the standard, else the text with a warning."""
    found = [_NATURES.get(fold(part)) for part in text.split(";")]
    if None in found:
        return Parsed(text, None, "nature hors du standard, gardée telle quelle")
    made = ";".join(str(part) for part in found)
    return Parsed(made, None if made == text else "valeur_normalisee")


def terms(text: str) -> Parsed:
    """Read the conditions of payment: free text, the three words of the standard in lower case."""
    made = _TERMS.get(fold(text), text)
    return Parsed(made, None if made == text else "valeur_normalisee")


def text(value: str) -> Parsed:
    """Keep a text."""
    return Parsed(value)


#: Field -> how its cells are read. The other fields are text.
PARSERS: Final[dict[str, Callable[[str], Parsed]]] = {
    "idAttribuant": identity.identifier,
    "idBeneficiaire": identity.identifier,
    "rnaBeneficiaire": identity.rna,
    "dateConvention": date,
    "exercice": exercise,
    "montant": amount,
    "pourcentageSubvention": share,
    "datesPeriodeVersement": period,
    "notificationUE": flag,
    "nature": nature,
    "conditionsVersement": terms,
}


def shown(value: Any) -> str:
    """Write a value the way the standard does."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.12g}"
    return value.text if isinstance(value, Day) else str(value)
