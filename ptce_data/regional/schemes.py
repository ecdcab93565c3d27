"""Documented support schemes per area, by Avise category, level and status; national ones apart."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import coverage
from ptce_data.byversion import ByVersion
from ptce_data.query import LEVEL_CODES
from ptce_data.regional.areas import FRANCE, Areas, labels
from ptce_data.regional.model import Indicator, Measure, source_ids
from ptce_data.regional.objects import seen

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GROUP: Final = "Dispositifs de soutien documentés"
NATIONAL_GROUP: Final = f"{GROUP}, nationaux et européens"
#: Field of support_schemes -> (registered field, noun of the split, end of the definition).
SPLITS: Final = {
    "category": ("scheme_category", "catégorie", "de cette catégorie du panorama de l’Avise"),
    "level": ("scheme_level", "niveau", "dont le porteur est de ce niveau"),
    "status": ("scheme_status", "statut", "de ce statut à la date de leur source"),
}
_LIMITS: Final = (
    "Dispositifs documentés dans l’atlas : zéro veut dire « rien de documenté ici », jamais « il n’existe rien ». "
    "Un dispositif compte dans chaque territoire qu’il couvre, même en partie : les valeurs ne s’ajoutent pas."
)
_NATIONAL: Final = {
    "etat": "Dispositifs documentés de l’État, sur toute la France",
    "ue": "Dispositifs documentés de l’Union européenne, sur toute la France",
}


def indicators(dataset: Dataset) -> list[Indicator]:
    """The definitions, in the order of display."""
    when = seen(dataset)
    sub, national = _local(dataset), _national(dataset)
    text = "Dispositifs qui couvrent tout ou partie du territoire, hors ceux qui couvrent toute la France"

    def one(name: str, group: str, label: str, definition: str, rows: pd.DataFrame) -> Indicator:
        return Indicator(
            name,
            group,
            label,
            "dispositifs",
            definition,
            _LIMITS,
            when,
            additive=False,
            scope="national" if group == NATIONAL_GROUP else "areas",
            sources=source_ids(rows["source_id"]),
        )

    found = [one("schemes", GROUP, "Dispositifs documentés", f"{text}.", sub)]
    for column, (field, words, which) in SPLITS.items():
        for value, label in labels(dataset, field).items():
            name = f"Dispositifs documentés, {words} : {label if column == 'level' else label.lower()}"
            rows = sub[sub[column] == value]
            group = f"{GROUP}, par {words}"
            found.append(one(f"schemes_{column}_{value}", group, name, f"{text}, {which}.", rows))
    for level, label in _NATIONAL.items():
        rows = national[national["level"] == level]
        definition = "Ils couvrent tous les territoires : comptés une fois, pour la France."
        found.append(one(f"schemes_national_{level}", NATIONAL_GROUP, label, definition, rows))
    return found


def _listed(dataset: Dataset) -> pd.DataFrame:
    return coverage.codes(dataset.support_schemes)


def _local(dataset: Dataset) -> pd.DataFrame:
    listed = _listed(dataset).dropna(subset=["level"])
    rows: pd.DataFrame = dataset.support_schemes[dataset.support_schemes["id"].isin(set(listed["scheme_id"]))]
    return rows


def _national(dataset: Dataset) -> pd.DataFrame:
    listed = _listed(dataset)
    ids = set(listed.loc[listed["coverage_code"].isin(coverage.NATIONAL), "scheme_id"])
    rows: pd.DataFrame = dataset.support_schemes[dataset.support_schemes["id"].isin(ids)]
    return rows


@lru_cache(maxsize=2)
def _nested(key: ByVersion) -> pd.DataFrame:
    """The different quadruples of codes that the communes have: areas_touched reads all communes per scheme."""
    codes = [code for level, code in LEVEL_CODES.items() if level != "communes"]
    return pd.DataFrame(key.dataset.communes[codes]).drop_duplicates()


def _communes(dataset: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    communes = dataset.communes
    return pd.DataFrame(
        communes.loc[communes["commune_insee"].isin(set(rows["area_code"])), list(LEVEL_CODES.values())]
    )


def touched(dataset: Dataset, areas: Areas) -> pd.DataFrame:
    """Sub-national schemes per area, as `coverage.areas_touched` without the share: scheme_id, code.

    For France: each documented sub-national scheme once.
    """
    listed = _listed(dataset).dropna(subset=["level"])
    if areas.level is None:
        return listed[["scheme_id"]].drop_duplicates().assign(code=FRANCE)
    own = LEVEL_CODES[areas.level]  # type: ignore[index]
    parts = []
    for level, rows in listed.groupby("level"):
        other = LEVEL_CODES[level]
        within = _communes(dataset, rows) if level == "communes" else _nested(ByVersion(dataset))
        within = within[list(dict.fromkeys([other, own]))].drop_duplicates().dropna()
        pairs = pd.DataFrame({"area_code": within[other], "code": within[own]})
        parts.append(rows[["scheme_id", "area_code"]].merge(pairs, on="area_code")[["scheme_id", "code"]])
    if not parts:
        return pd.DataFrame({"scheme_id": pd.Series(dtype="str"), "code": pd.Series(dtype="str")})
    return pd.concat(parts, ignore_index=True).drop_duplicates()


def _split(areas: Areas, pairs: pd.DataFrame, by: str, values: Iterable[str]) -> pd.DataFrame:
    counted = pairs.groupby(["code", by])["scheme_id"].size().unstack(fill_value=0)
    return counted.reindex(index=areas.codes, columns=list(values), fill_value=0).astype("float64")


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id."""
    pairs = touched(dataset, areas).merge(
        dataset.support_schemes[["id", *SPLITS]], left_on="scheme_id", right_on="id"
    )
    found = {"schemes": Measure(areas.spread(pairs["code"].value_counts()))}
    for column, (field, _, _) in SPLITS.items():
        split = _split(areas, pairs, column, labels(dataset, field))
        found |= {f"schemes_{column}_{value}": Measure(split[value]) for value in split}
    levels = _national(dataset)["level"].value_counts()
    for level in _NATIONAL:
        number = float(levels.get(level, 0)) if areas.level is None else float("nan")
        found[f"schemes_national_{level}"] = Measure(pd.Series(number, index=areas.codes))
    return found
