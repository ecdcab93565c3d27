"""CSV and TSV: encoding (mixed ones too), separator, records."""

from __future__ import annotations

import collections
from typing import Final

from ptce_data.own_layers.errors import LayerError
from ptce_data.own_layers.files_table import Table, header_at, read_table
from ptce_data.own_layers.limits import HEADER_WITHIN, MAX_LINES, MAX_TEXT_BYTES
from ptce_data.own_layers.mapping_fields import is_known
from ptce_data.scdl import delimited
from ptce_data.scdl.broken import UnreadableError
from ptce_data.territories.french import NBSP, number

_NAMES: Final = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
#: How much of a text may be characters that only binary files have.
_BINARY_SHARE: Final = 0.02


def read_text(file: str, data: bytes, notes: list[str]) -> Table:
    """Return the table of a text with separators. Raises LayerError."""
    if len(data) > MAX_TEXT_BYTES:
        raise LayerError(
            file,
            f"ce texte dépasse {MAX_TEXT_BYTES // 1_000_000}{NBSP}Mo",
            "gardez les lignes et les colonnes utiles",
        )
    if (
        data.count(b"\n") + data.count(b"\r") > 2 * MAX_LINES
        or max(data.count(b"\n"), data.count(b"\r")) > MAX_LINES
    ):
        raise LayerError(file, f"il a plus de {number(MAX_LINES)} lignes de texte", "coupez-le en plusieurs")
    text = _decoded(file, data, notes)
    odd = sum(text.count(chr(c)) for c in (*range(1, 9), *range(14, 32), 0xFFFD))
    if odd > _BINARY_SHARE * len(text):
        raise LayerError(
            file, "ce n’est ni un texte, ni un classeur, ni une couche connue",
            "envoyez un CSV, XLSX, XLS, ODS, GeoJSON, GPKG ou un Shapefile zippé",
        )  # fmt: skip
    lines = delimited.physical_lines(text)
    del text
    found = _separator(lines)
    if found is None:
        raise LayerError(
            file, "il a une seule colonne, ou son séparateur n’est pas reconnu",
            "séparez les colonnes par des points-virgules, des virgules ou des tabulations",
        )  # fmt: skip
    separator, width = found
    if separator != ";":
        notes.append(f"Séparateur lu : {_NAMES[separator]}.")
    return read_table(file, delimited.records(lines, separator, 0, width), notes, exact=True)


def _decoded(file: str, data: bytes, notes: list[str]) -> str:
    mixed = _mixed(data)
    if mixed is not None:
        text, other = mixed
        notes.append(
            f"Encodages mêlés : {number(other)} ligne{'s' * (other > 1)} en Windows-1252 dans un texte en UTF-8 ; "
            "chacune est lue dans le sien."
        )
        return text
    try:
        text, encoding = delimited.decode(file, data)
    except UnreadableError as error:
        raise LayerError(file, error.why, "enregistrez-le en CSV (UTF-8), ou envoyez le classeur") from None
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"Encodage lu : {encoding}.")
    return text


def _mixed(data: bytes) -> tuple[str, int] | None:
    """Return the text of a file whose lines are some in UTF-8, some in Windows-1252, and how many of these."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    made, good, bad = [], 0, 0
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            made.append(line.decode("utf-8"))
            good += not line.isascii()
        except UnicodeDecodeError:
            made.append(line.decode("windows-1252", errors="replace"))
            bad += 1
    return ("\n".join(made), bad) if good else None


def _separator(lines: list[str]) -> tuple[str, int] | None:
    """Return the separator that gives the first lines most known names, else most columns of one number.

    With it, the number of columns of the header.
    """
    best: tuple[tuple[float, ...], str, int] | None = None
    for separator in delimited.SEPARATORS:
        rows = []
        for _, cells, why in delimited.records(lines[: HEADER_WITHIN * 3], separator, 0, None):
            if why is None and any(c.strip() for c in cells):
                rows.append(cells)
        if not rows:
            continue
        width, same = collections.Counter(map(len, rows)).most_common(1)[0]
        at = header_at(rows)
        if at is None or max(width, len(rows[at])) < 2:
            continue
        score = (sum(map(is_known, rows[at])), same / len(rows), width)
        if best is None or score > best[0]:
            best = score, separator, len(rows[at])
    return None if best is None else best[1:]
