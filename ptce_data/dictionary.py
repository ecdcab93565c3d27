"""The data dictionary and the data package, generated from the models, the registry and the files.

python -m ptce_data.dictionary           writes docs/dictionnaire.md and data/datapackage.json
python -m ptce_data.dictionary --check   exits 1 when one of them is not up to date
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from ptce_data import layers, reading, schema
from ptce_data.load import DATA_DIR
from ptce_data.schema import FieldDoc
from ptce_data.schema.fields import PATTERN_TEXTS
from ptce_data.schema.references import LINK_TEXTS

MARKDOWN: Final = "docs/dictionnaire.md"
PACKAGE: Final = "data/datapackage.json"

_LICENCE: Final = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
}
_SOURCES: Final = [
    {"title": "CGET, Mission Coworking : base des tiers-lieux 2019 (Licence Ouverte 2.0)"},
    {"title": "ANCT : Fabriques de territoire, janvier 2024 (Licence Ouverte 2.0)"},
    {"title": "IGN et Insee : limites administratives et populations, COG 2025 (Licence Ouverte 2.0)"},
    {"title": "Sources des faits, une à une", "path": "sources.csv"},
]
#: Link -> table and field that a foreign key can name. Other links have codes that no one table lists.
_KEYS: Final = {
    "sources": ("sources", "id"),
    "poles": ("poles", "id"),
    "programmes": ("programmes", "id"),
    "regions": ("region_codes", "region_code"),
    "former_region_codes": ("former_region_codes", "former_region_code"),
}
_PRIMARY: Final = {
    "duplicates": ["left_uid", "right_uid"],
    "categories": ["field", "value"],
    "region_codes": ["region_code"],
    "former_region_codes": ["former_region_code"],
    "departement_codes": ["departement_code"],
    "temoins_reference": ["pole_id"],
}
_TYPES: Final = {
    "texte": "string",
    "liste": "string",
    "entier": "integer",
    "nombre": "number",
    "booléen": "boolean",
}
_LAYER_TITLES: Final = {
    "communes": "Communes (COG 2025)",
    "epci": "Intercommunalités (EPCI)",
    "departements": "Départements",
    "regions": "Régions d'aujourd'hui",
    "former_regions": "Régions d'avant 2016",
    "territory_types": "Type de territoire de chaque commune (calculé)",
    "epci_types": "Type de territoire de chaque intercommunalité (calculé)",
    "ze_types": "Type de territoire de chaque zone d'emploi (calculé)",
}
_INTRO: Final = """\
# Dictionnaire des données

Ce document est produit par `python -m ptce_data.dictionary` à partir des schémas : ne pas le modifier à la main.

- Les tables sont des fichiers CSV : UTF-8, séparateur virgule, une ligne d'en-tête, codes en texte.
- **Une cellule vide veut dire « inconnu »**, jamais « non » ni « zéro ».
- Une liste est une cellule dont les codes sont séparés par « | ».
- Chaque fait a sa source (`source_id`, voir la table des sources) et, le plus souvent, un niveau de confiance.
- Les tables sont sous [Licence Ouverte 2.0](https://www.etalab.gouv.fr/licence-ouverte-open-licence) ; \
les droits des pages citées restent à leurs éditeurs.
"""


def _text(value: str) -> str:
    """Return French text with typographic apostrophes, safe in a Markdown cell."""
    return value.replace("'", "’").replace("|", "\\|")


def labels(data_dir: Path = DATA_DIR) -> dict[str, pd.DataFrame]:
    """Return the registry per field: rows value, label, definition in the order of display."""
    registry = reading.read("categories", data_dir).frame
    return {str(field): rows.sort_values("position") for field, rows in registry.groupby("field")}


def markdown(data_dir: Path = DATA_DIR) -> str:
    """Return the dictionary as Markdown."""
    registry = labels(data_dir)
    parts = [_INTRO]
    for table in schema.TABLES:
        title, description = schema.table_text(table)
        parts.append(f"\n## {_text(title)}\n\n`data/{schema.PATHS[table]}` — {_text(description)}\n")
        parts.append("| champ | titre | type | unité | obligatoire | valeurs | description |")
        parts.append("|---|---|---|---|---|---|---|")
        parts.extend(_field_line(doc) for doc in schema.describe(table))
    parts.append(
        "\n## Couches géographiques\n\nFichiers GeoParquet ou Parquet de `data/geo`, en WGS 84 (EPSG:4326).\n"
    )
    for name, columns in _layers(data_dir):
        parts.append(f"- **{_text(_LAYER_TITLES.get(name, name))}**, `data/geo/{name}.parquet` : {columns}.")
    others = [
        f"- `data/{inside}` : {', '.join(f'`{name}`' for name in header)}."
        for inside, header in _others(data_dir)
    ]
    if others:
        parts.extend(["\n## Autres fichiers\n\nTables auxiliaires, sans schéma propre.\n", *others])
    parts.append("\n## Listes de valeurs\n\nUne valeur absente de ces listes est refusée au chargement.")
    for field, rows in registry.items():
        parts.append(f"\n### {field}\n\n| valeur | libellé | sens |\n|---|---|---|")
        for value, label, definition in (
            rows[["value", "label", "definition"]].fillna("").itertuples(index=False)
        ):
            parts.append(f"| `{value}` | {_text(label)} | {_text(definition)} |")
    return "\n".join(parts) + "\n"


def _field_line(doc: FieldDoc) -> str:
    required = "oui" if doc.required else ""
    if doc.unique:
        required += ", unique"
    cells = (f"`{doc.name}`", doc.title, doc.type, doc.unit or "", required, _values(doc), doc.description)
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _values(doc: FieldDoc) -> str:
    if doc.category:
        return f"liste `{doc.category}`"
    if doc.link:
        return LINK_TEXTS[doc.link]
    if doc.low is not None and doc.high is not None:
        return f"de {doc.low:g} à {doc.high:g}"
    if doc.low is not None:
        return f"au moins {doc.low:g}"
    if doc.type == "booléen":
        return "true, false"
    return PATTERN_TEXTS[doc.pattern] if doc.pattern else ""


def _layers(data_dir: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((data_dir / "geo").glob("*.parquet")):
        names = pq.read_schema(path).names
        yield path.stem, ", ".join(f"`{name}`" for name in names)


def package(data_dir: Path = DATA_DIR) -> dict[str, Any]:
    """Return the Frictionless data package (version 1) of `data_dir`."""
    registry = labels(data_dir)
    return {
        "profile": "data-package",
        "name": "atlas-cooperation-economique-territoriale",
        "title": "Atlas de la coopération économique territoriale",
        "description": "PTCE, tiers-lieux, clusters, dispositifs de soutien et financements, avec leurs sources.",
        "licenses": [_LICENCE],
        "sources": _SOURCES,
        "resources": [
            *(_table_resource(table, registry) for table in schema.TABLES),
            *_other_tables(data_dir),
            *_layer_resources(data_dir),
        ],
    }


def _table_resource(table: str, registry: dict[str, pd.DataFrame]) -> dict[str, Any]:
    title, description = schema.table_text(table)
    docs = schema.describe(table)
    keys = [
        {
            "fields": [doc.name],
            "reference": {"resource": _slug(_KEYS[doc.link][0]), "fields": [_KEYS[doc.link][1]]},
        }
        for doc in docs
        if doc.link in _KEYS and not doc.listed
    ]
    content: dict[str, Any] = {
        "fields": [_field(doc, registry) for doc in docs],
        "missingValues": [""],
        "primaryKey": _PRIMARY.get(table, ["id"]),
    }
    if keys:
        content["foreignKeys"] = keys
    return {
        **_csv(schema.PATHS[table], _slug(table)),
        "title": title,
        "description": description,
        "schema": content,
    }


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _csv(path: str, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }


def _field(doc: FieldDoc, registry: dict[str, pd.DataFrame]) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if doc.required:
        constraints["required"] = True
    if doc.unique:
        constraints["unique"] = True
    if doc.category and not doc.listed:
        constraints["enum"] = registry[doc.category]["value"].tolist()
    if doc.pattern:
        constraints["pattern"] = doc.pattern
    for key, bound in (("minimum", doc.low), ("maximum", doc.high)):
        if bound is not None:
            constraints[key] = bound
    field: dict[str, Any] = {
        "name": doc.name,
        "title": doc.title,
        "description": doc.description,
        "type": _TYPES[doc.type],
    }
    if doc.unit:
        field["unit"] = doc.unit
    if doc.type == "booléen":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field | ({"constraints": constraints} if constraints else {})


def _others(data_dir: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the path and header of the CSV files that no model covers."""
    for path in sorted(data_dir.rglob("*.csv")):
        inside = path.relative_to(data_dir).as_posix()
        if inside not in schema.PATHS.values():
            yield inside, path.read_text(encoding="utf-8").partition("\n")[0].split(",")


def _other_tables(data_dir: Path) -> Iterator[dict[str, Any]]:
    """Describe the CSV files that no model covers, as text."""
    for inside, header in _others(data_dir):
        fields = [{"name": name, "type": "string"} for name in header]
        content = {"fields": fields, "missingValues": [""]}
        yield {**_csv(inside, _slug(Path(inside).stem)), "schema": content}


def _layer_resources(data_dir: Path) -> Iterator[dict[str, Any]]:
    for name, _ in _layers(data_dir):
        yield {
            "name": f"geo-{_slug(name)}",
            "path": f"geo/{name}.parquet",
            "title": _LAYER_TITLES.get(name, name),
            "profile": "data-resource",
            "format": "geoparquet" if name in layers.LEVELS else "parquet-file",
            "mediatype": "application/vnd.apache.parquet",
        }


def outputs(data_dir: Path = DATA_DIR) -> dict[Path, str]:
    """Return the generated files: path -> content."""
    root = data_dir.parent
    content = json.dumps(package(data_dir), ensure_ascii=False, indent=2) + "\n"
    return {root / MARKDOWN: markdown(data_dir), root / PACKAGE: content}


def main(arguments: list[str] | None = None, data_dir: Path = DATA_DIR) -> int:
    """Write the generated files, or with --check compare them. Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; status 1 when they differ")
    check = parser.parse_args(arguments).check
    stale = []
    for path, content in outputs(data_dir).items():
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != content:
                stale.append(path.name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for name in stale:
        print(f"{name} n'est pas à jour : lancer « python -m ptce_data.dictionary ».", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
