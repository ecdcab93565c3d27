"""An import of one's own layer as tables to read and to fill in. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from ptce_data.own_layers import Decisions, LayerReport, OwnLayer, RawLayer, fields_of
from ptce_data.own_layers import Mapping as Fields
from ptce_ui.text import KIND_LABELS, Labels, count, number

ASIDE: Final = "(laissée de côté)"
UNKNOWN: Final = "(inconnu)"
UNDECIDED: Final = "À décider"
SAME: Final = "Même objet"
NONE: Final = "Aucun de ceux-là"
_EXAMPLES: Final = 3
_LONGEST: Final = 60
#: Columns of the tables of a report -> as they are read.
_HEADS: Final = {
    "line": "Ligne", "field": "Champ", "value": "Valeur", "why": "Motif", "repair": "Réparation", "old": "Lu",
    "new": "Gardé",
}  # fmt: skip


def field_titles(target: str) -> dict[str, str]:
    """Field -> what a reader chooses, each once; "" for a column that fills nothing."""
    titles = {name: info.title for name, info in fields_of(target).items()}
    many = [t for t in titles.values() if list(titles.values()).count(t) > 1]
    return {"": ASIDE} | {n: f"{t} ({n})" if t in many else t for n, t in titles.items()}


def columns(raw: RawLayer, mapping: Fields) -> pd.DataFrame:
    """One row per column of the file: its name, examples, the field proposed and why."""
    titles = field_titles(mapping.target)
    return pd.DataFrame(
        {
            "Colonne du fichier": [c.column for c in mapping.columns],
            "Exemples": [_examples(raw.frame.get(c.column)) for c in mapping.columns],
            "Remplit": [titles[c.field] for c in mapping.columns],
            "Pourquoi": [c.reason for c in mapping.columns],
        }
    )


def _examples(cells: pd.Series | None) -> str:
    if cells is None:
        return ""
    known = cells.dropna().drop_duplicates().head(_EXAMPLES)
    return " · ".join(v if len(v) <= _LONGEST else v[:_LONGEST] + "…" for v in known)


def mapped(mapping: Fields, chosen: Iterable[str]) -> tuple[Fields, list[str]]:
    """The mapping as `columns` was filled in, and the fields chosen twice (the first column keeps them)."""
    by_title = {title: name for name, title in field_titles(mapping.target).items()}
    wanted = [by_title.get(title, "") for title in chosen]
    twice: list[str] = []
    for at, field in enumerate(wanted):
        if field and field in wanted[:at]:
            twice.append(field)
            wanted[at] = ""
    for column in mapping.columns:
        mapping = mapping.with_field(column.column, "")
    for column, field in zip(mapping.columns, wanted, strict=True):
        if field:
            mapping = mapping.with_field(column.column, field)
    return mapping, twice


def values(raw: RawLayer, mapping: Fields, field: str, labels: Labels) -> pd.DataFrame:
    """One row per value of an enumerated field: as written, how often, and what it stands for."""
    category = fields_of(mapping.target)[field].category or ""
    keys = mapping.keys(field)
    counted = raw.frame[mapping.fields()[field]].dropna().str.strip().value_counts()
    counted = counted[[v for v in counted.index if v in keys]]
    return pd.DataFrame(
        {
            "Valeur du fichier": list(counted.index),
            "Lignes": counted.tolist(),
            "Devient": [labels.of(category, keys[v]) if keys[v] else UNKNOWN for v in counted.index],
        }
    )


def value_choices(mapping: Fields, field: str, labels: Labels) -> dict[str, str]:
    """What a value of an enumerated field can become: label -> key, unknown first."""
    category = fields_of(mapping.target)[field].category or ""
    return {UNKNOWN: ""} | {labels.of(category, code): code for code in labels.codes(category)}


def enumerated(mapping: Fields) -> list[str]:
    """The fields whose values the file writes in its own words."""
    return [field for field in mapping.fields() if mapping.keys(field)]


def figures(layer: OwnLayer) -> list[tuple[str, str, str]]:
    """What became of the rows: (name, value, note) each."""
    report = layer.report
    placed = layer.rows.geometry
    known = int((~placed.isna() & ~placed.is_empty).sum())
    repaired = int(report.repairs["line"].nunique()) if len(report.repairs) else 0
    return [
        ("Lignes lues", number(report.read), f"Dans {layer.filename}."),
        ("Gardées", number(report.kept), f"Dont {count(repaired, 'réparée', 'réparées')} et {count(known, 'placée', 'placées')} au point."),
        ("Refusées", number(report.read - report.kept), "Chacune avec son motif."),
    ]  # fmt: skip


def report(rows: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """One table of a report under French headings; fields by their titles."""
    shown = rows.assign(field=rows["field"].map(lambda f: titles.get(f, f))) if "field" in rows else rows
    return shown[[c for c in _HEADS if c in shown]].rename(columns=_HEADS)


def is_clean(account: LayerReport) -> bool:
    """Whether nothing has to be said of any row."""
    return not (len(account.refusals) or len(account.repairs) or len(account.warnings))


def pairs(candidates: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """Possible duplicates to decide: one row per pair."""
    said = []
    for line, uid in zip(candidates["line"], candidates["uid"], strict=True):
        is_this = decisions.same.get(int(line)) == uid
        said.append(
            SAME if is_this else NONE if decisions.state(int(line)) in ("same", "distinct") else UNDECIDED
        )
    return pd.DataFrame(
        {
            "Décision": said,
            "Ligne": candidates["line"].tolist(),
            "Votre objet": candidates["name"].tolist(),
            "Dans l’atlas (ou le fichier)": candidates["atlas_name"].tolist(),
            "Nature": candidates["kind"].map(lambda k: KIND_LABELS.get(k, k)).tolist(),
            "Pourquoi": candidates["reason"].tolist(),
        }
    )


def decided(candidates: pd.DataFrame, decisions: Decisions, said: Mapping[int, str]) -> Decisions:
    """The decisions after rows of `pairs` (by position) were changed to what `said` says.

    `NONE` holds for the whole line: the imported object is none of its candidates.
    """
    for at, word in said.items():
        line, uid = int(candidates["line"].iloc[at]), str(candidates["uid"].iloc[at])
        if word == SAME:
            decisions = decisions.is_same(line, uid)
        elif word == NONE:
            decisions = decisions.is_distinct(line)
        else:
            decisions = decisions.withdrawn(line)
    return decisions
