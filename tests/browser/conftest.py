"""A real server and a real Chromium. Each is started here and stopped by its own process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

expect.set_options(timeout=30_000)

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def serve(script: str = "server.py", **environment: str) -> Iterator[str]:
    """Run the application on a free port of 127.0.0.1; yield its address."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"le serveur s’est arrêté avec le code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("le serveur n’a pas répondu en une minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("PTCE_CHROMIUM")
    if not path:
        pytest.fail("PTCE_CHROMIUM n’est pas défini : lancez « make browser ».")
    with sync_playwright() as p:
        made = p.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The application on the real data."""
    with serve() as address:
        yield address


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., tuple[BrowserContext, list[str]]]]:
    """Make browser contexts; each comes with the list of requests that left 127.0.0.1."""
    opened: list[BrowserContext] = []

    def make(width: int = 1280, height: int = 900, **options: object) -> tuple[BrowserContext, list[str]]:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR", **options)
        outside: list[str] = []

        def watch(request: Request) -> None:
            host = urlsplit(request.url).hostname
            if request.url.startswith(("http", "ws")) and host != "127.0.0.1":
                outside.append(request.url)

        context.on("request", watch)
        context.set_default_timeout(30_000)
        opened.append(context)
        return context, outside

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: Callable[..., tuple[BrowserContext, list[str]]]) -> Page:
    return open_context()[0].new_page()
