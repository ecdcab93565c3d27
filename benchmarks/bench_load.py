"""How many readers at once: page Carte open in N tabs, a filter changed every few seconds in each.

    python -m benchmarks.bench_load [--replicas 1] [--users 10,20,30,40] [--think 8] [--seconds 20]
    PTCE_CHROMIUM=… python -m benchmarks.bench_load --users 20 --browsers 3
    python -m benchmarks.bench_load --soak 60 --users 10

Everything runs on 127.0.0.1, behind nginx as in production. A tab is a websocket client (`streamlit_client`): it
waits, changes a filter, reads the whole answer. The generator and nginx take their share of the same processors; its
own time is printed. Budget: a filter change under 1 s at the 95th percentile; soak: growth of memory ≤ 10 % after
warm-up.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.browser_load import changes_in_browsers
from benchmarks.server_side import resident_mb
from benchmarks.streamlit_client import Run, Tab
from scripts.cluster_parts import Cluster

BUDGET_S = 1.0
GROWTH = 0.10
REGIONS = ("Bretagne", "Occitanie", "Normandie", "Corse", "Grand Est", "Île-de-France", "Nouvelle-Aquitaine")
WORDS = ("coop", "tiers", "lille", "alimentation", "", "énergie")
TEXT = "Rechercher un nom, une commune, un thème"
#: Between two tabs that open: a class that opens the page, not a stampede.
ARRIVAL_S = 0.4
#: A tab of the soak is closed and opened anew after so many changes.
CHANGES_PER_TAB = 12


@dataclass
class Load:
    """Tabs at work. `measured` holds what was answered since it was last emptied."""

    address: str
    think: float
    renews: bool = False
    measured: list[Run] = field(default_factory=list)
    opened: list[Run] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def grow(self, users: int) -> None:
        """Open tabs until there are `users`, and wait until all have their page."""
        while len(self.tasks) < users:
            self.tasks.append(asyncio.create_task(self._user(len(self.tasks))))
            await asyncio.sleep(ARRIVAL_S)
        limit = time.monotonic() + 60
        while len(self.opened) < users and time.monotonic() < limit:
            self._raise()
            await asyncio.sleep(0.1)

    def _raise(self) -> None:
        for task in self.tasks:
            if task.done() and task.exception() is not None:
                raise RuntimeError("un onglet a échoué") from task.exception()

    async def measure(self, seconds: float) -> list[Run]:
        """Return the changes answered in the next `seconds`."""
        self.measured.clear()
        await asyncio.sleep(seconds)
        self._raise()
        return list(self.measured)

    async def stop(self) -> None:
        """Close every tab."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _user(self, number: int) -> None:
        chance = random.Random(number)
        while True:
            tab = Tab(self.address, headers={"Cookie": await asyncio.to_thread(_first_page, self.address)})
            try:
                self.opened.append(await tab.open())
                done = 0
                while not self.renews or done < CHANGES_PER_TAB:
                    await asyncio.sleep(self.think * chance.uniform(0.5, 1.5))
                    if chance.random() < 0.3:
                        made = await tab.set_text(TEXT, chance.choice(WORDS))
                    else:
                        made = await tab.choose("Région", chance.sample(REGIONS, chance.randint(0, 2)))
                    self.measured.append(made)
                    done += 1
            finally:
                await tab.close()


def _first_page(address: str) -> str:
    """Ask for the page as a browser does; return the balancer's cookie."""
    with urllib.request.urlopen(f"{address}/carte", timeout=30) as answer:
        answer.read()
        return (answer.headers.get("Set-Cookie") or "").partition(";")[0]


def quantile(values: list[float], part: float) -> float:
    """The value below which `part` of them are; infinite without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("inf")


def processor(cluster: Cluster) -> float:
    """Processor seconds that all replicas have used."""
    total = 0
    for replica in cluster.replicas.values():
        fields = Path(f"/proc/{replica.process.pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def memory(cluster: Cluster) -> float:
    """Resident memory of all replicas, in MB."""
    return sum(resident_mb(replica.process.pid) for replica in cluster.replicas.values())


async def steps(cluster: Cluster, users: list[int], think: float, seconds: float, browsers: int) -> int:
    """Print one line per number of users; return the most that kept within the budget."""
    for replica in cluster.replicas.values():
        warm = Tab(replica.address)
        await warm.open()
        await warm.close()
    base, kept = memory(cluster), 0
    load = Load(cluster.address, think)
    print(f"pause de {think:g} s en moyenne entre deux changements ; {base:.0f} Mo avant les onglets")
    print("onglets  changements/s  médiane      95 %   processeur/changement  générateur  mémoire/onglet")
    for count in users:
        await load.grow(count)
        before, used = time.process_time(), processor(cluster)
        runs = await load.measure(seconds)
        share = (time.process_time() - before) / seconds
        used = processor(cluster) - used
        times = [run.seconds for run in runs]
        worst = quantile(times, 0.95)
        failed = sum(run.failed for run in runs)
        print(
            f"{count:7d}  {len(runs) / seconds:13.1f}  {statistics.median(times or [0]) * 1000:4.0f} ms  "
            f"{worst * 1000:5.0f} ms  {used / max(1, len(runs)) * 1000:18.0f} ms  {share:9.0%}  {(memory(cluster) - base) / count:9.1f} Mo"
            + (f"  {failed} EN ERREUR" if failed else ""),
            flush=True,
        )
        if worst > BUDGET_S or failed:
            break
        kept = count
    opened = [run.seconds for run in load.opened]
    print(
        f"ouverture de la page, websocket : médiane {statistics.median(opened):.1f} s, {len(opened)} onglets"
    )
    if browsers:
        seen = await changes_in_browsers(cluster.address, browsers, os.environ["PTCE_CHROMIUM"])
        shown = " ".join(f"{value * 1000:.0f}" for value in sorted(seen))
        print(f"{browsers} navigateurs de plus, de la touche Entrée à la phrase changée (ms) : {shown}")
    await load.stop()
    return kept


async def soak(cluster: Cluster, users: int, think: float, minutes: float) -> float:
    """Keep `users` tabs at work, renewed; print memory, return its growth after the first quarter."""
    load = Load(cluster.address, think, renews=True)
    await load.grow(users)
    warm, points = minutes / 4, 12
    await load.measure(warm * 60)
    start = memory(cluster)
    print(f"après {warm:g} min : {start:.0f} Mo, {users} onglets", flush=True)
    now = start
    for number in range(1, points + 1):
        runs = await load.measure((minutes - warm) * 60 / points)
        now = memory(cluster)
        worst = quantile([run.seconds for run in runs], 0.95)
        at = warm + (minutes - warm) * number / points
        print(
            f"{at:6.1f} min : {now:.0f} Mo ({now / start - 1:+.1%}), 95 % à {worst * 1000:.0f} ms", flush=True
        )
    await load.stop()
    return now / start - 1


def main() -> int:
    """Print; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--users", default="10,20,30,40,50")
    parser.add_argument("--think", type=float, default=8.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--browsers", type=int, default=0)
    parser.add_argument("--soak", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--target", type=int, default=40)
    asked = parser.parse_args()
    users = [int(part) for part in asked.users.split(",")]
    with Cluster(asked.replicas, has_database=False) as cluster:
        if asked.soak:
            growth = asyncio.run(soak(cluster, users[0], asked.think, asked.soak))
            print(
                f"croissance {growth:+.1%} (budget ≤ {GROWTH:.0%}) : {'tenu' if growth <= GROWTH else 'MANQUÉ'}"
            )
            return int(growth > GROWTH)
        kept = asyncio.run(steps(cluster, users, asked.think, asked.seconds, asked.browsers))
    verdict = "tenu" if kept >= asked.target else "MANQUÉ"
    print(f"onglets sous {BUDGET_S:g} s au 95e centile : {kept} (but : {asked.target}, {verdict})")
    return int(kept < asked.target)


if __name__ == "__main__":
    sys.exit(main())
