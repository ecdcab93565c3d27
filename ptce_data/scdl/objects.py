"""Our pôles, tiers-lieux and clusters as candidates for a beneficiary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from rapidfuzz import fuzz, process

from ptce_data.load import Dataset
from ptce_data.places import TABLES
from ptce_data.scdl.names import ALIKE, Name, read_name, variants
from ptce_data.scdl.territory import Location
from ptce_data.text import fold

#: Of the rows of one object, the one that stands for it.
_PREFERRED: Final = ("pole", "cluster", "tiers_lieu")
#: A word borne by so many objects singles out none.
_COMMON_FROM: Final = 4
_SHORTEST: Final = 8
_FEW: Final = 2
_CHUNK: Final = 2_000
#: Columns of places, in the order of the fields of Location.
_WHERE: Final = ("commune_insee", "epci_siren", "departement_code", "region_code", "commune_name")
_NEEDED: Final = ("uid", "kind", "name", "object_id", *_WHERE)


@dataclass(frozen=True)
class Candidate:
    """One object: the row that stands for it, its names, its place, its SIREN numbers."""

    uid: str
    kind: str
    name: str
    object_id: str
    names: tuple[Name, ...]
    where: Location
    place_words: frozenset[str]
    sirens: frozenset[str]


@dataclass
class Candidates:
    """All objects, found by SIREN, by a telling word or by the whole name."""

    items: list[Candidate]
    common: frozenset[str]
    by_siren: dict[str, list[int]] = field(default_factory=dict)
    by_word: dict[str, list[int]] = field(default_factory=dict)
    by_text: dict[str, list[int]] = field(default_factory=dict)

    def near(self, names: Iterable[Name]) -> dict[str, set[int]]:
        """Return, per whole text of a name, the objects worth comparing; nothing for a name with none.

        They share a telling word or the whole text; or, for a name with few telling words, so that
        one typing error could hide them all, the whole texts are nearly the same.
        """
        found: dict[str, set[int]] = defaultdict(set)
        long: list[str] = []
        for name in names:
            same = self.by_text.get(name.text, [])
            shared = [at for word in name.telling for at in self.by_word.get(word, ())]
            if same or shared:
                found[name.text].update(same, shared)
            if _can_hide(name):
                long.append(name.text)
        texts = list({name.text for one in self.items for name in one.names if _can_hide(name)})
        for start in range(0, len(long) if texts else 0, _CHUNK):
            chunk = long[start : start + _CHUNK]
            scores = process.cdist(
                chunk, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8, workers=-1
            )
            for row, at in zip(*scores.nonzero(), strict=True):
                found[chunk[row]].update(self.by_text[texts[at]])
        return found


def _can_hide(name: Name) -> bool:
    return len(name.text) >= _SHORTEST and len(name.telling) <= _FEW


def candidates(dataset: Dataset) -> Candidates:
    """Index the objects of a data set. Rows of one object (hybridisations) are one candidate."""
    places = dataset.places
    order = {kind: rank for rank, kind in enumerate(_PREFERRED)}
    rows = places.assign(rank=places["kind"].map(order)).sort_values(["rank", "uid"], kind="stable")
    sirens = _sirens(dataset)
    common = _common_words(rows["name"])
    region_names = dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))
    departement_names = dict(
        zip(dataset.departements["departement_code"], dataset.departements["name"], strict=True)
    )
    epci_names = dict(zip(dataset.epci["epci_siren"], dataset.epci["name"], strict=True))
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows[[*_NEEDED]].astype(object).to_dict("records"):
        groups[row["object_id"]].append(row)
    made = Candidates([], common)
    for group in groups.values():
        where = Location(*(_known(row[column] for row in group) for column in _WHERE))
        areas = (
            where.commune_name,
            epci_names.get(where.epci, ""),
            departement_names.get(where.departement, ""),
            region_names.get(where.region, ""),
        )
        spellings = dict.fromkeys(one for row in group for one in variants(row["name"]))
        _add(
            made,
            Candidate(
                uid=group[0]["uid"],
                kind=group[0]["kind"],
                name=group[0]["name"],
                object_id=group[0]["object_id"],
                names=tuple(read_name(one, common) for one in spellings),
                where=where,
                place_words=frozenset(word for area in areas for word in fold(area).split()),
                sirens=frozenset(s for row in group for s in sirens.get(row["uid"], ())),
            ),
        )
    return made


def _add(made: Candidates, one: Candidate) -> None:
    at = len(made.items)
    made.items.append(one)
    for siren in one.sirens:
        made.by_siren.setdefault(siren, []).append(at)
    for word in {word for name in one.names for word in name.telling}:
        made.by_word.setdefault(word, []).append(at)
    for text in {name.text for name in one.names if name.text}:
        made.by_text.setdefault(text, []).append(at)


def _known(cells: Iterable[object]) -> str:
    """Return the first known text."""
    return next((cell for cell in cells if isinstance(cell, str) and cell), "")


def _sirens(dataset: Dataset) -> dict[str, set[str]]:
    """Return uid -> SIREN numbers of the tables that have the column."""
    found: dict[str, set[str]] = {}
    for table in TABLES.values():
        frame = getattr(dataset, table)
        if "siren" in frame:
            known = frame.dropna(subset=["siren"])
            for uid, siren in zip(known["uid"], known["siren"], strict=True):
                found.setdefault(uid, set()).add(siren)
    return found


def _common_words(names: Iterable[str]) -> frozenset[str]:
    counts = Counter(word for name in names for word in set(fold(name).split()))
    return frozenset(word for word, count in counts.items() if count >= _COMMON_FROM)
