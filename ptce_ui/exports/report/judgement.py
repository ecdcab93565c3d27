"""Part 8: the four lists of the AFOM, the self-assessment, the logics and the challenges."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ptce_data.study import assessment
from ptce_data.study.registries import AFOM
from ptce_data.study.suggestions import METHOD as SUGGESTION_METHOD
from ptce_ui import text
from ptce_ui.exports.document import Bullets, Callout, Heading, Paragraph, bold, italic
from ptce_ui.exports.document.model import Block
from ptce_ui.exports.report import charts, words
from ptce_ui.exports.report.facts import Facts
from ptce_ui.exports.report.studio import Studio
from ptce_ui.exports.report.words import INSEE, NBSP, OWN, TYPES, table


def swot(facts: Facts, studio: Studio) -> list[Block]:
    """Part 8."""
    return [
        *_lists(facts),
        *_suggestions(facts),
        *_scores(facts, studio),
        *_logics(facts),
        *_challenges(facts),
    ]


def _lists(facts: Facts) -> list[Block]:
    made: list[Block] = []
    items = facts.study.afom
    if not items:
        made.append(
            words.missing(
                "Les quatre listes sont vides : l’auteur les remplit à l’étape « Autodiagnostic », à la main"
                + (" ou à partir des suggestions ci-dessous." if facts.suggestions else ".")
            )
        )
        return made
    known = {s.id: s for s in facts.suggestions}
    sources = set(facts.dataset.sources["id"])
    made.append(Heading("Les quatre listes", 2))
    for key, label in AFOM.items():
        own = [i for i in items if i.list == key]
        made.append(Heading(label, 3))
        if not own:
            made.append(words.missing(f"Aucun élément dans la liste «{NBSP}{label}{NBSP}»."))
            continue
        lines: list[Any] = []
        cited: list[str] = [OWN]
        for item in own:
            parts: list[Any] = [item.text.strip() or "Sans texte"]
            if item.from_suggestion:
                parts.append(
                    italic(
                        f" (repris d’une suggestion tirée des données ; {item.figure or 'chiffre non renseigné'})"
                    )
                )
                found = known.get(item.from_suggestion)
                cited += found.source_ids if found else []
                cited += [TYPES, INSEE] if found and not found.source_ids else []
            elif item.figure:
                parts.append(italic(f" ({item.figure})"))
            cited += [s.strip() for s in item.source.split(",") if s.strip() in sources]
            lines.append(tuple(parts))
        made.append(Bullets(tuple(lines), tuple(dict.fromkeys(cited))))
    return made


def _suggestions(facts: Facts) -> list[Block]:
    taken = {i.from_suggestion for i in facts.study.afom}
    rest = [s for s in facts.suggestions if s.id not in taken]
    if not rest:
        return []
    cells = [(AFOM[s.list], s.text, s.figure) for s in rest]
    cited = [i for s in rest for i in (s.source_ids or (TYPES, INSEE))]
    return [
        Heading("Suggestions tirées des données", 2),
        Paragraph("Propositions que l’auteur n’a pas reprises, chacune avec le chiffre dont elle vient."),
        Callout("methode", SUGGESTION_METHOD),
        table("Suggestions pour l’AFOM, et leur chiffre", ("Liste", "Suggestion", "Chiffre d’où elle vient"), cells,
              widths=(1.2, 4.4, 3.2), sources=cited),
    ]  # fmt: skip


def _scores(facts: Facts, studio: Studio) -> list[Block]:
    made: list[Block] = [Heading("Autodiagnostic", 2)]
    rows = assessment.weakest_first(facts.study)
    mean = assessment.mean(facts.study)
    if mean.value is None:
        return [
            *made,
            words.missing(
                "Aucun des neuf objectifs du référentiel n’est noté : à faire à l’étape « Autodiagnostic », de 0 à 4, avec un commentaire et des preuves."
            ),
        ]
    weakest = rows[rows["score"] == rows["score"].min()]
    names = text.join([str(n) for n in weakest["label"]])
    one = len(weakest) == 1
    said = (
        f"{text.count(mean.n, 'objectif noté', 'objectifs notés')} sur {mean.total} ; moyenne : {text.number(mean.value, 1)} sur 4. "
        f"{'L’objectif le plus faible est' if one else 'Les plus faibles sont'} : {names}."
    )
    by_general = assessment.means(facts.study)
    general = [
        f"{r.label}{NBSP}: {text.number(r.mean, 1)} sur 4 ({r.n} noté{'s' * (r.n > 1)} sur {r.total})" if r.n else f"{r.label}{NBSP}: non noté"
        for r in by_general.itertuples(index=False)
    ]  # fmt: skip
    made += [Paragraph(said, (OWN,)), Bullets(tuple(general))]
    made.append(
        Callout(
            "methode",
            "Référentiel de 2012 : trois objectifs généraux et neuf objectifs principaux, notés par l’auteur. Il s’ouvre en 27 "
            "indicateurs dont nos sources ne donnent pas l’énoncé. Ranger trois objectifs sous chacun des trois généraux, dans leur ordre, est notre lecture.",
        )
    )
    alt = " ; ".join(
        f"{r.label} : {int(r.score)} sur 4" if pd.notna(r.score) else f"{r.label} : non noté"
        for r in rows.itertuples()
    )
    made.append(
        studio.chart(
            lambda c: charts.scores(c, rows), charts.scores_height(rows), "Notes des neuf objectifs, de la plus faible à la plus forte",
            f"Notes de 0 à 4. {alt}.", note="Échelle : 0, rien n’est engagé ; 1, en réflexion ; 2, engagé en partie ; 3, en place ; 4, en place et évalué.",
            sources=(OWN,),
        )
    )  # fmt: skip
    told = rows[(rows["comment"] != "") | (rows["evidence"] != "") | rows["score"].notna()]
    cells = [
        (
            r.label,
            f"{int(r.score)} / 4" if pd.notna(r.score) else "non noté",
            r.comment or "–",
            r.evidence or text.UNKNOWN_TEXT,
        )
        for r in told.itertuples(index=False)
    ]
    kept, more = words.spilled(cells)
    made.append(
        table("Commentaires et preuves de l’auteur", ("Objectif", "Note", "Commentaire", "Preuves"), kept, widths=(3, 0.9, 3.5, 2.6),
              align=("left", "right", "left", "left"), sources=(OWN,))
    )  # fmt: skip
    made += more
    return made


def _logics(facts: Facts) -> list[Block]:
    rows = assessment.logics(facts.study)
    made: list[Block] = [Heading("Les logiques et les défis", 2)]
    if rows["holds"].isna().all() and not (rows["comment"] != "").any():
        return [
            *made,
            words.missing(
                "Aucune des cinq logiques (D. Demoustier, 2013) n’est qualifiée : partage de moyens, intégration d’activités, filière, promotion de l’ESS, solidarité."
            ),
        ]
    answer = {True: "oui", False: "non"}
    cells = [
        (
            r.label,
            r.definition,
            answer[bool(r.holds)] if pd.notna(r.holds) else text.UNKNOWN_TEXT,
            r.comment or "–",
        )
        for r in rows.itertuples(index=False)
    ]
    kept, more = words.spilled(cells)
    return [
        *made,
        table("Les cinq logiques d’un PTCE (D. Demoustier, 2013)", ("Logique", "Définition", "Caractérise le projet", "Commentaire de l’auteur"),
              kept, widths=(1.8, 2.6, 1.3, 3.2), sources=(OWN,)),
        *more,
    ]  # fmt: skip


def _challenges(facts: Facts) -> list[Block]:
    rows = assessment.challenges(facts.study)
    made: list[Block] = []
    told, silent = rows[rows["note"] != ""], rows[rows["note"] == ""]
    for r in told.itertuples(index=False):
        made.append(Paragraph((bold(str(r.label)), f" – {r.definition} ", r.note), (OWN,)))
    if len(silent):
        names = text.join([words.small(str(n)) for n in silent["label"]])
        one = len(silent) == 1
        head = (
            "Les six défis d’un PTCE restent sans réponse"
            if told.empty
            else ("Un défi reste sans réponse" if one else "Des défis restent sans réponse")
        )
        made.append(words.missing(f"{head}{NBSP}: {names}."))
    return made
