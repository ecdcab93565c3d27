"""Have GDAL's commands at hand for the tests that read our API with them; install them where root can.

Prints the path of `ogr2ogr`, or one sentence: without it, those tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGE = "gdal-bin"


def main() -> None:
    """Print the path, or why there is none."""
    if not shutil.which("ogr2ogr") and getattr(os, "geteuid", lambda: 1)() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    print(shutil.which("ogr2ogr") or "GDAL (gdal-bin) n’est pas installé : ses tests seront sautés.")


if __name__ == "__main__":
    main()
