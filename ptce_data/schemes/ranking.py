"""« Quels dispositifs pour mon projet ? »: every scheme is ranked, or ruled out with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.schemes import words
from ptce_data.schemes.catalogue import NEAREST
from ptce_data.schemes.criteria import Answer, Context, answer
from ptce_data.schemes.project import Project, place
from ptce_data.schemes.rules import RULES, VERDICTS
from ptce_data.text import fold

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_RANKED: Final = [
    "scheme_id",
    "name",
    "level",
    "category",
    "status",
    "fit",
    "verdict",
    "reasons",
    "to_check",
    "against",
    *(f"points_{rule.code}" for rule in RULES),
    "source_id",
]
_RULED_OUT: Final = ["scheme_id", "name", "level", "rule", "reason", "source_id"]


@dataclass(frozen=True)
class Fit:
    """Schemes for a project.

    `ranked`: scheme_id, name, level, category, status, fit (0-100, the sum of the points_… columns, one
    per criterion of `RULES`), verdict (French), reasons, to_check, against (tuples of French sentences),
    source_id. Closed schemes come after the others; then by fit, nearest level, name.
    `ruled_out`: scheme_id, name, level, rule (`territoire` or `public`), reason (French), source_id.
    """

    ranked: pd.DataFrame
    ruled_out: pd.DataFrame

    @property
    def ruled_out_counts(self) -> dict[str, int]:
        """Number of schemes ruled out by each rule."""
        sizes = self.ruled_out["rule"].value_counts()
        return {rule: int(sizes.get(rule, 0)) for rule in ("territoire", "public")}


def fit(dataset: Dataset, project: Project) -> Fit:
    """Rank the schemes that nothing rules out for `project`, by the points of `RULES`.

    Raises ProjectError, in French, for a project that cannot be read.
    """
    context = _context(dataset, project)
    ranked, ruled_out = [], []
    for row in words.records(dataset.support_schemes):
        made = answer(row, context)
        base = {"scheme_id": row["id"], **{k: row[k] for k in ("name", "level", "source_id")}}
        if made.ruled_out:
            rule, reason = made.ruled_out
            ruled_out.append({**base, "rule": rule, "reason": reason})
        else:
            ranked.append({**base, **_judged(row, made)})
    ranked.sort(key=_rank)
    ruled_out.sort(key=lambda row: (_near(row), fold(row["name"]), row["scheme_id"]))
    return Fit(pd.DataFrame(ranked, columns=_RANKED), pd.DataFrame(ruled_out, columns=_RULED_OUT))


def _judged(row: dict[str, Any], made: Answer) -> dict[str, Any]:
    points = {f"points_{rule.code}": made.points.get(rule.code, 0) for rule in RULES}
    code = "clos" if row["status"] == "closed" else "a_etudier"
    if code == "a_etudier" and made.doubtful:
        code = "a_verifier"
    return {
        "category": row["category"],
        "status": row["status"],
        "fit": sum(points.values()),
        "verdict": VERDICTS[code][0],
        "reasons": tuple(made.reasons),
        "to_check": tuple(made.to_check),
        "against": tuple(made.against),
        **points,
    }


def _rank(row: dict[str, Any]) -> tuple[bool, int, int, str, str]:
    return (row["status"] == "closed", -row["fit"], _near(row), fold(row["name"]), row["scheme_id"])


def _near(row: dict[str, Any]) -> int:
    return NEAREST.index(row["level"]) if row["level"] in NEAREST else len(NEAREST)


def _context(dataset: Dataset, project: Project) -> Context:
    here = place(dataset, project)
    fields = ("scheme_target", "territory_type", "funding_kind", "scheme_category")
    names = words.AreaNames(dataset)
    schemes = dataset.support_schemes
    sources = dataset.sources[dataset.sources["id"].isin(set(schemes["source_id"]))]
    return Context(
        project=project,
        place=here,
        labels={name: words.labels(dataset, name) for name in fields},
        areas={i: names.of(c) for i, c in zip(schemes["id"], schemes["coverage_codes"], strict=True)},
        merged_regions=names.merged,
        sources={row["id"]: row for row in words.records(sources)},
    )
