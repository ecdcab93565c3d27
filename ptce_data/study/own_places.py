"""The user's own places from a file: CSV, or GeoJSON points; every row is kept or refused with its reason."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from pydantic import ValidationError

from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.delimited import SEPARATORS, decode
from ptce_data.study import jsonguard, zones
from ptce_data.study.jsonguard import MAX_BYTES, JsonRefused
from ptce_data.study.model import MAX_PLACES, OwnPlace
from ptce_data.study.registries import PLACE_KINDS
from ptce_data.study.uploads import UploadError
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Field -> folded names of columns or properties that hold it.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("nom", "name", "libelle"),
    "kind": ("genre", "type", "kind", "categorie"),
    "status": ("etat", "statut", "status"),
    "lon": ("lon", "longitude", "lng", "x"),
    "lat": ("lat", "latitude", "y"),
    "commune": ("commune", "code commune", "code insee", "insee", "commune insee"),
    "note": ("note", "remarque", "description"),
    "source": ("source",),
}
_FIELD_OF: Final = {name: field for field, names in COLUMNS.items() for name in names}
_KINDS: Final = {fold(word): key for key, label in PLACE_KINDS.items() for word in (key, label)} | {
    "ptce": "pole",
    "tiers lieu": "autre_tiers_lieu",
    "hybride": "hybride",
}
_STATUS: Final = {
    **dict.fromkeys(("", "existant", "existing", "ouvert", "present"), "existing"),
    **dict.fromkeys(("en projet", "projet", "planned", "prevu", "planifie"), "planned"),
}


@dataclass(frozen=True, eq=False)
class ImportedPlaces:
    """The places of a file, and its refused rows: line (1 = the first of the file, or feature), value, why."""

    places: tuple[OwnPlace, ...]
    refused: pd.DataFrame
    rows: int


def places_from(dataset: Dataset, data: bytes, filename: str, taken: Iterable[str] = ()) -> ImportedPlaces:
    """Read places: CSV with a header (COLUMNS; separators ; , tab or |), or a GeoJSON of points (EPSG:4326).

    A place needs a name, a kind (key or label of PLACE_KINDS) and a point or an Insee code of commune.
    Ids are new beside `taken`. Raises UploadError for a file that cannot be read at all.
    """
    if len(data) > MAX_BYTES:
        raise UploadError(filename, "il dépasse 5\u00a0Mo", "coupez-le en plusieurs")
    rows = (
        _features(data, filename)
        if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"
        else _lines(data, filename)
    )
    if not rows:
        raise UploadError(filename, "il ne contient aucun lieu", "ajoutez une ligne par lieu")
    if len(rows) > MAX_PLACES:
        raise UploadError(filename, f"il a plus de {MAX_PLACES} lieux", "coupez-le en plusieurs")
    known, used = frozenset(dataset.communes["commune_insee"]), set(taken)
    places, refused = [], []
    for line, row in rows:
        made = _place(row, known)
        if isinstance(made, OwnPlace):
            number = len(used) + 1
            while f"f{number}" in used:
                number += 1
            used.add(f"f{number}")
            places.append(made.model_copy(update={"id": f"f{number}"}))
        else:
            refused.append((line, *made))
    frame = pd.DataFrame(refused, columns=["line", "value", "why"])
    return ImportedPlaces(tuple(places), frame, len(rows))


def _lines(data: bytes, filename: str) -> list[tuple[int, dict[str, str]]]:
    try:
        text, _ = decode(filename, data)
    except UnreadableError as error:
        raise UploadError(filename, "ce n’est ni du CSV ni du GeoJSON", "enregistrez-le en CSV") from error
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, dict[str, str]]] = []
    fields: list[str | None] = []
    start = 1
    try:
        for cells in reader:
            if not fields:
                fields = [_FIELD_OF.get(fold(cell)) for cell in cells]
            elif any(cell.strip() for cell in cells):
                pairs = zip(fields, cells, strict=False)
                rows.append((start, {f: cell.strip() for f, cell in pairs if f is not None}))
            start = reader.line_num + 1
    except csv.Error:
        raise UploadError(filename, f"la ligne {start} n’est pas du CSV lisible", "corrigez-la") from None
    missing = [COLUMNS[field][0] for field in ("name", "kind") if field not in fields]
    if missing:
        advice = f"ajoutez {' et '.join(missing)} à la première ligne"
        raise UploadError(filename, "il lui manque une colonne", advice)
    return rows


def _features(data: bytes, filename: str) -> list[tuple[int, dict[str, str]]]:
    try:
        content = jsonguard.loads(data)
    except JsonRefused as refused:
        raise UploadError(filename, f"on y attend {refused.expected}", refused.advice) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise UploadError(filename, "ce n’est pas une collection GeoJSON", "exportez une couche de points")
    rows = []
    for number, feature in enumerate(features, start=1):
        inner = feature if isinstance(feature, dict) else {}
        own = inner.get("properties")
        row = {
            _FIELD_OF.get(fold(key), ""): _cell(v)
            for key, v in (own if isinstance(own, dict) else {}).items()
        }
        row.pop("", None)
        shape = inner.get("geometry")
        spot = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
        if isinstance(spot, list) and len(spot) >= 2:
            row |= {"lon": _cell(spot[0]), "lat": _cell(spot[1])}
        rows.append((number, row))
    return rows


def _cell(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _place(row: Mapping[str, str], known: frozenset[str]) -> OwnPlace | tuple[str, str]:
    """Return the place of a row, or (value, why) where it is refused."""
    name, kind, status = row.get("name", ""), fold(row.get("kind", "")), fold(row.get("status", ""))
    if not name:
        return "", "un nom, qui manque"
    if kind not in _KINDS:
        return row.get("kind", ""), f"un genre de la liste : {', '.join(PLACE_KINDS.values())}"
    if status not in _STATUS:
        return row.get("status", ""), "existant ou en projet"
    lon, lat = _degrees(row.get("lon", "")), _degrees(row.get("lat", ""))
    commune = row.get("commune", "").upper()
    commune = commune.zfill(5) if commune.isdigit() and commune.isascii() else commune
    if lon is None or lat is None:
        return f"{row.get('lon', '')} {row.get('lat', '')}".strip(), "une longitude et une latitude en degrés"
    has_point = not math.isnan(lon) and not math.isnan(lat)
    if has_point and not zones.zones_of([lon], [lat])[0]:
        return f"{row['lon']} {row['lat']}", "un point en France (longitude, puis latitude, en degrés)"
    if not has_point and commune not in known:
        return commune, "un point, ou le code Insee d’une commune"
    try:
        return OwnPlace(
            id="f",
            name=name,
            kind=_KINDS[kind],
            status=_STATUS[status],  # type: ignore[arg-type]
            lon=lon if has_point else None,
            lat=lat if has_point else None,
            commune=commune if commune in known else None,
            note=row.get("note", ""),
            source=row.get("source", ""),
        )
    except ValidationError:
        return name[:60], "des textes moins longs"


def _degrees(cell: str) -> float | None:
    """Return a coordinate, NaN for an empty cell, None for what is no number."""
    if not cell:
        return math.nan
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
