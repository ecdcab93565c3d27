"""SIGTERM: say so first, let running work end, then stop. Never longer than promised."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any, Final

from ptce_server.readiness import Readiness
from ptce_server.settings import Settings
from ptce_server.work import Work

_LOG: Final = logging.getLogger("ptce_server")
#: Between the end of a page run and the browser's demand for the file it made.
_QUIET: Final = 0.4
_TICK: Final = 0.1
#: Seconds given to connections that do not close by themselves.
_LAST: Final = 3.0


class Stop:
    """Stands between SIGTERM and the server's own way to stop, which cuts page runs."""

    def __init__(self, settings: Settings, readiness: Readiness, work: Work) -> None:
        self._settings = settings
        self._readiness = readiness
        self._work = work
        self._former: Any = None
        self._task: asyncio.Task[None] | None = None

    def install(self) -> None:
        """Take SIGTERM over from the server that runs in this event loop.

        Nothing where signals cannot be taken (another thread, Windows): the server then stops as it would.
        """
        former = signal.getsignal(signal.SIGTERM)
        if not callable(former):
            return
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._asked)
        except (NotImplementedError, RuntimeError, ValueError):
            return
        self._former = former

    def _asked(self) -> None:
        if self._task is None:
            self._readiness.is_stopping = True
            self._work.measures.draining.set(1)
            self._task = asyncio.get_running_loop().create_task(self._drain())
        else:
            self._hand_over()

    async def _drain(self) -> None:
        """Wait for balancers to notice, then for quiet, then hand over; all bounded."""
        settings, loop = self._settings, asyncio.get_running_loop()
        if settings.stop_delay:
            _LOG.info("arrêt demandé : ce serveur ne se dit plus prêt")
            await asyncio.sleep(settings.stop_delay)
        limit = loop.time() + settings.stop_timeout
        quiet = 0.0
        while quiet < _QUIET and loop.time() < limit:
            quiet = quiet + _TICK if self._work.is_quiet else 0.0
            await asyncio.sleep(_TICK)
        if not self._work.is_quiet:
            _LOG.warning("arrêt : %d demandes et %d pages coupées", self._work.requests, self._work.runs)
        self._hand_over()

    def _hand_over(self) -> None:
        """Let the server stop as it would have; force it when connections stay open."""
        former, self._former = self._former, None
        if former is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_signal_handler(signal.SIGTERM)
        loop.call_later(_LAST, _force(former))
        former(signal.SIGTERM, None)


def _force(former: Any) -> Callable[[], None]:
    """uvicorn waits without limit for connections; `force_exit` is its word for enough."""

    def now() -> None:
        server: Any = getattr(former, "__self__", None)
        if hasattr(server, "force_exit"):
            server.force_exit = True

    return now
