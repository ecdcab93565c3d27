"""Which territory each support scheme covers, and which schemes cover a place.

A scheme lists coverage codes: `FR`, `UE`, `REG-76`, `ANCREG-91` (region of before 2016), `DEP-31`,
`EPCI-<siren>`, `COM-<insee>`. The State's and the Union's schemes cover, within the perimeter of this
data set, the whole of France.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from ptce_data.query import LEVEL_CODES, Level
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

NATIONAL: Final = ("FR", "UE")
_PREFIX_LEVEL: Final[dict[str, Level]] = {
    "REG": "regions",
    "ANCREG": "former_regions",
    "DEP": "departements",
    "EPCI": "epci",
    "COM": "communes",
}


def codes(schemes: pd.DataFrame) -> pd.DataFrame:
    """One row per scheme and coverage code: columns scheme_id, coverage_code, level, area_code.

    `level` is missing for `FR` and `UE`, which cover every area.
    """
    rows = []
    for scheme_id, cell in zip(schemes["id"], schemes["coverage_codes"], strict=True):
        for code in split_codes(cell):
            prefix, _, area = code.partition("-")
            rows.append((scheme_id, code, _PREFIX_LEVEL.get(prefix), area or None))
    return pd.DataFrame(rows, columns=["scheme_id", "coverage_code", "level", "area_code"])


def areas_touched(dataset: Dataset, level: Level) -> pd.DataFrame:
    """Sub-national schemes per area: columns scheme_id, code, share_pct (of the area's communes covered).

    Schemes of the State and of the Union are left out: they cover every area alike.
    """
    communes = dataset.communes
    own = LEVEL_CODES[level]
    sizes = communes.groupby(own)["commune_insee"].size()
    listed = codes(dataset.support_schemes).dropna(subset=["level"])
    parts = []
    for scheme_id, group in listed.groupby("scheme_id"):
        inside = pd.Series(False, index=communes.index)
        for row in group.itertuples():
            inside |= communes[LEVEL_CODES[row.level]] == row.area_code
        touched = communes[inside].groupby(own)["commune_insee"].size()
        share = touched / sizes.reindex(touched.index) * 100
        parts.append(
            pd.DataFrame({"scheme_id": scheme_id, "code": touched.index, "share_pct": share.to_numpy()})
        )
    if not parts:
        return pd.DataFrame({"scheme_id": [], "code": [], "share_pct": []})
    return pd.concat(parts, ignore_index=True)


def count_by_area(dataset: Dataset, level: Level) -> pd.DataFrame:
    """Number of documented sub-national schemes that cover all or part of each area.

    Columns code, name, schemes. Zero means "none documented here", never "none exists".
    """
    own = LEVEL_CODES[level]
    found = areas_touched(dataset, level).groupby("code")["scheme_id"].nunique()
    areas = getattr(dataset, level)[[own, "name"]].rename(columns={own: "code"}).reset_index(drop=True)
    areas["schemes"] = areas["code"].map(found).fillna(0).astype("int64")
    return areas


def of_area(dataset: Dataset, level: Level, code: str) -> pd.DataFrame:
    """Schemes covering all or part of one area, national ones included.

    The rows of `support_schemes` plus share_pct (100 for national schemes), nearest level first.
    """
    touched = areas_touched(dataset, level)
    share = touched[touched["code"] == code].set_index("scheme_id")["share_pct"]
    frame = dataset.support_schemes
    national = codes(frame)
    everywhere = national.loc[national["coverage_code"].isin(NATIONAL), "scheme_id"]
    rows = frame[frame["id"].isin(share.index) | frame["id"].isin(everywhere)].copy()
    rows["share_pct"] = rows["id"].map(share).fillna(100.0)
    order = {"epci": 0, "departement": 1, "region": 2, "etat": 3, "ue": 4}
    return rows.sort_values("level", key=lambda s: s.map(order), kind="stable").reset_index(drop=True)


def at_point(dataset: Dataset, lon: float, lat: float) -> pd.DataFrame:
    """Schemes that cover the point (EPSG:4326, degrees); empty outside of France."""
    point = shapely.Point(lon, lat)
    hits = dataset.communes.sindex.query(point, predicate="intersects")
    if len(hits) == 0:
        return dataset.support_schemes.iloc[:0].assign(share_pct=pd.Series(dtype=float))
    commune = str(dataset.communes.iloc[hits[0]]["commune_insee"])
    return of_area(dataset, "communes", commune)


def polygons(dataset: Dataset) -> gpd.GeoDataFrame:
    """Polygon of the territory each scheme covers: columns scheme_id, geometry (EPSG:4326)."""
    france = shapely.MultiPolygon(
        [p for g in dataset.regions.geometry for p in (g.geoms if hasattr(g, "geoms") else [g])]
    )
    shapes = {
        level: getattr(dataset, level).set_index(LEVEL_CODES[level]).geometry
        for level in dict.fromkeys(_PREFIX_LEVEL.values())
    }
    listed = codes(dataset.support_schemes)
    rows = []
    for scheme_id, group in listed.groupby("scheme_id", sort=False):
        if group["level"].isna().any():
            rows.append((scheme_id, france))
            continue
        geoms = [shapes[r.level].loc[r.area_code] for r in group.itertuples()]
        rows.append((scheme_id, geoms[0] if len(geoms) == 1 else shapely.union_all(geoms)))
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=["scheme_id", "geometry"]), geometry="geometry", crs="EPSG:4326"
    )
