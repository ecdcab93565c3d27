"""Class breaks of choropleths. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ptce_ui.text import number
from ptce_ui.theme import NO_VALUE_COLOUR, SEQUENTIAL


@dataclass(frozen=True)
class Classes:
    """Classes of a quantity: `of` gives the class index per code (areas at zero or unknown have none)."""

    of: dict[str, int]
    colours: tuple[str, ...]
    texts: tuple[str, ...]


def quantiles(codes: pd.Series, values: pd.Series, decimals: int = 0, most: int = len(SEQUENTIAL)) -> Classes:
    """At most `most` classes holding about as many areas each; zero and missing values get no class.

    Bounds are the values met, so that each range in the legend exists in the data: the class says
    "from its smallest to its largest value".
    """
    positive = values.notna() & (values > 0)
    kept = values[positive].astype(float)
    if kept.empty:
        return Classes({}, (), ())
    edges = np.unique(np.quantile(kept, np.linspace(0, 1, most + 1)[1:-1], method="higher"))
    index = np.searchsorted(edges, kept.to_numpy(), side="left")
    used = sorted(set(index.tolist()))
    rank = {old: new for new, old in enumerate(used)}
    texts = []
    for old in used:
        inside = kept[index == old]
        low, high = number(inside.min(), decimals), number(inside.max(), decimals)
        texts.append(low if low == high else f"{low} à {high}")
    picks = np.linspace(0, len(SEQUENTIAL) - 1, len(used)).round().astype(int)
    colours = tuple(SEQUENTIAL[p] for p in picks)
    by_code = {str(c): rank[i] for c, i in zip(codes[positive], index.tolist(), strict=True)}
    return Classes(by_code, colours, tuple(texts))


__all__ = ["NO_VALUE_COLOUR", "Classes", "quantiles"]
