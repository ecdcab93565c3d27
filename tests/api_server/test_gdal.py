"""What people really use: GDAL (QGIS) and geopandas read the API and find the features of `data/`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from ptce_data.load import Dataset
from tests.api_server.conftest import get

pytestmark = pytest.mark.skipif(
    not shutil.which("ogr2ogr"), reason="GDAL (gdal-bin) n’est pas installé : python scripts/find_gdal.py"
)
LAYERS = ("poles", "tiers_lieux", "clusters", "support_schemes", "departements", "regions", "former_regions")


def run(*command: str) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "OGR_GEOJSON_MAX_OBJ_SIZE": "0", "GDAL_DRIVER_PATH": "disable"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def geopackage(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gdal") / "atlas.gpkg"
    options = ("-oo", "PAGE_SIZE=1000")
    run("ogr2ogr", "-f", "GPKG", str(path), f"OAPIF:{site}/api", *options, *LAYERS)
    return path


def test_ogrinfo_lists_the_collections(site: str, real: Dataset) -> None:
    said = run("ogrinfo", "-ro", f"OAPIF:{site}/api")
    for name in ("poles", "tiers_lieux", "clusters", "support_schemes", "communes", "epci", "regions"):
        assert f": {name} " in said
    summary = run("ogrinfo", "-ro", "-so", f"OAPIF:{site}/api", "tiers_lieux")
    assert f"Feature Count: {len(real.tiers_lieux)}" in summary
    assert "Geometry: Point" in summary


@pytest.mark.parametrize("name", LAYERS)
def test_ogr2ogr_copies_the_features_of_the_data(geopackage: Path, real: Dataset, name: str) -> None:
    got = gpd.read_file(geopackage, layer=name)
    wanted = getattr(real, name)
    assert len(got) == len(wanted)
    key = wanted.columns[0]
    got = got.set_index(key).loc[wanted[key]].reset_index()
    for column in wanted.columns.intersection(got.columns).drop("geometry", errors="ignore"):
        ours, theirs = wanted[column], got[column]
        assert ours.isna().tolist() == theirs.isna().tolist(), column
        kept = ours.notna().to_numpy()
        # A boolean with unknown values comes back as 1.0 and 0.0.
        if not pd.api.types.is_numeric_dtype(ours.dtype):
            assert ours[kept].astype(str).tolist() == theirs[kept].astype(str).tolist(), column
        else:
            assert ours[kept].astype(float).tolist() == pytest.approx(theirs[kept].astype(float).tolist())
    if name in ("poles", "tiers_lieux", "clusters"):
        points = real.places.set_index("uid").loc[wanted["uid"]].geometry
        missing = points.is_empty.to_numpy()
        assert (got.geometry.isna() | got.geometry.is_empty).tolist() == missing.tolist()
        assert shapely.equals_exact(
            got.geometry.to_numpy()[~missing], points.to_numpy()[~missing], 1e-7
        ).all()
    elif name != "support_schemes":
        assert shapely.equals_exact(
            got.geometry.to_numpy(), wanted.geometry.to_numpy(), 1e-7, normalize=True
        ).all()


def test_a_filter_of_gdal_reaches_the_server(site: str, real: Dataset) -> None:
    said = run(
        "ogrinfo", "-ro", "-so", f"OAPIF:{site}/api", "tiers_lieux", "-spat", "2.2", "48.8", "2.5", "48.95"
    )
    points = real.places[real.places["kind"] == "tiers_lieu"]
    inside = points.cx[2.2:2.5, 48.8:48.95]
    assert f"Feature Count: {len(inside)}" in said


def test_geopandas_reads_an_address(site: str, real: Dataset) -> None:
    _, _, body = get(f"{site}/api/collections/communes/items?limit=2000&departement_code=75")
    frame = gpd.GeoDataFrame.from_features(json.loads(body)["features"], crs="OGC:CRS84")
    read = gpd.read_file(f"{site}/api/collections/departements/items?limit=200&f=json")
    assert len(frame) == int((real.communes["departement_code"] == "75").sum())
    assert read["departement_code"].tolist() == real.departements["departement_code"].tolist()
    assert read["population"].sum() == real.departements["population"].sum()
