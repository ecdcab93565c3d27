"""Classes of a quantity for graded maps, with limits that a reader can say aloud."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from ptce_ui import theme
from ptce_ui.exports.cartography.spec import QuantityAreas
from ptce_ui.text import NBSP, number

#: Where a value is exactly zero and none is below: not a small amount, none at all.
ZERO_COLOUR: Final = "#F1EFE9"
_MOST: Final = len(theme.SEQUENTIAL)


@dataclass(frozen=True)
class Grades:
    """Inner `limits` (a value equal to a limit is above it), one colour and text per class.

    `zero` is the text of the class of exact zeros, None where zero is a value as any other.
    """

    limits: tuple[float, ...]
    colours: tuple[str, ...]
    texts: tuple[str, ...]
    zero: str | None

    def index(self, value: float) -> int | None:
        """Class of a known value; None for a zero that has its own class."""
        if self.zero is not None and value == 0:
            return None
        return int(np.searchsorted(self.limits, value, side="right"))


def grades(layer: QuantityAreas) -> Grades:
    """Classes of a layer: its own limits, else round ones, else quantiles."""
    known = np.array([float(v) for v in layer.values.values() if is_known(v)])
    has_zero = bool(known.size) and bool((known == 0).any()) and float(known.min()) == 0.0
    used = known[known != 0] if has_zero else known
    if not used.size:
        return Grades((), theme.SEQUENTIAL[:1], ("",), said(0.0, layer.unit, 0) if has_zero else None)
    whole = bool((used == np.round(used)).all()) and float(used.min()) >= 0
    limits = layer.limits or inner_limits([used], layer.method)
    whole = whole and all(limit == round(limit) for limit in limits)
    decimals = _decimals(limits or (float(used[0]),))
    count = len(limits) + 1
    picks = np.linspace(0, _MOST - 1, count).round().astype(int) if count <= _MOST else None
    colours = tuple(theme.SEQUENTIAL[p] for p in picks) if picks is not None else _stretched(count)
    if not limits:
        low, high = float(used.min()), float(used.max())
        only = (
            said(low, layer.unit, decimals)
            if low == high
            else f"de {said(low, '', decimals)} à {said(high, layer.unit, decimals)}"
        )
        return Grades((), colours, (only,), said(0.0, layer.unit, 0) if has_zero else None)
    texts = _counts(limits, layer.unit, has_zero) if whole else _ranges(limits, layer.unit, decimals)
    return Grades(tuple(limits), colours, tuple(texts), said(0.0, layer.unit, 0) if has_zero else None)


def _ranges(limits: tuple[float, ...], unit: str, decimals: int) -> list[str]:
    """Texts of classes of any number: a limit belongs to the class above it."""
    between = [
        f"de {said(low, '', decimals)} à moins de {said(high, unit, decimals)}"
        for low, high in pairwise(limits)
    ]
    ends = said(limits[0], unit, decimals), said(limits[-1], unit, decimals)
    return [f"moins de {ends[0]}", *between, f"{ends[1]} ou plus"]


def _counts(limits: tuple[float, ...], unit: str, has_zero: bool) -> list[str]:
    """Texts of classes of whole numbers, which have a last one: `1`, `2 à 5`, `6 ou plus`."""
    start = 1.0 if has_zero else 0.0
    texts = []
    for low, above in pairwise((start, *limits)):
        high = above - 1
        texts.append(said(low, unit, 0) if low == high else f"{said(low, '', 0)} à {said(high, unit, 0)}")
    if not has_zero:
        texts[0] = f"moins de {said(limits[0], unit, 0)}"
    return [*texts, f"{said(limits[-1], unit, 0)} ou plus"]


def is_known(value: object) -> bool:
    """Whether a value is a number (None, NaN and NA are unknown)."""
    try:
        return math.isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def inner_limits(values: Iterable[np.ndarray], method: str, most: int = _MOST) -> tuple[float, ...]:
    """At most `most - 1` limits between classes of about as many areas, rounded for "rond"."""
    known = np.concatenate([np.asarray(v, float) for v in values])
    known = known[np.isfinite(known)]
    if np.unique(known).size < 2:
        return ()
    cuts = np.quantile(known, np.linspace(0, 1, most + 1)[1:-1])
    found = sorted({_round(float(c)) for c in cuts} if method == "rond" else set(cuts.tolist()))
    if method == "rond" and (known == np.round(known)).all():
        found = sorted({float(math.ceil(c)) for c in found})
    low, high = float(known.min()), float(known.max())
    return tuple(c for c in found if low < c <= high)


def _round(value: float) -> float:
    """The nearest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    if value == 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(abs(value)))
    steps = np.array([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10])
    nearest = float(steps[np.argmin(np.abs(steps - abs(value) / power))])
    return float(math.copysign(float(f"{nearest * power:.10g}"), value))


def _decimals(limits: tuple[float, ...]) -> int:
    """Decimals that write the limits, three at most where three tell them apart."""
    for decimals in range(3):
        if all(abs(round(v, decimals) - v) < 1e-9 for v in limits):
            return decimals
    fewest = 3 if any(abs(v) < 1 for v in limits) else 1
    return next((d for d in range(fewest, 10) if len({round(v, d) for v in limits}) == len(limits)), 10)


def said(value: float, unit: str, decimals: int) -> str:
    """A number in French with its unit."""
    text = number(value, decimals).replace("-", "−")
    return f"{text}{NBSP}{unit}" if unit else text


def _stretched(count: int) -> tuple[str, ...]:
    from ptce_ui.exports.cartography.palette import mix

    at = np.linspace(0, _MOST - 1, count)
    return tuple(
        mix(theme.SEQUENTIAL[min(int(a) + 1, _MOST - 1)], theme.SEQUENTIAL[int(a)], a - int(a)) for a in at
    )
