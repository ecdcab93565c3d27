"""`python -m ptce_data dispositifs`: schemes to and from the open standards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click
import pandas as pd

from ptce_data.aid_standard.aides import read_aides_territoires
from ptce_data.aid_standard.export import export
from ptce_data.aid_standard.files import MAX_BYTES
from ptce_data.aid_standard.said import as_json, as_text, export_text
from ptce_data.aid_standard.standard import read_standard
from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, load
from ptce_data.text import neutralise

#: Exit codes, those of `scdl`: every row is kept; some are refused; the file cannot be read or written.
FINE, REFUSED, UNREADABLE = 0, 1, 2
_READERS: Final = {"standard": read_standard, "aides-territoires": read_aides_territoires}
_SELECTED: Final = ("region_code", "level", "category", "status", "funding_kind", "id")
_HELP: Final = {"help_option_names": ["-h", "--help"]}

_EXPORT: Final = """\b
Exemples :
  python -m ptce_data dispositifs export --format csv --out dispositifs.csv
  python -m ptce_data dispositifs export --format json --out bretagne.json --select region_code=53
  python -m ptce_data dispositifs export --out etat-ouverts.csv --select level=etat --select status=open

\b
Plusieurs valeurs d’un champ : --select level=region,departement. Plusieurs champs : tous doivent tenir.
Code de sortie : 0 écrit ; 2 rien n’a pu être écrit."""

_IMPORT: Final = """\b
Exemples :
  python -m ptce_data dispositifs import dispositifs.csv
  python -m ptce_data dispositifs import page.json --format aides-territoires --out aides.csv
  python -m ptce_data dispositifs import dispositifs.xlsx --json > rapport.json

\b
Code de sortie : 0 toutes les lignes sont gardées ; 1 des lignes sont refusées ;
2 le fichier est illisible. Le détail : docs/dispositifs-standards.md."""


def _data_option(command: Any) -> Any:
    return click.option(
        "--donnees", metavar="DOSSIER", default=DATA_DIR, type=click.Path(path_type=Path, file_okay=False),
        help="Dossier de données de l’atlas.",
    )(command)  # fmt: skip


@click.group(context_settings=_HELP)
def dispositifs() -> None:
    """Exporte et importe des dispositifs d’aide aux formats ouverts."""


@dispositifs.command("export", epilog=_EXPORT, context_settings=_HELP)
@click.option("--format", "layout", type=click.Choice(["csv", "json"]), default="csv", show_default=True,
              help="Format du fichier écrit.")  # fmt: skip
@click.option("--out", required=True, metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False),
              help="Fichier à écrire.")  # fmt: skip
@click.option("--select", "selected", multiple=True, metavar="CHAMP=VALEURS",
              help=f"Ne garde que des dispositifs ; champs : {', '.join(_SELECTED)}.")  # fmt: skip
@click.option("--socle", is_flag=True, help="N’écrit que les 15 champs du standard, sans colonnes atlas_.")
@_data_option
@click.pass_context
def export_(
    context: click.Context, layout: str, out: Path, selected: tuple[str, ...], socle: bool, donnees: Path
) -> None:
    """Écrit les dispositifs de l’atlas au standard national « dispositif d’aide » 0.2.0."""
    try:
        dataset = load(donnees)
        made = export(dataset, _select(dataset.support_schemes, selected))
        out.write_bytes(made.csv(own=not socle) if layout == "csv" else made.json(own=not socle))
    except (DataError, OSError) as error:
        click.echo(str(error), err=True)
        context.exit(UNREADABLE)
    click.echo(export_text(made, out.name))


@dispositifs.command("import", epilog=_IMPORT, context_settings=_HELP)
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option("--format", "layout", type=click.Choice(list(_READERS)), default="standard", show_default=True,
              help="Format du fichier lu.")  # fmt: skip
@click.option("--json", "as_json_", is_flag=True, help="Écrit le rapport et les lignes en JSON.")
@click.option("--out", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False),
              help="Écrit les lignes gardées, aux colonnes de l’atlas et « imported_from ».")  # fmt: skip
@click.option("--refused", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False),
              help="Écrit les refus : ligne, champ, valeur, motif.")  # fmt: skip
@_data_option
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    layout: str,
    as_json_: bool,
    out: Path | None,
    refused: Path | None,
    donnees: Path,
) -> None:
    """Lit un fichier de dispositifs et dit ce que devient chaque ligne ; l’atlas n’est pas modifié."""
    try:
        with file.open("rb") as handle:
            # One byte more than the most that is read: the reader then says that it is too large.
            content = handle.read(MAX_BYTES + 1)
        found = _READERS[layout](load(donnees), content, file.name)
        if out is not None:
            out.write_bytes(safe_csv(found.rows))
        if refused is not None:
            refused.write_bytes(found.report.refused_csv())
    except (DataError, OSError) as error:
        click.echo(str(error), err=True)
        context.exit(UNREADABLE)
    if as_json_:
        click.echo(json.dumps(as_json(found), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        click.echo(as_text(found))
    if found.report.unreadable is not None:
        context.exit(UNREADABLE)
    context.exit(REFUSED if found.report.refused else FINE)


def safe_csv(rows: pd.DataFrame) -> bytes:
    """Write rows as CSV (UTF-8, commas), formulas neutralised."""
    return rows.map(neutralise).to_csv(index=False, lineterminator="\n").encode("utf-8")


def _select(schemes: pd.DataFrame, selected: tuple[str, ...]) -> pd.DataFrame:
    for one in selected:
        name, found, values = one.partition("=")
        if not found or name not in _SELECTED:
            raise click.BadParameter(f"« {one} » : attendu CHAMP=VALEURS, avec {', '.join(_SELECTED)}")
        schemes = schemes[schemes[name].isin(values.split(","))]
    return schemes
