"""`python -m ptce_data scdl`: the import of subsidies from the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Final

import click

from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, load
from ptce_data.scdl.matching import CONFIRME, REJETE, DecisionError, Matches, match
from ptce_data.scdl.reader import Import, read
from ptce_data.scdl.values import YEARS
from ptce_data.scdl.words import as_json, as_text

#: Exit codes: every row is kept; some are refused; a file (or the decisions) cannot be read.
FINE, REFUSED, UNREADABLE = 0, 1, 2

_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data scdl subventions-2023.csv
  python -m ptce_data scdl ville.csv region.xlsx --json > rapport.json
  python -m ptce_data scdl ville.csv --refused refus.csv
  python -m ptce_data scdl votes.csv --attribuant "Ville d’Exemple" --annee 2022
  python -m ptce_data scdl ville.csv --decisions decisions.csv

\b
Code de sortie : 0 toutes les lignes sont gardées ; 1 des lignes sont refusées ;
2 un fichier est illisible. Le détail : docs/import-subventions.md."""


@click.command(epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, metavar="FICHIER…", type=click.Path(path_type=Path))
@click.option("--json", "as_json_", is_flag=True, help="Écrit le rapport et les rapprochements en JSON.")
@click.option("--refused", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False),
              help="Écrit les lignes refusées, telles quelles, avec leurs motifs.")  # fmt: skip
@click.option("--attribuant", metavar="NOM", help="Attribuant des fichiers qui ne le disent pas.")
@click.option("--annee", metavar="AAAA", type=click.IntRange(*YEARS), help="Année des fichiers sans date.")
@click.option("--decisions", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False),
              help="Décisions sur les rapprochements : colonnes « cle » et « decision » (confirme ou rejete).")  # fmt: skip
@click.option("--donnees", metavar="DOSSIER", default=DATA_DIR, type=click.Path(path_type=Path, file_okay=False),
              help="Dossier de données de l’atlas.")  # fmt: skip
@click.pass_context
def scdl(
    context: click.Context,
    files: tuple[Path, ...],
    as_json_: bool,
    refused: Path | None,
    attribuant: str | None,
    annee: int | None,
    decisions: Path | None,
    donnees: Path,
) -> None:
    """Importe des subventions publiques au standard SCDL (CSV ou tableur).

    Dit ce que sont devenues toutes les lignes (lues, gardées, réparées, refusées) et les rapproche
    des pôles, des tiers-lieux et des clusters de l’atlas.
    """
    imported = read(files, funder=attribuant, year=annee)
    try:
        matches = match(imported.rows, load(donnees), _decisions(decisions))
    except (DataError, DecisionError) as error:
        click.echo(str(error), err=True)
        context.exit(UNREADABLE)
    if refused is not None:
        refused.write_bytes(imported.report.refused_csv())
    click.echo(_written(imported, matches, as_json_))
    if imported.report.unreadable:
        context.exit(UNREADABLE)
    context.exit(REFUSED if imported.report.refused else FINE)


def _written(imported: Import, matches: Matches, in_json: bool) -> str:
    if not in_json:
        return as_text(imported, matches)
    made: dict[str, Any] = as_json(imported, matches)
    return json.dumps(made, ensure_ascii=False, indent=2, allow_nan=False)


def _decisions(path: Path | None) -> dict[str, str]:
    """Read a CSV file of decisions. Raises DecisionError."""
    if path is None:
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            handle.seek(0)
            rows = list(csv.DictReader(handle, delimiter=";" if ";" in first else ","))
    except (OSError, UnicodeDecodeError) as error:
        raise DecisionError(f"{path.name} : décisions illisibles ({error})") from None
    made: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        key, word = row.get("cle"), row.get("decision")
        if not key or word not in (CONFIRME, REJETE, ""):
            raise DecisionError(f"{path.name}, ligne {line} : attendu une clé et « confirme » ou « rejete »")
        if word:
            made[key] = word
    return made
