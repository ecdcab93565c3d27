"""Find the two files of a stock and check that they can be read; nothing of their rows is loaded."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ptce_data.sirene import layout
from ptce_data.sirene.errors import SireneError, StockError
from ptce_data.text import fold

NAMES: Final = {"etablissement": "StockEtablissement", "unite_legale": "StockUniteLegale"}
_READ: Final = {"etablissement": layout.READ_ETABLISSEMENT, "unite_legale": layout.READ_UNITE_LEGALE}
_OTHERS: Final = ("historique", "liens", "succession", "doublons")
_SUFFIXES: Final = (".parquet", ".csv")
_WHERE: Final = "voir docs/poids-de-l-ess.md"


@dataclass(frozen=True)
class StockFile:
    """One file. `rows` is missing for a CSV file (not counted); `bounds` are the highest siren of its row
    groups, in order, empty when the file does not say; `separator` that of a CSV file."""

    path: Path
    columns: tuple[str, ...]
    rows: int | None
    is_csv: bool
    is_synthetic: bool
    bounds: tuple[int, ...] = ()
    separator: str = ","


@dataclass(frozen=True)
class Stock:
    """The two files of a stock, checked."""

    etablissement: StockFile
    unite_legale: StockFile

    @property
    def is_synthetic(self) -> bool:
        """Whether one of the files is marked synthetic."""
        return self.etablissement.is_synthetic or self.unite_legale.is_synthetic

    @property
    def rows(self) -> int | None:
        """Establishments of the file, closed ones included; missing for CSV."""
        return self.etablissement.rows

    @property
    def fingerprint(self) -> str:
        """Changes when a file does (name, size, time, and the last bytes)."""
        digest = hashlib.sha256()
        for file in (self.etablissement, self.unite_legale):
            stat = file.path.stat()
            with file.path.open("rb") as handle:
                handle.seek(max(0, stat.st_size - 65536))
                digest.update(f"{file.path.name}|{stat.st_size}|{stat.st_mtime_ns}".encode() + handle.read())
        return digest.hexdigest()[:16]


def open_stock(folder: Path) -> Stock:
    """The stock of a folder: one StockEtablissement and one StockUniteLegale, Parquet or CSV.

    Raises SireneError (no folder, a file missing or in double) and StockError (a file that cannot be read,
    that is empty, or lacks a column).
    """
    if not folder.is_dir():
        raise SireneError(f"Le dossier « {folder.name or folder} » n’existe pas.")
    return Stock(_checked(folder, "etablissement"), _checked(folder, "unite_legale"))


def _checked(folder: Path, kind: str) -> StockFile:
    path = _found(folder, kind)
    file = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    _check_columns(file, kind)
    if file.rows == 0:
        raise StockError(path, "le fichier ne contient aucune ligne.")
    return file


def _found(folder: Path, kind: str) -> Path:
    word = fold(NAMES[kind]).replace(" ", "")
    found = []
    for path in sorted(folder.iterdir()):
        name = re.sub(r"[^a-z]", "", fold(path.name))
        if path.is_file() and word in name and not any(other in name for other in _OTHERS):
            found.append(path)
    usable = [path for path in found if path.suffix.lower() in _SUFFIXES]
    if not usable and found:
        raise StockError(found[0], "attendu un fichier Parquet ou CSV ; décompressez l’archive.")
    if not usable:
        raise SireneError(
            f"Le dossier « {folder.name} » n’a pas de fichier {NAMES[kind]} (Parquet ou CSV) ; {_WHERE}."
        )
    parquet = [path for path in usable if path.suffix.lower() == ".parquet"]
    kept = parquet or usable
    if len(kept) > 1:
        names = ", ".join(path.name for path in kept)
        raise SireneError(
            f"Plusieurs fichiers {NAMES[kind]} dans « {folder.name} » : {names}. Gardez-en un seul."
        )
    return kept[0]


def _parquet(path: Path) -> StockFile:
    try:
        with pq.ParquetFile(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
    except (pa.ArrowInvalid, pa.ArrowException, OSError):
        raise StockError(path, "fichier Parquet tronqué ou illisible ; reprenez le téléchargement.") from None
    marked = (metadata.metadata or {}).get(layout.SYNTHETIC_KEY) is not None
    return StockFile(
        path,
        tuple(schema.names),
        metadata.num_rows,
        False,
        marked or _named(path),
        _bounds(metadata, schema.names),
    )


def _bounds(metadata: pq.FileMetaData, names: Sequence[str]) -> tuple[int, ...]:
    """Highest siren of each row group, when the file is sorted and says so."""
    if "siren" not in names:
        return ()
    column, highest = list(names).index("siren"), []
    for group in range(metadata.num_row_groups):
        found = metadata.row_group(group).column(column)
        stats = found.statistics if found.is_stats_set else None
        top = str(stats.max) if stats is not None and stats.has_min_max else ""
        if not top.isdigit():
            return ()
        highest.append(int(top))
    return tuple(highest) if highest == sorted(highest) else ()


def _csv(path: Path) -> StockFile:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            head, second = handle.readline(), handle.readline()
    except UnicodeDecodeError:
        raise StockError(
            path, "texte qui n’est pas en UTF-8 ; prenez le fichier « utf8 » de l’Insee."
        ) from None
    except OSError as error:
        raise StockError(path, f"fichier illisible ({error.strerror}).") from None
    separator = max(",;\t", key=head.count)
    columns = tuple(name.strip() for name in next(csv.reader([head], delimiter=separator), []))
    return StockFile(path, columns, None if second else 0, True, _named(path), separator=separator)


def _named(path: Path) -> bool:
    return layout.SYNTHETIC_WORD in path.name.upper()


def _check_columns(file: StockFile, kind: str) -> None:
    missing = [name for name in _READ[kind] if name not in file.columns]
    if any(name in file.columns for name in layout.HISTORICAL):
        raise StockError(file.path, f"c’est un fichier historique ; il faut {NAMES[kind]}.")
    if not missing:
        return
    if any(name in file.columns for name in layout.BEFORE_2019):
        raise StockError(
            file.path, f"dessin de fichier d’avant 2019, sans les champs d’aujourd’hui ; {_WHERE}.", missing
        )
    other = next(k for k in NAMES if k != kind)
    if all(name in file.columns for name in _READ[other]):
        raise StockError(file.path, f"ses colonnes sont celles de {NAMES[other]}.", missing)
    many = "les colonnes" if len(missing) > 1 else "la colonne"
    raise StockError(
        file.path,
        f"il manque {many} {', '.join(missing)} ; le dessin attendu est celui que l’Insee publie depuis 2024 ({_WHERE}).",
        missing,
    )
