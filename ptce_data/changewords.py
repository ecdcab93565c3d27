"""Changes between two versions of the data, as Markdown for people, JSON and CSV for machines."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from typing import Any, Final

from ptce_data.changes import ADDED, CHANGED, REMOVED, Changes, RowChange, TableChanges
from ptce_data.shapechanges import LayerChanges
from ptce_data.territories.french import number
from ptce_data.text import neutralise

KINDS: Final = {ADDED: "ajoutée", CHANGED: "modifiée", REMOVED: "retirée"}
_COLUMNS: Final = ("file", "change", "key", "name", "field", "old", "new")
#: Longest cell and most rows of a table shown to people; machines get all.
_CELL: Final = 100
ROWS: Final = 200
_CODES: Final = 20
_UNSAFE: Final = re.compile(r"([\\`*_\[\]<>|#&])")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def as_markdown(changes: Changes, rows: int = ROWS) -> str:
    """What changed, in French: a count per table, then its rows, at most `rows` each."""
    parts = [
        "# Ce qui change dans les données\n",
        f"De la version `{changes.old_version}` à la version `{changes.new_version}`.\n",
    ]
    if changes.same:
        return "\n".join([*parts, "Aucune différence.\n"])
    if changes.tables:
        parts.append("| table | ajoutées | modifiées | retirées |\n|---|---:|---:|---:|")
        parts += [
            f"| {_safe(t.title)} (`{t.file}`) | " + " | ".join(number(t.count(kind)) for kind in KINDS) + " |"
            for t in changes.tables
        ]
        parts.append("")
    parts += [_table(t, rows) for t in changes.tables]
    parts += [_layer(one) for one in changes.layers]
    return "\n".join(parts)


def _table(table: TableChanges, most: int) -> str:
    lines = [f"## {_safe(table.title)}\n"]
    for words, columns in (("ajoutées", table.columns_added), ("retirées", table.columns_removed)):
        if columns:
            lines.append(f"Colonnes {words} : {', '.join(f'`{_safe(c)}`' for c in columns)}.\n")
    for row in table.rows[:most]:
        lines.append(f"- **{_safe(', '.join(row.key))}**{_called(row)}, {KINDS[row.kind]}")
        if row.kind == CHANGED:
            lines += [f"    - `{_safe(f.field)}` : {_cell(f.old)} → {_cell(f.new)}" for f in row.fields]
    if len(table.rows) > most:
        lines.append(
            f"- … et {number(len(table.rows) - most)} autres lignes (tout est dans la sortie JSON ou CSV)."
        )
    return "\n".join([*lines, ""])


def _called(row: RowChange) -> str:
    return f" ({_safe(row.name)})" if row.name else ""


def _layer(one: LayerChanges) -> str:
    lines = [f"## Couche `{one.file}`\n", f"De {number(one.before)} à {number(one.after)} lignes.\n"]
    for words, codes in (("Codes ajoutés", one.added), ("Codes retirés", one.removed), ("Contours changés", one.reshaped)):  # fmt: skip
        if codes:
            more = f" … et {number(len(codes) - _CODES)} autres" if len(codes) > _CODES else ""
            lines.append(f"- {words} : {number(len(codes))} ({_safe(', '.join(codes[:_CODES]))}{more})")
    lines += [
        f"- `{_safe(c)}` change dans {number(n)} {'ligne' if n == 1 else 'lignes'}"
        for c, n in one.cells.items()
    ]
    for words, columns in (
        ("Colonnes ajoutées", one.columns_added),
        ("Colonnes retirées", one.columns_removed),
    ):
        if columns:
            lines.append(f"- {words} : {', '.join(f'`{_safe(c)}`' for c in columns)}")
    return "\n".join([*lines, ""])


def _safe(value: str) -> str:
    """A text in one line of Markdown, its signs of layout made letters, cut when long."""
    plain = _CONTROL.sub(" ", value).strip()
    plain = plain if len(plain) <= _CELL else plain[:_CELL] + "…"
    return _UNSAFE.sub(r"\\\1", plain)


def _cell(value: str) -> str:
    return f"« {_safe(value)} »" if value else "*inconnu*"


def as_json(changes: Changes) -> dict[str, Any]:
    """Everything, for machines."""
    tables = []
    for table in changes.tables:
        made = dataclasses.asdict(table)
        made["counts"] = {kind: table.count(kind) for kind in KINDS}
        tables.append(made)
    return {
        "same": changes.same,
        "old_version": changes.old_version,
        "new_version": changes.new_version,
        "tables": tables,
        "layers": [dataclasses.asdict(one) for one in changes.layers],
    }


def as_csv(changes: Changes) -> str:
    """One line per cell that differs (columns file, change, key, name, field, old, new), formulas neutralised.

    A layer has a line per code added, removed or reshaped, and a line per column with the number of codes.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for table in changes.tables:
        lines = [(table.file, "column_" + kind, "", "", c, "", "")
                 for kind, columns in ((ADDED, table.columns_added), (REMOVED, table.columns_removed)) for c in columns]  # fmt: skip
        for row in table.rows:
            cells = row.fields or [None]
            for one in cells:
                told = ("", "", "") if one is None else (one.field, one.old, one.new)
                lines.append((table.file, row.kind, "|".join(row.key), row.name, *told))
        writer.writerows(map(neutralise, line) for line in lines)
    for layer in changes.layers:
        for kind, codes in ((ADDED, layer.added), (REMOVED, layer.removed), ("reshaped", layer.reshaped)):
            writer.writerows((layer.file, kind, neutralise(code), "", "", "", "") for code in codes)
        writer.writerows((layer.file, CHANGED, "", "", c, "", str(n)) for c, n in layer.cells.items())
        for kind, columns in ((ADDED, layer.columns_added), (REMOVED, layer.columns_removed)):
            writer.writerows((layer.file, "column_" + kind, "", "", c, "", "") for c in columns)
    return buffer.getvalue()
