"""Labels and schemes on one axis of years, since the systèmes productifs locaux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pandas as pd

from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

LABELS: Final = "labels"
Lanes = Literal["level", "category"]
_COLUMNS: Final = [
    "id",
    "name",
    "lane",
    "kind",
    "label",
    "level",
    "category",
    "start_year",
    "end_year",
    "end_known",
    "status",
    "labelled_count",
    "scheme_ids",
    "source_id",
]


def timeline(dataset: Dataset, lanes: Lanes = "level") -> pd.DataFrame:
    """Dated labels and schemes, oldest first within each lane.

    Columns: id, name, lane (`labels`, or the level or category of the scheme), kind (`label` or
    `scheme`), label (family, labels only), level, category (schemes only), start_year, end_year (Int64,
    missing: open or unknown), end_known (bool), status (at the date of the source: with a missing end,
    `open` means still running then, `unknown` that nobody says, `closed` that it ended in a year that
    is not given), labelled_count, scheme_ids (tuple), source_id. A wave of a label and the scheme that
    describes it are one row, in the lane of labels. What has no known start is left out: see `undated`.
    """
    waves = _waves(dataset)
    schemes = _schemes(dataset, lanes)
    told = {scheme for ids in waves["scheme_ids"] for scheme in ids}
    rows = pd.concat([waves, schemes[~schemes["id"].isin(told)]], ignore_index=True)
    rows = rows[rows["start_year"].notna()]
    first = rows["lane"].ne(LABELS)
    order = rows.assign(_first=first).sort_values(["_first", "lane", "start_year", "end_year", "id"])
    return order[_COLUMNS].reset_index(drop=True)


def undated(dataset: Dataset) -> pd.DataFrame:
    """Schemes without a known start, which no axis of years can show: columns id, name, end_year, status."""
    schemes = dataset.support_schemes
    missing = schemes[schemes["start_year"].isna()]
    return missing[["id", "name", "end_year", "status"]].reset_index(drop=True)


def _waves(dataset: Dataset) -> pd.DataFrame:
    """Waves of labels; those of a call for PTCE take its years and its number of laureates."""
    waves = dataset.label_waves.copy()
    calls = dataset.programmes.set_index("id")
    pairs = {
        "start_year": "year_announced",
        "end_year": "year_results",
        "labelled_count": "laureates",
    }
    for column, of_call in pairs.items():
        waves[column] = waves[column].fillna(waves["programme_id"].map(calls[of_call]).astype("Int64"))
    waves["scheme_ids"] = waves["scheme_ids"].map(split_codes)
    return waves.assign(
        lane=LABELS, kind="label", category=pd.Series(None, index=waves.index, dtype="str")
    ).assign(end_known=waves["end_year"].notna())[_COLUMNS]


def _schemes(dataset: Dataset, lanes: Lanes) -> pd.DataFrame:
    schemes = dataset.support_schemes
    return schemes.assign(
        lane=schemes[lanes],
        kind="scheme",
        label=pd.Series(None, index=schemes.index, dtype="str"),
        end_known=schemes["end_year"].notna(),
        labelled_count=pd.Series(pd.NA, index=schemes.index, dtype="Int64"),
        scheme_ids=[(scheme,) for scheme in schemes["id"]],
    )[_COLUMNS]
