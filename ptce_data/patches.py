"""Patches: rows to append to the tables of a data folder, checked before anybody appends them.

A patch is a folder or a ZIP file with CSV files in the layout of `data/` (same names, same columns) and,
beside them, any text to read. Nothing of the data folder is changed: the rows are appended to a copy.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ptce_data import reading, schema
from ptce_data.errors import Fault
from ptce_data.load import DATA_DIR, Dataset, load

#: The most bytes of one file of a patch.
MAX_FILE: Final = 32_000_000
_TEXTS: Final = (".txt", ".md")
#: Files of a patch that are for people (see `own_layers.patch`): nothing of them is appended.
FOR_PEOPLE: Final = ("a-decider.csv", "complements.csv")
_TABLE_OF: Final = {path: name for name, path in schema.PATHS.items()}


class PatchError(ValueError):
    """A folder is no patch; the message is one French sentence."""


@dataclass(frozen=True)
class Patched:
    """What a patch would do: rows appended per table, and every fault of the data with it.

    A fault of the patch names its file as `patch.zip/poles.csv` and its own line; others are faults of
    the data that the patch reveals or that were there before. `dataset` is the data with the patch, faulty
    tables left empty.
    """

    added: Mapping[str, int]
    faults: tuple[Fault, ...]
    dataset: Dataset


def check(folder: Path, data_dir: Path = DATA_DIR, label: str | None = None) -> Patched:
    """Append the rows of a patch to a copy of `data_dir` and check the whole.

    `label` is the name of the patch in messages. Raises PatchError when `folder` holds no table.
    """
    label = label or folder.name
    files = _files(folder, label)
    with tempfile.TemporaryDirectory(prefix="atlas-") as made:
        copy = Path(made) / data_dir.name
        shutil.copytree(data_dir, copy, copy_function=_linked)
        added: dict[str, int] = {}
        faults: list[Fault] = []
        lines: dict[str, dict[int, int]] = {}
        for name, path in files.items():
            found = reading.read(name, path.parents[len(Path(schema.PATHS[name]).parts) - 1])
            theirs = f"{label}/{schema.PATHS[name]}"
            # What does not even read is said at once; what reads is judged within the whole.
            faults += [replace(f, file=theirs) for f in found.faults if f.rule != "type"]
            if not found.readable:
                continue
            added[name] = len(found.text)
            lines[name] = _append(found, copy / schema.PATHS[name])
        dataset = load(copy, tolerant=True)
        for table, ones in dataset.faults.items():
            faults += [
                _named(f, lines.get(table, {}), f"{label}/{schema.PATHS.get(table, '')}") for f in ones
            ]
    return Patched(added, tuple(dict.fromkeys(faults)), dataset)


def _files(folder: Path, label: str) -> dict[str, Path]:
    """Table -> its file in the patch. Raises PatchError."""
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        inside = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
            raise PatchError(f"« {label} » : « {inside} » est un lien, un fichier est attendu.")
        if path.suffix.lower() in _TEXTS or inside in FOR_PEOPLE:
            continue
        if inside not in _TABLE_OF:
            expected = ", ".join(p for p in schema.PATHS.values() if "/" not in p)
            raise PatchError(f"« {label} » : « {inside[:80]} » n’est pas une table ({expected}).")
        if path.stat().st_size > MAX_FILE:
            raise PatchError(f"« {label} » : « {inside} » dépasse {MAX_FILE // 1_000_000} Mo.")
        files[_TABLE_OF[inside]] = path
    if not files:
        raise PatchError(f"« {label} » n’a aucune table à ajouter.")
    return files


def _append(table: reading.RawTable, target: Path) -> dict[int, int]:
    """Append the rows; returns line of the copy -> line of the patch."""
    content = target.read_bytes() if target.exists() else b""
    if not content.strip():
        return {}
    if not content.endswith(b"\n"):
        content += b"\n"
    header = next(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")), [])
    if set(header) != set(table.text.columns):
        return {}  # the table of the data folder is faulty itself: its own faults say so
    line, parts, lines = content.count(b"\n") + 1, [], {}
    rows = table.text[header].itertuples(index=False, name=None)
    for cells, theirs in zip(rows, table.lines, strict=True):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, lineterminator="\n").writerow(cells)
        parts.append(buffer.getvalue())
        lines[line] = theirs
        line += parts[-1].count("\n")
    target.unlink()  # the copy may be a link to the data
    target.write_bytes(content + "".join(parts).encode("utf-8"))
    return lines


def _named(fault: Fault, lines: Mapping[int, int], theirs: str) -> Fault:
    if fault.line is None or fault.line not in lines:
        return fault
    return replace(fault, file=theirs, line=lines[fault.line])


def _linked(source: str, target: str) -> str:
    """A symbolic link instead of a copy: geometry is large and never written to."""
    try:
        Path(target).symlink_to(Path(source).resolve())
    except OSError:
        shutil.copy2(source, target)
    return target
