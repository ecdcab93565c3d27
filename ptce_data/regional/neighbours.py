"""Areas that share a border, from their outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import shapely

from ptce_data.query import LEVEL_CODES
from ptce_data.regional.areas import NOUNS, check, names
from ptce_data.territories.french import quoted

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: DE-9IM: the boundaries share a line, not only a point.
_COMMON_LINE: Final = "****1****"


def neighbours(dataset: Dataset, level: str, code: str) -> pd.DataFrame:
    """Areas of the level that share a line of border with one: columns code, name, by name then code.

    Two areas that meet in a point are not neighbours. Islands, and the overseas regions, have none: see
    `neighbours_note`. Raises UnknownAreaError.
    """
    check(dataset, level, [code])
    own = LEVEL_CODES[level]  # type: ignore[index]
    layer = getattr(dataset, level)
    here = layer.loc[layer[own] == code].geometry.iloc[0]
    near = layer.iloc[layer.sindex.query(here, predicate="intersects")]
    near = near[near[own] != code]
    touching = near[shapely.relate_pattern(near.geometry.to_numpy(), here, _COMMON_LINE)]
    frame = pd.DataFrame(touching[[own, "name"]]).rename(columns={own: "code"})
    return frame.sort_values(["name", "code"], kind="stable").reset_index(drop=True)


def neighbours_note(dataset: Dataset, level: str, code: str) -> str | None:
    """A French sentence when the area has no neighbour, else None."""
    if len(neighbours(dataset, level, code)):
        return None
    singular, _, feminine = NOUNS[level]
    known = names(dataset, level).loc[code]
    whose = quoted(known["name"]) if pd.isna(known["genitive"]) else f"le territoire {known['genitive']}"
    none = "Aucune autre" if feminine else "Aucun autre"
    return f"{none} {singular} ne touche {whose}, dans nos contours."
