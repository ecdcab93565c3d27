"""Model of the glossary: the domain's words, what they mean, who says so."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from ptce_data.schema import fields as f
from ptce_data.schema.fields import Flag, Table, Text
from ptce_data.text import fold, split_codes


class Glossary(Table):
    """Modèle de data/glossary.csv : un mot du domaine."""

    id: Text = f.row_id("Nom court, stable, unique dans la table ; il est dans l'adresse : ?mot=….")
    term: Text = f.column("Mot", "Le mot, au singulier et au masculin.", required=True)
    other_forms: Text = f.column(
        "Autres formes",
        "Sigle développé, autre nom ; le pluriel et le féminin sont reconnus sans être écrits.",
        listed=True,
    )
    definition: Text = f.column("Définition", "Ce que le mot désigne, avec nos mots.", required=True)
    is_linked: Flag = f.column(
        "Lié là où il apparaît",
        "Vrai : le mot devient un lien dans les textes de l'atlas ; faux : mot trop courant.",
        required=True,
    )
    related_ids: Text = f.column("Mots voisins", "Mots à lire ensuite.", link="glossary", listed=True)
    see_page: Text = f.column("Page", "Page de l'atlas où le mot sert.", pattern=f.PAGE)
    method: Text = f.column(
        "Méthode",
        "Page de docs qui dit comment l'atlas emploie le mot, quand il est le sien.",
        pattern=f.METHOD,
    )
    source_id: Text = f.source(description="Source de la définition.", required=False)

    class Config:
        """Title and description of the table."""

        title = "Glossaire"
        description = (
            "Une ligne par mot du domaine : sa définition, avec nos mots, et sa source ou notre méthode."
        )

    @f.row_rule("origine", "source_id", "une source, ou la méthode de l'atlas")
    def _said_by_somebody(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["source_id"].notna() | frame["method"].notna()

    @f.row_rule(
        "forme", "term", "un mot et des formes qu'aucune autre ligne n'a, accents et majuscules à part"
    )
    def _one_meaning_per_form(cls, frame: pd.DataFrame) -> pd.Series:
        cells = zip(frame["term"], frame["other_forms"], strict=True)
        rows = [[fold(form) for form in (str(term), *split_codes(others))] for term, others in cells]
        seen = Counter(form for forms in rows for form in forms)
        return pd.Series([all(seen[form] == 1 for form in forms) for forms in rows], index=frame.index)

    @f.row_rule("voisin", "related_ids", "d'autres mots que celui de la ligne")
    def _related_to_others(cls, frame: pd.DataFrame) -> pd.Series:
        pairs = zip(frame["id"], frame["related_ids"], strict=True)
        return pd.Series([own not in split_codes(ids) for own, ids in pairs], index=frame.index)
