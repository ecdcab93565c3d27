"""Commands that draw, or that need the parameters of the pages; `ptce_data.__main__` asks for them by name.

A new one is a row of the table below, and a click command in its module. No Streamlit here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Final

import click

#: Name of a command -> its module and attribute.
_PLACES: Final = {
    "atlas-html": ("ptce_ui.exports.standalone.command", "atlas_html"),
    "deck": ("ptce_ui.scenes.command", "deck"),
    "export": ("ptce_ui.export_command", "export"),
    "report": ("ptce_ui.exports.report.command", "report"),
}


class _Commands(Mapping[str, click.Command]):
    """Commands by name; the module of one is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, attribute = _PLACES[name]
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


COMMANDS: Final[Mapping[str, click.Command]] = _Commands()
