"""Duplicates: rows of one object are merged within a table, and linked between tables.

Decisions are read from data/duplicates.csv, taken row by row by a person. Merging keeps one row
and fills its empty cells from the others; linking gives rows of two tables one `object_id`, so that
the object is counted once. `probable` and `distinct` change nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from ptce_data.errors import Fault
from ptce_data.schema.references import UID_TABLES

MERGE: Final = "meme_objet_fusion"
LINK: Final = "meme_objet_lien"
#: Columns that only mean something together.
_TOGETHER: Final = (
    ("lat", "lon", "coord_precision", "coord_score"),
    ("commune_insee", "arrondissement_insee", "departement_code", "region_code", "place_source_id"),
    ("territory_type_stated", "type_source_id"),
    ("source_dataset", "source_record_id"),
)
#: Columns that say which row it is: never filled from another one.
_OWN: Final = ("id", "uid", "object_id", "source_ids", "merged_ids", "other_labels")
#: Cells that hold the uid of an object, and cells that hold the id of a row of one table.
_UID_CELLS: Final = (
    ("funding_figures", "entity_uid"),
    ("public_awards", "entity_uid"),
    ("case_events", "entity_uid"),
)
_ID_CELLS: Final = (("pole_awards", "pole_id", "pole"),)


def components(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map each uid named in `pairs` to the smallest uid that it is tied to, directly or not."""
    root: dict[str, str] = {}

    def find(uid: str) -> str:
        root.setdefault(uid, uid)
        while root[uid] != uid:
            root[uid] = root[root[uid]]
            uid = root[uid]
        return uid

    for left, right in pairs:
        low, high = sorted((find(left), find(right)))
        root[high] = low
    return {uid: find(uid) for uid in root}


def survivors(decisions: pd.DataFrame) -> dict[str, str]:
    """Map each merged uid to the uid of the row that stays, over chains of merges.

    Where the decisions of one group keep several rows, the smallest kept uid stays: `contradictions`
    reports that case.
    """
    merges = decisions[decisions["decision"] == MERGE]
    groups = components(zip(merges["left_uid"], merges["right_uid"], strict=True))
    stays: dict[str, str] = {}
    for label, kept in _kept(merges, groups).items():
        stays[label] = min(kept)
    return {uid: stays[label] for uid, label in groups.items() if uid != stays[label]}


def _kept(merges: pd.DataFrame, groups: Mapping[str, str]) -> dict[str, set[str]]:
    """Return, per group, the uids that are kept by some decision and dropped by none."""
    dropped = {
        right if keep == left else left
        for left, right, keep in zip(merges["left_uid"], merges["right_uid"], merges["keep_uid"], strict=True)
    }
    kept: dict[str, set[str]] = {}
    for uid, label in groups.items():
        kept.setdefault(label, set())
        if uid not in dropped:
            kept[label].add(uid)
    # Decisions that drop every row of a group in a circle still have to keep one.
    return {label: uids or {label} for label, uids in kept.items()}


def contradictions(decisions: pd.DataFrame, lines: Mapping[int, int], file: str) -> list[Fault]:
    """Return the decisions that contradict each other, as faults.

    `lines` maps the index of `decisions` to lines of the file.
    """
    merges = decisions[decisions["decision"] == MERGE]
    tied = decisions[decisions["decision"].isin([MERGE, LINK])]
    groups = components(zip(merges["left_uid"], merges["right_uid"], strict=True))
    objects = components(zip(tied["left_uid"], tied["right_uid"], strict=True))
    kept = _kept(merges, groups)
    faults = []
    for row, left, right, decision, keep in decisions[
        ["left_uid", "right_uid", "decision", "keep_uid"]
    ].itertuples(name=None):
        line = lines[int(row)]
        if decision == MERGE and len(kept[groups[left]]) > 1:
            expected = f"une seule ligne gardée par groupe, et non {', '.join(sorted(kept[groups[left]]))}"
            faults.append(Fault(file, line, "keep_uid", str(keep), expected, "groupe"))
        same = objects.get(left) is not None and objects.get(left) == objects.get(right)
        if decision not in (MERGE, LINK) and same:
            expected = "une décision que d'autres lignes ne contredisent pas (elles disent : même objet)"
            faults.append(Fault(file, line, "decision", str(decision), expected, "contradiction"))
    return faults


def apply(tables: Mapping[str, pd.DataFrame], decisions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables with duplicates merged and linked; the given tables are not changed.

    poles, tiers_lieux and clusters gain `uid`, `object_id`, `source_ids` and `merged_ids` ("|"-joined
    lists); other tables keep their rows, and their references to merged rows are redirected.
    Decisions about rows that are not there are ignored. Merging merged tables again changes nothing.
    """
    result = {name: frame.copy() for name, frame in tables.items()}
    redirect = survivors(decisions)
    tied = decisions[decisions["decision"].isin([MERGE, LINK])]
    objects = components(
        (redirect.get(left, left), redirect.get(right, right))
        for left, right in zip(tied["left_uid"], tied["right_uid"], strict=True)
    )
    for prefix, name in UID_TABLES.items():
        result[name] = _merged(result[name], prefix, redirect, objects)
    for name, column in _UID_CELLS:
        if name in result:
            cells = result[name][column]
            result[name][column] = cells.map(lambda uid: redirect.get(uid, uid), na_action="ignore").astype(
                "str"
            )
    for name, column, prefix in _ID_CELLS:
        if name in result:
            ids = {
                k.partition(":")[2]: v.partition(":")[2]
                for k, v in redirect.items()
                if k.startswith(f"{prefix}:")
            }
            cells = result[name][column]
            result[name][column] = cells.map(
                lambda key, ids=ids: ids.get(key, key), na_action="ignore"
            ).astype("str")
    return result


def _merged(
    frame: pd.DataFrame, prefix: str, redirect: Mapping[str, str], objects: Mapping[str, str]
) -> pd.DataFrame:
    frame = frame.copy()
    frame["uid"] = (prefix + ":" + frame["id"]).astype("str")
    if "source_ids" not in frame:
        frame["source_ids"] = frame["source_id"]
        frame["merged_ids"] = pd.Series(pd.NA, index=frame.index, dtype="str")
    frame = frame.reset_index(drop=True)
    rows = {uid: row for row, uid in enumerate(frame["uid"])}
    groups: dict[str, list[str]] = {}
    for uid in sorted(rows):
        stays = redirect.get(uid)
        if stays is not None and stays in rows:
            groups.setdefault(stays, []).append(uid)
    for stays, gone in groups.items():
        for uid in gone:
            _fill(frame, rows[stays], rows[uid])
        _join(frame, "source_ids", rows[stays], [frame.at[rows[uid], "source_ids"] for uid in gone])
        _join(frame, "merged_ids", rows[stays], [frame.at[rows[uid], "id"] for uid in gone])
    frame = frame.drop(index=[rows[uid] for gone in groups.values() for uid in gone])
    frame["object_id"] = frame["uid"].map(lambda uid: objects.get(uid, uid)).astype("str")
    return frame.reset_index(drop=True)


def _fill(frame: pd.DataFrame, kept: int, gone: int) -> None:
    """Fill the empty cells of one row from another one.

    Cells that only mean something together are filled only where the two rows do not disagree on
    any of them. A second label is not lost: it joins the other labels.
    """
    grouped = {name for group in _TOGETHER for name in group}
    singles = [(str(name),) for name in frame.columns if name not in grouped and name not in _OWN]
    for group in (*_TOGETHER, *singles):
        names = [name for name in group if name in frame]
        pairs: list[tuple[Any, Any]] = [(frame.at[kept, name], frame.at[gone, name]) for name in names]
        if any(not pd.isna(mine) and not pd.isna(other) and mine != other for mine, other in pairs):
            continue
        for name, (mine, other) in zip(names, pairs, strict=True):
            if pd.isna(mine) and not pd.isna(other):
                frame.at[kept, name] = other
    if "other_labels" in frame:
        first = frame.at[kept, "label"]
        _join(
            frame, "other_labels", kept, [frame.at[gone, "label"], frame.at[gone, "other_labels"]], but=first
        )


def _join(frame: pd.DataFrame, column: str, kept: int, more: Iterable[object], but: object = None) -> None:
    """Add the codes of `more` to a "|"-joined cell, each once, `but` left out."""
    parts: dict[str, None] = {}
    for cell in (frame.at[kept, column], *more):
        if isinstance(cell, str):
            parts.update(dict.fromkeys(part for part in cell.split("|") if part != but))
    frame.at[kept, column] = "|".join(parts) or pd.NA
