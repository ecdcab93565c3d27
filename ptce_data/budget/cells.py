"""Cells of a budget's table, read one by one as people type them; nothing ambiguous is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ptce_data.text import fold

_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009]+")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_GROUPED: Final = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+", re.ASCII)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_YES: Final = frozenset({"oui", "o", "vrai", "true", "x", "1", "yes"})
_NO: Final = frozenset({"", "non", "n", "faux", "false", "0", "no"})

FORMULA_EXPECTED: Final = "une valeur, et non une formule : copiez puis collez les valeurs"


class Unreadable(ValueError):
    """A cell cannot be read; the message says what was expected."""


@dataclass(frozen=True)
class Refused:
    """A cell that a spreadsheet computes (formula, error): its text, and what was expected instead."""

    text: str
    expected: str = FORMULA_EXPECTED


Cell = str | float | int | bool | Refused | None


def escape(value: str) -> str:
    """Mark a text that a spreadsheet would run as a formula with an apostrophe; `unescape` undoes it."""
    return "'" + value if value.lstrip("'").startswith(_FORMULA) else value


def unescape(value: str) -> str:
    """Take one apostrophe away where `escape` puts one, and nowhere else."""
    if value.startswith("'") and value.lstrip("'").startswith(_FORMULA):
        return value[1:]
    return value


def text(cell: Cell) -> str:
    """The cell as text, whatever its type; a formula is Unreadable."""
    if isinstance(cell, Refused):
        raise Unreadable(cell.expected)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def shown(cell: Cell) -> str:
    """The cell as it is quoted in a message."""
    return cell.text if isinstance(cell, Refused) else text(cell)


def amount(cell: Cell) -> float:
    """An amount in euros; an empty cell is 0. Takes `1 234,50 €`; refuses `1.234`, which has two meanings."""
    if isinstance(cell, bool):
        raise Unreadable("un montant en euros")
    if isinstance(cell, (int, float)):
        return _finite(cell)
    said = _SPACES.sub("", text(cell)).removesuffix("€").removesuffix("EUR").removesuffix("eur")
    if not said:
        return 0.0
    if said.startswith("="):
        raise Unreadable(FORMULA_EXPECTED)
    marks = [c for c in said if c in ".,"]
    if len(marks) == 1 and _GROUPED.fullmatch(said):
        raise Unreadable("un montant sans ambiguïté : 1234 ou 1,234 ? (espace pour les milliers)")
    if len(set(marks)) == 1 and len(marks) > 1 and _GROUPED.fullmatch(said):
        said = said.replace(marks[0], "")
    elif len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        whole, _, cents = said.rpartition(marks[-1])
        if not _GROUPED.fullmatch(whole):
            raise Unreadable("un montant en euros, par exemple 1234,50")
        said = f"{whole.replace(marks[0], '')}.{cents}"
    else:
        said = said.replace(",", ".")
    if not _PLAIN.fullmatch(said):
        raise Unreadable("un montant en euros, par exemple 1234,50")
    return _finite(float(said))


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Unreadable("un montant en euros")
    return number


def year(cell: Cell) -> int | None:
    """A year in four digits; None for an empty cell."""
    said = text(cell).strip()
    if not said:
        return None
    if not re.fullmatch(r"\d{4}", said, re.ASCII):
        raise Unreadable("une année en quatre chiffres")
    return int(said)


def yes(cell: Cell) -> bool:
    """Oui or non; empty is non."""
    said = fold(text(cell))
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unreadable("oui ou non")


def choice(cell: Cell, allowed: Mapping[str, str], more: Mapping[str, str] | None = None) -> str:
    """The key of `allowed` (key -> label) that the cell names, by key or label, accents and case aside.

    `more` maps other folded names to keys.
    """
    said = fold(text(cell))
    for key, label in allowed.items():
        if said in (fold(key), fold(label)):
            return key
    if more and said in more:
        return more[said]
    raise Unreadable(f"une valeur de la liste : {' ; '.join(allowed.values())}")


def written(value: float) -> str:
    """An amount as written in a CSV file: no thousands mark, a comma, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
