"""A proposal: rows in the layout of data/, which load once completed, and nothing that was not decided."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import schema
from ptce_data.load import Dataset, load
from ptce_data.own_layers import build, propose, read
from ptce_data.own_layers.attach import AttachError, attach
from ptce_data.own_layers.decisions import Decisions, summary
from ptce_data.own_layers.matching import candidates
from ptce_data.own_layers.model import OwnLayer
from ptce_data.own_layers.patch import patch
from ptce_data.schema.fields import SLUG
from tests import mini
from tests.own_layers.own_layers_made import DIGEST, layer

DAY = datetime.date(2026, 11, 22)
ALPHA = {"commune_insee": "69001", "departement_code": "69", "region_code": "84"}
UID = f"tiers_lieu:import-{DIGEST}"


def lieux() -> OwnLayer:
    cells = [
        {"name": "Chez « nous »", "kind": "fablab", "lat": 45.05, "lon": 2.051, "coord_precision": "adresse", "opened_year": 2019, **ALPHA},
        {"name": "Lieu A", "kind": "coworking", "opened_year": 2001, "note": "=1+1", **ALPHA},
        {"name": "Lieu A", "kind": "autre", **ALPHA},
        {"name": "=HYPERLINK(\"x\")", "region_code": "76"},
        {"name": "Encore à voir", "kind": "autre", **ALPHA},
        {"name": "مركز", "kind": "autre", **ALPHA},
    ]  # fmt: skip
    return layer("tiers_lieux", cells, refused=3)


def decisions() -> Decisions:
    asked = {3: ("tiers_lieu:lieu-a",), 4: ("tiers_lieu:lieu-a", f"{UID}-3", f"{UID}-2"), 6: ("pole:pole-a",)}
    return Decisions(proposed=asked).is_same(3, "tiers_lieu:lieu-a").is_distinct(4)


def opened(content: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    tables = {
        n: list(csv.DictReader(io.StringIO(t, newline=""))) for n, t in texts.items() if n.endswith(".csv")
    }
    return {**tables, "LISEZMOI.txt": [{"text": texts["LISEZMOI.txt"]}]}


def test_what_is_proposed(small: Dataset) -> None:
    files = opened(patch(small, lieux(), decisions(), DAY))
    assert set(files) == {"tiers_lieux.csv", "sources.csv", "duplicates.csv", "a-decider.csv", "complements.csv", "LISEZMOI.txt"}  # fmt: skip
    rows = files["tiers_lieux.csv"]
    assert [row["id"] for row in rows] == [
        "chez-nous-alpha",
        "lieu-a-alpha",
        "hyperlink-x",
        "tiers-lieu-alpha",
    ]
    assert list(rows[0]) == [doc.name for doc in schema.describe("tiers_lieux")]
    assert (rows[0]["lat"], rows[0]["opened_year"], rows[0]["confidence"]) == ("45.05", "2019", "")
    # Data for a program: no apostrophe before what a spreadsheet would run.
    assert rows[2]["name"] == '=HYPERLINK("x")'
    assert {row["source_id"] for row in rows} == {files["sources.csv"][0]["id"]} == {f"import-{DIGEST}"}
    source = files["sources.csv"][0]
    assert (source["url"], source["publisher"], source["licence"]) == ("", "", "")
    assert source["date_accessed"] == "2026-11-22"
    pairs = files["duplicates.csv"]
    assert [(p["left_uid"], p["right_uid"], p["decision"], p["keep_uid"]) for p in pairs] == [
        ("tiers_lieu:chez-nous-alpha", "tiers_lieu:lieu-a-alpha", "distinct", ""),
        ("tiers_lieu:lieu-a", "tiers_lieu:lieu-a-alpha", "distinct", ""),
    ]
    waiting = files["a-decider.csv"]
    assert [(w["ligne"], w["ressemble_a"], w["name"]) for w in waiting] == [
        ("6", "pole:pole-a", "Encore à voir")
    ]
    more = {(m["ligne"], m["uid"], m["champ"]): (m["valeur_atlas"], m["valeur_fichier"]) for m in files["complements.csv"]}  # fmt: skip
    assert more[("3", "tiers_lieu:lieu-a", "opened_year")] == ("2016", "2001")
    assert more[("3", "tiers_lieu:lieu-a", "note")] == ("", "=1+1")
    assert {key[0] for key in more} == {"3"}
    # Facts of ours are not contradicted.
    assert not {"id", "source_id", "confidence", "name", "commune_insee"} & {key[2] for key in more}


def test_the_text_says_what_is_missing(small: Dataset) -> None:
    said = opened(patch(small, lieux(), decisions(), DAY))["LISEZMOI.txt"][0]["text"]
    for words in (
        "Mes lieux (lieux.csv)",
        "Lignes lues\u00a0: 9\u00a0; comprises\u00a0: 6\u00a0; refusées\u00a0: 3.",
        "Lignes proposées\u00a0: 4. Déjà dans l’atlas selon vous\u00a0: 1. Encore à décider\u00a0: 1.",
        "python -m ptce_data validate --patch",
        "tiers_lieux.csv, champ confidence\u00a0: 4 lignes.",
        "tiers_lieux.csv, champ kind\u00a0: 1 ligne.",
        "tiers_lieux.csv, champ source_dataset\u00a0: 4 lignes.",
        "sources.csv, champ url\u00a0: 1 ligne.",
        "Licence Ouverte 2.0",
        "formule\u00a0: 1.",
    ):
        assert words in said, words
    assert "champ name" not in said


def test_the_same_gives_the_same_bytes(small: Dataset) -> None:
    first = patch(small, lieux(), decisions(), DAY)
    assert first == patch(small, lieux(), decisions(), DAY)
    attached = attach(small, [lieux()], {DIGEST: decisions()}, imported_on=DAY)
    # Asked while the layer is shown, it is the same proposal.
    assert first == patch(attached, lieux(), decisions(), DAY)
    assert first != patch(small, lieux(), decisions().withdrawn(3), DAY)
    found = candidates(small, lieux())
    pd.testing.assert_frame_equal(candidates(attach(small, [lieux()], imported_on=DAY), lieux()), found)


def completed(folder: Path, content: bytes) -> None:
    """Append the rows of a patch to a folder, what is missing filled in as a maintainer would."""
    more = {"confidence": "medium", "source_dataset": "page_web", "kind": "autre"}
    more |= {"publisher": "Collectif", "url": "https://example.org/lieux"}
    tables = mini.tables()
    for name, rows in opened(content).items():
        table = name.removesuffix(".csv")
        if table in tables:
            tables[table] += [{k: v or more.get(k, "") for k, v in row.items()} for row in rows]
    mini.write(folder, tables)


def test_a_completed_proposal_loads(small: Dataset, tmp_path: Path) -> None:
    across = decisions().is_same(6, "pole:pole-a")
    completed(tmp_path / "data", patch(small, lieux(), across, DAY))
    made = load(tmp_path / "data")
    assert len(made.tiers_lieux) == len(small.tiers_lieux) + 5
    objects = made.places.set_index("uid")["object_id"]
    assert objects["tiers_lieu:encore-a-voir-alpha"] == objects["pole:pole-a"]
    row = made.tiers_lieux.set_index("id").loc["chez-nous-alpha"]
    assert (row["lat"], row["lon"], row["coord_precision"]) == (45.05, 2.051, "adresse")


def test_poles_and_clusters_load_too(small: Dataset, tmp_path: Path) -> None:
    cells = {"name": "Pôle A", "is_temoin": True, "members_count": 12, **ALPHA}
    made = patch(small, layer("poles", [cells, cells]), None, DAY)
    rows = opened(made)["poles.csv"]
    assert [row["id"] for row in rows] == ["pole-a-alpha", "pole-a-alpha-2"]
    assert (rows[0]["is_temoin"], rows[0]["members_count"]) == ("true", "12")
    completed(tmp_path / "data", made)
    assert len(load(tmp_path / "data").poles) == len(small.poles) + 2
    free = opened(patch(small, layer("clusters", [{"name": "Grappe"}]), None, DAY))["clusters.csv"]
    assert free[0]["id"] == "grappe"


def test_a_merged_row_keeps_its_id_and_another_import_is_no_object_of_ours(small: Dataset) -> None:
    # lieu-b-bis was merged into lieu-b: its line is still in data/.
    bis = layer("tiers_lieux", [{"name": "Lieu B (bis)", "kind": "autre", "region_code": "76"}])
    assert opened(patch(small, bis, None, DAY))["tiers_lieux.csv"][0]["id"] == "lieu-b-bis-2"
    first = layer("tiers_lieux", [{"name": "Lieu A", "kind": "autre", **ALPHA}], digest="ff0000000000")
    gone = "tiers_lieu:import-ff0000000000-2"
    same = {first.digest: Decisions().is_same(2, "tiers_lieu:lieu-a")}
    both = attach(small, [first], same, imported_on=DAY)
    apart = Decisions(proposed={2: (gone, "tiers_lieu:lieu-b-bis")}).is_distinct(2)
    pairs = opened(patch(both, bis, apart, DAY))["duplicates.csv"]
    assert [p["left_uid"] for p in pairs] == ["tiers_lieu:lieu-b-bis"]


def test_other_shapes_are_no_proposal(small: Dataset) -> None:
    with pytest.raises(AttachError, match="seuls des tiers-lieux"):
        patch(small, layer("autre", [{"name": "Zone", "note": ""}]), None, DAY)


@settings(max_examples=15)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_ids_are_slugs_and_unique(small: Dataset, names: list[str]) -> None:
    cells = [{"name": name, "kind": "autre", **ALPHA} for name in [*names, "Lieu A", "Lieu B (bis)"]]
    rows = opened(patch(small, layer("tiers_lieux", cells), None, DAY))["tiers_lieux.csv"]
    ids = [row["id"] for row in rows]
    assert all(re.fullmatch(SLUG, key) for key in ids)
    assert len(set(ids)) == len(ids) == len(cells)
    known = set(small.tiers_lieux["id"]) | {"lieu-b-bis"}
    assert not set(ids) & known
    read = [name.replace("\r\n", "\n").replace("\r", "\n") for name in names]
    assert [row["name"] for row in rows][: len(names)] == read


def test_from_candidates_to_proposal(small: Dataset) -> None:
    named = small.places.replace({"Lieu A": "Coursive Boutaric"})
    data = dataclasses.replace(small, places=named, tiers_lieux=small.tiers_lieux.replace({"Lieu A": "Coursive Boutaric"}))  # fmt: skip
    point = {"lat": 45.05, "lon": 2.05, "coord_precision": "adresse", "kind": "autre", **ALPHA}
    made = layer(
        "tiers_lieux", [{"name": "Coursive Boutaric", **point}, {"name": "Moulin Cerise", **point}], refused=1
    )
    found = candidates(data, made)
    asked = Decisions.of(found)
    before = summary(data, made, found)
    assert (before.read, before.kept, before.refused, before.with_point) == (3, 2, 1, 2)
    assert (before.possible_duplicates, before.sure, before.undecided, before.same) == (1, 1, 1, 0)
    types = data.territories.communes.set_index("commune_insee")["territory_type"]  # type: ignore[union-attr]
    assert before.by_type.to_dict("list") == {"territory_type": [types["69001"]], "rows": [2]}
    # Nothing is decided unasked.
    assert asked.state(2) == "undecided"
    assert asked.state(3) == "alone"
    decided = asked.accept_sure(found)
    assert decided.state(2) == "same"
    after = summary(data, made, found, decided)
    assert (after.same, after.distinct, after.undecided) == (1, 0, 0)
    assert [r["name"] for r in opened(patch(data, made, decided, DAY))["tiers_lieux.csv"]] == [
        "Moulin Cerise"
    ]
    assert decided.withdrawn(2).canonical() == asked.canonical()
    refused = asked.is_distinct(2).accept_sure(found)
    assert refused.state(2) == "distinct"
    assert isinstance(before.by_type, pd.DataFrame)


def test_from_a_file_to_a_proposal(small: Dataset) -> None:
    """The whole way, with the reading of files."""
    text = (
        "nom;code_insee;latitude;longitude;type\n"
        "Lieu A;69001;45.05;2.05;coworking\n"
        "Moulin Cerise;69002;45.05;2.15;fablab\n"
        "Sans lieu;99999;;;fablab\n"
    )
    raw = read("lieux.csv", text.encode())
    made = build(small, raw, propose(small, raw, "tiers_lieux"))
    assert made.target == "tiers_lieux"
    assert "Moulin Cerise" in set(made.rows["name"])
    found = candidates(small, made)
    decided = Decisions.of(found)
    for line in found["line"].unique():
        decided = decided.is_distinct(int(line))
    shown = attach(small, [made], {made.digest: decided}, imported_on=DAY)
    assert len(shown.places) == len(small.places) + made.report.kept
    types = small.territories.communes.set_index("commune_insee")["territory_type"]  # type: ignore[union-attr]
    assert shown.places["territory_type"].iloc[-1] == types["69002"]
    rows = opened(patch(small, made, decided, DAY))["tiers_lieux.csv"]
    assert len(rows) == made.report.kept
    counted = summary(small, made, found, decided)
    assert counted.refused == made.report.read - made.report.kept
