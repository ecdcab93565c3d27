"""All that is known of one scheme, in words, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import query, schema
from ptce_data.funding.words import NBSP
from ptce_data.schemes import dates, words
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Facts whose absence is said; `status` counts as absent when it is `unknown`.
_FACTS: Final = (
    "status",
    "start_year",
    "end_year",
    "amount_min_eur",
    "amount_max_eur",
    "rate_max_pct",
    "total_envelope_eur",
    "funding_kind",
    "territory_priority",
    "url",
)
_YEARS = re.compile(r"(?:-\d{4})+$")


@dataclass(frozen=True)
class SchemeDetail:
    """One scheme. Texts are French; `row` is the plain row of the table (None: unknown).

    `coverage` names the areas; `coverage_note` says why it is approximate. `status_text` gives the
    status with the date of its source, `source_texts` one line per source with « vu le ». `unknown`
    holds (field, title) of the facts that the source does not give. `editions`: other rows of the same
    scheme, oldest first: columns id, name, start_year, end_year, status, reason.
    """

    row: Mapping[str, Any]
    level: str
    category: str
    targets: tuple[str, ...]
    priorities: tuple[str, ...]
    funding_kind: str
    amount: str
    rate: str
    envelope: str
    period: str
    coverage: tuple[str, ...]
    coverage_precision: str
    coverage_note: str | None
    status_text: str
    confidence: str
    sources: pd.DataFrame
    source_texts: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    editions: pd.DataFrame


def detail(dataset: Dataset, scheme_id: str) -> SchemeDetail | None:
    """All that is known of a scheme, or None for an id that is not in the table."""
    hit = dataset.support_schemes[dataset.support_schemes["id"] == scheme_id]
    if hit.empty:
        return None
    row = words.records(hit)[0]
    sources = query.sources(dataset, [row["source_id"]])
    read = words.records(sources)
    titles = _titles()
    missing = [f for f in _FACTS if row[f] is None or (f == "status" and row[f] == "unknown")]
    return SchemeDetail(
        row=row,
        level=_label(dataset, "scheme_level", row["level"]),
        category=_label(dataset, "scheme_category", row["category"]),
        targets=_labels(dataset, "scheme_target", row["targets"]),
        priorities=_labels(dataset, "territory_type", row["territory_priority"]),
        funding_kind=_label(dataset, "funding_kind", row["funding_kind"]),
        amount=words.amount(row),
        rate=words.rate(row),
        envelope=words.envelope(row),
        period=words.period(row),
        coverage=words.coverage(dataset, row["coverage_codes"]),
        coverage_precision=_label(dataset, "coverage_precision", row["coverage_precision"]),
        coverage_note=row["coverage_note"],
        status_text=_status(dataset, row["status"], read[0] if read else {}),
        confidence=_label(dataset, "confidence", row["confidence"]),
        sources=sources,
        source_texts=tuple(_source(source) for source in read),
        unknown=tuple((field, titles[field]) for field in missing),
        editions=editions(dataset, scheme_id),
    )


def editions(dataset: Dataset, scheme_id: str) -> pd.DataFrame:
    """Other rows of the same scheme: columns id, name, start_year, end_year, status, reason.

    The data say it in two ways: the waves of one label name their schemes (`label_waves`), and our
    identifiers share their stem when only the years at their end differ, for one same level. Oldest
    first, undated last.
    """
    schemes = dataset.support_schemes
    own = schemes[schemes["id"] == scheme_id]
    reasons: dict[str, str] = {}
    stem = _YEARS.sub("", scheme_id)
    for other, level in zip(schemes["id"], schemes["level"], strict=True):
        if _YEARS.sub("", other) == stem and level in set(own["level"]):
            reasons[other] = "même dispositif, autre année"
    waves = dataset.label_waves
    named = [
        (label, split_codes(ids)) for label, ids in zip(waves["label"], waves["scheme_ids"], strict=True)
    ]
    for label in {label for label, ids in named if scheme_id in ids}:
        reason = f"autre vague : {_label(dataset, 'label_family', label)}"
        reasons |= {other: reason for own, ids in named if own == label for other in ids}
    reasons.pop(scheme_id, None)
    found = schemes[schemes["id"].isin(reasons)].copy()
    found["reason"] = found["id"].map(reasons).astype("str")
    order = found.sort_values(["start_year", "id"], na_position="last")
    return order[["id", "name", "start_year", "end_year", "status", "reason"]].reset_index(drop=True)


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {doc.name: doc.title for doc in schema.describe("support_schemes")}


def _label(dataset: Dataset, field: str, value: str | None) -> str:
    return words.NOT_GIVEN if value is None else words.labels(dataset, field).get(value, value)


def _labels(dataset: Dataset, field: str, cell: str | None) -> tuple[str, ...]:
    labels = words.labels(dataset, field)
    return tuple(labels.get(value, value) for value in split_codes(cell))


def _status(dataset: Dataset, status: str, source: Mapping[str, Any]) -> str:
    """`Clos à la date de la source (10/2024)`; the age of an old source is said."""
    if status == "unknown":
        said = "Statut inconnu : la source ne dit pas si le dispositif est ouvert"
    else:
        said = f"{_label(dataset, 'scheme_status', status)} à la date de la source"
    published = source.get("date_published")
    dated = f"publiée : {words.day(published)}" if published else "source sans date"
    age = dates.age_years(source)
    old = f", au moins {age}{NBSP}ans avant sa lecture" if age and age >= dates.OLD_AFTER_YEARS else ""
    return f"{said} ({dated}{old})"


def _source(source: Mapping[str, Any]) -> str:
    published = source["date_published"]
    dated = f"publié : {words.day(published)}" if published else "sans date"
    return f"{source['publisher']}, {dated}, vu le {words.day(source['date_accessed'])}"
