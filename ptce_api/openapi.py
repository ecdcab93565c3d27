"""The OpenAPI document: pygeoapi's, made whole and honest.

pygeoapi points to schemas on other hosts, and announces jobs, languages and write operations that are not
served. Here every reference is inside the document, and it holds exactly what the API answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pygeoapi.openapi import get_oas_30

from ptce_api.parameters import CRS_URIS

_DROPPED: Final = {"lang", "vendorSpecificParameters", "profile", "ui"}
_OBJECT: Final[dict[str, Any]] = {"type": "object"}


def document(configuration: dict[str, Any]) -> dict[str, Any]:
    """The document for a configuration of pygeoapi; OpenAPI 3.0, no reference outside of itself."""
    made = get_oas_30(configuration)
    paths = {path: _operations(path, item) for path, item in made["paths"].items() if "/jobs" not in path}
    made["paths"] = {**paths, **_FILES}
    made["info"]["version"] = "1.0"
    made["components"] = _COMPONENTS
    made.pop("tags", None)
    return made


def _operations(path: str, item: Mapping[str, Any]) -> dict[str, Any]:
    got = dict(item["get"])
    kept = [p for p in got.get("parameters", []) if _parameter_name(p) not in _DROPPED]
    if path.endswith(("/schema", "/queryables")):
        kept = [p for p in kept if _parameter_name(p) != "properties"]
    kept = [{"$ref": _local(p["$ref"])} if "$ref" in p else p for p in kept]
    if path.endswith("/items"):
        more = ("q", "filter", "filter-lang", "filter-crs", "resulttype", "datetime")
        kept += [{"$ref": f"#/components/parameters/{name}"} for name in more]
        kept = [_limit(p) for p in kept]
    got["parameters"] = kept
    got.pop("tags", None)
    answers = {
        code: {"$ref": _local(answer["$ref"])} if "$ref" in answer else answer
        for code, answer in got["responses"].items()
        if code != "default"
    }
    got["responses"] = {**answers, **_COMMON_RESPONSES}
    return {"get": got}


def _parameter_name(parameter: Mapping[str, Any]) -> str:
    return str(parameter.get("name") or _local(parameter["$ref"]).rsplit("/", 1)[1])


def _limit(parameter: dict[str, Any]) -> dict[str, Any]:
    if parameter.get("name") != "limit":
        return parameter
    most = parameter["schema"]["maximum"]
    text = f"Nombre d’objets par page. Au-delà de {most}, la page en compte {most} ; en HTML, 200 au plus."
    return {**parameter, "description": text}


def _local(reference: str) -> str:
    """`https://…#/components/x/y` or `https://…/parameters/y.yaml` -> `#/components/x/y`."""
    if reference.startswith("#"):
        return reference
    _, mark, inside = reference.partition("#")
    if mark:
        return mark + inside
    folder, name = reference.rsplit("/", 2)[1:]
    return f"#/components/{folder}/{name.removesuffix('.yaml')}"


def _query(name: str, text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": text,
        "required": False,
        "style": "form",
        "explode": False,
        "schema": dict(schema),
    }


def _answer(text: str, schema: Mapping[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {
        "description": text,
        "headers": {
            "ETag": {
                "description": "Version de la réponse ; à renvoyer dans If-None-Match.",
                "schema": {"type": "string"},
            }
        },
        "content": {media_type: {"schema": dict(schema)}, "text/html": {"schema": {"type": "string"}}},
    }


def _refusal(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
    }


def _file(operation: str, text: str, media_type: str, *names: str) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    content = {media_type: {"schema": {"type": "string"}}}
    answers = {"200": {"description": text, "content": content}, **_COMMON_RESPONSES}
    if names:
        answers["404"] = {"$ref": "#/components/responses/NotFound"}
    return {
        "get": {"operationId": operation, "summary": text, "parameters": parameters, "responses": answers}
    }


_CRS_SCHEMA: Final = {"type": "string", "format": "uri", "enum": list(CRS_URIS)}
_NUMBERS: Final = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
_NAMES: Final = {"type": "array", "items": {"type": "string"}}
_COMMON_RESPONSES: Final = {
    "304": {"$ref": "#/components/responses/NotModified"},
    "429": {"$ref": "#/components/responses/TooMany"},
}
_FEATURE: Final = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "nullable": True},
        "properties": {"type": "object", "nullable": True},
        "links": {"type": "array", "items": _OBJECT},
    },
}
_COLLECTION: Final = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        "links": {"type": "array", "items": _OBJECT},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "timeStamp": {"type": "string", "format": "date-time"},
    },
}
_COMPONENTS: Final[dict[str, Any]] = {
    "schemas": {
        "feature": _FEATURE,
        "problem": {
            "type": "object",
            "required": ["title", "status", "detail", "code", "description"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string", "description": "Une phrase en français."},
                "code": {"type": "string"},
                "description": {"type": "string"},
            },
        },
    },
    "parameters": {
        "f": _query(
            "f", "Format ; à défaut, l’en-tête Accept décide.", {"type": "string", "enum": ["json", "html"]}
        ),
        "bbox": _query(
            "bbox", "Objets dont la géométrie touche ce rectangle : ouest,sud,est,nord.", _NUMBERS
        ),
        "bbox-crs": _query("bbox-crs", "Système de coordonnées de bbox (à défaut : CRS84).", _CRS_SCHEMA),
        "crs": _query("crs", "Système de coordonnées de la réponse (à défaut : CRS84).", _CRS_SCHEMA),
        "skipGeometry": _query("skipGeometry", "Sans géométrie.", {"type": "boolean", "default": False}),
        "sortby": _query("sortby", "Propriétés de tri ; « - » devant pour décroître.", _NAMES),
        "offset": _query(
            "offset", "Objets à passer avant la page.", {"type": "integer", "minimum": 0, "default": 0}
        ),
        "datetime": _query(
            "datetime", "Accepté, sans effet : aucun objet n’a de date propre.", {"type": "string"}
        ),
        "q": _query(
            "q", "Mots à trouver dans les noms et textes, sans accents ni casse.", {"type": "string"}
        ),
        "filter": _query("filter", "Condition CQL, par exemple region_code = '84'.", {"type": "string"}),
        "filter-lang": _query(
            "filter-lang",
            "Langage de filter.",
            {"type": "string", "enum": ["cql-text"], "default": "cql-text"},
        ),
        "filter-crs": _query("filter-crs", "Système de coordonnées des géométries de filter.", _CRS_SCHEMA),
        "resulttype": _query(
            "resulttype",
            "« hits » : le nombre d’objets seulement.",
            {"type": "string", "enum": ["results", "hits"], "default": "results"},
        ),
        "featureId": {
            "name": "featureId",
            "in": "path",
            "description": "Identifiant de l’objet.",
            "required": True,
            "schema": {"type": "string"},
        },
    },
    "responses": {
        "200": _answer("Le document.", _OBJECT),
        "LandingPage": _answer("La page d’accueil ou la liste des collections.", _OBJECT),
        "Collection": _answer("La collection.", _OBJECT),
        "Queryables": _answer("Les propriétés.", _OBJECT, "application/schema+json"),
        "Features": _answer("Une page d’objets.", _COLLECTION, "application/geo+json"),
        "Feature": _answer("Un objet.", {"$ref": "#/components/schemas/feature"}, "application/geo+json"),
        "NotModified": {"description": "La réponse que le demandeur a déjà est à jour."},
        "InvalidParameter": _refusal("Un paramètre est inconnu ou incorrect."),
        "NotFound": _refusal("Cette adresse n’existe pas."),
        "TooMany": _refusal("Trop de demandes ; l’en-tête Retry-After dit quand revenir."),
        "ServerError": _refusal("La réponse n’a pas pu être préparée."),
    },
}
_FILES: Final = {
    "/package/datapackage.json": _file("getPackage", "Description du paquet de données.", "application/json"),
    "/package/{file}": _file("getPackageFile", "Une table du paquet.", "text/csv", "file"),
    "/package/{folder}/{file}": _file(
        "getPackageFolderFile",
        "Une table ou une couche du paquet.",
        "application/octet-stream",
        "folder",
        "file",
    ),
    "/catalogue.jsonld": _file("getCatalogueJson", "Catalogue DCAT-AP (JSON-LD).", "application/ld+json"),
    "/catalogue.ttl": _file("getCatalogueTurtle", "Catalogue DCAT-AP (Turtle).", "text/turtle"),
}
