"""`python -m ptce_data validate`: every fault of a folder of data."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ptce_data.commands import outcome
from ptce_data.commands.outcome import DATA_DIR, FINE, FOLDER, FOUND, HELP

if TYPE_CHECKING:
    from ptce_data.errors import Fault
    from ptce_data.load import Dataset

_EXAMPLES: Final = """\b
Exemples :
  python -m ptce_data validate
  python -m ptce_data validate mes-donnees --json > fautes.json
  python -m ptce_data validate --patch proposition.zip

\b
Code de sortie : 0 les données sont saines ; 1 elles ont des fautes, toutes nommées ;
2 rien n’a pu être vérifié (dossier absent, correctif illisible)."""


@click.command(epilog=_EXAMPLES, context_settings=HELP)
@click.argument("folder", required=False, metavar="[DOSSIER]", default=DATA_DIR, type=FOLDER)
@click.option("--patch", metavar="ZIP", type=click.Path(path_type=Path),
              help="Correctif (ZIP ou dossier) dont les lignes seraient ajoutées ; rien n’est modifié.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Écrit le résultat en JSON.")
@click.pass_context
def validate(context: click.Context, folder: Path, patch: Path | None, as_json: bool) -> None:
    """Vérifie un dossier de données, ou ce qu’un correctif en ferait.

    Sans argument, les données de l’atlas. Toutes les fautes de tous les fichiers sont dites, avec leur
    fichier, leur ligne, leur champ, la valeur lue et ce qui était attendu.
    """
    outcome.checked_folder(folder)
    # Checking needs pandas and pandera; showing the help does not.
    from ptce_data.load import load

    added: Mapping[str, int] | None = None
    if patch is None:
        dataset = load(folder, tolerant=True)
        faults = [fault for found in dataset.faults.values() for fault in found]
    else:
        dataset, faults, added = _patched(patch, folder)
    if as_json:
        outcome.print_json(_told(dataset, faults, added))
    else:
        click.echo(_said(dataset, faults, added, folder))
    context.exit(FOUND if faults else FINE)


def _patched(patch: Path, folder: Path) -> tuple[Dataset, list[Fault], Mapping[str, int]]:
    from ptce_data.commands.archives import ArchiveError, opened
    from ptce_data.patches import PatchError, check

    try:
        with opened(patch) as inside:
            made = check(inside, folder, patch.name)
    except (ArchiveError, PatchError) as error:
        outcome.stop(str(error))
    return made.dataset, list(made.faults), made.added


def _rows(dataset: Dataset) -> dict[str, int]:
    from ptce_data import schema

    return {name: len(getattr(dataset, name)) for name in schema.TABLES}


def _told(dataset: Dataset, faults: Iterable[Fault], added: Mapping[str, int] | None) -> dict[str, Any]:
    listed = [dataclasses.asdict(fault) | {"message": str(fault)} for fault in faults]
    made: dict[str, Any] = {
        "sound": not listed,
        "version": dataset.version,
        "count": len(listed),
        "faults": listed,
    }
    return made if added is None else {**made, "added": dict(added)}


def _said(dataset: Dataset, faults: list[Fault], added: Mapping[str, int] | None, folder: Path) -> str:
    from ptce_data.territories.french import number

    head = ""
    if added is not None:
        ones = ", ".join(f"{name} {number(count)}" for name, count in added.items())
        head = f"Lignes que le correctif ajoute : {ones or 'aucune'}.\n"
    if not faults:
        rows = number(sum(_rows(dataset).values()))
        return f"{head}{folder.name} : aucune faute, {rows} lignes lues (version {dataset.version})."
    count = "1 faute" if len(faults) == 1 else f"{number(len(faults))} fautes"
    return head + "\n".join([f"{folder.name} : {count}.", *(f"{fault} [{fault.rule}]" for fault in faults)])
