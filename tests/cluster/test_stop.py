"""SIGTERM: not ready at once, running downloads whole, and an end in any case."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from ptce_data.load import DATA_DIR
from scripts.cluster_parts import Cluster, Replica
from tests.cluster.asking import ask, connected, until

FILE = "geo/communes.parquet"


@pytest.fixture
def alone() -> Iterator[Callable[..., Replica]]:
    """Start one replica without nginx nor database; its environment is chosen by the test."""
    made: list[Cluster] = []

    def start(**environment: str) -> Replica:
        cluster = Cluster(1, has_database=False, environment={"PTCE_API_RATE": "0", **environment})
        made.append(cluster)
        replica = cluster.start_replica("r1")
        cluster.wait_ready(replica)
        return replica

    yield start
    for cluster in made:
        cluster.stop()


def begun(address: str) -> socket.socket:
    """A client on a thin line that asked for the largest file and has not read it yet."""
    client = connected(address)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
    client.sendall(f"GET /api/package/{FILE} HTTP/1.1\r\nHost: essai\r\nConnection: close\r\n\r\n".encode())
    assert client.recv(64).startswith(b"HTTP/1.1 200")
    return client


def test_a_running_download_is_finished_first(alone: Callable[..., Replica]) -> None:
    replica = alone(PTCE_STOP_DELAY="1", PTCE_STOP_TIMEOUT="15")
    client = begun(replica.address)
    replica.process.send_signal(signal.SIGTERM)

    def is_refused() -> bool:
        answer = ask(f"{replica.address}/readyz")
        return answer.status == 503 and answer.json["controles"]["arret"] == "Ce serveur s’arrête."

    until("/readyz dit l’arrêt", is_refused, 2)
    assert ask(f"{replica.address}/healthz").status == 200
    received = 64
    while part := client.recv(65_536):
        received += len(part)
        time.sleep(0.01)
    assert received > (DATA_DIR / FILE).stat().st_size
    until("le processus finit", lambda: replica.process.poll() is not None, 8)
    assert replica.process.returncode == -signal.SIGTERM


def test_a_client_that_reads_nothing_does_not_hold_the_stop(alone: Callable[..., Replica]) -> None:
    replica = alone(PTCE_STOP_TIMEOUT="1")
    client = begun(replica.address)
    replica.process.send_signal(signal.SIGTERM)
    until("le processus finit", lambda: replica.process.poll() is not None, 10)
    client.close()
