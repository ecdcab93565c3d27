"""A study begun from the name of a place, for links that lead to it. No Streamlit here."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ptce_data import lookup
from ptce_data import study as studies
from ptce_data.study import Perimeter, Study

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def begun(dataset: Dataset, place: str, *, today: dt.date, before: str = "") -> Study | None:
    """A study of the territory `place` ("epci:243500741", "commune:35236"), with nothing else said.

    `before` begins its title. None for a place that the atlas does not know.
    """
    row = lookup.resolve(dataset, place)
    if row is None:
        return None
    kind, _, code = place.partition(":")
    perimeter = Perimeter(communes=(code,)) if kind == "commune" else Perimeter(epci=(code,))
    return studies.new(f"{before}Étude de faisabilité – {row['name']}", today, perimeter)


def is_about(study: Study, place: str) -> bool:
    """Whether the place is a part of the perimeter of a study."""
    kind, _, code = place.partition(":")
    return code in (study.perimeter.communes if kind == "commune" else study.perimeter.epci)
