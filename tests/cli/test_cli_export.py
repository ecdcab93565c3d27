"""`export`: exactly the rows of a page's address, in every format; a wrong query is refused with what is allowed."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from ptce_data import query
from ptce_data.commands import outcome
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.opendata import FORMATS, RESOURCES
from ptce_data.selection import Selection
from ptce_ui import export_command
from ptce_ui.exports.selected import SELECTABLE, SQLITE, ZIP, QueryError, selection
from tests.cli.conftest import Run


@pytest.fixture
def export(run: Run, real: Dataset, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(outcome, "dataset", lambda folder: real)
    return lambda *arguments: run("export", *arguments)


def read(path: Path, layout: str) -> pd.DataFrame:
    if layout == "csv":
        return pd.read_csv(path, dtype=str)
    if layout == "xlsx":
        return pd.read_excel(path, dtype=str)
    return (
        gpd.read_parquet(path)
        if layout == "geoparquet"
        else gpd.read_file(path, **({"layer": "places"} if layout == "gpkg" else {}))
    )


@pytest.mark.parametrize("layout", FORMATS)
def test_every_format_holds_exactly_the_selection(
    export: Run, real: Dataset, tmp_path: Path, layout: str
) -> None:
    out = tmp_path / f"x.{layout}"
    done = export("--format", layout, "--select", "?region=53&nature=tiers_lieu&niveau=epci", "--out", out)
    assert done.exit_code == 0, done.output
    # Recounted from the file itself: rows of Bretagne, merged ones counted once.
    raw = pd.read_csv(DATA_DIR / "tiers_lieux.csv", dtype=str)
    wanted = "tiers_lieu:" + raw.loc[raw["region_code"] == "53", "id"]
    wanted = set(wanted) - set(real.merged_uids)
    assert set(read(out, layout)["uid"]) == wanted and len(wanted) > 50
    assert done.output.startswith(f"{out.name} (")


def test_a_table_of_its_own(export: Run, real: Dataset, tmp_path: Path) -> None:
    out = tmp_path / "poles.csv"
    done = export(
        "--table", "poles", "--select", "type_calcule=rural&type_calcule=periurbain", "--out", out, "--json"
    )
    kept = query.places(real, Selection(kinds=("pole",), computed_types=("rural", "periurbain")))
    told = json.loads(done.stdout)
    assert told["rows"] == {"poles": len(kept)} and told["bytes"] == out.stat().st_size
    assert set(read(out, "csv")["uid"]) == set(kept["uid"])
    export("--table", "programmes", "--out", out)
    assert len(read(out, "csv")) == len(real.programmes)


def test_the_bundle_and_the_database(
    run: Run, small: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "dataset", lambda folder: small)
    out = tmp_path / "x.zip"
    assert run("export", "--format", "zip", "--select", "region=76", "--out", out).exit_code == 0
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        places = pd.read_csv(io.BytesIO(archive.read("places.csv")), dtype=str)
    assert {"tiers-lieux.csv", "LICENCE.txt", "datapackage.json"} <= names
    assert set(places["uid"]) == set(query.places(small, Selection(regions=("76",)))["uid"])
    base = tmp_path / "x.sqlite"
    assert run("export", "--format", "sqlite", "--out", base).exit_code == 0
    with sqlite3.connect(base) as connection:
        (count,) = connection.execute("select count(*) from poles").fetchone()
    assert count == len(small.poles)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--select", "genre=x"], "Le paramètre « genre » est inconnu. Paramètres : nature, region"),
        (["--select", "region=99"], "La valeur « 99 » de « region » est inconnue. Valeurs : 01, 02"),
        (["--select", "region=53&region=xx"], "« xx »"),
        (["--select", "region"], "parametre=valeur"),
        (["--select", "nature=%FF"], "parametre=valeur"),
        (["--table", "lieux"], "La table « lieux » n’existe pas. Tables : places, poles"),
        (["--table", "sources", "--select", "region=53"], "--select choisit des lieux"),
        (["--format", "sqlite", "--select", "region=53"], "toute la base"),
    ],
)
def test_a_wrong_query_writes_nothing(export: Run, tmp_path: Path, options: list[str], said: str) -> None:
    out = tmp_path / "x.csv"
    done = export(*options, "--out", out)
    assert done.exit_code == 2 and said in done.stderr and not out.exists()
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_not_there(export: Run, tmp_path: Path) -> None:
    done = export("--out", tmp_path / "absent" / "x.csv")
    assert done.exit_code == 2 and "Le dossier « absent » n’existe pas." in done.stderr


def test_a_query_is_that_of_the_page(small: Dataset) -> None:
    assert selection(small, "") is None and selection(small, "?") is None
    everything = frozenset(small.places["uid"])
    assert selection(small, "vue=metropole&couleur=commune") == everything
    # An empty value filters nothing, as on the page.
    assert selection(small, "region=") == everything
    assert selection(small, "q=alpha") == frozenset(query.places(small, Selection(text="alpha"))["uid"])
    with pytest.raises(QueryError):
        selection(small, "nature=pole&nature=<script>")


def test_every_table_that_can_be_selected_exists() -> None:
    assert set(SELECTABLE) <= set(RESOURCES)
    assert (*FORMATS, SQLITE, ZIP) == export_command.FORMATS
