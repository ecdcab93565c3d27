"""HTTP: what is refused and how, what is kept, who may ask, and documents that say what is served."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from ptce_api import layers
from ptce_api.answers import CSP
from ptce_api.settings import Settings, from_environment
from ptce_data.load import Dataset
from tests import mini
from tests.api.conftest import client_of

ITEMS = "/api/collections/poles/items"
PAGES = [
    "/api",
    "/api/collections",
    "/api/conformance",
    "/api/openapi",
    *(
        f"/api/collections/{name}{end}"
        for name in ("poles", "communes")
        for end in ("", "/items", "/queryables", "/schema")
    ),
]


def walk(node: object) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def test_the_openapi_document_is_valid_and_whole(api: TestClient) -> None:
    document = api.get("/api/openapi").json()
    validate(document)
    assert all(str(value).startswith("#/") for key, value in walk(document) if key == "$ref")
    assert all(set(item) == {"get"} for item in document["paths"].values())
    for name, most in (("poles", 10_000), ("communes", 2_000)):
        listed = document["paths"][f"/collections/{name}/items"]["get"]["parameters"]
        limit = next(p for p in listed if p.get("name") == "limit")
        assert limit["schema"]["maximum"] == most


def test_what_the_openapi_document_lists_is_served(small_api: TestClient) -> None:
    document = small_api.get("/api/openapi").json()
    for path in document["paths"]:
        if path.startswith("/catalogue") or "{f" in path:
            continue
        assert small_api.get(f"/api{path}").status_code == 200, path
    for path in document["paths"]:
        if path.endswith("/{featureId}"):
            first = small_api.get(f"/api{path.removesuffix('/{featureId}')}?limit=1").json()["features"][0]
            assert small_api.get(f"/api{path.format(featureId=first['id'])}").status_code == 200


def test_every_link_leads_somewhere(small_api: TestClient) -> None:
    for page in ("/api", "/api/collections", "/api/collections/poles", f"{ITEMS}?limit=1"):
        for key, value in walk(small_api.get(page, headers={"accept": "application/json"}).json()):
            if key == "href" and "/catalogue." not in str(value) and "etalab" not in str(value):
                assert small_api.get(str(value)).status_code == 200, value


@pytest.mark.parametrize("path", PAGES)
def test_html_asks_nobody_else_and_runs_nothing(api: TestClient, path: str) -> None:
    answer = api.get(path, headers={"accept": "text/html,application/xhtml+xml;q=0.9"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == CSP
    assert '<html lang="fr">' in answer.text
    assert not re.search(r"<script|<iframe|<img|style=|\son\w+=", answer.text)
    for address in re.findall(r'<link[^>]+href="([^"]+)"', answer.text):
        assert address == "http://testserver/api/style.css"
    assert api.get("/api/style.css").status_code == 200


def test_hostile_names_come_through_as_text(hostile_api: TestClient) -> None:
    for name in ("poles", "tiers_lieux", "clusters", "support_schemes"):
        features = hostile_api.get(f"/api/collections/{name}/items").json()["features"]
        assert set(mini.HOSTILE_NAMES) <= {f["properties"]["name"] for f in features}
        pages = [hostile_api.get(f"/api/collections/{name}/items?f=html").text]
        pages += [hostile_api.get(f"/api/collections/{name}/items/hostile-{i}?f=html").text for i in range(9)]
        for page in pages:
            assert not re.search(r"<script|<img|onerror=alert\(1\)>", page)
            assert not re.search(r'href="(?!https?://|http)', page)


def test_an_unchanged_answer_is_not_sent_again(api: TestClient, real: Dataset) -> None:
    first = api.get(ITEMS)
    tag = first.headers["etag"]
    assert real.version in tag
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["vary"] == "Accept, Accept-Encoding"
    for sent in (tag, tag.removeprefix("W/"), f'"autre", {tag}'):
        again = api.get(ITEMS, headers={"if-none-match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert api.get(ITEMS, headers={"if-none-match": '"autre"'}).status_code == 200
    assert api.get(ITEMS, headers={"accept": "text/html"}).headers["etag"] != tag
    assert api.get(f"{ITEMS}?limit=5").headers["etag"] != tag


def test_the_tag_changes_with_the_data(small_api: TestClient, hostile_api: TestClient) -> None:
    assert small_api.get(ITEMS).headers["etag"] != hostile_api.get(ITEMS).headers["etag"]


def test_an_answer_is_made_once(small: Dataset, mini_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ptce_api.provider import DatasetProvider

    calls = []
    query = DatasetProvider.query
    monkeypatch.setattr(DatasetProvider, "query", lambda *a, **k: calls.append(1) or query(*a, **k))
    with client_of(small, mini_dir) as client:
        one = client.get(f"{ITEMS}?limit=3&offset=1")
        two = client.get(f"{ITEMS}?offset=1&limit=3")
        assert one.content == two.content
        assert len(calls) == 1
    calls.clear()
    with client_of(small, mini_dir, Settings(rate=None, cache_bytes=0)) as client:
        client.get(ITEMS)
        client.get(ITEMS)
        assert len(calls) == 2


def test_memory_of_answers_is_bounded(small: Dataset, mini_dir: Path) -> None:
    from starlette.applications import Starlette

    from ptce_api.asgi import OpenData

    app = OpenData(lambda: small, lambda: mini_dir, Settings(rate=None, cache_bytes=100_000))
    with TestClient(Starlette(routes=app.routes())) as client:
        for offset in range(60):
            assert client.get(f"{ITEMS}?offset={offset}").status_code == 200
    assert 0 < app._store.bytes <= 100_000


def test_gzip_when_asked(api: TestClient) -> None:
    with api.stream("GET", ITEMS, headers={"accept-encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        body = b"".join(packed.iter_raw())
    plain = api.get(ITEMS, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(body)[:2000] == plain.content[:2000]


def test_anyone_may_read_from_a_page(api: TestClient) -> None:
    answer = api.get(ITEMS, headers={"origin": "https://ailleurs.example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = api.options(
        ITEMS, headers={"origin": "https://x.example", "access-control-request-method": "GET"}
    )
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", ["/api", ITEMS, f"{ITEMS}/pole-a", "/api/package/poles.csv", "/api/jobs"])
def test_nothing_can_be_written(small_api: TestClient, method: str, path: str) -> None:
    answer = small_api.request(method, path, content=b"{}", headers={"content-type": "application/geo+json"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["detail"] == "Cette API se lit seulement."


def test_head_has_the_headers_of_get(api: TestClient) -> None:
    got, head = api.get(ITEMS), api.head(ITEMS)
    assert head.content == b""
    for name in ("content-length", "etag", "content-type"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=1e3", "limit"), ("limit=", "limit"),
        ("limit=1&limit=2", "deux fois"), ("offset=-1", "offset"), ("offset=9999999999999", "offset"),
        ("bbox=1,2,3", "bbox"), ("bbox=1,2,3,nan", "bbox"), ("bbox=1,5,3,4", "bbox"), ("bbox=a,b,c,d", "bbox"),
        ("bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154", "bbox"), ("crs=EPSG:2154", "crs"),
        ("sortby=nom", "sortby"), ("sortby=", "sortby"), ("sortby=--name", "sortby"), ("properties=nom", "properties"),
        ("resulttype=x", "resulttype"), ("skipGeometry=peut-etre", "skipGeometry"), ("f=xml", "f attend"),
        ("f=jsonld", "f attend"), ("nom=Archer", "nom"), ("created_year=deux", "created_year"),
        ("is_temoin=oui", "is_temoin"), ("filter=((", "CQL"), ("filter=inconnu=1", "inconnu"),
        ("filter=name*999999999='x'", "nombres"), ("filter=created_year", "filtre"), ("filter=name>3", "compare"),
        ("filter=sin(created_year)=1", "fonction"), ("q=%ff", "UTF-8"), ("&".join(f"a{i}=1" for i in range(50)), "paramètres"),
        ("f=html&filter=inconnu=1", "inconnu"), ("q=a+b+c+d+e+f+g+h+i", "mots"),
        ("filter=" + "%20OR%20".join(["created_year=1"] * 60), "trop long"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_gets_one_french_sentence(api: TestClient, query: str, word: str) -> None:
    answer = api.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert word in said["detail"]
    assert said["detail"].endswith(".")
    assert "etag" not in answer.headers
    assert "Traceback" not in answer.text


def test_an_address_has_a_length(api: TestClient) -> None:
    assert api.get(f"{ITEMS}?q={'a' * 5000}").status_code == 414
    assert api.get("/api/collections/" + "x" * 5000).status_code == 414


@pytest.mark.parametrize(
    "path", ["/api/jobs", "/api/processes", "/api/admin/config", "/api/stac", "/api/x", "/api/collections/x"]
)
def test_what_is_not_served_is_not_found(small_api: TestClient, path: str) -> None:
    answer = small_api.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_an_error_of_ours_tells_nothing(
    small: Dataset, mini_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptce_api.provider import DatasetProvider

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/chemin")

    monkeypatch.setattr(DatasetProvider, "query", broken)
    with client_of(small, mini_dir) as client:
        answer = client.get(ITEMS)
    assert answer.status_code == 500
    assert answer.json()["detail"] == "La réponse n’a pas pu être préparée."
    assert "secret" not in answer.text


def test_too_many_requests_wait_whatever_they_claim(small: Dataset, mini_dir: Path) -> None:
    with client_of(small, mini_dir, Settings(rate="3/hour")) as client:
        sent = [client.get("/api", headers={"x-forwarded-for": f"10.0.0.{i}"}) for i in range(4)]
        assert [a.status_code for a in sent] == [200, 200, 200, 429]
        assert 1 <= int(sent[3].headers["retry-after"]) <= 3600
        assert sent[3].headers["access-control-allow-origin"] == "*"


def test_two_clients_do_not_share_a_limit_but_a_network_does() -> None:
    from ptce_api.answers import Refused
    from ptce_api.clients import RateLimit

    limit = RateLimit("1/hour")
    limit.check({"client": ("192.0.2.1", 1)})
    limit.check({"client": ("192.0.2.2", 1)})
    limit.check({"client": ("2001:db8::1", 1)})
    for address in ("192.0.2.1", "::ffff:192.0.2.2", "2001:db8::ffff"):
        with pytest.raises(Refused, match="Trop de demandes"):
            limit.check({"client": (address, 2)})


def test_links_follow_the_address_of_the_site(small: Dataset, mini_dir: Path) -> None:
    def addresses(client: TestClient, path: str, **headers: str) -> set[str]:
        found = walk(client.get(path, headers={"accept": "application/json", **headers}).json())
        return {str(v) for k, v in found if k == "href" and "etalab" not in str(v)}

    with client_of(small, mini_dir) as client:
        assert all(
            a.startswith("http://atlas.example:81/api")
            for a in addresses(client, "/api", host="atlas.example:81")
        )
        assert client.get("/api", headers={"host": 'x"><script>'}).status_code == 400
    with client_of(small, mini_dir, base="atlas/") as client:
        assert all(
            a.startswith("http://testserver/atlas/api") for a in addresses(client, "/atlas/api/collections")
        )
    public = Settings(public_url="https://atlas.example.org/ptce", rate=None)
    with client_of(small, mini_dir, public) as client:
        links = addresses(client, "/api/collections/poles/items?limit=1", host="ailleurs.example")
        assert all(a.startswith("https://atlas.example.org/ptce/api/") for a in links)


def test_settings_come_from_the_environment() -> None:
    assert from_environment({}) == Settings()
    given = {"PTCE_PUBLIC_URL": "https://a.example/b/", "PTCE_API_RATE": "0", "PTCE_API_CACHE_MB": "8"}
    assert from_environment(given) == Settings("https://a.example/b", None, 8 * 2**20)
    for wrong in (
        {"PTCE_PUBLIC_URL": "javascript:x"},
        {"PTCE_API_CACHE_MB": "-1"},
        {"PTCE_API_RATE": "souvent"},
    ):
        with pytest.raises(ValueError, match="PTCE_"):
            from_environment(wrong)


def test_collections_say_who_to_name(api: TestClient, real: Dataset) -> None:
    listed = api.get("/api/collections").json()["collections"]
    assert [c["id"] for c in listed] == list(layers.names())
    for collection in listed:
        assert "Licence Ouverte 2.0" in [
            link["title"] for link in collection["links"] if link["rel"] == "license"
        ]
        assert collection["attribution"]
        assert collection["keywords"]
        assert len(collection["extent"]["spatial"]["bbox"][0]) == 4


def test_the_schema_is_that_of_the_models(api: TestClient) -> None:
    for end in ("queryables", "schema"):
        answer = api.get(f"/api/collections/tiers_lieux/{end}")
        assert answer.headers["content-type"] == "application/schema+json"
        properties = answer.json()["properties"]
        assert properties["kind"]["enum"]
        assert properties["id"]["x-ogc-role"] == "id"
        assert properties["opened_year"] == {
            "type": "integer", "title": "Ouverture", "description": properties["opened_year"]["description"],
            "x-ogc-unit": "année",
        }  # fmt: skip


def test_a_patient_pattern_is_quick(api: TestClient) -> None:
    """A regular expression would try every way to split the text."""
    pattern = "%e" * 40 + "%z"
    assert api.get(ITEMS, params={"filter": f"note LIKE '{pattern}'"}).status_code == 200


def test_the_catalogue_names_our_collections(api: TestClient) -> None:
    turtle, linked = api.get("/api/catalogue.ttl"), api.get("/api/catalogue.jsonld")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert linked.headers["content-type"] == "application/ld+json"
    for answer in (turtle, linked):
        assert "http://testserver/api/collections/poles" in answer.text
        assert ".invalid" not in answer.text


def test_a_queue_has_an_end(small: Dataset, mini_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with client_of(small, mini_dir) as client:
        assert client.get(ITEMS).status_code == 200
        monkeypatch.setattr("ptce_api.asgi.MAX_WAITING", 0)
        assert client.get(ITEMS).status_code == 200, "ce qui est gardé ne fait pas la queue"
        refused = client.get(f"{ITEMS}?limit=3")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
