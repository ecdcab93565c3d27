"""Laureates of the calls to PTCE per area: those the data name, and those that are published."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import query
from ptce_data.byversion import ByVersion
from ptce_data.regional.areas import Areas, children_alone
from ptce_data.regional.model import Indicator, Measure, source_ids

if TYPE_CHECKING:
    from ptce_data.load import Dataset

GROUP: Final = "Lauréats par programme"
#: Rows of published_counts whose note says that they count the laureates of one call in one region.
IN_REGION: Final = {
    "ptce-nombre-ptce-occitanie-2021": "ami-ptce-emergents-2021-phase-1",
    "ptce-nombre-ptce-la-reunion-2023": "ami-ptce-2023",
}
_NAMED_LIMITS: Final = (
    "Lauréats que nos sources nomment : un minimum, à lire avec le nombre publié. Une ligne par appel : un pôle "
    "lauréat de deux appels compte dans chacun."
)
_PUBLISHED_LIMITS: Final = "Publié au niveau national ; par région, seulement quand une source lue le dit."


def indicators(dataset: Dataset) -> list[Indicator]:
    """Two lines per call, named then published, in order of year."""
    found = []
    for call in query.named_laureates(dataset).itertuples():
        name = str(call.programme).replace("'", "’")
        year = "inconnue" if pd.isna(call.year_announced) else str(int(call.year_announced))
        awards = dataset.pole_awards[dataset.pole_awards["programme_id"] == call.id]
        ids = source_ids(awards["source_id"])
        if call.id == query.TEMOIN_PROGRAMME:
            ids = source_ids(dataset.poles.loc[dataset.poles["is_temoin"].fillna(False), "source_ids"])
        found.append(
            Indicator(f"laureates_{call.id}", GROUP, f"{name} : lauréats nommés", "lauréats",
                      "Pôles que les données nomment comme lauréats de cet appel.", _NAMED_LIMITS, year,
                      sources=ids)
        )  # fmt: skip
        found.append(
            Indicator(f"laureates_published_{call.id}", GROUP, f"{name} : lauréats publiés", "lauréats",
                      "Nombre de lauréats annoncé pour cet appel.", _PUBLISHED_LIMITS, year, additive=False,
                      sources=source_ids([call.source_id, *_in_region(dataset, call.id)["source_id"]]))
        )  # fmt: skip
    return found


def _in_region(dataset: Dataset, programme_id: str) -> pd.DataFrame:
    table = dataset.published_counts
    rows: pd.DataFrame = table[table["id"].map(IN_REGION) == programme_id]
    return rows


@lru_cache(maxsize=2)
def _won(key: ByVersion) -> pd.DataFrame:
    """One row per pôle and call won: object_id, codes of its areas, programme."""
    places = key.dataset.places
    rows = places["kind"] == "pole"
    columns = ["object_id", "region_code", "former_region_code", "departement_code"]
    poles = pd.DataFrame(places.loc[rows, columns])
    won = [
        {*names, query.TEMOIN_PROGRAMME} if "pole_temoin" in marks else {*names}
        for names, marks in zip(places.loc[rows, "programmes"], places.loc[rows, "labels"], strict=True)
    ]
    each = poles.assign(programme=[sorted(names) for names in won]).explode("programme")
    return each.dropna(subset=["programme"])


def measures(dataset: Dataset, areas: Areas) -> dict[str, Measure]:
    """The measures of `indicators`, by id."""
    each = _won(ByVersion(dataset))
    named = areas.table(each, "object_id", "programme", dataset.programmes["id"])
    alone = {} if areas.level is None else children_alone(dataset, areas.level)
    found = {}
    for programme_id, published in zip(
        dataset.programmes["id"], dataset.programmes["laureates"], strict=True
    ):
        found[f"laureates_{programme_id}"] = Measure(named[programme_id])
        told = pd.Series(float("nan"), index=areas.codes)
        if areas.level is None:
            told[:] = float("nan") if pd.isna(published) else float(published)
        for row in _in_region(dataset, programme_id).itertuples():
            if row.region_code in alone:
                told[alone[row.region_code]] = float(row.value)
        found[f"laureates_published_{programme_id}"] = Measure(told)
    return found
