"""The dictionary and the data package say what the models say, and are up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from ptce_data import dictionary, layers, schema
from ptce_data.load import DATA_DIR
from tests import mini


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return dictionary.package()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the mini data set and its generated files; returns its data folder."""
    folder = mini.write(tmp_path / "data")
    assert dictionary.main([], folder) == 0
    return folder


def invalid(folder: Path) -> list[tuple[str, str]]:
    """Validate the data package of a folder as the frictionless command does: (resource, error type)."""
    report = Package(str(folder / "datapackage.json")).validate()
    assert not report.errors
    return [(task.name, error.type) for task in report.tasks for error in task.errors]


def test_the_generated_files_are_up_to_date() -> None:
    assert dictionary.main(["--check"]) == 0, "lancer « python -m ptce_data.dictionary »"


def test_the_real_data_package_is_valid() -> None:
    assert invalid(DATA_DIR) == []


def test_check_tells_what_is_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dictionary.main(["--check"], project) == 0
    written = project.parent / dictionary.MARKDOWN
    written.write_text(written.read_text(encoding="utf-8") + "un mot de trop\n", encoding="utf-8")
    assert dictionary.main(["--check"], project) == 1
    assert "dictionnaire.md" in capsys.readouterr().err
    assert written.read_text(encoding="utf-8").endswith("un mot de trop\n"), "--check n'écrit rien"
    (project / "datapackage.json").unlink()
    assert dictionary.main(["--check"], project) == 1
    assert dictionary.main([], project) == 0 == dictionary.main(["--check"], project)


def test_every_field_and_value_is_in_the_dictionary() -> None:
    text = dictionary.markdown()
    for table in schema.TABLES:
        assert f"`data/{schema.PATHS[table]}`" in text
        section = text.partition(f"`data/{schema.PATHS[table]}`")[2].partition("\n## ")[0]
        for doc in schema.describe(table):
            assert f"\n| `{doc.name}` | {doc.title} |" in section, f"{table}.{doc.name}"
    for rows in dictionary.labels().values():
        for value, label in rows[["value", "label"]].itertuples(index=False):
            assert f"| `{value}` | {label.replace(chr(39), '’')} |" in text
    for level in layers.LEVELS:
        assert f"`data/geo/{level}.parquet`" in text


def test_a_line_of_the_dictionary_has_seven_cells() -> None:
    lines = [
        line for line in dictionary.markdown().splitlines() if line.startswith("| `") and " | texte |" in line
    ]
    assert lines
    assert {line.replace("\\|", "").count("|") for line in lines} == {8}


def test_every_file_is_a_resource_of_the_package(content: dict[str, Any]) -> None:
    paths = {resource["path"] for resource in content["resources"]}
    files = {
        p.relative_to(DATA_DIR).as_posix() for p in DATA_DIR.rglob("*") if p.suffix in (".csv", ".parquet")
    }
    assert paths == files
    names = [resource["name"] for resource in content["resources"]]
    assert len(set(names)) == len(names)
    assert content["licenses"][0]["path"] == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


def test_the_package_carries_constraints_and_keys(content: dict[str, Any]) -> None:
    poles = next(r for r in content["resources"] if r["name"] == "poles")
    fields = {field["name"]: field for field in poles["schema"]["fields"]}
    assert fields["id"]["constraints"] == {
        "required": True,
        "unique": True,
        "pattern": schema.describe("poles")[0].pattern,
    }
    assert fields["created_year"] | {"description": ""} == {
        "name": "created_year",
        "title": "Création",
        "description": "",
        "type": "integer",
        "unit": "année",
        "constraints": {"minimum": 1900, "maximum": 2030},
    }
    assert "rural" in fields["territory_type_stated"]["constraints"]["enum"]
    keys = {key["fields"][0]: key["reference"]["resource"] for key in poles["schema"]["foreignKeys"]}
    assert keys == {
        "region_code": "region-codes",
        "type_source_id": "sources",
        "place_source_id": "sources",
        "source_id": "sources",
    }


def test_the_package_of_sound_tables_is_valid(project: Path) -> None:
    """What the next test changes is what it finds."""
    assert invalid(project) == []


def test_the_package_refuses_what_the_models_refuse(project: Path) -> None:
    """Six faults, each found where it is: a field and a line of the file."""
    rows = mini.tables()["poles"]
    faults = (
        (0, "source_id", "source-z", "foreign-key"),
        (1, "created_year", "1500", "constraint-error"),
        (2, "confidence", "sûre", "constraint-error"),
        (3, "is_temoin", "oui", "type-error"),
        (2, "name", "", "constraint-error"),
        (0, "id", "pole-b", "unique-error"),
    )
    for at, field, value, _ in faults:
        rows[at][field] = value
    mini.write_table(project, "poles", rows)
    report = Package(str(project / "datapackage.json")).validate()
    told = {
        (e.type, e.to_descriptor().get("rowNumber"), word)
        for task in report.tasks
        if task.name == "poles"
        for e in task.errors
        for word in (e.to_descriptor().get("fieldName"), *re.findall(r'for "(\w+)"', e.note))
    }
    # The line of the header is the first; a value met twice is told where it is met again.
    assert {(kind, (1 if field == "id" else at) + 2, field) for at, field, _, kind in faults} <= told


def test_the_package_is_plain_json_without_a_path_of_a_machine() -> None:
    text = (DATA_DIR / "datapackage.json").read_text(encoding="utf-8")
    assert json.loads(text) == dictionary.package()
    assert str(DATA_DIR.parent) not in text
