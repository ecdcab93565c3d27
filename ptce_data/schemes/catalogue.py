"""The catalogue of support schemes: which ones a selection keeps, and what is documented where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data.places import UNKNOWN
from ptce_data.schemes import reach, words
from ptce_data.schemes.selection import SchemeSelection
from ptce_data.text import fold, split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: What an empty cell of the matrix says: the data are a collection, not an inventory.
NOTHING_DOCUMENTED: Final = "rien de documenté ici"
#: Nearest level first.
NEAREST: Final = ("epci", "departement", "region", "etat", "ue")
STATUSES: Final = ("open", "unknown", "closed")
#: Rows of the matrix for schemes that cover the whole of France: code, level, name.
NATIONAL_ROWS: Final = (("FR", "etat", "État et national"), ("UE", "ue", "Union européenne"))
#: Selection field -> column that holds one value.
_SINGLE: Final = {
    "levels": "level",
    "categories": "category",
    "funding_kinds": "funding_kind",
    "statuses": "status",
}
#: Selection field -> column of "|"-separated values.
_MULTIPLE: Final = {"targets": "targets", "priorities": "territory_priority"}


def find(dataset: Dataset, selection: SchemeSelection) -> pd.DataFrame:
    """The rows of `support_schemes` that `selection` keeps, in the columns of the table.

    Order: open, then unknown, then closed (at the date of the source); nearest level first; then by
    name without accents, then by id. Filters are independent: their order does not matter.
    """
    schemes = dataset.support_schemes
    return ordered(schemes[mask(dataset, selection)])


def mask(dataset: Dataset, selection: SchemeSelection) -> pd.Series:
    """Boolean mask of the rows of `dataset.support_schemes` that `selection` keeps."""
    schemes = dataset.support_schemes
    keep = _facts(schemes, selection)
    everywhere = reach.national(schemes)
    if not selection.with_national:
        keep &= ~everywhere
    if selection.areas:
        touched = reach.regions(dataset, schemes)
        inside = set(touched.loc[touched["region_code"].isin(selection.areas), "scheme_id"])
        keep &= schemes["id"].isin(inside) | everywhere
    return keep


def _facts(schemes: pd.DataFrame, selection: SchemeSelection) -> pd.Series:
    """Mask of the filters that look at the row alone, territory left aside."""
    keep = pd.Series(True, index=schemes.index)
    for field, column in _SINGLE.items():
        wanted = getattr(selection, field)
        if wanted:
            match = schemes[column].isin(wanted)
            if UNKNOWN in wanted:
                match |= schemes[column].isna()
            keep &= match
    for field, column in _MULTIPLE.items():
        wanted = set(getattr(selection, field))
        if wanted:
            have = schemes[column].map(split_codes)
            keep &= have.map(
                lambda own, w=wanted: not w.isdisjoint(own) or (not own and UNKNOWN in w)
            ).astype(bool)
    sought = fold(selection.text).split()
    if sought:
        texts = (schemes["name"] + " " + schemes["operator"] + " " + schemes["summary"]).map(fold)
        for word in sought:
            keep &= texts.str.contains(word, regex=False)
    return keep


def ordered(schemes: pd.DataFrame) -> pd.DataFrame:
    """Rows of `support_schemes` in the order of the catalogue (see `find`), with a new index."""
    keys = pd.DataFrame(
        {
            "status": schemes["status"].map({s: n for n, s in enumerate(STATUSES)}),
            "level": schemes["level"].map({s: n for n, s in enumerate(NEAREST)}),
            "name": schemes["name"].map(fold),
            "id": schemes["id"],
        }
    )
    return schemes.loc[keys.sort_values(list(keys.columns)).index].reset_index(drop=True)


def matrix(dataset: Dataset, selection: SchemeSelection) -> pd.DataFrame:
    """Schemes per area and category: columns code, name, category, category_label, schemes (int).

    One row for each region of today (18, in the order of the registry) and each of the seven
    categories, then those of the schemes that cover the whole of France: `FR` (State and national) and
    `UE`. A scheme limited to some regions counts in each region it touches, whoever offers it; one that
    covers the whole of France counts once, in its own row. Zero means NOTHING_DOCUMENTED. All filters
    apply but `areas`: every region is shown. Without national schemes, there is no row for them.
    """
    categories = words.labels(dataset, "scheme_category")
    located = _located(dataset, selection)
    sizes = located.groupby(["code", "category"])["scheme_id"].nunique()
    rows = [
        (code, name, category, label, int(sizes.get((code, category), 0)))
        for code, name in _areas(dataset, selection)
        for category, label in categories.items()
    ]
    return pd.DataFrame(rows, columns=["code", "name", "category", "category_label", "schemes"])


def status_breakdown(dataset: Dataset, selection: SchemeSelection) -> pd.DataFrame:
    """Schemes per area and status: columns code, name, open, unknown, closed, schemes.

    Same rows of areas and same counting as `matrix`; the statuses are those at the date of the source.
    """
    located = _located(dataset, selection)
    sizes = located.groupby(["code", "status"])["scheme_id"].nunique()
    rows = []
    for code, name in _areas(dataset, selection):
        by_status = [int(sizes.get((code, status), 0)) for status in STATUSES]
        rows.append((code, name, *by_status, sum(by_status)))
    return pd.DataFrame(rows, columns=["code", "name", *STATUSES, "schemes"])


def _located(dataset: Dataset, selection: SchemeSelection) -> pd.DataFrame:
    """One row per kept scheme and area of the matrix: code, scheme_id, category, status."""
    schemes = dataset.support_schemes[mask(dataset, selection.replace(areas=()))]
    touched = reach.regions(dataset, schemes).rename(columns={"region_code": "code"})
    whole = schemes[reach.national(schemes)]
    union = whole["level"] == "ue"
    everywhere = pd.DataFrame({"scheme_id": whole["id"], "code": union.map({True: "UE", False: "FR"})})
    # A scheme that names the whole of France and a region besides counts once, as a national one.
    touched = touched[~touched["scheme_id"].isin(set(whole["id"]))]
    both = pd.concat([touched, everywhere], ignore_index=True)
    facts = schemes[["id", "category", "status"]].rename(columns={"id": "scheme_id"})
    return both.merge(facts, on="scheme_id")


def _areas(dataset: Dataset, selection: SchemeSelection) -> list[tuple[str, str]]:
    listed = dataset.region_codes.sort_values("position")
    regions = listed[listed["kind"] != "collectivite_outre_mer"]
    areas = list(zip(regions["region_code"], regions["name"], strict=True))
    if selection.with_national:
        areas += [(code, name) for code, _, name in NATIONAL_ROWS]
    return areas
