"""What every file says of itself: what it is, its licence, whom to cite, its version and its perimeter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import query
from ptce_data.opendata.plain import clean
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

TITLE: Final = "Atlas de la coopération économique territoriale"
LICENCE_NAME: Final = "etalab-2.0"
LICENCE_TITLE: Final = "Licence Ouverte 2.0"
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
PERIMETER: Final = (
    "France entière, outre-mer compris. Inventaires partiels : une absence ne dit pas qu’il n’existe rien."
)
EMPTY: Final = "Une cellule vide veut dire inconnu, jamais zéro ni non."
#: Owed by every file: limits, codes and types come from these.
OFFICIAL: Final = (
    "CGET, Mission Coworking : base des tiers-lieux 2019 (Licence Ouverte 2.0)",
    "ANCT : Fabriques de territoire, janvier 2024 (Licence Ouverte 2.0)",
    "IGN et Insee : limites administratives et populations, COG 2025 (Licence Ouverte 2.0)",
)
#: Columns of a frame of the data set that name sources.
SOURCE_COLUMNS: Final = ("source_id", "source_ids", "type_source_id", "place_source_id")


@dataclass(frozen=True)
class Credits:
    """What a file says of itself. `sources` has the columns of the sources table, only those cited."""

    name: str
    title: str
    version: str
    updated: str
    perimeter: str
    sources: pd.DataFrame
    table: str | None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        name: str,
        title: str,
        source_ids: Iterable[str],
        perimeter: str = PERIMETER,
        table: str | None = None,
    ) -> Credits:
        """Collect what is said of rows that cite `source_ids` (cells "a|b" are split; others are ignored)."""
        ids = [part for cell in source_ids for part in split_codes(cell)]
        return cls(
            clean(name),
            clean(title),
            dataset.version_said,
            updated(dataset),
            clean(perimeter),
            query.sources(dataset, ids),
            table,
        )

    @property
    def publishers(self) -> list[str]:
        """The publishers of the sources cited, each once, in their order."""
        return [str(p) for p in dict.fromkeys(self.sources["publisher"])]

    @property
    def attribution(self) -> str:
        """One sentence to cite: the atlas, its version, whom it owes the facts and the limits."""
        cited = f" ; sources : {', '.join(self.publishers)}" if self.publishers else ""
        return f"{TITLE}, données {self.version} ({LICENCE_TITLE}){cited}. Autres données : {' ; '.join(OFFICIAL)}."

    def lines(self) -> list[tuple[str, str]]:
        """(name, text) of all that is said, in French."""
        return [
            ("Contenu", self.title),
            ("Licence", f"{LICENCE_TITLE}, {LICENCE_URL}"),
            ("Attribution", self.attribution),
            ("Version des données", self.version),
            ("Données arrêtées au", self.updated),
            ("Périmètre", self.perimeter),
            ("Cellules vides", EMPTY),
            ("Listes", "Plusieurs valeurs d’une cellule sont séparées par « | »."),
        ]

    def members(self) -> dict[str, str]:
        """The same for machines: keys in English, values as texts."""
        return {
            "title": self.title,
            "licence": LICENCE_TITLE,
            "licence_url": LICENCE_URL,
            "attribution": self.attribution,
            "data_version": self.version,
            "data_date": self.updated,
            "perimeter": self.perimeter,
            "empty_means": EMPTY,
        }


def updated(dataset: Dataset) -> str:
    """The day of the newest source that was read, AAAA-MM-JJ; empty without any."""
    return query.seen(dataset)


def cited(rows: pd.DataFrame) -> list[str]:
    """The ids of the sources that the rows name, each once, in their order."""
    cells = [cell for column in SOURCE_COLUMNS if column in rows for cell in rows[column]]
    return list(dict.fromkeys(part for cell in cells for part in split_codes(cell)))
