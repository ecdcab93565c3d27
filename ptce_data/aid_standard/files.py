"""Bytes of a file -> rows of named cells: CSV, workbook or JSON; nothing is interpreted here."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rapidfuzz.distance import OSA

from ptce_data.aid_standard.mapping import CORE, OWN_NAMES
from ptce_data.scdl import delimited, workbook
from ptce_data.scdl.broken import BrokenRow, UnreadableError
from ptce_data.scdl.fields import normal

#: What is larger is not read.
MAX_BYTES: Final = 20_000_000
MAX_UNPACKED: Final = 200_000_000
MAX_ROWS: Final = 20_000
#: Lists and objects within one another, in one row of a JSON file.
MAX_DEPTH: Final = 8
_HEADER_WITHIN: Final = 25
_SEPARATORS: Final = (",", ";", "\t")
_PACKED: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: A header needs a title and two more fields of the standard.
_LEAST: Final = 3
_TYPOS, _LONG = 2, 10
_KNOWN: Final = {
    **{normal(one): one for one in OWN_NAMES},
    **{normal(said): one.name for one in CORE for said in (one.title, one.name)},
}
_CORE: Final = {normal(said): one.name for one in CORE for said in (one.name, one.title)}


@dataclass
class Table:
    """Rows as published: (line, cells by field name). `kind` is csv, tableur or json.

    `fields` are the known columns, `extras` the others; `broken` are rows that do not fit the header.
    Cells are text; those of a JSON file are values.
    """

    file: str
    kind: str
    fields: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    blank: int = 0


def check_size(file: str, content: bytes) -> None:
    """Raise UnreadableError for a file, or an unpacked workbook, that is too large."""
    if len(content) > MAX_BYTES:
        raise UnreadableError(file, f"fichier de plus de {MAX_BYTES // 1_000_000} Mo")
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise UnreadableError(file, "classeur abîmé") from None
        if unpacked > MAX_UNPACKED:
            raise UnreadableError(file, f"classeur de plus de {MAX_UNPACKED // 1_000_000} Mo une fois ouvert")


def read_table(file: str, content: bytes) -> Table:
    """Read a file of schemes in the standard; the content tells the format. Raises UnreadableError."""
    check_size(file, content)
    if content.startswith(_PACKED):
        return _workbook(file, content)
    text, _ = delimited.decode(file, content)
    if not text.strip():
        raise UnreadableError(file, "fichier vide")
    if text.lstrip().startswith(("[", "{")):
        return _objects(file, json_value(file, text))
    return _text(file, text)


def json_value(file: str, text: str) -> Any:
    """Parse JSON. Raises UnreadableError, also for numbers that are none and for too deep a nesting."""

    def constant(name: str) -> None:
        raise ValueError(f"nombre impossible : {name}")

    try:
        return json.loads(text, parse_constant=constant)
    except json.JSONDecodeError as error:
        why = f"JSON mal formé, ligne {error.lineno}, colonne {error.colno}"
        raise UnreadableError(file, why) from None
    except ValueError as error:
        raise UnreadableError(file, f"JSON illisible ({error})") from None
    except RecursionError:
        raise UnreadableError(file, "JSON trop profondément imbriqué") from None


def depth(value: Any) -> int:
    """Return how deep lists and objects are nested; a plain value is 0."""
    deepest, level = 0, [value]
    while level:
        inner = [one for one in level if isinstance(one, (list, dict))]
        deepest += bool(inner)
        level = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
        if deepest > MAX_DEPTH:
            break
    return deepest


def rows_of(file: str, items: Any) -> tuple[list[tuple[int, dict[str, Any]]], list[BrokenRow]]:
    """Sort the items of a JSON list into objects and what is none. Raises UnreadableError."""
    if not isinstance(items, list):
        raise UnreadableError(file, "une liste d’objets JSON est attendue")
    if len(items) > MAX_ROWS:
        raise UnreadableError(file, f"plus de {MAX_ROWS:,} lignes".replace(",", "\u202f"))
    rows: list[tuple[int, dict[str, Any]]] = []
    broken: list[BrokenRow] = []
    for line, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            broken.append(BrokenRow(line, (str(item)[:80],), "ce n’est pas un objet JSON"))
        elif depth(item) > MAX_DEPTH:
            broken.append(BrokenRow(line, (), f"plus de {MAX_DEPTH} niveaux imbriqués"))
        else:
            rows.append((line, item))
    return rows, broken


def _objects(file: str, value: Any) -> Table:
    items = [value] if isinstance(value, dict) else value
    rows, broken = rows_of(file, items)
    names = dict.fromkeys(str(key) for _, row in rows for key in row)
    found = _recognise(list(names))
    if rows and not _is_header(found.values()):
        raise UnreadableError(file, _no_header(list(names)))
    titles = list(names)
    positions = {titles[at]: name for at, name in found.items()}
    table = Table(file, "json", tuple(positions.values()), _extras(titles, found), broken=broken)
    table.rows = [(line, {positions[k]: v for k, v in row.items() if k in positions}) for line, row in rows]
    return table


def _recognise(titles: Sequence[str]) -> dict[int, str]:
    """Return position -> field: by name or title, whatever case and accents; then two letters away."""
    found: dict[int, str] = {}
    words = [normal(" ".join(title.split())) for title in titles]
    for at, word in enumerate(words):
        if word in _KNOWN and _KNOWN[word] not in found.values():
            found[at] = _KNOWN[word]
    for at, word in enumerate(words):
        if at in found or not _LONG <= len(word) <= 100 or word in _KNOWN:
            continue
        near = {
            name for known, name in _CORE.items()
            if len(known) >= _LONG and OSA.distance(word, known, score_cutoff=_TYPOS) <= _TYPOS
        }  # fmt: skip
        if len(near) == 1 and not near & set(found.values()):
            found[at] = near.pop()
    return found


def _is_header(names: Iterable[str]) -> bool:
    core = set(names) & set(_CORE.values())
    return "titre" in core and len(core) >= _LEAST


def _no_header(seen: Sequence[str]) -> str:
    shown = ", ".join(f"« {cell.strip()[:40]} »" for cell in seen[:8] if cell.strip())
    return (
        "aucune ligne d’en-tête du standard « dispositif d’aide » : il faut titre et au moins deux autres champs"
        + (f" ; lu : {shown}" if shown else "")
    )


def _extras(titles: Sequence[str], found: dict[int, str]) -> tuple[str, ...]:
    return tuple(title for at, title in enumerate(titles) if title.strip() and at not in found)


def _text(file: str, text: str) -> Table:
    lines = delimited.physical_lines(text)
    best: tuple[int, str, list[str], dict[int, str], int] | None = None
    seen: list[str] = []
    for separator in _SEPARATORS:
        for count, (line, cells, _) in enumerate(delimited.records(lines[:50], separator, 0, None)):
            if count >= _HEADER_WITHIN:
                break
            seen = cells if len(cells) > len(seen) else seen
            found = _recognise(cells)
            if _is_header(found.values()) and (best is None or len(found) > best[0]):
                after = line - 1 + delimited.span(lines, separator, line - 1)
                best = (len(found), separator, cells, found, after)
    if best is None:
        raise UnreadableError(file, _no_header(seen))
    _, separator, titles, found, after = best
    table = Table(file, "csv", tuple(found.values()), _extras(titles, found))
    _fill(table, titles, found, _whole(lines, separator, after, len(titles)))
    return table


def _whole(
    lines: list[str], separator: str, after: int, width: int
) -> Iterable[tuple[int, list[str], str | None]]:
    """Return the records: as they are in a well-formed file, else with what is broken told apart."""
    reader = csv.reader(iter(lines[after:]), delimiter=separator, strict=True)
    made: list[tuple[int, list[str], str | None]] = []
    start = after + 1
    try:
        for cells in reader:
            if len(cells) not in (0, width):
                break
            made.append((start, cells, None))
            start = after + reader.line_num + 1
        else:
            return made
    except csv.Error:
        pass
    return delimited.records(lines, separator, after, width)


def _workbook(file: str, content: bytes) -> Table:
    seen: list[str] = []
    for _, rows in workbook.pages(file, content):
        for at, cells in enumerate(rows[:_HEADER_WITHIN]):
            found = _recognise(cells)
            if _is_header(found.values()):
                table = Table(file, "tableur", tuple(found.values()), _extras(cells, found))
                _fill(
                    table,
                    cells,
                    found,
                    ((n, row, None) for n, row in enumerate(rows[at + 1 :], start=at + 2)),
                )
                return table
            seen = cells if len([c for c in cells if c.strip()]) > len(seen) else seen
    raise UnreadableError(file, _no_header(seen) if seen else "classeur vide")


def _fill(
    table: Table,
    titles: Sequence[str],
    found: dict[int, str],
    records: Iterable[tuple[int, list[str], str | None]],
) -> None:
    least = max(at + 1 for at, title in enumerate(titles) if title.strip())
    for line, cells, why in records:
        if why is None and not any(cell.strip() for cell in cells):
            table.blank += 1
        elif why is not None:
            table.broken.append(BrokenRow(line, tuple(cells), why))
        elif len(cells) < least or any(cell.strip() for cell in cells[len(titles) :]):
            said = f"{len(cells)} cellules au lieu de {least}"
            table.broken.append(BrokenRow(line, tuple(cells), said))
        else:
            table.rows.append((line, {name: cells[at] for at, name in found.items()}))
        if len(table.rows) + len(table.broken) > MAX_ROWS:
            raise UnreadableError(table.file, f"plus de {MAX_ROWS:,} lignes".replace(",", "\u202f"))
