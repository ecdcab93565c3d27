"""Command line of the data layer: `python -m ptce_data scdl FILE… [--json]`.

A new sub-command is a click command, added to `main` below.
"""

from __future__ import annotations

import click

from ptce_data.aid_standard.command import dispositifs
from ptce_data.scdl.command import scdl
from ptce_data.study.command import study


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Données de l’Atlas de la coopération économique territoriale, en ligne de commande."""


main.add_command(scdl)
main.add_command(dispositifs)
main.add_command(study)

if __name__ == "__main__":
    main(prog_name="python -m ptce_data")
