"""The configuration of pygeoapi, made from the data set: nothing is read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ptce_api.layers import Layer
from ptce_api.parameters import CRS_URIS
from ptce_api.provider import PLUGIN
from ptce_api.settings import DEFAULT_ITEMS, MAX_ITEMS, MAX_OUTLINES

#: Stands for the address of the site in what pygeoapi writes; replaced in each answer. `.invalid` is nobody's.
BASE: Final = "https://atlas-ptce.invalid/api"
TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
TITLE: Final = "Atlas de la coopération économique territoriale : données ouvertes"
DESCRIPTION: Final = (
    "Pôles territoriaux de coopération économique (PTCE), tiers-lieux, clusters, dispositifs de soutien et "
    "territoires, en lecture seule. Inventaires partiels : une absence ne dit pas qu’il n’existe rien. "
    "Une valeur nulle est inconnue, jamais « non » ni zéro."
)
LICENCE: Final = {
    "name": "Licence Ouverte 2.0",
    "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
}
_ADMIN_EXPRESS: Final = "IGN et Insee, limites administratives et populations, COG 2025 (Licence Ouverte 2.0)"
ATTRIBUTIONS: Final = {
    "poles": "Atlas de la coopération économique territoriale ; sources nommées ligne à ligne (source_ids)",
    "tiers_lieux": "CGET, Mission Coworking, 2019 ; ANCT, Fabriques de territoire, 2024 ; autres sources nommées "
    "ligne à ligne (source_ids)",
    "clusters": "Atlas de la coopération économique territoriale ; sources nommées ligne à ligne (source_ids)",
    "support_schemes": "Atlas de la coopération économique territoriale ; sources nommées ligne à ligne "
    "(source_ids)",
}


def attribution(name: str) -> str:
    """Whom to name when a collection is reused."""
    return ATTRIBUTIONS.get(name, _ADMIN_EXPRESS)


def pygeoapi_configuration(layers: Mapping[str, Layer]) -> dict[str, Any]:
    """What pygeoapi would read from its YAML file."""
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": BASE,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["fr-FR"],
            "pretty_print": False,
            "limits": {"default_items": DEFAULT_ITEMS, "max_items": MAX_ITEMS, "on_exceed": "throttle"},
            "templates": {"path": str(TEMPLATES)},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": TITLE,
                "description": DESCRIPTION,
                "keywords": ["PTCE", "tiers-lieux", "clusters", "ESS", "France"],
                "keywords_type": "theme",
                "terms_of_service": LICENCE["url"],
                "url": BASE,
            },
            "license": LICENCE,
            "provider": {"name": "Atlas de la coopération économique territoriale", "url": BASE},
            "contact": {"name": "Atlas de la coopération économique territoriale", "url": BASE},
        },
        "resources": {name: _resource(layer) for name, layer in layers.items()},
    }


def _resource(layer: Layer) -> dict[str, Any]:
    package = f"{BASE}/package"
    return {
        "type": "collection",
        "title": layer.title,
        "description": layer.description,
        "keywords": list(layer.keywords),
        "links": [
            {"type": "text/html", "rel": "license", "title": LICENCE["name"], "href": LICENCE["url"]},
            {
                "type": "text/csv",
                "rel": "describedby",
                "title": "Sources, une à une (CSV)",
                "href": f"{package}/sources.csv",
            },
            {
                "type": "application/json",
                "rel": "describedby",
                "title": "Dictionnaire des champs (datapackage.json)",
                "href": f"{package}/datapackage.json",
            },
        ],
        "extents": {"spatial": {"bbox": layer.bbox, "crs": CRS_URIS[0]}},
        "limits": {"max_items": MAX_ITEMS if layer.is_points else MAX_OUTLINES},
        "providers": [
            {
                "type": "feature",
                "name": PLUGIN,
                "data": layer,
                "id_field": layer.key,
                "title_field": "name",
                "crs": list(CRS_URIS),
                "storage_crs": CRS_URIS[0],
            }
        ],
    }
