"""Runs the process that opens one workbook, within limits of memory and time."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

Why = Literal["password", "broken", "part", "empty", "rows", "area", "text", "memory", "time"]
#: What a workbook can be refused for.
FAULTS: Final[dict[Why, str]] = {
    "password": "it is protected",
    "broken": "its reader gave up; `kind` is the name of the error",
    "part": "it has no visible sheet of that name",
    "empty": "no visible sheet has a row",
    "rows": "a sheet has too many rows",
    "area": "a sheet is too large, empty cells within it included",
    "text": "it holds too much text",
    "memory": "opening it takes too much memory",
    "time": "opening it takes too much time",
}
_CHILD: Final = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Limits:
    """What one workbook may take: bytes of memory, seconds; characters of text (a cell counts as one more);
    rows of a sheet; cells of a sheet, from A1 to the last one.

    The memory is bounded on Unix only; the rest everywhere.
    """

    memory: int
    seconds: float
    characters: int
    rows: int
    area: int


class BookError(Exception):
    """A workbook is not read. `why` is a key of FAULTS, `kind` the name of the reader's error, or ""."""

    def __init__(self, why: Why, kind: str = "") -> None:
        self.why, self.kind = why, kind
        super().__init__(f"{why} {kind}".strip())


@contextlib.contextmanager
def running(data: bytes, limits: Limits, job: str, **options: Any) -> Iterator[Iterator[Any]]:
    """Give what the process writes of a workbook, one value at a time; the process ends with the block.

    `job` and `options`: see `child.py`. The values raise BookError; the time runs until the block ends.
    """
    late = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"classeur.{options.get('suffix') or 'bin'}"
        path.write_bytes(data)
        asked = vars(limits) | options | {"path": str(path), "job": job}
        with subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), json.dumps(asked)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:

            def stop() -> None:
                late.set()
                process.kill()

            clock = threading.Timer(limits.seconds, stop)
            clock.start()
            try:
                yield _values(process.stdout, late)
            finally:
                clock.cancel()
                process.kill()


def _values(stream: Any, late: threading.Event) -> Iterator[Any]:
    for line in stream:
        try:
            value = json.loads(line)
        except ValueError:
            break  # cut in the middle
        if isinstance(value, dict) and "error" in value:
            raise BookError(cast(Why, value["error"]), str(value.get("kind", "")))
        if isinstance(value, dict) and "done" in value:
            return
        yield value
    # A reader that has no memory left ends its process without a word.
    raise BookError("time" if late.is_set() else "memory")
