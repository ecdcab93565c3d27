"""Rows of subsidies -> the beneficiaries they pay: one SIREN, or one name in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_data.scdl.names import Name, fold_name
from ptce_data.scdl.territory import Gazetteer, Scope, Spot
from ptce_data.text import fold

#: Column that `beneficiaries` adds to the rows: the key of the beneficiary.
KEY: Final = "beneficiary_key_of_row"
_PLACE: Final = [
    "beneficiary_commune",
    "beneficiary_insee",
    "beneficiary_postcode",
    "beneficiary_departement",
]


@dataclass(frozen=True)
class Beneficiary:
    """One beneficiary as one set of rows names it.

    `key` is what decisions are about: the SIREN, or the name, its place and the territory of the
    funder, so that homonyms of two places are two beneficiaries. `folded` is the name without accents.
    """

    key: str
    shown: str
    siren: str
    name: Name
    folded: str
    spot: Spot
    scope: Scope
    place: str


def prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with `folded` (name of the beneficiary without accents), `funder` and `funder_key`."""
    keyed = rows.copy()
    keyed["funder_key"] = _funder_key(rows)
    keyed["funder"] = _usual_name(keyed)
    folded = {name: fold_name(name) for name in rows["beneficiary_name"].unique().tolist()}
    keyed["folded"] = rows["beneficiary_name"].map(folded).astype("str")
    return keyed


def beneficiaries(
    keyed: pd.DataFrame, gazetteer: Gazetteer, names: Mapping[str, Name]
) -> tuple[pd.DataFrame, list[Beneficiary]]:
    """Return prepared rows with the key of their beneficiary (KEY), and the beneficiaries.

    `names` gives the name of each folded text. A SIREN that is met under several names or funders
    gives several entries with one key.
    """
    parts = ["beneficiary_siren", "folded", *_PLACE, "funder_key"]
    number = keyed.groupby(parts, dropna=False, sort=False).ngroup()
    shown = [*parts, "beneficiary_name", "funder_name", "funder_siren"]
    firsts = keyed.loc[~number.duplicated(), shown].astype(object)
    scopes: dict[str, Scope] = {}
    made: list[Beneficiary] = []
    for row in firsts.itertuples(index=False):
        if row.funder_key not in scopes:
            scopes[row.funder_key] = gazetteer.scope(row.funder_name, row.funder_siren)
        scope = scopes[row.funder_key]
        spot = gazetteer.spot(*(getattr(row, column) for column in _PLACE))
        siren = row.beneficiary_siren if isinstance(row.beneficiary_siren, str) else ""
        key = f"siren:{siren}" if siren else f"nom:{row.folded}|{spot.code}|{scope.kind}{scope.code}"
        told = (row.beneficiary_postcode, row.beneficiary_commune)
        place = " ".join(cell for cell in told if isinstance(cell, str))
        made.append(
            Beneficiary(key, row.beneficiary_name, siren, names[row.folded], row.folded, spot, scope, place)
        )
    # Groups are numbered in the order of their first rows, as `made` is.
    keys = dict(enumerate(one.key for one in made))
    return keyed.assign(**{KEY: number.map(keys).astype("str")}), made


def _funder_key(rows: pd.DataFrame) -> pd.Series:
    """One funder under one key: its SIREN, else its name without accents and case."""
    folded = {name: f"nom:{fold(name)}" for name in rows["funder_name"].unique()}
    known = "siren:" + rows["funder_siren"]
    return known.fillna(rows["funder_name"].map(folded)).astype("str")


def _usual_name(keyed: pd.DataFrame) -> pd.Series:
    """The name under which a funder is most often written."""
    counted = keyed.groupby(["funder_key", "funder_name"], sort=True).size()
    usual = counted.sort_values(ascending=False, kind="stable").reset_index().drop_duplicates("funder_key")
    return (
        keyed["funder_key"]
        .map(dict(zip(usual["funder_key"], usual["funder_name"], strict=True)))
        .astype("str")
    )
