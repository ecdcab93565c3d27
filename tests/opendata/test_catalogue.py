"""The catalogue records: valid, complete, and true to the files they describe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ptce_data.load import DATA_DIR, Dataset
from ptce_data.opendata import datagouv, dcat, subjects

SHAPES = Path(__file__).with_name("dcat-ap.ttl")
SITE = "https://atlas.example/ess"


@pytest.fixture(scope="module")
def made(real: Dataset) -> Graph:
    return Graph().parse(data=dcat.turtle(real, SITE), format="turtle")


def faults(graph: Graph) -> str:
    good, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if good else str(text)


def test_the_record_is_valid_for_dcat_ap(made: Graph) -> None:
    assert faults(made) == ""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda g: g.remove((None, FOAF.name, None)),
        lambda g: g.remove((None, DCTERMS.description, None)),
        lambda g: g.remove((None, DCAT.accessURL, None)),
        lambda g: g.remove((None, DCAT.endpointURL, None)),
        lambda g: g.remove((URIRef(dcat.credits.LICENCE_URL), RDF.type, None)),
        lambda g: g.add((URIRef(f"{SITE}/{dcat.CATALOGUE}#poles"), DCTERMS.modified, Literal("hier"))),
    ],
)
def test_the_shapes_refuse_what_lacks(
    small: Dataset, mini_dir: Path, spoil: Callable[[Graph], object]
) -> None:
    graph = dcat.graph(small, SITE, mini_dir)
    spoil(graph)
    assert faults(graph)


def test_both_syntaxes_say_the_same_and_always_the_same(real: Dataset, made: Graph) -> None:
    raw = dcat.jsonld(real, SITE + "/")
    assert isomorphic(Graph().parse(data=raw, format="json-ld"), made)
    assert raw == dcat.jsonld(real, SITE)


def test_every_file_of_the_package_is_a_data_set_with_its_size(made: Graph) -> None:
    files = {
        p.relative_to(DATA_DIR).as_posix(): p.stat().st_size
        for p in DATA_DIR.rglob("*")
        if p.suffix in (".csv", ".parquet")
    }
    found = {
        str(url).removeprefix(f"{SITE}/api/package/"): int(size)
        for node, size in made.subject_objects(DCAT.byteSize)
        for url in made.objects(node, DCAT.downloadURL)
    }
    assert found == files
    assert len(set(made.subjects(RDF.type, DCAT.Dataset))) == len(files)
    titles = [str(made.value(node, DCTERMS.title)) for node in made.subjects(RDF.type, DCAT.Dataset)]
    assert "Pôles territoriaux de coopération économique" in titles and len(set(titles)) == len(titles)


def test_the_collections_of_the_api_are_distributions(made: Graph) -> None:
    found = {
        str(url) for node in made.subjects(DCAT.accessService) for url in made.objects(node, DCAT.accessURL)
    }
    assert found == {f"{SITE}/api/collections/{name}/items?f=json" for name in dcat.COLLECTIONS}
    served = {
        str(node).partition("#")[2].replace("-", "_") for node in made.objects(None, DCAT.servesDataset)
    }
    assert served == set(dcat.COLLECTIONS)


def test_the_dates_are_those_of_the_data(real: Dataset, made: Graph) -> None:
    poles = URIRef(f"{SITE}/{dcat.CATALOGUE}#poles")
    cited = set(real.poles[["source_id", "type_source_id", "place_source_id"]].stack())
    cited |= {part for cell in real.poles["source_ids"] for part in cell.split("|")}
    days = real.sources.loc[real.sources["id"].isin(cited), "date_accessed"]
    assert str(made.value(poles, DCTERMS.modified)) == days.max()
    assert not list(made.triples((None, DCTERMS.issued, None)))
    years = real.funding_figures["year"].dropna()
    assert subjects.period(real, "funding_figures") == (years.min(), years.max())
    assert subjects.period(real, "poles") is None


def test_no_person_and_no_address_of_a_person(made: Graph) -> None:
    text = made.serialize(format="turtle")
    assert "mailto:" not in text and "vcard" not in text and "foaf:Person" not in text


@pytest.mark.parametrize(
    "address", ["atlas.example", "javascript:alert(1)", "https://a b", 'https://a"b', ""]
)
def test_an_address_that_is_none_is_refused(small: Dataset, mini_dir: Path, address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        dcat.graph(small, address, mini_dir)


def test_the_records_for_data_gouv_fr(real: Dataset) -> None:
    records = datagouv.records(real, SITE)
    package = json.loads((DATA_DIR / "datapackage.json").read_text(encoding="utf-8"))
    assert len(records) == len(package["resources"])
    known = {
        "title",
        "description",
        "license",
        "frequency",
        "tags",
        "spatial",
        "resources",
        "temporal_coverage",
    }
    for record, resource in zip(records, package["resources"], strict=True):
        assert set(record) <= known and record["license"] == "lov2" and record["frequency"] == "unknown"
        assert len(record["title"]) <= 350 and len(record["description"]) <= 100_000
        assert all(3 <= len(tag) <= 96 for tag in record["tags"])
        main = [r for r in record["resources"] if r["type"] == "main"]
        assert [r["url"] for r in main] == [f"{SITE}/api/package/{resource['path']}"]
        assert main[0]["checksum"] == {"type": "sha256", "value": resource["hash"].removeprefix("sha256:")}
        assert {r["filetype"] for r in record["resources"]} == {"remote"}
    poles = next(r for r in records if r["title"].startswith("Pôles"))
    assert poles["spatial"] == {"zones": ["country:fr"], "granularity": "poi"}
    assert [r["type"] for r in poles["resources"]] == ["main", "api", "documentation"]
