"""What a user selected: one immutable value that every question takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

Values = tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """Filters on places. An empty tuple keeps everything; values within a field are alternatives.

    `UNKNOWN` ("non_renseigne") is a value like another one wherever a fact may be missing. A filter
    on a fact that only one kind of object has (activity family, label…) keeps only that kind.
    """

    kinds: Values = ()
    regions: Values = ()
    former_regions: Values = ()
    departements: Values = ()
    territory_types: Values = ()
    computed_types: Values = ()
    epci_types: Values = ()
    activity_families: Values = ()
    themes: Values = ()
    tiers_lieu_kinds: Values = ()
    labels: Values = ()
    cluster_kinds: Values = ()
    programmes: Values = ()
    award_years: Values = ()
    confidences: Values = ()
    text: str = ""

    def replace(self, **changes: Any) -> Selection:
        """Return a copy with some fields changed."""
        return Selection(**{f.name: changes.get(f.name, getattr(self, f.name)) for f in fields(self)})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered."""
        return self == EVERYTHING


EVERYTHING: Final = Selection()
