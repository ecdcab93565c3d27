"""The data as records that data.gouv.fr (udata) takes: one per table or layer, its files as remote resources.

Fields: the models `Dataset`, `Resource`, `Checksum` and `TemporalCoverage` of udata's API
(opendatateam/udata, `udata/core/dataset/api_fields.py` and `constants.py`). What udata or the producer
fills in (identifiers, dates of the record, organisation) is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ptce_data import layers
from ptce_data.load import DATA_DIR
from ptce_data.opendata import credits, subjects
from ptce_data.opendata.package import is_served, package, table_of
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Identifier of the Licence Ouverte 2.0 on data.gouv.fr.
LICENCE: Final = "lov2"
ZONE: Final = "country:fr"
#: No frequency is promised.
FREQUENCY: Final = "unknown"
_GRANULARITY: Final = {
    **dict.fromkeys(("poles", "tiers_lieux", "clusters"), "poi"),
    **dict.fromkeys(("communes", "territory_types"), "fr:commune"),
    **dict.fromkeys(("epci", "epci_types"), "fr:epci"),
    "departements": "fr:departement",
    "regions": "fr:region",
}
_FILES: Final = {"csv": "csv", "geoparquet": "parquet", "parquet-file": "parquet"}


def records(dataset: Dataset, base_url: str, data_dir: Path = DATA_DIR) -> list[dict[str, Any]]:
    """One record per table and layer of the data package, as JSON values, in its order.

    `base_url` is the address of the site, without `/api`. A record is what `POST /api/1/datasets/` takes;
    the licence, the attribution and what an empty cell means are in the description too.
    """
    site = base_url.rstrip("/")
    return [_record(dataset, site, resource) for resource in package(data_dir)["resources"]]


def _record(dataset: Dataset, site: str, resource: dict[str, Any]) -> dict[str, Any]:
    name = table_of(resource)
    rows = getattr(dataset, name, None)
    ids = [] if rows is None or name in layers.LEVELS else credits.cited(rows)
    about = credits.Credits.of(dataset, name, resource["title"], ids)
    _, words = subjects.subject(name)
    made: dict[str, Any] = {
        "title": f"{resource['title']} – {credits.TITLE}",
        "description": "\n\n".join(
            (resource["description"], credits.PERIMETER, credits.EMPTY, about.attribution)
        ),
        "license": LICENCE,
        "frequency": FREQUENCY,
        "tags": sorted({fold(word).replace(" ", "-") for word in words}),
        "spatial": {"zones": [ZONE]},
        "resources": [_file(site, resource), *_collection(site, name, resource), _package(site)],
    }
    if name in _GRANULARITY:
        made["spatial"]["granularity"] = _GRANULARITY[name]
    years = subjects.period(dataset, name)
    if years:
        made["temporal_coverage"] = {"start": f"{years[0]}-01-01", "end": f"{years[1]}-12-31"}
    return made


def _file(site: str, resource: dict[str, Any]) -> dict[str, Any]:
    made = {
        "title": Path(resource["path"]).name,
        "description": resource["description"],
        "type": "main",
        "filetype": "remote",
        "format": _FILES[resource["format"]],
        "mime": resource["mediatype"],
        "url": f"{site}/api/package/{resource['path']}",
    }
    if "bytes" in resource:
        made["filesize"] = resource["bytes"]
        made["checksum"] = {"type": "sha256", "value": resource["hash"].removeprefix("sha256:")}
    return made


def _collection(site: str, name: str, resource: dict[str, Any]) -> list[dict[str, Any]]:
    if not is_served(name, resource):
        return []
    return [
        {
            "title": "OGC API – Features",
            "description": "GeoJSON par pages, avec emprise et filtres.",
            "type": "api",
            "filetype": "remote",
            "format": "geojson",
            "mime": "application/geo+json",
            "url": f"{site}/api/collections/{name}/items?f=json",
        }
    ]


def _package(site: str) -> dict[str, Any]:
    return {
        "title": "datapackage.json",
        "description": "Sens, type, unité et valeurs de chaque colonne (Frictionless Data Package).",
        "type": "documentation",
        "filetype": "remote",
        "format": "json",
        "mime": "application/json",
        "url": f"{site}/api/package/datapackage.json",
    }
