"""No address that somebody gave is ever asked: no code that could, and no reader that does."""

from __future__ import annotations

import ast
import io
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest

from ptce_data import own_layers, scdl
from ptce_data.aid_standard.files import read_table
from ptce_data.budget.files import from_csv
from ptce_data.load import Dataset
from ptce_data.study.own_places import places_from
from ptce_data.study.uploads import polygon_from

ROOT = Path(__file__).resolve().parents[2]
#: What can ask an address.
ASKING = {
    "aiohttp", "fsspec", "ftplib", "http.client", "httplib2", "httpx", "imaplib", "poplib", "pycurl", "requests", "s3fs",
    "smtplib", "socket", "socketserver", "telnetlib", "urllib.request", "urllib3", "websocket", "websockets", "xmlrpc",
}  # fmt: skip
#: Module -> why it may. The database is the operator's, by PTCE_DATABASE_URL, through SQLAlchemy alone.
ALLOWED: dict[str, str] = {}
APPLICATION = [
    p
    for folder in ("ptce_data", "ptce_ui", "ptce_api", "ptce_store", "ptce_server", "pages")
    for p in sorted((ROOT / folder).rglob("*.py"))
]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {node.module or "", *(f"{node.module}.{a.name}" for a in node.names)}
    return names


def test_no_module_of_the_application_can_ask_an_address() -> None:
    assert len(APPLICATION) > 100
    found = {
        str(path.relative_to(ROOT)): sorted(bad)
        for path in APPLICATION
        if (bad := {n for n in imported(path) if n in ASKING or n.split(".")[0] in ASKING})
    }
    assert found == {name: found.get(name) for name in ALLOWED}


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text("from urllib import request\nimport http.client as h\nfrom urllib.parse import quote\n")
    assert imported(path) & ASKING == {"urllib.request", "http.client"}


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked of it: GDAL asks without Python's sockets."""
    seen: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()


def book(url: str) -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["nom", "commune", "lien", "lat", "lon"])
    made.active.append([url, url, f'=WEBSERVICE("{url}/formule")', 45.7, 4.8])
    made.active["C2"].hyperlink = f"{url}/lien"
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def geojson(url: str) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"nom": url, "image": f"{url}/i.png"},
        "geometry": {"type": "Polygon", "coordinates": [[[4, 45], [5, 45], [5, 46], [4, 45]]]},
    }
    crs = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode()


@pytest.mark.enable_socket
def test_addresses_in_files_are_not_asked(asked: tuple[str, list[str]], small: Dataset) -> None:
    url, seen = asked
    table = f"nom;commune;lat;lon;lien\n{url};{url};45,7;4,8;/vsicurl/{url}/t\n".encode()
    vrt = f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/vrt</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    xml = f'<?xml version="1.0"?><!DOCTYPE a SYSTEM "{url}/dtd" [<!ENTITY x SYSTEM "{url}/x">]><a>&x;</a>'
    contents = {
        "t.csv": table, "b.xlsx": book(url), "l.geojson": geojson(url), "l.gpkg": vrt.encode(), "x.kml": xml.encode(),
        f"{url}/nom.csv": table, f"/vsicurl/{url}/nom.geojson": geojson(url),
    }  # fmt: skip
    for name, content in contents.items():
        for work in (
            lambda: own_layers.read(name, content),  # noqa: B023
            lambda: read_table(name, content),  # noqa: B023
            lambda: from_csv(content, name),  # noqa: B023
            lambda: polygon_from(small, content, name),  # noqa: B023
            lambda: places_from(small, content, name),  # noqa: B023
            lambda: scdl.read([(name, content)]),  # noqa: B023
        ):
            with suppress(ValueError, KeyError):
                work()
    assert seen == []


@pytest.mark.enable_socket
def test_the_address_would_have_been_seen(asked: tuple[str, list[str]]) -> None:
    import urllib.error
    import urllib.request

    url, seen = asked
    with suppress(urllib.error.HTTPError):
        urllib.request.urlopen(f"{url}/vu", timeout=5)
    assert seen == ["/vu"]
