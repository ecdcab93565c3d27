"""Cells of one row of the standard: text or JSON value -> value, or a refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ptce_data import schema
from ptce_data.aid_standard.export import unprotect
from ptce_data.aid_standard.mapping import PREFIX, UNKNOWN
from ptce_data.aid_standard.report import Notes
from ptce_data.scdl.parsed import RefusedError
from ptce_data.scdl.values import Day, date, number

_STRICT: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
#: Words that programs write for an empty cell.
_WRITTEN_EMPTY: Final = frozenset(("NULL", "null", "#N/A", "#N/D", "N/A", "n/a", "NaN", "nan"))
_TYPES: Final = {doc.name: doc.dtype for doc in schema.describe("support_schemes")}


def is_broken(text: str) -> bool:
    """Tell whether a text holds half a surrogate pair, which cannot be written to any file."""
    return _SURROGATE.search(text) is not None


@dataclass
class Cells:
    """The cells of one row, read one by one; what cannot be read is noted as a refusal."""

    line: int
    cells: Mapping[str, Any]
    kind: str
    notes: Notes

    def text(self, name: str) -> str | None:
        """Return a text as it is, None when empty or blank."""
        value = self.cells.get(name)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = "|".join(value)
        if value is None or value == []:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            if name == "porteurs":
                return json.dumps(value, ensure_ascii=False)
            self.notes.refuse(self.line, name, value, "un texte est attendu")
            return None
        text = str(value)
        if is_broken(text):
            self.notes.refuse(self.line, name, text, "caractère Unicode incomplet")
            return None
        if self.kind != "json":
            text = unprotect(text)
        return text if text.strip() else None

    def plain(self, name: str) -> str:
        """Return a text without the blanks around it, empty when unknown or when a program wrote « NULL »."""
        text = (self.text(name) or "").strip()
        if text in _WRITTEN_EMPTY:
            self.notes.repair(self.line, name, "vide_ecrit", text, "")
            return ""
        return "" if text == UNKNOWN else text

    def day(self, name: str) -> Day | None:
        """Return a date, None when empty."""
        text = self.plain(name)
        if not text:
            return None
        try:
            found = date(text.strip())
        except RefusedError as error:
            self.notes.refuse(self.line, name, text, str(error))
            return None
        if found.repair and not _MOMENT.match(text.strip()):
            self.notes.repair(self.line, name, found.repair, text, found.value.text)
        day: Day = found.value
        return day

    def own(self, column: str) -> Any:
        """Return the value of an own column, typed."""
        name = PREFIX + column
        text = self.text(name)
        if text is None:
            return None
        if _TYPES[column] == "str":
            return self._region(name, text) if column == "region_code" else text
        plain = text.strip()
        try:
            value = float(plain) if _STRICT.fullmatch(plain) else number(plain)[0]
        except RefusedError as error:
            self.notes.refuse(self.line, name, text, str(error))
            return None
        if not _STRICT.fullmatch(plain):
            self.notes.repair(self.line, name, "nombre_reecrit", text, f"{value:g}")
        if _TYPES[column] == "Int64":
            if not value.is_integer():
                self.notes.refuse(self.line, name, text, "un nombre entier est attendu")
                return None
            return int(value)
        return value

    def _region(self, name: str, text: str) -> str:
        if not re.fullmatch(r"\d", text.strip()):
            return text
        made = text.strip().zfill(2)
        self.notes.repair(self.line, name, "region_a_deux_chiffres", text, made)
        return made
