"""Workbooks (XLSX, XLS, ODS) -> RawLayer, opened in a process of their own, bounded in memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_table import Record, read_table
from ptce_data.own_layers.limits import BOOK_CHARACTERS, BOOK_MEMORY, BOOK_SECONDS, MAX_CELLS, MAX_ROWS
from ptce_data.own_layers.model import RawLayer
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, listing, number, quoted

_PROCESS: Final = Path(__file__).with_name("files_book_process.py")
_TOO_BIG: Final = (
    "une fois ouvert, il demande trop de mémoire",
    "supprimez les lignes et colonnes vides, ou enregistrez-le en CSV",
)
_FAULTS: Final[dict[str, tuple[str, str]]] = {
    "password": ("ce classeur est protégé par un mot de passe", "enregistrez-le sans mot de passe"),
    "broken": ("ce classeur est abîmé", "enregistrez-le de nouveau, ou en CSV"),
    "part": ("cette feuille n’y est pas, ou est masquée", "choisissez une feuille visible"),
    "empty": ("aucune de ses feuilles visibles n’a de ligne", "choisissez un autre fichier"),
    "rows": (
        f"sa feuille a plus de {number(MAX_ROWS)} lignes",
        "gardez les lignes utiles, ou coupez-le en plusieurs",
    ),
    "cells": ("sa feuille a trop de cellules", "supprimez les lignes et colonnes inutiles"),
}


def read_book(file: str, data: bytes, kind: str, part: str | None, digest: str, notes: list[str]) -> RawLayer:
    """Return the sheet `part` of a workbook, or its first one with rows. Raises LayerError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"classeur.{kind}"
        path.write_bytes(data)
        with subprocess.Popen(
            [
                sys.executable, "-I", str(_PROCESS), str(path), part or "", str(BOOK_MEMORY),
                str(BOOK_CHARACTERS), str(MAX_ROWS), str(MAX_CELLS),
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            clock = threading.Timer(BOOK_SECONDS, process.kill)
            clock.start()
            try:
                return _read(file, kind, part, digest, notes, _values(file, process.stdout))
            finally:
                clock.cancel()
                process.kill()


def _values(file: str, stream: Any) -> Iterator[Any]:
    """Yield what the process writes; raises LayerError where it tells of a fault, or ended too early."""
    for line in stream:
        try:
            value = json.loads(line)
        except ValueError:
            break
        if isinstance(value, dict) and "error" in value:
            raise LayerError(file, *_FAULTS[value["error"]])
        yield value
        if isinstance(value, dict) and "end" in value:
            return
    raise LayerError(file, *_TOO_BIG)


def _read(
    file: str, kind: str, part: str | None, digest: str, notes: list[str], values: Iterator[Any]
) -> RawLayer:
    head = next(values)
    sheets, title = tuple(head["sheets"]), head["part"]
    others = [quoted(shown(name)) for name in sheets if name != title]
    if others and part is None:
        shown_others = others[:4] + ([f"{len(others) - 4} autres"] if len(others) > 4 else [])
        notes.append(
            f"Feuille lue{NBSP}: {quoted(shown(title))}{NBSP}; laissées de côté{NBSP}: {listing(shown_others)}."
        )
    if head["bare"]:
        notes.append(
            f"{number(head['bare'])} formule{'s' * (head['bare'] > 1)} sans valeur enregistrée{NBSP}: lue{'s' * (head['bare'] > 1)} "
            "vide ; ouvrez le classeur dans un tableur et enregistrez-le pour les calculer."
        )
    merged = _Merged(head["merged"])
    table = read_table(
        file,
        merged.filled(_records(values, head["width"])),
        notes,
        exact=False,
        where=f"feuille {quoted(shown(title))}",
    )
    if merged.count:
        notes.append(
            f"Cellules fusionnées{NBSP}: leur valeur est répétée dans {number(merged.count)} cellule{'s' * (merged.count > 1)}."
        )
    return RawLayer(
        file,
        digest,
        kind,
        title,
        sheets,
        table.frame(),
        tuple(table.lines),
        notes=tuple(notes),
        broken=tuple(table.broken),
    )


def _records(values: Iterator[Any], width: int) -> Iterator[Record]:
    for line, cells in enumerate(values, start=1):
        if isinstance(cells, list):
            yield line, cells + [""] * (width - len(cells) if width < 400 else 0), None


class _Merged:
    """Merged cells: the value of the first one stands for those below it, in the same column."""

    def __init__(self, ranges: list[list[int]]) -> None:
        # A title merged over columns names nothing in the others: only what goes down is filled.
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, _ in ranges:
            if bottom > top:
                self._spans.setdefault(top, []).append((left, bottom))
        self.count = 0

    def filled(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield the records, empty cells of a merged area filled."""
        open_spans: dict[int, tuple[int, str]] = {}
        for line, cells, why in records:
            at = line - 1
            for column, (bottom, value) in list(open_spans.items()):
                if at > bottom:
                    del open_spans[column]
                elif value and any(cells) and column < len(cells) and not cells[column]:
                    cells[column] = value
                    self.count += 1
            for column, bottom in self._spans.get(at, ()):
                open_spans[column] = (bottom, cells[column] if column < len(cells) else "")
            yield line, cells, why
