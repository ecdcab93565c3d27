"""Command line of the atlas: `python -m ptce_data COMMAND…`; see docs/ligne-de-commande.md.

A new command is a row of `COMMANDS`, and a click command in its module. One that draws is under
`ptce_ui`, and is reached through `ptce_ui.commands`, imported only when such a command is asked for.
"""

from __future__ import annotations

from typing import Final

import click

from ptce_data.commands.lazy import LazyGroup

#: Commands under `ptce_ui`, by the name of the module that finds them.
_DRAWN: Final = "ptce_ui.commands"
COMMANDS: Final = {
    "validate": ("ptce_data.commands.validate", "validate", "Vérifie un dossier de données, ou ce qu’un correctif en ferait."),
    "diff": ("ptce_data.commands.difference", "diff", "Compare deux versions des données, ligne par ligne."),
    "territories": ("ptce_data.commands.territories", "territories", "Types de territoire : classe des communes, des EPCI, des zones d’emploi."),
    "import": ("ptce_data.commands.imports", "imports", "Importe des subventions, des dispositifs ou une couche."),
    "export": (_DRAWN, "export", "Écrit une table ou une sélection de l’atlas dans un format ouvert."),
    "dispositifs": ("ptce_data.aid_standard.command", "dispositifs", "Exporte et importe des dispositifs d’aide aux formats ouverts."),
    "study": ("ptce_data.study.command", "study", "Études de faisabilité : un fichier JSON que l’atlas ouvre, enregistre et met en document."),
    "report": (_DRAWN, "report", "Écrit les documents d’une étude : PDF, Word, tableaux, couches géographiques."),
    "deck": (_DRAWN, "deck", "Écrit un diaporama en diapositives PowerPoint (graphiques et tableaux modifiables, notes, sources)."),
    "atlas-html": (_DRAWN, "atlas-html", "Écrit l’atlas en un seul fichier HTML, qui s’ouvre d’une clé USB sans réseau."),
    "sirene": ("ptce_data.sirene.command", "sirene", "Poids de l’ESS, calculé sur le répertoire Sirene de l’Insee."),
    "db": ("ptce_store.command", "db", "Base du travail enregistré : mise à jour, sauvegarde, restauration, déménagement, vérification."),
    "scdl": ("ptce_data.scdl.command", "scdl", "Ancien nom de « import subventions »."),
}  # fmt: skip


class _Commands(LazyGroup):
    """The only place where the two layers meet: drawing commands are asked of `ptce_ui.commands`."""

    def imported(self, module: str, attribute: str) -> click.Command:
        if module != _DRAWN:
            return super().imported(module, attribute)
        # Reading files must not wait for the drawing libraries.
        from ptce_ui.commands import COMMANDS as drawn

        return drawn[attribute]


@click.group(
    cls=_Commands,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Exemples :
  python -m ptce_data validate
  python -m ptce_data export --select "region=53&nature=tiers_lieu" --format gpkg --out lieux.gpkg
  python -m ptce_data diff donnees-2025.zip data

L’aide d’une commande : python -m ptce_data COMMANDE --help""",
)
def main() -> None:
    """Données de l’Atlas de la coopération économique territoriale, en ligne de commande."""


if __name__ == "__main__":
    main(prog_name="python -m ptce_data")
