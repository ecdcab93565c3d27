"""Start PostgreSQL, replicas of the atlas and nginx on loopback; stop them all on Ctrl-C or SIGTERM.

    python scripts/cluster.py [--replicas 2] [--port 8500]

No container, no system service, nothing left behind: the database, the cache and the logs are in a temporary
folder. PTCE_DATABASE_URL, where it is set, is used instead of a new PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.cluster_parts import Cluster, NoPart  # noqa: E402  (the project's folder is known only now)
from scripts.find_nginx import install as install_nginx  # noqa: E402


def main() -> int:
    """Run until told to stop; 1 when something is missing or does not start."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replicas", type=int, default=2, choices=range(1, 9), metavar="1-8")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8500")))
    asked = parser.parse_args()
    install_missing()
    secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET") or secrets.token_hex(32)
    cluster = Cluster(asked.replicas, asked.port, secret)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        print("Démarrage : PostgreSQL, les répliques, puis nginx…", flush=True)
        cluster.start()
        print(f"L’atlas est sur {cluster.address} (Ctrl-C pour tout arrêter).", flush=True)
        for name, replica in cluster.replicas.items():
            print(f"  réplique {name} : {replica.address}, processus {replica.process.pid}", flush=True)
        print(f"  journaux : {cluster.folder}", flush=True)
        watch(cluster)
    except NoPart as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nArrêt…", flush=True)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        cluster.stop()
    return 0


def install_missing() -> None:
    """Install nginx and PostgreSQL where root can and they are missing."""
    from scripts import find_nginx, find_postgres

    if find_nginx.find() is None:
        install_nginx()
    if find_postgres.find() is None and not os.environ.get("PTCE_DATABASE_URL"):
        subprocess.run([sys.executable, str(ROOT / "scripts" / "find_postgres.py")], check=False)


def watch(cluster: Cluster) -> None:
    """Say which part ended by itself; return when nginx did."""
    told: set[str] = set()
    while True:
        for name, process in cluster.processes():
            if process.poll() is not None and name not in told:
                told.add(name)
                print(f"{name} s’est arrêté (code {process.returncode}).", flush=True)
                if name == "nginx":
                    return
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
