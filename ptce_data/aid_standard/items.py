"""One aid of Aides-territoires: JSON values -> values, a wrong type being a refusal of that aid."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ptce_data.aid_standard.cells import is_broken
from ptce_data.aid_standard.html import plain_text
from ptce_data.aid_standard.report import Notes
from ptce_data.scdl.parsed import RefusedError
from ptce_data.scdl.values import Day, date

#: No short field of the API has more letters (name 255, origin_url 700); lists have fewer entries.
_LONGEST: Final = 2_000
_MOST: Final = 200


@dataclass
class Item:
    """The fields of one aid. An absent, null or empty field is unknown (None, or an empty list)."""

    line: int
    values: Mapping[str, Any]
    notes: Notes
    _wrong: set[str] = field(default_factory=set)
    _repaired: set[str] = field(default_factory=set)

    def refused(self, name: str) -> bool:
        """Tell whether the field was refused."""
        return name in self._wrong

    def text(self, name: str) -> str | None:
        """Return a short text without HTML; a number is taken for its digits."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**15 else value
        return None if value is None else self._plain(name, value)

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; an object stands for its name."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self._refuse(name, value, "une liste est attendue")
            return []
        if len(value) > _MOST:
            self._refuse(name, f"{len(value)} valeurs", f"plus de {_MOST} valeurs")
            return []
        found = [self._plain(name, one.get("name") if isinstance(one, dict) else one) for one in value]
        return [one for one in found if one]

    def long_text(self, name: str) -> str:
        """Return the text of a long HTML field, to search in; its start when it is very long."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or is_broken(value):
            self._refuse(name, value, "un texte est attendu")
            return ""
        return plain_text(value)

    def flag(self, name: str) -> bool | None:
        """Return true, false or None."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._refuse(name, value, "vrai ou faux est attendu")
        return None

    def number(self, name: str, most: float = 1e12) -> float | None:
        """Return a number between 0 and `most`; text is accepted when it is a plain number."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise ValueError
            found = float(value)
        except (ValueError, OverflowError):
            self._refuse(name, value, "un nombre est attendu")
            return None
        if not math.isfinite(found) or not 0 <= found <= most:
            self._refuse(name, value, f"un nombre de 0 à {most:g} est attendu")
            return None
        return found

    def day(self, name: str) -> Day | None:
        """Return a date."""
        text = self.text(name)
        if text is None:
            return None
        try:
            found = date(text)
        except RefusedError as error:
            self._refuse(name, text, str(error))
            return None
        if found.repair and "T" not in text:
            self.notes.repair(self.line, name, found.repair, text, found.value.text)
        day: Day = found.value
        return day

    def _plain(self, name: str, value: Any) -> str | None:
        if not isinstance(value, str):
            self._refuse(name, value, "un texte est attendu")
            return None
        if is_broken(value):
            self._refuse(name, value, "caractère Unicode incomplet")
            return None
        if len(value) > _LONGEST:
            self._refuse(name, value, f"plus de {_LONGEST} caractères")
            return None
        text = plain_text(value)
        if text != " ".join(value.split()) and name not in self._repaired:
            self._repaired.add(name)
            self.notes.repair(self.line, name, "html_retire", value, text)
        return text or None

    def _refuse(self, name: str, value: Any, why: str) -> None:
        if name not in self._wrong:
            self._wrong.add(name)
            self.notes.refuse(self.line, name, value, why)
