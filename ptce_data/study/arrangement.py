"""The arrangement of a cluster: for each element of the four families, what the data and the user say.

An inventory is partial: what it does not list is unknown, never missing. Only the user says missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.study.model import Study
from ptce_data.study.perimeter import Area
from ptce_data.study.registries import ELEMENT_STATUS, ELEMENTS, FAMILIES
from ptce_data.study.schemes import schemes as schemes_of
from ptce_data.territories.french import listing, quoted
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

METHOD: Final = (
    "Un élément est présent quand une source de l’atlas ou l’auteur de l’étude le dit dans le périmètre. "
    "Les inventaires sont partiels : ce qu’ils ne citent pas est inconnu, jamais manquant."
)
COLUMNS: Final = [
    "family", "family_label", "element", "label", "status", "status_label", "origin", "computed_status",
    "evidence", "evidence_names", "where", "note", "reason",
]  # fmt: skip
_FIRMS: Final = ("pole_competitivite", "grappe_entreprises", "cluster_entreprises", "spl", "prides")
_ESS: Final = ("cluster_ess", "incubateur_innovation_sociale")
#: Share of the people, in percent, from which a scheme covers the whole perimeter.
_WHOLE: Final = 99.9
_FUNDS: Final[dict[str, tuple[str, ...]]] = {
    "subventions_publiques": ("subvention", "mixte"),
    "prets_garanties": ("pret", "garantie"),
    "fonds_propres": ("prise_de_participation",),
}
#: Words of a theme or of a name that tell an element, folded.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "incubateur": ("incubateur", "incubation"),
    "pepiniere": ("pepiniere",),
    "moyens_recherche": ("recherche", "laboratoire", "universite"),
    "innovation_ouverte": ("innovation ouverte", "open innovation", "living lab"),
    "recherche_citoyenne": ("recherche citoyenne", "recherche participative", "recherche action"),
}


@dataclass(frozen=True)
class _Clue:
    """What the data say of an element: a uid or scheme id, its name, where, and whether it is planned."""

    uid: str
    name: str
    where: str
    status: str  # "present", "planned", or "unknown" for a clue that does not settle
    reason: str


def status(
    dataset: Dataset,
    area: Area,
    existing: pd.DataFrame,
    study: Study | None = None,
    schemes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return one row per element, in the order of the registry.

    `existing` and `schemes`: what existing.existing and schemes.schemes return (the latter is computed
    where it is not given). Columns: family, family_label, element, label, status (present, planned,
    missing, unknown), status_label, origin (computed, user), computed_status, evidence and
    evidence_names (tuples of uids or scheme ids, and of names), where (perimetre, alentours, or missing),
    note (the user's), reason (French: what the computed status rests on). A place of the surroundings
    leaves the element unknown, and is told.
    """
    found = schemes_of(dataset, area) if schemes is None else schemes
    clues: dict[str, list[_Clue]] = {key: [] for key in ELEMENTS}
    for element, clue in (*_from_places(dataset, existing), *_from_schemes(found), *_from_epci(area)):
        clues[element].append(clue)
    said = {o.element: o for o in (study.arrangement if study else ())}
    rows = []
    for key, meant in ELEMENTS.items():
        computed, where, kept, reason = _settled(clues[key])
        own = said.get(key)
        by_user = own is not None and own.status is not None
        final = own.status if own is not None and own.status is not None else computed
        rows.append(
            (
                meant.family, FAMILIES[meant.family], key, meant.label, final, ELEMENT_STATUS[final],
                "user" if by_user else "computed", computed, tuple(c.uid for c in kept),
                tuple(c.name for c in kept), where, own.note if own else "", reason,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def gaps(arrangement: pd.DataFrame) -> pd.DataFrame:
    """Count the elements by family and status: family, label, present, planned, missing, unknown."""
    rows = []
    for family, label in FAMILIES.items():
        own = arrangement.loc[arrangement["family"] == family, "status"]
        rows.append((family, label, *(int((own == s).sum()) for s in ELEMENT_STATUS)))
    return pd.DataFrame(rows, columns=["family", "label", *ELEMENT_STATUS])


def _settled(clues: list[_Clue]) -> tuple[str, str | None, list[_Clue], str]:
    """Return the status, where, the clues that it rests on, and why in French."""
    inside = [c for c in clues if c.where == "perimetre"]
    for value in ("present", "planned"):
        kept = [c for c in inside if c.status == value]
        if kept:
            return value, "perimetre", kept, _why(kept)
    if inside:
        return "unknown", "perimetre", inside, _why(inside)
    around = [c for c in clues if c.where == "alentours"]
    if around:
        return "unknown", "alentours", around, "Documenté dans les alentours seulement : " + _why(around)
    return "unknown", None, [], "Rien de documenté dans l’atlas, ce qui ne veut pas dire qu’il n’y a rien."


def _why(clues: list[_Clue]) -> str:
    reasons = list(dict.fromkeys(c.reason for c in clues))
    return " ; ".join(reasons[:3]) + "."


def _from_places(dataset: Dataset, existing: pd.DataFrame) -> Iterator[tuple[str, _Clue]]:
    kept = existing[~existing["hidden"] & existing["where"].isin(["perimetre", "alentours"])]
    facts = dataset.places.set_index("uid")[["labels", "themes"]]
    showcase = dataset.poles.set_index("uid")["has_physical_place"].fillna(False)
    for row in kept.itertuples():
        planned = row.status == "planned"
        elements: dict[str, tuple[str, str]] = {}
        if row.origin == "ajout":
            elements = _added(row.kind)
        else:
            labels, themes = facts.loc[row.uid, "labels"], facts.loc[row.uid, "themes"]
            elements = _told(row.kind, row.subkind, row.name, labels, themes)
            if row.kind == "pole" and bool(showcase.get(row.uid, False)):
                elements["showroom"] = ("present", "lieu physique d’un PTCE, selon la source")
        for element, (value, reason) in elements.items():
            settled = "planned" if planned and value == "present" else value
            yield element, _Clue(row.uid, row.name, row.where, settled, reason)


def _added(kind: str) -> dict[str, tuple[str, str]]:
    """Return element -> (status, reason) for one place that the user added."""
    if kind == "incubateur_pepiniere":
        unsaid = ("unknown", "incubateur ou pépinière, non précisé")
        return {"incubateur": unsaid, "pepiniere": unsaid}
    element = "organisations_ess" if kind == "pole" else kind
    return {element: ("present", "ajouté par l’auteur de l’étude")} if element in ELEMENTS else {}


def _told(
    kind: str, subkind: object, name: str, labels: tuple[str, ...], themes: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """Return element -> (status, reason) for one place of the atlas."""
    made: dict[str, tuple[str, str]] = {}
    words = {element: _word(wanted, (name, *themes)) for element, wanted in _WORDS.items()}
    if subkind in ("coworking", "fablab"):
        made[str(subkind)] = ("present", f"tiers-lieu recensé comme {subkind}")
    if "fablab" in labels:
        made["fablab"] = ("present", "tiers-lieu labellisé fablab")
    if subkind == "incubateur_pepiniere":
        for element in ("incubateur", "pepiniere"):
            told = words[element]
            made[element] = ("present", f"son nom ou son thème le dit ({quoted(told)})") if told else (
                "unknown", "incubateur ou pépinière, la source ne précise pas")  # fmt: skip
    if subkind == "incubateur_innovation_sociale":
        made["incubateur"] = ("present", "incubateur d’innovation sociale")
    if subkind == "pole_competitivite":
        made["moyens_recherche"] = ("present", "pôle de compétitivité : entreprises et laboratoires")
    if subkind == "living_lab":
        made["innovation_ouverte"] = ("present", "living lab")
    if subkind in _FIRMS:
        made["entreprises"] = ("present", "groupement d’entreprises")
    if kind == "pole" or subkind in _ESS:
        made["organisations_ess"] = ("present", "PTCE ou cluster de l’ESS")
    for element in (*_WORDS,):
        if element not in made and words[element] and kind in ("pole", "cluster"):
            # A theme says what a pôle works on, not that the means are there.
            made[element] = (
                "unknown",
                f"un pôle ou un cluster le cite ({quoted(words[element])}), à confirmer",
            )
    return made


def _word(wanted: tuple[str, ...], texts: tuple[str, ...]) -> str:
    for text in texts:
        folded = f" {fold(text)} "
        if any(f" {word}" in folded for word in wanted):
            return text
    return ""


def _from_schemes(found: pd.DataFrame) -> Iterator[tuple[str, _Clue]]:
    """Schemes open at the date of their source are a capacity; of the others, nobody knows."""
    for element, kinds in _FUNDS.items():
        own = found[found["funding_kind"].isin(kinds) & (found["status"] != "closed")]
        for row in own.itertuples():
            is_open = row.status == "open"
            reason = (
                "dispositif ouvert à la date de sa source"
                if is_open
                else "dispositif dont l’ouverture est à vérifier"
            )
            if row.share_pct < _WHOLE:
                reason += ", sur une part du périmètre"
            yield element, _Clue(row.id, row.name, "perimetre", "present" if is_open else "unknown", reason)


def _from_epci(area: Area) -> Iterator[tuple[str, _Clue]]:
    names = [str(name) for name in area.epci["name"]]
    said = f"{listing(names[:3])} : leur part dans le projet est à dire"
    for code, name in zip(area.epci["code"], names, strict=True):
        yield "organisations_publiques", _Clue(f"epci:{code}", name, "perimetre", "unknown", said)
