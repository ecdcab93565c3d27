"""Frames as a reader's table: French headings, labels instead of codes. No Streamlit here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import query
from ptce_data.byversion import ByVersion
from ptce_data.places import UNKNOWN
from ptce_ui.text import KIND_LABELS, KIND_NOUNS, UNKNOWN_TEXT, Labels, count, join, number
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Column of places -> field of the registry, where they differ.
_FIELDS: Final = {"territory_type_stated": "territory_type"}


def places(dataset: Dataset, selected: pd.DataFrame) -> pd.DataFrame:
    """The selection as it is read beside the map; one row per row of `selected`, same order.

    `selected` holds rows of `dataset.places` under their index.
    """
    frame = _all_places(ByVersion(dataset)).loc[selected.index]
    if not selected["is_imported"].any():
        frame = frame.drop(columns="Provenance")
    for column in frame.columns[1:]:
        frame[column] = frame[column].cat.remove_unused_categories()
    return frame


@lru_cache(maxsize=4)
def _all_places(key: ByVersion) -> pd.DataFrame:
    """All places as they are read: made once per version, a rerun only takes its rows."""
    dataset, every = key.dataset, key.dataset.places
    labels = Labels(dataset.categories)
    regions = dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))

    def said(column: str) -> pd.Series:
        return every[column].map(lambda v: labels.of(_FIELDS.get(column, column), v))

    detail = said("tiers_lieu_kind").where(every["kind"] == "tiers_lieu", said("cluster_kind"))
    detail = detail.where(every["kind"] != "pole", said("activity_family"))
    frame = pd.DataFrame(
        {
            "Nom": every["name"],
            "Provenance": provenance(every),
            "Nature": every["kind"].map(KIND_LABELS),
            "Genre ou famille": detail,
            "Type calculé (commune)": said("territory_type"),
            "Type selon une source": said("territory_type_stated"),
            "Commune": every["commune_name"].fillna(UNKNOWN_TEXT),
            "Département": every["departement_code"].fillna(UNKNOWN_TEXT),
            "Région": every["region_code"].map(regions).fillna(UNKNOWN_TEXT),
            "Position": said("geo_precision"),
            "Confiance": said("confidence"),
        }
    )
    for column in frame.columns[1:]:
        # Few distinct values: sent once, then as small integers.
        frame[column] = frame[column].astype("category")
    return frame


def provenance(selected: pd.DataFrame) -> pd.Series:
    """Whether each row is the atlas' own or imported by the reader, perhaps one of ours already."""
    own = selected["is_imported"].map({True: "importé par vous", False: "atlas"})
    return own.mask(selected["possible_duplicate"].astype(bool), "importé, doublon possible")


def by_type(selected: pd.DataFrame, labels: Labels, column: str) -> pd.DataFrame:
    """Signs per territory type in `column` (rows) and kind (columns), for the types met."""
    order = [*TYPE_COLOURS]
    # On every rerun of the Carte: counting pairs in Python is eight times faster than a groupby of text columns.
    pairs = Counter(zip(selected[column].fillna(UNKNOWN).tolist(), selected["kind"].tolist(), strict=True))
    met = {t for t, _ in pairs}
    rows = [
        {"Type": labels.of("territory_type", t).capitalize()}
        | {label: pairs[t, kind] for kind, label in KIND_LABELS.items()}
        for t in order
        if t in met
    ]
    return pd.DataFrame(rows, columns=["Type", *KIND_LABELS.values()])


def sentence(counts: dict[str, int]) -> str:
    """One French sentence on what a selection holds (Markdown)."""
    if counts["rows"] == 0:
        return "Aucun objet ne répond à ces filtres."
    kinds = [count(counts[k], *KIND_NOUNS[k]) for k in KIND_NOUNS if counts[k]]
    drawn = counts["rows"] - counts["unplaced"]
    made = f"**{count(drawn, 'signe', 'signes')} sur la carte** : {join(kinds)}"
    if counts["imported"]:
        made += f", dont **{count(counts['imported'], 'importé', 'importés')} par vous** (non vérifiés)"
    twice = counts["rows"] - counts["objects"]
    if twice:
        made += (
            f", soit {number(counts['objects'])} objets distincts "
            f"({count(twice, 'est recensé', 'sont recensés')} à deux titres)"
        )
    if counts["unplaced"]:
        made += f" ; {count(counts['unplaced'], 'objet sans lieu connu n’est pas placé', 'objets sans lieu connu ne sont pas placés')}"
    return made + "."


def schemes(found: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Support schemes as a short table."""
    return pd.DataFrame(
        {
            "Dispositif": found["name"],
            "Porteur": found["operator"],
            "Échelon": found["level"].map(lambda v: labels.of("scheme_level", v)),
            "Catégorie": found["category"].map(lambda v: labels.of("scheme_category", v)),
            "Début": found["start_year"].astype("Int64").astype("str").replace("<NA>", UNKNOWN_TEXT),
            "État à la date de la source": found["status"].map(lambda v: labels.of("scheme_status", v)),
        }
    )


def publishers(dataset: Dataset, ids: Iterable[str], most: int = 6) -> str:
    """`Sources : A, B et 3 autres`, from ids of sources; empty without any."""
    names = list(dict.fromkeys(query.sources(dataset, ids)["publisher"]))
    if not names:
        return ""
    more = f" et {count(len(names) - most, 'autre', 'autres')}" if len(names) > most else ""
    return f"Sources : {', '.join(names[:most])}{more}."
