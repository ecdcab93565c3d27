"""The Frictionless data package of `data/`: every file with its fields, constraints, keys, size and hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from ptce_data import layers, reading, schema
from ptce_data.load import DATA_DIR, version
from ptce_data.opendata import credits
from ptce_data.schema import FieldDoc

_LICENCE: Final = {
    "name": credits.LICENCE_NAME,
    "title": credits.LICENCE_TITLE,
    "path": credits.LICENCE_URL,
}
_SOURCES: Final = [
    *({"title": title} for title in credits.OFFICIAL),
    {"title": "Sources des faits, une à une", "path": "sources.csv"},
]
KEYWORDS: Final = (
    "économie sociale et solidaire",
    "pôle territorial de coopération économique",
    "PTCE",
    "tiers-lieu",
    "cluster",
    "coopération économique territoriale",
)
#: The collections of the API, as `ptce_api` serves them.
COLLECTIONS: Final = ("poles", "tiers_lieux", "clusters", "support_schemes", *layers.LEVELS)
#: Link -> table and field that a foreign key can name. Other links have codes that no one table lists.
_KEYS: Final = {
    "sources": ("sources", "id"),
    "poles": ("poles", "id"),
    "programmes": ("programmes", "id"),
    "support_schemes": ("support_schemes", "id"),
    "label_waves": ("label_waves", "id"),
    "glossary": ("glossary", "id"),
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
LAYER_TITLES: Final = {
    "communes": "Contours des communes (COG 2025)",
    "epci": "Contours des intercommunalités (EPCI)",
    "departements": "Contours des départements",
    "regions": "Contours des régions d’aujourd’hui",
    "former_regions": "Contours des régions d’avant 2016",
    "territory_types": "Type de territoire de chaque commune (calculé)",
    "epci_types": "Type de territoire de chaque intercommunalité (calculé)",
    "ze_types": "Type de territoire de chaque zone d’emploi (calculé)",
}
_CONTOURS: Final = "Contours en WGS 84, simplifiés, avec population municipale (Insee 2022) et superficie."
_COMPUTED: Final = "Indicateurs des zonages et des recensements, et type que l’atlas en calcule."
_LAYER_TEXTS: Final = {
    **dict.fromkeys(layers.LEVELS, _CONTOURS),
    **dict.fromkeys(("territory_types", "epci_types", "ze_types"), _COMPUTED),
}
#: File -> title and description of a table without a model; field -> its own.
_OTHER_TEXTS: Final = {
    "codes/former_communes.csv": (
        "Anciens codes de communes",
        "Codes d’anciennes communes et d’arrondissements municipaux, et la commune d’aujourd’hui (COG 2025).",
    ),
}
_OTHER_FIELDS: Final = {
    "old_code": ("Ancien code", "Code Insee qui n’est plus celui d’une commune."),
    "commune_insee": ("Commune", "Code Insee de la commune d’aujourd’hui (COG 2025)."),
}


def labels(data_dir: Path = DATA_DIR) -> dict[str, pd.DataFrame]:
    """Return the registry per field: rows value, label, definition in the order of display."""
    registry = reading.read("categories", data_dir).frame
    return {str(field): rows.sort_values("position") for field, rows in registry.groupby("field")}


def layer_files(data_dir: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the columns of each layer, as in a sentence."""
    for path in sorted((data_dir / "geo").glob("*.parquet")):
        names = pq.read_schema(path).names
        yield path.stem, ", ".join(f"`{name}`" for name in names)


def package(data_dir: Path = DATA_DIR) -> dict[str, Any]:
    """Return the Frictionless data package (version 1) of `data_dir`.

    `version` and the hashes are those of the files, `created` is the day of the newest source: the same
    files give the same package.
    """
    registry = labels(data_dir)
    made: dict[str, Any] = {
        "profile": "data-package",
        "name": "atlas-cooperation-economique-territoriale",
        "title": credits.TITLE,
        "description": "PTCE, tiers-lieux, clusters, dispositifs de soutien et financements, avec leurs sources. "
        f"{credits.EMPTY}",
        "version": version(data_dir),
        "keywords": list(KEYWORDS),
        "licenses": [_LICENCE],
        "sources": _SOURCES,
        "contributors": [{"title": credits.TITLE, "role": "publisher"}],
    }
    days = reading.read("sources", data_dir).frame["date_accessed"].dropna()
    if len(days):
        made["created"] = f"{days.max()}T00:00:00Z"
    resources = [
        *(_table_resource(table, registry) for table in schema.TABLES),
        *_other_tables(data_dir),
        *_layer_resources(data_dir),
    ]
    made["resources"] = [_sized(resource, data_dir) for resource in resources]
    return made


def _sized(resource: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    """The resource with the size and the hash of its file; the fields stay last."""
    path = data_dir / resource["path"]
    if not path.is_file():
        return resource
    content = path.read_bytes()
    own = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    fields = {key: value for key, value in resource.items() if key == "schema"}
    return {key: value for key, value in resource.items() if key != "schema"} | own | fields


def _table_resource(table: str, registry: dict[str, pd.DataFrame]) -> dict[str, Any]:
    title, description = schema.table_text(table)
    docs = schema.describe(table)
    keys = [
        {
            "fields": [doc.name],
            "reference": {"resource": slug(_KEYS[doc.link][0]), "fields": [_KEYS[doc.link][1]]},
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
        **_csv(schema.PATHS[table], slug(table)),
        "title": title,
        "description": description,
        "schema": content,
    }


def table_of(resource: dict[str, Any]) -> str:
    """The table or layer that a resource of the package holds, as `Dataset` names it."""
    name = str(resource["name"])
    return Path(resource["path"]).stem if name.startswith("geo-") else name.replace("-", "_")


def is_served(name: str, resource: dict[str, Any]) -> bool:
    """Tell whether the API has a collection of this table, and this resource is that table."""
    return name in COLLECTIONS and (name in layers.LEVELS) == str(resource["name"]).startswith("geo-")


def slug(name: str) -> str:
    """The name of a resource as the standard wants it: dashes, no underscore."""
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


def other_files(data_dir: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the path and header of the CSV files that no model covers."""
    for path in sorted(data_dir.rglob("*.csv")):
        inside = path.relative_to(data_dir).as_posix()
        if inside not in schema.PATHS.values():
            yield inside, path.read_text(encoding="utf-8").partition("\n")[0].split(",")


def _other_tables(data_dir: Path) -> Iterator[dict[str, Any]]:
    """Describe the CSV files that no model covers, as text."""
    for inside, header in other_files(data_dir):
        fields = [_other_field(name) for name in header]
        content = {"fields": fields, "missingValues": [""]}
        title, description = _OTHER_TEXTS.get(inside, (Path(inside).stem, "Table auxiliaire."))
        texts = {"title": title, "description": description}
        yield {**_csv(inside, slug(Path(inside).stem)), **texts, "schema": content}


def _other_field(name: str) -> dict[str, Any]:
    title, description = _OTHER_FIELDS.get(name, (name, ""))
    texts = {"title": title, "description": description} if description else {}
    return {"name": name, **texts, "type": "string"}


def _layer_resources(data_dir: Path) -> Iterator[dict[str, Any]]:
    for name, _ in layer_files(data_dir):
        yield {
            "name": f"geo-{slug(name)}",
            "path": f"geo/{name}.parquet",
            "title": LAYER_TITLES.get(name, name),
            "description": _LAYER_TEXTS.get(name, "Couche géographique."),
            "profile": "data-resource",
            "format": "geoparquet" if name in layers.LEVELS else "parquet-file",
            "mediatype": "application/vnd.apache.parquet",
        }
