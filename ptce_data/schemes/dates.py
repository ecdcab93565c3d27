"""How old the source of a scheme was when it was read: the only clock is its own date of reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: A source published more than this many years before it was read is called old.
OLD_AFTER_YEARS: Final = 2


def age_years(source: Mapping[str, Any]) -> int | None:
    """Whole years between publication and reading, at least; None where either date is unknown.

    A date given as a year or a month is taken at its end, so that the age is never overstated.
    """
    published, read = source.get("date_published"), source.get("date_accessed")
    if not published or not read:
        return None
    then, now = _latest(str(published)), _latest(str(read))
    return max(0, now[0] - then[0] - (now[1:] < then[1:]))


def year_read(source: Mapping[str, Any]) -> int | None:
    """Year when the source was read."""
    read = source.get("date_accessed")
    return int(str(read)[:4]) if read else None


def _latest(date: str) -> tuple[int, int, int]:
    parts = [int(part) for part in date.split("-")]
    return parts[0], parts[1] if len(parts) > 1 else 12, parts[2] if len(parts) > 2 else 31
