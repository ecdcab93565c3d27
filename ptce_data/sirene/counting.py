"""From cells of the register to counts per commune of today, and what could not be placed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ptce_data.sirene import expressions as register
from ptce_data.sirene import nomenclatures as codes
from ptce_data.sirene.geography import Geography
from ptce_data.territories.codes import OUTSIDE, normalise

#: Why an establishment is in no commune -> French words.
REASONS: Final[dict[str, str]] = {
    register.ABROAD: "à l’étranger",
    register.HIDDEN: "commune non diffusée",
    register.NOWHERE: "sans commune",
    "collectivite": "collectivité d’outre-mer hors des 18 régions",
    "code_inconnu": "code de commune inconnu",
}
_SECTIONS: Final = {
    f"{division:02d}": section
    for section, (first, last, _) in codes.SECTIONS.items()
    for division in range(first, last + 1)
}
_BANDS: Final = {code: band for band, (found, _) in codes.BANDS.items() for code in found}
_POSITION: Final = {key: position for position, key in enumerate(codes.KEYS)}


def margins(cells: pd.DataFrame) -> pd.DataFrame:
    """Counts per commune of the register: columns commune, key, n. Only units that are active.

    Establishments of other units are under the keys `unite:C` (ceased) and `unite:?` (absent).
    """
    live = cells[cells["unit"] == register.ACTIVE]
    social = live[live["field"] == register.YES]
    form = live[(live["field"] != register.YES) & live["family"].isin(codes.TOLD_BY_FORM)]
    parts = [
        _keyed(live, codes.ALL),
        _keyed(social, codes.ESS),
        _keyed(live[live["field"] == register.UNKNOWN], codes.UNKNOWN_FIELD),
        _keyed(form, codes.FORM_ONLY),
        _keyed(social, "famille:" + social["family"]),
        _keyed(social, "secteur:" + social["division"].map(_SECTIONS).fillna(codes.UNSORTED)),
        _keyed(social, "effectif:" + social["band"].map(_BANDS).fillna(codes.UNSORTED)),
    ]
    other = cells[cells["unit"] != register.ACTIVE]
    parts.append(_keyed(other, "unite:" + other["unit"]))
    return added(parts)


def _keyed(rows: pd.DataFrame, key: Any) -> pd.DataFrame:
    made: pd.DataFrame = rows[["commune", "n"]].assign(key=key)
    return made.astype({"commune": "str", "key": "str", "n": "int64"})


def added(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The sum of several margins, sorted: the same whatever the slices were."""
    whole = pd.concat(list(parts), ignore_index=True)
    return whole.groupby(["commune", "key"], as_index=False, sort=True)["n"].sum()[["commune", "key", "n"]]


@dataclass(frozen=True)
class Placed:
    """Counts of the communes of today (rows of the geography × `KEYS`) and what is not in them."""

    counts: npt.NDArray[np.int64]
    not_placed: dict[str, int]
    ess_not_placed: int
    unknown_codes: dict[str, int] = field(default_factory=dict)
    former_codes: int = 0
    ceased_units: int = 0
    absent_units: int = 0


def place(found: pd.DataFrame, geography: Geography) -> Placed:
    """Put margins in the communes of today; former codes and arrondissements go to their commune."""
    known = found[found["key"].isin(_POSITION)].copy()
    raw = pd.Series(known["commune"].unique(), dtype="str")
    tidy = raw.map(normalise).astype("str")
    today = geography.communes.today(tidy)
    reason = pd.Series("code_inconnu", index=raw.index).where(~tidy.str[:3].isin(OUTSIDE), "collectivite")
    reason = reason.where(~raw.isin(REASONS), raw)
    by_raw = dict(zip(raw, today, strict=True))
    why = dict(zip(raw, reason, strict=True))
    known["today"] = known["commune"].map(by_raw)
    lost = known[known["today"].isna()]
    totals = lost[lost["key"] == codes.ALL]
    reasons = totals["n"].groupby(totals["commune"].map(why)).sum()
    strange = totals[totals["commune"].map(why) == "code_inconnu"]
    units = found[~found["key"].isin(_POSITION)].groupby("key")["n"].sum()
    former = known[
        (known["key"] == codes.ALL) & known["today"].notna() & (known["today"] != known["commune"])
    ]
    return Placed(
        counts=_matrix(known[known["today"].notna()], geography),
        not_placed={name: int(reasons.get(name, 0)) for name in REASONS},
        ess_not_placed=int(lost.loc[lost["key"] == codes.ESS, "n"].sum()),
        unknown_codes={str(code): int(n) for code, n in zip(strange["commune"], strange["n"], strict=True)},
        former_codes=int(former["n"].sum()),
        ceased_units=int(units.get(f"unite:{register.CEASED}", 0)),
        absent_units=int(units.get(f"unite:{register.MISSING}", 0)),
    )


def _matrix(rows: pd.DataFrame, geography: Geography) -> npt.NDArray[np.int64]:
    size = len(geography.chain)
    order = {code: position for position, code in enumerate(geography.frame["code"].iloc[:size])}
    made = np.zeros((size, len(codes.KEYS)), dtype="int64")
    np.add.at(
        made,
        (
            rows["today"].map(order).to_numpy(dtype="int64"),
            rows["key"].map(_POSITION).to_numpy(dtype="int64"),
        ),
        rows["n"].to_numpy(dtype="int64"),
    )
    return made
