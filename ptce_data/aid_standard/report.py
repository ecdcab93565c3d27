"""What became of every row of an imported file of schemes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.parsed import REPAIRS as SHARED
from ptce_data.text import neutralise

#: Repair -> what it did, in French.
REPAIRS: Final = {
    **SHARED,
    "identifiant_hors_uuid": "identifiant qui n’est pas un UUID : gardé sous une forme courte",
    "porteurs_reecrits": "liste des porteurs hors JSON, relue",
    "casse": "codes remis en majuscules",
    "region_a_deux_chiffres": "zéro de tête du code de région rétabli",
    "html_retire": "balises et entités HTML retirées",
    "adresse_completee": "adresse relative complétée",
}
_NOTES: Final = {
    "repairs": ["file", "line", "field", "repair", "old", "new"],
    "warnings": ["file", "line", "field", "value", "why"],
    "refusals": ["file", "line", "field", "value", "why"],
    "proposals": ["file", "line", "id", "field", "value", "why"],
}
_QUOTED: Final = 200


@dataclass(frozen=True)
class Report:
    """The account of an import, shaped as that of subsidies. `line` is 1 for the first line or item.

    `kind` is csv, tableur or json (empty when unreadable); `repairs`: file, line, field, repair (a key
    of REPAIRS), old, new, of kept rows; `warnings` and `refusals`: file, line, field, value, why;
    `proposals`: file, line, id, field, value, why, of values that we guessed and a person must check.
    read = kept + refused; empty lines are no rows.
    """

    file: str
    kind: str
    layout: str
    read: int
    kept: int
    repairs: pd.DataFrame
    warnings: pd.DataFrame
    refusals: pd.DataFrame
    proposals: pd.DataFrame
    missing_fields: tuple[str, ...]
    extra_fields: tuple[str, ...]
    blank: int
    unreadable: UnreadableError | None

    @property
    def refused(self) -> int:
        """Number of rows refused."""
        return self.read - self.kept

    @property
    def repaired(self) -> int:
        """Number of kept rows with at least one repair."""
        return int(self.repairs["line"].nunique())

    def refused_csv(self) -> bytes:
        """The refusals (file, line, field, value, why): UTF-8 with BOM, semicolons, formulas neutralised."""
        safe = self.refusals.map(neutralise)
        return safe.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


@dataclass(frozen=True)
class SchemeImport:
    """Schemes read from one file.

    `rows`: the columns and types of support_schemes, plus `imported_from` (text); unknown is NaN, even
    in columns that our own table requires (level, coverage_codes, coverage_precision, category, targets,
    confidence). `lines`: line of the file of each row. `sources`: the columns of sources for the
    `source_id` of the rows. `known_ids`: ids that the atlas already has.
    """

    rows: pd.DataFrame
    lines: tuple[int, ...]
    sources: pd.DataFrame
    known_ids: tuple[str, ...]
    report: Report


@dataclass
class Notes:
    """Notes taken while rows are read."""

    file: str
    repairs: list[tuple[Any, ...]] = field(default_factory=list)
    warnings: list[tuple[Any, ...]] = field(default_factory=list)
    refusals: list[tuple[Any, ...]] = field(default_factory=list)
    proposals: list[tuple[Any, ...]] = field(default_factory=list)

    def repair(self, line: int, name: str, kind: str, old: object, new: object) -> None:
        """Note a repair of REPAIRS."""
        self.repairs.append((self.file, line, name, kind, quoted(old), quoted(new)))

    def warn(self, line: int, name: str, value: object, why: str) -> None:
        """Note a doubt; the row is kept."""
        self.warnings.append((self.file, line, name, quoted(value), why))

    def refuse(self, line: int, name: str, value: object, why: str) -> None:
        """Refuse a row."""
        self.refusals.append((self.file, line, name, quoted(value), why))

    def propose(self, line: int, row_id: str, name: str, value: str, why: str) -> None:
        """Note a value that is guessed."""
        self.proposals.append((self.file, line, row_id, name, value, why))

    @property
    def refused_lines(self) -> set[int]:
        """Lines with a refusal."""
        return {note[1] for note in self.refusals}

    def report(
        self,
        kind: str,
        layout: str,
        read: int,
        *,
        missing: tuple[str, ...] = (),
        extras: tuple[str, ...] = (),
        blank: int = 0,
        unreadable: UnreadableError | None = None,
    ) -> Report:
        """Make the report; notes on refused rows other than their refusals are left out."""
        lines = self.refused_lines
        frames = {
            name: pd.DataFrame(
                [note for note in getattr(self, name) if name == "refusals" or note[1] not in lines],
                columns=columns,
            ).sort_values("line", kind="stable", ignore_index=True)
            for name, columns in _NOTES.items()
        }
        return Report(
            file=self.file,
            kind=kind,
            layout=layout,
            read=read,
            kept=read - len(lines),
            missing_fields=missing,
            extra_fields=extras,
            blank=blank,
            unreadable=unreadable,
            **frames,
        )


def quoted(value: object) -> str:
    """Return a value as a text that can be shown and encoded, 200 characters at most."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
