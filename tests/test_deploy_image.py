"""A built image, run as a host would: no root, nothing written but four folders, PID 1, stopped by SIGTERM.

    buildah bud --format docker --isolation chroot -f deploy/Containerfile -t atlas-ptce .
    PTCE_IMAGE=atlas-ptce python -m pytest tests/test_deploy_image.py -q

No container engine is asked: buildah mounts the image (as root), `unshare` gives it processes and mounts of its own.
PTCE_BUILDAH: buildah's own options (`--root …`, `--storage-driver …`).
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_deploy import COMPOSE

WRITTEN = [mount.partition(":")[0] for mount in COMPOSE["services"]["atlas-1"]["tmpfs"]]
RUN = """set -e
mount --bind "$1" /mnt && mount -o remount,bind,ro /mnt
mount -t proc proc /mnt/proc && mount --bind /dev /mnt/dev
for folder in {folders}; do mount -t tmpfs -o mode=1777 tmpfs "/mnt$folder"; done
shift
exec env -i "$@"
"""


def buildah(*command: str) -> str:
    options = shlex.split(os.environ.get("PTCE_BUILDAH", ""))
    return subprocess.run(
        ["buildah", *options, *command], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(scope="module")
def image() -> dict[str, Any]:
    if not os.environ.get("PTCE_IMAGE"):
        pytest.skip("PTCE_IMAGE ne nomme aucune image construite")
    if os.geteuid() != 0 or not shutil.which("buildah") or not shutil.which("unshare"):
        pytest.skip("il faut buildah et unshare, lancés par root")
    found: dict[str, Any] = json.loads(buildah("inspect", "--type", "image", os.environ["PTCE_IMAGE"]))
    return dict(found["Docker"]["config"])


@pytest.fixture(scope="module")
def root(image: dict[str, Any]) -> Iterator[Path]:
    name = buildah("from", "--pull-never", os.environ["PTCE_IMAGE"])
    try:
        yield Path(buildah("mount", name))
    finally:
        buildah("rm", name)


def test_what_a_host_reads_of_the_image(image: dict[str, Any]) -> None:
    assert image["User"] == "10001" and image["StopSignal"] == "SIGTERM"
    assert image["Healthcheck"]["Test"] == COMPOSE["services"]["atlas-1"]["healthcheck"]["test"]
    assert list(image["ExposedPorts"]) == ["8501/tcp"]
    assert not [v for v in image["Env"] if "SECRET" in v or "DATABASE" in v or "TOKEN" in v]


def test_what_is_in_the_image(root: Path) -> None:
    inside = {path.name for path in (root / "atlas").iterdir()}
    assert {"server.py", "data", "ptce_ui", "var"} <= inside
    assert not inside & {"tests", "benchmarks", "deploy", "scripts", ".git", "build"}
    for folder in ("static/gen", "static/own", "static/vendor", "var"):
        assert (root / "atlas" / folder).stat().st_uid == 10001
        assert not any((root / "atlas" / folder).iterdir()), folder
    assert not [
        p
        for p in (root / "atlas").rglob("*")
        if p.suffix in (".env", ".db", ".pyc") or p.name == "secrets.toml"
    ]
    owned = {p.stat().st_uid for p in (root / "atlas").rglob("*") if p.is_file()}
    assert owned == {0}, "aucun fichier de l’image n’est à la réplique"
    size = sum(p.lstat().st_size for p in root.rglob("*") if p.is_file() and not p.is_symlink())
    assert size < 2 * 2**30


def ask(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def test_the_image_runs_and_stops(image: dict[str, Any], root: Path) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = str(s.getsockname()[1])
    command = [
        port if part == "8501" else "127.0.0.1" if part == "0.0.0.0" else part for part in image["Cmd"]
    ]
    inside = f"cd {image['WorkingDir']} && exec {shlex.join(command)}"
    given = [*image["Env"], "HOME=/atlas", "PTCE_STOP_DELAY=0", "/usr/sbin/chroot", "--userspec=10001:10001"]
    script = RUN.format(folders=" ".join(WRITTEN))
    process = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script, "sh", root, *given, "/mnt", "sh", "-c", inside],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        limit = time.monotonic() + 120
        while ask(f"{address}/readyz")[0] != 200 and time.monotonic() < limit:
            assert process.poll() is None, process.stdout and process.stdout.read()
            time.sleep(0.2)
        assert json.loads(ask(f"{address}/readyz")[1])["etat"] == "prêt"
        assert [ask(f"{address}{path}")[0] for path in ("/", "/carte", "/api", "/healthz")] == [200] * 4
        ours = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{ours}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert status["Uid"].split()[0] == "10001" and int(status["CapEff"], 16) == 0
        assert status["NSpid"].split()[-1] == "1", "une réplique est le premier processus de son conteneur"
        os.kill(ours, signal.SIGTERM)
        said = process.communicate(timeout=25)[0]
        assert "Traceback" not in said and "Read-only" not in said
    finally:
        process.kill()
