"""The files, read back with what people open them with: the same rows, the same values."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import opendata, query
from ptce_data.load import Dataset
from ptce_data.opendata import FORMATS
from ptce_data.opendata.plain import is_days, plain, shapes
from ptce_data.selection import Selection
from ptce_data.text import neutralise

CELL_MAX = 32_767
HOSTILE = [
    '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "a\x00b\x01\x1f", 'dit "oui", non', "deux\r\nlignes", "',;\t",
    "é" * 40_000, "🏭" * 20_000, "🏭 𝒳", "_x0041_ _x000D_", "\ud800 seul", "\ufffe\uffff", "<b>&amp;", "", "NA", "null", "nan", "01004", "2A004", "1e5",
    "2024-10", "2024-10-01", " bord ", "\u202eelop", "مركز", "' =1",
]  # fmt: skip


def make(dataset: Dataset, rows: pd.DataFrame, fmt: str, name: str = "essai") -> bytes:
    return opendata.write(dataset, rows, fmt, name=name, title="Essai", source_ids=["source-a", "source-b"])


def on_disk(raw: bytes, suffix: str, read: Callable[[str], Any]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"f{suffix}"
        path.write_bytes(raw)
        return read(str(path))


def read_csv(raw: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def read_xlsx(raw: bytes, sheet: str = "Tableau") -> pd.DataFrame:
    lines = list(openpyxl.load_workbook(io.BytesIO(raw))[sheet].iter_rows(values_only=True))
    return pd.DataFrame(lines[1:], columns=pd.Index(lines[0], dtype=object), dtype=object)


def read_geojson(raw: bytes) -> pd.DataFrame:
    features = json.loads(raw)["features"]
    return pd.DataFrame([f["properties"] for f in features], dtype=object)


def read_gpkg(raw: bytes, layer: str | None = None) -> pd.DataFrame:
    made = on_disk(raw, ".gpkg", lambda p: pyogrio.read_arrow(p, layer=layer or pyogrio.list_layers(p)[0, 0]))
    table = made[1]
    names = [n for n in table.column_names if n not in ("geometry", "ligne")]
    return pd.DataFrame({n: pd.Series(table[n].to_pylist(), dtype=object) for n in names})


def read_parquet(raw: bytes) -> pd.DataFrame:
    table = pq.read_table(io.BytesIO(raw))
    names = [n for n in table.column_names if n != "geometry" and not str(table[n].type).startswith("struct")]
    return pd.DataFrame({n: pd.Series(table[n].to_pylist(), dtype=object) for n in names})


READERS = {"csv": read_csv, "xlsx": read_xlsx, "geojson": read_geojson, "gpkg": read_gpkg, "geoparquet": read_parquet}  # fmt: skip


def is_same(fmt: str, kind: str, days: bool, want: Any, got: Any) -> bool:
    """What one cell must be in one format."""
    if pd.isna(want):
        return got == "" if fmt == "csv" else got is None
    if kind.startswith("datetime64"):
        moment = want.to_pydatetime(warn=False)
        if fmt in ("csv", "geojson"):
            return got == (moment.date() if days else moment).isoformat()
        if fmt == "xlsx":
            if moment < dt.datetime(1900, 3, 1):
                return str(got) == str(moment).removesuffix(" 00:00:00")
            return abs(got - moment) < dt.timedelta(milliseconds=2)
        if days:
            return got == moment.date()
        return abs(got.replace(tzinfo=None) - moment) < dt.timedelta(milliseconds=1)
    if kind == "boolean":
        return got == ("true" if want else "false") if fmt == "csv" else got is bool(want)
    if kind == "Int64":
        return int(got) == want if fmt in ("csv", "xlsx") else got == want and type(got) is int
    if kind == "Float64" and fmt == "xlsx" and abs(want) > 9e307:
        return float(got) == want and isinstance(got, str)
    if kind == "Float64":
        return float(got) == pytest.approx(want, rel=1e-12 if fmt == "xlsx" else 0, abs=0)
    if fmt == "csv":
        return got == neutralise(want)
    if fmt == "xlsx":
        units = want.encode("utf-16-le")[: 2 * CELL_MAX]
        return got == units.decode("utf-16-le", "ignore")
    return got == want


def compare(dataset: Dataset, rows: pd.DataFrame) -> None:
    flat = plain(rows)
    for fmt, read in READERS.items():
        back = read(make(dataset, rows, fmt))
        if fmt == "xlsx":  # a sheet does not count rows without any cell
            back = back.reindex(range(len(flat))).astype(object).where(lambda f: f.notna(), None)
        assert len(back) == len(flat), fmt
        if flat.empty:
            continue
        assert list(back.columns) == [neutralise(c) if fmt == "csv" else c for c in flat.columns], fmt
        for place, name in enumerate(flat.columns):
            kind = str(flat[name].dtype)
            days = kind.startswith("datetime64") and is_days(flat[name])
            for want, got in zip(flat[name], back.iloc[:, place], strict=True):
                assert is_same(fmt, kind, days, want, got), (fmt, name, kind, want, got)


def test_hostile_texts_come_back_from_every_format(small: Dataset) -> None:
    rows = pd.DataFrame({"texte": HOSTILE, "=2+2": [f"x{i}" for i in range(len(HOSTILE))]}, dtype=object)
    compare(small, rows)


def test_every_kind_of_cell_comes_back(small: Dataset) -> None:
    rows = gpd.GeoDataFrame(
        {
            "str": pd.Series(["a", None, "01004"], dtype="str"),
            "object": ["a", np.nan, 3],
            "tuple": [("a", "b"), (), ("é|x",)],
            "Int64": pd.Series([1, pd.NA, -(2**60)], dtype="Int64"),
            "int8": pd.Series([1, 2, -3], dtype="int8"),
            "uint64": pd.Series([1, 2, 2**64 - 1], dtype="uint64"),
            "float": [0.1, np.nan, np.inf],
            "Float64": pd.Series([1e-300, pd.NA, 2.5e10], dtype="Float64"),
            "bool": [True, False, True],
            "boolean": pd.Series([True, pd.NA, False], dtype="boolean"),
            "date": [dt.date(2024, 2, 29), None, dt.date(1789, 7, 14)],
            "day": pd.to_datetime(["2024-02-29", None, "1900-03-01"]),
            "time": pd.to_datetime(["2024-02-29 12:30:01.5", None, "2024-01-01"], format="ISO8601"),
            "zone": pd.to_datetime(["2024-02-29 12:30", None, "2024-01-01"], format="ISO8601").tz_localize(
                "Europe/Paris"
            ),
            "category": pd.Categorical(["x", None, "y"]),
            "delta": pd.to_timedelta(["1D", None, "2h"]),
            "nothing": [None, None, None],
            "fid": ["1", "2", "3"],
            "bbox": [1, 2, 3],
        },
        geometry=[shapely.Point(2, 45), None, shapely.Point()],
        crs="EPSG:4326",
    )
    compare(small, rows)
    flat = plain(rows)
    assert flat.loc[2, "uint64"] == str(2**64 - 1)
    assert flat.loc[0, "tuple"] == "a|b" and pd.isna(flat.loc[1, "tuple"])
    assert pd.isna(flat.loc[2, "float"])
    assert str(flat.loc[0, "zone"]) == "2024-02-29 11:30:00"


_TEXTS = st.text(max_size=12) | st.sampled_from(HOSTILE[:11])
_CELLS = st.one_of(
    st.lists(st.none() | _TEXTS, min_size=4, max_size=4),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=4, max_size=4),
    st.lists(st.none() | st.floats(allow_subnormal=False), min_size=4, max_size=4),
    st.lists(st.none() | st.booleans(), min_size=4, max_size=4),
    st.lists(st.none() | st.dates(dt.date(1000, 1, 1)), min_size=4, max_size=4),
    st.lists(st.tuples(_TEXTS, _TEXTS) | st.none(), min_size=4, max_size=4),
    st.lists(st.none() | _TEXTS | st.integers() | st.booleans() | st.floats(), min_size=4, max_size=4),
)


@settings(max_examples=8)
@given(st.dictionaries(_TEXTS.map(lambda t: t[:30]), _CELLS, min_size=1, max_size=4))
def test_any_frame_comes_back(small: Dataset, columns: dict[str, list[Any]]) -> None:
    compare(small, pd.DataFrame({k: pd.Series(v, dtype=object) for k, v in columns.items()}))


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_rows_make_the_same_file(hostile: Dataset, fmt: str) -> None:
    first = make(hostile, hostile.places, fmt)
    assert first == make(hostile, hostile.places, fmt)
    assert first != make(hostile, hostile.places.iloc[1:], fmt)


@pytest.mark.parametrize("fmt", ["geojson", "gpkg", "geoparquet"])
def test_a_selection_opens_in_a_gis_with_the_same_points(hostile: Dataset, fmt: str) -> None:
    rows = query.places(hostile, Selection(kinds=("pole", "tiers_lieu")))
    assert 0 < len(rows) < len(hostile.places)
    raw = make(hostile, rows, fmt)
    if fmt == "geoparquet":
        back = gpd.read_parquet(io.BytesIO(raw))
    else:
        back = on_disk(raw, f".{FORMATS[fmt].extension}", lambda p: gpd.read_file(p, layer=0))
    want = shapes(rows)
    assert want is not None and back.crs.to_epsg() == 4326
    assert back.geometry.isna().tolist() == want.isna().tolist() == rows.geometry.is_empty.tolist()
    known = want.notna().to_numpy()
    assert shapely.equals_exact(want.array[known], back.geometry.array[known], 1e-7).all()
    assert "search_text" not in back
    assert back["uid"].tolist() == rows["uid"].tolist()


@pytest.mark.parametrize("fmt", FORMATS)
def test_no_row_and_no_column_are_still_a_file(small: Dataset, fmt: str) -> None:
    for rows in (small.places.iloc[:0], pd.DataFrame(), pd.DataFrame(index=[3, 4]), small.communes.iloc[:0]):
        assert make(small, rows, fmt)


def test_geojson_is_what_the_standard_says(small: Dataset) -> None:
    clockwise = shapely.Polygon([(0, 0), (0, 1), (1, 1), (1, 0)], [[(0.2, 0.2), (0.4, 0.2), (0.4, 0.4)]])
    rows = gpd.GeoDataFrame(
        {"code": ["a", "b", "c"]},
        geometry=[clockwise, shapely.Point(1 / 3, 45.123456789), shapely.Polygon()],
        crs=4326,
    )
    made = json.loads(make(small, rows, "geojson"))
    assert "crs" not in made
    assert made["bbox"] == [0, 0, 1, 45.1234568]
    area, point, nothing = made["features"]
    assert shapely.LinearRing(area["geometry"]["coordinates"][0]).is_ccw
    assert not shapely.LinearRing(area["geometry"]["coordinates"][1]).is_ccw
    assert point["geometry"]["coordinates"] == [0.3333333, 45.1234568]
    assert nothing["geometry"] is None
    assert [f["id"] for f in made["features"]] == ["a", "b", "c"]
    assert made["licence"] == "Licence Ouverte 2.0" and made["data_version"] == small.version
    assert "Éditeur A" in made["attribution"]
    assert [s["id"] for s in made["sources"]] == ["source-a", "source-b"]


def test_another_reference_system_becomes_longitude_and_latitude(small: Dataset) -> None:
    paris = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(652_000, 6_862_000)], crs=2154)
    x, y = json.loads(make(small, paris, "geojson"))["features"][0]["geometry"]["coordinates"]
    assert x == pytest.approx(2.345, abs=0.01) and y == pytest.approx(48.857, abs=0.01)


def test_a_workbook_keeps_codes_dates_and_runs_nothing(small: Dataset) -> None:
    raw = opendata.write(
        small, small.sources, "xlsx", name="sources", title="Sources", source_ids=small.sources["id"]
    )
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["Tableau", "Dictionnaire", "Sources", "À propos"]
    page = book["Tableau"]
    heads = [c.value for c in page[1]]
    seen = page.cell(2, heads.index("date_accessed") + 1)
    assert seen.is_date and seen.value == dt.datetime(2026, 11, 21)
    month = page.cell(2, heads.index("date_published") + 1)
    assert month.value == "2015-03" and month.data_type == "s" and month.number_format == "@"
    hostile = pd.DataFrame({"code": ["01004", "2A004"], "nom": ["=1+1", "http://x"]})
    page = openpyxl.load_workbook(io.BytesIO(make(small, hostile, "xlsx")))["Tableau"]
    assert [c.value for c in page["A"]] == ["code", "01004", "2A004"]
    assert {c.number_format for c in page["A"][1:]} == {"@"}
    assert page["B2"].value == "=1+1" and page["B2"].data_type == "s" and page["B2"].quotePrefix
    assert not any(c.hyperlink for line in page.iter_rows() for c in line)


def test_a_workbook_says_what_it_is(small: Dataset) -> None:
    raw = opendata.write(
        small,
        small.places,
        "xlsx",
        name="lieux",
        title="Mes lieux",
        source_ids=["source-b"],
        perimeter="Ici.",
    )
    about = dict(read_xlsx(raw, "À propos").itertuples(index=False, name=None))
    assert about["Version des données"] == small.version
    assert about["Périmètre"] == "Ici." and "inconnu" in about["Cellules vides"]
    assert "Licence Ouverte 2.0" in about["Licence"] and "Étude" not in about["Licence"]
    assert read_xlsx(raw, "Sources")["id"].tolist() == ["source-b"]
    words = read_xlsx(raw, "Dictionnaire").set_index("champ")
    assert words.index.tolist() == read_xlsx(raw).columns.tolist()
    assert "desindustrialise = " in words.loc["territory_type", "valeurs"]
    assert words.loc["created_year", "unité"] == "année"


def test_a_long_text_cut_by_excel_is_said(small: Dataset) -> None:
    raw = make(small, pd.DataFrame({"a": ["é" * 40_000, "court"]}), "xlsx")
    about = dict(read_xlsx(raw, "À propos").itertuples(index=False, name=None))
    assert about["Textes coupés"].startswith("1 ")
    assert "Textes coupés" not in dict(
        read_xlsx(make(small, small.poles, "xlsx"), "À propos").itertuples(index=False, name=None)
    )


def test_a_geopackage_carries_its_licence_sources_and_dictionary(small: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "lieux.gpkg"
    path.write_bytes(make(small, small.places, "gpkg", name="Mes lieux !"))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["Mes_lieux", "dictionnaire", "sources", "a_propos"]
    info = pyogrio.read_info(path, layer="Mes_lieux")
    assert info["geometry_type"] == "Point" and info["crs"] == "EPSG:4326"
    assert info["layer_metadata"]["LICENCE"] == "Licence Ouverte 2.0"
    assert info["dataset_metadata"]["DATA_VERSION"] == small.version
    assert gpd.read_file(path, layer="sources")["id"].tolist() == ["source-a", "source-b"]
    words = gpd.read_file(path, layer="dictionnaire")
    assert set(words["champ"]) == set(gpd.read_file(path, layer="Mes_lieux").columns) - {"geometry"}
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall() == [
            ("2026-11-21T00:00:00.000Z",)
        ]


def test_mixed_polygons_are_all_of_the_declared_type(small: Dataset, tmp_path: Path) -> None:
    square = shapely.box(0, 0, 1, 1)
    pair = shapely.MultiPolygon([square, shapely.box(2, 2, 3, 3)])
    rows = gpd.GeoDataFrame({"a": [1, 2, 3]}, geometry=[square, pair, None], crs=4326)
    path = tmp_path / "a.gpkg"
    path.write_bytes(make(small, rows, "gpkg", name="sources"))
    back = gpd.read_file(path, layer="couche_sources")
    assert pyogrio.read_info(path, layer="couche_sources")["geometry_type"] == "MultiPolygon"
    assert back.geom_type[:2].tolist() == ["MultiPolygon"] * 2 and back.geometry[2] is None
    assert shapely.equals(back.geometry[:2].array, rows.geometry[:2].array).all()


def test_a_geoparquet_is_of_version_1_1_with_boxes_and_licence(small: Dataset) -> None:
    raw = make(small, small.communes, "geoparquet", name="communes")
    meta = pq.read_schema(io.BytesIO(raw)).metadata
    geo = json.loads(meta[b"geo"])
    assert geo["version"] == "1.1.0" and geo["columns"]["geometry"]["covering"]["bbox"]
    assert meta[b"licence"].decode() == "Licence Ouverte 2.0"
    assert meta[b"data_version"].decode() == small.version
    assert [s["id"] for s in json.loads(meta[b"sources"])] == ["source-a", "source-b"]
    assert {d["champ"] for d in json.loads(meta[b"dictionary"])} == set(small.communes.columns) - {"geometry"}
    x0, y0, x1, y1 = small.communes.geometry.iloc[0].bounds
    inside = (x0 + 0.01, y0 + 0.01, x1 - 0.01, y1 - 0.01)
    found = gpd.read_parquet(io.BytesIO(raw), bbox=inside)
    assert found["commune_insee"].tolist() == [small.communes["commune_insee"].iloc[0]]
    plain_file = make(small, pd.DataFrame(small.poles), "geoparquet")
    assert b"geo" not in pq.read_schema(io.BytesIO(plain_file)).metadata


def test_an_unknown_format_is_refused(small: Dataset) -> None:
    with pytest.raises(KeyError):
        make(small, small.poles, "docx")


def test_the_real_tables_come_back_from_every_format(real: Dataset) -> None:
    for name in ("poles", "funding_figures"):
        compare(real, opendata.resource(real, name)[0])


@pytest.mark.parametrize("fmt", ["geojson", "gpkg", "geoparquet"])
def test_the_real_regions_keep_their_outlines(real: Dataset, fmt: str) -> None:
    rows, title, ids = opendata.resource(real, "regions")
    raw = opendata.write(real, rows, fmt, name="regions", title=title, source_ids=ids)
    if fmt == "geoparquet":
        back = gpd.read_parquet(io.BytesIO(raw))
    else:
        back = on_disk(raw, f".{FORMATS[fmt].extension}", lambda p: gpd.read_file(p, layer=0))
    assert back["region_code"].tolist() == rows["region_code"].tolist()
    assert back["population"].tolist() == rows["population"].tolist()
    want, got = (shapely.get_coordinates(shapely.normalize(g.geometry.array)) for g in (rows, back))
    assert want.shape == got.shape and abs(want - got).max() < 1e-6
