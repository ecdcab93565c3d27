"""The parts of a cluster on one machine: PostgreSQL, replicas, nginx, each a process started and stopped here."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import find_nginx, find_postgres
from scripts.nginx_upstreams import upstreams

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
_START_SECONDS = 120.0


class NoPart(RuntimeError):
    """A part is missing or did not start; str() of it is a French sentence."""


@dataclass
class Replica:
    """One process of the atlas."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        """Where it answers without nginx."""
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Cluster:
    """`count` replicas r1, r2… behind nginx on `port` (0: a free one), one cookie secret, one database.

    `environment` is given to the replicas; `has_database` False: no PostgreSQL, saved work is not asked for.
    Use as a context manager, or `start` and `stop`.
    """

    def __init__(
        self,
        count: int = 2,
        port: int = 0,
        secret: str = "",
        environment: Mapping[str, str] | None = None,
        has_database: bool = True,
    ) -> None:
        self.count = count
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.secret = secret or secrets.token_hex(32)
        self.environment = dict(environment or {})
        self.has_database = has_database
        self.database_url = self.environment.get("PTCE_DATABASE_URL") or os.environ.get(
            "PTCE_DATABASE_URL", ""
        )
        self.replicas: dict[str, Replica] = {}
        self.nginx: subprocess.Popen[bytes] | None = None
        self.postgres: subprocess.Popen[bytes] | None = None
        # Not under a folder closed to others: PostgreSQL refuses to be root.
        self.folder = Path(tempfile.mkdtemp(prefix="ptce-cluster-"))
        self._other = _somebody_else()
        if self._other is not None:
            os.chown(self.folder, self._other.pw_uid, self._other.pw_gid)

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start all parts and wait until the atlas answers through nginx. Raises NoPart."""
        program = find_nginx.find()
        if program is None:
            raise NoPart("nginx n’est pas installé : « apt-get install nginx-light », ou PTCE_NGINX=chemin.")
        if self.has_database and not self.database_url:
            self._start_postgres()
        if self.has_database:
            self._run_ours(
                [sys.executable, "-c", "from ptce_store import open_store; open_store().upgrade()"],
                "La base n’a pas pu être préparée",
            )
        for number in range(1, self.count + 1):
            self.start_replica(f"r{number}")
        for replica in self.replicas.values():
            self.wait_ready(replica)
        self._start_nginx(program)

    def start_replica(self, name: str) -> Replica:
        """Start a replica, on its former port where it had one; `wait_ready` waits for it."""
        port = self.replicas[name].port if name in self.replicas else free_port()
        command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", str(port)]
        command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
        own = {"PTCE_REPLICA": name, "FORWARDED_ALLOW_IPS": "127.0.0.1"}
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment() | own, stdout=log, stderr=subprocess.STDOUT
            )
        self.replicas[name] = Replica(name, port, process)
        return self.replicas[name]

    def wait_ready(self, replica: Replica) -> None:
        """Wait until a replica says it is ready. Raises NoPart."""
        _wait(
            f"{replica.address}/readyz",
            replica.process,
            f"La réplique {replica.name}",
            self.folder / f"{replica.name}.log",
        )

    def processes(self) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
        """Every process started here, with its name."""
        if self.postgres is not None:
            yield "PostgreSQL", self.postgres
        for name, replica in self.replicas.items():
            yield f"la réplique {name}", replica.process
        if self.nginx is not None:
            yield "nginx", self.nginx

    def stop(self) -> None:
        """Stop what was started, the outermost first, and remove the folder."""
        _end([self.nginx] if self.nginx else [], signal.SIGQUIT, 5)
        _end([replica.process for replica in self.replicas.values()], signal.SIGTERM, 30)
        _end([self.postgres] if self.postgres else [], signal.SIGINT, 20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        chosen = {
            "STREAMLIT_SERVER_COOKIE_SECRET": self.secret,
            "PTCE_DATABASE_URL": self.database_url,
            "PTCE_STOP_TIMEOUT": "20",
        }
        return {**os.environ, **chosen, **self.environment}

    def _run_ours(self, command: list[str], failure: str) -> None:
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, check=False)
        if done.returncode != 0:
            raise NoPart(f"{failure} : {done.stderr.decode(errors='replace').strip()}")

    def _as_other(self) -> dict[str, Any]:
        if self._other is None:
            return {}
        return {"user": self._other.pw_uid, "group": self._other.pw_gid, "extra_groups": []}

    def _start_postgres(self) -> None:
        programs = find_postgres.find()
        if programs is None:
            raise NoPart(
                "PostgreSQL n’est pas installé : « apt-get install postgresql », ou PTCE_POSTGRES=dossier."
            )
        data, word = self.folder / "data", secrets.token_urlsafe(24)
        secret = self.folder / "word"
        secret.write_text(word)
        secret.chmod(0o600)
        if self._other is not None:
            os.chown(secret, self._other.pw_uid, self._other.pw_gid)
        options = ["--no-sync", "--username=atlas", f"--pwfile={secret}", "--auth=scram-sha-256"]
        made = subprocess.run(
            [programs / "initdb", "-D", data, *options, "--encoding=UTF8", "--locale=C.UTF-8"],
            capture_output=True, cwd=self.folder, check=False, **self._as_other(),
        )  # fmt: skip
        secret.unlink()
        if made.returncode != 0:
            raise NoPart(f"PostgreSQL n’a pas pu être préparé : {made.stderr.decode(errors='replace')}")
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": self.folder,
            "max_connections": 100,
        }
        with (self.folder / "postgres.log").open("ab") as log:
            self.postgres = subprocess.Popen(
                [programs / "postgres", "-D", data, *(p for k, v in settings.items() for p in ("-c", f"{k}={v}"))],
                cwd=self.folder, stdout=log, stderr=log, **self._as_other(),
            )  # fmt: skip
        self.database_url = f"postgresql+psycopg://atlas:{word}@127.0.0.1:{port}/postgres"
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.postgres.poll() is not None:
                break
            time.sleep(0.05)
        raise NoPart(f"PostgreSQL n’a pas démarré.\n{_tail(self.folder / 'postgres.log')}")

    def _start_nginx(self, program: Path) -> None:
        prefix = self.folder / "nginx"
        parts = prefix / "atlas"
        shutil.copytree(DEPLOY / "nginx", parts)
        headers = DEPLOY / "security-headers.conf"
        if headers.exists():
            shutil.copy(headers, prefix)
        addresses = {r.name: f"127.0.0.1:{r.port}" for r in self.replicas.values()}
        (parts / "upstreams.conf").write_text(upstreams(addresses))
        logs = f"access_log {prefix}/access.log ptce;"
        (parts / "listen.conf").write_text(f"listen 127.0.0.1:{self.port};\nserver_name _;\n{logs}\n")
        site = (
            (DEPLOY / "nginx" / "site.conf").read_text().replace("/var/cache/nginx/ptce", f"{prefix}/cache")
        )
        (parts / "site.conf").write_text(site)
        whole = (DEPLOY / "nginx" / "nginx.conf").read_text()
        whole = whole.replace("/run/nginx.pid", f"{prefix}/nginx.pid").replace("/var/log/nginx", str(prefix))
        whole = whole.replace("    include      mime.types;\n", "")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = "\n".join(f"    {kind}_temp_path {prefix}/{kind};" for kind in kinds)
        whole = "daemon off;\n" + whole.replace("http {\n", f"http {{\n{folders}\n", 1)
        (prefix / "nginx.conf").write_text(whole)
        if self._other is not None:
            for path in [prefix, *prefix.rglob("*")]:
                os.chown(path, self._other.pw_uid, self._other.pw_gid)
        errors = prefix / "error.log"
        with (self.folder / "nginx.log").open("ab") as log:
            self.nginx = subprocess.Popen(
                [program, "-p", prefix, "-c", prefix / "nginx.conf", "-e", errors],
                cwd=prefix, stdout=log, stderr=log, **self._as_other(),
            )  # fmt: skip
        _wait(f"{self.address}/_stcore/health", self.nginx, "nginx", self.folder / "nginx.log")


def _somebody_else() -> pwd.struct_passwd | None:
    """Whom root lends PostgreSQL and nginx to; None where we are not root."""
    if os.geteuid() != 0:
        return None
    return next(u for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))


def _wait(address: str, process: subprocess.Popen[bytes], who: str, log: Path) -> None:
    limit = time.monotonic() + _START_SECONDS
    said = ""
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise NoPart(f"{who} s’est arrêté (code {process.returncode}).\n{_tail(log)}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            said = error.read(2000).decode(errors="replace")
        except OSError:
            pass
        time.sleep(0.1)
    raise NoPart(f"{who} n’est pas prêt après {_START_SECONDS:g} s : {said}")


def _tail(log: Path) -> str:
    """The last lines of a journal: its folder is about to go."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])


def _end(processes: list[subprocess.Popen[bytes]], sign: signal.Signals, seconds: float) -> None:
    """Ask each to stop, wait for all, and kill by its own number what does not."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(sign)
    limit = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(timeout=max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
