"""Ten times the places: synthetic copies, in a folder whose name says so, never shown in the application."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

from ptce_data.load import DATA_DIR


def write(folder: Path, times: int = 10) -> Path:
    """Copy the data folder to `folder`/synthetic-x<times> with every tiers-lieu repeated nearby."""
    target = folder / f"synthetic-x{times}"
    shutil.copytree(DATA_DIR, target)
    path = target / "tiers_lieux.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    jitter = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        for number in range(1, times):
            for row in rows:
                copy = {**row, "id": f"{row['id']}-synthetic-{number}", "name": f"synthetic {row['name']}"}
                for axis in ("lat", "lon"):
                    if row[axis]:
                        copy[axis] = f"{float(row[axis]) + jitter.uniform(-0.05, 0.05):.5f}"
                writer.writerow(copy)
    return target
