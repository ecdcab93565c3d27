"""The data package: true to the files, complete, without a person; refused as soon as a file changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from frictionless import Package

from ptce_data import dictionary, load
from ptce_data.load import DATA_DIR
from ptce_data.opendata.package import package
from tests import mini


@pytest.fixture(scope="module")
def content() -> dict[str, object]:
    return package()


def test_size_hash_and_version_are_those_of_the_files(content: dict[str, object]) -> None:
    for resource in content["resources"]:  # type: ignore[attr-defined]
        raw = (DATA_DIR / resource["path"]).read_bytes()
        assert resource["bytes"] == len(raw), resource["path"]
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}", resource["path"]
    assert content["version"] == load.version()
    assert content == package()


def test_every_resource_and_field_is_described(content: dict[str, object]) -> None:
    titles = []
    for resource in content["resources"]:  # type: ignore[attr-defined]
        assert len(resource["description"]) > 10, resource["name"]
        titles.append(resource["title"])
        for field in resource.get("schema", {}).get("fields", ()):
            assert field["title"] and field["description"], (resource["name"], field["name"])
    assert len(set(titles)) == len(titles)


def test_the_package_names_its_licence_and_no_person(content: dict[str, object]) -> None:
    assert [licence["name"] for licence in content["licenses"]] == ["etalab-2.0"]  # type: ignore[attr-defined]
    text = json.dumps(content, ensure_ascii=False)
    assert {c["role"] for c in content["contributors"]} == {"publisher"}  # type: ignore[attr-defined]
    assert '"email"' not in text and '"author"' not in text and "mailto:" not in text
    assert str(content["created"]).endswith("T00:00:00Z")


def test_a_file_that_changed_is_refused_until_the_package_is_made_again(tmp_path: Path) -> None:
    folder = mini.write(tmp_path / "data")
    assert dictionary.main([], folder) == 0
    path = folder / "case_events.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    report = Package(str(folder / "datapackage.json")).validate()
    kinds = {error.type for task in report.tasks for error in task.errors}
    assert {"hash-count", "byte-count"} <= kinds
    assert dictionary.main(["--check"], folder) == 1
