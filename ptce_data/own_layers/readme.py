"""The text that goes with a proposal: what it holds, what it lacks, how to check it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from ptce_data.own_layers.model import TARGETS, OwnLayer
from ptce_data.territories.french import NBSP

_FILES = {
    "duplicates.csv": "décisions « lien » et « distinct » à ajouter à data/duplicates.csv.",
    "sources.csv": "la source à ajouter à data/sources.csv, à compléter.",
    "a-decider.csv": "lignes qui ressemblent à des objets de l’atlas, pas encore décidées ; non proposées.",
    "complements.csv": "ce que votre fichier dit d’objets déjà dans l’atlas et que l’atlas ne dit pas, "
    "ou dit autrement ; rien n’y est changé.",
    "LISEZMOI.txt": "ce texte.",
}


def readme(
    layer: OwnLayer,
    made_on: datetime.date,
    *,
    proposed: int,
    undecided: int,
    same: int,
    pairs: int,
    missing: Mapping[tuple[str, str], int],
    formulas: int,
    files: tuple[str, ...],
) -> bytes:
    """Return LISEZMOI.txt (UTF-8, LF); counts are of rows, `missing` maps (file, field) to rows without it."""
    name = " ".join(f"{layer.name} ({layer.filename})".split())[:200]
    lines = [
        "Proposition de lignes pour l’Atlas de la coopération économique territoriale",
        "",
        f"Fichier d’origine : {name}",
        f"Nature des lignes : {TARGETS[layer.target]}",
        f"Préparée le : {made_on.isoformat()}",
        "",
        f"Lignes lues : {layer.report.read} ; comprises : {layer.report.kept} ; "
        f"refusées : {layer.report.read - layer.report.kept}.",
        f"Lignes proposées : {proposed}. Déjà dans l’atlas selon vous : {same}. Encore à décider : {undecided}. "
        f"Décisions sur des paires : {pairs}.",
        "",
        "Contenu",
        *(
            f"- {one} : {_FILES.get(one, f'lignes à ajouter à la fin de data/{one}, même en-tête.')}"
            for one in sorted({*files, "LISEZMOI.txt"})
        ),
        "",
        "À compléter avant l’envoi (champs obligatoires vides ; rien n’a été inventé)",
        *(
            f"- {file}, champ {field} : {count} ligne{'s' * (count > 1)}."
            for (file, field), count in missing.items()
        ),
        "- sources.csv, champ licence : la licence du fichier d’origine n’est pas connue ; indiquez-la si elle "
        "existe.",
        "Les valeurs permises sont dans data/codes/categories.csv et docs/dictionnaire.md.",
        "",
        "Vérifier",
        "    python -m ptce_data validate --patch FICHIER.zip",
        "La commande ajoute ces lignes aux tables en mémoire, dit toutes les anomalies, et n’écrit rien.",
        "",
        "Licence",
        "Les données de l’atlas sont publiées sous Licence Ouverte 2.0. En envoyant ce fichier, vous dites que "
        "vous avez le droit de publier ces lignes sous cette licence, et qu’elles ne contiennent pas de donnée "
        "personnelle.",
        "",
        "Formules",
        "Les cellules sont écrites telles quelles, sans apostrophe de protection : ces fichiers sont lus par un "
        "programme, et un caractère ajouté fausserait les données.",
        f"Cellules qu’un tableur prendrait pour une formule : {formulas}. Dans un tableur, n’ouvrez pas les "
        "fichiers d’un double-clic : importez-les en déclarant toutes les colonnes « texte ».",
        "",
    ]
    return "\n".join(lines).replace(" :", f"{NBSP}:").replace(" ;", f"{NBSP};").encode("utf-8")
