"""Scenes of the home page and of the page Données."""

from __future__ import annotations

import pandas as pd

from ptce_data import query
from ptce_data.selection import EVERYTHING
from ptce_ui import datasheet, text
from ptce_ui import home as said
from ptce_ui.scenes.model import FiguresVisual, Shown, View, sentence
from ptce_ui.scenes.model import table as as_table


def figures(view: View) -> Shown:
    """The key figures with their limits."""
    counts = query.counts(query.places(view.dataset, EVERYTHING))
    made = said.figures(view.dataset, counts)
    facts = pd.DataFrame(made, columns=["Chiffre", "Valeur", "Ce que c’est, et n’est pas"])
    title = (
        f"L’atlas documente {text.count(counts['pole'], 'PTCE', 'PTCE')}, "
        f"{text.count(counts['tiers_lieu'], 'tiers-lieu', 'tiers-lieux')} et {text.count(counts['cluster'], 'cluster', 'clusters')}"
    )
    alt = " ; ".join(f"{name} : {value}" for name, value, _ in made)
    message = "Ce que des sources publiques nomment, doublons réunis : une collecte, non un recensement."
    return Shown(title, message, f"{alt}.", FiguresVisual(tuple(made)), facts, said.source_ids(view.dataset))


def table(view: View) -> Shown:
    """One table of the data: its size, and how far each field is filled."""
    name = str(view.get("table"))
    rows = datasheet.rows(view.dataset, name)
    missing = datasheet.completeness(rows, name)
    label = datasheet.titles()[name]
    facts = pd.DataFrame(
        {
            "Champ": missing["Intitulé"],
            "Renseignées": missing["Renseignées"],
            "Lignes": missing["Lignes"],
            "Part renseignée": [text.percent(v) for v in missing["Part"]],
        }
    )
    visual, left = as_table(facts, 9)
    lines = text.count(len(rows), "ligne", "lignes")
    message = (
        f"{lines} ; {datasheet.filled(missing)} des cellules portent une valeur qu’une source donne. "
        "Les champs les moins renseignés d’abord : une case vide veut dire inconnu, jamais zéro."
    )
    alt = f"Tableau des champs de « {label} » et de la part des lignes où ils sont renseignés."
    return Shown(
        f"« {label} » : {lines}", sentence(message), alt, visual, facts, datasheet.source_ids(rows), left
    )
