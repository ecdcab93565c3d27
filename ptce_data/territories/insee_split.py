"""Our rural and périurbain beside Insee's own split of the rural communes (DENS_AAV)."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ptce_data.territories import logic

RURAL_PERIURBAN: Final = "rural périurbain"
RURAL_OTHER: Final = "rural non périurbain"
_RURAL_LEVELS: Final = (5, 6, 7)
_LARGE_AREA: Final = 2


def rebuilt_split(communes: pd.DataFrame) -> pd.Series:
    """Insee's class of each rural commune, rebuilt from density_level and taav2017; missing if not rural.

    Rural périurbain: rural density, in an area of 50,000 inhabitants or more, whatever the place of
    the commune in it. Indexed like `communes`.
    """
    rural = logic.is_among(communes["density_level"], _RURAL_LEVELS)
    large = logic.at_least(communes["taav2017"], _LARGE_AREA)
    out = pd.Series(pd.NA, index=communes.index, dtype="str")
    out = out.mask(logic.known_true(rural & large), RURAL_PERIURBAN)
    return out.mask(logic.known_true(rural & ~large), RURAL_OTHER)


def split_table(communes: pd.DataFrame) -> pd.DataFrame:
    """Communes by Insee's class (rows) and our primary type (columns), rural communes only.

    `communes`: the classified communes.
    """
    ours = communes["territory_type"].fillna("inconnu")
    split = rebuilt_split(communes)
    kept = split.notna()
    return pd.crosstab(split[kept].rename("insee"), ours[kept].rename("type"))
