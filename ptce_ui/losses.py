"""What went from a list or a text, and how it comes back: for `undo`. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ptce_ui import text

Item = TypeVar("Item")


def lost(before: Sequence[Item], after: Sequence[Item]) -> tuple[tuple[int, Item], ...] | None:
    """Items of `before` that `after` lacks, with their positions; None where `after` holds anything else."""
    gone: list[tuple[int, Item]] = []
    rest = list(after)
    for position, item in enumerate(before):
        if rest and rest[0] == item:
            rest.pop(0)
        else:
            gone.append((position, item))
    return None if rest else tuple(gone)


def put_back(
    items: Sequence[Item], gone: Sequence[tuple[int, Item]], key: Callable[[Item], Any] | None = None
) -> tuple[Item, ...]:
    """`items` with what was `lost` at its former positions.

    With a `key` (an id), an item that is there again already is left as it is.
    """
    made = list(items)
    taken = {key(item) for item in items} if key is not None else set()
    for position, item in gone:
        if key is None or key(item) not in taken:
            made.insert(min(position, len(made)), item)
    return tuple(made)


def is_cut(before: str, after: str) -> bool:
    """Whether a text was emptied or lost more than half of what it said: worth bringing back."""
    if not before.strip() or before == after:
        return False
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    tail = 0
    while tail < min(len(before), len(after)) - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return not after.strip() or (same + tail) * 2 < len(before)


def short(words: str, most: int = 60) -> str:
    """The beginning of a text, on one line, cut between two words."""
    plain = " ".join(words.split())
    return plain if len(plain) <= most else f"{plain[:most].rsplit(' ', 1)[0]}…"


def quoted(names: Sequence[str], most: int = 3) -> str:
    """`« A », « B » et 4 autres`, for a sentence."""
    shown = [f"« {short(name)} »" for name in names[:most]]
    more = len(names) - most
    return f"{', '.join(shown)} et {text.count(more, 'autre', 'autres')}" if more > 0 else text.join(shown)
