"""Numbers that a table only holds inside a note, each tied to its exact words.

A call is contradicted by a sentence more often than by a row. A quote is used only as long as the
cell still holds its words: nothing is read out of a text by guessing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ptce_data.load import Dataset


@dataclass(frozen=True)
class Quote:
    """`words` of the cell (`table`, `row_id`, `column`) tell `value` for `metric` of `programme_id`.

    `said_by` names the source as the cell does; `source_id` is a row of sources.csv, None when the
    cell names a source that the table of sources does not hold for it.
    """

    programme_id: str
    metric: str
    value: float
    table: str
    row_id: str
    column: str
    words: str
    said_by: str
    source_id: str | None = None
    is_minimum: bool = False


_2011: Final = "appel-experimentation-2011"

QUOTES: Final = (
    Quote(
        "aap-ptce-2013",
        "applications",
        182,
        "support_schemes",
        "aap-ptce-2013",
        "summary",
        "23 lauréats retenus sur 182 dossiers déposés",
        "Défi métiers",
        "defi-metiers-0dfa25",
    ),
    Quote(
        "ami-ptce-2023",
        "applications",
        67,
        "programmes",
        "ami-ptce-2023",
        "notes",
        "67 candidatures selon la ministre (Mediatico, DEETS Réunion)",
        "la ministre (Mediatico, DEETS de La Réunion)",
    ),
    Quote(
        "ami-ptce-emergents-2021-phase-1",
        "applications",
        135,
        "programmes",
        "ami-ptce-emergents-2021-phase-1",
        "notes",
        "Brie'Nov écrit « 135 projets »",
        "Brie’Nov",
        "brie-nov-d1b7d7",
    ),
    Quote(
        _2011,
        "applications",
        130,
        "programmes",
        _2011,
        "notes",
        "plus de 130 (Place des réseaux)",
        "Place des réseaux",
        is_minimum=True,
    ),
    Quote(
        _2011,
        "laureates",
        18,
        "programmes",
        _2011,
        "notes",
        "18 (Recma, juin 2012)",
        "Recma, juin 2012",
        "recma-e1f678",
    ),
    Quote(_2011, "laureates", 21, "programmes", _2011, "notes", "21 (RTES/webalice)", "RTES, webalice"),
    Quote(
        _2011,
        "laureates",
        23,
        "programmes",
        _2011,
        "notes",
        "23 (Podlewski, RIUESS 2014)",
        "T. Podlewski, RIUESS 2014",
        "t-podlewski-lise-cnam-xive-rencontres-du-a02b15",
    ),
)


def found(dataset: Dataset) -> Iterator[tuple[Quote, str]]:
    """Yield the quotes whose words stand in the data, each with the confidence of its row."""
    for quote in QUOTES:
        table = getattr(dataset, quote.table)
        for _, row in table[table["id"] == quote.row_id].iterrows():
            cell = row[quote.column]
            if isinstance(cell, str) and quote.words in cell:
                yield quote, str(row["confidence"])
