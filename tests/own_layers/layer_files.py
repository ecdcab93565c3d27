"""Small files of every kind that the import reads, made in memory."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely

HEADER = ("Nom", "Code INSEE", "Type", "Année")
ROWS = (("La Ruche", "69001", "Fab Lab", 2016), ("L’Étape d’à côté", "31001", "Coworking", 2019))


def csv_text(rows: Sequence[Sequence[Any]] = ROWS, header: Sequence[str] = HEADER, sep: str = ";") -> str:
    return "\n".join(sep.join(map(str, row)) for row in (header, *rows)) + "\n"


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], merge: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def ods(rows: Sequence[Sequence[Any]]) -> bytes:
    def cell(value: Any) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Lieux">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def geojson(shapes: Sequence[Any], properties: Sequence[Mapping[str, Any]], **more: Any) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": dict(p),
            "geometry": None if s is None else json.loads(shapely.to_geojson(s)),
        }
        for s, p in zip(shapes, properties, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def frame(crs: str | None = "EPSG:2154") -> gpd.GeoDataFrame:
    spots = gpd.GeoSeries([shapely.Point(4.83, 45.76), shapely.Point(1.44, 43.6)], crs="EPSG:4326").to_crs(
        2154
    )
    table = gpd.GeoDataFrame(
        {"nom": ["Hôtel à idées", "Le Lieu"], "insee": ["69123", "31555"]}, geometry=spots
    )
    return (
        table
        if crs == "EPSG:2154"
        else table.set_crs(None, allow_override=True)
        if crs is None
        else table.to_crs(crs)
    )


def gpkg(layers: Mapping[str, gpd.GeoDataFrame]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        for name, table in layers.items():
            table.to_file(path, layer=name, driver="GPKG")
        return path.read_bytes()


def shapefile(table: gpd.GeoDataFrame, encoding: str = "UTF-8") -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        table.to_file(Path(folder) / "lieux.shp", encoding=encoding)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
