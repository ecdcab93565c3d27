"""The workbook of a study: every table behind the document, one sheet each, with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data import query
from ptce_data.funding.mixes import parts_frame, samples
from ptce_data.opendata.workbook import xlsx_bytes
from ptce_data.study import assessment, scenarios
from ptce_ui.exports.report import ess, words
from ptce_ui.exports.report.facts import Facts

if TYPE_CHECKING:
    from ptce_data.study import Study


def sheets(facts: Facts) -> dict[str, pd.DataFrame]:
    """Sheet name -> frame; columns are named as in the data. A sheet without rows keeps its columns."""
    study, area = facts.study, facts.area
    made: dict[str, pd.DataFrame] = {}
    if area is not None:
        made |= {
            "Communes": area.communes, "Alentours": area.surroundings, "Types": area.types, "Intercommunalités": area.epci,
            "Lieux": facts.places, "Agencement": facts.arrangement,
        }  # fmt: skip
        if facts.access is not None:
            made |= {"Accès": facts.access.shares, "Accès par commune": facts.access.communes}
            if facts.access.isochrone is not None:
                made["Contour d’accès"] = facts.access.isochrone
        made["Dispositifs"] = facts.covering
        for n, search in enumerate(facts.searches, 1):
            if search.result is not None:
                more = f" {n}" if len(facts.searches) > 1 else ""
                made[f"Adéquation{more}"] = search.result.ranked.assign(recherche=search.asked)
        if facts.peers is not None:
            made["Comparables"] = facts.peers.frame
    made |= {
        "Pôles inspirants": facts.poles, "Financements publiés": parts_frame([*facts.mixes, *samples(facts.dataset)]),
        "AFOM": _items(study, "afom", ["id", "list", "text", "from_suggestion", "figure", "source"]), "Suggestions": _suggestions(facts),
        "Autodiagnostic": assessment.scores(study), "Logiques": assessment.logics(study), "Défis": assessment.challenges(study),
        "Scénarios": scenarios.totals(study), "Mesures": scenarios.compared(study), "Alertes": scenarios.warnings(study),
    }  # fmt: skip
    for n, scenario in enumerate(study.scenarios, 1):
        made[f"Plan {n} {scenario.name}"] = scenarios.plan(scenario)
    made["Feuille de route"] = _items(study, "roadmap", ["id", "label", "start", "end", "lead", "note"])
    weight = ess.sheet(study)
    if len(weight):
        made["Poids de l’ESS"] = weight
    made["Sources"] = _sources(facts, made)
    return made


def workbook(facts: Facts) -> bytes:
    """The workbook as bytes: the same facts give the same bytes."""
    study = facts.study
    about = [
        ("Étude", study.title), ("Organisation", study.organisation or "non renseignée"),
        ("Fait le", facts.today.isoformat()), ("Version des données", facts.dataset.version_said),
        ("Cases vides", "Une case vide veut dire inconnu, jamais zéro ni non."),
        ("Origine", "Colonne « origin » : atlas, calcul (computed) ou ajout de l’auteur (ajout, user)."),
        ("Hors du classeur", "Population : Insee 2022 (Mayotte : 2017). Limites et superficies : IGN, Insee 2025. Types de territoire : calcul de l’atlas."),
        ("Licence", "Tables de l’atlas : Licence Ouverte 2.0. Ce que l’auteur a ajouté reste à lui."),
    ]  # fmt: skip
    if facts.area is None:
        about.append(("Périmètre", facts.refusal))
    return xlsx_bytes(sheets(facts), about)


def _items(study: Study, field: str, columns: list[str]) -> pd.DataFrame:
    rows = [[getattr(item, c) for c in columns] for item in getattr(study, field)]
    return pd.DataFrame(rows, columns=columns)


def _suggestions(facts: Facts) -> pd.DataFrame:
    columns = [
        "id",
        "list",
        "text",
        "indicator",
        "value",
        "unit",
        "reference",
        "reference_label",
        "source_ids",
        "evidence",
    ]
    return pd.DataFrame([[getattr(s, c) for c in columns] for s in facts.suggestions], columns=columns)


def _sources(facts: Facts, made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the table of sources that any sheet cites."""
    cited: list[str] = []
    for frame in made.values():
        for column in ("source_id", "source_ids"):
            if column in frame:
                cells = frame[column].tolist()
                cited += words.ids(["|".join(c) if isinstance(c, tuple) else c for c in cells])
    return query.sources(facts.dataset, cited)
