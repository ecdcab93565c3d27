"""The SQLite database, and Datasette on it, asked in this process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from ptce_data import opendata
from ptce_data.load import Dataset
from ptce_data.opendata import RESOURCES
from ptce_data.opendata.plain import plain


@pytest.fixture(scope="module")
def path(real: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("base") / "atlas.db"
    opendata.sqlite(real, made)
    return made


def ask(path: Path, question: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(path)) as base:
        return base.execute(question).fetchall()


def test_the_database_is_sound(path: Path) -> None:
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []
    keys = {(row[2], row[3]) for row in ask(path, "PRAGMA foreign_key_list(poles)")}
    assert {("places", "uid"), ("sources", "source_id"), ("communes", "commune_insee")} <= keys
    assert {("pole_id", 0), ("programme_id", 0)} <= {
        (row[3], row[1]) for row in ask(path, "PRAGMA foreign_key_list(pole_awards)") if row[1] == 0
    }
    assert [row[1] for row in ask(path, "PRAGMA table_info(duplicates)") if row[5]] == [
        "left_uid",
        "right_uid",
    ]
    indexed = {row[1] for row in ask(path, "PRAGMA index_list(places)")}
    assert {"i_places_kind", "i_places_region_code", "i_places_territory_type"} <= indexed


def test_every_row_and_value_is_there(real: Dataset, path: Path) -> None:
    for name, resource in RESOURCES.items():
        flat = plain(resource.rows(real))
        stored = ask(path, f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608
        want = flat.astype(object).where(flat.notna(), None).values.tolist()
        assert [list(row) for row in stored] == want, name


def test_lists_have_their_own_table_and_places_are_found_without_accents(real: Dataset, path: Path) -> None:
    found = ask(path, "SELECT uid, value FROM places__source_ids")
    want = {
        (u, s)
        for u, cell in zip(real.places["uid"], real.places["source_ids"], strict=True)
        for s in cell.split("|")
    }
    assert set(found) == want and len(found) == len(want)
    names = ask(
        path,
        "SELECT name FROM places WHERE rowid IN (SELECT rowid FROM places_fts WHERE places_fts MATCH 'periscope')",
    )
    assert ("Le Périscope",) in names
    assert dict(ask(path, "SELECT * FROM a_propos"))["Version des données"] == real.version


def test_a_database_replaces_the_file_before(small: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "atlas.db"
    path.write_bytes(b"autre chose")
    opendata.sqlite(small, path, with_metadata=False)
    first = path.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["atlas.db"]
    opendata.sqlite(small, path)
    assert path.read_bytes() == first
    assert ask(path, "SELECT count(*) FROM poles") == [(len(small.poles),)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["atlas.db", "atlas.metadata.json"]
    written = json.loads((tmp_path / "atlas.metadata.json").read_text(encoding="utf-8"))
    assert written == opendata.datasette_metadata(small)


def test_datasette_shows_the_tables_with_licence_and_descriptions(real: Dataset, path: Path) -> None:
    metadata = opendata.datasette_metadata(real)

    async def look() -> None:
        server = Datasette([str(path)], metadata=metadata)
        try:
            rows = (await server.client.get("/atlas/poles.json?_shape=array&_size=max")).json()
            assert {row["id"] for row in rows} == set(real.poles["id"])
            page = await server.client.get("/atlas/places")
            assert page.status_code == 200
            assert "Licence Ouverte 2.0" in page.text and "PTCE, tiers-lieux et clusters" in page.text
            assert "Type calculé, commune" in page.text
            found = (await server.client.get("/atlas/places.json?_shape=array&_search=perigueux")).json()
            assert found and all("érigueux" in str(row["name"]) + str(row["commune_name"]) for row in found)
            facets = (await server.client.get("/atlas/places.json?_facet=kind&_size=1")).json()[
                "facet_results"
            ]
            facet = facets.get("results", facets)["kind"]["results"]
            counts = real.places["kind"].value_counts()
            assert {r["value"]: r["count"] for r in facet} == counts.to_dict()
            link = await server.client.get("/atlas/pole_awards")
            assert "/atlas/poles/" in link.text and "/atlas/programmes/" in link.text
            assert (await server.client.get("/atlas/places__themes")).status_code == 200
        finally:
            for database in server.databases.values():
                database.close()

    asyncio.run(look())


def test_the_metadata_describe_every_table_and_column(small: Dataset, path: Path) -> None:
    tables = opendata.datasette_metadata(small)["databases"]["atlas"]["tables"]
    for (name,) in ask(path, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        if name.startswith("places_fts") or name in ("a_propos", "sqlite_sequence"):
            continue
        assert name in tables and tables[name]["title"], name
        for column in ask(path, f'PRAGMA table_info("{name}")'):
            assert tables[name]["columns"][column[1]], (name, column[1])


def test_the_question_of_the_documentation_has_answers(real: Dataset, path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "donnees-ouvertes.md").read_text(encoding="utf-8")
    question = text[text.index("    select ") :]
    found = ask(path, question)
    assert len(found) >= (real.tiers_lieux["region_code"] == "53").sum() > 0
    assert {name for name, _ in found} == set(
        real.tiers_lieux.loc[real.tiers_lieux["region_code"] == "53", "name"]
    )
