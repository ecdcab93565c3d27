"""Whatever the bytes, a RawLayer or a LayerError, in bounded memory and time."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ptce_data.own_layers import LayerError, RawLayer, read
from tests.own_layers import layer_files as f

TABLE = [f.HEADER, *f.ROWS]
SOUND = {
    "csv": f.csv_text().encode(),
    "utf16": f.csv_text().encode("utf-16"),
    "geojson": f.geojson([shapely.Point(2, 45), shapely.box(2, 45, 3, 46)], [{"nom": "A"}, {"nom": "B"}]),
    "gpkg": f.gpkg({"un": f.frame()}),
    "zip": f.zipped(f.shapefile(f.frame())),
    "stored": f.zipped(f.shapefile(f.frame()), zipfile.ZIP_STORED),
}
BOOKS = {
    "xlsx": f.xlsx({"F": TABLE}),
    "ods": f.ods(TABLE),
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
}


def tried(name: str, data: bytes) -> RawLayer | LayerError:
    try:
        return read(name, data)
    except LayerError as error:
        said = str(error)
        assert "\n" not in said and said.endswith(".") and error.reason and error.advice
        return error


def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    made = bytearray(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)
    for _ in range(draw(st.integers(0, 6))):
        if made:
            # The head tells what a file is: it is hit as often as all the rest.
            last = draw(st.sampled_from([min(200, len(made)), len(made)])) - 1
            made[draw(st.integers(0, last))] = draw(st.integers(0, 255))
    return bytes(made)


@given(st.binary(max_size=300), st.sampled_from(["", *(d[:100] for d in SOUND.values())]))
def test_random_bytes(tail: bytes, head: bytes | str) -> None:
    tried("f.csv", (head or b"") + tail)  # type: ignore[operator]


@settings(max_examples=70)
@given(st.data())
def test_damaged_files(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(SOUND)))
    tried(f"f.{kind}", data.draw(st.composite(damaged)(SOUND[kind])))


@settings(max_examples=8)
@given(st.data())
def test_damaged_workbooks(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(BOOKS)))
    tried(f"f.{kind}", data.draw(st.composite(damaged)(BOOKS[kind])))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "a"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=40)
@given(JSON, JSON, JSON)
@example({"type": "Point", "coordinates": [1e400, 2]}, {}, None)
@example({"type": "Point", "coordinates": [10**400, 2]}, {}, None)
@example({"type": "GeometryCollection", "geometries": []}, {"\ud800": "\udfff"}, None)
@example(None, {"a": float("nan")}, {"type": "name", "properties": {"name": "EPSG:999999"}})
def test_any_json(geometry: object, properties: object, crs: object) -> None:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    tried("f.geojson", json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}).encode())
    tried("f.geojson", json.dumps({"features": properties, "type": geometry}).encode())


def test_workbook_that_asks_for_more_memory_than_there_is() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "nom", "x"
    held = io.BytesIO()
    book.save(held)
    made = tried("petit.xlsx", held.getvalue())
    assert isinstance(made, LayerError) and "mémoire" in made.reason


def test_repeated_rows_of_an_ods() -> None:
    bomb = (
        b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" '
        b'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    with zipfile.ZipFile(io.BytesIO(f.ods(TABLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table>", bomb)
    assert isinstance(tried("l.ods", f.zipped(parts)), LayerError)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"l.shp": b"\0" * 60_000_000}, "décompressée"),
        ({"../l.shp": b"x"}, "sort d’elle"),
        ({"/l.shp": b"x"}, "sort d’elle"),
        ({"l.shp": b"x", "b.zip": b"x"}, "en contient une autre"),
        ({f"{n}.shp": b"" for n in range(300)}, "plus de 200 fichiers"),
        ({"l.csv": b"a;b"}, "ne contient pas de Shapefile"),
        ({"l.shp": b"x", "l.shx": b"x", "l.dbf": b"x"}, "parties"),
        ({"l.shp": b"", "l.SHP": b""}, "le même nom"),
        ({"word/document.xml": b""}, "document"),
    ],
)
def test_archives(parts: dict[str, bytes], why: str) -> None:
    made = tried("l.zip", f.zipped(parts))
    assert isinstance(made, LayerError) and why in made.reason


def test_links_and_lies_of_an_archive() -> None:
    link = zipfile.ZipInfo("l.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    made = tried("l.zip", held.getvalue())
    assert isinstance(made, LayerError) and "lien symbolique" in made.reason
    # The size announced is a tenth of the true one, in both places where it is written.
    whole = f.zipped(f.shapefile(f.frame()) | {"lieux.dbf": b" " * 100_000})
    lied = whole.replace((100_000).to_bytes(4, "little"), (10_000).to_bytes(4, "little"))
    assert lied != whole and isinstance(tried("l.zip", lied), LayerError)


def test_a_geopackage_that_would_run_its_own_sql() -> None:
    endless = (
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS fid, NULL AS geom FROM c"
    )
    scripts = {
        "view as layer": f"ALTER TABLE un RENAME TO deux; CREATE VIEW un AS {endless};",
        "view as table of the format": f"ALTER TABLE gpkg_contents RENAME TO g; CREATE VIEW gpkg_contents AS {endless};",
        "computed column": "ALTER TABLE un ADD COLUMN z AS (zeroblob(500000000));",
    }
    for name, script in scripts.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.gpkg"
            path.write_bytes(SOUND["gpkg"])
            base = sqlite3.connect(path)
            base.executescript("PRAGMA legacy_alter_table = ON;" + script)
            base.close()
            start = time.monotonic()
            assert isinstance(tried("l.gpkg", path.read_bytes()), LayerError), name
            assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "vide"),
        (b" \n\t\n", "vide"),
        (b"%PDF-1.4 ...", "un PDF"),
        (b"<html></html>", "XML"),
        (b"nom\nA\nB\n", "une seule colonne"),
        (b"Nom;Commune\n", "aucune ligne sous l’en-tête"),
        (b"1;2;3\n4;5;6\n", "séparateur"),
        (b"nom;x\n" + b"a;b\n" * 600_000, "plus de 500"),
        (b"nom;x\n" + b"a;b\n" * 200_001, "plus de 200"),
        (b";".join(b"c%d" % n for n in range(301)) + b"\n" + b";" * 300 + b"x", "plus de 300 colonnes"),
        (b"x" * 50_000_001, "dépasse 50"),
        (b'{"type":"FeatureCollection","features":[' + b'{"a":' * 100_000, "tronqué"),
        (b'{"a":' + b"[" * 100_000, "niveaux"),
        (b'{"type":"Topology"}', "pas du GeoJSON"),
        (b'{"type":"FeatureCollection","features":[]}', "aucun objet"),
    ],
)  # fmt: skip
def test_a_clear_sentence_for_each_fault(data: bytes, why: str) -> None:
    made = tried("l.csv", data)
    assert isinstance(made, LayerError) and why in made.reason, made


WORST = """
import json, resource, sys
from ptce_data.own_layers import LayerError, read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
row = ("Lieu \\U0001F600;Lyon;" + "a" * 90 + "\\n").encode()
point = b'{"type":"Feature","properties":{"nom":"x"},"geometry":{"type":"Point","coordinates":[2.35,48.85]}},'
files = {
    "a.csv": b"Nom;Commune;Note\\n" + row * 30_000 + b"b;c;" + b"d" * 20_000_000 + b"\\n",
    "m.csv": b"Nom;Commune;x\\n" + b"Lieu;Lyon;2\\n" * 1_000_000,
    "g.geojson": b'{"type":"FeatureCollection","features":[' + (point * 10_000)[:-1] + b"]}",
    "k.geojson": b'{"type":"FeatureCollection","features":[' + b"[" * 40_000_000,
}
for name, data in files.items():
    try:
        read(name, data)
    except LayerError:
        pass
files.clear()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_the_worst_files_take_less_than_500_mb() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORST], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) < 500
