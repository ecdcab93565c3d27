"""Schemes as the two sheets of a workbook: labelled rows, and their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data import query, schema
from ptce_data.schemes import words
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def workbook_frames(dataset: Dataset, schemes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Sheets "dispositifs" and "sources" for rows of `support_schemes`, in their order.

    Columns are titled in French; values of the registry and codes of areas are replaced by their
    names (several: separated by " ; "). Unknown cells stay empty. The identifiers of rows and of
    sources are kept, so that the two sheets can be joined.
    """
    names = words.AreaNames(dataset)
    sheet = {}
    for doc in schema.describe("support_schemes"):
        column = schemes[doc.name]
        if doc.category:
            column = _named(column, words.labels(dataset, doc.category), doc.listed)
        elif doc.name == "coverage_codes":
            column = column.map(lambda cell: " ; ".join(names.of(cell)))
        elif doc.name == "region_code":
            regions = dataset.region_codes.set_index("region_code")["name"]
            column = column.map(regions).fillna(column)
        sheet[doc.title] = column
    sources = query.sources(dataset, schemes["source_id"])
    titles = {doc.name: doc.title for doc in schema.describe("sources")}
    return {
        "dispositifs": pd.DataFrame(sheet).reset_index(drop=True),
        "sources": sources.rename(columns=titles),
    }


def _named(column: pd.Series, labels: dict[str, str], listed: bool) -> pd.Series:
    def cell(value: str) -> str:
        parts = split_codes(value) if listed else (value,)
        return " ; ".join(labels.get(part, part) for part in parts)

    return column.map(cell, na_action="ignore").astype("str")
