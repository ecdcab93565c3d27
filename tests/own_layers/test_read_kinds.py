"""Every kind of file gives the same rows, whatever its name says; what was done is noted."""

from __future__ import annotations

import hashlib

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data.own_layers import LayerError, RawLayer, read
from tests.own_layers import layer_files as f

TABLE = [f.HEADER, *f.ROWS]
CELLS = [list(map(str, row)) for row in f.ROWS]


def cells(raw: RawLayer) -> list[list[str]]:
    return raw.frame.fillna("").to_numpy().tolist()


@pytest.mark.parametrize("sep", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_text_is_read_in_any_encoding_and_separator(sep: str, encoding: str) -> None:
    data = f.csv_text(sep=sep).encode(encoding)
    raw = read("lieux.csv", data)
    assert (raw.kind, raw.lines, cells(raw)) == ("csv", (2, 3), CELLS)
    assert raw.digest == hashlib.sha256(data).hexdigest()[:12]
    assert list(raw.frame.columns) == list(f.HEADER)
    assert any("Encodage" in note for note in raw.notes) == encoding.startswith(("utf-16", "windows"))


def test_lines_of_two_encodings_are_each_read_in_theirs_and_that_is_said() -> None:
    raw = read("l.csv", f.csv_text().encode() + "Été à Sète;34001;x;2001\n".encode("windows-1252"))
    assert raw.frame["Nom"].tolist()[1:] == ["L’Étape d’à côté", "Été à Sète"]
    assert any("mêlés" in note and "1 ligne" in note for note in raw.notes)


@pytest.mark.parametrize("make", [lambda: f.xlsx({"F": TABLE}), lambda: f.ods(TABLE)], ids=["xlsx", "ods"])
def test_a_workbook_gives_the_rows_of_its_sheet(make: object) -> None:
    raw = read("lieux.csv", make())  # type: ignore[operator]
    assert cells(raw) == CELLS and raw.lines == (2, 3)
    assert any("malgré son nom" in note for note in raw.notes)


def test_the_sheet_is_chosen_and_empty_ones_are_passed_over() -> None:
    data = f.xlsx({"Vide": [], "Un": TABLE, "Deux": [f.HEADER, ("Autre", "34001", "x", 1)]})
    first, second = read("l.xlsx", data), read("l.xlsx", data, "Deux")
    assert first.part == "Un" and first.parts == ("Vide", "Un", "Deux")
    assert any("Deux" in note for note in first.notes)
    assert second.frame["Nom"].tolist() == ["Autre"]
    with pytest.raises(LayerError, match="cette feuille n’y est pas"):
        read("l.xlsx", data, "Trois")
    with pytest.raises(LayerError, match="aucune de ses feuilles"):
        read("l.xlsx", f.xlsx({"Vide": []}))


def test_titles_merged_cells_and_formulas_are_told() -> None:
    rows = [["Lieux de 2024"], [], *TABLE, ["Second", None, "=UPPER(A5)", 3]]
    raw = read("l.xlsx", f.xlsx({"F": rows}, ["A1:D1", "B5:B6"]))
    assert raw.lines == (4, 5, 6)
    assert raw.frame["Code INSEE"].tolist() == ["69001", "31001", "31001"]
    assert raw.frame["Type"].isna().tolist() == [False, False, True]
    for word in ("En-tête lu à la ligne 3", "1 formule sans valeur", "Cellules fusionnées"):
        assert any(word in note for note in raw.notes), word


def test_a_row_that_does_not_fit_is_broken_and_swallows_nothing() -> None:
    text = f.csv_text() + 'Court;69001\nLong;69001;a;1;trop\n"Ouvert;69001;a;1\nDernier;69001;a;1\n'
    raw = read("l.csv", text.encode())
    assert raw.lines == (2, 3, 7)
    assert [row.line for row in raw.broken] == [4, 5, 6]


def test_geojson_with_and_without_the_old_crs() -> None:
    shapes = [shapely.Point(2.05, 45.05, 12.0), None]
    raw = read("l.geojson", f.geojson(shapes, [{"nom": "A", "n": 1.0}, {"nom": "B", "l": [1, 2]}]))
    assert raw.crs == "EPSG:4326" and raw.geometry is not None
    assert raw.geometry.iloc[0].equals(shapely.Point(2.05, 45.05)) and raw.geometry.iloc[1] is None
    assert cells(raw) == [["A", "1", ""], ["B", "", "[1, 2]"]]
    line = shapely.LineString([(2, 45, 1), (2, 46, 1)])
    flat = read("l.geojson", f.geojson([line], [{}]))
    assert not shapely.has_z(flat.geometry.iloc[0]) and any("Z, M" in note for note in flat.notes)
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    assert read("l.json", f.geojson([shapely.Point(8e5, 6e6)], [{}], crs=named)).crs == "EPSG:2154"
    with pytest.raises(LayerError, match="système de coordonnées"):
        read("l.json", f.geojson([None], [{}], crs={"type": "link"}))


def test_a_bad_geometry_loses_its_feature_only() -> None:
    good = f.geojson([shapely.Point(1, 2)], [{"nom": "A"}])[:-2].decode()
    bad = '{"type":"Feature","properties":{"nom":"B"},"geometry":%s}'
    for geometry in (
        '{"type":"Point","coordinates":["a",2]}',
        '{"type":"Polygon","coordinates":[[[1,2],[3]]]}',
        '{"type":"Cercle"}',
    ):
        raw = read("l.geojson", f"{good},{bad % geometry}]}}".encode())
        assert len(raw.frame) == 1 and [row.line for row in raw.broken] == [2]


def test_layers_of_a_geopackage() -> None:
    data = f.gpkg({"un": f.frame(), "deux": f.frame("EPSG:4326")})
    raw = read("l.gpkg", data)
    assert (raw.part, raw.parts, raw.crs) == ("un", ("un", "deux"), "EPSG:2154")
    assert raw.frame["insee"].tolist() == ["69123", "31555"]
    assert read("l.zip", data, "deux").crs == "EPSG:4326"
    with pytest.raises(LayerError, match="cette couche"):
        read("l.gpkg", data, "trois")


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
def test_a_zipped_shapefile_and_its_missing_parts(encoding: str) -> None:
    parts = f.shapefile(f.frame(), encoding)
    names = ["Hôtel à idées", "Le Lieu"]
    raw = read("l.zip", f.zipped({f"dossier/{k}": v for k, v in parts.items()}))
    assert raw.crs == "EPSG:2154" and raw.frame["nom"].tolist() == names
    for end in ("cpg", "prj"):
        less = read("l.zip", f.zipped({k: v for k, v in parts.items() if not k.endswith(end)}))
        assert less.frame["nom"].tolist() == names
        assert any(f".{end}" in note for note in less.notes)
        assert (less.crs is None) == (end == "prj")
    for end in ("shx", "dbf"):
        with pytest.raises(LayerError, match=rf"il manque \.{end}"):
            read("l.zip", f.zipped({k: v for k, v in parts.items() if not k.endswith(end)}))
    other = f.shapefile(f.frame().iloc[:1])
    with pytest.raises(LayerError, match="ne vont pas ensemble"):
        read("l.zip", f.zipped(parts | {"lieux.dbf": other["lieux.dbf"]}))


@settings(max_examples=40)
@given(
    st.lists(
        st.text("aé;\"', \n", min_size=1, max_size=8).filter(str.strip), min_size=2, max_size=2, unique=True
    )
)
def test_what_is_written_is_read(row: list[str]) -> None:
    import csv
    import io

    held = io.StringIO()
    writer = csv.writer(held, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([["Nom", "Note"], ["a", "b"], row])
    raw = read("l.csv", held.getvalue().encode())
    if not raw.broken:
        assert cells(raw)[1] == [cell.strip() for cell in row]
    assert len(raw.frame) + len(raw.broken) >= 2
