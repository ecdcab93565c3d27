"""A table of the data set with its dictionary and its gaps, ready to show. No Streamlit here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from ptce_data import schema
from ptce_data.opendata import RESOURCES
from ptce_ui.text import Labels, number, percent

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Shown in this order; codes are part of every table's dictionary.
SHOWN: Final = (
    "poles",
    "tiers_lieux",
    "clusters",
    "support_schemes",
    "programmes",
    "pole_awards",
    "funding_figures",
    "public_awards",
    "published_counts",
    "case_events",
    "study_figures",
    "label_waves",
    "temoins_reference",
    "glossary",
    "sources",
    "duplicates",
)


def titles() -> dict[str, str]:
    """Table name -> French title."""
    return {name: schema.table_text(name)[0] for name in SHOWN}


def description(name: str) -> str:
    """French description of a table."""
    return schema.table_text(name)[1]


def rows(dataset: Dataset, name: str) -> pd.DataFrame:
    """The rows of a table, in the columns of its file plus what merging added."""
    frame: pd.DataFrame = getattr(dataset, name)
    return frame


def layer(dataset: Dataset, name: str) -> Callable[[], gpd.GeoDataFrame] | None:
    """The same rows with their geometry, made when wanted, or None for a table without any."""
    found = RESOURCES[name]
    return (lambda: found.rows(dataset)) if found.has_geometry else None


def completeness(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Per documented field: title, filled cells, all cells, share filled in per cent."""
    fields = [f for f in schema.describe(name) if f.name in frame]
    made = pd.DataFrame(
        {
            "Champ": [f.name for f in fields],
            "Intitulé": [f.title for f in fields],
            "Renseignées": [int(frame[f.name].notna().sum()) for f in fields],
            "Lignes": len(frame),
        }
    )
    made["Part"] = made["Renseignées"] / made["Lignes"].where(made["Lignes"] > 0) * 100
    return made.sort_values("Part", kind="stable", na_position="first").reset_index(drop=True)


def figures(table: pd.DataFrame, missing: pd.DataFrame) -> list[tuple[str, str, str]]:
    """How large a table is and how much of it is known: (name, value, note) each."""
    return [
        ("Lignes", number(len(table)), "Lignes de la table, doublons réunis."),
        ("Colonnes", number(len(missing)), "Champs décrits dans le dictionnaire ci-dessous."),
        ("Cellules renseignées", filled(missing), "Part des cellules dont une source donne la valeur."),
    ]


def filled(missing: pd.DataFrame) -> str:
    """Share of all cells that are known."""
    total = missing["Lignes"].sum()
    return percent(missing["Renseignées"].sum() / total * 100) if total else percent(None)


def gap_columns() -> dict[str, Any]:
    """How the completeness table is shown: plain configuration, understood by st.dataframe."""
    return {
        "Part": {
            "label": "Part renseignée",
            "type_config": {"type": "progress", "min_value": 0, "max_value": 100, "format": "%.0f %%"},
        }
    }


def readable(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The documented columns under their French titles; a title used twice keeps its field name."""
    fields = [f for f in schema.describe(name) if f.name in frame]
    names = [f.title for f in fields]
    headings = {f.name: f.title if names.count(f.title) == 1 else f"{f.title} ({f.name})" for f in fields}
    return frame[list(headings)].rename(columns=headings)


def dictionary(name: str, labels: Labels) -> pd.DataFrame:
    """One row per field: name, title, type, unit, allowed values, description."""
    made = []
    for f in schema.describe(name):
        allowed = (
            ", ".join(f"{c} ({labels.of(f.category, c)})" for c in labels.codes(f.category))
            if f.category
            else ""
        )
        made.append(
            {
                "Champ": f.name,
                "Intitulé": f.title,
                "Type": f.type,
                "Obligatoire": "oui" if f.required else "non",
                "Unité": f.unit or "",
                "Valeurs admises": allowed,
                "Description": f.description,
            }
        )
    return pd.DataFrame(made)


def source_ids(frame: pd.DataFrame) -> list[str]:
    """Ids of all sources a table names."""
    if "publisher" in frame:
        return []
    ids: list[str] = []
    for column in frame.columns:
        if column == "source_ids":
            ids += [i for cell in frame[column].dropna() for i in str(cell).split("|")]
        elif column.endswith("source_id"):
            ids += frame[column].dropna().tolist()
    return ids
