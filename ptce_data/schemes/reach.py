"""Which regions of today a scheme touches, from its coverage codes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ptce_data import coverage

if TYPE_CHECKING:
    from ptce_data.load import Dataset


def national(schemes: pd.DataFrame) -> pd.Series:
    """Boolean per row of `schemes` (same index): whether the scheme covers the whole of France."""
    listed = coverage.codes(schemes)
    everywhere = set(listed.loc[listed["coverage_code"].isin(coverage.NATIONAL), "scheme_id"])
    return schemes["id"].isin(everywhere)


def regions(dataset: Dataset, schemes: pd.DataFrame) -> pd.DataFrame:
    """One row per scheme and region of today that it covers in all or in part: scheme_id, region_code.

    Schemes that cover the whole of France have no row. Same answer as `coverage.areas_touched` at the
    level of regions, without looking at the communes of the large areas.
    """
    listed = coverage.codes(schemes).dropna(subset=["level"])
    parts = [
        pd.DataFrame({"scheme_id": rows["scheme_id"], "region_code": _region_of(dataset, str(level), rows)})
        for level, rows in listed.groupby("level", sort=False)
    ]
    if not parts:
        return pd.DataFrame({"scheme_id": pd.Series(dtype="str"), "region_code": pd.Series(dtype="str")})
    found = pd.concat(parts).explode("region_code").dropna()
    return found.drop_duplicates().reset_index(drop=True)


def _region_of(dataset: Dataset, level: str, rows: pd.DataFrame) -> list[list[str]]:
    areas = rows["area_code"]
    if level == "regions":
        return [[code] for code in areas]
    if level in ("former_regions", "departements"):
        table, key = (
            (dataset.former_region_codes, "former_region_code")
            if level == "former_regions"
            else (dataset.departement_codes, "departement_code")
        )
        region = dict(zip(table[key], table["region_code"], strict=True))
        # An overseas collectivity is its own region and is in no list of départements.
        return [[region.get(code, code)] for code in areas]
    key = "epci_siren" if level == "epci" else "commune_insee"
    communes = dataset.communes
    inside = communes.loc[communes[key].isin(set(areas)), [key, "region_code"]]
    by_area = inside.groupby(key)["region_code"].unique()
    return [list(by_area.get(code, [])) for code in areas]
