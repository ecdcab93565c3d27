"""`python -m ptce_data import`: files of others into the atlas; nothing in `data/` is changed."""

from __future__ import annotations

import copy
from typing import Final

import click

from ptce_data.commands.lazy import LazyGroup, Table
from ptce_data.commands.outcome import HELP

_TABLE: Final[Table] = {
    "subventions": ("ptce_data.scdl.command", "scdl", "Subventions publiques au standard SCDL (CSV ou tableur)."),
    "dispositifs": ("ptce_data.aid_standard.command", "import_", "Dispositifs d’aide : standard national ou Aides-territoires."),
    "couche": ("ptce_data.commands.layer", "couche", "Une couche à soi (points ou surfaces), ligne par ligne."),
}  # fmt: skip


#: The examples of a command under the name it has elsewhere -> under the one it has here.
_EXAMPLES: Final = (
    ("ptce_data scdl ", "ptce_data import subventions "),
    ("ptce_data dispositifs import ", "ptce_data import dispositifs "),
)


class _Imports(LazyGroup):
    """The same commands as elsewhere, their examples under the name that they have here."""

    def imported(self, module: str, attribute: str) -> click.Command:
        found = copy.copy(super().imported(module, attribute))
        for there, here in _EXAMPLES:
            found.epilog = (found.epilog or "").replace(there, here)
        return found


@click.group("import", cls=_Imports, table=_TABLE, context_settings=HELP, epilog="""\b
Exemples :
  python -m ptce_data import subventions ville.csv region.xlsx --json
  python -m ptce_data import couche lieux.csv --patch proposition.zip
  python -m ptce_data import dispositifs page.json --format aides-territoires --out aides.csv""")  # fmt: skip
def imports() -> None:
    """Importe des subventions, des dispositifs ou une couche.

    Chaque commande dit ce que devient chaque ligne ; les données de l’atlas ne sont pas modifiées.
    """
