"""kill -9 in the middle of saves, whatever the engine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from ptce_store import Reader, Store

ROOT = Path(__file__).resolve().parent.parent.parent


def save_until_killed(store: Store, url: str, *, rounds: int = 3) -> None:
    """Kill a process that saves, some times: all that it acknowledged is there, whole."""
    space, links = store.create_link_space("Travail")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "study", "Étude", b"1:")
    for turn in range(rounds):
        command = [sys.executable, str(ROOT / "tests" / "store" / "saver.py"), url, links.write, item.id]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3 + turn)]
        time.sleep(0.011 * turn)
        process.kill()
        said += process.stdout.read().splitlines(keepends=True)
        process.wait(10)
        acknowledged = [int(line) for line in said if line.endswith("\n")]
        assert len(acknowledged) >= 3 + turn
        numbers = [r.number for r in store.history(reader, item.id)]
        # One more may be there: saved, and killed before it could say so.
        assert numbers[0] - acknowledged[-1] in (0, 1)
        assert numbers == list(range(numbers[0], 0, -1))
        assert all(store.get(reader, item.id, n).content.startswith(f"{n}:".encode()) for n in numbers)
        assert store.check() == ()
    last = store.get(reader, item.id)
    assert store.save(reader, item.id, b"et on continue", last.revision).revision == last.revision + 1
