"""The content security policy in a real browser: the whole application works under it, and nothing else does."""

from __future__ import annotations

import datetime
import http.client
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ptce_data import study
from ptce_store import Reader, open_store
from ptce_ui.navigation import PAGES
from tests import mini
from tests.browser.conftest import serve
from tests.browser.helpers import drawn, ready

Opener = Callable[..., tuple[BrowserContext, list[str]]]

LISTEN = """document.addEventListener('securitypolicyviolation', e => window.ptceRefused(
  [location.pathname, e.effectiveDirective, e.blockedURI, e.sourceFile].join(' ')))"""
FIXTURES = Path(__file__).resolve().parents[1] / "scdl" / "fixtures"
#: Page -> an address that shows its charts, maps and tables.
QUERIES = {
    "carte": "?nature=pole&niveau=departements&aplat=objets&fiche=pole:articulteurs",
    "territoires": "?echelle=communes&dans=53",
    "financements": "?section=mix&qui=ptce",
    "regions": "?region=53&region=52",
    "dispositifs": "?section=projet&lieu=epci:243500741",
    "etude": "?depart=epci:243500741&section=agencement",
    "donnees": "?table=clusters",
}


def watched(context: BrowserContext) -> list[str]:
    """What the policy refused in any page or frame of the context."""
    refused: list[str] = []
    context.expose_function("ptceRefused", lambda said: refused.append(said))
    context.add_init_script(LISTEN)
    return refused


@pytest.mark.parametrize("name", list(PAGES))
def test_no_page_asks_for_what_the_policy_refuses(open_context: Opener, site: str, name: str) -> None:
    context, outside = open_context()
    refused = watched(context)
    page = context.new_page()
    path = "" if name == "accueil" else name
    answer = page.goto(f"{site}/{path}{QUERIES.get(name, '')}")
    assert answer is not None and "script-src 'self'" in answer.headers["content-security-policy"]
    ready(page)
    if name in ("carte", "territoires"):
        drawn(page)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert refused == [] and outside == []


def test_presenting_uploading_and_downloading_work_under_the_policy(
    open_context: Opener, site: str, tmp_path: Path
) -> None:
    context, outside = open_context(width=1920, height=1080)
    refused = watched(context)
    page = context.new_page()
    page.goto(f"{site}/conference?presenter=1&scene=1")
    expect(page.locator(".ptce-scene h1")).to_be_visible()
    expect(page.locator("body.ptce-stage")).to_have_count(1)  # the keys are listened to
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"{site}/conference?presenter=1&scene=2")
    page.goto(f"{site}/financements?section=import")
    ready(page)
    page.locator("input[type=file]").set_input_files(sorted(FIXTURES.glob("*.csv")))
    expect(page.get_by_text("Lignes lues")).to_be_visible()
    ready(page)
    page.goto(f"{site}/donnees?table=clusters")
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Tableau (CSV)").first.click()
    assert download.value.suggested_filename.endswith(".csv")
    download.value.save_as(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").stat().st_size > 100
    assert refused == [] and outside == []


def test_a_background_map_is_allowed_and_only_in_the_map(open_context: Opener, site: str) -> None:
    context, outside = open_context()
    refused = watched(context)
    page = context.new_page()
    page.goto(f"{site}/carte?fond=osm")
    drawn(page)
    page.wait_for_timeout(300)
    assert outside and refused == []


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another site, and what was asked of it."""
    asked: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_what_is_injected_does_not_run_and_sends_nothing(
    open_context: Opener, site: str, elsewhere: tuple[str, list[str]]
) -> None:
    """As if a name had been written into the page unescaped."""
    far, asked = elsewhere
    context, _ = open_context()
    refused = watched(context)
    page = context.new_page()
    page.goto(site)
    ready(page)
    page.evaluate(
        """far => {
          const bad = document.createElement('div');
          bad.innerHTML = '<img src="x" onerror="window.ptceRan = 1"><a href="javascript:window.ptceRan = 2">a</a>'
            + `<iframe src="${far}/"></iframe><img src="${far}/i.png">`;
          document.body.append(bad);
          bad.querySelector('a').click();
          const inline = document.createElement('script');
          inline.textContent = 'window.ptceRan = 3';
          document.body.append(inline);
          const script = document.createElement('script');
          script.src = `${far}/a.js`;
          document.body.append(script);
          const base = document.createElement('base');
          base.href = `${far}/`;
          document.head.append(base);
          fetch(`${far}/?vole=1`).catch(() => {});
          navigator.sendBeacon(`${far}/`, 'x');
        }""",
        far,
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.ptceRan") is None
    directives = {line.split(" ")[1] for line in refused}
    assert directives >= {
        "script-src-attr",
        "script-src-elem",
        "frame-src",
        "img-src",
        "connect-src",
        "base-uri",
    }
    assert asked == []


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = mini.write(tmp_path_factory.mktemp("hostile") / "data", mini.hostile_tables())
    with serve(PTCE_DATA_DIR=str(folder), PTCE_FRAME_ANCESTORS="none") as address:
        yield address


@pytest.mark.parametrize("name", [n for n in PAGES if n != "conference"])
def test_hostile_names_reach_no_refusal(open_context: Opener, hostile_site: str, name: str) -> None:
    """Escaping comes first: with it the policy has nothing to refuse."""
    context, outside = open_context()
    refused = watched(context)
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(
        f"{hostile_site}/{'' if name == 'accueil' else name}{'?fiche=pole:hostile-0' if name == 'carte' else ''}"
    )
    ready(page)
    assert refused == [] and said == [] and outside == []


def test_saved_names_stay_text(open_context: Opener, tmp_path: Path) -> None:
    """Spaces and what is saved there, under names that would run."""
    url = f"sqlite:///{tmp_path / 'atlas.db'}"
    store = open_store(url)
    wanted = [name for name in mini.HOSTILE_NAMES if "<" in name][:3]
    assert wanted
    space, links = store.create_link_space(wanted[0])
    reader = Reader.of_link(links.write)
    for name in wanted:
        made = study.new(name, datetime.date(2026, 1, 1), study.Perimeter(epci=("243500741",), zone_km=10.0))
        store.save_new(reader, space.id, "study", name, study.dump(made))
    store.close()
    with serve(PTCE_DATABASE_URL=url) as address:
        context, outside = open_context()
        refused = watched(context)
        page = context.new_page()
        said: list[str] = []
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(f"{address}/espace?cle={links.write}")
        ready(page)
        expect(page.get_by_text(wanted[1][:30]).first).to_be_visible()
        assert links.write not in page.url
        assert refused == [] and said == [] and outside == []


@pytest.fixture(scope="module")
def other_site(site: str, hostile_site: str) -> Iterator[str]:
    """Another site that shows the atlas in a frame: `/0`, `/1`… name what it frames."""
    framed = [
        f"{site}/donnees?embed=true",
        f"{site}/donnees",
        f"{site}/carte?embed=true",
        f"{hostile_site}/?embed=true",
    ]

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path[1:].isdecimal():
                self.send_error(404)
                return
            body = f"<!doctype html><iframe width=900 height=700 src={json.dumps(framed[int(self.path[1:])])}></iframe>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_page_made_for_embedding_is_shown_elsewhere_and_others_are_not(page: Page, other_site: str) -> None:
    page.goto(f"{other_site}/0")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Données")
    page.goto(f"{other_site}/2")
    inner = page.frame_locator("iframe").frame_locator("iframe[src*='streamlit_folium']")
    expect(inner.locator("#map_div")).to_have_attribute("data-drawn", re.compile(r"\w"))
    for number in (1, 3):  # without embed=true, and where the operator allows nobody
        page.goto(f"{other_site}/{number}")
        page.wait_for_timeout(700)
        assert page.frames[1].url.startswith("chrome-error:")


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../server.py", "/app/static/..%2fserver.py", "/app/static/%2e%2e/%2e%2e/server.py",
        "/app/static/..%5cserver.py", "/app/static//etc/hostname", "/app/static/%00", "/app/static/",
        "/component/streamlit_folium.st_folium/../../../server.py", "/component/streamlit_folium.st_folium/..%2f..%2fserver.py",
        "/static/..%2f..%2fserver.py", "/media/..%2fserver.py", "/api/package/..%2fserver.py", "/api/package/%2e%2e/server.py",
        "//etc/hostname", "/_stcore/upload_file/..%2f../x",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_its_folder(site: str, path: str) -> None:
    """Asked as written: a browser would tidy the address first."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    # An unknown address is the shell of the pages, which holds nothing.
    assert answer.status in (400, 404, 405) or b'<div id="root">' in body, answer.status
    assert b"st.App(" not in body and socket.gethostname().encode() != body.strip()
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
