"""The files of the data package as they are on disk, and the catalogue made from the same models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ptce_api.answers import Answer, Refused

if TYPE_CHECKING:
    from ptce_data.load import Dataset

PACKAGE: Final = "datapackage.json"
_TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".toml": "application/toml; charset=utf-8",
}


def description(folder: Path) -> dict[str, Any]:
    """`datapackage.json` of the data folder; made from the models where the folder has none."""
    path = folder / PACKAGE
    if path.is_file():
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return made
    from ptce_data.opendata.package import package

    return dict(package(folder))


def names(folder: Path) -> frozenset[str]:
    """The files that the package names, relative to the folder."""
    found: set[str] = set()
    for resource in description(folder)["resources"]:
        path = resource.get("path", ())
        found.update([path] if isinstance(path, str) else path)
    return frozenset(found)


def answer(folder: Path, asked: str) -> Answer:
    """The description, or a file that it names and nothing else. Raises Refused (404)."""
    if asked == PACKAGE:
        body = json.dumps(description(folder), ensure_ascii=False, indent=2).encode()
        return Answer(200, _TYPES[".json"], body)
    path = (folder / asked).resolve()
    if asked not in names(folder) or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Refused(404, "Ce fichier n’est pas dans le paquet de données.")
    media_type = _TYPES.get(path.suffix, "application/octet-stream")
    disposition = ("Content-Disposition", f'attachment; filename="{path.name}"')
    return Answer(200, media_type, path.read_bytes(), (disposition,))


def catalogue(dataset: Dataset, folder: Path, asked: str, site: str) -> Answer:
    """The DCAT-AP record as `catalogue.jsonld` or `catalogue.ttl`; `site` is the address of the atlas, `folder` its data."""
    from ptce_data.opendata import dcat

    if asked == "catalogue.ttl":
        return Answer(200, "text/turtle; charset=utf-8", dcat.turtle(dataset, site, folder))
    return Answer(200, "application/ld+json", dcat.jsonld(dataset, site, folder))
