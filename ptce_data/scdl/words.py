"""An import and its matches, as text for people and as JSON for programs."""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd

from ptce_data.scdl.matching import ATTRIBUTED, AUTOMATIC, PROPOSED, Matches, rule_label
from ptce_data.scdl.reader import Import
from ptce_data.scdl.report import Report
from ptce_data.scdl.totals import totals

#: Lines shown of each list in the text, and cells listed one by one in the JSON.
_SHOWN: Final = 20
_LISTED: Final = 1_000
#: Characters that would move or colour a terminal, or turn its text around.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STATUSES: Final = {
    "automatique": "automatique",
    "a_confirmer": "à confirmer",
    "confirme": "confirmé",
    "rejete": "rejeté",
}


def as_json(imported: Import, matches: Matches) -> dict[str, Any]:
    """Return `report` and `matches` as plain values.

    A match has entity_id, rule, score, year, funder, amount (euros), and what one needs to check it.
    Repairs and warnings are counted in full and listed up to 1,000; refusals are all listed.
    """
    report = imported.report
    return {
        "report": {
            "read": report.read,
            "kept": report.kept,
            "repaired": report.repaired,
            "refused": report.refused,
            "duplicates": len(report.duplicates),
            "files": _records(report.files),
            "columns": _records(report.columns),
            "repair_counts": _records(report.repair_counts()),
            "repairs": _records(report.repairs.head(_LISTED)),
            "repairs_total": len(report.repairs),
            "warnings": _records(report.warnings.head(_LISTED)),
            "warnings_total": len(report.warnings),
            "refusals": _records(report.refusals),
            "duplicate_rows": _records(report.duplicates),
            "unreadable": [{"file": one.file, "why": one.why} for one in report.unreadable],
        },
        "thresholds": {"automatic": AUTOMATIC, "proposed": PROPOSED},
        "matches": _records(matches.rows.rename(columns={"amount_eur": "amount"})),
        "pairs": _records(matches.pairs),
        "totals": _records(totals(matches)),
        "unmatched_rows": matches.unmatched,
        "unused_decisions": list(matches.unused_decisions),
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(k): _plain(v) for k, v in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def as_text(imported: Import, matches: Matches) -> str:
    """Return the report and the matches in French, lists cut at 20 lines with the count of the rest."""
    parts = [*_report(imported.report), "", *_matches(matches)]
    return "\n".join(_UNPRINTABLE.sub("\ufffd", part) for part in parts)


def _count(number: int, word: str, feminine: bool = False) -> str:
    """« 1 ligne lue », « 12 lignes lues »: every word takes an s from two on."""
    text = " ".join(w + "s" for w in word.split()) if number >= 2 else word
    zero = "aucune" if feminine else "aucun"
    return f"{zero} {word}" if number == 0 else f"{number:,} {text}".replace(",", " ")


def _report(report: Report) -> list[str]:
    lines = [f"Illisible : {one.file} — {one.why}" for one in report.unreadable]
    lines.append(
        f"{_count(report.read, 'ligne lue', True)} : {_count(report.kept, 'gardée', True)} "
        f"(dont {_count(report.repaired, 'réparée', True)}), {_count(report.refused, 'refusée', True)}."
    )
    for row in report.files.itertuples(index=False):
        how = f"{row.encoding}, séparateur « {_mark(row.separator)} »" if row.kind == "csv" else "tableur"
        standard = f"standard {row.version}" if row.version != "autre" else "présentation hors standard"
        lines.append(
            f"  {row.file} : {standard}, {how}, en-tête ligne {row.header_line}, "
            f"{row.rows_read} lues, {row.rows_kept} gardées, {row.rows_refused} refusées, "
            f"{row.blank_lines} vides"
        )
        if row.missing_fields:
            lines.append(f"    champs absents : {', '.join(row.missing_fields)}")
        if "pourcentageSubvention" in row.missing_fields:
            lines.append("    part du bénéficiaire inconnue : montants pris en entier")
        if row.extra_columns:
            lines.append(f"    colonnes mises de côté : {', '.join(row.extra_columns)}")
    repairs = [
        f"{row.file}, {row.field} : {row.label} ({_count(row.cells, 'cellule')} ; ex. « {row.old} » → « {row.new} »)"
        for row in report.repair_counts().itertuples(index=False)
    ]
    warnings = [_note(row) for row in report.warnings.itertuples(index=False)]
    refusals = [_note(row) for row in report.refusals.itertuples(index=False)]
    duplicates = [
        f"{row.file}, ligne {row.line} répète {row.first_file}, ligne {row.first_line}"
        + (" : comptée une fois" if row.is_sure else " : peut-être une autre subvention, comptée")
        for row in report.duplicates.itertuples(index=False)
    ]
    titled = (
        ("Réparations", repairs),
        ("Signalements", warnings),
        ("Refus", refusals),
        ("Doublons", duplicates),
    )
    for title, items in titled:
        lines += _listed(title, items)
    return lines


def _mark(separator: str) -> str:
    return "tabulation" if separator == "\t" else separator


def _note(row: Any) -> str:
    value = str(row.value)
    shown = value if len(value) <= 60 else value[:60] + "…"
    return f"{row.file}, ligne {row.line}, {row.field} : « {shown} » — {row.why}"


def _listed(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    rest = [f"  … et {len(items) - _SHOWN} de plus (--json les donne)"] if len(items) > _SHOWN else []
    return ["", f"{title} ({len(items)}) :", *(f"  {item}" for item in items[:_SHOWN]), *rest]


def _matches(matches: Matches) -> list[str]:
    sure = matches.pairs["status"].isin(ATTRIBUTED).sum()
    lines = [
        f"Rapprochements : {_count(len(matches.pairs), 'proposé')}, dont {_count(int(sure), 'retenu')} ; "
        f"{_count(matches.unmatched, 'subvention')} sans rapprochement. "
        f"Sous {AUTOMATIC}, rien n’est attribué sans confirmation ; sous {PROPOSED}, rien n’est proposé."
    ]
    rows = [
        f"{row.entity_id} | {rule_label(row.rule)} | {row.score} | {row.year} | {row.funder} | "
        f"{row.amount_eur:.2f} € | {_STATUSES[row.status]} | {row.beneficiary_name} ({row.file}, ligne {row.line})"
        for row in matches.rows.itertuples(index=False)
    ]
    lines += _listed("Objet | règle | score | année | attribuant | montant | statut | bénéficiaire", rows)
    pending = matches.pairs[matches.pairs["status"] == "a_confirmer"]
    lines += _listed("À confirmer ou rejeter (clé pour --decisions)", pending["key"].tolist())
    if matches.unused_decisions:
        lines += _listed("Décisions sans objet", list(matches.unused_decisions))
    return lines
