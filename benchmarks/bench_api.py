"""Requests a second of the API on one core: 1,000 features from memory, made anew, and 304.

    python -m benchmarks.bench_api [--seconds 3]

Two servers are started one after the other, bound to one core where the system can: one without memory of answers
(`PTCE_API_CACHE_MB=0`), one as shipped. Budgets: at least 250 requests a second for
`collections/tiers_lieux/items?limit=1000` from memory, and more 304 than that.
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATH = "/api/collections/tiers_lieux/items?f=json&limit=1000"
BUDGET_PER_S = 250
CONNECTIONS = 2


@contextmanager
def server(**environment: str) -> Iterator[int]:
    """The whole application on a free port, on the first core; yields the port."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = int(s.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PTCE_API_RATE": "0", **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _pin(process.pid, 0)
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _pin(pid: int, core: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"le serveur s’est arrêté avec le code {process.returncode}")
        try:
            ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), {})
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("le serveur n’a pas répondu en une minute")


def ask(connection: http.client.HTTPConnection, headers: Mapping[str, str]) -> tuple[int, str, int]:
    """Status, ETag and length of one answer, read to its end."""
    connection.request("GET", PATH, headers=dict(headers))
    answer = connection.getresponse()
    return answer.status, answer.getheader("ETag") or "", len(answer.read())


def rate(port: int, seconds: float, headers: Mapping[str, str], status: int) -> float:
    """Answers a second over a few connections kept open. Raises RuntimeError for another status."""
    counts: list[int] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        done = 0
        while time.perf_counter() < end:
            got = ask(connection, headers)[0]
            if got != status:
                wrong.append(got)
                break
            done += 1
        counts.append(done)

    threads = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"statut {wrong[0]} au lieu de {status}")
    return sum(counts) / seconds


def main() -> int:
    """Print the rates; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    _pin(0, 1)
    with server(PTCE_API_CACHE_MB="0") as port:
        anew = rate(port, seconds, {}, 200)
    with server() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        _, tag, plain = ask(connection, {})
        packed = ask(connection, {"Accept-Encoding": "gzip"})[2]
        # Three rounds in turn: the machine is shared.
        rounds = [
            (
                rate(port, seconds / 3, {}, 200),
                rate(port, seconds / 3, {"Accept-Encoding": "gzip"}, 200),
                rate(port, seconds / 3, {"If-None-Match": tag}, 304),
            )
            for _ in range(3)
        ]
    kept, zipped, unchanged = (statistics.median(values) for values in zip(*rounds, strict=True))
    print(
        f"1 000 objets, {plain / 1e6:.2f} Mo ({packed / 1e3:.0f} ko en gzip), un cœur, {CONNECTIONS} connexions"
    )
    print(f"  refaits à chaque fois     {anew:8.0f} /s")
    print(f"  gardés en mémoire         {kept:8.0f} /s   {kept / anew:5.1f} ×")
    print(f"  gardés en mémoire, gzip   {zipped:8.0f} /s   {zipped / anew:5.1f} ×")
    print(f"  304, ETag inchangé        {unchanged:8.0f} /s   {unchanged / anew:5.1f} ×")
    missed = kept < BUDGET_PER_S or unchanged < kept
    print(f"  budget : {BUDGET_PER_S} /s gardés, plus encore de 304 : {'MANQUÉ' if missed else 'tenu'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
