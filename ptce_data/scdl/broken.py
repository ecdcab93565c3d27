"""Files and rows that cannot be read."""

from __future__ import annotations

from typing import NamedTuple


class UnreadableError(ValueError):
    """A whole file cannot be read. `file` is its name, `why` the reason in French."""

    def __init__(self, file: str, why: str) -> None:
        self.file, self.why = file, why
        super().__init__(f"{file} : {why}")


class BrokenRow(NamedTuple):
    """A row whose cells do not fit the header: line of the file, cells as they were, reason."""

    line: int
    cells: tuple[str, ...]
    why: str
