"""pygeoapi behind one function per resource: a checked query in, an `Answer` out.

pygeoapi's functions are called directly, not its own web application: that one also serves POST, jobs, tiles
and English, and fetches its scripts from other hosts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import pygeoapi.api as core
from pygeoapi.api import itemtypes
from pygeoapi.util import render_j2_template
from starlette.requests import Request

from ptce_api import layers, openapi
from ptce_api.answers import Answer, Refused, translated
from ptce_api.configuration import BASE, attribution, pygeoapi_configuration
from ptce_api.parameters import Query
from ptce_api.provider import AREA
from ptce_api.settings import MAX_HTML_ITEMS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_HTML: Final = "text/html; charset=utf-8"
_GEOJSON: Final = "application/geo+json"
_SCHEMA: Final = "application/schema+json"
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_FEATURES: Final = "http://www.opengis.net/spec/ogcapi-features"
_COMMON: Final = "http://www.opengis.net/spec/ogcapi-common"
CONFORMANCE: Final = (
    f"{_COMMON}-1/1.0/conf/core",
    f"{_COMMON}-1/1.0/conf/landing-page",
    f"{_COMMON}-1/1.0/conf/json",
    f"{_COMMON}-1/1.0/conf/html",
    f"{_COMMON}-1/1.0/conf/oas30",
    f"{_COMMON}-2/1.0/conf/collections",
    f"{_FEATURES}-1/1.0/conf/core",
    f"{_FEATURES}-1/1.0/conf/oas30",
    f"{_FEATURES}-1/1.0/conf/html",
    f"{_FEATURES}-1/1.0/conf/geojson",
    f"{_FEATURES}-2/1.0/conf/crs",
    f"{_FEATURES}-3/1.0/conf/queryables",
    f"{_FEATURES}-3/1.0/conf/queryables-query-parameters",
    f"{_FEATURES}-5/1.0/conf/schemas",
)
#: What pygeoapi links to and this API does not serve.
_NOT_SERVED: Final = ("/processes", "/jobs", "/TileMatrixSets", "f=jsonld")
_TITLES: Final = {
    "This document as JSON": "Ce document en JSON",
    "This document as GeoJSON": "Ce document en GeoJSON",
    "This document as HTML": "Ce document en HTML",
    "The OpenAPI definition as JSON": "La description OpenAPI en JSON",
    "The OpenAPI definition as HTML": "La description OpenAPI en HTML",
    "The landing page of this server as JSON": "L’accueil de l’API en JSON",
    "The landing page of this server as HTML": "L’accueil de l’API en HTML",
    "Conformance": "Conformité",
    "Collections": "Collections",
    "Schema of collection in JSON": "Schéma de la collection en JSON",
    "Schema of collection in HTML": "Schéma de la collection en HTML",
    "Queryables for this collection as JSON": "Propriétés de la collection en JSON",
    "Queryables for this collection as HTML": "Propriétés de la collection en HTML",
    "Items as GeoJSON": "Objets en GeoJSON",
    "Items as HTML": "Objets en HTML",
    "Items (prev)": "Page précédente",
    "Items (next)": "Page suivante",
}


class Engine:
    """pygeoapi set up for one data set. Thread-safe: nothing changes once it is made."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.layers = {name: layers.build(dataset, name) for name in layers.names()}
        configuration = pygeoapi_configuration(self.layers)
        self.openapi = openapi.document(configuration)
        self._api = _quiet(lambda: core.API(configuration, self.openapi))

    def landing(self, query: Query) -> Answer:
        """The landing page."""
        return self._document(core.landing_page, query, with_files=True)

    def conformance(self, query: Query) -> Answer:
        """What standards the API keeps; not pygeoapi's list, which names what is not served here."""
        content = {"conformsTo": list(CONFORMANCE), "links": []}
        if query.format == "html":
            return self._page("conformance.html", content)
        return _json(content)

    def openapi_document(self, query: Query) -> Answer:
        """The OpenAPI document, or a readable list of it."""
        if query.format == "html":
            return self._page("openapi/swagger.html", {"document": self.openapi, "links": []})
        return Answer(200, _OPENAPI, json.dumps(self.openapi, ensure_ascii=False).encode())

    def collections(self, query: Query) -> Answer:
        """All collections."""
        return self._document(core.describe_collections, query)

    def collection(self, query: Query, name: str) -> Answer:
        """One collection."""
        return self._document(core.describe_collections, query, name)

    def queryables(self, query: Query, name: str) -> Answer:
        """The properties one may filter by, as JSON Schema."""
        return self._properties(itemtypes.get_collection_queryables, query, name)

    def schema(self, query: Query, name: str) -> Answer:
        """The properties of a feature, as JSON Schema."""
        return self._properties(core.get_collection_schema, query, name)

    def items(self, query: Query, name: str) -> Answer:
        """A page of features."""
        asked = query
        if query.format == "html":
            limit = min(int(dict(query.pairs).get("limit", MAX_HTML_ITEMS)), MAX_HTML_ITEMS)
            pairs = tuple((k, v) for k, v in query.pairs if k != "limit")
            asked = Query((*pairs, ("limit", str(limit))), query.format, query.area)
        headers, content = self._call(itemtypes.get_collection_items, asked, name)
        if query.format == "html":
            return Answer(200, _HTML, content)
        return Answer(200, _GEOJSON, _with_links(content), _content_crs(headers))

    def item(self, query: Query, name: str, identifier: str) -> Answer:
        """One feature."""
        headers, content = self._call(itemtypes.get_collection_item, query, name, identifier)
        if query.format == "html":
            return Answer(200, _HTML, content)
        return Answer(200, _GEOJSON, _with_links(content), _content_crs(headers))

    def _call(self, function: Callable[..., Any], query: Query, *names: str) -> tuple[dict[str, str], bytes]:
        """Run one of pygeoapi's functions. Raises Refused for anything but its success."""
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": query.text(f=query.format).encode(),
            "headers": [],
        }
        request = core.APIRequest(Request(scope), self._api.locales)
        token = AREA.set(query.area)
        try:
            headers, status, content = function(self._api, request, *names)
        finally:
            AREA.reset(token)
        if int(status) != 200:
            raise translated(int(status), content)
        return headers, content.encode() if isinstance(content, str) else content

    def _document(
        self, function: Callable[..., Any], query: Query, *names: str, with_files: bool = False
    ) -> Answer:
        content = self._call(function, query, *names)[1]
        if query.format == "html":
            return Answer(200, _HTML, content)
        made = json.loads(content)
        made["links"] = _links(made["links"]) + (list(_FILES) if with_files else [])
        for collection in made.get("collections", [made] if "itemType" in made else []):
            collection["links"] = _links(collection["links"])
            collection["attribution"] = attribution(collection["id"])
        return _json(made)

    def _properties(self, function: Callable[..., Any], query: Query, name: str) -> Answer:
        """pygeoapi titles each property by its name; the models say more."""
        if name not in self.layers:
            raise Refused(404, "Cette collection n’existe pas.")
        if query.format == "html":
            return Answer(200, _HTML, self._call(function, query, name)[1])
        made = json.loads(self._call(function, query, name)[1])
        roles = {k: v["x-ogc-role"] for k, v in made["properties"].items() if "x-ogc-role" in v}
        said = {field.name: field.json_schema() for field in self.layers[name].fields}
        for key, role in roles.items():
            said.setdefault(key, made["properties"][key])["x-ogc-role"] = role
        made["properties"] = said
        made["additionalProperties"] = False
        return Answer(200, _SCHEMA, json.dumps(made, ensure_ascii=False).encode())

    def _page(self, template: str, data: dict[str, Any]) -> Answer:
        page = render_j2_template(
            self._api.tpl_config,
            self._api.config["server"]["templates"],
            template,
            data,
            self._api.default_locale,
        )
        return Answer(200, _HTML, page.encode())


_FILES: Final = (
    {
        "rel": "describedby",
        "type": "application/json",
        "title": "Le paquet de données (datapackage.json)",
        "href": f"{BASE}/package/datapackage.json",
    },
    {
        "rel": "describedby",
        "type": "application/ld+json",
        "title": "Le catalogue DCAT-AP en JSON-LD",
        "href": f"{BASE}/catalogue.jsonld",
    },
    {
        "rel": "describedby",
        "type": "text/turtle",
        "title": "Le catalogue DCAT-AP en Turtle",
        "href": f"{BASE}/catalogue.ttl",
    },
)


def _json(content: dict[str, Any]) -> Answer:
    return Answer(200, "application/json", json.dumps(content, ensure_ascii=False).encode())


def _links(links: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The links that this API serves, with French titles."""
    return [
        {**link, "title": _TITLES.get(link.get("title", ""), link.get("title", ""))}
        for link in links
        if not any(part in link["href"] for part in _NOT_SERVED)
    ]


def _with_links(body: bytes) -> bytes:
    """Clean the links of features without reading the features again.

    `links` is the last list that pygeoapi adds; a quoted text cannot hold its raw quotes.
    """
    start = body.rindex(b',"links":[')
    tail = json.loads(b"{" + body[start + 1 :])
    tail["links"] = _links(tail["links"])
    return body[:start] + b"," + json.dumps(tail, ensure_ascii=False, separators=(",", ":")).encode()[1:]


def _content_crs(headers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers.items() if name == "Content-Crs")


def _quiet(make: Callable[[], Any]) -> Any:
    """Let pygeoapi set up its logging without changing that of the process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        return make()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        # It logs each refusal with its stack: a client's mistake is no news.
        logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)
