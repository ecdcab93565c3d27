"""The data layer: files, checks, questions. No drawing, no network at run time.

As a library (docs/bibliotheque.md):

    from ptce_data import Selection, load, query

    data = load()
    query.places(data, Selection(regions=("53",)))

`load` is a module that is called like its function; nothing is imported before it is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.selection import Selection

__all__ = ["Dataset", "Selection", "load", "query"]

#: Name -> module that has it.
_NAMES: Final = {"Dataset": "ptce_data.load", "Selection": "ptce_data.selection"}
_MODULES: Final = ("load", "query")


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
