"""Have LibreOffice at hand for the tests that open our documents; install it where root can.

Prints its path, or one sentence: without it, those tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGES = ("libreoffice-writer", "libreoffice-impress", "libreoffice-calc")


def main() -> None:
    """Print the path, or why there is none."""
    if not shutil.which("soffice") and getattr(os, "geteuid", lambda: 1)() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    print(shutil.which("soffice") or "LibreOffice n’est pas installé : ses tests seront sautés.")


if __name__ == "__main__":
    main()
