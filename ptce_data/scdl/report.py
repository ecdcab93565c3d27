"""What became of every row of the files: kept, repaired, refused, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.columns import Columns
from ptce_data.scdl.fields import unique_titles
from ptce_data.scdl.parsed import REPAIRS
from ptce_data.scdl.sheets import Sheet
from ptce_data.text import neutralise

#: A cell that a spreadsheet would run as a formula starts with one of these.
_LAYOUT: Final = "(ligne)"
_OWN: Final = ("fichier", "ligne", "motifs", "cellules en trop")


@dataclass(frozen=True)
class Report:
    """The account of an import. Every frame names the file and the line (1 = first of the file).

    `files`: one row per table read (file, kind, encoding, separator, header_line, version, rows_read,
    rows_kept, rows_refused, rows_repaired, blank_lines, missing_fields, extra_columns);
    `columns`: file, header, field, is_exact; `repairs`: file, line, field, repair (a key of REPAIRS), old, new,
    of the kept rows, field after field;
    `warnings` and `refusals`: file, line, field, value, why (one row per cell);
    `refused_rows`: the refused lines as they were, with the reasons;
    `duplicates`: file, line, first_file, first_line, amount_eur, is_sure;
    `unreadable`: the files that could not be read, each with its reason.
    """

    files: pd.DataFrame
    columns: pd.DataFrame
    repairs: pd.DataFrame
    warnings: pd.DataFrame
    refusals: pd.DataFrame
    refused_rows: pd.DataFrame
    duplicates: pd.DataFrame
    unreadable: tuple[UnreadableError, ...]

    @property
    def read(self) -> int:
        """Number of rows read; always kept + refused. Empty lines are no rows."""
        return int(self.files["rows_read"].sum())

    @property
    def kept(self) -> int:
        """Number of rows kept, duplicates included."""
        return int(self.files["rows_kept"].sum())

    @property
    def refused(self) -> int:
        """Number of rows refused."""
        return int(self.files["rows_refused"].sum())

    @property
    def repaired(self) -> int:
        """Number of kept rows with at least one repaired cell."""
        return int(self.files["rows_repaired"].sum())

    def repair_counts(self) -> pd.DataFrame:
        """Repairs counted by file, field and kind: label in French, cells, and an example (old, new)."""
        grouped = self.repairs.groupby(["file", "field", "repair"], sort=False)
        counted = grouped.agg(
            cells=("line", "size"), old=("old", "first"), new=("new", "first")
        ).reset_index()
        counted.insert(3, "label", counted["repair"].map(REPAIRS).astype("str"))
        return counted

    def refused_csv(self) -> bytes:
        """The refused rows as they were, to be put right and imported again.

        UTF-8 with BOM, semicolons; a cell that a spreadsheet would run gets a leading apostrophe,
        which the import takes away again.
        """
        safe = self.refused_rows.map(neutralise)
        safe.columns = [neutralise(name) for name in safe.columns]
        return safe.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig")


def collect(
    books: Sequence[tuple[Sheet, Columns]],
    rows: pd.DataFrame,
    duplicates: pd.DataFrame,
    unreadable: tuple[UnreadableError, ...],
) -> Report:
    """Make the report of the sheets read."""
    repaired = rows[rows["is_repaired"].astype(bool)].groupby("file").size()
    kept = rows.groupby("file").size()
    refusals = _notes(books, "refusals", ("value", "why"))
    return Report(
        files=_table([_file(sheet, made, kept, repaired) for sheet, made in books], _FILE),
        columns=_table([line for sheet, _ in books for line in _header(sheet)], _COLUMN),
        repairs=_repairs(books),
        warnings=_notes(books, "warnings", ("value", "why")),
        refusals=refusals,
        refused_rows=_refused_rows(books, refusals),
        duplicates=duplicates,
        unreadable=unreadable,
    )


_FILE: Final = (
    "file", "kind", "encoding", "separator", "header_line", "version", "rows_read", "rows_kept",
    "rows_refused", "rows_repaired", "blank_lines", "missing_fields", "extra_columns",
)  # fmt: skip
_COLUMN: Final = ("file", "header", "field", "is_exact")


def _table(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


def _file(sheet: Sheet, columns: Columns, kept: pd.Series, repaired: pd.Series) -> tuple[Any, ...]:
    header = sheet.header
    read = len(sheet.rows) + len(sheet.broken)
    refused = int(columns.refused().sum()) + len(sheet.broken)
    return (
        sheet.name, sheet.kind, sheet.encoding, sheet.separator, sheet.header_line, header.version,
        read, int(kept.get(sheet.name, 0)), refused, int(repaired.get(sheet.name, 0)), sheet.blank,
        tuple(header.missing), tuple(header.titles[at] for at in header.extras),
    )  # fmt: skip


def _header(sheet: Sheet) -> list[tuple[Any, ...]]:
    return [
        (sheet.name, sheet.header.titles[at], name, name not in sheet.header.close)
        for name, at in sheet.header.positions.items()
    ]


def _notes(books: Sequence[tuple[Sheet, Columns]], kind: str, names: tuple[str, str]) -> pd.DataFrame:
    """Stack the notes of one kind: file, line, field, then `names` for the old text and what is said."""
    parts = [pd.DataFrame(columns=["file", "line", "field", *names])]
    for sheet, columns in books:
        for notes in getattr(columns, kind):
            lines = pd.Series(sheet.lines).to_numpy()[notes["row"].to_numpy()]
            made = {"file": sheet.name, "line": lines, "field": notes["field"]}
            parts.append(pd.DataFrame({**made, names[0]: notes["old"], names[1]: notes["said"]}))
        if kind == "refusals" and sheet.broken:
            parts.append(
                pd.DataFrame(
                    [
                        (sheet.name, row.line, _LAYOUT, sheet.separator.join(row.cells), row.why)
                        for row in sheet.broken
                    ],
                    columns=["file", "line", "field", *names],
                )
            )
    stacked = pd.concat(parts[1:] or parts, ignore_index=True)
    return stacked.sort_values(["file", "line"], kind="stable", ignore_index=True)


def _repairs(books: Sequence[tuple[Sheet, Columns]]) -> pd.DataFrame:
    parts = []
    for sheet, columns in books:
        refused = columns.refused()
        lines = pd.Series(sheet.lines, dtype="int64").to_numpy()
        for notes in columns.repairs:
            kept = notes[~refused[notes["row"].to_numpy()]]
            parts.append(
                pd.DataFrame(
                    {
                        "file": sheet.name,
                        "line": lines[kept["row"].to_numpy()],
                        "field": kept["field"],
                        "repair": kept["said"],
                        "old": kept["old"],
                        "new": kept["new"],
                    }
                )
            )
    if not parts:
        return pd.DataFrame(columns=["file", "line", "field", "repair", "old", "new"])
    return pd.concat(parts, ignore_index=True)


def _refused_rows(books: Sequence[tuple[Sheet, Columns]], refusals: pd.DataFrame) -> pd.DataFrame:
    """The refused lines: fichier, ligne, motifs, then the cells under the headers of their files."""
    said = refusals["field"].astype("str") + " : " + refusals["why"].astype("str")
    reasons = said.groupby([refusals["file"], refusals["line"]], sort=False).agg(" ; ".join)
    made: list[dict[str, Any]] = []
    for sheet, columns in books:
        titles = unique_titles(sheet.header.titles, _OWN)
        lines = [(sheet.lines[row], sheet.rows[row]) for row in columns.refused().nonzero()[0]]
        lines += [(row.line, list(row.cells)) for row in sheet.broken]
        for line, cells in sorted(lines, key=lambda pair: pair[0]):
            row: dict[str, Any] = {"fichier": sheet.name, "ligne": line}
            row["motifs"] = reasons.get((sheet.name, line), "")
            row |= dict(zip(titles, cells, strict=False))
            if len(cells) > len(titles):
                row["cellules en trop"] = sheet.separator.join(cells[len(titles) :])
            made.append(row)
    return pd.DataFrame(made) if made else pd.DataFrame(columns=["fichier", "ligne", "motifs"])
