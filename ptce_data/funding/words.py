"""Numbers in French sentences. Tables and charts format theirs in the interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"


def percent(value: float) -> str:
    """`43 %`, `82,2 %`: one decimal at most, a no-break space before the sign."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",") + f"{NBSP}%"


def euros(value: float) -> str:
    """`1 234 €`, without cents."""
    return f"{value:,.0f}".replace(",", THIN) + f"{NBSP}€"


def join(words: Sequence[str]) -> str:
    """`a, b et c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " et " + words[-1] if words else ""
