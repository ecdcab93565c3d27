"""Find a commune or an EPCI by the name people type, without accents, homonyms told apart."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

LIMIT: Final = 20
_PREFIX: Final = {"commune": "communes", "epci": "epci"}


@lru_cache(maxsize=2)
def _names(index: ByVersion) -> pd.DataFrame:
    dataset = index.dataset
    columns = ["name", "departement_code", "population"]
    communes = dataset.communes[["commune_insee", *columns]].rename(columns={"commune_insee": "code"})
    epci = dataset.epci[["epci_siren", *columns]].rename(columns={"epci_siren": "code"})
    frame = pd.concat([communes.assign(kind="commune"), epci.assign(kind="epci")], ignore_index=True)
    frame["folded"] = frame["name"].map(fold)
    departements = dataset.departements.set_index("departement_code")["name"]
    place = frame["departement_code"].map(departements)
    noun = frame["kind"].map({"commune": "commune", "epci": "EPCI"})
    frame["label"] = frame["name"] + " – " + noun + " " + frame["code"] + ", " + place
    frame["place"] = frame["kind"] + ":" + frame["code"]
    return frame


def search(dataset: Dataset, text: str, limit: int = LIMIT) -> pd.DataFrame:
    """Communes and EPCI whose name or code answers `text`: exact names first, then by population.

    Columns place ("commune:35236" or "epci:243500741"), label, name, kind, code. Empty for an empty text.
    """
    names = _names(ByVersion(dataset))
    words = fold(text)
    if not words:
        return names.iloc[:0]
    hit = names["code"].str.lower() == words.replace(" ", "")
    inside = pd.Series(True, index=names.index)
    for word in words.split():
        inside &= names["folded"].str.contains(word, regex=False)
    found = names[hit | inside]
    rank = 2 - (found["folded"] == words).astype(int) - found["folded"].str.startswith(words).astype(int)
    order = found.assign(rank=rank).sort_values(
        ["rank", "population"], ascending=[True, False], kind="stable"
    )
    return order.head(limit).drop(columns=["rank", "folded"]).reset_index(drop=True)


def resolve(dataset: Dataset, place: str) -> pd.Series | None:
    """The row of a place such as "commune:35236", or None."""
    names = _names(ByVersion(dataset))
    hit = names[names["place"] == place]
    return None if hit.empty else hit.iloc[0]
