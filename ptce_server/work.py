"""What this process is busy with, for the measures and for an orderly stop."""

from __future__ import annotations

from ptce_server.measures import Measures


class Work:
    """Requests being answered, page runs and files being made. Used from the event loop only."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.requests = 0
        self.runs = 0

    @property
    def is_quiet(self) -> bool:
        """Nobody waits for anything."""
        return self.requests == 0 and self.runs == 0

    def request(self, change: int) -> None:
        """A request began (+1) or ended (-1)."""
        self.requests += change
        self.measures.in_flight.set(self.requests)

    def run(self, change: int) -> None:
        """A page run or a file's making began (+1) or ended (-1)."""
        self.runs += change
        self.measures.busy.set(self.runs)
