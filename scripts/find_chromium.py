"""Print the path of a Chromium for the browser tests; install one where none is found.

In this order: `PTCE_CHROMIUM`, an installed browser, the system's package (as root), Playwright's own.
Fails with one sentence when none can be had: a browser test is never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def installed() -> str | None:
    """An existing browser."""
    named = os.environ.get("PTCE_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def from_system() -> str | None:
    """The system's package, where this user may install one."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    return shutil.which("chromium")


def from_playwright() -> str | None:
    """Playwright's own build."""
    done = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=False
    )
    if done.returncode != 0:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        path = p.chromium.executable_path
    return path if Path(path).is_file() else None


def main() -> None:
    """Print the path, or exit with one sentence."""
    path = installed() or from_system() or from_playwright()
    if path is None:
        sys.exit(
            "Aucun Chromium trouvé et aucun n’a pu être installé : installez le paquet « chromium » "
            "ou donnez son chemin dans PTCE_CHROMIUM."
        )
    print(path)


if __name__ == "__main__":
    main()
