"""Tables the study made by hand, made from the data; and objects per inhabitant by territory type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data.places import KINDS, UNKNOWN
from ptce_data.territories.parameters import TYPES
from ptce_data.territories.temoins import TEMOINS, TemoinComparison, compare_temoins

if TYPE_CHECKING:
    from ptce_data.load import Dataset
    from ptce_data.territories import Classification


def poles(dataset: Dataset, only_temoins: bool) -> pd.DataFrame:
    """Rows of `places` of the pôles: the study's twelve, or all."""
    frame = dataset.places[dataset.places["kind"] == "pole"]
    return frame[frame["id"].isin(TEMOINS)] if only_temoins else frame


def cross(dataset: Dataset, subject: str, basis: str, only_temoins: bool) -> pd.DataFrame:
    """Pôles by territory type × subject (activity_family, origin or programmes): columns territory_type, value, poles (counts, zeros left out).

    `basis` is the column of types (computed at the commune or the EPCI, or stated). Unknown values are
    a value of their own. A pôle that won several calls counts under each.
    """
    frame = poles(dataset, only_temoins)[[basis, subject, "uid"]].rename(columns={basis: "territory_type"})
    if subject == "programmes":
        frame = frame.assign(programmes=[v or (UNKNOWN,) for v in frame["programmes"]]).explode("programmes")
    frame = frame.rename(columns={subject: "value"}).fillna({"territory_type": UNKNOWN, "value": UNKNOWN})
    counted = frame.groupby(["territory_type", "value"], as_index=False)["uid"].nunique()
    return counted.rename(columns={"uid": "poles"})


def study_figures(dataset: Dataset) -> pd.DataFrame:
    """The study's figures on its twelve pôles beside what the data name.

    The rows of `study_figures`, plus computed (pôles of the twelve for which the data say so, missing
    where the data cannot tell) and known (pôles of the twelve for which the fact is known at all).
    """
    twelve = dataset.poles[dataset.poles["id"].isin(TEMOINS)]
    pairs = [_computed(dataset, twelve, name) for name in dataset.study_figures["id"]]
    made = dataset.study_figures.copy()
    made["computed"] = pd.array([p[0] for p in pairs], dtype="Int64")
    made["known"] = pd.array([p[1] for p in pairs], dtype="Int64")
    return made


def _computed(dataset: Dataset, twelve: pd.DataFrame, name: str) -> tuple[int | None, int | None]:
    """(pôles for which the data say so, pôles for which the fact is known) for one figure of the study."""
    subject, _, value = name.partition("_")
    column = {"origin": "origin", "family": "activity_family"}.get(subject)
    if column is not None:
        return int((twelve[column] == value).sum()), int(twelve[column].notna().sum())
    if subject == "award":
        awards = dataset.pole_awards
        won = awards[(awards["programme_id"] == value) & awards["pole_id"].isin(twelve["id"])]
        return int(won["pole_id"].nunique()), None
    if name in twelve:
        return int(twelve[name].fillna(False).sum()), int(twelve[name].notna().sum())
    return None, None


def temoins(dataset: Dataset, result: Classification) -> TemoinComparison | None:
    """The study's twelve beside the types of `result`; None where the data do not hold all twelve."""
    if not set(TEMOINS) <= set(dataset.poles["id"]):
        return None
    return compare_temoins(result, dataset.poles, dataset.temoins_reference)


def density(dataset: Dataset, region_code: str | None = None) -> pd.DataFrame:
    """Objects per 100,000 inhabitants by territory type computed at the commune.

    Columns territory_type, kind, objects, population, per_100k; all of France or one region of today.
    Objects without a known commune or type are under "non_renseigne", without density.
    """
    places = dataset.places
    types = dataset.communes[["commune_insee", "region_code", "population"]]
    if dataset.territories is None:
        known = pd.Series(dtype="str")
    else:
        known = dataset.territories.communes.set_index("commune_insee")["territory_type"]
    types = types.assign(territory_type=types["commune_insee"].map(known))
    if region_code is not None:
        places = places[places["region_code"] == region_code]
        types = types[types["region_code"] == region_code]
    people = types.groupby("territory_type")["population"].sum()
    counted = places.assign(territory_type=places["territory_type"].fillna(UNKNOWN))
    counts = counted.groupby(["territory_type", "kind"])["object_id"].nunique()
    grid = pd.MultiIndex.from_product([[*TYPES, UNKNOWN], KINDS], names=["territory_type", "kind"])
    made = counts.reindex(grid, fill_value=0).rename("objects").reset_index()
    made["population"] = made["territory_type"].map(people)
    # Without inhabitants there is no density, rather than an infinite one.
    made["per_100k"] = made["objects"] / made["population"].where(made["population"] > 0) * 100_000
    return made


def population_shares(dataset: Dataset, region_code: str | None = None) -> pd.DataFrame:
    """Communes and population by type computed at the commune: columns territory_type, communes, population, share_pct."""
    frame = dataset.communes[["commune_insee", "region_code", "population"]]
    if dataset.territories is None:
        return pd.DataFrame(columns=["territory_type", "communes", "population", "share_pct"])
    known = dataset.territories.communes.set_index("commune_insee")["territory_type"]
    frame = frame.assign(territory_type=frame["commune_insee"].map(known).fillna(UNKNOWN))
    if region_code is not None:
        frame = frame[frame["region_code"] == region_code]
    made = frame.groupby("territory_type").agg(
        communes=("commune_insee", "size"), population=("population", "sum")
    )
    made = made.reindex([t for t in (*TYPES, UNKNOWN) if t in made.index])
    made["share_pct"] = made["population"] / made["population"].sum() * 100
    return made.reset_index()
