"""`python -m ptce_data deck`: a deck as slides, ready-made or from a file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ptce_data import deck as decks
from ptce_data.deck import Deck, DeckError, DeckFileError
from ptce_data.errors import DataError
from ptce_data.load import DATA_DIR, load
from ptce_data.study import StudyFileError
from ptce_data.study import read as read_study
from ptce_ui import text
from ptce_ui.exports.slides import SlideError, TemplateError, to_pptx
from ptce_ui.scenes.slides import slides

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.study import Study

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data deck --france --out france.pptx
  python -m ptce_data deck --region 53 --out bretagne.pptx --template modele.pptx
  python -m ptce_data deck --study etude.json --out etude.pptx
  python -m ptce_data deck diaporama.json --study etude.json --out diaporama.pptx
  python -m ptce_data deck --region 53 --json-out bretagne.json

\b
Code de sortie : 0 tout est écrit ; 2 rien n’est écrit (fichier refusé, région inconnue, modèle inutilisable)."""


@click.command("deck", epilog=_EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("written_file", required=False, metavar="[DIAPORAMA.json]", type=_FILE)
@click.option("--france", is_flag=True, help="Le diaporama « Les PTCE en France ».")
@click.option("--region", metavar="CODE", help="Le diaporama d’une région, par son code Insee.")
@click.option(
    "--deck", "deck_file", metavar="JSON", type=_FILE, help="La même chose que l’argument DIAPORAMA.json."
)
@click.option("--study", "study_file", metavar="JSON", type=_FILE,
              help="Une étude enregistrée : seule, elle donne « Mon étude ».")  # fmt: skip
@click.option("--template", metavar="PPTX", type=_FILE, help="Le modèle de l’organisation.")
@click.option("--out", metavar="PPTX", type=_FILE, help="Diapositives à écrire.")
@click.option("--json-out", metavar="JSON", type=_FILE, help="Écrit le diaporama lui-même, à modifier.")
@click.option("--quiet", is_flag=True, help="N’écrit pas l’avancement.")
@click.option("--donnees", metavar="DOSSIER", default=DATA_DIR, type=_FOLDER, help="Dossier de données de l’atlas.")  # fmt: skip
@click.pass_context
def deck(
    context: click.Context,
    written_file: Path | None,
    france: bool,
    region: str | None,
    deck_file: Path | None,
    study_file: Path | None,
    template: Path | None,
    out: Path | None,
    json_out: Path | None,
    quiet: bool,
    donnees: Path,
) -> None:
    """Écrit un diaporama en diapositives PowerPoint (graphiques et tableaux modifiables, notes, sources).

    DIAPORAMA.json est un diaporama enregistré par l’atlas ; sans lui, --france, --region ou --study.
    """
    try:
        chosen = sum((france, region is not None, deck_file is not None, written_file is not None))
        if chosen > 1 or not (chosen or study_file):
            raise DeckError("Choisissez un seul diaporama : un fichier, --france, --region ou --study.")
        deck_file = deck_file or written_file
        if out is None and json_out is None:
            raise DeckError("Dites où écrire : --out pour les diapositives, --json-out pour le diaporama.")
        own = None if study_file is None else read_study(study_file.read_bytes())
        theirs = None if template is None else template.read_bytes()
        written = None if deck_file is None else decks.read(deck_file.read_bytes())
        made = _written(load(donnees), france, region, written, own, theirs, out, json_out, quiet)
    except (DeckError, DeckFileError, StudyFileError, DataError, OSError, TemplateError, SlideError) as error:
        click.echo(f"Rien n’est écrit. {_said(error)}", err=True)
        context.exit(2)
    click.echo(made)


def _written(
    dataset: Dataset, france: bool, region: str | None, written: Deck | None, own: Study | None, theirs: bytes | None,
    out: Path | None, json_out: Path | None, quiet: bool,
) -> str:  # fmt: skip
    """Make all, then write all; returns what is said of it."""
    if written is not None:
        made = written
    elif region is not None:
        made = decks.region(dataset, region)
    elif france or own is None:
        made = decks.france(dataset)
    else:
        made = decks.from_study(dataset, own)

    def progress(step: int, steps: int, label: str) -> None:
        if not quiet:
            click.echo(f"{step}/{steps} {label}", err=True)

    files: dict[Path, bytes] = {}
    if out is not None:
        drawn = slides(dataset, made, own, today=datetime.date.today(), progress=progress)
        files[out] = to_pptx(drawn, theirs)
    if json_out is not None:
        files[json_out] = decks.dump(made)
    for path, content in files.items():
        path.write_bytes(content)
    sizes = " ; ".join(f"{path.name} ({text.number(max(1, len(c) // 1024))} ko)" for path, c in files.items())
    return f"« {made.title} », {text.count(len(made.scenes), 'scène', 'scènes')} : {sizes}."


def _said(error: Exception) -> str:
    """One French sentence."""
    if isinstance(error, OSError):
        kinds = {
            FileNotFoundError: "introuvable",
            PermissionError: "accès refusé",
            IsADirectoryError: "c’est un dossier",
        }
        why = next((words for kind, words in kinds.items() if isinstance(error, kind)), error.strerror)
        return f"« {Path(str(error.filename)).name} » : {why}."
    return str(getattr(error, "reason", "") or error)
