"""`diff` and `ptce_data.changes`: every row, cell and shape that differs, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import changes
from ptce_data.changes import ChangesError, compare
from ptce_data.changewords import as_csv, as_markdown
from ptce_data.load import DATA_DIR
from tests import mini
from tests.cli.conftest import Run


def edit(folder: Path, table: str, change: Callable[[mini.Rows], None]) -> None:
    rows = mini.tables()[table]
    change(rows)
    mini.write_table(folder, table, rows)


def relayer(
    folder: Path, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], level: str = "epci"
) -> None:
    path = folder / "geo" / f"{level}.parquet"
    change(gpd.read_parquet(path)).to_parquet(path)


def test_the_same_folder_is_0(run: Run, mini_dir: Path, folder: Path) -> None:
    done = run("diff", mini_dir, folder)
    assert done.exit_code == 0 and "Aucune différence." in done.output
    assert json.loads(run("diff", mini_dir, folder, "--json").stdout)["same"] is True


def test_rows_are_told_by_key_and_cells_by_field(run: Run, mini_dir: Path, folder: Path) -> None:
    def poles(rows: mini.Rows) -> None:
        rows[0]["members_count"] = ""
        rows[1]["name"] = "Pôle | B*"
        del rows[3]
        rows.insert(0, {**rows[0], "id": "pole-neuf", "name": "=neuf"})

    edit(folder, "poles", poles)
    edit(folder, "duplicates", lambda rows: rows[2].update(reason="Relu."))
    done = run("diff", mini_dir, folder, "--json")
    assert done.exit_code == 1
    tables = {t["file"]: t for t in json.loads(done.stdout)["tables"]}
    assert set(tables) == {"poles.csv", "duplicates.csv"}
    assert tables["poles.csv"]["counts"] == {"added": 1, "changed": 2, "removed": 1}
    rows = {row["key"][0]: row for row in tables["poles.csv"]["rows"]}
    assert rows["pole-a"]["fields"] == [{"field": "members_count", "old": "12", "new": ""}]
    assert (rows["pole-neuf"]["kind"], rows["pole-d"]["kind"]) == ("added", "removed")
    (pair,) = tables["duplicates.csv"]["rows"]
    assert pair["key"] == ["pole:pole-c", "pole:pole-d"]
    shown = run("diff", mini_dir, folder).stdout
    assert "`members\\_count` : « 12 » → *inconnu*" in shown and "Pôle \\| B\\*" in shown
    found = list(csv.DictReader(io.StringIO(run("diff", mini_dir, folder, "--format", "csv").stdout)))
    assert {"file": "poles.csv", "change": "changed", "key": "pole-b", "name": "Pôle | B*", "field": "name", "old": "Pôle B", "new": "Pôle | B*"} in found  # fmt: skip
    assert [r["new"] for r in found if r["key"] == "pole-neuf" and r["field"] == "name"] == ["'=neuf"]


def test_the_order_of_rows_and_columns_is_no_change(mini_dir: Path, folder: Path) -> None:
    path = folder / "poles.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.iloc[::-1, ::-1].to_csv(path, index=False)
    assert compare(mini_dir, folder).same


def test_columns_tables_and_thresholds(mini_dir: Path, folder: Path) -> None:
    path = folder / "clusters.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.drop(columns="sector").assign(neuf="").to_csv(path, index=False)
    (folder / "autre.csv").write_text("a,b\n1,2\n1,2\n", encoding="utf-8")
    rules = folder / "territory_rules.toml"
    rules.write_text(
        rules.read_text("utf-8").replace("min_coverage_pct = 95.0", "min_coverage_pct = 90.0"), "utf-8"
    )
    tables = {t.file: t for t in compare(mini_dir, folder).tables}
    assert (tables["clusters.csv"].columns_added, tables["clusters.csv"].columns_removed) == (
        ("neuf",),
        ("sector",),
    )
    (row,) = tables["territory_rules.toml"].rows
    assert (row.key, row.fields[0].old, row.fields[0].new) == (("census.min_coverage_pct",), "95.0", "90.0")
    # Two rows that nothing tells apart are still two.
    assert tables["autre.csv"].count("added") == 2


def test_layers_by_code_and_shape(mini_dir: Path, folder: Path) -> None:
    def change(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        layer = layer.sort_values("epci_siren", ignore_index=True)
        layer.loc[0, "geometry"] = layer.geometry[0].buffer(0.01)
        layer.loc[1, "geometry"] = layer.geometry[1].reverse()
        layer.loc[2, "population"] += 1
        layer.loc[3, "epci_siren"] = "200000009"
        return layer

    relayer(folder, change)
    (layer,) = compare(mini_dir, folder).layers
    assert (layer.before, layer.after, layer.key) == (4, 4, "epci_siren")
    assert (layer.added, layer.removed) == (("200000009",), ("200000004",))
    assert layer.reshaped == ("200000001",)
    assert layer.cells == {"population": 1}


def test_a_layer_that_is_not_there(mini_dir: Path, folder: Path) -> None:
    (folder / "geo" / "epci.parquet").unlink()
    (layer,) = compare(mini_dir, folder).layers
    assert (layer.before, layer.after, len(layer.removed), layer.columns_removed) == (4, 0, 4, ())


def test_a_zip_and_the_real_data(run: Run, tmp_path: Path, mini_dir: Path, folder: Path) -> None:
    edit(folder, "poles", lambda rows: rows[0].update(name="Autre"))
    made = shutil.make_archive(str(tmp_path / "avant"), "zip", folder.parent, "data")
    out = tmp_path / "d.md"
    assert run("diff", made, mini_dir, "--out", out).exit_code == 1
    assert "« Autre » → « Pôle A »" in out.read_text("utf-8")
    assert compare(DATA_DIR, DATA_DIR).same


@pytest.mark.parametrize("content", [b"a,b\n1\n", b"\xff\xfe", b'id\n"x'])
def test_what_cannot_be_compared_is_2(run: Run, mini_dir: Path, folder: Path, content: bytes) -> None:
    (folder / "poles.csv").write_bytes(content)
    with pytest.raises(ChangesError, match=r"poles\.csv"):
        compare(mini_dir, folder)
    done = run("diff", mini_dir, folder)
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
    (folder / "poles.csv").unlink()
    (folder / "geo" / "epci.parquet").write_bytes(b"PAR1")
    assert run("diff", mini_dir, folder).exit_code == 2


KEYS = st.lists(st.sampled_from("abcd"), unique=True)
ROWS = KEYS.flatmap(lambda keys: st.fixed_dictionaries({k: st.sampled_from(["", "1", "é|\n"]) for k in keys}))


@settings(max_examples=40)
@given(ROWS, ROWS)
def test_what_is_said_is_exactly_what_differs(old: dict[str, str], new: dict[str, str]) -> None:
    def rows(cells: dict[str, str]) -> tuple[list[str], list[dict[str, str]]]:
        return ["id", "x"], [{"id": key, "x": value} for key, value in cells.items()]

    made = changes._table("autre.csv", rows(old), rows(new))
    told = {row.key[0]: row.kind for row in made.rows}
    expected = {k: "added" for k in new if k not in old} | {k: "removed" for k in old if k not in new}
    assert told == expected | {k: "changed" for k in new if k in old and old[k] != new[k]}
    both = changes.Changes("a", "b", (made,))
    assert len(list(csv.reader(io.StringIO(as_csv(both), newline="")))) > len(made.rows)
    assert as_markdown(both).count("\n- **") == len(made.rows)
