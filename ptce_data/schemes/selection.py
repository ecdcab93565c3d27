"""What a user selected among the support schemes: one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from ptce_data.selection import Values


@dataclass(frozen=True)
class SchemeSelection:
    """Filters on support schemes. An empty tuple keeps everything; values of a field are alternatives.

    `areas` holds codes of regions of today: a scheme is kept when it covers all or part of one of them.
    `with_national` keeps the schemes that cover the whole of France (State, Union, foundations) whatever
    `areas` says; without it they are dropped, even where no area is chosen. `statuses` are those at the
    date of the source. `UNKNOWN` ("non_renseigne") is a value of `priorities`, `funding_kinds` and
    `targets`: it keeps the schemes whose source says nothing of it.
    """

    areas: Values = ()
    levels: Values = ()
    categories: Values = ()
    targets: Values = ()
    priorities: Values = ()
    funding_kinds: Values = ()
    statuses: Values = ()
    text: str = ""
    with_national: bool = True

    def replace(self, **changes: Any) -> SchemeSelection:
        """Return a copy with some fields changed."""
        return SchemeSelection(**{f.name: changes.get(f.name, getattr(self, f.name)) for f in fields(self)})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return self == ALL_SCHEMES


ALL_SCHEMES: Final = SchemeSelection()
