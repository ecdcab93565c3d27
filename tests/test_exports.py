"""Downloads, read back with what users open them with."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from ptce_data.load import Dataset
from ptce_ui import exports
from tests.mini import HOSTILE_NAMES


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_neutralised(value: str) -> None:
    assert exports.neutralise(value) == "'" + value


@pytest.mark.parametrize("value", ["Pôle", "", 3, -1.5, None])
def test_other_cells_stay(value: object) -> None:
    assert exports.neutralise(value) is value


def test_csv_is_what_a_spreadsheet_expects(hostile: Dataset) -> None:
    raw = exports.csv_bytes(exports.public(hostile.places))
    assert raw.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(back) == len(hostile.places)
    assert "geometry" not in back and "search_text" not in back
    names = [str(exports.neutralise(n)) for n in hostile.places["name"]]
    assert back["name"].tolist() == names
    assert not back.map(lambda v: v.startswith(("=", "+", "@"))).any().any()
    assert back.loc[back["uid"] == "pole:pole-b", "commune_insee"].item() == ""


def test_geojson_opens_in_a_gis_with_the_same_points(hostile: Dataset, tmp_path: object) -> None:
    raw = exports.geojson_bytes(exports.public(hostile.places))
    parsed = json.loads(raw)
    assert [f["properties"]["name"] for f in parsed["features"]] == hostile.places["name"].tolist()
    assert set(HOSTILE_NAMES) <= {f["properties"]["name"] for f in parsed["features"]}
    path = tmp_path / "selection.geojson"  # type: ignore[operator]
    path.write_bytes(raw)
    back = gpd.read_file(path)
    assert len(back) == len(hostile.places)
    assert back.crs.to_epsg() == 4326
    placed = ~hostile.places.geometry.is_empty.to_numpy()
    assert (back.geometry.notna().to_numpy() == placed).all()
    assert back.geometry[placed].x.to_numpy() == pytest.approx(
        hostile.places.geometry[placed].x.to_numpy(), abs=1e-6
    )


def test_an_empty_selection_is_still_a_file(small: Dataset) -> None:
    nothing = exports.public(small.places.iloc[:0])
    assert json.loads(exports.geojson_bytes(nothing))["features"] == []
    assert exports.csv_bytes(nothing).decode("utf-8-sig").startswith("uid,")


def test_a_workbook_keeps_codes_and_runs_nothing(hostile: Dataset) -> None:
    rows = exports.public(hostile.places).assign(code="01004")
    raw = exports.xlsx_bytes({"Lieux [1]: a/b": rows, "lieux  1   a b": rows.head(0)}, [("Licence", "=1+1")])
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert len(book.sheetnames) == 3 and book.sheetnames[-1] == "À propos"
    page = book.worksheets[0]
    heads = [c.value for c in page[1]]
    names = [page.cell(i + 2, heads.index("name") + 1) for i in range(len(rows))]
    assert [c.value for c in names] == [_written(n) for n in hostile.places["name"]]
    assert {c.data_type for line in page.iter_rows() for c in line} <= {"s", "n"}
    assert page.cell(2, heads.index("code") + 1).value == "01004"
    assert not any(c.hyperlink for line in page.iter_rows() for c in line)
    assert book.worksheets[-1]["B1"].data_type == "s"
    assert raw == exports.xlsx_bytes(
        {"Lieux [1]: a/b": rows, "lieux  1   a b": rows.head(0)}, [("Licence", "=1+1")]
    )


def _written(name: str) -> str:
    """What a workbook can hold of a text: no control characters."""
    return "".join(" " if ord(c) < 32 and c not in "\t\n\r" else c for c in name)


def test_a_table_leaves_with_its_sources(real: Dataset) -> None:
    rows = real.poles.head(5)
    raw = exports.with_sources(real, rows, rows["source_id"], "Cinq pôles")
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["Tableau", "Sources", "À propos"]
    assert book["Tableau"].max_row == 6
    assert {c.value for c in book["Sources"]["A"][1:]} == set(rows["source_id"])
