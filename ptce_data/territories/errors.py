"""The one exception of the classifier: its message is French, complete and meant for the screen."""

from __future__ import annotations

from collections.abc import Iterable


class TerritoryError(ValueError):
    """An input, a threshold or a code is refused; the message names the file, the line or the field."""


def listed(values: Iterable[object], limit: int = 5) -> str:
    """`a, b, c` then `… et 12 autres`: a message stays readable however long the list."""
    texts = [str(v) for v in values]
    shown = ", ".join(texts[:limit])
    more = len(texts) - limit
    if more <= 0:
        return shown
    return f"{shown}… et {more} autre{'s' if more > 1 else ''}"
