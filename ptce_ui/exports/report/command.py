"""`python -m ptce_data report`: a study's file made into its documents."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Final

import click

from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, load
from ptce_data.study import Study, StudyFileError, read
from ptce_ui import text
from ptce_ui.exports.report.documents import FORMATS, ReportError, documents

#: Exit codes: every document is written; some are not; the study (or the folder) is refused.
FINE, SOME, REFUSED = 0, 1, 2
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data report etude.json --out documents
  python -m ptce_data report etude.json --out documents --only pdf,docx

\b
Code de sortie : 0 tous les documents sont écrits ; 1 un ou plusieurs n’ont pas pu l’être ;
2 rien n’est écrit (étude refusée, format inconnu, dossier impossible)."""


@click.command("report", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("study_file", metavar="ÉTUDE.json", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DOSSIER", type=click.Path(path_type=Path, file_okay=False),
              help="Dossier où écrire, créé s’il n’existe pas.")  # fmt: skip
@click.option(
    "--only", metavar="FORMATS", help=f"Formats à écrire, entre virgules, parmi {', '.join(FORMATS)}."
)
@click.option("--donnees", metavar="DOSSIER", default=DATA_DIR, type=click.Path(path_type=Path, file_okay=False),
              help="Dossier de données de l’atlas.")  # fmt: skip
@click.pass_context
def report(context: click.Context, study_file: Path, out: Path, only: str | None, donnees: Path) -> None:
    """Écrit les documents d’une étude : PDF, Word, tableaux, couches géographiques."""
    wanted = (
        tuple(FORMATS) if only is None else tuple(f.strip().lower() for f in only.split(",") if f.strip())
    )
    unknown = [f for f in wanted if f not in FORMATS]
    if unknown or not wanted:
        listed = ", ".join(unknown) or "aucun"
        _stop(context, f"Formats attendus, parmi {', '.join(FORMATS)} ; reçu : {listed}.")
    study = _study(context, study_file)
    try:
        out.mkdir(parents=True, exist_ok=True)
        dataset = load(donnees)
    except OSError as error:
        _stop(context, f"Le dossier {out.name} ne peut être créé : {error.strerror}.")
    except DataError as error:
        _stop(context, str(error))
    code, fault = FINE, ""
    with click.progressbar(
        length=100, label="Préparation", show_eta=False, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        before = 0

        def progress(step: int, total: int, label: str) -> None:
            nonlocal before
            now = 100 * step // max(1, total)
            bar.label = label
            bar.update(now - before)
            before = now

        try:
            made = documents(dataset, study, today=datetime.date.today(), only=wanted, progress=progress)
        except ReportError as error:
            made, code, fault = error.made, SOME, str(error)
    for name, content in made.items():
        try:
            (out / name).write_bytes(content)
        except OSError as error:
            _stop(context, f"{name} ne peut être écrit : {error.strerror}.")
        click.echo(f"{name} : {text.number(max(1, len(content) // 1024))} ko")
    if fault:
        click.echo(fault, err=True)
    context.exit(code if made else REFUSED)


def _study(context: click.Context, path: Path) -> Study:
    """Read the study, or stop with one sentence."""
    try:
        return read(path.read_bytes())
    except StudyFileError as error:
        _stop(context, str(error))
    except OSError as error:
        _stop(context, f"{path.name} ne peut être lu : {error.strerror}.")
    raise AssertionError


def _stop(context: click.Context, sentence: str) -> None:
    click.echo(sentence, err=True)
    context.exit(REFUSED)
