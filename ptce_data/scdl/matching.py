"""Beneficiaries of subsidies -> pôles, tiers-lieux and clusters, each link with its rule and its score.

A SIREN decides; otherwise a name and a place propose, and below `AUTOMATIC` a person decides. The
rule and its limits: docs/import-subventions.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ptce_data.load import Dataset
from ptce_data.scdl.beneficiaries import KEY, Beneficiary, beneficiaries, prepared
from ptce_data.scdl.names import compare, read_folded
from ptce_data.scdl.objects import Candidate, Candidates, candidates
from ptce_data.scdl.territory import LEVELS, Gazetteer

AUTOMATIQUE, A_CONFIRMER, CONFIRME, REJETE = "automatique", "a_confirmer", "confirme", "rejete"
#: Statuses whose subsidies count for the object.
ATTRIBUTED: Final = (AUTOMATIQUE, CONFIRME)
#: From this score on, a link holds without a person's word; below it, never.
AUTOMATIC: Final = 95
#: Below this score, a link is not even proposed.
PROPOSED: Final = 50

#: Highest score by level of evidence of the place, for names that share two telling words or more,
#: one, or none (« Le Lab »). Only a distinctive name in its own commune can reach AUTOMATIC.
CAPS: Final = {
    "commune": (100, 90, 80),
    "commune_dans_le_nom": (92, 85, 70),
    "departement": (90, 72, 45),
    "attribuant_local": (88, 75, 60),
    "attribuant_large": (80, 62, 40),
    "inconnu": (70, 52, 30),
    "hors_attribuant": (60, 40, 20),
    "ailleurs": (40, 0, 0),
}
#: Two different SIREN numbers: another organisation, whatever the name.
_OTHER_SIREN: Final = 45

_PAIR_TYPES: Final = {
    "key": "str", "entity_uid": "str", "entity_id": "str", "entity_kind": "str", "entity_name": "str",
    "beneficiary_key": "str", "beneficiary_name": "str", "beneficiary_siren": "str", "place": "str",
    "rule": "str", "score": "Int64", "status": "str", "subsidies": "Int64", "amount_eur": "Float64",
}  # fmt: skip
_ROW_COLUMNS: Final = (
    "file", "line", "beneficiary_name", "beneficiary_siren", "funder", "funder_key", "year",
    "amount_eur", "is_in_kind", "is_duplicate", "purpose",
)  # fmt: skip


class DecisionError(ValueError):
    """Decisions contradict each other or are not understood; the message is French."""


@dataclass(frozen=True)
class Matches:
    """Links between subsidies and our objects.

    `pairs`: what a person decides on, one row per beneficiary and object (key, entity_uid, entity_id,
    entity_kind, entity_name, beneficiary_key, beneficiary_name, beneficiary_siren, place, rule, score
    0–100, status, subsidies, amount_eur), the best first. `rows`: the same spread over the subsidies
    (file, line, funder, funder_key, year, amount_eur, is_in_kind, is_duplicate, purpose).
    `unused_decisions`: keys of decisions about no link of these rows. `unmatched`: rows without a link.
    """

    pairs: pd.DataFrame
    rows: pd.DataFrame
    unused_decisions: tuple[str, ...]
    unmatched: int


def match(rows: pd.DataFrame, dataset: Dataset, decisions: Mapping[str, str] | None = None) -> Matches:
    """Link kept rows (`Import.rows`) to the objects of `dataset`.

    `decisions` maps the `key` of a pair to "confirme" or "rejete". To confirm one object for a
    beneficiary rejects the others. Raises DecisionError for another word, or two objects confirmed
    for one beneficiary.
    """
    decided = dict(decisions or {})
    for key, word in decided.items():
        if word not in (CONFIRME, REJETE):
            raise DecisionError(f"décision « {word} » inconnue pour {key} : attendu confirme ou rejete")
    ours, gazetteer = _index(dataset)
    keyed = prepared(rows)
    names = {text: read_folded(text, ours.common) for text in keyed["folded"].unique().tolist()}
    near = ours.near(dict.fromkeys(names.values()))
    # Most beneficiaries look like none of our objects: the rest is about the few that do.
    worth = {text for text, name in names.items() if name.text in near}
    some = keyed["folded"].isin(worth) | keyed["beneficiary_siren"].isin(set(ours.by_siren))
    keyed, theirs = beneficiaries(keyed[some], gazetteer, names)
    links = _links(theirs, ours, near, gazetteer)
    pairs = _decided(_pairs(links, theirs, ours), decided)
    spread = _spread(pairs.merge(keyed, left_on="beneficiary_key", right_on=KEY, suffixes=("", "_row")))
    sums = spread[~spread["is_duplicate"]].groupby("key")["amount_eur"].agg(["size", "sum"])
    pairs["subsidies"] = pairs["key"].map(sums["size"]).fillna(0).astype("Int64")
    pairs["amount_eur"] = pairs["key"].map(sums["sum"]).fillna(0).round(2).astype("Float64")
    linked = int(keyed[KEY].isin(set(pairs["beneficiary_key"])).sum())
    unused = tuple(sorted(set(decided) - set(pairs["key"])))
    return Matches(pairs, spread, unused, len(rows) - linked)


_indexes: dict[str, tuple[Candidates, Gazetteer]] = {}


def _index(dataset: Dataset) -> tuple[Candidates, Gazetteer]:
    """Return the names and places of a data set, kept for the last one: a second takes a moment to make."""
    found = _indexes.get(dataset.version)
    if found is None:
        found = candidates(dataset), Gazetteer(dataset)
        _indexes.clear()
        _indexes[dataset.version] = found
    return found


@dataclass(frozen=True)
class _Link:
    beneficiary: int
    candidate: int
    rule: str
    score: int


def _links(
    theirs: list[Beneficiary], ours: Candidates, near: Mapping[str, set[int]], gazetteer: Gazetteer
) -> list[_Link]:
    """Return every link by SIREN; for a beneficiary without one, those by name from PROPOSED on."""
    links = []
    for at, one in enumerate(theirs):
        known = ours.by_siren.get(one.siren, []) if one.siren else []
        links += [_Link(at, found, "siren", 100) for found in known]
        for found in () if known else sorted(near.get(one.name.text, ())):
            level, score = _score(one, ours.items[found], gazetteer)
            if score >= PROPOSED:
                links.append(_Link(at, found, f"nom_{level}", score))
    return links


def _score(theirs: Beneficiary, ours: Candidate, gazetteer: Gazetteer) -> tuple[str, int]:
    """Return the level of evidence of the place and the score of a link by name."""
    level = gazetteer.level(ours.where, theirs.spot, theirs.scope, theirs.folded)
    best = 0.0
    for name in ours.names:
        likeness = compare(name, theirs.name, ours.place_words)
        cap = CAPS[level][0 if likeness.shared >= 2 else 2 - likeness.shared]
        best = max(best, likeness.score * cap / 100)
    if theirs.siren and ours.sirens:
        best = min(best, _OTHER_SIREN)
    return level, int(best)


def _pairs(links: list[_Link], theirs: list[Beneficiary], ours: Candidates) -> pd.DataFrame:
    """One row per beneficiary and object: the best of its links (a SIREN may be met in several places)."""
    made = []
    for link in links:
        one, entity = theirs[link.beneficiary], ours.items[link.candidate]
        made.append(
            (f"{entity.uid}|{one.key}", entity.uid, entity.uid.partition(":")[2], entity.kind, entity.name,
             one.key, one.shown, one.siren, one.place, link.rule, link.score, "", 0, 0.0)
        )  # fmt: skip
    frame = pd.DataFrame(made, columns=list(_PAIR_TYPES)).astype(_PAIR_TYPES)
    frame = frame.sort_values(["score", "entity_uid", "key"], ascending=[False, True, True], kind="stable")
    return frame.drop_duplicates("key").reset_index(drop=True)


def _decided(pairs: pd.DataFrame, decided: Mapping[str, str]) -> pd.DataFrame:
    """Give each pair its status."""
    sure = pairs["score"] >= AUTOMATIC
    # Two objects that one beneficiary could be: a person has to say which.
    alone = ~pairs[sure].duplicated("beneficiary_key", keep=False).reindex(pairs.index, fill_value=True)
    status = pd.Series(A_CONFIRMER, index=pairs.index).mask(sure & alone, AUTOMATIQUE)
    word = pairs["key"].map(dict(decided)).astype("str")
    confirmed = word.eq(CONFIRME).fillna(False).astype(bool)
    twice = pairs[
        confirmed & pairs[confirmed].duplicated("beneficiary_key").reindex(pairs.index, fill_value=False)
    ]
    if len(twice):
        raise DecisionError(
            f"deux objets confirmés pour un même bénéficiaire : {twice['beneficiary_name'].iat[0]}"
        )
    chosen = pairs["beneficiary_key"].isin(set(pairs.loc[confirmed, "beneficiary_key"]))
    status = status.mask(word.eq(REJETE).fillna(False).astype(bool) | chosen, REJETE).mask(
        confirmed, CONFIRME
    )
    return pairs.assign(status=status.astype("str"))


def _spread(spread: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of `Matches.rows`: the pair, then the subsidy."""
    pair = ["key", "entity_uid", "entity_id", "entity_kind", "entity_name", "rule", "score", "status"]
    own = {c: f"{c}_row" if f"{c}_row" in spread else c for c in _ROW_COLUMNS}
    made = spread[[*pair, *own.values()]].copy()
    made.columns = [*pair, *own]
    return made.sort_values(["entity_uid", "file", "line"], kind="stable", ignore_index=True)


def rule_label(rule: str) -> str:
    """Say in French what a rule is."""
    if rule == "siren":
        return "même numéro Siren"
    return f"nom, {LEVELS[rule.removeprefix('nom_')]}"
