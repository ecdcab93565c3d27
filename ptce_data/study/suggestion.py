"""One suggestion for the AFOM: a sentence, and the figure of the data that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ptce_data.study.model import AfomItem
from ptce_data.territories.french import NBSP, listing, number


@dataclass(frozen=True)
class Suggestion:
    """A suggestion: its list (a key of AFOM), a French sentence, and the figure it comes from.

    `indicator` names the figure; `value`, `reference` are numbers in `unit` (None where there is none),
    `reference_label` says whose the reference is. `source_ids`: rows of `sources`; `evidence`: uids of
    places or ids of schemes. Figures of population and types come from the layers of the atlas (Insee),
    which are no row of `sources`: `source_ids` is then empty and `indicator` says it.
    """

    id: str
    list: str
    text: str
    indicator: str
    value: float | None
    unit: str
    reference: float | None = None
    reference_label: str = ""
    source_ids: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def figure(self) -> str:
        """The figure in French: « indicateur : valeur (référence) »."""
        said = f"{self.indicator}{NBSP}: {_said(self.value, self.unit)}"
        if self.reference is not None:
            said += f" ({self.reference_label}{NBSP}: {_said(self.reference, self.unit)})"
        return said

    def item(self, item_id: str) -> AfomItem:
        """The item of the AFOM that takes this suggestion up."""
        return AfomItem(
            id=item_id,
            list=self.list,
            text=self.text,
            from_suggestion=self.id,
            figure=self.figure[:300],
            source=", ".join(self.source_ids)[:300],
        )


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return "inconnu"
    whole = number(value, 0 if float(value).is_integer() else 1)
    return f"{whole}{NBSP}{unit}" if unit else whole


def one_decimal(value: float) -> float:
    """Round a figure as it is shown."""
    return round(float(value), 1)


def count(count: int, one: str, many: str) -> str:
    """`1 lieu`, `2 lieux`."""
    return f"{number(count)} {one if count < 2 else many}"


def names(rows: pd.DataFrame) -> str:
    """List the first names of `rows`, and how many more there are."""
    said = [str(n) for n in rows["name"].drop_duplicates()]
    more = len(said) - 4
    return listing(said[:4]) if more <= 0 else f"{', '.join(said[:4])} et {count(more, 'autre', 'autres')}"


def traced(rows: pd.DataFrame, key: str = "uid") -> dict[str, Any]:
    """Return the fields source_ids and evidence of a suggestion that counts `rows`."""
    column = "source_ids" if "source_ids" in rows else "source_id"
    ids = {part for cell in rows[column].dropna() for part in str(cell).split("|")}
    return {"source_ids": tuple(sorted(ids)), "evidence": tuple(rows[key])}
