"""Command line of the data layer: `python -m ptce_data scdl FILE… [--json]`.

A new sub-command is a click command, added to `main` below; one that draws is added to
`ptce_ui.commands`, which is imported only when such a command is asked for.
"""

from __future__ import annotations

import click

from ptce_data.aid_standard.command import dispositifs
from ptce_data.scdl.command import scdl
from ptce_data.study.command import study


class _Commands(click.Group):
    """The commands added here, then those that draw: the only place where the two layers meet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_drawing()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _drawing().get(cmd_name)


def _drawing() -> dict[str, click.Command]:
    # Reading files must not wait for the drawing libraries.
    from ptce_ui.commands import COMMANDS

    return COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Données de l’Atlas de la coopération économique territoriale, en ligne de commande."""


main.add_command(scdl)
main.add_command(dispositifs)
main.add_command(study)

if __name__ == "__main__":
    main(prog_name="python -m ptce_data")
