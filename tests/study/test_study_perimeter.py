"""The territory of a study: communes, people, areas, outline, surroundings; and uploaded polygons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data.load import DATA_DIR, Dataset
from ptce_data.study import (
    Outline,
    Perimeter,
    PerimeterError,
    UploadError,
    polygon_from,
    resolve,
    zones,
)
from tests.study.study_small import ALPHA_AND_A_HALF, over


def test_an_epci_is_all_its_communes(small: Dataset) -> None:
    area = resolve(small, Perimeter(epci=("200000001",)))
    assert list(area.communes["commune_insee"]) == ["69001", "69002"]
    assert area.population == 51_000
    assert area.area_km2 == 175
    assert area.density == pytest.approx(51_000 / 175)
    assert list(area.communes["share_inside_pct"]) == [100, 100]
    types = area.types.set_index("territory_type")
    assert types["population"].sum() == area.population
    assert types["share_pct"].sum() == pytest.approx(100)
    assert types.loc["desindustrialise", "population"] == 50_000
    assert types.index[-1] == "non_renseigne"
    assert area.epci.iloc[0][["code", "communes", "communes_total", "is_whole"]].tolist() == [
        "200000001",
        2,
        2,
        True,
    ]
    assert area.geometry.equals(small.epci.set_index("epci_siren").geometry["200000001"])
    assert area.zone_geometry is None
    assert area.surroundings.empty


def test_a_part_of_an_epci_and_of_nothing(small: Dataset) -> None:
    area = resolve(small, Perimeter(communes=("69002", "31002", "63001")))
    epci = area.epci.set_index("code")
    assert not epci.loc["200000001", "is_whole"]
    assert epci.loc["200000002", "is_whole"]
    assert area.outside_epci == 1
    assert list(area.departements["code"]) == ["31", "63", "69"]
    assert list(area.regions["code"]) == ["76", "84"]
    assert list(area.former_regions["code"]) == ["73", "82", "83"]
    assert area.regions["share_pct"].sum() == pytest.approx(100)
    assert area.regions.set_index("code").loc["84", "population"] == 21_000


def test_a_polygon_keeps_the_communes_whose_point_is_inside(small: Dataset) -> None:
    area = resolve(small, over(ALPHA_AND_A_HALF))
    assert list(area.communes["commune_insee"]) == ["69001"]
    assert area.communes["share_inside_pct"].iloc[0] == pytest.approx(99, abs=1)
    assert list(area.crossed["commune_insee"]) == ["69002"]
    assert area.crossed["share_inside_pct"].iloc[0] == pytest.approx(48.5, abs=1)
    assert area.population == 50_000
    assert area.drawn_km2 is not None
    assert "1 commune qu’il traverse" in area.notes[0]
    both = resolve(small, Perimeter(communes=("69002",), polygon=Outline.of(ALPHA_AND_A_HALF)))
    assert list(both.communes["commune_insee"]) == ["69001", "69002"]
    assert both.crossed.empty


def test_a_polygon_without_any_point_has_no_people(small: Dataset) -> None:
    area = resolve(small, over(shapely.box(2.001, 45.001, 2.002, 45.002), 20))
    assert area.communes.empty
    assert (area.population, area.density) == (0, None)
    assert area.types["share_pct"].isna().all()
    assert "point d’aucune commune" in area.notes[0]
    assert "69001" in set(area.surroundings["commune_insee"])


@pytest.mark.parametrize(
    ("perimeter", "said"),
    [
        (Perimeter(), "vide"),
        (Perimeter(communes=("99999",), epci=("1",)), "1 et 99999"),
        (over(shapely.box(10, 50, 11, 51)), "aucune commune de France"),
    ],
)
def test_a_perimeter_without_territory_is_refused(small: Dataset, perimeter: Perimeter, said: str) -> None:
    with pytest.raises(PerimeterError, match=said):
        resolve(small, perimeter)


def test_unknown_codes_are_told_and_left_aside(small: Dataset) -> None:
    area = resolve(small, Perimeter(communes=("69001", "01999")))
    assert area.unknown_codes == ("01999",)
    assert "01999" in area.notes[0]


def test_the_surroundings_are_measured_in_metres(small: Dataset) -> None:
    # The centre of Bêta is 0.05 degree (3.9 km at 45°) from the border of Alpha, Gamma's 0.15 (11.8 km).
    near = resolve(small, Perimeter(communes=("69001",), zone_km=5.0))
    away = near.surroundings.set_index("commune_insee")["distance_km"]
    assert away["69002"] == pytest.approx(3.94, abs=0.05)
    assert "63001" not in away
    far = resolve(small, Perimeter(communes=("69001",), zone_km=12.0))
    assert "63001" in set(far.surroundings["commune_insee"])
    assert far.zone_geometry is not None
    ring = zones.to_metres(far.zone_geometry, 2154)
    alpha = zones.to_metres(far.geometry, 2154)
    assert ring.distance(alpha) == pytest.approx(0, abs=1)
    assert alpha.centroid.distance(ring.exterior if ring.geom_type == "Polygon" else ring) > 12_000


@settings(max_examples=5, deadline=None)
@given(st.floats(0, 30), st.floats(0, 30))
def test_a_wider_zone_never_loses_a_commune(small: Dataset, one: float, other: float) -> None:
    def around(km: float) -> set[str]:
        return set(resolve(small, Perimeter(communes=("69001",), zone_km=km)).surroundings["commune_insee"])

    assert around(min(one, other)) <= around(max(one, other))


@settings(max_examples=5, deadline=None)
@given(st.sets(st.sampled_from(["69001", "69002", "63001", "31001", "31002", "34001"]), min_size=1))
def test_a_polygon_of_communes_is_these_communes(small: Dataset, codes: set[str]) -> None:
    chosen = resolve(small, Perimeter(communes=tuple(sorted(codes))))
    drawn = resolve(small, over(chosen.geometry))
    assert list(drawn.communes["commune_insee"]) == sorted(codes)
    assert drawn.population == chosen.population


def _expected(column: str, code: str) -> pd.DataFrame:
    frame = pd.read_parquet(DATA_DIR / "geo" / "communes.parquet", columns=["commune_insee", "epci_siren", "departement_code", "population", "area_km2"])  # fmt: skip
    return frame[frame[column] == code]


@pytest.mark.parametrize("epci", ["200067205", "249740119", "200066801"])
def test_the_figures_of_a_real_epci_are_those_of_its_communes(real: Dataset, epci: str) -> None:
    area = resolve(real, Perimeter(epci=(epci,), zone_km=10.0))
    expected = _expected("epci_siren", epci)
    assert set(area.communes["commune_insee"]) == set(expected["commune_insee"])
    assert area.population == expected["population"].sum()
    assert area.area_km2 == pytest.approx(expected["area_km2"].sum())
    assert area.types["population"].sum() == area.population
    # The outline, in metres of its own CRS, is close to the published area (the layer is simplified).
    assert sum(p.outline.area for p in area.parts) / 1e6 == pytest.approx(area.area_km2, rel=0.05)
    assert not set(area.surroundings["commune_insee"]) & set(area.communes["commune_insee"])
    assert area.surroundings["distance_km"].between(0, 10).all()


def test_a_perimeter_on_two_oceans_is_measured_part_by_part(real: Dataset) -> None:
    area = resolve(real, Perimeter(communes=("75056", "97411", "97105", "97302", "97608"), zone_km=15.0))
    assert {p.epsg for p in area.parts} == {2154, 2975, 5490, 2972, 4471}
    assert sum(p.population for p in area.parts) == area.population
    assert area.surroundings["distance_km"].max() <= 15
    assert {"971", "974", "976"} <= set(area.surroundings["departement_code"])
    for part in area.parts:
        assert part.outline.distance(shapely.Point(part.centre_xy)) < 20_000


def geojson(*shapes: shapely.Geometry, **more: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(s)} for s in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def gpkg(tmp_path: Path, shape: shapely.Geometry, crs: int, layer: str = "zone") -> bytes:
    path = tmp_path / "file.gpkg"
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shape], crs=4326).to_crs(crs)
    frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    return path.read_bytes()


def lambert(shape: shapely.Geometry) -> shapely.Geometry:
    return gpd.GeoSeries([shape], crs=4326).to_crs(2154).iloc[0]


def same(outline: Outline, shape: shapely.Geometry) -> bool:
    return bool(outline.geometry().symmetric_difference(shape).area < shape.area * 1e-4)


def test_polygons_of_a_file_become_one(small: Dataset) -> None:
    made = polygon_from(
        small, geojson(shapely.box(2, 45, 2.1, 45.1), shapely.box(2.1, 45, 2.2, 45.1)), "zone.geojson"
    )
    assert same(made.outline, shapely.box(2, 45, 2.2, 45.1))
    assert made.features == 2
    assert "2 polygones réunis" in made.notes[0]
    bare = json.dumps(shapely.geometry.mapping(ALPHA_AND_A_HALF)).encode()
    assert same(polygon_from(small, b"\xef\xbb\xbf" + bare, "zone.json").outline, ALPHA_AND_A_HALF)
    raised = shapely.force_3d(ALPHA_AND_A_HALF, 12.0)
    assert same(polygon_from(small, geojson(raised), "zone.json").outline, ALPHA_AND_A_HALF)


@pytest.mark.parametrize("crs", [4326, 2154, 3857])
def test_a_geopackage_is_reprojected(small: Dataset, tmp_path: Path, crs: int) -> None:
    made = polygon_from(small, gpkg(tmp_path, ALPHA_AND_A_HALF, crs), "zone.gpkg")
    assert same(made.outline, ALPHA_AND_A_HALF)
    assert made.crs == f"EPSG:{crs}"
    assert any("converties" in note for note in made.notes) == (crs != 4326)


def test_lambert_93_is_recognised(small: Dataset) -> None:
    guessed = polygon_from(small, geojson(lambert(ALPHA_AND_A_HALF)), "zone.geojson")
    assert same(guessed.outline, ALPHA_AND_A_HALF)
    assert "Lambert-93 reconnu" in guessed.notes[0]
    named = geojson(
        lambert(ALPHA_AND_A_HALF), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    )
    assert same(polygon_from(small, named, "zone.geojson").outline, ALPHA_AND_A_HALF)


def test_an_invalid_polygon_is_repaired_and_told(small: Dataset) -> None:
    bow = shapely.Polygon([(2, 45), (2.1, 45.1), (2.1, 45), (2, 45.1)])
    made = polygon_from(small, geojson(bow), "zone.geojson")
    assert "réparé" in made.notes[0]
    assert made.outline.geometry().is_valid
    assert made.outline.geometry().area == pytest.approx(0.005)


def test_an_outline_of_too_many_points_is_simplified(small: Dataset) -> None:
    turn = np.linspace(0, 2 * np.pi, 30_000)
    round_ = shapely.Polygon(
        np.column_stack([2.1 + 0.09 * np.cos(turn), 45.1 + 0.09 * np.sin(turn)]).round(6)
    )
    made = polygon_from(small, geojson(round_), "zone.geojson")
    assert "simplifié" in " ".join(made.notes)
    assert same(made.outline, round_)


REFUSED: dict[str, tuple[bytes, str]] = {
    "big": (b" " * 5_000_001, "dépasse 5"),
    "text": (b"bonjour", "JSON bien formé"),
    "deep": (b"[" * 100, "niveaux"),
    "list": (b"[]", "pas du GeoJSON"),
    "empty": (geojson(), "aucun polygone"),
    "point": (geojson(shapely.Point(2, 45)), "lignes ou des points"),
    "line": (geojson(ALPHA_AND_A_HALF, shapely.LineString([(2, 45), (3, 45)])), "lignes ou des points"),
    "abroad": (geojson(shapely.box(13, 52, 14, 53)), "hors de France"),
    "sea": (geojson(shapely.box(-4, 46, -3.9, 46.1)), "hors de France"),
    "metres": (geojson(shapely.box(5e6, 5e6, 6e6, 6e6)), "ni en degrés ni en Lambert-93"),
    "crs": (geojson(ALPHA_AND_A_HALF, crs={"properties": {"name": "ailleurs"}}), "système de coordonnées est inconnu"),
    "crs_number": (geojson(ALPHA_AND_A_HALF, crs={"properties": {"name": "EPSG:99999"}}), "inconnu"),
    "broken": (b'{"type": "Polygon", "coordinates": [[1, 2]]}', "illisible"),
    "huge": (b'{"type": "Polygon", "coordinates": [[[1e300, 1], [2, 2], [3, 3], [1e300, 1]]]}', "nombre courant"),
    "sqlite": (b"SQLite format 3\x00" + b"\x00" * 200, "pas un GeoPackage"),
    "gpkg": (b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\xff" * 500, "GeoPackage est illisible"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_polygon_of_france_is_refused(small: Dataset, case: str) -> None:
    data, said = REFUSED[case]
    with pytest.raises(UploadError, match=said) as refused:
        polygon_from(small, data, "<b>zone</b>\n.geojson")
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_geopackage_of_points_is_refused(small: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="lignes ou des points"):
        polygon_from(small, gpkg(tmp_path, shapely.Point(2, 45), 4326), "zone.gpkg")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=100)
    | st.binary(max_size=300).map(lambda b: b"SQLite format 3\x00" + b"0" * 52 + b"GPKG" + b)
)
def test_any_bytes_are_refused_and_never_break(small: Dataset, data: bytes) -> None:
    with pytest.raises(UploadError):
        polygon_from(small, data, "zone")


def test_zones_hold_every_commune(real: Dataset) -> None:
    found = pd.Series(zones.zones_of(real.communes["lon"], real.communes["lat"]), index=real.communes.index)
    expected = real.communes["departement_code"].map(
        {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
    )
    assert (found == expected.fillna(2154)).all()
