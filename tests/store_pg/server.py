"""A PostgreSQL server of the tests' own: a folder, a socket in it, no port, stopped by its own process."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg


class Server:
    """PostgreSQL in a temporary folder, for whoever runs the tests; root lends it to somebody else."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # Not under pytest's folder, which is closed to others; and a socket's path has 107 characters at most.
        self.folder = Path(tempfile.mkdtemp(prefix="ptce-pg-"))
        self.data, self.process, self.other = self.folder / "data", None, None
        if os.geteuid() == 0:
            self.other = next(u for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody"))
            os.chown(self.folder, self.other.pw_uid, self.other.pw_gid)
        options = ["--no-sync", "--username=atlas", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run([programs / "initdb", "-D", self.data, *options]).check_returncode()
        self.start()

    def _who(self) -> dict[str, object]:
        return (
            {"user": self.other.pw_uid, "group": self.other.pw_gid, "extra_groups": []} if self.other else {}
        )

    def _run(self, command: list[object]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(c) for c in command], capture_output=True, cwd=self.folder, check=False, **self._who()
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "max_connections": 60,
        }
        options = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), *options],
                cwd=self.folder, stdout=log, stderr=log, **self._who(),
            )  # fmt: skip
        for _ in range(200):
            try:
                psycopg.connect(host=str(self.folder), user="atlas", dbname="postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Stop it: at once but orderly by default, `SIGQUIT` as a crash."""
        if self.process is not None:
            self.process.send_signal(sign)
            self.process.wait(20)
            self.process = None

    def execute(self, query: str, database: str = "postgres") -> None:
        """Run a query as the owner of the server."""
        with psycopg.connect(
            host=str(self.folder), user="atlas", dbname=database, autocommit=True
        ) as connection:
            connection.execute(query.encode())

    def url(self, database: str, user: str = "atlas") -> str:
        """The address of a database, as PTCE_DATABASE_URL takes it."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def remove(self) -> None:
        """Stop it, and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
