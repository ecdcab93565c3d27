"""`/healthz`, `/readyz` and `/metrics`, and all that goes round the pages, as one object."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ptce_server import logs
from ptce_server.guard import Guard
from ptce_server.measures import MEDIA_TYPE, Measures
from ptce_server.readiness import AnyStore, Check, Readiness
from ptce_server.rejoin import Rejoin
from ptce_server.settings import Settings
from ptce_server.stopping import Stop
from ptce_server.watch import Watch
from ptce_server.work import Work

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_UNKEPT: Final = {"Cache-Control": "no-store"}


class Operations:
    """`load`: gives the data set; `folder`: where prepared files are written; `store`: opens the store of
    saved work, None without one; `base`: base path of the site."""

    def __init__(
        self,
        load: Callable[[], Dataset],
        folder: Path,
        settings: Settings | None = None,
        store: Callable[[], AnyStore] | None = None,
        base: str = "",
    ) -> None:
        self.settings = settings or Settings()
        self.base = f"/{base.strip('/')}" if base.strip("/") else ""
        self.measures = Measures(self.settings.replica)
        self.readiness = Readiness(load, folder, store)
        self.measures.watch_data(self.readiness.data)
        self.work = Work(self.measures)
        self._stop = Stop(self.settings, self.readiness, self.work)

    def routes(self) -> list[BaseRoute]:
        """The three addresses, below the base path."""
        return [
            Route(f"{self.base}/healthz", self._alive, methods=["GET"]),
            Route(f"{self.base}/readyz", self._ready, methods=["GET"]),
            Route(f"{self.base}/metrics", self._measured, methods=["GET"]),
        ]

    def middleware(self) -> list[Middleware]:
        """What sees every request, outermost first."""
        return [
            Middleware(Watch, work=self.work, settings=self.settings, base=self.base),
            Middleware(Guard, allowed=self._may_measure, base=self.base),
            Middleware(Rejoin, base=self.base),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: Any) -> AsyncIterator[None]:
        """Read the data before anybody asks, and stop in order."""
        logs.configure(self.settings)
        self.readiness.warm()
        self._stop.install()
        yield
        self.readiness.close()

    async def _alive(self, _request: Request) -> Response:
        return JSONResponse({"etat": "vivant"}, headers=_UNKEPT)

    async def _ready(self, _request: Request) -> Response:
        checks, against = await asyncio.to_thread(self._look)
        told: dict[str, object] = {
            "etat": "pas prêt" if against else "prêt",
            "controles": {c.name: c.reason or "ok" for c in checks},
        }
        if against:
            told["raison"] = " ".join(c.reason for c in against)
        headers = {**_UNKEPT, "Retry-After": "5"} if against else _UNKEPT
        return JSONResponse(told, status_code=503 if against else 200, headers=headers)

    def _look(self) -> tuple[tuple[Check, ...], list[Check]]:
        """All checks, and those against this process; may take some seconds."""
        checks = self.readiness.checks()
        against = [c for c in checks if not c.passed and c.name not in self.settings.tolerated]
        self.measures.ready.set(not against)
        return checks, against

    async def _measured(self, _request: Request) -> Response:
        await asyncio.to_thread(self._look)
        return Response(self.measures.text(), media_type=MEDIA_TYPE, headers=_UNKEPT)

    def _may_measure(self, client: str, headers: dict[bytes, bytes]) -> bool:
        """With a token: who presents it. Without: a private client that no relay speaks for."""
        if self.settings.metrics_token is not None:
            sent = headers.get(b"authorization", b"")
            return hmac.compare_digest(sent, b"Bearer " + self.settings.metrics_token.encode())
        if headers.keys() & {b"x-forwarded-for", b"forwarded", b"x-real-ip"}:
            return False
        try:
            found = ipaddress.ip_address(client.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return bool((mapped or found).is_private)
