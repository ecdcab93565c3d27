"""Step 7 of a study: nine objectives scored, five logics, six challenges, AFOM, roadmap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from ptce_data.study import ChallengeNote, LogicAnswer, Score, assessment
from ptce_data.study.registries import CHALLENGES, GENERAL_OBJECTIVES, LOGICS, OBJECTIVES, SCORES
from ptce_ui import frame, glossary, study_afom, study_figures, study_poles, study_tables, text
from ptce_ui.desk import Desk

PARTS: Final = {
    "objectifs": "Neuf objectifs",
    "logiques": "Logiques et défis",
    "afom": "AFOM",
    "feuille": "Feuille de route",
}
#: Code of an answer that is not given, first in every choice.
_NOT_SAID: Final = ""
HOLDS: Final = {_NOT_SAID: "Non dit", "oui": "Oui", "non": "Non"}
_HOLDS_VALUES: Final = {"oui": True, "non": False}
_FACTS: Final = 4
_WORDS: Final = (("Commentaire", "comment"), ("Preuves", "evidence"))


def draw(desk: Desk) -> list[str]:
    """One part at a time; returns the ids of the sources it shows."""
    parts: dict[str, Callable[[Desk], list[str]]] = {
        "objectifs": _objectives,
        "logiques": _topics,
        "afom": study_afom.draw,
        "feuille": study_afom.roadmap,
    }
    st.segmented_control(
        "Partie de l’autodiagnostic", list(PARTS), key=desk.state.key("partie"), required=True,
        format_func=PARTS.__getitem__,
    )  # fmt: skip
    return parts[desk.state.get("partie")](desk)


def _one(
    desk: Desk, name: str, label: str, value: str, choices: dict[str, str], save: Callable[[str], Any]
) -> None:
    """One among a few, all of them visible."""
    key = desk.key(name)
    st.segmented_control(
        label, list(choices), default=value, key=key, required=True, format_func=choices.__getitem__,
        on_change=desk.state.on_typed(key, lambda v: save(str(v or _NOT_SAID))),
    )  # fmt: skip


# --- objectives -------------------------------------------------------------------------------------


def _objectives(desk: Desk) -> list[str]:
    st.markdown(
        glossary.linked(
            "Le référentiel des PTCE (2012) pose trois objectifs généraux et neuf principaux. Ses indicateurs ne sont pas "
            "dans nos sources : la note porte sur l’objectif, et c’est la vôtre. Ce qui n’est pas noté reste « non noté », "
            "jamais 0."
        )
    )
    st.caption("Échelle : " + " · ".join(f"{n} {words.lower()}" for n, words in SCORES.items()) + ".")
    _picture(desk)
    rows = assessment.scores(desk.study)
    for number, (general, title) in enumerate(GENERAL_OBJECTIVES.items()):
        mean = assessment.mean(desk.study, general)
        # One general objective at a time until something is scored: nine cards at once are slow and long.
        drawer = st.expander(
            f"**{title}** – {'moyenne : ' if mean.n else ''}{study_tables.mean_text(mean)}", expanded=number == 0 or mean.n > 0,
            key=desk.key(f"objectif|{general}"), on_change="rerun",
        )  # fmt: skip
        if drawer.open:
            with drawer:
                for row in rows[rows["general"] == general].to_dict("records"):
                    _objective(desk, row)
    return []


def _picture(desk: Desk) -> None:
    study = desk.study
    rows = assessment.scores(study)
    whole = assessment.mean(study)
    if whole.n == 0:
        st.info(
            "Aucun objectif n’est encore noté : notez-en un ci-dessous, l’image et la liste se rempliront."
        )
        return
    st.markdown(f"**Moyenne : {study_tables.mean_text(whole)}**")
    left, right = st.columns([3, 2])
    with left:
        frame.chart(
            study_figures.scores(rows), "Notes des neuf objectifs du référentiel",
            "Autodiagnostic de l’auteur de l’étude ; référentiel des PTCE (2012).",
        )  # fmt: skip
    with right:
        st.markdown("#### Les plus faibles d’abord")
        weakest = assessment.weakest_first(study)
        scored = weakest[weakest["score"].notna()]
        st.markdown(
            "\n".join(
                f"1. {label} : {score} – {words.lower()}"
                for label, score, words in zip(
                    scored["label"], scored["score"], scored["score_label"], strict=True
                )
            )
        )
        rest = weakest.loc[weakest["score"].isna(), "label"].tolist()
        if rest:
            st.markdown("Non notés : " + ", ".join(rest) + ".")
    with st.expander("Les notes en tableau"):
        shown = study_tables.scores(study, weakest=True)
        frame.table(shown, alt="Notes, commentaires et preuves par objectif, les plus faibles d’abord")
        frame.table_downloads("autodiagnostic", shown, desk.dataset, [], "Autodiagnostic")


def _objective(desk: Desk, row: dict[Any, Any]) -> None:
    key, label = str(row["objective"]), str(row["label"])
    score = _NOT_SAID if row["score_label"] == "Non noté" else str(row["score"])
    choices = {_NOT_SAID: "Non noté", **{str(n): str(n) for n in SCORES}}
    with st.container(border=True):
        left, right = st.columns([2, 3])
        with left:
            st.markdown(f"**{label}**  \n{row['question']}")
        with right:
            _one(
                desk, f"note|{key}", f"Note : {label}", score, choices,
                lambda v: _scored(desk, key, score=int(v) if v else None),
            )  # fmt: skip
            st.caption(row["score_label"])
        _said_about(desk, key, label, row)


def _said_about(desk: Desk, key: str, label: str, row: dict[Any, Any]) -> None:
    """Comment and evidence: read in place, written when opened (eighteen open fields are slow and long)."""
    written = [f"**{name} :** {text.escape_markdown(row[field])}" for name, field in _WORDS if row[field]]
    if written:
        st.markdown("\n\n".join(written))
    verb = "Modifier" if written else "Ajouter"
    drawer = st.popover(
        f"{verb} un commentaire, des preuves", key=desk.key(f"dire|{key}"), icon=":material/edit_note:",
        on_change="rerun",
    )  # fmt: skip
    if not drawer.open:
        return
    with drawer:
        desk.area_text(
            f"commentaire|{key}", f"Commentaire : {label}", row["comment"],
            lambda v: _scored(desk, key, comment=v), height=110,
        )  # fmt: skip
        desk.area_text(
            f"preuves|{key}", f"Preuves : {label}", row["evidence"],
            lambda v: _scored(desk, key, evidence=v), height=110,
            placeholder="Document, chiffre, délibération, convention…",
        )  # fmt: skip


def _scored(desk: Desk, objective: str, **changes: Any) -> None:
    said = {s.objective: s for s in desk.study.assessment}
    said[objective] = study_tables.changed(said.get(objective, Score(objective=objective)), **changes)
    desk.update(assessment=tuple(said[k] for k in OBJECTIVES if k in said))


# --- logics and challenges --------------------------------------------------------------------------


def _topics(desk: Desk) -> list[str]:
    st.subheader("Les cinq logiques")
    st.markdown("Elles caractérisent le projet (D. Demoustier, 2013) ; plusieurs peuvent valoir ensemble.")
    for row in assessment.logics(desk.study).to_dict("records"):
        _logic(desk, str(row["logic"]), row)
    st.subheader("Les six défis")
    st.markdown("Ce sont les questions ouvertes du projet. " + text.escape_markdown(study_poles.FACTS_NOTE))
    area = desk.area()
    near = () if area is None else tuple(_alike(desk))
    ids: list[str] = []
    for row in assessment.challenges(desk.study).to_dict("records"):
        ids += _challenge(desk, str(row["challenge"]), row, near)
    return ids


def _logic(desk: Desk, key: str, row: dict[Any, Any]) -> None:
    label, answer = row["label"], row["holds"]
    holds = _NOT_SAID if pd.isna(answer) else "oui" if answer else "non"
    with st.container(border=True):
        left, right = st.columns([2, 3])
        with left:
            st.markdown(f"**{label}**  \n{row['definition']}")
            _one(
                desk, f"logique|{key}", f"Cette logique vaut : {label}", holds, HOLDS,
                lambda v: _answered(desk, key, holds=_HOLDS_VALUES.get(v)),
            )  # fmt: skip
        with right:
            desk.area_text(
                f"logique-note|{key}", f"Commentaire : {label}", row["comment"],
                lambda v: _answered(desk, key, comment=v), height=110,
            )  # fmt: skip


def _alike(desk: Desk) -> list[str]:
    """Pôles kept in the study, then those of the same type of territory: their facts come first."""
    area = desk.area()
    if area is None:
        return []
    labels = text.Labels(desk.dataset.categories)
    rows = study_poles.alike(desk.dataset, area, labels, study_poles.main_types(area), (), ())
    return [*desk.study.inspiring_poles, *rows["uid"]]


def _answered(desk: Desk, logic: str, **changes: Any) -> None:
    said = {a.logic: a for a in desk.study.logics}
    said[logic] = study_tables.changed(said.get(logic, LogicAnswer(logic=logic)), **changes)
    desk.update(logics=tuple(said[k] for k in LOGICS if k in said))


def _noted(desk: Desk, challenge: str, note: str) -> None:
    said = {c.challenge: c for c in desk.study.challenges}
    said[challenge] = ChallengeNote(challenge=challenge, note=note)
    desk.update(challenges=tuple(said[k] for k in CHALLENGES if k in said))


def _challenge(desk: Desk, key: str, row: dict[Any, Any], near: tuple[str, ...]) -> list[str]:
    facts = study_poles.facts(desk.dataset, key, near)
    with st.container(border=True):
        left, right = st.columns([2, 3])
        with left:
            st.markdown(f"**{row['label']}**  \n{row['definition']}")
            desk.area_text(
                f"defi|{key}", f"Où en est le projet : {row['label']}", row["note"], lambda v: _noted(desk, key, v),
                height=140,
            )  # fmt: skip
        with right:
            st.markdown("Ce que des pôles documentés ont fait")
            if not facts:
                st.caption("Rien dans les sources lues : cela ne veut pas dire que rien n’a été fait.")
            for fact in facts[:_FACTS]:
                st.markdown(_said(desk, fact))
            if len(facts) > _FACTS:
                with st.expander(f"Et {len(facts) - _FACTS} de plus : {row['label'].lower()}"):
                    for fact in facts[_FACTS:]:
                        st.markdown(_said(desk, fact))
    return [i for fact in facts for i in fact.source_ids]


def _said(desk: Desk, fact: study_poles.Fact) -> str:
    source = study_tables.source_names(desk.dataset, fact.source_ids)
    return (
        f"- **{text.escape_markdown(fact.pole)}** : {text.escape_markdown(fact.text)} "
        f"(source : {text.escape_markdown(source)})"
    )
