"""Scenes of a study that show what its author said: financing, self-assessment, AFOM, roadmap."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ptce_data.study import assessment
from ptce_data.study.registries import AFOM
from ptce_ui import study_figures, study_tables, text
from ptce_ui.exports.slides.model import ChartSeries, NativeChart
from ptce_ui.scenes.model import TOP, ChartVisual, Shown, TableVisual, View, nothing, others, table
from ptce_ui.scenes.native import bars, known, told_apart

NO_STUDY: Final = "Donnez le fichier de l’étude : ces scènes montrent ce qu’elle contient."
_PER_LIST: Final = 3


def financing(view: View) -> Shown:
    """Resources and uses of each scenario and year."""
    if view.study is None:
        return nothing("Aucune étude n’est ouverte", NO_STUDY, (NO_STUDY,))
    plan = study_tables.plan(view.study)
    money = ["Ressources en argent (€)", "Emplois en argent (€)"]
    if plan.empty or not plan[money].to_numpy().any():
        return nothing(
            "Le plan de financement reste à écrire",
            "Aucun montant n’est encore entré dans les scénarios de l’étude.",
        )
    kept = plan.head(TOP)
    gaps = plan["Différence (€)"]
    short = int((gaps < -0.5).sum())
    title = (
        f"Il manque {text.euros(-gaps.min())} au plus en une année : {text.number(short)} budget{'s' if short > 1 else ''} annuel{'s' if short > 1 else ''} sur {text.number(len(plan))} {'ne s’équilibrent' if short > 1 else 'ne s’équilibre'} pas"
        if short
        else f"Les ressources couvrent les emplois chaque année, sur {text.count(plan['Scénario'].nunique(), 'scénario', 'scénarios')}"
    )
    names = told_apart(f"{s}, {y}" for s, y in zip(kept["Scénario"], kept["Année"], strict=True))
    made = (
        ChartSeries("Ressources", known(kept[money[0]]), "#0B7285"),
        ChartSeries("Emplois", known(kept[money[1]]), "#CC6677"),
    )
    alt = "Ressources et emplois en argent, par scénario et par année."
    native = NativeChart("bar", names, made, alt, "€ en argent")
    return Shown(title, "Argent seulement : le bénévolat valorisé est à part.", f"{alt} {title}.", ChartVisual(study_figures.plans(kept), native), plan, [], others(len(plan) - len(kept), "année", "années"))  # fmt: skip


def self_assessment(view: View) -> Shown:
    """The nine objectives, the AFOM or the roadmap."""
    part = {"afom": afom, "feuille": roadmap}.get(view.get("partie"), _objectives)
    return part(view)


def _objectives(view: View) -> Shown:
    if view.study is None:
        return nothing("Aucune étude n’est ouverte", NO_STUDY, (NO_STUDY,))
    rows = assessment.scores(view.study)
    whole = assessment.mean(view.study)
    facts = study_tables.scores(view.study)
    title = f"Neuf objectifs du référentiel : {study_tables.mean_text(whole)}"
    alt = "Notes de 0 à 4 des neuf objectifs du référentiel des PTCE (2012)."
    native = NativeChart("bar", told_apart(rows["label"]), (ChartSeries("Note", known(rows["score"]), "#2B4A7F"),), alt, "note de 0 à 4")  # fmt: skip
    weakest = assessment.weakest_first(view.study)
    weak = [str(n).lower() for n in weakest.loc[weakest["score"].notna(), "label"].head(2)]
    message = f"À travailler d’abord : {text.join(weak)}." if weak else "Aucun objectif n’est encore noté."
    return Shown(title, message, f"{alt} {title}.", ChartVisual(bars(native, top=4.6, unknown="non noté"), native), facts, [], "L’auteur de l’étude note ; ce qui n’est pas noté n’est jamais 0.")  # fmt: skip


def afom(view: View) -> Shown:
    """Strengths, weaknesses, opportunities, threats: the first ones of each list."""
    if view.study is None:
        return nothing("Aucune étude n’est ouverte", NO_STUDY, (NO_STUDY,))
    items = [i for i in view.study.afom if i.text.strip()]
    facts = pd.DataFrame([(AFOM[i.list], i.text) for i in items], columns=["Liste", "Élément"])
    if not items:
        return nothing(
            "L’AFOM reste à écrire",
            "L’étude ne contient encore ni atout, ni faiblesse, ni opportunité, ni menace.",
        )
    lists = {key: [i.text for i in items if i.list == key] for key in AFOM}
    rows = tuple((label, " • ".join(t if len(t) <= 130 else t[:129] + "…" for t in lists[key][:_PER_LIST]) or "rien encore") for key, label in AFOM.items())  # fmt: skip
    left = sum(max(0, len(found) - _PER_LIST) for found in lists.values())
    counted = [
        text.count(len(lists[key]), label.lower().removesuffix("s"), label.lower())
        for key, label in AFOM.items()
    ]
    visual = TableVisual(("Liste", "Ce que dit l’étude"), rows, ("left", "left"))
    return Shown(f"AFOM : {', '.join(counted)}", "Ce que l’auteur retient, chaque chiffre repris portant sa source.", f"AFOM : {', '.join(counted)}.", visual, facts, note=others(left, "élément", "éléments"))  # fmt: skip


def roadmap(view: View) -> Shown:
    """The steps, from month to month."""
    if view.study is None:
        return nothing("Aucune étude n’est ouverte", NO_STUDY, (NO_STUDY,))
    steps = view.study.roadmap
    if not steps:
        return nothing("La feuille de route reste à écrire", "Aucune étape n’est encore dans l’étude.")
    months = [
        (s.label or "Sans nom", _month(s.start), _month(s.end), s.lead or text.UNKNOWN_TEXT) for s in steps
    ]
    facts = pd.DataFrame(months, columns=["Étape", "Début", "Fin", "Pilote"])
    visual, left = table(facts)
    title = f"{text.count(len(steps), 'étape', 'étapes')} pour passer de l’étude au cluster"
    return Shown(
        title,
        f"La première : {steps[0].label or 'sans nom'}.",
        f"Feuille de route : {title}.",
        visual,
        facts,
        note=left,
    )


def _month(value: str | None) -> str:
    return text.date(value) if value else text.UNKNOWN_TEXT
