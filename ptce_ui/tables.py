"""Frames as a reader's table: French headings, labels instead of codes. No Streamlit here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data.places import UNKNOWN
from ptce_ui.text import KIND_LABELS, KIND_NOUNS, UNKNOWN_TEXT, Labels, count, join, number
from ptce_ui.theme import TYPE_COLOURS

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def places(dataset: Dataset, selected: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The selection as it is read beside the map; one row per row of `selected`, same order."""
    regions = dict(zip(dataset.regions["region_code"], dataset.regions["name"], strict=True))
    kind_detail = selected["tiers_lieu_kind"].map(lambda v: labels.of("tiers_lieu_kind", v))
    cluster = selected["cluster_kind"].map(lambda v: labels.of("cluster_kind", v))
    family = selected["activity_family"].map(lambda v: labels.of("activity_family", v))
    detail = kind_detail.where(selected["kind"] == "tiers_lieu", cluster)
    detail = detail.where(selected["kind"] != "pole", family)
    frame = pd.DataFrame(
        {
            "Nom": selected["name"],
            "Nature": selected["kind"].map(KIND_LABELS),
            "Genre ou famille": detail,
            "Type calculé (commune)": selected["territory_type"].map(
                lambda v: labels.of("territory_type", v)
            ),
            "Type selon une source": selected["territory_type_stated"].map(
                lambda v: labels.of("territory_type", v)
            ),
            "Commune": selected["commune_name"].fillna(UNKNOWN_TEXT),
            "Département": selected["departement_code"].fillna(UNKNOWN_TEXT),
            "Région": selected["region_code"].map(regions).fillna(UNKNOWN_TEXT),
            "Position": selected["geo_precision"].map(lambda v: labels.of("geo_precision", v)),
            "Confiance": selected["confidence"].map(lambda v: labels.of("confidence", v)),
        }
    )
    if selected["is_imported"].any():
        frame.insert(1, "Provenance", provenance(selected))
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
    types = selected[column].fillna(UNKNOWN)
    counts = pd.crosstab(types, selected["kind"]).reindex(columns=list(KIND_LABELS), fill_value=0)
    counts = counts.reindex([t for t in order if t in counts.index])
    counts.index = pd.Index([labels.of("territory_type", t).capitalize() for t in counts.index], name="Type")
    return counts.rename(columns=KIND_LABELS).reset_index()


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
