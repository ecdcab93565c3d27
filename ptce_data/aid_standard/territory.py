"""Territories between our coverage codes, the codes of the standard (COG) and names of perimeters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import pandas as pd

from ptce_data.coverage import NATIONAL
from ptce_data.load import Dataset
from ptce_data.schema import References
from ptce_data.text import fold

#: The country code of France in the COG, as the standard writes it.
FRANCE: Final = "PAYS-99100"
_LEVELS: Final = {
    "REG": ("region_codes", "region_code"),
    "DEP": ("departement_codes", "departement_code"),
    "EPCI": ("epci", "epci_siren"),
    "COM": ("communes", "commune_insee"),
}
#: Scale of a perimeter of Aides-territoires (folded name or slug) -> prefix of our codes.
_SCALES: Final = {
    "commune": "COM", "epci": "EPCI", "departement": "DEP", "department": "DEP", "region": "REG",
    "1": "COM", "5": "EPCI", "10": "DEP", "15": "REG",
}  # fmt: skip
_COUNTRY: Final = ("pays", "country", "20")
_CONTINENT: Final = ("continent", "25")


class Said(NamedTuple):
    """Codes in another form, and what could not be said: (code, why)."""

    codes: tuple[str, ...]
    lost: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Areas:
    """The areas of one data set: codes, names and parents, ready for look-ups."""

    known: Mapping[str, frozenset[str]]
    named: Mapping[tuple[str, str], tuple[str, ...]]
    region_of: Mapping[str, str]
    departements_of_former: Mapping[str, tuple[str, ...]]
    communes_of_epci: Mapping[str, tuple[str, ...]]
    collectivites: frozenset[str]

    def to_cog(self, codes: Iterable[str]) -> Said:
        """Turn our coverage codes into those the standard can write.

        FR and UE are France; a former region is its départements, an EPCI its communes; the whole of
        Corsica is REG-94. What has a letter in its code otherwise, the pattern of the standard refuses.
        """
        made: list[str] = []
        lost: list[tuple[str, str]] = []
        for code in codes:
            prefix, _, key = code.partition("-")
            if code in NATIONAL:
                made.append(FRANCE)
                if code == "UE":
                    lost.append((code, f"écrit {FRANCE} : le standard ne va pas au-delà du pays"))
            elif prefix == "ANCREG":
                made += [f"DEP-{one}" for one in self.departements_of_former.get(key, ())]
                if not self.departements_of_former.get(key):
                    lost.append((code, "région d’avant 2016 inconnue"))
            elif prefix == "EPCI":
                made += [f"COM-{one}" for one in self.communes_of_epci.get(key, ())]
                if not self.communes_of_epci.get(key):
                    lost.append((code, "intercommunalité inconnue"))
            elif key in self.collectivites:
                lost.append((code, "collectivité d’outre-mer qui n’est ni région ni département du COG"))
            else:
                made.append(code)
        if {"DEP-2A", "DEP-2B"} <= set(made):
            made = ["REG-94" if one in ("DEP-2A", "DEP-2B") else one for one in made]
        lost += [
            (one, "le motif du standard refuse les lettres d’un code de Corse")
            for one in dict.fromkeys(made)
            if not one.rpartition("-")[2].isdecimal()
        ]
        refused = {one for one, _ in lost}
        return Said(tuple(dict.fromkeys(one for one in made if one not in refused)), tuple(lost))

    def from_cog(self, codes: Iterable[str]) -> Said:
        """Turn codes of the standard into ours; an unknown one is lost."""
        made: list[str] = []
        lost: list[tuple[str, str]] = []
        for code in codes:
            prefix, _, key = code.partition("-")
            if code == FRANCE:
                made.append("FR")
            elif key in self.known.get(prefix, ()):
                made.append(code)
            else:
                lost.append((code, "territoire inconnu de l’atlas"))
        return Said(tuple(dict.fromkeys(made)), tuple(lost))

    def perimeter(self, name: str, scale: str, code: str = "") -> str | None:
        """Return our code of a perimeter of Aides-territoires, None unless one area alone fits."""
        word, kind = fold(name), fold(scale)
        if kind in _COUNTRY:
            return "FR" if word == "france" else None
        if kind in _CONTINENT:
            return "UE" if word in ("europe", "union europeenne") else None
        prefix = _SCALES.get(kind, "")
        found = self.named.get((prefix, word), ())
        if len(found) > 1 and code in found:
            return f"{prefix}-{code}"
        return f"{prefix}-{found[0]}" if len(found) == 1 else None

    def region(self, codes: Iterable[str]) -> str | None:
        """Return the one region of all these codes, None when there is none or more than one."""
        regions = {self.region_of.get(code) for code in codes}
        return regions.pop() if len(regions) == 1 else None


class _Key:
    """A data set, compared by version so that what is made of it can be kept."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __hash__(self) -> int:
        return hash(self.dataset.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.dataset.version == self.dataset.version


def areas(dataset: Dataset) -> Areas:
    """Index the areas of a data set; kept for the next calls."""
    return _areas(_Key(dataset))


def references(dataset: Dataset) -> References:
    """Return the codes and values that a row of support_schemes may hold.

    Sources are left out: those of imported rows come with them.
    """
    return _references(_Key(dataset))


@lru_cache(maxsize=2)
def _areas(key: _Key) -> Areas:
    dataset = key.dataset
    known: dict[str, frozenset[str]] = {}
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    region_of: dict[str, str] = {}
    for prefix, (table, column) in _LEVELS.items():
        frame = pd.DataFrame(getattr(dataset, table))
        known[prefix] = frozenset(frame[column])
        for code, name in zip(frame[column], frame["name"], strict=True):
            named[(prefix, fold(name))].append(code)
        for code, region in zip(frame[column], frame["region_code"], strict=True):
            region_of[f"{prefix}-{code}"] = region
    departements, communes = dataset.departement_codes, pd.DataFrame(dataset.communes)
    regions = dataset.region_codes
    return Areas(
        known=known,
        named={where: tuple(codes) for where, codes in named.items()},
        region_of=region_of,
        departements_of_former=_lists(departements, "former_region_code", "departement_code"),
        communes_of_epci=_lists(communes.dropna(subset=["epci_siren"]), "epci_siren", "commune_insee"),
        collectivites=frozenset(regions.loc[regions["kind"] == "collectivite_outre_mer", "region_code"]),
    )


def _lists(frame: pd.DataFrame, by: str, column: str) -> dict[str, tuple[str, ...]]:
    return {str(code): tuple(sorted(group)) for code, group in frame.groupby(by)[column]}


@lru_cache(maxsize=2)
def _references(key: _Key) -> References:
    dataset = key.dataset
    made = areas(dataset)
    former = dataset.former_region_codes
    names = former["name"].map(fold)
    return References(
        sets={
            "regions": made.known["REG"],
            "departements": made.known["DEP"] | made.collectivites,
            "epci": made.known["EPCI"],
            "communes": made.known["COM"],
            "former_region_codes": frozenset(former["former_region_code"]),
            "former_regions": frozenset(names),
        },
        categories={
            str(field): frozenset(rows["value"]) for field, rows in dataset.categories.groupby("field")
        },
        region_of_former=dict(zip(names, former["region_code"], strict=True)),
        collectivites=made.collectivites,
    )
