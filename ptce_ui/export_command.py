"""`python -m ptce_data export`: a table, or exactly a selection of the page Carte, in an open format.

Only options here: what they need is imported when the command runs, so that its help is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.outcome import FILE, HELP, data_option

#: The keys of `opendata.FORMATS`, then those of several tables.
FORMATS: Final = ("csv", "xlsx", "geojson", "gpkg", "geoparquet", "sqlite", "zip")
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data export --format csv --table tiers_lieux --out tiers-lieux.csv
  python -m ptce_data export --format gpkg --select "region=53&nature=tiers_lieu" --out lieux.gpkg
  python -m ptce_data export --format xlsx --table poles --select "type_calcule=rural" --out poles.xlsx
  python -m ptce_data export --format zip --out tout.zip
  python -m ptce_data export --format sqlite --out atlas.sqlite

\b
--select prend ce qui suit « ? » dans l’adresse de la page Carte. Sans --table : les lieux (places) ;
pour zip, toutes les tables. sqlite écrit toujours toute la base.
Code de sortie : 0 écrit ; 2 rien n’est écrit (paramètre, valeur ou table inconnus)."""


@click.command("export", epilog=_EXAMPLES, context_settings=HELP)
@click.option("--format", "layout", type=click.Choice(FORMATS), default="csv", show_default=True,
              help="Format du fichier écrit.")  # fmt: skip
@click.option(
    "--select",
    "selected",
    metavar="REQUÊTE",
    default="",
    help="Filtres, comme dans l’adresse de la page Carte.",
)
@click.option("--table", "table", metavar="NOM", help="Table ou couche (places, poles, communes… ; une autre donne la liste).")  # fmt: skip
@click.option("--out", required=True, metavar="FICHIER", type=FILE, help="Fichier à écrire.")
@click.option("--json", "as_json", is_flag=True, help="Dit ce qui est écrit en JSON.")
@data_option
def export(layout: str, selected: str, table: str | None, out: Path, as_json: bool, donnees: Path) -> None:
    """Écrit une table ou une sélection de l’atlas dans un format ouvert.

    Chaque fichier porte sa licence, ses sources et la version des données ; les formules sont neutralisées.
    """
    from ptce_ui import text
    from ptce_ui.exports import selected as files

    try:
        names = files.names(layout, table, selected)
        dataset = outcome.dataset(donnees)
        keep = files.selection(dataset, selected)
    except files.QueryError as error:
        outcome.stop(f"Rien n’est écrit. {error}")
    with outcome.progress("Écriture", len(names) + 1) as step:
        tables = {}
        for name in names:
            tables[name] = files.rows(dataset, name, keep)
            step(name)
        size = files.save(dataset, layout, tables, selected, out)
        step(out.name)
    counts = {name: len(frame) for name, frame in tables.items()}
    if as_json:
        told = {"file": out.name, "format": layout, "bytes": size, "rows": counts, "version": dataset.version}
        outcome.print_json(told)
    else:
        said = ", ".join(f"{name} {text.number(n)}" for name, n in counts.items()) or "toute la base"
        click.echo(f"{out.name} ({text.number(max(1, size // 1024))} ko) : {said}.")
