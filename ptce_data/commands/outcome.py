"""How commands end and show their progress: one sentence, one code, a bar only where somebody watches."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Where the data are, unless said otherwise; the same folder as `ptce_data.load.DATA_DIR`.
DATA_DIR: Final = Path(__file__).resolve().parents[2] / "data"
#: Exit codes, as diff(1) has them: nothing to say; something found; the command could not do its work.
FINE, FOUND, UNUSABLE = 0, 1, 2
HELP: Final = {"help_option_names": ["-h", "--help"]}
FOLDER: Final = click.Path(path_type=Path, file_okay=False)
FILE: Final = click.Path(path_type=Path, dir_okay=False)
Step = Callable[[str], None]


def stop(sentence: str) -> NoReturn:
    """End with code 2 and one sentence on the error stream."""
    click.echo(sentence, err=True)
    raise click.exceptions.Exit(UNUSABLE)


def checked_folder(folder: Path) -> Path:
    """The folder, if it may be one of data; ends the command otherwise."""
    if not folder.is_dir():
        stop(f"Le dossier « {folder.name or folder} » n’existe pas.")
    if not (folder / "sources.csv").is_file() and not (folder / "poles.csv").is_file():
        stop(f"Le dossier « {folder.name or folder} » n’est pas un dossier de données : il n’a ni sources.csv ni poles.csv.")  # fmt: skip
    return folder


def dataset(folder: Path) -> Dataset:
    """Load a folder of data; ends the command with the faults, in French, when it is not sound."""
    from ptce_data.errors import DataError
    from ptce_data.load import load

    try:
        return load(checked_folder(folder))
    except DataError as error:
        stop(f"{error}\nLe détail : python -m ptce_data validate.")


@contextlib.contextmanager
def progress(label: str, steps: int) -> Iterator[Step]:
    """A bar on the error stream, on a terminal only; the function it gives takes the name of a step done."""
    with click.progressbar(
        length=steps, label=label, show_eta=False, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def step(name: str) -> None:
            bar.label = name
            bar.update(1)

        yield step


def print_json(made: Any) -> None:
    """Write for machines: UTF-8, accents as they are, no NaN."""
    click.echo(json.dumps(made, ensure_ascii=False, indent=2, allow_nan=False))


def write(out: Path | None, content: str) -> None:
    """Write to a file in UTF-8, or to the standard output."""
    if out is None:
        click.echo(content, nl=not content.endswith("\n"))
    else:
        out.write_bytes(content.encode("utf-8"))


def data_option(command: Any) -> Any:
    """The option `--donnees`."""
    return click.option(
        "--donnees", metavar="DOSSIER", default=DATA_DIR, type=FOLDER, help="Dossier de données de l’atlas."
    )(command)
