"""The calls to PTCE over time: every published value with its source, contradictions side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.funding import quotes
from ptce_data.funding.figures import number, text, whole
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Metric -> (label, unit), in the order of display.
METRICS: Final[dict[str, tuple[str, str]]] = {
    "applications": ("Candidatures reçues", "candidatures"),
    "eligible": ("Candidatures éligibles", "candidatures"),
    "laureates": ("Lauréats", "lauréats"),
    "envelope": ("Enveloppe", "€"),
    "amount_per_laureate": ("Aide par lauréat, publiée", "€"),
    "amount_per_laureate_min": ("Aide la plus basse", "€"),
    "amount_per_laureate_max": ("Aide la plus haute", "€"),
    "amount_per_laureate_mean": ("Aide moyenne, calculée (enveloppe ÷ lauréats)", "€"),
}
_OF_PROGRAMMES: Final = {
    "applications_received": "applications",
    "eligible_applications": "eligible",
    "laureates": "laureates",
    "total_amount_eur": "envelope",
    "amount_per_laureate_eur": "amount_per_laureate",
    "amount_per_laureate_min_eur": "amount_per_laureate_min",
    "amount_per_laureate_max_eur": "amount_per_laureate_max",
}
_OF_SCHEMES: Final = {
    "total_envelope_eur": "envelope",
    "amount_min_eur": "amount_per_laureate_min",
    "amount_max_eur": "amount_per_laureate_max",
}
_COLUMNS: Final = {
    "programme_id": "str",
    "programme": "str",
    "year": "Int64",
    "metric": "str",
    "label": "str",
    "unit": "str",
    "value": "Float64",
    "is_minimum": "boolean",
    "is_main": "boolean",
    "contradicted": "boolean",
    "table": "str",
    "row_id": "str",
    "said_by": "str",
    "source_id": "str",
    "confidence": "str",
    "note": "str",
}
_NAMES: Final = ("ptce", "poles territoriaux de cooperation economique")
_CALL: Final = re.compile(r"\b(appel a projets|ami|appel a manifestation d interet)\b")
_YEAR: Final = re.compile(r"\b(20\d\d)\b")
_PHASE: Final = re.compile(r"\bphase (\d)\b")


def over_time(dataset: Dataset) -> pd.DataFrame:
    """Every published value of every call: one row per call, metric and source, in order of year.

    `year` is that of the announcement. `is_main`: the value of the table of calls, that a line is
    drawn through; the others stand beside it. `contradicted`: two sources give different values of
    this metric of this call (a minimum that holds contradicts nobody). `table` and `row_id` say
    where the value stands, `said_by` who says so when it stands in a note. "amount_per_laureate_mean"
    is computed, once per pair of published envelope and number; its `table` is "calcul".
    """
    calls = {str(r["id"]): r for r in dataset.programmes.to_dict("records")}
    rows = [
        *_from_programmes(calls),
        *_from_awards(dataset, calls),
        *_from_schemes(dataset, calls),
        *_from_quotes(dataset, calls),
    ]
    rows += _means(rows)
    _mark_contradictions(rows)
    order = list(METRICS)
    rows.sort(
        key=lambda r: (r["year"] or 9999, r["programme_id"], order.index(r["metric"]), not r["is_main"], r["value"], r["row_id"])
    )  # fmt: skip
    return pd.DataFrame(
        {name: pd.Series([r.get(name) for r in rows], dtype=kind) for name, kind in _COLUMNS.items()}
    )


def contradictions(dataset: Dataset) -> pd.DataFrame:
    """The rows of `over_time` that contradict each other, computed means left out."""
    frame = over_time(dataset)
    kept: pd.DataFrame = frame[frame["contradicted"] & (frame["table"] != "calcul")]
    return kept.reset_index(drop=True)


def matched(name: str, year: int | None, calls: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the id of the State's call that `name` (and `year`) tells of, None unless exactly one fits.

    A call is told by its name, or by its kind (call for projects, AMI), its year and, where both give
    it, its phase.
    """
    same = [i for i, row in calls.items() if fold(str(row["programme"])) == fold(name)]
    if len(same) == 1:
        return same[0]
    key = _key(name, year)
    if key is None:
        return None
    fits = []
    for programme_id, row in calls.items():
        other = _key(str(row["programme"]), whole(row["year_announced"]))
        if other is None or _is_regional(row) or other[:2] != key[:2]:
            continue
        if key[2] is None or other[2] is None or key[2] == other[2]:
            fits.append(programme_id)
    return fits[0] if len(fits) == 1 else None


def funder_level(funders: str) -> str | None:
    """The level of who pays a call, from the names of its funders; None when they do not tell."""
    first = fold(funders).partition(" ")[0]
    return first if first in ("etat", "region") else None


def _key(name: str, year: int | None) -> tuple[str, int, str | None] | None:
    folded = fold(name)
    call, phase, said = _CALL.search(folded), _PHASE.search(folded), _YEAR.search(folded)
    if call is None or not any(word in folded for word in _NAMES):
        return None
    when = int(said[1]) if said else year
    if when is None:
        return None
    kind = "aap" if call[1] == "appel a projets" else "ami"
    # "AMI 2025 … (appelé aussi AMI 2026)": the first year named is the call's own.
    return kind, when, phase[1] if phase else None


def _is_regional(row: Mapping[str, Any]) -> bool:
    return funder_level(str(row["funders"])) == "region"


def _row(call: Mapping[str, Any], metric: str, value: float, **more: Any) -> dict[str, Any]:
    name, unit = METRICS[metric]
    return {
        "programme_id": str(call["id"]),
        "programme": str(call["programme"]),
        "year": whole(call["year_announced"]),
        "metric": metric,
        "label": name,
        "unit": unit,
        "value": value,
        "is_minimum": False,
        "is_main": False,
        "contradicted": False,
    } | more


def _from_programmes(calls: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for call in calls.values():
        for column, metric in _OF_PROGRAMMES.items():
            value = number(call[column])
            if value is not None:
                yield _row(call, metric, value, **_origin(call, "programmes", "notes"), is_main=True)


def _from_awards(dataset: Dataset, calls: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Envelopes and amounts per laureate of public_awards: never an award to a named beneficiary."""
    awards = dataset.public_awards
    for row in awards[awards["is_envelope"].fillna(False)].to_dict("records"):
        programme_id = matched(str(row["programme"]), whole(row["year"]), calls)
        value = number(row["amount_eur"])
        if programme_id is None or value is None or row["funder_level"] != "etat":
            continue
        metric = "envelope"
        if row["amount_basis"] == "montant_unitaire":
            who = fold(str(row["beneficiary_name"]))
            end = "_min" if "minimum" in who else "_max" if "maximum" in who else ""
            metric = f"amount_per_laureate{end}"
        yield _row(calls[programme_id], metric, value, **_origin(row, "public_awards", "amount_note"))


def _from_schemes(dataset: Dataset, calls: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    schemes = dataset.support_schemes
    for row in schemes[schemes["level"] == "etat"].to_dict("records"):
        programme_id = matched(str(row["name"]), whole(row["start_year"]), calls)
        if programme_id is None:
            continue
        for column, metric in _OF_SCHEMES.items():
            value = number(row[column])
            # A ceiling alone is what a laureate gets at the most, not what one got.
            if value is not None and not (
                column == "amount_max_eur" and number(row["amount_min_eur"]) is None
            ):
                yield _row(calls[programme_id], metric, value, **_origin(row, "support_schemes", "area_note"))


def _from_quotes(dataset: Dataset, calls: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for quote, confidence in quotes.found(dataset):
        if quote.programme_id in calls:
            yield _row(
                calls[quote.programme_id],
                quote.metric,
                quote.value,
                is_minimum=quote.is_minimum,
                table=quote.table,
                row_id=quote.row_id,
                said_by=quote.said_by,
                source_id=quote.source_id,
                confidence=confidence,
                note=f"« {quote.words} »",
            )


def _origin(row: Mapping[str, Any], table: str, note: str) -> dict[str, Any]:
    return {
        "table": table,
        "row_id": str(row["id"]),
        "source_id": str(row["source_id"]),
        "confidence": str(row["confidence"]),
        "note": text(row[note]),
    }


def _means(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Envelope over number of laureates, once per distinct pair of published values."""
    made: dict[tuple[str, float], dict[str, Any]] = {}
    for envelope in (r for r in rows if r["metric"] == "envelope"):
        for count in (r for r in rows if r["metric"] == "laureates"):
            if count["programme_id"] != envelope["programme_id"] or not count["value"]:
                continue
            value = envelope["value"] / count["value"]
            label, unit = METRICS["amount_per_laureate_mean"]
            row = envelope | {
                "metric": "amount_per_laureate_mean",
                "label": label,
                "unit": unit,
                "value": value,
                "is_main": envelope["is_main"] and count["is_main"],
                "table": "calcul",
                "note": "Enveloppe divisée par le nombre de lauréats ; la durée de l’aide varie d’un appel à l’autre.",
            }
            made.setdefault((envelope["programme_id"], value), row)
    return list(made.values())


def _mark_contradictions(rows: list[dict[str, Any]]) -> None:
    by_metric: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_metric.setdefault((row["programme_id"], row["metric"]), []).append(row)
    for told in by_metric.values():
        values = {r["value"] for r in told if not r["is_minimum"]}
        broken = any(r["is_minimum"] and any(v < r["value"] for v in values) for r in told)
        if len(values) > 1 or broken:
            for row in told:
                row["contradicted"] = not row["is_minimum"] or broken
