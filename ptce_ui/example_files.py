"""Worked examples, made of the rows of the atlas alone: nothing in them is invented. No Streamlit here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import deck as decks
from ptce_data.budget import RESOURCES, USES
from ptce_data.budget.table import COLUMNS
from ptce_data.deck import Deck
from ptce_data.study import Study
from ptce_ui import exports, study_start, text

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What the title of an example begins with, in every file it becomes.
MARK: Final = "Exemple – "
#: What the name of an example's file begins with.
FILE_MARK: Final = "exemple-"
#: The territory of the example of a study: rural, over two regions, with a pôle and tiers-lieux.
PLACE: Final = "epci:243500741"
#: The rows of the example of a layer are the tiers-lieux of this département.
DEPARTEMENT: Final = "35"


def is_example(title: str) -> bool:
    """Whether a title, or the name of a file, is that of an example."""
    return title.startswith((MARK, FILE_MARK))


def study(dataset: Dataset, today: dt.date) -> Study | None:
    """A study of Redon Agglomération: its territory, and nothing said in anybody's place; None without it."""
    return study_start.begun(dataset, PLACE, today=today, before=MARK)


def deck(dataset: Dataset) -> Deck:
    """The ready-made deck on France, under a title that says what it is."""
    made = decks.france(dataset)
    return made.replace(title=f"{MARK}{made.title}"[:300])


def layer(dataset: Dataset) -> tuple[str, bytes] | None:
    """Name and content of a CSV file of tiers-lieux of the atlas, with headers as people write them.

    Its rows are in the atlas already, which is what the import then says of them. None where there are none.
    """
    rows = dataset.tiers_lieux[dataset.tiers_lieux["departement_code"] == DEPARTEMENT]
    if rows.empty:
        return None
    labels = text.Labels(dataset.categories)
    communes = dataset.communes.set_index("commune_insee")["name"]
    made = pd.DataFrame(
        {
            "Nom du lieu": rows["name"],
            "Genre": rows["kind"].map(
                lambda v: labels.of("tiers_lieu_kind", v) if isinstance(v, str) else ""
            ),
            "Commune": rows["commune_insee"].map(communes),
            "Code INSEE": rows["commune_insee"],
            "Longitude": rows["lon"],
            "Latitude": rows["lat"],
            "Site": rows["website"],
        }
    )
    names = dict(zip(dataset.departements["departement_code"], dataset.departements["name"], strict=True))
    where = text.slug(str(names.get(DEPARTEMENT, DEPARTEMENT)))
    return f"{FILE_MARK}tiers-lieux-{where}.csv", exports.csv_bytes(made)


def budget_columns() -> pd.DataFrame:
    """What each column of the model of a budget holds, and an allowed word: no figure."""
    label, side, category, nature, volunteer, ends = COLUMNS
    rows = [
        (label, "Ce que la ligne est, en vos mots", "libre"),
        (side, "D’où vient l’argent, ou à quoi il sert", "Ressources, Emplois"),
        (
            category,
            "Le poste, pour comparer avec les mix documentés",
            f"{len(RESOURCES)} ressources ({next(iter(RESOURCES.values()))}…), {len(USES)} emplois "
            f"({next(iter(USES.values()))}…)",
        ),
        (nature, "Ce que l’aide paie, si une aide publique le dit", "vide, Fonctionnement, Investissement"),
        (volunteer, "Le temps bénévole chiffré : jamais ajouté à l’argent", "vide, oui"),
        (ends, "Fin d’une aide accordée pour un temps : l’atlas prévient de la marche à franchir", "une année, ou vide"),
        ("2026, 2027…", "Le montant de l’année, en euros", "un nombre ; vide ou 0 : rien cette année-là"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Colonne", "Ce qu’elle dit", "Ce qu’elle accepte"])
