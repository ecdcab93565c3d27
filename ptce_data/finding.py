"""Find anything that has a name, as people type it: regions, départements, EPCI, communes, pôles, tiers-lieux, clusters."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.byversion import ByVersion
from ptce_data.places import KINDS
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Kinds of what is found, the widest territory first.
TERRITORIES: Final = ("region", "departement", "epci", "commune")
#: Kinds of all that can be found.
ALL: Final = (*TERRITORIES, *KINDS)
#: Hits of territories and of places, each.
LIMIT: Final = 4
_LEVELS: Final = {"region": ("regions", "region_code"), "departement": ("departements", "departement_code")}
#: What stands between the names of several regions.
_BETWEEN: Final = re.compile(r"\s*(?:,|;|/|&|\+|\bet\b|\bou\b|\bvs\b|\bcontre\b)\s*", re.IGNORECASE)
_COLUMNS: Final = [
    "kind", "name", "code", "region_code", "departement_code", "commune_insee", "epci_siren", "population",
]  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One territory or place: `code` is its official code, or the uid of a pôle, tiers-lieu or cluster.

    The other codes say where it is, empty where that is not known.
    """

    kind: str
    code: str
    name: str
    region_code: str = ""
    departement_code: str = ""
    commune_insee: str = ""
    epci_siren: str = ""

    @property
    def is_territory(self) -> bool:
        """Whether it is an area and not a place."""
        return self.kind in TERRITORIES


@lru_cache(maxsize=2)
def _names(index: ByVersion) -> pd.DataFrame:
    """Every name that can be found, with where it is; folded once."""
    dataset = index.dataset
    frames = []
    for kind, (table, code) in _LEVELS.items():
        rows: pd.DataFrame = getattr(dataset, table)
        frames.append(pd.DataFrame(rows).assign(kind=kind, code=rows[code]))
    homes = dataset.departements.set_index("departement_code")["region_code"]
    epci = pd.DataFrame(dataset.epci)
    frames.append(
        epci.assign(kind="epci", code=epci["epci_siren"], region_code=epci["departement_code"].map(homes))
    )
    communes = pd.DataFrame(dataset.communes)
    frames.append(communes.assign(kind="commune", code=communes["commune_insee"]))
    places = pd.DataFrame(dataset.places.drop(columns="geometry"))
    frames.append(places.assign(code=places["uid"]))
    frame = pd.concat([f.reindex(columns=_COLUMNS) for f in frames], ignore_index=True)
    frame["folded"] = frame["name"].map(fold)
    frame["order"] = frame["kind"].map({k: i for i, k in enumerate(ALL)})
    return frame


def find(dataset: Dataset, text: str, limit: int = LIMIT, kinds: Collection[str] = ALL) -> list[Hit]:
    """What answers `text`, by name or official code: at most `limit` territories, then `limit` places, of `kinds`.

    All words must be in the name. Exact names come first, then those where they are whole words, those that begin
    so, the rest; among these the wider territory, then the more populous. Empty for less than two letters.
    """
    words = fold(text)
    if len(words) < 2:
        return []
    names = _names(ByVersion(dataset))
    inside = names["kind"].isin(kinds)
    for word in words.split():
        inside &= names["folded"].str.contains(word, regex=False)
    is_code = names["code"].str.lower() == words.replace(" ", "")
    found = names[inside | (is_code & names["kind"].isin(kinds))]
    rank = pd.Series(3, index=found.index).mask(found["folded"].str.startswith(words), 2)
    rank = rank.mask((" " + found["folded"] + " ").str.contains(f" {words} ", regex=False), 1)
    ordered = found.assign(rank=rank.mask(found["folded"] == words, 0)).sort_values(
        ["rank", "order", "population"], ascending=[True, True, False], kind="stable"
    )
    is_area = ordered["kind"].isin(TERRITORIES)
    kept = pd.concat([ordered[is_area].head(limit), ordered[~is_area].head(limit)])
    return [_hit(row) for row in kept.to_dict("records")]


def _hit(row: dict[str, object]) -> Hit:
    told = {name: str(row[name]) if isinstance(row[name], str) else "" for name in _COLUMNS[:-1]}
    return Hit(**told)


def regions(dataset: Dataset, text: str) -> tuple[str, ...]:
    """Codes of the regions that `text` names, such as « Bretagne et Pays de la Loire », each once, in its order.

    Every part must be the name of a region, or the beginning of one only: empty otherwise.
    """
    known = dict(zip(dataset.regions["region_code"], dataset.regions["name"].map(fold), strict=True))
    found: list[str] = []
    for part in (fold(p) for p in _BETWEEN.split(text) if p.strip()):
        exact = [code for code, name in known.items() if name == part]
        begun = exact or [code for code, name in known.items() if len(part) > 2 and name.startswith(part)]
        if len(begun) != 1:
            return ()
        found.append(begun[0])
    return tuple(dict.fromkeys(found))
