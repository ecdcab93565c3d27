"""Have PostgreSQL with PostGIS at hand for the tests of saved work; install them where root can.

Prints the folder of its programs (`initdb`, `postgres`), or one sentence: without it, those tests are
skipped and say so. PTCE_POSTGRES names another folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = ("postgresql", "postgresql-15-postgis-3")
#: Where Debian keeps them; the newest version last.
FOLDERS = sorted(
    Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name.partition(".")[0])
)


def find() -> Path | None:
    """Return the folder with initdb and postgres, None where there is none."""
    on_path = shutil.which("postgres")
    asked = os.environ.get("PTCE_POSTGRES")
    candidates = (
        [Path(asked)]
        if asked
        else [*reversed(FOLDERS), *([Path(on_path).resolve().parent] if on_path else [])]
    )
    return next((p for p in candidates if (p / "initdb").exists() and (p / "postgres").exists()), None)


def has_postgis(folder: Path) -> bool:
    """Tell whether the server of `folder` can add PostGIS."""
    config = folder / "pg_config"
    asked = [str(config), "--sharedir"] if config.exists() else []
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() if asked else ""
    shared = [Path(told)] if told else []
    shared.append(Path("/usr/share/postgresql") / folder.parent.name)
    return any((s / "extension" / "postgis.control").exists() for s in shared)


def main() -> None:
    """Print the folder, or why there is none."""
    global FOLDERS
    found = find()
    root = getattr(os, "geteuid", lambda: 1)() == 0 and shutil.which("apt-get")
    if root and (found is None or not has_postgis(found)):
        # Debian starts a server of its own with the package; ours are started by the tests.
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PG_CREATE_MAIN_CLUSTER": "false"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        for command in (["apt-get", "update", "-qq"], install):
            subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
        FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        found = find()
    if found is None:
        print("PostgreSQL n’est pas installé : ses tests seront sautés.")
    else:
        print(found)


if __name__ == "__main__":
    main()
