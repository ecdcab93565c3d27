"""Commands that draw: `python -m ptce_data atlas-html`, `deck`, `report`. `ptce_data.__main__` imports this when it needs it.

A new command is a click command, added to `COMMANDS` below. No Streamlit here.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import click

from ptce_data.load import DATA_DIR, load
from ptce_ui import text
from ptce_ui.exports.report.command import report
from ptce_ui.exports.standalone import StandaloneError, standalone
from ptce_ui.exports.standalone.shapes import FRANCE
from ptce_ui.scenes.command import deck

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data atlas-html --out atlas.html
  python -m ptce_data atlas-html --region 53 --out bretagne.html

\b
Code de sortie : 0 le fichier est écrit ; 2 rien n’est écrit (région inconnue, dossier absent)."""


@click.command("atlas-html", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", required=True, metavar="HTML", type=click.Path(path_type=Path, dir_okay=False),
              help="Fichier à écrire.")  # fmt: skip
@click.option("--region", metavar="CODE", help="Code Insee d’une région ; par défaut, toute la France.")
@click.option("--title", metavar="TEXTE", help="Titre de la page ; par défaut, celui du territoire.")
@click.option("--donnees", metavar="DOSSIER", default=DATA_DIR, type=_FOLDER, help="Dossier de données de l’atlas.")  # fmt: skip
@click.pass_context
def atlas_html(
    context: click.Context, out: Path, region: str | None, title: str | None, donnees: Path
) -> None:
    """Écrit l’atlas en un seul fichier HTML, qui s’ouvre d’une clé USB sans réseau."""
    dataset = load(donnees)
    places = dataset.places if region is None else dataset.places[dataset.places["region_code"] == region]
    locatives = dict(zip(dataset.region_codes["region_code"], dataset.region_codes["locative"], strict=True))
    where = locatives.get(region or "", "en France")
    try:
        made = standalone(
            dataset,
            places,
            title=title or f"La coopération économique {where}",
            scope=region or FRANCE,
            made_on=datetime.date.today(),
        )
        out.write_bytes(made)
    except (StandaloneError, OSError) as error:
        click.echo(f"Rien n’est écrit. {error}", err=True)
        context.exit(2)
    signs = text.count(len(places), "objet", "objets")
    click.echo(f"{out.name} : {signs}, {text.number(len(made) / 1e6, 1)} Mo, sans aucune requête extérieure.")


COMMANDS: Final[dict[str, click.Command]] = {"atlas-html": atlas_html, "report": report, "deck": deck}
