"""The areas that are compared: their codes, names with articles, inhabitants and km²; and France as one area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data.query import LEVEL_CODES

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Levels of the indicators; EPCI have peers only.
LEVELS: Final = ("regions", "former_regions", "departements")
FRANCE: Final = "FR"
#: Level -> (singular, plural, feminine) in French.
NOUNS: Final[dict[str, tuple[str, str, bool]]] = {
    "regions": ("région", "régions", True),
    "former_regions": ("région d’avant 2016", "régions d’avant 2016", True),
    "departements": ("département", "départements", False),
    "epci": ("intercommunalité", "intercommunalités", True),
}
_CODE_TABLES: Final = {
    "regions": "region_codes",
    "former_regions": "former_region_codes",
    "departements": "departement_codes",
}
_COLLECTIVITE: Final = "collectivite_outre_mer"


class UnknownAreaError(KeyError):
    """A code that the level does not have. `level` and `codes` say which; the text is in French."""

    def __init__(self, level: str, codes: Iterable[str]) -> None:
        self.level = level
        self.codes = tuple(codes)
        noun = NOUNS.get(level, ("territoire",))[0]
        self.said = f"Aucun territoire de code {', '.join(self.codes)} au niveau « {noun} »."
        super().__init__(self.said)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class Areas:
    """Areas of one level, or France as the one area of code `FR` (`level` is then None).

    `frame` is indexed by code: name, population (inhabitants), area_km2.
    """

    level: str | None
    frame: pd.DataFrame

    @property
    def codes(self) -> pd.Index:
        """Codes of the areas, in the order of the layer."""
        return self.frame.index

    def key(self, frame: pd.DataFrame) -> pd.Series:
        """Code of the area of each row of `frame`, which has the columns of codes; missing when unknown."""
        if self.level is None:
            return pd.Series(FRANCE, index=frame.index)
        codes: pd.Series = frame[LEVEL_CODES[self.level]]
        return codes

    def spread(self, counted: pd.Series, missing: float = 0.0) -> pd.Series:
        """`counted` (indexed by code) for every area, `missing` where it has none; others left out."""
        return counted.reindex(self.codes).astype("float64").fillna(missing)

    def table(self, rows: pd.DataFrame, what: str, by: str, values: Iterable[str]) -> pd.DataFrame:
        """Different values of column `what` per area (index) and value of column `by` (columns)."""
        counted = (
            rows[what]
            .groupby([self.key(rows).to_numpy(), rows[by].to_numpy()])
            .nunique()
            .unstack(fill_value=0)
        )
        return counted.reindex(index=self.codes, columns=list(values), fill_value=0).astype("float64")


def areas(dataset: Dataset, level: str) -> Areas:
    """The areas of a level: a key of `LEVEL_CODES`."""
    code = LEVEL_CODES[level]  # type: ignore[index]
    frame = pd.DataFrame(getattr(dataset, level)[[code, "name", "population", "area_km2"]])
    return Areas(level, frame.set_index(code).rename_axis("code"))


def france(dataset: Dataset) -> Areas:
    """France as one area: the 18 regions, overseas included, together."""
    regions = dataset.regions
    whole = {
        "name": "France",
        "population": regions["population"].sum(),
        "area_km2": regions["area_km2"].sum(),
    }
    return Areas(None, pd.DataFrame(whole, index=pd.Index([FRANCE], name="code")))


def collectivites(dataset: Dataset) -> frozenset[str]:
    """Codes of the collectivités that are no region (Saint-Martin): their people are not in the layers."""
    table = dataset.region_codes
    return frozenset(table.loc[table["kind"] == _COLLECTIVITE, "region_code"])


def names(dataset: Dataset, level: str) -> pd.DataFrame:
    """Names of the areas: indexed by code, columns name, locative ("en Bretagne"), genitive ("de Bretagne").

    EPCI have no articles: both forms are missing there. Saint-Martin is among the regions' names.
    """
    table = _CODE_TABLES.get(level)
    if table is None:
        frame: pd.DataFrame = areas(dataset, level).frame[["name"]]
        return frame.assign(locative=pd.NA, genitive=pd.NA)
    rows: pd.DataFrame = getattr(dataset, table)
    code = LEVEL_CODES[level]  # type: ignore[index]
    return rows.set_index(code)[["name", "locative", "genitive"]].rename_axis("code")


def check(dataset: Dataset, level: str, codes: Iterable[str]) -> None:
    """Raise UnknownAreaError for the codes that the level does not have."""
    known = getattr(dataset, level)[LEVEL_CODES[level]]  # type: ignore[index]
    lost = [code for code in codes if code not in set(known)]
    if lost:
        raise UnknownAreaError(level, lost)


def labels(dataset: Dataset, field: str) -> dict[str, str]:
    """French labels of the values of a registered field, in their order."""
    rows = dataset.categories[dataset.categories["field"] == field].sort_values("position")
    return dict(zip(rows["value"], rows["label"], strict=True))


def children_alone(dataset: Dataset, level: str) -> dict[str, str]:
    """Region code -> code of its only area at `level`: what is known of one is known of the other."""
    if level == "regions":
        return {code: code for code in dataset.regions["region_code"]}
    table: Any = dataset.former_region_codes if level == "former_regions" else dataset.departement_codes
    own = LEVEL_CODES[level]  # type: ignore[index]
    sizes = table.groupby("region_code")[own].agg(["first", "size"])
    return dict(sizes.loc[sizes["size"] == 1, "first"])
