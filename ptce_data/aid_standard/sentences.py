"""French sentences of the export, and texts cut at a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ptce_data.aid_standard.mapping import LONGEST_DESCRIPTION, LONGEST_PROMISE, UNKNOWN
from ptce_data.funding.words import euros, percent
from ptce_data.text import split_codes

_ELLIPSIS: Final = "…"


def cut(text: str, longest: int) -> str:
    """Return `text`, cut at the end of a word with « … » when it has more than `longest` characters."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if not text[longest - 1].isspace():
        head, space, _ = kept.rpartition(" ")
        kept = head if space and head.strip() else kept
    return kept.rstrip(" ,;:.") + _ELLIPSIS


def promise(summary: str) -> str:
    """Return the promise of a scheme: its summary, 180 characters at most."""
    return cut(summary, LONGEST_PROMISE)


def known(value: Any) -> bool:
    """Tell whether a cell holds something."""
    return not pd.isna(value)


def description(row: Mapping[str, Any], labels: Mapping[tuple[str, str], str]) -> str:
    """Say a scheme in full: summary, kind, amounts, rate, envelope, years, status, notes.

    `labels` maps (field of the registry, value) to its French label.
    """
    parts = [row["summary"] if known(row["summary"]) else UNKNOWN]
    if known(row["funding_kind"]):
        parts.append(f"Nature de l’aide : {_label(labels, 'funding_kind', row['funding_kind'])}.")
    low, high = row["amount_min_eur"], row["amount_max_eur"]
    if known(low) and known(high):
        parts.append(f"Montant par projet : de {euros(low)} à {euros(high)}.")
    elif known(high):
        parts.append(f"Montant par projet : au plus {euros(high)}.")
    elif known(low):
        parts.append(f"Montant par projet : au moins {euros(low)}.")
    if known(row["rate_max_pct"]):
        parts.append(f"Taux maximal : {percent(row['rate_max_pct'])}.")
    if known(row["total_envelope_eur"]):
        parts.append(f"Enveloppe totale : {euros(row['total_envelope_eur'])}.")
    if known(row["start_year"]):
        parts.append(f"Première année : {row['start_year']}.")
    if known(row["end_year"]):
        parts.append(f"Dernière année : {row['end_year']}.")
    if known(row["status"]) and row["status"] != "unknown":
        status = _label(labels, "scheme_status", row["status"]).lower()
        parts.append(f"Statut à la date de la source : {status}.")
    for note in ("area_note", "coverage_note"):
        if known(row[note]):
            parts.append(f"Précision : {row[note].rstrip('. ')}.")
    return cut(" ".join(parts), LONGEST_DESCRIPTION)


def eligibility(row: Mapping[str, Any], labels: Mapping[tuple[str, str], str]) -> str:
    """Say who may apply, as far as known."""
    lines = []
    for title, column, field in (
        ("Publics visés", "targets", "scheme_target"),
        ("Territoires prioritaires", "territory_priority", "territory_type"),
    ):
        values = [_label(labels, field, value) for value in split_codes(row[column])]
        if values:
            lines.append(f"• {title} : {', '.join(values)}")
    return "\n".join([*lines, f"• Autres conditions : {UNKNOWN}"])


def _label(labels: Mapping[tuple[str, str], str], field: str, value: str) -> str:
    return labels.get((field, value), value)


def own_summary(kind: str | None, operator: str | None, place: str | None) -> str:
    """Return a sentence of ours for a scheme that comes without a short text."""
    made = f"Aide ({kind})" if kind else "Aide"
    made += f" de : {operator}." if operator else "."
    return f"{made} Périmètre : {place}." if place else made
