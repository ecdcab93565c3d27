"""Time of the classification of France: indicators, types of communes, EPCI and zones d'emploi.

    python benchmarks/bench_territories.py [--inputs zoning_inputs.csv.gz] [--repeat 5]

Budget: 3 s for 34,875 communes with their aggregates, on two cores. Without --inputs, what is timed is
the run from the shipped indicators, the one the application makes when a threshold changes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ptce_data.territories import Rules, classify, compare, explain, read_inputs, shipped_indicators  # noqa: E402

BUDGET_S = 3.0


def measure(
    inputs: Path | None = None, repeat: int = 5, geo: Path = ROOT / "data" / "geo"
) -> dict[str, float]:
    """Median seconds of each step: step -> seconds."""
    france = shipped_indicators(geo)
    before = classify(france)
    other = Rules(base_share_margin_pts=1)
    after = classify(france, other)
    steps: dict[str, Callable[[], object]] = {
        "lecture des tables livrées": lambda: shipped_indicators(geo),
        "classement depuis les indicateurs livrés": lambda: classify(france, other),
        "comparaison avant et après": lambda: compare(before, after),
        "raisons d’une commune": lambda: explain(before, "59350"),
    }
    if inputs is not None:
        table = read_inputs(inputs)
        steps["classement depuis les données brutes"] = lambda: classify(table)
    return {name: _median(step, repeat) for name, step in steps.items()}


def _median(step: Callable[[], object], repeat: int) -> float:
    step()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the times; exit code 1 when a classification is over its budget."""
    parser = argparse.ArgumentParser(description="Temps du classement des communes.")
    parser.add_argument("--inputs", type=Path)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args(argv)
    times = measure(arguments.inputs, arguments.repeat)
    for name, seconds in times.items():
        print(f"{name:<42} {seconds:7.3f} s")
    slow = [n for n, s in times.items() if n.startswith("classement") and s > BUDGET_S]
    print(f"budget du classement : {BUDGET_S:.0f} s — {'dépassé' if slow else 'tenu'}")
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
