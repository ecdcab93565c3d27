"""The rows of the recipe in CONTRIBUTING hold together, and each table that it names gets one."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from ptce_data import schema
from ptce_data.patches import FOR_PEOPLE, check
from tests import mini

PAGE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
_BLOCK = re.compile(r"^   ```csv (\w+)\n(.*?)^   ```$", re.M | re.S)


def test_the_rows_of_the_recipe_are_sound(mini_dir: Path, tmp_path: Path) -> None:
    blocks = dict(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert list(blocks) == ["sources", "programmes", "poles", "pole_awards", "label_waves"]
    for table, text in blocks.items():
        lines = "".join(line.removeprefix("   ") for line in text.splitlines(keepends=True))
        rows = list(csv.DictReader(io.StringIO(lines)))
        assert set(rows[0]) <= {doc.name for doc in schema.describe(table)}
        mini.write_table(tmp_path, table, rows)
    made = check(tmp_path, mini_dir)
    assert [str(fault) for fault in made.faults] == []
    assert made.added == dict.fromkeys(blocks, 1)
    assert "pole:pole-exemple-affoux" in set(made.dataset.places["uid"])


def test_files_for_people_are_those_of_a_proposal() -> None:
    from ptce_data.own_layers.patch import MORE_FILE, UNDECIDED_FILE

    assert set(FOR_PEOPLE) == {MORE_FILE, UNDECIDED_FILE}
