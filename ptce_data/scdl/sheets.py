"""Bytes of a file -> its rows of text cells, with the line of each; nothing is interpreted here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ptce_data.scdl import delimited, workbook
from ptce_data.scdl.broken import BrokenRow, UnreadableError
from ptce_data.scdl.fields import Header, is_header, recognise

#: A file beyond this is not read.
MAX_BYTES: Final = 200_000_000
#: A header is looked for in so many first lines: titles and notes may stand above it.
_HEADER_WITHIN: Final = 25
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass
class Sheet:
    """One table as published: text cells, the line of the file (1 = first) of each row.

    `broken` are the rows whose cells do not fit the header; `blank` counts empty lines.
    `kind` is csv or tableur; `encoding` and `separator` are empty for a workbook.
    """

    name: str
    kind: str
    encoding: str
    separator: str
    header: Header
    header_line: int
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    blank: int = 0


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """Return the tables of one file: one for a CSV file, one per sheet that has a header for a workbook.

    The content tells what the file is, not its name. Raises UnreadableError, with a French message.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableError(name, f"fichier de plus de {MAX_BYTES // 1_000_000} Mo")
    if content.startswith((_ZIP, _OLE)):
        return _workbook_sheets(name, content)
    return [_csv_sheet(name, content)]


def source_bytes(source: Path | tuple[str, bytes]) -> tuple[str, bytes]:
    """Return the name and content of a path or of a named content. Raises UnreadableError."""
    if isinstance(source, tuple):
        return source
    try:
        if source.stat().st_size > MAX_BYTES:
            raise UnreadableError(source.name, f"fichier de plus de {MAX_BYTES // 1_000_000} Mo")
        return source.name, source.read_bytes()
    except OSError as error:
        raise UnreadableError(source.name, f"fichier illisible ({error.strerror})") from None


def _csv_sheet(name: str, content: bytes) -> Sheet:
    text, encoding = delimited.decode(name, content)
    lines = delimited.physical_lines(text)
    if not any(line.strip() for line in lines):
        raise UnreadableError(name, "fichier vide")
    separator, header, at, after = _csv_header(name, lines)
    sheet = Sheet(name, "csv", encoding, separator, header, at)
    for line, cells, why in delimited.records(lines, separator, after, header.width):
        if why is not None:
            sheet.broken.append(BrokenRow(line, tuple(cells), why))
        elif any(cell and not cell.isspace() for cell in cells):
            _keep(sheet, line, cells)
        else:
            sheet.blank += 1
    return sheet


def _csv_header(name: str, lines: list[str]) -> tuple[str, Header, int, int]:
    """Return the separator, the header, its line (1 = first) and the index of the line after it."""
    best: tuple[int, str, Header, int, int] | None = None
    seen: list[str] = []
    for separator in delimited.SEPARATORS:
        records = delimited.records(lines[: _HEADER_WITHIN * 2], separator, 0, None)
        for count, (line, cells, _) in enumerate(records):
            if count >= _HEADER_WITHIN:
                break
            if len(cells) > len(seen) and any(cell.strip() for cell in cells):
                seen = cells
            header = recognise(cells)
            if is_header(header) and (best is None or len(header.positions) > best[0]):
                taken = delimited.span(lines, separator, line - 1)
                best = (len(header.positions), separator, header, line, line - 1 + taken)
    if best is None:
        raise UnreadableError(name, _no_header(seen))
    return best[1:]


def _no_header(seen: list[str]) -> str:
    shown = ", ".join(f"« {cell.strip()[:40]} »" for cell in seen[:8] if cell.strip())
    return (
        "aucune ligne d’en-tête reconnue : il faut au moins un nom de bénéficiaire et un montant "
        "(nomBeneficiaire et montant dans le standard)" + (f" ; lu : {shown}" if shown else "")
    )


def _workbook_sheets(name: str, content: bytes) -> list[Sheet]:
    found: list[Sheet] = []
    seen: list[str] = []
    pages = workbook.pages(name, content)
    for title, rows in pages:
        for at, cells in enumerate(rows[:_HEADER_WITHIN]):
            header = recognise(cells)
            if is_header(header):
                label = name if len(pages) == 1 else f"{name} · {title}"
                found.append(_workbook_sheet(label, header, at, rows))
                break
            if len([c for c in cells if c.strip()]) > len(seen):
                seen = cells
    if not found:
        raise UnreadableError(name, "classeur vide" if not seen else _no_header(seen))
    return found


def _workbook_sheet(label: str, header: Header, at: int, rows: list[list[str]]) -> Sheet:
    sheet = Sheet(label, "tableur", "", "", header, at + 1)
    for line, cells in enumerate(rows[at + 1 :], start=at + 2):
        if any(cell and not cell.isspace() for cell in cells):
            _keep(sheet, line, cells)
        else:
            sheet.blank += 1
    return sheet


def _keep(sheet: Sheet, line: int, cells: list[str]) -> None:
    """Add a row, or a broken row when its cells do not fit the header."""
    width, most = sheet.header.width, len(sheet.header.titles)
    if len(cells) < width:
        why = f"ligne tronquée : {len(cells)} cellule{'s' if len(cells) > 1 else ''} au lieu de {width}"
        sheet.broken.append(BrokenRow(line, tuple(cells), why))
    elif len(cells) > most and any(cell.strip() for cell in cells[most:]):
        why = f"ligne trop longue : {len(cells)} cellules au lieu de {most} (séparateur dans un texte ?)"
        sheet.broken.append(BrokenRow(line, tuple(cells), why))
    else:
        sheet.rows.append(cells[:most] + [""] * (most - len(cells)))
        sheet.lines.append(line)
