"""`python -m ptce_data diff`: what changed between two versions of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.archives import ArchiveError, opened
from ptce_data.commands.outcome import DATA_DIR, FILE, FINE, FOUND, HELP

_PATH: Final = click.Path(path_type=Path)
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data diff ancien/data
  python -m ptce_data diff donnees-2025.zip data --format csv --out changements.csv
  git worktree add ../avant v1.0 && python -m ptce_data diff ../avant/data data

\b
Code de sortie, comme diff(1) : 0 rien ne change ; 1 des différences ; 2 rien n’a pu être comparé."""


@click.command("diff", epilog=_EXAMPLES, context_settings=HELP)
@click.argument("old", metavar="ANCIEN", type=_PATH)
@click.argument("new", metavar="[NOUVEAU]", required=False, default=DATA_DIR, type=_PATH)
@click.option("--format", "layout", type=click.Choice(["markdown", "json", "csv"]), default="markdown",
              show_default=True, help="Format du résultat.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="La même chose que --format json.")
@click.option("--rows", default=200, show_default=True, type=click.IntRange(0, 1_000_000), metavar="N",
              help="Lignes montrées par table, en Markdown.")  # fmt: skip
@click.option("--out", metavar="FICHIER", type=FILE, help="Fichier à écrire, au lieu de la sortie.")
@click.pass_context
def diff(
    context: click.Context, old: Path, new: Path, layout: str, as_json: bool, rows: int, out: Path | None
) -> None:
    """Compare deux versions des données, ligne par ligne.

    ANCIEN et NOUVEAU sont des dossiers de données, ou un ZIP d’un tel dossier ; sans NOUVEAU, les données
    de l’atlas. Les lignes se reconnaissent à leur clé ; une ligne modifiée est dite champ par champ. Les
    couches géographiques sont comparées par code et par contour.
    """
    from ptce_data import changes, changewords
    from ptce_data.shapechanges import LayerError

    try:
        with opened(old) as before, opened(new) as after:
            for folder in (before, after):
                outcome.checked_folder(folder)
            files = changes.files(before, after)
            with outcome.progress("Comparaison", len(files)) as step:
                found = changes.compare(before, after, step)
    except (ArchiveError, changes.ChangesError, LayerError) as error:
        outcome.stop(str(error))
    if as_json or layout == "json":
        made = json.dumps(changewords.as_json(found), ensure_ascii=False, indent=2) + "\n"
    elif layout == "csv":
        made = changewords.as_csv(found)
    else:
        made = changewords.as_markdown(found, rows)
    outcome.write(out, made)
    context.exit(FINE if found.same else FOUND)
