"""Health, readiness, measures, logs and settings of one process, without a server."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ptce_server import Operations, Settings, addresses, from_environment
from ptce_server.logs import JsonLines
from ptce_server.readiness import Readiness
from scripts.nginx_upstreams import upstreams

DATA = SimpleNamespace(version="abc", faults={})


def operations(
    tmp_path: Path, base: str = "", store: Any = None, data: Any = DATA, **settings: Any
) -> Operations:
    made = Operations(lambda: data, tmp_path, Settings(**settings), store, base)
    made.readiness._read()
    return made


def answer(
    made: Operations, path: str, client: str = "127.0.0.1", scheme: str = "http", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of one GET through routes and middleware."""

    async def page(_request: Any) -> PlainTextResponse:
        return PlainTextResponse("page")

    app = Starlette(routes=[*made.routes(), Route("/{path:path}", page)], middleware=made.middleware())
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    raw = [(k.replace("_", "-").lower().encode(), v.encode()) for k, v in headers.items()]
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": raw, "client": (client, 1), "server": ("a", 80), "scheme": scheme, "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    got = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], got, b"".join(m.get("body", b"") for m in sent[1:])


@pytest.mark.parametrize("base", ["", "/atlas", "atlas/"])
def test_a_sound_process_is_alive_and_ready_below_its_base_path(tmp_path: Path, base: str) -> None:
    made = operations(tmp_path, base)
    at = f"/{base.strip('/')}" if base else ""
    assert answer(made, f"{at}/healthz")[0] == 200
    status, headers, body = answer(made, f"{at}/readyz")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert json.loads(body)["etat"] == "prêt"


class Store:
    def __init__(self, says: bool | Exception) -> None:
        self.says = says

    def ready(self) -> bool:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


FAULTY = SimpleNamespace(version="abc", faults={"poles": ["secret /chemin"]})


@pytest.mark.parametrize(
    ("kind", "check", "word"),
    [
        ("stopping", "arret", "s’arrête"),
        ("faulty", "donnees", "illisibles : poles"),
        ("disk", "disque", "écrit"),
        ("away", "espaces", "ne répond pas"),
        ("broken", "espaces", "ne répond pas"),
    ],
)
def test_what_is_wrong_is_said_in_french_without_internals(
    tmp_path: Path, kind: str, check: str, word: str
) -> None:
    folder = tmp_path
    if kind == "disk":
        folder = tmp_path / "fichier"
        folder.write_text("ce n’est pas un dossier")
    says: Any = {"away": False, "broken": OSError("/chemin/secret")}.get(kind, True)
    data = FAULTY if kind == "faulty" else DATA
    made = operations(folder, store=lambda: Store(says), data=data)
    made.readiness.is_stopping = kind == "stopping"
    status, headers, body = answer(made, "/readyz")
    said = json.loads(body)
    assert (status, headers["retry-after"]) == (503, "5")
    assert word in said["raison"] and word in said["controles"][check]
    assert [name for name, value in said["controles"].items() if value != "ok"] == [check]
    assert "chemin" not in body.decode() and str(tmp_path) not in body.decode()
    assert answer(made, "/healthz")[0] == 200


def test_data_not_read_yet_or_never(tmp_path: Path) -> None:
    waiting = Operations(lambda: DATA, tmp_path)  # type: ignore[arg-type, return-value]
    assert "en cours de lecture" in answer(waiting, "/readyz")[2].decode()

    def fails() -> Any:
        raise MemoryError("/chemin")

    failed = Operations(fails, tmp_path)
    failed.readiness._read()
    assert "n’ont pas pu être lues" in answer(failed, "/readyz")[2].decode()


def test_a_check_may_be_tolerated(tmp_path: Path) -> None:
    made = operations(tmp_path, store=lambda: Store(False), tolerated=frozenset({"espaces"}))
    status, _, body = answer(made, "/readyz")
    assert status == 200 and "ne répond pas" in json.loads(body)["controles"]["espaces"]


def test_a_clock_that_jumps_does_not_freeze_readiness(tmp_path: Path) -> None:
    now = [1_000.0]
    store = Store(True)
    made = Readiness(lambda: DATA, tmp_path, lambda: store, lambda: now[0])  # type: ignore[arg-type, return-value]
    made._read()
    assert all(c.passed for c in made.checks())
    store.says = False
    assert all(c.passed for c in made.checks()), "gardé une seconde"
    now[0] -= 3_600
    assert [c.name for c in made.checks() if not c.passed] == ["espaces"]
    store.says = True
    now[0] += 90_000
    assert all(c.passed for c in made.checks())


@pytest.mark.parametrize(
    ("client", "headers", "token", "status"),
    [
        ("127.0.0.1", {}, None, 200),
        ("10.1.2.3", {}, None, 200),
        ("::1", {}, None, 200),
        ("::ffff:192.168.1.2", {}, None, 200),
        ("8.8.8.8", {}, None, 404),
        ("::ffff:8.8.8.8", {}, None, 404),
        ("", {}, None, 404),
        ("127.0.0.1", {"X_Forwarded_For": "10.0.0.1"}, None, 404),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.1"}, None, 404),
        ("127.0.0.1", {"X_Real_IP": "10.0.0.1"}, None, 404),
        ("127.0.0.1", {}, "un-jeton-bien-long", 404),
        ("127.0.0.1", {"Authorization": "Bearer un-jeton-bien-lonG"}, "un-jeton-bien-long", 404),
        ("8.8.8.8", {"Authorization": "Bearer un-jeton-bien-long"}, "un-jeton-bien-long", 200),
    ],
)
@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
def test_who_may_read_measures(
    tmp_path: Path, path: str, client: str, headers: dict[str, str], token: str | None, status: int
) -> None:
    made = operations(tmp_path, metrics_token=token)
    assert answer(made, path, client, **headers)[0] == status


def test_measures_name_routes_never_addresses(tmp_path: Path) -> None:
    made = operations(tmp_path, replica="r1")
    for path in (
        "/api/collections/poles/items/PTCE-1",
        "/media/secret.csv",
        "/a/b/c/d",
        "/carte",
        "/x" * 200,
    ):
        answer(made, path)
    text = answer(made, "/metrics")[2].decode()
    assert 'route="/api/collections/{collection}/items/{id}",status="200"} 1.0' in text
    assert 'ptce_data_info{version="abc"} 1.0' in text
    for secret in ("PTCE-1", "secret.csv", "/x/x", "/a/b"):
        assert secret not in text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "/"),
        ("/carte", "/{page}"),
        ("/api/", "/api"),
        ("/api/collections/communes/items", "/api/collections/{collection}/items"),
        ("/api/nulle/part", "/api/{other}"),
        ("/app/static/own/jeton.json", "/app/static/own/{file}"),
        ("/_stcore/upload_file/s/f", "/_stcore/upload_file/{file}"),
        ("/carte/_stcore/health", "/_stcore/health"),
        ("/etc/passwd", "{other}"),
        ("/é", "{other}"),
    ],
)
def test_names_of_routes(path: str, name: str) -> None:
    assert addresses.name(path) == name
    assert addresses.name(f"/atlas{path}", "/atlas") == name


def test_the_cookie_names_the_replica_once(tmp_path: Path) -> None:
    made = operations(tmp_path, "/atlas", replica="r2")
    assert answer(made, "/atlas/carte")[1]["set-cookie"] == (
        "ptce_replique=r2; Path=/atlas/; HttpOnly; SameSite=Lax"
    )
    assert answer(made, "/atlas/carte", scheme="https")[1]["set-cookie"].endswith("; Secure")
    assert "set-cookie" in answer(made, "/atlas/carte", Cookie="ptce_replique=r1")[1]
    assert "set-cookie" not in answer(made, "/atlas/carte", Cookie="a=b; ptce_replique=r2")[1]
    assert "set-cookie" not in answer(made, "/atlas/app/static/gen/v/places.json")[1]
    assert "set-cookie" not in answer(operations(tmp_path), "/carte")[1]


@pytest.mark.parametrize("kind", ["sans-ip", "avec-ip"])
def test_access_lines(tmp_path: Path, kind: str) -> None:
    made = operations(tmp_path, access_log=kind, json_logs=True)
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines("r1").format(record))

    logger = logging.getLogger("ptce_server.acces")
    keep = Keep()
    logger.addHandler(keep)
    logger.setLevel(logging.INFO)
    try:
        answer(made, "/media/secret.csv", client="192.0.2.7")
        answer(made, "/healthz")
    finally:
        logger.removeHandler(keep)
    [line] = map(json.loads, lines)
    assert (line["route"], line["statut"], line["replique"]) == ("/media/{file}", 200, "r1")
    assert line.get("ip") == ("192.0.2.7" if kind == "avec-ip" else None)


def test_a_page_run_is_measured_from_messages(tmp_path: Path) -> None:
    made = operations(tmp_path)
    watch = made.middleware()[0]
    asked = BackMsg()
    asked.rerun_script.query_string = "a=b"
    early = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN).SerializeToString()
    done = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
    busy: list[int] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        for data in (None, early, done, b"\xff\xff"):
            if data is None:
                await receive()
            else:
                await send({"type": "websocket.send", "bytes": data})
            busy.append(made.work.runs)

    async def receive() -> Any:
        return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

    async def send(_message: Any) -> None:
        return None

    scope: Any = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "scheme": "ws"}
    asyncio.run(watch.cls(app, **watch.kwargs)(scope, receive, send))
    assert busy == [1, 1, 0, 0]
    text = made.measures.text().decode()
    assert "ptce_rerun_seconds_count 1.0" in text and "ptce_sessions 0.0" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PTCE_REPLICA", "R 1"),
        ("PTCE_METRICS_TOKEN", "court"),
        ("PTCE_STOP_DELAY", "-1"),
        ("PTCE_STOP_TIMEOUT", "nan"),
        ("PTCE_ACCESS_LOG", "oui"),
        ("PTCE_LOG_FORMAT", "xml"),
        ("PTCE_READY_TOLERATES", "arret"),
    ],
)
def test_a_wrong_setting_is_named_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        from_environment({name: value})
    assert name == "PTCE_REPLICA" or "doit" in str(caught.value)
    assert "court" not in str(caught.value)


def test_settings() -> None:
    assert from_environment({}) == Settings()
    made = from_environment({"PTCE_ACCESS_LOG": "1", "PTCE_READY_TOLERATES": "espaces, disque"})
    assert made.access_log == "sans-ip" and made.tolerated == {"espaces", "disque"}


def test_upstreams_name_each_replica_and_refuse_what_nginx_could_misread() -> None:
    text = upstreams({"r1": "10.0.0.1:8501", "r2": "b.example:8502"})
    assert "r1 atlas_r1;" in text and text.count("backup;") == 2
    assert "server 10.0.0.1:8501 max_fails=0;\n    server b.example:8502 max_fails=1" in text
    for wrong in ({}, {"r1; }": "a:1"}, {"r1": "a:1; }"}, {"r1": "a"}, {"default": "a:1"}):
        with pytest.raises(ValueError):
            upstreams(wrong)


ROOT = Path(__file__).resolve().parents[1]


def test_the_container_takes_all_code_and_no_file_of_a_reader() -> None:
    steps = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    copied = {word for line in steps.splitlines() if line.startswith("COPY ") for word in line.split()[1:-1]}
    assert {p.parent.name for p in ROOT.glob("ptce_*/__init__.py")} <= copied
    assert {p.suffix for p in (ROOT / "static").iterdir() if p.is_file()} <= {
        name.removeprefix("static/*") for name in copied
    }
    assert "static" not in copied and "." not in copied and "var" not in copied


def test_no_secret_in_the_examples() -> None:
    for line in (ROOT / "deploy" / "exemple.env").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if not line.startswith("#") and ("SECRET" in name or "TOKEN" in name):
            assert value == "", name


def test_nginx_sends_by_the_names_that_replicas_give() -> None:
    shipped = (ROOT / "deploy" / "nginx" / "upstreams.conf").read_text(encoding="utf-8")
    assert shipped == upstreams({"r1": "atlas-1:8501", "r2": "atlas-2:8501"})
