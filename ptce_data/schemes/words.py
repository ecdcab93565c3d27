"""French words for a support scheme: amounts, period, territory, dates. Missing facts are said as such."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.funding.words import euros, join, percent
from ptce_data.query import LEVEL_CODES, Level
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

NOT_GIVEN: Final = "non renseigné"
_LEVELS: Final[dict[str, Level]] = {
    "REG": "regions",
    "ANCREG": "former_regions",
    "DEP": "departements",
    "EPCI": "epci",
    "COM": "communes",
}
_WHOLE: Final = {"FR": "toute la France", "UE": "l’Union européenne, dont toute la France"}


def labels(dataset: Dataset, field: str) -> dict[str, str]:
    """Value -> French label of one field of the registry, in its order."""
    rows = (dataset.categories[column].tolist() for column in ("field", "value", "label"))
    return {value: label for own, value, label in zip(*rows, strict=True) if own == field}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values: None where a fact is unknown."""
    columns = [
        [
            None if gone else value
            for value, gone in zip(frame[c].tolist(), frame[c].isna().tolist(), strict=True)
        ]
        for c in frame.columns
    ]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def day(value: object) -> str:
    """`21/11/2026`, `10/2024`, `2015` from an ISO date, month or year; `sans date` when missing."""
    if not isinstance(value, str) or not value:
        return "sans date"
    return "/".join(reversed(value.split("-"))) if re.fullmatch(r"[\d-]+", value) else value


def amount(row: Mapping[str, Any]) -> str:
    """The aid per project: `de 30 000 € à 80 000 €`, `jusqu’à 80 000 €`, `au moins…`, or not given."""
    low, high = row["amount_min_eur"], row["amount_max_eur"]
    if low is None and high is None:
        return NOT_GIVEN
    if high is None:
        return f"au moins {euros(low)}"
    if low is None:
        return f"jusqu’à {euros(high)}"
    return euros(high) if low == high else f"de {euros(low)} à {euros(high)}"


def rate(row: Mapping[str, Any]) -> str:
    """The highest share of the expense that the aid pays, or not given."""
    return NOT_GIVEN if row["rate_max_pct"] is None else f"au plus {percent(row['rate_max_pct'])}"


def envelope(row: Mapping[str, Any]) -> str:
    """The total amount of the scheme, or not given."""
    return NOT_GIVEN if row["total_envelope_eur"] is None else euros(row["total_envelope_eur"])


def period(row: Mapping[str, Any]) -> str:
    """`2013-2018`, `2013`, `depuis 2013, fin non renseignée`, `jusqu’en 2018`, or not given."""
    start, end = row["start_year"], row["end_year"]
    if start is None and end is None:
        return NOT_GIVEN
    if end is None:
        return f"à partir de {start}, fin non renseignée"
    if start is None:
        return f"jusqu’en {end}, début non renseigné"
    return str(start) if start == end else f"{start}-{end}"


def merged_regions(dataset: Dataset) -> frozenset[str]:
    """Coverage codes (`ANCREG-91`) of the regions of before 2016 that exist no more."""
    former = dataset.former_region_codes
    merged = former.loc[former.duplicated("region_code", keep=False), "former_region_code"]
    return frozenset("ANCREG-" + merged)


class AreaNames:
    """Names of the areas of coverage codes; a level is read once, for the codes that are asked."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        listed = (code for cell in dataset.support_schemes["coverage_codes"] for code in split_codes(cell))
        self._listed = set(listed)
        self._names: dict[str, dict[str, str]] = {}
        #: Codes of regions that the reform of 2016 merged into larger ones; the others are as they were.
        self.merged = merged_regions(dataset)

    def of(self, cell: str) -> tuple[str, ...]:
        """Names of the areas of a `coverage_codes` cell, in its order; an unlisted code stays as it is."""
        names = []
        for code in split_codes(cell):
            prefix, _, area = code.partition("-")
            if prefix not in _LEVELS:
                names.append(_WHOLE.get(code, code))
                continue
            name = self._level(prefix).get(area, area)
            names.append(f"{name} (région d’avant 2016)" if code in self.merged else name)
        return tuple(names)

    def _level(self, prefix: str) -> dict[str, str]:
        if prefix not in self._names:
            dataset, level = self._dataset, _LEVELS[prefix]
            table = {
                "REG": dataset.region_codes,
                "ANCREG": dataset.former_region_codes,
                "DEP": dataset.departement_codes,
            }.get(prefix, getattr(dataset, level))
            key = LEVEL_CODES[level]
            asked = {code.partition("-")[2] for code in self._listed if code.startswith(f"{prefix}-")}
            rows = table.loc[table[key].isin(asked), [key, "name"]]
            self._names[prefix] = dict(zip(rows[key], rows["name"], strict=True))
        return self._names[prefix]


def coverage(dataset: Dataset, cell: str) -> tuple[str, ...]:
    """Names of the areas of one `coverage_codes` cell (see `AreaNames`)."""
    return AreaNames(dataset).of(cell)


def listed(items: Sequence[str], longest: int = 5) -> str:
    """`a, b et c`; beyond `longest` items, `a, b, c… (12 en tout)`."""
    if len(items) <= longest:
        return join(list(items))
    return f"{', '.join(items[:longest])}… ({len(items)} en tout)"
