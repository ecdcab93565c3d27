"""Numbers and words of the explanations. The data layer does not import the drawing layer's texts."""

from __future__ import annotations

from typing import Final

import pandas as pd

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"
UNKNOWN: Final = "inconnu"


def number(value: object, decimals: int = 0) -> str:
    """`12 345,6`: thin no-break space for thousands, decimal comma; `inconnu` when missing."""
    if not isinstance(value, int | float) or pd.isna(value):
        return UNKNOWN
    return f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",").replace("-", "−")


def percent(value: object, decimals: int = 1) -> str:
    """A value already in percent: `32,3 %`."""
    text = number(value, decimals)
    return text if text == UNKNOWN else f"{text}{NBSP}%"


def signed_percent(value: object) -> str:
    """A change in percent with its sign: `−33,2 %`, `+4,0 %`."""
    text = percent(value)
    return f"+{text}" if isinstance(value, int | float) and value > 0 else text


def points(value: float) -> str:
    """A gap in percentage points; two decimals below 0.1, where one would read zero."""
    return f"{number(value, 1 if abs(value) >= 0.1 else 2)}{NBSP}point{'s' if abs(value) >= 2 else ''}"


def quoted(text: object) -> str:
    """« text », with no-break spaces."""
    return f"«{NBSP}{text}{NBSP}»"


def listing(words: list[str], last: str = "et") -> str:
    """`a, b et c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
