"""The command line as a whole: what it lists, how it says errors, how little it imports."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from ptce_data.__main__ import COMMANDS, main
from ptce_data.commands.imports import _TABLE as IMPORTS
from ptce_data.commands.outcome import DATA_DIR
from ptce_data.load import DATA_DIR as LOADED
from ptce_ui.commands import COMMANDS as DRAWN
from tests.cli.conftest import Run

TOP = click.Context(main)


def first_line(command: click.Command) -> str:
    return (command.help or "").partition("\n")[0]


@pytest.mark.parametrize("name", [n for n in COMMANDS if n != "scdl"])
def test_the_list_says_what_each_command_says_of_itself(name: str) -> None:
    command = main.get_command(TOP, name)
    assert command is not None and first_line(command) == COMMANDS[name][2]


def test_every_drawing_command_is_listed() -> None:
    assert {n for n, row in COMMANDS.items() if row[0] == "ptce_ui.commands"} == set(DRAWN)
    assert all(COMMANDS[n][1] == n for n in DRAWN)


@pytest.mark.parametrize(
    "path", [*([n] for n in COMMANDS), *(["import", n] for n in IMPORTS), ["territories", "build"], ["dispositifs", "import"]],
    ids=" ".join,
)  # fmt: skip
def test_help_is_french_with_examples_and_exit_codes(run: Run, path: list[str]) -> None:
    shown = run(*path, "--help")
    assert shown.exit_code == 0
    assert "Usage :" in shown.output and "Affiche cette aide." in shown.output
    assert "Show this message" not in shown.output and "[required]" not in shown.output
    command: click.Command | None = main
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(TOP, name)
    if not isinstance(command, click.Group):
        assert f"python -m ptce_data {path[0]}"[:22] in shown.output and "Code de sortie" in shown.output


def test_help_imports_no_heavy_library() -> None:
    script = (
        "import sys; from ptce_data.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'geopandas', 'shapely', 'pandera', 'matplotlib', 'ptce_ui', 'streamlit'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert "HEAVY []" in done.stdout and "validate" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dif"], "Cette commande n’existe pas. Commandes : validate, diff"),
        (["diff"], "Il manque l’argument ANCIEN."),
        (["validate", "--jsn"], "L’option « --jsn » n’existe pas."),
        (["export"], "Il manque l’option « --out »."),
        (["export", "--format", "pdf", "--out", "x"], "L’option « --format » : attendu csv, xlsx"),
        (["validate", "a", "b"], "Il y a des mots de trop : b."),
        (["export", "--out"], "L’option « --out » demande une valeur."),
        (["diff", "absent", "absent"], "« absent » est introuvable."),
        (["import", "colis"], "Cette commande n’existe pas. Commandes : subventions"),
        (["study", "new", "--zone", "9999", "--out", "x"], "L’option « --zone » : attendu un nombre de 0 à"),
    ],
)  # fmt: skip
def test_a_wrong_use_is_one_french_sentence(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(said), done.stderr
    assert done.stdout == ""


def test_the_folder_of_data_is_the_one_that_is_loaded() -> None:
    assert DATA_DIR == LOADED


def test_old_names_still_work(run: Run) -> None:
    for path in (["scdl"], ["dispositifs", "import"], ["import", "subventions"], ["import", "dispositifs"]):
        assert run(*path, "--help").exit_code == 0
        assert run(*path).exit_code == 2
