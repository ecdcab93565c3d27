"""Have nginx at hand for `make cluster` and its tests; install it where root can.

Prints its path, or one sentence: without it, those tests are skipped and say so. PTCE_NGINX names another program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "nginx-light"


def find() -> Path | None:
    """Return the program, None where there is none."""
    asked = os.environ.get("PTCE_NGINX")
    # A user's path often lacks the folder of services.
    found = asked or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/sbin")
    return Path(found) if found and Path(found).is_file() else None


def install() -> None:
    """Install Debian's package as root, without starting its own server."""
    if getattr(os, "geteuid", lambda: 1)() != 0 or not shutil.which("apt-get"):
        return
    # The package starts a service on port 80 unless systemd or policy-rc.d forbids: RUNLEVEL=1 does.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE],
    ):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False)


def main() -> None:
    """Print the path, or why there is none."""
    if find() is None:
        install()
    print(find() or "nginx n’est pas installé : ses tests seront sautés.")


if __name__ == "__main__":
    main()
