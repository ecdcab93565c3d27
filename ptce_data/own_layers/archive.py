"""Zip archives: what they are, a Shapefile taken out of one, and nothing that was not announced."""

from __future__ import annotations

import io
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

import geopandas as gpd

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_gpkg import layer_of
from ptce_data.own_layers.limits import MAX_ENTRIES, MAX_RATIO, MAX_ROWS, MAX_UNPACKED
from ptce_data.own_layers.model import RawLayer
from ptce_data.study.jsonguard import shown
from ptce_data.territories.french import NBSP, listing, number, quoted

_NEEDED: Final = ("shp", "shx", "dbf")
_TAKEN: Final = (*_NEEDED, "prj", "cpg")
_CHUNK: Final = 1 << 20
_ZIPS: Final = (".zip", ".kmz", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_AGAIN: Final = "refaites l’archive avec les seuls fichiers .shp, .shx, .dbf, .prj et .cpg"


def kind(file: str, data: bytes) -> str:
    """Return what a zip archive is: xlsx, ods or shapefile. Raises LayerError for a dangerous or other one."""
    names = {entry.filename for entry in _entries(file, data)}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        return "ods"
    if "xl/workbook.bin" in names:
        raise LayerError(file, "c’est un classeur XLSB", "enregistrez-le en XLSX")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise LayerError(file, "c’est un document, pas un tableau", "envoyez un CSV ou un classeur")
    if any(name.lower().endswith(".shp") for name in names):
        return "shapefile"
    inside = sorted({PurePosixPath(name).suffix.lower() or name for name in names if not name.endswith("/")})[
        :5
    ]
    raise LayerError(
        file, "cette archive ne contient pas de Shapefile (.shp)", "décompressez-la, et envoyez le fichier lui-même",
        value=", ".join(inside),
    )  # fmt: skip


def _entries(file: str, data: bytes) -> list[zipfile.ZipInfo]:
    """Return the entries of an archive, once nothing in it is dangerous. Raises LayerError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError, EOFError):
        raise LayerError(
            file, "cette archive est abîmée ou tronquée", "refaites-la, ou envoyez-la de nouveau"
        ) from None
    if len(entries) > MAX_ENTRIES and not any(e.filename == "[Content_Types].xml" for e in entries):
        raise LayerError(file, f"cette archive a plus de {MAX_ENTRIES} fichiers", _AGAIN)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * len(data) + 5_000_000:
        raise LayerError(
            file, f"décompressée, elle ferait {number(unpacked / 1e6)}{NBSP}Mo", "enlevez ce qui ne sert pas",
        )  # fmt: skip
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise LayerError(file, "un chemin de cette archive sort d’elle", _AGAIN, value=entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise LayerError(file, "cette archive contient un lien symbolique", _AGAIN, value=entry.filename)
        if entry.flag_bits & 0x1:
            raise LayerError(
                file, "cette archive est protégée par un mot de passe", "refaites-la sans mot de passe"
            )
        if entry.filename.lower().endswith(_ZIPS):
            raise LayerError(file, "cette archive en contient une autre", _AGAIN, value=entry.filename)
    return entries


def read_shapefile(file: str, data: bytes, part: str | None, digest: str, notes: list[str]) -> RawLayer:
    """Return the Shapefile `part` of an archive, or its only one, first by name. Raises LayerError."""
    sets = _sets(file, data)
    if part is not None and part not in sets:
        raise LayerError(
            file, "ce Shapefile n’est pas dans l’archive", "choisissez l’un de ceux qui y sont", value=part
        )
    title = part if part is not None else next(iter(sets))
    missing = [f".{end}" for end in _NEEDED if end not in sets[title]]
    if missing:
        raise LayerError(
            file,
            f"il manque {listing(missing)} au Shapefile {quoted(shown(title))}",
            "mettez toutes ses parties dans l’archive",
        )
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "couche"
        for end, entry in sets[title].items():
            base.with_suffix(f".{end}").write_bytes(_unpacked(file, data, entry))
        encoding = _encoding(base, notes)
        _check(file, base)
        try:
            # The geometry of a damaged file is refused here, not repaired by guessing.
            frame = gpd.read_file(base.with_suffix(".shp"), encoding=encoding)
        except Exception:  # GDAL and its bindings each have errors of their own
            raise LayerError(
                file, f"le Shapefile {quoted(shown(title))} est illisible", "exportez-le de nouveau"
            ) from None
    others = [quoted(shown(name)) for name in sets if name != title]
    if others and part is None:
        notes.append(
            f"Shapefile lu{NBSP}: {quoted(shown(title))}{NBSP}; laissés de côté{NBSP}: {listing(others[:5])}."
        )
    if "prj" not in sets[title]:
        notes.append(
            "Pas de fichier .prj : le système de coordonnées n’est pas dit, il sera demandé si besoin."
        )
    return layer_of(file, frame, "shapefile", title, tuple(sets), digest, notes)


def _sets(file: str, data: bytes) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """Return the Shapefiles of an archive: path without extension -> extension -> entry."""
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in _entries(file, data):
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        end = path.suffix.lower().lstrip(".")
        if (
            entry.filename.endswith("/")
            or end not in _TAKEN
            or "__MACOSX" in path.parts
            or path.name.startswith(".")
        ):
            continue
        parts = found.setdefault(str(path.with_suffix("")), {})
        if end in parts:
            raise LayerError(file, "deux parties du Shapefile ont le même nom", _AGAIN, value=entry.filename)
        parts[end] = entry
    complete = {name: parts for name, parts in sorted(found.items()) if "shp" in parts}
    if not complete:
        raise LayerError(file, "cette archive ne contient pas de Shapefile (.shp)", _AGAIN)
    return complete


def _unpacked(file: str, data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of an entry, never more than it announces."""
    made = bytearray()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                made += chunk
                if len(made) > entry.file_size:
                    raise LayerError(
                        file, "une partie est plus grosse qu’annoncé", _AGAIN, value=entry.filename
                    )
    except LayerError:
        raise
    except Exception:  # zlib, zipfile and lzma each have errors of their own
        raise LayerError(file, "cette archive est abîmée", "refaites-la", value=entry.filename) from None
    return bytes(made)


def _encoding(base: Path, notes: list[str]) -> str | None:
    """Return the encoding to read the table with: None leaves it to .cpg, else to what the table says."""
    if base.with_suffix(".cpg").exists():
        said = base.with_suffix(".cpg").read_bytes()[:30].decode("ascii", "replace").strip()
        notes.append(f"Encodage du fichier .cpg{NBSP}: {shown(said)}.")
        return None
    content = base.with_suffix(".dbf").read_bytes()
    body = content[int.from_bytes(content[8:10], "little") :]
    if body.isascii():
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("Pas de fichier .cpg : textes lus en Windows-1252.")
        return "CP1252"
    notes.append("Pas de fichier .cpg : textes reconnus comme UTF-8.")
    return "UTF-8"


def _check(file: str, base: Path) -> None:
    """Refuse parts that are not of a Shapefile, do not agree, or hold too many rows."""
    shp, shx, dbf = (base.with_suffix(f".{end}").read_bytes()[:100] for end in _NEEDED)
    if shp[:4] != b"\0\0\x27\x0a" or shx[:4] != b"\0\0\x27\x0a" or len(dbf) < 32:
        raise LayerError(file, "ses parties ne sont pas celles d’un Shapefile", "exportez-le de nouveau")
    shapes = (base.with_suffix(".shx").stat().st_size - 100) // 8
    rows = int.from_bytes(dbf[4:8], "little")
    if max(shapes, rows) > MAX_ROWS:
        raise LayerError(file, f"il a plus de {number(MAX_ROWS)} lignes", "gardez les lignes utiles")
    if shapes != rows:
        raise LayerError(
            file,
            f"ses parties ne vont pas ensemble : {number(shapes)} formes, {number(rows)} lignes",
            "exportez-le de nouveau",
        )
