"""A certified OpenID Connect provider and the atlas beside it, both on 127.0.0.1, each stopped by its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, _free_port, _wait, browser, open_context

__all__ = ["browser", "open_context"]

PROVIDER = Path(__file__).parent / "provider"
CLIENT = "atlas-essai"
SECRET = "un-secret-qui-ne-sert-qu-aux-essais-locaux"
NAME = "Camille Exemple *"
SIRET = "12345678900011"


@dataclass(frozen=True)
class Site:
    """The atlas and its provider: addresses without a slash at the end."""

    url: str
    provider: str

    def last(self) -> dict[str, Any]:
        """What the provider was asked last: path -> parameters."""
        with urllib.request.urlopen(f"{self.provider}/tests/last", timeout=5) as answer:
            return dict(json.load(answer))


@contextmanager
def provider(callback: str) -> Iterator[str]:
    """Run the provider for an atlas that it answers at `callback`; yield its address."""
    node = shutil.which("node")
    if node is None or not (PROVIDER / "node_modules").is_dir():
        pytest.skip("le fournisseur d’essai demande Node.js et « make oidc »")
    port = _free_port()
    asked = {
        "port": port,
        "callback": callback,
        "client": CLIENT,
        "secret": SECRET,
        "name": NAME,
        "siret": SIRET,
    }
    process = subprocess.Popen(
        [node, "provider.mjs", json.dumps(asked)],
        cwd=PROVIDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + 30
        while True:
            assert process.poll() is None, "le fournisseur d’essai s’est arrêté"
            assert time.monotonic() < limit, "le fournisseur d’essai n’a pas répondu"
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def atlas(port: int, folder: Path, **environment: str) -> Iterator[str]:
    """Run the atlas on a port known beforehand, its saved work in `folder`."""
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    own = {"PTCE_DATABASE_URL": f"sqlite:///{folder / 'atlas.db'}", "PTCE_STORE_KEY": "k" * 40}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **own, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def settings(url: str, issuer: str, **more: str) -> dict[str, str]:
    """The environment of an atlas at `url` that trusts `issuer`."""
    return {
        "PTCE_PUBLIC_URL": url,
        "PTCE_OIDC_ISSUER": issuer,
        "PTCE_OIDC_CLIENT_ID": CLIENT,
        "PTCE_OIDC_CLIENT_SECRET": SECRET,
        "STREAMLIT_SERVER_COOKIE_SECRET": SECRET,
        **more,
    }


Starter = Callable[..., Site]


@pytest.fixture(scope="session")
def account_site(tmp_path_factory: pytest.TempPathFactory, mini_dir: Path) -> Iterator[Site]:
    """The atlas on the small data, with accounts that show the reader's name and know their organisation."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with provider(f"{url}/oauth2callback") as issuer:
        asked = settings(
            url, issuer, PTCE_OIDC_SCOPE="openid profile siret", PTCE_OIDC_ORGANISATION_CLAIM="siret",
            PTCE_DATA_DIR=str(mini_dir),
        )  # fmt: skip
        with atlas(port, tmp_path_factory.mktemp("oidc"), **asked):
            yield Site(url, issuer)
