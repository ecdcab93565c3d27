"""Three-valued logic: true, false, unknown (NA), on nullable boolean Series.

A comparison with a missing figure is unknown; `or` and `and` follow Kleene, so a known value settles
the result when it is enough to (false and unknown = false; true or unknown = true).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.territories.parameters import TYPES

#: The four facts behind the flags, one bit each.
RURAL: Final = 1
PERIURBAN: Final = 2
QPV: Final = 4
DEINDUSTRIALISED: Final = 8
_STATES: Final = 16

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def at_least(values: pd.Series, threshold: float) -> pd.Series:
    """values >= threshold; unknown where the value, or the threshold, is missing."""
    return _compare(values.astype("Float64") >= threshold, threshold)


def more_than(values: pd.Series, threshold: float) -> pd.Series:
    """values > threshold; unknown where the value, or the threshold, is missing."""
    return _compare(values.astype("Float64") > threshold, threshold)


def is_among(values: pd.Series, codes: Sequence[int]) -> pd.Series:
    """True where the code is one of `codes`, unknown where it is missing."""
    return values.isin(list(codes)).astype("boolean").mask(values.isna())


def any_of(parts: Sequence[pd.Series], index: pd.Index) -> pd.Series:
    """Kleene `or` of the parts; with no part at all, false everywhere (nothing can hold)."""
    out = constant(False, index)
    for part in parts:
        out = out | part
    return out


def all_of(parts: Sequence[pd.Series], index: pd.Index) -> pd.Series:
    """Kleene `and` of the parts; with no part at all, true everywhere."""
    out = constant(True, index)
    for part in parts:
        out = out & part
    return out


def constant(value: bool, index: pd.Index) -> pd.Series:
    """The same truth value for every row."""
    return pd.Series(value, index=index, dtype="boolean")


def known_true(values: pd.Series) -> BoolArray:
    """Numpy mask of the rows known to be true."""
    return np.asarray(values.fillna(False).astype(bool), dtype=np.bool_)


def known_false(values: pd.Series) -> BoolArray:
    """Numpy mask of the rows known to be false."""
    return np.asarray((~values).fillna(False).astype(bool), dtype=np.bool_)


def type_of_state(order: Sequence[str]) -> IntArray:
    """Position in TYPES of the primary type, for each of the 16 combinations of the four facts."""
    table = np.empty(_STATES, dtype=np.int64)
    for state in range(_STATES):
        rural, periurban = bool(state & RURAL), bool(state & PERIURBAN)
        holds = {
            "periurbain_rural": (rural and periurban, "periurbain"),
            "rural": (rural, "rural"),
            "desindustrialise": (bool(state & DEINDUSTRIALISED), "desindustrialise"),
            "quartier_populaire_urbain": (not rural and bool(state & QPV), "quartier_populaire_urbain"),
            "periurbain": (periurban, "periurbain"),
        }
        first = next((holds[step][1] for step in order if holds[step][0]), "urbain_autre")
        table[state] = TYPES.index(first)
    return table


def possible_types(facts: dict[int, pd.Series], order: Sequence[str]) -> IntArray:
    """Bit mask (bit i = TYPES[i]) of the primary types that the known facts leave possible.

    A row whose four facts are known has one bit; a row with an unknown fact may still have one, when
    every way of filling the unknown gives the same type.
    """
    table = type_of_state(order)
    true = {bit: known_true(values) for bit, values in facts.items()}
    false = {bit: known_false(values) for bit, values in facts.items()}
    size = len(next(iter(facts.values())))
    masks = np.zeros(size, dtype=np.int64)
    for state in range(_STATES):
        fits = np.ones(size, dtype=np.bool_)
        for bit in facts:
            fits &= ~false[bit] if state & bit else ~true[bit]
        masks[fits] |= 1 << int(table[state])
    return masks


def type_names(masks: IntArray, index: pd.Index) -> pd.Series:
    """The type where one is possible; missing elsewhere."""
    names = np.full(len(masks), None, dtype=object)
    for i, name in enumerate(TYPES):
        names[masks == 1 << i] = name
    return pd.Series(names, index=index, dtype="str")


def type_lists(masks: IntArray, index: pd.Index) -> pd.Series:
    """`a|b` where several types are possible; missing where the type is known."""
    names = np.full(len(masks), None, dtype=object)
    for value in np.unique(masks):
        if int(value).bit_count() > 1:
            names[masks == value] = "|".join(t for i, t in enumerate(TYPES) if int(value) >> i & 1)
    return pd.Series(names, index=index, dtype="str")


def _compare(result: pd.Series, threshold: float) -> pd.Series:
    out = result.astype("boolean")
    return out.mask(out.notna()) if np.isnan(threshold) else out
