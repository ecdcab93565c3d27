"""Fields whose loss can be taken back (`undo`): a text that is erased, codes taken out of a choice.

Each function gives two callables: what to do with a new value, and how an old one is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ptce_ui import undo

Pair = tuple[Callable[[Any], None], undo.Restore]


def written(
    place: str, label: str, value: str, save: Callable[[str], Any], renew: Callable[[], None]
) -> Pair:
    """A text now holding `value`; `renew` draws its field afresh once an old text is back."""
    words = f"Texte effacé de « {label} »."

    def typed(new: Any) -> None:
        if undo.is_cut(value, str(new or "")):
            undo.remember(place, words, value)
        save(str(new or ""))

    def restore(old: str) -> tuple[str, str] | None:
        save(old)
        renew()
        return (words, value) if value.strip() else None

    return typed, restore


def chosen(
    place: str,
    label: str,
    values: Sequence[str],
    names: Mapping[str, str],
    save: Callable[[tuple[str, ...]], Any],
    renew: Callable[[], None],
) -> Pair:
    """Several codes, now `values`; what was added since stays when one that was taken out comes back."""

    def picked(new: Any) -> None:
        kept = tuple(new or ())
        gone = undo.lost(values, tuple(code for code in values if code in kept))
        if gone:
            said = undo.quoted([names.get(code, code) for _, code in gone])
            undo.remember(place, f"Retiré de « {label} » : {said}.", gone)
        save(kept)

    def restore(gone: Sequence[tuple[int, str]]) -> None:
        save(undo.put_back(values, gone, str))
        renew()

    return picked, restore
