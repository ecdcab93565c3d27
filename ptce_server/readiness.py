"""Is this process of use? Data loaded, disk writable, store reachable, and not about to stop."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_LOG: Final = logging.getLogger("ptce_server")
#: Seconds: how long an answer is kept (probes come from several places), how long the store may take.
_KEPT: Final = 1.0
_STORE_WAIT: Final = 2.0
_NAMED: Final = 5


class AnyStore(Protocol):
    """What is asked of the store of saved work."""

    def ready(self) -> bool:
        """Tell whether it answers; raises nothing."""


@dataclass(frozen=True)
class Check:
    """One look: its name (see `settings.CHECKS`), and a French sentence when it failed, empty otherwise."""

    name: str
    reason: str = ""

    @property
    def passed(self) -> bool:
        """No reason against it."""
        return not self.reason


class Readiness:
    """Looks, and remembers for a second. `load`: gives the data set; `folder`: must be writable; `store`: opens
    the store of saved work, None where nothing is configured."""

    def __init__(
        self,
        load: Callable[[], Dataset],
        folder: Path,
        store: Callable[[], AnyStore] | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._folder = folder
        self._open_store = store
        self._store: AnyStore | None = None
        self._clock = clock
        self._dataset: Dataset | None = None
        self._failed = False
        self.is_stopping = False
        self._lock = threading.Lock()
        self._made: tuple[float, tuple[Check, ...]] | None = None
        # One thread: a store that hangs holds up one look, not a growing number of them.
        self._asker = ThreadPoolExecutor(1, thread_name_prefix="ptce-ready")
        self._asked: Future[bool] | None = None

    def warm(self) -> None:
        """Read the data set in a thread of its own, before the first reader asks for a page."""
        threading.Thread(target=self._read, name="ptce-warm", daemon=True).start()

    def _read(self) -> None:
        try:
            self._dataset = self._load()
        except Exception:
            self._failed = True
            _LOG.exception("les données n’ont pas pu être lues")

    def data(self) -> tuple[str, int] | None:
        """Version of the data set and count of faulty tables; None as long as nothing is loaded."""
        return None if self._dataset is None else (self._dataset.version, len(self._dataset.faults))

    def checks(self) -> tuple[Check, ...]:
        """Every check, those that failed with their reason; at most some seconds long."""
        with self._lock:
            now = self._clock()
            kept = self._made
            # A clock that went back must not keep an answer for ever.
            if kept is None or not 0 <= now - kept[0] < _KEPT:
                kept = (now, (self._data_check(), self._disk_check(), self._store_check()))
                self._made = kept
        return (self._stop_check(), *kept[1])

    def _stop_check(self) -> Check:
        return Check("arret", "Ce serveur s’arrête." if self.is_stopping else "")

    def _data_check(self) -> Check:
        if self._failed:
            return Check("donnees", "Les données n’ont pas pu être lues.")
        if self._dataset is None:
            return Check("donnees", "Les données sont en cours de lecture.")
        faulty = list(self._dataset.faults)
        if not faulty:
            return Check("donnees")
        more = f" et {len(faulty) - _NAMED} autres" if len(faulty) > _NAMED else ""
        return Check("donnees", f"Des données sont illisibles : {', '.join(faulty[:_NAMED])}{more}.")

    def _disk_check(self) -> Check:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._folder) as file:
                file.write(b"ok")
                file.flush()
        except OSError:
            return Check("disque", "Le dossier des fichiers préparés ne peut pas être écrit.")
        return Check("disque")

    def _store_check(self) -> Check:
        if self._open_store is None:
            return Check("espaces")
        if self._asked is None or self._asked.done():
            self._asked = self._asker.submit(self._ask)
        try:
            if self._asked.result(timeout=_STORE_WAIT):
                return Check("espaces")
        except TooLate:
            pass
        except Exception:
            _LOG.exception("la base des espaces de travail n’a pas pu être ouverte")
        return Check("espaces", "La base des espaces de travail ne répond pas, ou n’est pas à jour.")

    def _ask(self) -> bool:
        assert self._open_store is not None
        if self._store is None:
            self._store = self._open_store()
        return self._store.ready()

    def close(self) -> None:
        """Ask nothing more."""
        self._asker.shutdown(wait=False, cancel_futures=True)
