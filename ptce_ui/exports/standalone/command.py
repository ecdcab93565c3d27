"""`python -m ptce_data atlas-html`: the atlas as one file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import click

from ptce_data.commands.outcome import FILE, HELP, data_option, dataset, stop
from ptce_ui import text
from ptce_ui.exports.standalone import StandaloneError, standalone
from ptce_ui.exports.standalone.shapes import FRANCE

_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data atlas-html --out atlas.html
  python -m ptce_data atlas-html --region 53 --out bretagne.html

\b
Code de sortie : 0 le fichier est écrit ; 2 rien n’est écrit (région inconnue, dossier absent)."""


@click.command("atlas-html", epilog=_EXAMPLES, context_settings=HELP)
@click.option("--out", required=True, metavar="HTML", type=FILE, help="Fichier à écrire.")
@click.option("--region", metavar="CODE", help="Code Insee d’une région ; par défaut, toute la France.")
@click.option("--title", metavar="TEXTE", help="Titre de la page ; par défaut, celui du territoire.")
@data_option
def atlas_html(out: Path, region: str | None, title: str | None, donnees: Path) -> None:
    """Écrit l’atlas en un seul fichier HTML, qui s’ouvre d’une clé USB sans réseau."""
    data = dataset(donnees)
    places = data.places if region is None else data.places[data.places["region_code"] == region]
    locatives = dict(zip(data.region_codes["region_code"], data.region_codes["locative"], strict=True))
    where = locatives.get(region or "", "en France")
    try:
        made = standalone(
            data,
            places,
            title=title or f"La coopération économique {where}",
            scope=region or FRANCE,
            made_on=datetime.date.today(),
        )
        out.write_bytes(made)
    except (StandaloneError, OSError) as error:
        stop(f"Rien n’est écrit. {error}")
    signs = text.count(len(places), "objet", "objets")
    click.echo(f"{out.name} : {signs}, {text.number(len(made) / 1e6, 1)} Mo, sans aucune requête extérieure.")
