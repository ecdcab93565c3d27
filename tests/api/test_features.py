"""The features are those of the data set: all of them, each once, filtered, sorted and placed as asked."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ptce_api import layers
from ptce_api.parameters import CRS_URIS
from ptce_data.load import DATA_DIR, Dataset

EPSG = {uri.rsplit("/", 1)[1]: uri for uri in CRS_URIS}


def items(client: TestClient, name: str, **asked: object) -> dict:
    answer = client.get(
        f"/api/collections/{name}/items", params={k.replace("__", "-"): v for k, v in asked.items()}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()


def ids(client: TestClient, name: str, **asked: object) -> list[str]:
    return [
        f["id"] for f in items(client, name, **{"limit": 10_000, "skipGeometry": "true", **asked})["features"]
    ]


@pytest.mark.parametrize("name", layers.names())
def test_a_collection_has_the_rows_of_the_dataset(api: TestClient, real: Dataset, name: str) -> None:
    got = items(api, name, limit=1)
    assert got["numberMatched"] == len(getattr(real, name))
    assert got["numberReturned"] == len(got["features"]) == 1
    feature = got["features"][0]
    assert feature["type"] == "Feature"
    row = getattr(real, name).iloc[0]
    for field in layers.build(real, name).fields:
        if field.name in row.index:
            wanted = row[field.name]
            assert feature["properties"][field.name] == (None if pd.isna(wanted) else wanted), field.name


def test_every_object_keeps_its_sources(api: TestClient, real: Dataset) -> None:
    known = set(real.sources["id"])
    for name in ("poles", "tiers_lieux", "clusters", "support_schemes"):
        features = items(api, name, limit=10_000, properties="source_ids", skipGeometry="true")["features"]
        cited = {source for f in features for source in f["properties"]["source_ids"].split("|")}
        assert cited <= known
        assert all(f["properties"]["source_ids"] for f in features)


@pytest.mark.parametrize(("name", "limit"), [("tiers_lieux", 700), ("clusters", 7), ("support_schemes", 50)])
def test_pages_hold_every_row_once(api: TestClient, real: Dataset, name: str, limit: int) -> None:
    found: list[str] = []
    address = f"/api/collections/{name}/items?limit={limit}&skipGeometry=true"
    while address:
        page = api.get(address).json()
        found += [f["id"] for f in page["features"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        address = following[0] if following else ""
    assert found == getattr(real, name)["id"].tolist()


def test_too_large_a_page_is_cut_and_goes_on(api: TestClient) -> None:
    page = items(api, "communes", limit=99_999, skipGeometry="true", properties="name")
    assert page["numberReturned"] == 2_000
    assert any(link["rel"] == "next" for link in page["links"])


@settings(max_examples=25)
@given(
    corners=st.tuples(st.floats(-6, 10), st.floats(41, 52), st.floats(-6, 10), st.floats(41, 52)),
    limit=st.integers(1, 60),
    offset=st.integers(0, 80),
)
def test_a_box_selects_what_geopandas_selects(
    api: TestClient, real: Dataset, corners: tuple[float, ...], limit: int, offset: int
) -> None:
    west, east = sorted((corners[0], corners[2]))
    south, north = sorted((corners[1], corners[3]))
    frame = real.departements
    wanted = frame[frame.intersects(shapely.box(west, south, east, north))]["departement_code"].tolist()
    got = items(
        api,
        "departements",
        bbox=f"{west},{south},{east},{north}",
        limit=limit,
        offset=offset,
        skipGeometry="true",
    )
    assert got["numberMatched"] == len(wanted)
    assert [f["id"] for f in got["features"]] == wanted[offset : offset + limit]


def test_a_box_in_lambert_93_is_followed_exactly(api: TestClient, real: Dataset) -> None:
    box = (780_000, 6_450_000, 1_050_000, 6_900_000)
    projected = real.departements.to_crs(2154)
    wanted = projected[projected.intersects(shapely.box(*box))]["departement_code"].tolist()
    assert ids(api, "departements", bbox=",".join(map(str, box)), **{"bbox__crs": EPSG["2154"]}) == wanted


def test_a_box_over_the_antimeridian_goes_the_short_way(api: TestClient, real: Dataset) -> None:
    got = ids(api, "regions", bbox="50,-30,-50,30")
    east = real.regions[real.regions["lon"].gt(50) | real.regions["lon"].lt(-50)]
    assert set(got) == set(east["region_code"])


@pytest.mark.parametrize("code", ["4326", "3857", "2154"])
def test_geometry_comes_in_the_asked_crs(api: TestClient, real: Dataset, code: str) -> None:
    answer = api.get("/api/collections/tiers_lieux/items", params={"limit": 300, "crs": EPSG[code]})
    assert answer.headers["content-crs"] == f"<{EPSG[code]}>"
    got = np.array([f["geometry"]["coordinates"] for f in answer.json()["features"]])
    places = real.places.set_index("uid").loc[real.tiers_lieux["uid"].head(300)]
    wanted = places.to_crs(int(code)).geometry
    xy = np.column_stack([wanted.x, wanted.y])
    # The authority's axes of EPSG:4326 are latitude, longitude.
    assert np.allclose(got[:, ::-1] if code == "4326" else got, xy, atol=1e-6 if code == "4326" else 0.01)


def test_properties_select_rows(api: TestClient, real: Dataset) -> None:
    frame = real.poles
    assert ids(api, "poles", region_code="84") == frame[frame["region_code"] == "84"]["id"].tolist()
    assert ids(api, "poles", is_temoin="true") == frame[frame["is_temoin"].fillna(False)]["id"].tolist()
    year = frame[frame["created_year"] == 2014]
    assert (
        ids(api, "poles", created_year="2014", region_code="75")
        == year[year["region_code"] == "75"]["id"].tolist()
    )
    types = real.territories.communes  # type: ignore[union-attr]
    rural = types[types["territory_type"] == "rural"]
    assert items(api, "communes", territory_type="rural", resulttype="hits")["numberMatched"] == len(rural)


def test_words_are_found_without_accents(api: TestClient) -> None:
    found = items(api, "poles", q="ARCHER romanais", limit=10)["features"]
    assert [f["id"] for f in found] == ["pole-sud-archer"]


def test_sorting_puts_the_unknown_last(api: TestClient, real: Dataset) -> None:
    for order, ascending in (("", True), ("-", False)):
        got = ids(api, "poles", sortby=f"{order}created_year,name")
        wanted = real.poles.sort_values(
            ["created_year", "name"], ascending=[ascending, True], kind="stable", na_position="last"
        )
        assert got == wanted["id"].tolist()


def test_chosen_properties_and_no_geometry(api: TestClient) -> None:
    feature = items(api, "communes", limit=1, properties="name,population", skipGeometry="true")["features"][
        0
    ]
    assert list(feature["properties"]) == ["name", "population"]
    assert feature["geometry"] is None


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        ("region_code = '84'", "region_code == '84'"),
        ("NOT region_code = '84'", "region_code != '84'"),
        ("opened_year > 2000", "opened_year > 2000"),
        ("NOT opened_year > 2000", "opened_year <= 2000"),
        ("siren IS NULL", "siren.isna()"),
        ("NOT status = 'ouvert'", "status.notna() & status != 'ouvert'"),
        ("kind IN ('fablab','coworking')", "kind in ['fablab', 'coworking']"),
        ("status NOT IN ('ouvert')", "status.notna() & status != 'ouvert'"),
        ("lat BETWEEN 45 AND 46", "lat >= 45 & lat <= 46"),
        ("name LIKE 'Le %lab%'", "name.str.startswith('Le ') & name.str.slice(3).str.contains('lab')"),
        ("name NOT LIKE '%a%'", "~name.str.contains('a')"),
    ],
)
def test_cql_keeps_the_unknown_out(api: TestClient, real: Dataset, condition: str, query: str) -> None:
    wanted = real.tiers_lieux.query(query, engine="python")["id"].tolist()
    assert ids(api, "tiers_lieux", filter=condition) == wanted


def test_a_support_scheme_has_the_outline_it_covers(small_api: TestClient, small: Dataset) -> None:
    features = {f["id"]: f["geometry"] for f in items(small_api, "support_schemes")["features"]}
    assert features["aide-etat"] is None
    assert features["aide-ue"] is None
    for scheme, level, code in (("aide-region", "regions", "76"), ("aide-commune", "communes", "34001")):
        frame: gpd.GeoDataFrame = getattr(small, level)
        wanted = frame.loc[frame.iloc[:, 0] == code].geometry.iloc[0]
        assert shapely.geometry.shape(features[scheme]).symmetric_difference(wanted).area < 1e-9


def test_one_feature_by_its_identifier(api: TestClient) -> None:
    got = api.get("/api/collections/poles/items/pole-sud-archer").json()
    assert got["properties"]["name"] == "Pôle Sud Archer"
    assert api.get("/api/collections/poles/items/nulle-part").status_code == 404


def test_the_package_is_the_files_of_data(api: TestClient) -> None:
    described = api.get("/api/package/datapackage.json").json()
    for resource in described["resources"]:
        if resource["path"] in ("poles.csv", "codes/categories.csv", "geo/regions.parquet"):
            got = api.get(f"/api/package/{resource['path']}")
            assert got.content == (DATA_DIR / resource["path"]).read_bytes()
    for outside in ("territory_rules.toml", "..%2f..%2fREADME.md", "geo/..%2fpoles.csv", "/etc/passwd"):
        assert api.get(f"/api/package/{outside}").status_code == 404
