"""Types of the aggregated scales: EPCI and zone d'emploi, from the types of their communes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.territories import logic
from ptce_data.territories.indicators import DECIMALS, SCALE_CODES, Scale
from ptce_data.territories.parameters import TYPES
from ptce_data.territories.rules import Rules

FloatArray = npt.NDArray[np.float64]
_DEINDUSTRIALISED_BIT = 1 << TYPES.index("desindustrialise")


def area_types(
    areas: pd.DataFrame,
    evidence: pd.DataFrame,
    communes: pd.DataFrame,
    masks: logic.IntArray,
    scale: Scale,
    rules: Rules,
) -> pd.DataFrame:
    """The areas with their type, its evidence and the population share of each type.

    `areas`: indicators of the scale; `evidence`: their R1 and R2 (indexed by code); `communes`: the
    classified communes; `masks`: the types each commune may have (see `logic.possible_types`).

    An area takes the type of the largest part of its population (the order of the legend settles an
    exact tie), except that an area that is itself deindustrialised (R1 and R2, or enough population
    under R3) and urban enough is `desindustrialise`. With unknown communes the type is given only if
    they cannot change it.
    """
    code = SCALE_CODES[scale]
    out = areas.sort_values(code, ignore_index=True)
    position = pd.Index(out[code]).get_indexer(pd.Index(communes[code]))
    inside = position >= 0
    place = position[inside]
    people = communes["population"].to_numpy(dtype="float64")[inside]
    size = len(out)

    def total(keep: logic.BoolArray) -> FloatArray:
        """Population of the communes kept, by area."""
        return np.asarray(np.bincount(place, weights=people * keep, minlength=size), dtype=np.float64)

    everyone = total(np.ones(len(people), dtype=np.bool_))
    whole = np.where(everyone > 0, everyone, np.nan)
    own = masks[inside]
    # At least (surely of this type) and at most (may be of this type), in persons.
    least = np.stack([total(own == 1 << i) for i in range(len(TYPES))])
    most = np.stack([total((own >> i & 1).astype(np.bool_)) for i in range(len(TYPES))])
    plural = _largest(least, most)

    def reaches(yes: logic.BoolArray, no: logic.BoolArray, threshold: float) -> pd.Series:
        """Whether the share of population where `yes` reaches the threshold; neither = unknown part."""
        low, high = total(yes[inside]) / whole * 100, 100 - total(no[inside]) / whole * 100
        sure = pd.Series(low >= threshold, index=out.index, dtype="boolean")
        return sure.mask(((low < threshold) & (high >= threshold)) | np.isnan(whole))

    rural, r3 = communes["is_rural"], communes["r3"]
    zone = evidence.reindex(out[code].to_numpy()).reset_index(drop=True)
    under_r3 = reaches(logic.known_true(r3), logic.known_false(r3), rules.min_r3_share_pct) & rules.rule_r3
    deindustrialised = zone["declined"] | under_r3
    urban = reaches(logic.known_false(rural), logic.known_true(rural), rules.min_urban_share_pct)
    override = deindustrialised & urban & rules.deindustrialised_override
    final = np.where(
        logic.known_true(override),
        _DEINDUSTRIALISED_BIT,
        np.where(logic.known_false(override), plural, plural | _DEINDUSTRIALISED_BIT),
    )
    out["territory_type"] = logic.type_names(final, out.index)
    out["possible_types"] = logic.type_lists(final, out.index)
    out["is_deindustrialised"] = deindustrialised
    out["is_urban_enough"] = urban
    for name in zone.columns:
        out[name] = zone[name]
    out["r3_share_reached"] = under_r3
    out["share_r3_pct"] = np.round(total(logic.known_true(r3)[inside]) / whole * 100, DECIMALS)
    known_r3 = total((logic.known_true(r3) | logic.known_false(r3))[inside])
    out["share_r3_unknown_pct"] = np.round((1 - known_r3 / whole) * 100, DECIMALS)
    out["share_urban_pct"] = np.round(total(logic.known_false(rural)[inside]) / whole * 100, DECIMALS)
    for i, name in enumerate(TYPES):
        out[f"share_{name}_pct"] = np.round(least[i] / whole * 100, DECIMALS)
    unknown = everyone - least.sum(axis=0)
    out["share_unknown_pct"] = np.round(unknown / whole * 100, DECIMALS)
    return out


def _largest(least: FloatArray, most: FloatArray) -> logic.IntArray:
    """Bit mask of the types that may hold the largest population of each area (arrays: type x area)."""
    masks = np.zeros(least.shape[1], dtype=np.int64)
    for i in range(len(TYPES)):
        rivals = np.delete(least, i, axis=0).max(axis=0)
        masks |= np.where((most[i] > 0) & (most[i] >= rivals), 1 << i, 0)
    settled = (most == least).all(axis=0) & (least.sum(axis=0) > 0)
    masks = np.where(settled, 1 << least.argmax(axis=0), masks)
    # Nobody lives there, or nothing is known: any type.
    return np.where(masks == 0, (1 << len(TYPES)) - 1, masks)
