"""The self-assessment: the nine main objectives and their scores, the five logics, the six challenges."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ptce_data.study.model import Study
from ptce_data.study.registries import CHALLENGES, GENERAL_OBJECTIVES, LOGICS, OBJECTIVES, SCORES


@dataclass(frozen=True)
class Mean:
    """The mean of the scores given: `value` (0 to 4) over `n` scored of `total`, None where n is 0."""

    value: float | None
    n: int
    total: int


def scores(study: Study) -> pd.DataFrame:
    """Return the nine objectives in the order of the référentiel.

    Columns: objective, label, question, general, general_label, score (Int64, missing when not scored),
    score_label, comment, evidence.
    """
    said = {s.objective: s for s in study.assessment}
    rows = []
    for key, objective in OBJECTIVES.items():
        own = said.get(key)
        score = own.score if own else None
        rows.append(
            (
                key,
                objective.label,
                objective.question,
                objective.general,
                GENERAL_OBJECTIVES[objective.general],
                score,
                "Non noté" if score is None else SCORES[score],
                own.comment if own else "",
                own.evidence if own else "",
            )
        )
    columns = [
        "objective",
        "label",
        "question",
        "general",
        "general_label",
        "score",
        "score_label",
        "comment",
        "evidence",
    ]
    return pd.DataFrame(rows, columns=columns).astype({"score": "Int64"})


def weakest_first(study: Study) -> pd.DataFrame:
    """Return the rows of `scores`, the lowest score first, then those not scored, each in their order."""
    return scores(study).sort_values("score", kind="stable", na_position="last", ignore_index=True)


def mean(study: Study, general: str | None = None) -> Mean:
    """Return the mean of the scores given, of all objectives or of those of one general objective."""
    wanted = [key for key, o in OBJECTIVES.items() if general in (None, o.general)]
    given = [s.score for s in study.assessment if s.objective in wanted and s.score is not None]
    return Mean(sum(given) / len(given) if given else None, len(given), len(wanted))


def means(study: Study) -> pd.DataFrame:
    """Return the mean by general objective: general, label, mean (NaN without score), n, total."""
    rows = [(key, label, mean(study, key)) for key, label in GENERAL_OBJECTIVES.items()]
    columns = ["general", "label", "mean", "n", "total"]
    made = pd.DataFrame([(k, label, m.value, m.n, m.total) for k, label, m in rows], columns=columns)
    return made.astype({"mean": "float64"})


def logics(study: Study) -> pd.DataFrame:
    """Return the five logics: logic, label, definition, holds (boolean, missing when not said), comment."""
    said = {answer.logic: answer for answer in study.logics}
    rows = [
        (
            key,
            topic.label,
            topic.definition,
            said[key].holds if key in said else None,
            said[key].comment if key in said else "",
        )
        for key, topic in LOGICS.items()
    ]
    made = pd.DataFrame(rows, columns=["logic", "label", "definition", "holds", "comment"])
    return made.astype({"holds": "boolean"})


def challenges(study: Study) -> pd.DataFrame:
    """Return the six challenges: challenge, label, definition, note (empty when not said)."""
    said = {answer.challenge: answer.note for answer in study.challenges}
    rows = [(key, t.label, t.definition, said.get(key, "")) for key, t in CHALLENGES.items()]
    return pd.DataFrame(rows, columns=["challenge", "label", "definition", "note"])
