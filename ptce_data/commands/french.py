"""What click says in English, in French: headings of the help, and errors of usage."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click
from click.exceptions import BadParameter, FileError, MissingParameter, NoSuchOption, UsageError

_HEADINGS: Final = {"Options": "Options", "Commands": "Commandes", "Arguments": "Arguments"}
_WORDS: Final = (
    ("Show this message and exit.", "Affiche cette aide."),
    ("[required]", "[obligatoire]"),
    ("[default: ", "[par défaut : "),
    ("; required]", " ; obligatoire]"),
)
_WHY: Final = {
    FileNotFoundError: "introuvable",
    PermissionError: "accès refusé",
    IsADirectoryError: "c’est un dossier, un fichier est attendu",
    NotADirectoryError: "c’est un fichier, un dossier est attendu",
}


class FrenchFormatter(click.HelpFormatter):
    """Help with French headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage."""
        words = args.replace("COMMAND [ARGS]...", "COMMANDE [ARGUMENTS]…")
        super().write_usage(prog, words, "Usage : " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)} :\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of terms with their meaning."""
        super().write_dl([(term, _translated(words)) for term, words in rows], col_max, col_spacing)


class FrenchContext(click.Context):
    """A context whose help is in French."""

    formatter_class = FrenchFormatter


def _translated(words: str) -> str:
    for english, french in _WORDS:
        words = words.replace(english, french)
    return words


def said(error: Exception) -> str | None:
    """One French sentence for an error of usage or of files, or None for an error that is a bug.

    Errors of our own (DataError, TerritoryError…) are French already: they are ValueErrors of ours.
    """
    if isinstance(error, UsageError):
        where = "" if error.ctx is None else f"\nL’aide : {error.ctx.command_path} --help"
        return _usage(error) + where
    if isinstance(error, FileError):
        return f"« {Path(error.ui_filename).name} » ne peut être ouvert."
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, OSError):
        return _file(error)
    ours = type(error).__module__.partition(".")[0] in ("ptce_data", "ptce_ui")
    return str(error) if ours else None


def _usage(error: UsageError) -> str:
    if isinstance(error, NoSuchOption):
        close = f" Peut-être : {_listed(error.possibilities)}." if error.possibilities else ""
        return f"L’option « {error.option_name} » n’existe pas.{close}"
    if isinstance(error, MissingParameter):
        return f"Il manque {_name(error)}."
    if isinstance(error, BadParameter) and error.param is None:
        return error.message
    if isinstance(error, BadParameter):
        return f"{_name(error)} : {_bad(error)}".replace("l’", "L’", 1)
    if type(error).__name__ == "NoSuchCommand" or error.message.startswith("No such command"):
        known = error.ctx.command.list_commands(error.ctx) if error.ctx is not None and isinstance(
            error.ctx.command, click.Group) else []  # fmt: skip
        return f"Cette commande n’existe pas. Commandes : {_listed(known)}."
    if error.message.startswith("Missing command"):
        return "Il manque le nom d’une commande."
    if error.message.startswith("Got unexpected extra argument"):
        extra = error.message.partition("(")[2].rstrip(").")
        return f"Il y a des mots de trop : {extra}."
    if "requires an argument" in error.message:
        return f"L’option « {getattr(error, 'option_name', '')} » demande une valeur."
    return error.message


def _bad(error: BadParameter) -> str:
    kind: Any = None if error.param is None else error.param.type
    if error.message and not error.message.isascii():
        return error.message  # ours: French sentences carry typographic signs
    if isinstance(kind, click.Choice):
        return f"attendu {_listed(str(c) for c in kind.choices)}."
    if isinstance(kind, click.Path):
        return "ce fichier ou ce dossier n’existe pas, ou n’est pas de ce genre."
    if isinstance(kind, click.IntRange | click.FloatRange):
        return f"attendu un nombre de {kind.min:g} à {kind.max:g}."
    return error.message


def _name(error: BadParameter) -> str:
    if error.param is None:
        return "l’argument"
    if isinstance(error.param, click.Option):
        return f"l’option « {max(error.param.opts, key=len)} »"
    return f"l’argument {error.param.make_metavar(error.ctx or FrenchContext(click.Command('')))}"


def _listed(values: Iterable[str] | None) -> str:
    return ", ".join(values or ())


def _file(error: OSError) -> str:
    why = next((words for kind, words in _WHY.items() if isinstance(error, kind)), None)
    if why is None:
        why = os.strerror(error.errno) if error.errno else str(error)
    path = (
        Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes | os.PathLike) else None
    )
    if isinstance(error, FileNotFoundError) and path is not None and not path.parent.is_dir():
        return f"Le dossier « {path.parent.name} » n’existe pas."
    name = "fichier" if path is None else path.name
    return f"« {name} » : {why}."
