"""The catalogue record of the data, DCAT-AP, as JSON-LD and Turtle: made from the data package.

Profile: DCAT-AP 3.0 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), which DCAT-AP 2.1 readers take.
Nobody is named but the atlas; a date or a frequency that is not known is left out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from ptce_data import layers
from ptce_data.load import DATA_DIR
from ptce_data.opendata import credits, subjects
from ptce_data.opendata.package import COLLECTIONS, is_served, package, table_of

if TYPE_CHECKING:
    from ptce_data.load import Dataset

CATALOGUE: Final = "api/catalogue.jsonld"
_EU: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "http://www.iana.org/assignments/media-types/"
_ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
_FRENCH: Final = URIRef(f"{_EU}language/FRA")
_FRANCE: Final = URIRef(f"{_EU}country/FRA")
_PUBLIC: Final = URIRef(f"{_EU}access-right/PUBLIC")
_LICENCE: Final = URIRef(credits.LICENCE_URL)
_CRS: Final = URIRef("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
_OGC_API: Final = URIRef("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
_TABLE_SCHEMA: Final = URIRef("https://specs.frictionlessdata.io/table-schema/")
_DATA_PACKAGE: Final = URIRef("https://specs.frictionlessdata.io/data-package/")
_GEOJSON: Final = URIRef("https://www.rfc-editor.org/rfc/rfc7946")
#: Format -> French label of a distribution, media type, European file type.
_FORMATS: Final = {
    "csv": ("CSV", "text/csv", "CSV"),
    "geoparquet": ("GeoParquet", "application/vnd.apache.parquet", "PARQUET"),
    "parquet-file": ("Parquet", "application/vnd.apache.parquet", "PARQUET"),
    "geojson": ("GeoJSON, par pages", "application/geo+json", "GEOJSON"),
    "json": ("Description (Frictionless Data Package)", "application/json", "JSON"),
}


def turtle(dataset: Dataset, base_url: str, data_dir: Path = DATA_DIR) -> bytes:
    """The catalogue as Turtle, UTF-8; see `graph`."""
    return graph(dataset, base_url, data_dir).serialize(format="turtle").encode("utf-8")


def jsonld(dataset: Dataset, base_url: str, data_dir: Path = DATA_DIR) -> bytes:
    """The catalogue as JSON-LD, UTF-8, in a fixed order; see `graph`."""
    made = graph(dataset, base_url, data_dir)
    context = {prefix: str(space) for prefix, space in made.namespaces() if prefix in _PREFIXES}
    text = made.serialize(format="json-ld", context=context, auto_compact=False)
    content = _sorted(json.loads(text))
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def graph(dataset: Dataset, base_url: str, data_dir: Path = DATA_DIR) -> Graph:
    """The catalogue as a graph. `base_url` is the address of the site, without `/api`.

    One dcat:Catalog, one dcat:Dataset per table and layer of the data package of `data_dir`, with its file
    and, where the API has it, its collection; one dcat:DataService for the API. Raises ValueError for an
    address that is not http or https.
    """
    site = _Site(base_url)
    made = Graph(bind_namespaces="none")
    for prefix, space in _PREFIXES.items():
        made.bind(prefix, space)
    _catalogue(made, dataset, site)
    described = package(data_dir)
    for resource in described["resources"]:
        _dataset(made, dataset, site, resource, described["version"])
    return made


_PREFIXES: Final = {
    "adms": _ADMS,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}


class _Site:
    """The addresses of one site."""

    def __init__(self, base_url: str) -> None:
        if not base_url.startswith(("http://", "https://")) or any(c in base_url for c in ' <>"{}|\\^`\n'):
            raise ValueError("L’adresse du site commence par http:// ou https://.")
        self.base = base_url.rstrip("/")

    def at(self, path: str) -> URIRef:
        return URIRef(f"{self.base}/{path}")

    def record(self, fragment: str) -> URIRef:
        return self.at(f"{CATALOGUE}#{fragment}")


def _say(made: Graph, node: URIRef, kind: URIRef, facts: dict[URIRef, Any]) -> URIRef:
    """Add a node: its type and its facts, each a value or a list of values; a text is French."""
    made.add((node, RDF.type, kind))
    for fact, given in facts.items():
        for value in given if isinstance(given, (list, tuple)) else [given]:
            if value is not None:
                made.add((node, fact, Literal(value, lang="fr") if type(value) is str else value))
    return node


def _catalogue(made: Graph, dataset: Dataset, site: _Site) -> None:
    publisher = _say(made, site.record("editeur"), FOAF.Agent, {FOAF.name: credits.TITLE})
    _say(made, _LICENCE, DCTERMS.LicenseDocument, {RDFS.label: credits.LICENCE_TITLE})
    _say(made, _FRANCE, DCTERMS.Location, {RDFS.label: "France"})
    _say(made, _FRENCH, DCTERMS.LinguisticSystem, {RDFS.label: "français"})
    _say(made, _PUBLIC, DCTERMS.RightsStatement, {RDFS.label: "public"})
    _document(made, site.at(""))
    scheme = URIRef(subjects.THEME.rstrip("/"))
    _say(made, scheme, SKOS.ConceptScheme, {DCTERMS.title: "Thèmes des données (Union européenne)"})
    for code, label in subjects.THEMES.items():
        _say(
            made, URIRef(subjects.THEME + code), SKOS.Concept, {SKOS.prefLabel: label, SKOS.inScheme: scheme}
        )
    for standard in (_CRS, _OGC_API, _TABLE_SCHEMA, _DATA_PACKAGE, _GEOJSON):
        made.add((standard, RDF.type, DCTERMS.Standard))
    common = {
        DCTERMS.publisher: publisher,
        DCTERMS.license: _LICENCE,
        DCTERMS.language: _FRENCH,
    }
    service = _say(
        made,
        site.record("service"),
        DCAT.DataService,
        {
            **common,
            DCTERMS.title: f"API de l’{credits.TITLE}",
            DCTERMS.description: "OGC API – Features, en lecture seule : JSON et HTML, emprise, filtres, pages.",
            DCAT.endpointURL: site.at("api/"),
            DCAT.endpointDescription: site.at("api/openapi"),
            DCTERMS.conformsTo: _OGC_API,
            DCTERMS.accessRights: _PUBLIC,
            DCAT.servesDataset: [site.record(name.replace("_", "-")) for name in COLLECTIONS],
        },
    )
    facts = {
        **common,
        DCTERMS.title: f"{credits.TITLE} : données ouvertes",
        DCTERMS.description: f"PTCE, tiers-lieux, clusters, dispositifs de soutien et financements, avec leurs "
        f"sources. {credits.PERIMETER}",
        DCTERMS.spatial: _FRANCE,
        DCTERMS.modified: _day(credits.updated(dataset)),
        DCAT.themeTaxonomy: scheme,
        DCAT.service: service,
        FOAF.homepage: site.at(""),
    }
    _say(made, site.record("catalogue"), DCAT.Catalog, facts)


def _day(text: str) -> Literal | None:
    return Literal(text, datatype=XSD.date) if len(text) == 10 else None


def _dataset(made: Graph, dataset: Dataset, site: _Site, resource: dict[str, Any], release: str) -> None:
    name = table_of(resource)
    slug = name.replace("_", "-")
    node = site.record(slug)
    made.add((site.record("catalogue"), DCAT.dataset, node))
    themes, words = subjects.subject(name)
    rows = getattr(dataset, name, None)
    ids = [] if rows is None or name in layers.LEVELS else credits.cited(rows)
    about = credits.Credits.of(dataset, name, resource["title"], ids)
    days = about.sources["date_accessed"].dropna()
    facts: dict[URIRef, Any] = {
        DCTERMS.title: resource["title"],
        DCTERMS.description: f"{resource['description']} {credits.EMPTY}",
        DCTERMS.identifier: Literal(str(node)),
        DCTERMS.publisher: site.record("editeur"),
        DCTERMS.license: _LICENCE,
        DCTERMS.accessRights: _PUBLIC,
        DCTERMS.language: _FRENCH,
        DCTERMS.spatial: _FRANCE,
        DCTERMS.modified: _day(str(days.max())) if len(days) else None,
        DCAT.theme: [URIRef(subjects.THEME + code) for code in themes],
        DCAT.keyword: list(words),
        DCAT.landingPage: _document(made, site.at("donnees")),
        URIRef(f"{DCAT}version"): Literal(release),
        OWL.versionInfo: Literal(release),
        DCTERMS.conformsTo: _CRS if resource["format"] == "geoparquet" else _TABLE_SCHEMA if "schema" in resource else None,
        DCTERMS.provenance: _say(
            made, site.record(f"{slug}-provenance"), DCTERMS.ProvenanceStatement, {RDFS.label: about.attribution}
        ),
        DCTERMS.temporal: _period(made, dataset, site, name, slug),
        DCAT.distribution: _distributions(made, site, resource, name, slug),
    }  # fmt: skip
    _say(made, node, DCAT.Dataset, facts)


def _document(made: Graph, node: URIRef) -> URIRef:
    made.add((node, RDF.type, FOAF.Document))
    return node


def _period(made: Graph, dataset: Dataset, site: _Site, name: str, slug: str) -> URIRef | None:
    years = subjects.period(dataset, name)
    if years is None:
        return None
    first, last = (Literal(str(year), datatype=XSD.gYear) for year in years)
    node = site.record(f"{slug}-periode")
    return _say(made, node, DCTERMS.PeriodOfTime, {DCAT.startDate: first, DCAT.endDate: last})


def _distributions(made: Graph, site: _Site, resource: dict[str, Any], name: str, slug: str) -> list[URIRef]:
    path = site.at(f"api/package/{resource['path']}")
    conforms = {"csv": _TABLE_SCHEMA}.get(resource["format"])
    found = [_distribution(made, site, slug, resource["format"], path, resource.get("bytes"), conforms)]
    if is_served(name, resource):
        items = site.at(f"api/collections/{name}/items?f=json")
        found.append(_distribution(made, site, slug, "geojson", items, None, _GEOJSON))
        made.add((found[-1], DCAT.accessService, site.record("service")))
    described = site.at("api/package/datapackage.json")
    found.append(_distribution(made, site, slug, "json", described, None, _DATA_PACKAGE))
    return found


def _distribution(
    made: Graph,
    site: _Site,
    slug: str,
    kind: str,
    address: URIRef,
    size: int | None,
    conforms: URIRef | None,
) -> URIRef:
    label, media, file_type = _FORMATS[kind]
    media_type = URIRef(_IANA + media)
    form = URIRef(f"{_EU}file-type/{file_type}")
    made.add((media_type, RDF.type, DCTERMS.MediaType))
    made.add((form, RDF.type, DCTERMS.MediaTypeOrExtent))
    facts = {
        DCTERMS.title: label,
        DCAT.accessURL: address,
        # A collection comes by pages: its address gives access, it is not the whole as one file.
        DCAT.downloadURL: None if kind == "geojson" else address,
        DCAT.mediaType: media_type,
        DCTERMS["format"]: form,
        DCTERMS.license: _LICENCE,
        DCTERMS.conformsTo: conforms,
        DCAT.byteSize: None if size is None else Literal(str(size), datatype=XSD.nonNegativeInteger),
    }
    return _say(made, site.record(f"{slug}-{kind}"), DCAT.Distribution, facts)


def _sorted(value: Any) -> Any:
    """The order of a graph is that of its hashes: the same facts must make the same file."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value
