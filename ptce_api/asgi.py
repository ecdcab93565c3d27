"""The API as one ASGI application: what may be asked, the memory of answers, the way to each resource."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.routing import BaseRoute, Mount, Route

from ptce_api import parameters
from ptce_api.answers import Answer, Refused, problem
from ptce_api.cache import Headers, Ready, Store, ready
from ptce_api.clients import RateLimit, base_url
from ptce_api.configuration import BASE, TEMPLATES
from ptce_api.settings import MAX_URL, MAX_WAITING, WORKERS, Settings

if TYPE_CHECKING:
    from ptce_api.engine import Engine
    from ptce_data.load import Dataset

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX: Final = "/api"
_LOG: Final = logging.getLogger("ptce_api")
_METHODS: Final = "GET, HEAD, OPTIONS"
_CACHED: Final = b"public, max-age=300"
_ANYWHERE: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Content-Crs, Retry-After, Content-Disposition"),
    (b"x-content-type-options", b"nosniff"),
]
_PREFLIGHT: Final[Headers] = [
    (b"allow", _METHODS.encode()),
    (b"access-control-allow-methods", _METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type, If-None-Match, Range"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
#: Resources whose query string means nothing: they are files.
_FILES: Final = ("package", "catalogue.jsonld", "catalogue.ttl", "style.css")


def _release() -> str:
    """Changes with the code and templates of the API: an answer may change though the data do not."""
    digest = hashlib.sha256(version("pygeoapi").encode())
    for path in sorted(p for p in TEMPLATES.parent.rglob("*") if p.suffix in (".py", ".html", ".css")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class OpenData:
    """The whole API. `load` gives the data set (called once, off the event loop), `folder` its files."""

    def __init__(
        self, load: Callable[[], Dataset], folder: Callable[[], Path], settings: Settings | None = None
    ) -> None:
        self._load = load
        self._folder = folder
        self._settings = settings or Settings()
        self._store = Store(self._settings.cache_bytes)
        self._limit = RateLimit(self._settings.rate)
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="ptce-api")
        self._waiting = 0
        self._release = _release()
        self._engine: Engine | None = None
        self._lock = threading.Lock()

    def routes(self, base_path: str = "") -> list[BaseRoute]:
        """Where the API is mounted: `/api` and below it, after `base_path` (`server.baseUrlPath`)."""
        at = f"/{base_path.strip('/')}{PREFIX}" if base_path.strip("/") else PREFIX
        return [Route(at, _AtRoot(self, at)), Mount(at, app=self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Nothing raised here reaches the client."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        try:
            made = await self._answer(scope)
        except Refused as refusal:
            made = ready(problem(refusal), False)
        except Exception:
            _LOG.exception("demande à l’API sans réponse")
            made = ready(problem(Refused(500, "La réponse n’a pas pu être préparée.")), False)
        headers = [*made.headers, *_ANYWHERE]
        await send({"type": "http.response.start", "status": made.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else made.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope) -> Ready:
        if scope["method"] == "OPTIONS":
            return Ready(204, _PREFLIGHT[:-1], b"")
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(405, "Cette API se lit seulement.", (("Allow", _METHODS),))
        if len(scope["path"]) + len(scope["query_string"]) > MAX_URL:
            raise Refused(414, f"L’adresse dépasse {MAX_URL} caractères.")
        self._limit.check(scope)
        base = base_url(scope, self._settings.public_url, PREFIX)
        engine = self._engine or await self._in_worker(self._made)
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root)
        way = tuple(part for part in path.split("/") if part)
        sent = {name: value for name, value in scope["headers"] if name in _READ}
        query = _query(engine, way, scope["query_string"], sent.get(b"accept", b"").decode("latin-1"))
        key = (base, way, query.pairs, query.format)
        tag = self._tag(engine, key)
        common = [(b"etag", tag), (b"cache-control", _CACHED), (b"vary", b"Accept, Accept-Encoding")]
        if _matches(sent.get(b"if-none-match", b""), tag):
            return Ready(304, common, b"")
        compress = _takes_gzip(sent.get(b"accept-encoding", b""))
        made = self._store.get((key, compress))
        if made is None:
            made = await self._in_worker(lambda: self._make(engine, way, query, base, (key, compress)))
        return Ready(made.status, [*made.headers, *common], made.body)

    async def _in_worker(self, work: Callable[[], Any]) -> Any:
        """Run `work` in one of the few threads of the API, so that pages keep the event loop and the processor."""
        if self._waiting >= MAX_WAITING:
            raise Refused(503, "Trop de demandes attendent déjà. Réessayez bientôt.", (("Retry-After", "5"),))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, work)
        finally:
            self._waiting -= 1

    def _made(self) -> Engine:
        # pygeoapi takes a fifth of a second to import: the pages do not wait for it.
        from ptce_api.engine import Engine

        with self._lock:
            if self._engine is None:
                self._engine = Engine(self._load())
            return self._engine

    def _make(
        self,
        engine: Engine,
        way: tuple[str, ...],
        query: parameters.Query,
        base: str,
        key: tuple[object, bool],
    ) -> Ready:
        # Another request may have made it while this one waited.
        kept = self._store.get(key)
        if kept is not None:
            return kept
        answer = self._resource(engine, way, query, base)
        body = answer.body
        if way[:1] not in (("package",), ("style.css",)):
            body = body.replace(BASE.encode(), base.encode())
        made = ready(Answer(answer.status, answer.media_type, body, answer.headers), key[1])
        self._store.put(key, made)
        return made

    def _resource(self, engine: Engine, way: tuple[str, ...], query: parameters.Query, base: str) -> Answer:
        match way:
            case ():
                return engine.landing(query)
            case ("openapi",):
                return engine.openapi_document(query)
            case ("conformance",):
                return engine.conformance(query)
            case ("collections",):
                return engine.collections(query)
            case ("collections", name):
                return engine.collection(query, name)
            case ("collections", name, "queryables"):
                return engine.queryables(query, name)
            case ("collections", name, "schema"):
                return engine.schema(query, name)
            case ("collections", name, "items"):
                return engine.items(query, name)
            case ("collections", name, "items", identifier):
                return engine.item(query, name, identifier)
            case ("package", *rest):
                from ptce_api import package

                return package.answer(self._folder(), "/".join(rest) or package.PACKAGE)
            case ("catalogue.jsonld" | "catalogue.ttl" as asked,):
                from ptce_api import package

                return package.catalogue(engine.dataset, self._folder(), asked, base.removesuffix(PREFIX))
            case ("style.css",):
                return Answer(200, "text/css; charset=utf-8", (TEMPLATES / "style.css").read_bytes())
        raise Refused(404, "Cette adresse n’existe pas.")

    def _tag(self, engine: Engine, key: object) -> bytes:
        """A weak ETag known before the answer is made: data, code, and what was asked."""
        digest = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
        return f'W/"{engine.dataset.version}-{self._release}-{digest}"'.encode()


_READ: Final = frozenset({b"accept", b"if-none-match", b"accept-encoding"})


class _AtRoot:
    """`/api` itself, which a mount does not match."""

    def __init__(self, app: OpenData, at: str) -> None:
        self._app = app
        self._at = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "root_path": scope.get("root_path", "") + self._at}, receive, send)


def _query(engine: Engine, way: tuple[str, ...], raw: bytes, accept: str) -> parameters.Query:
    if way[:1] and way[0] in _FILES:
        return parameters.Query((), "file")
    name = way[1] if len(way) > 1 and way[0] == "collections" else ""
    if name and name not in engine.layers:
        raise Refused(404, "Cette collection n’existe pas.")
    kind = "document"
    if way[2:3] == ("items",):
        kind = "items" if len(way) == 3 else "item"
    return parameters.read(raw, accept, engine.layers.get(name), kind)


def _matches(asked: bytes, tag: bytes) -> bool:
    """`If-None-Match`: weak comparison (RFC 9110, 13.1.2)."""
    if not asked:
        return False
    ours = tag.removeprefix(b"W/")
    return any(part.strip().removeprefix(b"W/") in (ours, b"*") for part in asked.split(b","))


def _takes_gzip(accepted: bytes) -> bool:
    for part in accepted.split(b","):
        name, _, weight = part.strip().partition(b";")
        if name.strip() in (b"gzip", b"*"):
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
