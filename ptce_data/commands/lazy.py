"""Groups of commands that import a command's module only when that command is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from ptce_data.commands.french import FrenchContext, said

#: Name of a command -> (module, attribute, one line of help).
Table = Mapping[str, tuple[str, str, str]]
USAGE_ERROR: Final = 2


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported on demand.

    `table`: name -> (module, attribute, help), in the order shown.
    """

    context_class = FrenchContext

    def __init__(self, *arguments: Any, table: Table, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.table = dict(table)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or None when nobody has that name."""
        entry = self.table.get(cmd_name)
        return None if entry is None else _adopted(self.imported(*entry[:2]))

    def imported(self, module: str, attribute: str) -> click.Command:
        """The command that a module holds."""
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table alone: nothing is imported to show help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in self.table.items()])

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; every error is one French sentence on the error stream and a code, never a traceback."""
        run = super().main
        if not standalone_mode:
            return run(args, prog_name, complete_var, False, **extra)
        try:
            code = run(args, prog_name, complete_var, False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(USAGE_ERROR)
        except click.Abort:
            click.echo("Interrompu.", err=True)
            sys.exit(130)
        except (click.ClickException, ValueError, OSError) as error:
            sentence = said(error)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            sys.exit(USAGE_ERROR)
        sys.exit(code if isinstance(code, int) else 0)


def _adopted(command: click.Command) -> click.Command:
    """A command, and those under it, with help and messages in French."""
    command.context_class = FrenchContext
    if isinstance(command, click.Group) and not isinstance(command, LazyGroup):
        for one in command.commands.values():
            _adopted(one)
    return command
