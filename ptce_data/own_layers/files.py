"""One's own file -> RawLayer, by its content: table, GeoJSON, GeoPackage or zipped Shapefile; bounded."""

from __future__ import annotations

import hashlib
from typing import Final

from ptce_data.own_layers import archive, files_book, files_geojson, files_gpkg, files_text
from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.limits import MAX_BYTES
from ptce_data.own_layers.model import RawLayer
from ptce_data.territories.french import NBSP, quoted

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE: Final = b"SQLite format 3\x00"
#: Kind -> the extensions that announce it, and its French name.
KINDS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "csv": (("csv", "tsv", "txt", "tab"), "un texte à colonnes (CSV)"),
    "xlsx": (("xlsx", "xlsm"), "un classeur XLSX"),
    "xls": (("xls",), "un classeur XLS"),
    "ods": (("ods",), "un classeur ODS"),
    "geojson": (("geojson", "json"), "un GeoJSON"),
    "gpkg": (("gpkg",), "un GeoPackage"),
    "shapefile": (("zip", "shz"), "un Shapefile zippé"),
}
#: Beginnings of what people send by mistake -> what it is.
_OTHERS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"II*\x00", "une image"),
    (b"\x1f\x8b", "une archive gzip"),
    (b"7z\xbc\xaf", "une archive 7z"),
    (b"Rar!", "une archive RAR"),
    (b"PAR1", "un Parquet"),
    (b"\x00\x00\x27\x0a", "un Shapefile sans ses autres parties"),
    (b"PK\x05\x06", "une archive vide"),
)


def read(filename: str, data: bytes, part: str | None = None) -> RawLayer:
    """Return what a file holds; its content tells its kind, and a wrong extension is noted.

    `part`: the sheet or layer to read, the first one with rows when None. Raises LayerError, one French
    sentence, for anything that cannot be read whole: nothing is half-imported.
    """
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1_000_000:.0f}{NBSP}Mo"
        raise LayerError(
            filename,
            f"il dépasse {MAX_BYTES // 1_000_000}{NBSP}Mo",
            "gardez les lignes et les colonnes utiles",
            value=size,
        )
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise LayerError(filename, "il est vide", "choisissez un autre fichier")
    notes: list[str] = []
    kind = _kind(filename, data)
    digest = hashlib.sha256(data).hexdigest()[:12]
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    if extension not in KINDS[kind][0]:
        notes.append(
            f"Le fichier est {KINDS[kind][1]}, malgré son nom en {quoted('.' + extension[:10])}."
            if extension
            else f"Le fichier est {KINDS[kind][1]}."
        )
    if kind == "csv":
        if part is not None:
            raise LayerError(
                filename, "il n’a ni feuille ni couche à choisir", "relisez-le sans choisir", value=part
            )
        table = files_text.read_text(filename, data, notes)
        return RawLayer(
            filename,
            digest,
            kind,
            None,
            (),
            table.frame(),
            tuple(table.lines),
            notes=tuple(notes),
            broken=tuple(table.broken),
        )
    if kind in ("xlsx", "xls", "ods"):
        return files_book.read_book(filename, data, kind, part, digest, notes)
    if kind == "geojson":
        if part is not None:
            raise LayerError(
                filename, "il n’a ni feuille ni couche à choisir", "relisez-le sans choisir", value=part
            )
        return files_geojson.read_geojson(filename, data, digest, notes)
    if kind == "gpkg":
        return files_gpkg.read_gpkg(filename, data, part, digest, notes)
    return archive.read_shapefile(filename, data, part, digest, notes)


def _kind(filename: str, data: bytes) -> str:
    """Return the kind of a file from its bytes. Raises LayerError for one that we do not read."""
    if data.startswith(_OLE):
        return "xls"
    if data.startswith(_SQLITE):
        return "gpkg"
    if data.startswith(_ZIP):
        return archive.kind(filename, data)
    other = next((name for start, name in _OTHERS if data.startswith(start)), None)
    if other is not None:
        raise LayerError(
            filename, f"c’est {other}", "envoyez un CSV, XLSX, XLS, ODS, GeoJSON, GPKG ou un Shapefile zippé"
        )
    head = data[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"{":
        return "geojson"
    if head[:1] == b"<":
        raise LayerError(
            filename,
            "c’est du XML ou une page web",
            "envoyez un CSV, XLSX, XLS, ODS, GeoJSON, GPKG ou un Shapefile zippé",
        )
    return "csv"
