"""Texts as people type them: compared without accents, case or punctuation, split, made harmless."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

#: How a text begins that a spreadsheet would run.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SEPARATORS = re.compile(r"[^0-9a-z]+")


def fold(value: str) -> str:
    """Return `value` in lower case, without accents, its words separated by one space.

    Only Latin letters and digits survive folding; a text in another script keeps its letters
    in lower case, so that it can still be searched.
    """
    decomposed = unicodedata.normalize("NFKD", value.translate(_LIGATURES)).casefold()
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    folded = _SEPARATORS.sub(" ", plain).strip()
    return folded or plain.strip()


def split_codes(value: object) -> tuple[str, ...]:
    """Split a "|"-separated cell; an unknown (empty or missing) cell gives an empty tuple."""
    if not isinstance(value, str):
        return ()
    return tuple(part for part in (p.strip() for p in value.split("|")) if part)


def split_words(value: object) -> tuple[str, ...]:
    """Split a comma-separated list of themes, outside of brackets."""
    if not isinstance(value, str):
        return ()
    parts = re.split(r",(?![^()]*\))", value)
    return tuple(p for p in (x.strip() for x in parts) if p)


def neutralise(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers."""
    return "'" + value if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
