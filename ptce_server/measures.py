"""Counters and gauges of one process, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
_FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Measures:
    """One registry of its own: two applications in one process (tests) do not mix."""

    def __init__(self, replica: str = "") -> None:
        self.registry = CollectorRegistry()
        made = self.registry
        # Memory (process_resident_memory_bytes), processor time, open files.
        ProcessCollector(registry=made)
        PlatformCollector(registry=made)
        self.requests = Counter(
            "ptce_http_requests", "Demandes HTTP répondues", ["method", "route", "status"], registry=made
        )
        self.seconds = Histogram(
            "ptce_http_request_seconds", "Durée des demandes HTTP", ["route"], registry=made, buckets=_FAST
        )
        self.in_flight = Gauge("ptce_http_in_flight", "Demandes HTTP en cours", registry=made)
        self.sessions = Gauge(
            "ptce_sessions", "Pages ouvertes dans un navigateur (websockets)", registry=made
        )
        self.opened = Counter("ptce_sessions_opened", "Websockets ouvertes depuis le départ", registry=made)
        self.reruns = Histogram(
            "ptce_rerun_seconds",
            "Durée d’une nouvelle exécution d’une page, demande reçue à fin envoyée",
            registry=made,
            buckets=_FAST,
        )
        self.busy = Gauge("ptce_reruns_running", "Pages en cours d’exécution", registry=made)
        self.ready = Gauge("ptce_ready", "1 si ce processus est prêt", registry=made)
        self.draining = Gauge("ptce_draining", "1 si ce processus s’arrête", registry=made)
        self.faults = Gauge("ptce_data_faulty_tables", "Tables illisibles, laissées vides", registry=made)
        self._data = Gauge("ptce_data_info", "Version des données chargées", ["version"], registry=made)
        info = Gauge("ptce_info", "Ce processus", ["replica", "streamlit"], registry=made)
        info.labels(replica, version("streamlit")).set(1)
        self._found: Callable[[], tuple[str, int] | None] = lambda: None

    def watch_data(self, found: Callable[[], tuple[str, int] | None]) -> None:
        """Before each reading, ask for the data set's version and count of faulty tables, None if not loaded."""
        self._found = found

    def text(self) -> bytes:
        """All measures, in the text format of Prometheus."""
        found = self._found()
        if found is not None:
            self._data.clear()
            self._data.labels(found[0]).set(1)
            self.faults.set(found[1])
        return generate_latest(self.registry)
