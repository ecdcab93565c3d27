"""Computed types of places known by their commune: at the commune, its EPCI and its zone d'emploi."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ptce_data.territories.codes import OUTSIDE, CommuneCodes
from ptce_data.territories.errors import TerritoryError, listed

AGREE: Final = "concordent"
DIVERGE: Final = "divergent"


def place_types(
    communes_types: pd.DataFrame,
    epci_types: pd.DataFrame,
    ze_types: pd.DataFrame,
    commune_insee: pd.Series,
    former: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Types of each place, indexed like `commune_insee` (a Series of codes; missing = no commune known).

    Columns: commune_insee (of today), epci_siren, ze2020, commune_type, epci_type, ze_type, then
    scales_agree: `concordent` when the three types are known and equal, `divergent` when two known
    ones differ, missing otherwise. A place without a commune has nothing but missing values; so has a
    commune of a collectivité d'outre-mer (Saint-Martin…), which the zonings do not cover.

    `former` (old_code, commune_insee) maps former codes and municipal arrondissements. Raises
    TerritoryError, naming rows, for a code that is no commune.
    """
    given = commune_insee.astype("str")
    codes = CommuneCodes.build(communes_types["commune_insee"], former)
    today = codes.today(given)
    lost = given.notna() & today.isna() & ~given.str.startswith(OUTSIDE).fillna(False).astype(bool)
    if lost.any():
        spots = [f"{row} : {code}" for row, code in given[lost].items()]
        raise TerritoryError(f"Code de commune inconnu (ligne : code) : {listed(spots)}.")
    by_commune = communes_types.set_index("commune_insee")
    out = pd.DataFrame({"commune_insee": today}, index=commune_insee.index)
    for key in ("epci_siren", "ze2020"):
        out[key] = today.map(by_commune[key]).astype("str")
    out["commune_type"] = today.map(by_commune["territory_type"]).astype("str")
    out["epci_type"] = (
        out["epci_siren"].map(epci_types.set_index("epci_siren")["territory_type"]).astype("str")
    )
    out["ze_type"] = out["ze2020"].map(ze_types.set_index("ze2020")["territory_type"]).astype("str")
    out["scales_agree"] = scales_agree(out["commune_type"], out["epci_type"], out["ze_type"])
    return out


def scales_agree(commune: pd.Series, epci: pd.Series, ze: pd.Series) -> pd.Series:
    """`concordent`, `divergent` or missing, from the three types of each row."""
    pairs = ((commune, epci), (commune, ze), (epci, ze))
    differ = np.logical_or.reduce([(a.notna() & b.notna() & (a != b)).to_numpy() for a, b in pairs])
    known = (commune.notna() & epci.notna() & ze.notna()).to_numpy()
    words = pd.Series(AGREE, index=commune.index, dtype="str").where(known)
    return words.mask(differ, DIVERGE)
