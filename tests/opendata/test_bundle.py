"""The ZIP of CSV files: licence, sources and a data package of exactly these files."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ptce_data import opendata, query
from ptce_data.load import Dataset
from ptce_data.selection import Selection
from tests.opendata.test_formats import HOSTILE

COMPANIONS = {"sources.csv", "LISEZ-MOI.txt", "LICENCE.txt", "datapackage.json"}


def unpacked(raw: bytes, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    zipfile.ZipFile(io.BytesIO(raw)).extractall(folder)
    return folder


def problems(folder: Path) -> list[str]:
    report = Package(str(folder / "datapackage.json")).validate()
    return [*map(str, report.errors), *(f"{t.name}: {e.message}" for t in report.tasks for e in t.errors)]


def test_a_bundle_is_whole_and_valid(real: Dataset, tmp_path: Path) -> None:
    places = query.places(real, Selection(regions=("53",)))
    tables = {
        "Lieux de Bretagne": (places, "Lieux de Bretagne", places["source_ids"]),
        "poles": opendata.resource(real, "poles"),
        "financements": opendata.resource(real, "funding_figures"),
    }
    raw = opendata.bundle(real, tables)
    folder = unpacked(raw, tmp_path / "lot")
    assert {p.name for p in folder.iterdir()} == COMPANIONS | {
        "lieux-de-bretagne.csv",
        "poles.csv",
        "financements.csv",
    }
    assert problems(folder) == []
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == real.version and package["licenses"][0]["name"] == "etalab-2.0"
    fields = {f["name"]: f for f in package["resources"][0]["schema"]["fields"]}
    assert (
        "rural" in fields["territory_type"]["constraints"]["enum"]
        and fields["created_year"]["unit"] == "année"
    )
    keys = package["resources"][1]["schema"]["foreignKeys"]
    assert {k["fields"][0] for k in keys} == {"source_id", "type_source_id", "place_source_id"}
    sources = pd.read_csv(folder / "sources.csv", encoding="utf-8-sig", dtype=str)
    cited = {p for _, _, ids in tables.values() for cell in ids for p in str(cell).split("|")}
    assert set(sources["id"]) == cited
    back = pd.read_csv(folder / "lieux-de-bretagne.csv", encoding="utf-8-sig", dtype=str)
    assert back["uid"].tolist() == places["uid"].tolist()
    licence = (folder / "LICENCE.txt").read_text(encoding="utf-8-sig")
    assert "Licence Ouverte 2.0" in licence and sources["publisher"].iloc[0] in licence
    assert "inconnu" in (folder / "LISEZ-MOI.txt").read_text(encoding="utf-8-sig")
    assert raw == opendata.bundle(real, tables)


def test_a_broken_bundle_is_not_valid(real: Dataset, tmp_path: Path) -> None:
    folder = unpacked(opendata.bundle(real, {"poles": opendata.resource(real, "poles")}), tmp_path / "lot")
    path = folder / "poles.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",desindustrialise,", ",inconnu,", 1), encoding="utf-8-sig")
    assert problems(folder)


def test_every_resource_makes_a_valid_bundle(small: Dataset, tmp_path: Path) -> None:
    tables = {name: opendata.resource(small, name) for name in opendata.RESOURCES if name != "sources"}
    folder = unpacked(opendata.bundle(small, tables), tmp_path / "lot")
    assert problems(folder) == []
    assert len(list(folder.glob("*.csv"))) == len(opendata.RESOURCES)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([""], ["+1", "\t=1"])  # once read with « ' » for a quote
@given(
    st.lists(st.text(max_size=20), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=2),
)
def test_hostile_names_and_cells_stay_inside_their_file(
    small: Dataset, tmp_path_factory: pytest.TempPathFactory, names: list[str], cells: list[str]
) -> None:
    rows = pd.DataFrame({"a": cells, "=b": ["1", "2"]}, dtype=object)
    raw = opendata.bundle(
        small, {name: (rows, "../titre", ["source-a"]) for name in [*names, "../../x", "sources"]}
    )
    listed = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert len(set(listed)) == len(listed) == len({*names, "../../x", "sources"}) + len(COMPANIONS)
    assert not any("/" in n or "\\" in n or n.startswith(".") for n in listed)
    assert problems(unpacked(raw, tmp_path_factory.mktemp("lot"))) == []
