"""What is wrong in the data files, said in French, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: Longest value quoted in a message; the whole value stays in `Fault.value`.
_QUOTED: Final = 80


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what was read, what was expected.

    `file` is a path as people see it (`data/poles.csv`), `line` the line of the file where the row
    starts (1 = header) or None when the whole file is at fault, `rule` the short name of the rule.
    """

    file: str
    line: int | None
    field: str | None
    value: str | None
    expected: str
    rule: str

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f", ligne {self.line}"
        if self.field is not None:
            where += f", champ « {self.field} »"
        if self.value is None:
            return f"{where} — attendu : {self.expected}"
        shown = self.value if len(self.value) <= _QUOTED else self.value[:_QUOTED] + "…"
        said = f"« {shown} »" if self.value else "vide"
        return f"{where} : {said} — attendu : {self.expected}"


class DataError(ValueError):
    """The data files break their own rules. `faults` lists every one of them; the message too."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = len(self.faults)
        head = "1 erreur dans les données :" if count == 1 else f"{count} erreurs dans les données :"
        super().__init__("\n".join([head, *(str(fault) for fault in self.faults)]))
