"""CSV files with what they cannot say themselves: a ZIP with licence, sources and a data package."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.opendata import columns, credits
from ptce_data.opendata.columns import ColumnDoc
from ptce_data.opendata.credits import Credits
from ptce_data.opendata.plain import is_days, plain
from ptce_data.opendata.resources import public
from ptce_data.opendata.tabular import csv_file
from ptce_data.text import fold, neutralise, split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: A ZIP knows the time of each file; a fixed one makes the same data the same file.
_MOMENT: Final = (2000, 1, 1, 0, 0, 0)
_TYPES: Final = {"str": "string", "Int64": "integer", "Float64": "number", "boolean": "boolean"}
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")


def bundle(
    dataset: Dataset,
    tables: Mapping[str, tuple[pd.DataFrame, str, Iterable[str]]],
    *,
    perimeter: str = credits.PERIMETER,
) -> bytes:
    """Tables (name -> rows, French title, ids of sources) as a ZIP of CSV files and what goes with them.

    The files: one `<name>.csv` each (see `csv_file`), `sources.csv` (the sources of exactly these rows),
    `LISEZ-MOI.txt`, `LICENCE.txt` and `datapackage.json`, a Frictionless package of exactly these files.
    The same rows of the same data give the same bytes.
    """
    files: dict[str, bytes] = {}
    listed: list[dict[str, Any]] = []
    texts: list[tuple[str, str]] = []
    flats: list[pd.DataFrame] = []
    ids: list[str] = []
    for name, (rows, title, source_ids) in tables.items():
        table = columns.table_of(rows)
        flat = plain(public(rows) if table == "places" else rows)
        slug = _slug(name, {*files, "sources.csv"})
        files[f"{slug}.csv"] = csv_file(flat)
        listed.append(_resource(slug, title, flat, columns.document(dataset, flat, table), dataset))
        texts.append((f"{slug}.csv", title))
        flats.append(flat)
        ids += [part for cell in source_ids for part in split_codes(cell)]
    about = Credits.of(dataset, "lot", " ; ".join(title for _, title in texts), ids, perimeter)
    flat = plain(about.sources)
    files["sources.csv"] = csv_file(flat)
    listed.append(
        _resource("sources", "Sources citées", flat, columns.document(dataset, flat, "sources"), dataset)
        | {"title": "Sources citées"}
    )
    flats.append(flat)
    _link(listed, flats)
    files["LISEZ-MOI.txt"] = _readme(about, texts).encode("utf-8-sig")
    files["LICENCE.txt"] = _licence(about).encode("utf-8-sig")
    files["datapackage.json"] = (
        json.dumps(_package(about, listed), ensure_ascii=False, indent=2) + "\n"
    ).encode()
    return _zip(files)


def _slug(name: str, taken: Iterable[str]) -> str:
    base = _UNSAFE.sub("-", fold(name).replace(" ", "-")).strip("-")[:60] or "tableau"
    made, number = base, 2
    while f"{made}.csv" in taken:
        made, number = f"{base}-{number}", number + 1
    return made


def _resource(
    slug: str, title: str, flat: pd.DataFrame, docs: list[ColumnDoc], dataset: Dataset
) -> dict[str, Any]:
    return {
        "name": slug,
        "path": f"{slug}.csv",
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        # Said, or a reader guesses it from the cells: two apostrophes pass for quotes.
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {
            "fields": [_field(doc, flat[doc.name]) for doc in docs],
            "missingValues": [""],
        },
    }


def _field(doc: ColumnDoc, cells: pd.Series) -> dict[str, Any]:
    kind = str(cells.dtype)
    field: dict[str, Any] = {
        "name": neutralise(doc.name),
        "title": doc.title,
        "description": doc.description,
        "type": _TYPES.get(kind) or ("date" if is_days(cells) else "datetime"),
    }
    if kind.startswith("datetime64") and not is_days(cells):
        field["format"] = "any"
    if doc.unit:
        field["unit"] = doc.unit
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    codes = [code for code, _ in doc.allowed]
    if codes and kind == "str" and set(cells.dropna()) <= set(codes):
        field["constraints"] = {"enum": codes}
    return field


def _link(listed: list[dict[str, Any]], flats: list[pd.DataFrame]) -> None:
    """Declare the columns that name one source each, where every one of them is in `sources.csv`, the last."""
    known = set(flats[-1]["id"])
    for made, rows in zip(listed[:-1], flats[:-1], strict=True):
        keys = [
            {"fields": [column], "reference": {"resource": "sources", "fields": ["id"]}}
            for column in ("source_id", "type_source_id", "place_source_id")
            if column in rows and set(rows[column].dropna()) <= known
        ]
        if keys:
            made["schema"]["foreignKeys"] = keys
    listed[-1]["schema"]["primaryKey"] = ["id"]


def _package(about: Credits, resources: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "profile": "data-package",
        "name": f"atlas-{resources[0]['name']}"[:100],
        "title": about.title,
        "description": about.attribution,
        "version": about.version,
        "licenses": [
            {"name": credits.LICENCE_NAME, "title": credits.LICENCE_TITLE, "path": credits.LICENCE_URL}
        ],
        "sources": [*({"title": t} for t in credits.OFFICIAL), *({"title": p} for p in about.publishers)],
        "contributors": [{"title": credits.TITLE, "role": "publisher"}],
        "resources": resources,
    }
    if about.updated:
        made["created"] = f"{about.updated}T00:00:00Z"
    return made


def _readme(about: Credits, texts: list[tuple[str, str]]) -> str:
    lines = [credits.TITLE, "", *(f"{path} : {title}" for path, title in texts)]
    lines += [
        "sources.csv : les sources de ces lignes, et d’elles seules",
        "datapackage.json : le sens, le type et les valeurs de chaque colonne (Frictionless Data Package)",
        "LICENCE.txt : ce que vous pouvez faire de ces données et qui citer",
        "",
        *(f"{name} : {text}" for name, text in about.lines()[1:]),
        "",
        "Ouvrir un CSV : UTF-8, séparateur virgule, point décimal, une ligne d’en-tête.",
        "Dans Excel : Données > À partir d’un fichier texte/CSV, puis « Transformer les données » et le type",
        "Texte pour les codes (sinon 01004 devient 1004) ; ou prenez le format XLSX.",
        "Dans LibreOffice : à l’ouverture, séparateur virgule et colonnes de codes en « Texte ».",
        "Une apostrophe au début d’un texte qui commence par = + - ou @ empêche un tableur de l’exécuter.",
    ]
    return "\r\n".join(lines) + "\r\n"


def _licence(about: Credits) -> str:
    lines = [
        f"{credits.LICENCE_TITLE} (Etalab)",
        credits.LICENCE_URL,
        "",
        "Vous pouvez reproduire, diffuser, adapter et exploiter ces données, y compris à titre commercial,",
        "à condition d’en mentionner la source et la date de dernière mise à jour.",
        "",
        "Mention à reprendre :",
        about.attribution,
        f"Données arrêtées au {about.updated}." if about.updated else "",
        "",
        "Les droits des pages citées restent à leurs éditeurs.",
    ]
    return "\r\n".join(lines) + "\r\n"


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for path, content in files.items():
            info = zipfile.ZipInfo(path, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            pack.writestr(info, content)
    return out.getvalue()
