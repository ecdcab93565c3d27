"""Documented pôles for a study: those that resemble it, what is known of their model, what they did. No Streamlit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ptce_data import query
from ptce_data.funding import Mix
from ptce_data.funding import mixes as documented
from ptce_data.places import AREA_PRECISIONS
from ptce_data.study import Area, zones
from ptce_data.study.perimeter import distances_km
from ptce_data.text import fold
from ptce_ui import blocks, text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Where a type comes from -> its column among the places.
BASES: Final = {
    "commune": "territory_type",
    "intercommunalité": "territory_type_epci",
    "selon une source": "territory_type_stated",
}
#: Challenge -> beginnings of words, folded, that a passage must hold to stand beside it.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "double_ancrage": ("filiere",),
    "projets_communs": ("mutualis", "partage", "projets communs", "groupement d employeurs"),
    "economique_social": ("entreprises sociales", "insertion et entreprises", "entreprises et structures"),
    "formation_recherche": ("recherche", "universit", "formation", "living lab"),
    "utilite": ("evalu", "impact"),
    "organisation": ("seminaire", "reunions de travail", "college", "gouvernance"),
}
#: Words that are not what they look like, and marks of a note on the sources rather than on the pôle.
_NOT: Final = ("recherche d emploi",)
_ON_SOURCES: Final = ("podlewski", "rtes", "deduit", "mentionn", "source", "selon")
_UNITS: Final = {"reunions": "réunions", "entreprises_par_an": "par an", "m2": "m²"}
FACTS_NOTE: Final = (
    "Passages des fiches de pôles et des repères datés de l’atlas, retenus parce que leur texte contient un mot du "
    "défi. Ils disent ce qu’une source dit du pôle, non que le défi a été relevé."
)
_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+|\s+;\s+")


@dataclass(frozen=True)
class Fact:
    """What a source says of a pôle beside a challenge: `text` as the source has it, escaped nowhere yet."""

    uid: str
    pole: str
    text: str
    source_ids: tuple[str, ...]


def main_types(area: Area) -> tuple[str, ...]:
    """The type of territory of most people of the perimeter; empty when it is not known."""
    known = area.types[(area.types["territory_type"] != "non_renseigne") & (area.types["population"] > 0)]
    return () if known.empty else (str(known.loc[known["population"].idxmax(), "territory_type"]),)


def themes(dataset: Dataset) -> list[str]:
    """Themes of the documented pôles, in order."""
    own = dataset.places[dataset.places["kind"] == "pole"]
    return sorted({t for cell in own["themes"] for t in cell}, key=fold)


def alike(
    dataset: Dataset,
    area: Area,
    labels: text.Labels,
    types: Iterable[str],
    families: Iterable[str],
    wanted: Iterable[str],
) -> pd.DataFrame:
    """Documented pôles that share a type, an activity family or a theme: the most shared, then the nearest, first.

    Columns uid, name, why (French), shared (number of criteria), distance_km (NaN when not known: place
    unknown, or another part of France), commune_name, departement_code, activity_family, themes, known
    (number of funding figures, awards and subsidies), source_ids.
    """
    own = dataset.places[dataset.places["kind"] == "pole"]
    types, families, wanted = set(types), set(families), set(wanted)
    rows = []
    for row in own.to_dict("records"):
        bases = [name for name, column in BASES.items() if row[column] in types]
        family = row["activity_family"] in families
        common = sorted(wanted & set(row["themes"]), key=fold)
        why = []
        if bases:
            met = dict.fromkeys(str(row[BASES[b]]) for b in bases)
            kinds = text.join([labels.of("territory_type", t).lower() for t in met])
            why.append(f"même type : {kinds} ({text.join(bases)})")
        if family:
            why.append(f"même famille : {labels.of('activity_family', row['activity_family']).lower()}")
        if common:
            why.append(f"thème : {text.join(common)}")
        if why:
            rows.append((row["uid"], row["name"], " ; ".join(why), len(why)))
    made = pd.DataFrame(rows, columns=["uid", "name", "why", "shared"]).astype({"uid": "str", "name": "str"})
    more = ["uid", "commune_name", "departement_code", "activity_family", "themes", "source_ids"]
    made = made.merge(pd.DataFrame(own[more]), on="uid", how="left")
    made["distance_km"] = distances(area, own.set_index("uid").loc[made["uid"]])
    made["known"] = made["uid"].map(known_facts(dataset)).fillna(0).astype("int64")
    order = ["shared", "distance_km", "name"]
    return made.sort_values(order, ascending=[False, True, True], na_position="last", ignore_index=True)


def distances(area: Area, places: pd.DataFrame) -> list[float]:
    """Km from each place to the border of the perimeter as the crow flies; NaN where it cannot be said."""
    away = np.full(len(places), np.nan)
    placed = (places["lon"].notna() & ~places["geo_precision"].isin(AREA_PRECISIONS)).to_numpy(dtype=bool)
    where = np.where(placed, zones.zones_of(places["lon"].fillna(0), places["lat"].fillna(0)), -1)
    for part in area.parts:
        here = np.flatnonzero(where == part.epsg)
        if len(here):
            away[here] = distances_km(part, places["lon"].iloc[here], places["lat"].iloc[here])
    return [float(v) for v in away]


def known_facts(dataset: Dataset) -> pd.Series:
    """How many figures, awards and subsidies are known of the model of each pôle: indexed by uid."""
    uids = [
        dataset.funding_figures["entity_uid"],
        dataset.public_awards["entity_uid"],
        "pole:" + dataset.pole_awards["pole_id"],
    ]
    return pd.concat(uids).value_counts()


def mixes_of(dataset: Dataset, uids: Iterable[str]) -> list[Mix]:
    """The documented mixes of some pôles."""
    wanted = set(uids)
    return [m for m in documented.mixes(dataset) if m.entity.uid in wanted]


def card(dataset: Dataset, uid: str, labels: text.Labels) -> str:
    """What is known of the model of a pôle, as HTML: every string escaped, every unknown said."""
    row = query.record(dataset, uid)
    if row is None:
        return ""

    def cell(name: str) -> object:
        value = row.get(name)
        return None if value is None or pd.isna(value) else value

    def whole(name: str) -> str:
        value = cell(name)
        return blocks.known(None if value is None else str(int(str(value))))

    def yes(name: str) -> str:
        value = cell(name)
        return blocks.known(None if value is None else "oui" if value else "non")

    def coded(name: str) -> str:
        return blocks.known(labels.of(name, cell(name)) if cell(name) else None)

    facts = [
        ("En bref", blocks.known(cell("short_description"))),
        ("Famille d’activité", coded("activity_family")),
        ("Origine", coded("origin")),
        ("Forme juridique", blocks.known(cell("legal_form"))),
        ("Création", whole("created_year")),
        ("Membres", whole("members_count")),
        ("Lieu physique", yes("has_physical_place")),
        ("Groupement d’employeurs", yes("has_employer_group")),
    ]
    awards = [
        f"{blocks.known(a.programme)} ({_year(a.year)}) : {_euros(a.amount_eur)}"
        for a in query.awards(dataset, uid).itertuples()
    ]
    given = [
        f"{blocks.known(a.funder)}, {_year(a.year)} : {_euros(a.amount_eur)} ({blocks.known(a.programme)})"
        for a in query.public_awards(dataset, uid).itertuples()
    ]
    return (
        blocks.facts("Ce que l’on sait du pôle", facts)
        + blocks.bullets("Appels dont il est lauréat connu", awards or ["aucun connu"])
        + blocks.bullets("Autres aides publiques publiées", given or ["aucune connue"])
    )


def _year(value: object) -> str:
    return "année non renseignée" if value is None or pd.isna(value) else str(int(str(value)))


def _euros(value: float) -> str:
    return "montant non renseigné" if pd.isna(value) else text.euros(value)


def facts(dataset: Dataset, challenge: str, first: Sequence[str] = ()) -> list[Fact]:
    """What documented pôles did that bears on a challenge; pôles of `first` (uids) lead, then by name."""
    found = []
    words = WORDS[challenge]
    for row in dataset.poles.to_dict("records"):
        ids = tuple(i for i in str(row["source_ids"]).split("|") if i)
        notes = [p for p in _passages(row["note"]) if not _holds(p, _ON_SOURCES)]
        for passage in [*_passages(row["short_description"]), *notes]:
            if _holds(passage, words):
                found.append(Fact(str(row["uid"]), str(row["name"]), passage, ids))
    names = dict(zip(dataset.poles["uid"], dataset.poles["name"], strict=True))
    for event in dataset.case_events.to_dict("records"):
        if event["entity_uid"] in names and _holds(event["event"], words):
            unit = _UNITS.get(event["unit"], event["unit"])
            figure = "" if pd.isna(event["figure"]) else f" : {text.number(event['figure'])} {unit}"
            when = " à ".join(text.date(day) for day in str(event["date"]).split("/"))
            said = f"{event['event']}{figure} ({when})"
            uid = str(event["entity_uid"])
            found.append(Fact(uid, names[uid], said, (str(event["source_id"]),)))
    ahead = set(first)
    return sorted(found, key=lambda f: (f.uid not in ahead, fold(f.pole)))


def _passages(cell: object) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(cell) if part] if isinstance(cell, str) else []


def _holds(passage: object, words: Sequence[str]) -> bool:
    folded = " " + fold(passage) if isinstance(passage, str) else ""
    for other in _NOT:
        folded = folded.replace(f" {other}", " ")
    return any(f" {word}" in folded for word in words)
