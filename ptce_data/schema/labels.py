"""Model of the waves of labels: SPL, pôles de compétitivité, grappes, PRIDES, PTCE, Fabriques, Manufactures."""

from __future__ import annotations

import pandas as pd

from ptce_data.schema import fields as f
from ptce_data.schema.fields import Table, Text, Whole


class LabelWaves(Table):
    """Modèle de data/label_waves.csv : une ligne par vague d'un label."""

    id: Text = f.row_id()
    label: Text = f.column("Label", "Famille de label.", required=True, category="label_family")
    name: Text = f.name("Nom de la vague.")
    definition: Text = f.column("Définition", "Ce que le label désigne, avec nos mots.", required=True)
    operator: Text = f.column(
        "Porteur", "Institution ou texte qui porte ou reconnaît le label.", required=True
    )
    level: Text = f.column("Échelon", "Échelon du porteur.", required=True, category="scheme_level")
    region_code: Text = f.region()
    start_year: Whole = f.year(
        "Début", "Année de l'appel, ou première année de la phase ; vide quand un appel aux PTCE la donne."
    )
    end_year: Whole = f.year(
        "Fin", "Année des derniers labels de la vague, ou dernière année de la phase ; vide : inconnue."
    )
    status: Text = f.column(
        "Statut",
        "Statut à la date de publication de la source, et non d'aujourd'hui.",
        required=True,
        category="scheme_status",
    )
    labelled_count: Whole = f.count("Retenus", "Nombre de lieux, de pôles ou de réseaux retenus.", "retenus")
    next_ids: Text = f.column(
        "Vague suivante", "Vague suivante du même label.", link="label_waves", listed=True
    )
    scheme_ids: Text = f.column(
        "Dispositifs",
        "Lignes de support_schemes.csv qui décrivent la vague.",
        link="support_schemes",
        listed=True,
    )
    programme_id: Text = f.column(
        "Appel aux PTCE",
        "Appel qui a fait la vague : ses années et son nombre de lauréats sont dans programmes.csv.",
        link="programmes",
    )
    note: Text = f.note()
    confidence: Text = f.confidence()
    source_id: Text = f.source()

    class Config:
        """Title and description of the table."""

        title = "Vagues de labels"
        description = "Une ligne par vague d'un label de coopération territoriale, depuis les systèmes productifs locaux."

    @f.row_rule("annees", "start_year", "une première année avant la dernière")
    def _years_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        return f.ordered(frame, "start_year", "end_year")

    @f.row_rule("appel", "programme_id", "un appel ou des années, jamais les deux")
    def _years_in_one_table(cls, frame: pd.DataFrame) -> pd.Series:
        own = frame[["start_year", "end_year", "labelled_count"]].notna().any(axis=1)
        return ~(frame["programme_id"].notna() & own)
