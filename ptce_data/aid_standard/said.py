"""Reports of imports and exports of schemes, as French text and as plain values."""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd

from ptce_data.aid_standard.export import Export
from ptce_data.aid_standard.mapping import VERSION
from ptce_data.aid_standard.report import REPAIRS, SchemeImport
from ptce_data.funding.words import THIN

_SHOWN: Final = 20
_LAYOUTS: Final = {
    "dispositif-aide": f"standard « dispositif d’aide » {VERSION}",
    "aides-territoires": "Aides-territoires (Licence Ouverte 2.0)",
}
#: Characters that would move or colour a terminal, or turn its text around.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def as_json(found: SchemeImport) -> dict[str, Any]:
    """Return the report, the rows and their sources as plain values."""
    report = found.report
    return {
        "report": {
            "file": report.file,
            "kind": report.kind,
            "layout": report.layout,
            "read": report.read,
            "kept": report.kept,
            "repaired": report.repaired,
            "refused": report.refused,
            "blank": report.blank,
            "missing_fields": list(report.missing_fields),
            "extra_fields": list(report.extra_fields),
            "repairs": _records(report.repairs),
            "warnings": _records(report.warnings),
            "refusals": _records(report.refusals),
            "proposals": _records(report.proposals),
            "unreadable": report.unreadable.why if report.unreadable else None,
        },
        "rows": _records(found.rows.assign(line=list(found.lines))),
        "sources": _records(found.sources),
        "known_ids": list(found.known_ids),
    }


def as_text(found: SchemeImport) -> str:
    """Return the report in French, lists cut at 20 lines with the count of the rest."""
    report = found.report
    if report.unreadable is not None:
        return _clean([f"Illisible : {report.file} — {report.unreadable.why}"])
    lines = [
        f"{_count(report.read, 'ligne lue')} : {_count(report.kept, 'gardée')} "
        f"(dont {_count(report.repaired, 'réparée')}), {_count(report.refused, 'refusée')}.",
        f"  {report.file} : {_LAYOUTS[report.layout]}, {report.kind}, {_count(report.blank, 'ligne vide')}",
    ]
    if report.missing_fields:
        lines.append(f"  champs absents : {', '.join(report.missing_fields)}")
    if report.extra_fields:
        lines.append(f"  colonnes mises de côté : {', '.join(report.extra_fields)}")
    if found.known_ids:
        lines.append(f"  déjà dans l’atlas : {_count(len(found.known_ids), 'ligne')}")
    lines += _listed("Réparations", [
        f"ligne {r.line}, {r.field} : {REPAIRS[r.repair]} (« {_short(r.old)} » → « {_short(r.new)} »)"
        for r in report.repairs.head(_SHOWN).itertuples(index=False)
    ], len(report.repairs))  # fmt: skip
    lines += _listed("Proposé, à confirmer", [
        f"ligne {r.line}, {r.field} = {r.value} ({r.why})" for r in report.proposals.head(_SHOWN).itertuples(index=False)
    ], len(report.proposals))  # fmt: skip
    for title, notes in (("Signalements", report.warnings), ("Refus", report.refusals)):
        items = [
            f"ligne {r.line}, {r.field} : « {_short(r.value)} » — {r.why}"
            for r in notes.head(_SHOWN).itertuples(index=False)
        ]
        lines += _listed(title, items, len(notes))
    return _clean(lines)


def export_text(made: Export, file: str) -> str:
    """Say what was written, and what the standard could not say."""
    head = (
        f"{_count(len(made.rows), 'dispositif', False)} au standard « dispositif d’aide » {VERSION} : {file}"
    )
    kinds = made.gaps.groupby(["field", "why"], sort=True).size()
    items = [f"{field} : {why} ({count})" for (field, why), count in kinds.items()]
    return _clean(
        [head, *_listed("Ce que le standard ne dit pas, ou que nous ne savons pas", items, len(items))]
    )


def _listed(title: str, items: list[str], total: int) -> list[str]:
    if not items:
        return []
    shown = items[:_SHOWN]
    rest = [f"  … et {total - len(shown)} de plus (--json les donne)"] if total > len(shown) else []
    return ["", f"{title} ({total}) :", *(f"  {item}" for item in shown), *rest]


def _count(number: int, word: str, feminine: bool = True) -> str:
    if number == 0:
        return f"{'aucune' if feminine else 'aucun'} {word}"
    plural = " ".join(part + "s" for part in word.split()) if number >= 2 else word
    return f"{number:,} {plural}".replace(",", THIN)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _clean(lines: list[str]) -> str:
    return "\n".join(_UNPRINTABLE.sub("\ufffd", line) for line in lines)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(k): v.item() if callable(getattr(v, "item", None)) else v for k, v in row.items()}
        for row in plain.to_dict("records")
    ]
