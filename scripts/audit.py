"""What the atlas depends on: known faults (pip-audit), a CycloneDX inventory, licences.

    python scripts/audit.py [dossier]     # build/ by default

Ends with 0: nothing known; 1: a known fault, or a licence to read; 3: the service that knows of faults did not
answer for every package. pip-audit itself ends with 0 when it could ask nobody.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
REQUIREMENTS: Final = ROOT / "requirements.txt"
_WAIT: Final = 15
#: Packages that declare none -> the licence of their repository, read by us.
READ: Final = {"streamlit-folium": "MIT"}
#: Licences under which what is joined to them must be published too.
_STRONG: Final = re.compile(r"(?<!L)(?<!Lesser )A?GPL|Affero|GNU General", re.IGNORECASE)


@dataclass(frozen=True)
class Faults:
    """`known`: "package version: identifier (mended in …)"; `unasked`: packages that nobody answered for."""

    known: tuple[str, ...]
    unasked: tuple[str, ...]
    asked: int


def faults(report: dict[str, Any]) -> Faults:
    """Read the JSON of pip-audit."""
    known, unasked, asked = [], [], 0
    for package in report["dependencies"]:
        if "skip_reason" in package:
            unasked.append(package["name"])
            continue
        asked += 1
        for fault in package["vulns"]:
            mended = ", ".join(fault["fix_versions"]) or "aucune version"
            known.append(f"{package['name']} {package['version']} : {fault['id']} (corrigé dans {mended})")
    return Faults(tuple(known), tuple(unasked), asked)


def licence(package: str) -> str:
    """The licence that an installed package declares, or that we read in its repository; empty for none."""
    told: dict[str, Any] = dict(metadata.metadata(package).json)
    expression = told.get("license_expression")
    if expression:
        return str(expression)
    classes = [c.rpartition(" :: ")[2] for c in told.get("classifier", ()) if c.startswith("License ::")]
    known = [c for c in classes if c != "OSI Approved"]
    free = str(told.get("license") or "").strip().splitlines()
    return " ; ".join(known) or (free[0][:80] if free else READ.get(package, ""))


#: Python that has pip-audit and cyclonedx-bom: an environment of its own, since what they bring slows every start.
TOOLS: Final = os.environ.get("PTCE_AUDIT_PYTHON", sys.executable)


def pins() -> dict[str, str]:
    """Name -> version of `requirements.txt`."""
    rows = (row.partition("#")[0].strip() for row in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    return dict(row.split("==") for row in rows if "==" in row)


def _audit() -> Faults | None:
    command = [TOOLS, "-m", "pip_audit", "-r", str(REQUIREMENTS), "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", str(_WAIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return faults(json.loads(done.stdout))
    except (ValueError, KeyError):
        return None


def main(folder: Path) -> int:
    """Write `sbom.cdx.json` and `licences.csv` into `folder`, print what was found; return the code to end with."""
    folder.mkdir(parents=True, exist_ok=True)
    inventory = folder / "sbom.cdx.json"
    command = [TOOLS, "-m", "cyclonedx_py", "requirements", str(REQUIREMENTS)]
    subprocess.run([*command, "--output-reproducible", "--of", "JSON", "-o", str(inventory)], check=True)
    found = {name: licence(name) for name in pins()}
    with (folder / "licences.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["paquet", "version", "licence"])
        writer.writerows([name, version, found[name]] for name, version in pins().items())
    doubtful = [f"{name} : {said or 'aucune licence déclarée'}" for name, said in found.items()
                if not said or _STRONG.search(said)]  # fmt: skip
    print(f"Inventaire : {inventory} ({len(found)} paquets). Licences : {folder / 'licences.csv'}.")
    for line in doubtful:
        print(f"Licence à relire : {line}")
    told = _audit()
    if told is None or told.unasked:
        asked = told.asked if told else 0
        print(
            f"Failles : le service n’a pas répondu pour {len(found) - asked} paquets sur {len(found)}. Rien n’est conclu."
        )
    for line in told.known if told else ():
        print(f"Faille connue : {line}")
    if doubtful or (told and told.known):
        return 1
    if told is None or told.unasked:
        return 3
    print("Failles : aucune connue.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"))
