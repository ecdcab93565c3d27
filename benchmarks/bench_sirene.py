"""Time and peak memory of the weight of the ESS, on synthetic stocks.

    python -m benchmarks.bench_sirene --rows 100000 5000000 30000000 --keep DOSSIER
    PYTHONPATH=build/spark python -m benchmarks.bench_sirene --rows 5000000 --engine pyspark

Budgets, DuckDB on two cores: 30 million establishments in 90 s and 4 GiB. Each run is a process of its
own, as the command line makes it; memory is the peak of that process (for Spark, without the JVM's).
The stocks are written first, and that is not timed; with --keep they are used again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.sirene_synthetic import write_stock

_RUN = "from ptce_data.sirene.command import sirene; sirene()"


def measure(stock: Path, out: Path, engine: str) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of processor and peak MiB of one run."""
    command = [sys.executable, "-W", "ignore", "-c", _RUN, "build", "--stock", str(stock), "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--engine", engine], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"Le calcul a échoué ({stock.name}, {engine}).")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Run the measures that were asked for and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 5_000_000])
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sirene-") as scratch:
        for rows in given.rows:
            stock = (given.keep or Path(scratch)) / f"synthetic-{rows}"
            if not stock.is_dir():
                write_stock(stock, rows)
            took, processor, memory = measure(stock, Path(scratch) / "out", given.engine)
            print(
                f"{rows:>11,} {given.engine:8} {took:7.1f} s ({processor:.1f} s de calcul)  {memory:6.0f} Mio",
                flush=True,
            )


if __name__ == "__main__":
    main()
