"""`python -m ptce_data sirene`: compute the weight of the ESS from a stock of the Sirene register."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.outcome import FOLDER, HELP, data_option
from ptce_data.sirene.errors import SireneError
from ptce_data.sirene.store import FOLDER as RESULTS

_BUILD: Final = """\b
Exemples :
  python -m ptce_data sirene build --stock sirene-2026-10
  python -m ptce_data sirene build --stock sirene-2026-10 --previous sirene-2021-10
  python -m ptce_data sirene build --stock sirene-2026-10 --engine pyspark:spark://maitre:7077

\b
DOSSIER tient StockEtablissement et StockUniteLegale (Parquet, ou CSV). Une course arrêtée laisse l’ancien
résultat en place ; relancée, elle reprend où elle en était.
Code de sortie : 0 le résultat est écrit ; 2 rien n’est écrit. La méthode : docs/poids-de-l-ess.md."""
_CHECK: Final = """\b
Code de sortie : 0 le stock peut être lu ; 2 il ne peut pas l’être."""


@click.group(context_settings=HELP)
def sirene() -> None:
    """Poids de l’ESS, calculé sur le répertoire Sirene de l’Insee."""


@sirene.command("build", epilog=_BUILD, context_settings=HELP)
@click.option("--stock", required=True, metavar="DOSSIER", type=FOLDER, help="Les deux fichiers stock.")
@click.option("--engine", default="duckdb", show_default=True, metavar="MOTEUR",
              help="duckdb, pyspark ou pyspark:ADRESSE.")  # fmt: skip
@click.option("--previous", metavar="DOSSIER", type=FOLDER, help="Un stock plus ancien, pour l’évolution.")
@click.option("--out", default=RESULTS, metavar="DOSSIER", type=FOLDER, help="Où écrire ; par défaut, là où l’application lit.")  # fmt: skip
@click.option("--date", metavar="AAAA-MM-JJ", type=click.DateTime(["%Y-%m-%d"]), help="Date du stock, s’il ne la dit pas.")  # fmt: skip
@click.option("--previous-date", metavar="AAAA-MM-JJ", type=click.DateTime(["%Y-%m-%d"]), help="Celle de l’ancien stock.")  # fmt: skip
@click.option("--threshold", default=3, show_default=True, type=click.IntRange(2, 100), metavar="N",
              help="Secret statistique : plus petit nombre montré.")  # fmt: skip
@click.option("--allow-synthetic", is_flag=True, hidden=True, help="Pour les tests.")
@click.option("--json", "as_json", is_flag=True, help="Écrit le compte rendu en JSON.")
@data_option
def build(
    stock: Path, engine: str, previous: Path | None, out: Path, date: Any, previous_date: Any, threshold: int,
    allow_synthetic: bool, as_json: bool, donnees: Path,
) -> None:  # fmt: skip
    """Calcule les indicateurs et remplace l’ancien résultat, à la fin seulement."""
    try:
        from ptce_data.sirene import build as work

        plan = work.plan(stock, engine, previous, out)
        with outcome.progress("Lecture du répertoire", plan.steps) as step:
            made = work.build(
                plan, out, data_dir=outcome.checked_folder(donnees), threshold=threshold, date=_day(date),
                previous_date=_day(previous_date), allow_synthetic=allow_synthetic, step=step,
            )  # fmt: skip
    except ImportError:
        outcome.stop("Le calcul demande ibis-framework et duckdb : pip install 'ibis-framework[duckdb]'.")
    except SireneError as error:
        outcome.stop(str(error))
    except OSError as error:
        outcome.stop(f"Le calcul s’est arrêté : {error.strerror or error}. L’ancien résultat est intact.")
    if as_json:
        outcome.print_json(made)
    else:
        click.echo("\n".join(_lines(made)))


@sirene.command("check", epilog=_CHECK, context_settings=HELP)
@click.argument("folder", metavar="DOSSIER", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Écrit le résultat en JSON.")
def check(folder: Path, as_json: bool) -> None:
    """Dit si un stock peut être lu, sans rien calculer."""
    from ptce_data.sirene.files import open_stock

    try:
        found = open_stock(folder)
    except SireneError as error:
        outcome.stop(str(error))
    files = {"etablissement": found.etablissement, "unite_legale": found.unite_legale}
    if as_json:
        outcome.print_json(
            {
                "synthetic": found.is_synthetic,
                **{k: {"file": f.path.name, "rows": f.rows, "csv": f.is_csv} for k, f in files.items()},
            }
        )
        return
    for file in files.values():
        rows = "CSV" if file.rows is None else f"{_number(file.rows)} lignes"
        click.echo(f"{file.path.name} : {rows}, {len(file.columns)} colonnes, lisible.")
    if found.is_synthetic:
        click.echo("Ce stock est synthétique : son résultat ne se montre pas dans l’application.")


def _day(given: Any) -> str | None:
    return None if given is None else given.date().isoformat()


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _lines(made: dict[str, Any]) -> list[str]:
    from ptce_data.sirene.counting import REASONS

    report = made["report"][0]
    lines = [
        f"Répertoire au {made['dates'][0]} ({made['engine']['name']} {made['engine']['version']}) : "
        f"{_number(report['active'])} établissements actifs.",
        f"Secret statistique : les nombres de moins de {made['threshold']} sont masqués, et de quoi les protéger.",
    ]
    lost = {name: n for name, n in report["not_placed"].items() if n}
    if lost:
        said = ", ".join(f"{REASONS[name]} {_number(n)}" for name, n in lost.items())
        lines.append(f"Hors des communes de 2025 : {said}.")
    unknown = report["unknown_codes"]
    if unknown:
        listed = ", ".join(f"{code} ({n})" for code, n in list(unknown.items())[:20])
        lines.append(
            f"Codes de commune inconnus ({len(unknown)}) : {listed}{', …' if len(unknown) > 20 else ''}."
        )
    if report["former_codes"]:
        lines.append(
            f"Anciens codes et arrondissements ramenés à leur commune : {_number(report['former_codes'])}."
        )
    for name, said in (("ceased_units", "d’une unité légale cessée"), ("absent_units", "sans unité légale")):
        if report[name]:
            lines.append(f"Établissements actifs {said}, non comptés : {_number(report[name])}.")
    if made["synthetic"]:
        lines.append("STOCK SYNTHÉTIQUE : ce résultat ne se montre pas.")
    return lines
