"""Files -> Dataset: every malformed file is said, the real data load, one faulty layer is contained."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ptce_data import layers, reading, schema
from ptce_data.errors import DataError, Fault
from ptce_data.load import DATA_DIR, Dataset, load, version
from tests import mini

#: Sources gathered and read, that no fact cites in the end: other pages say the same (see docs/sources.md).
UNUSED_SOURCES = {
    "avise-copie-d-une-page-d-avril-2022-21745a",
    "banque-des-territoires-c4268c",
    "citego-org-8fb8bc",
    "ecopal-bb4a88",
    "fiche-pratique-conference-communs-ess-et-ac6847",
    "jnews-france-fr-f942d6",
    "labo-de-l-ess-42eb2b",
    "rtes-citego-882d1b",
    "rtes-citego-ce87aa",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return mini.write(tmp_path / "data")


def edited(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def the_faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(DataError) as caught:
        load(folder)
    assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


MALFORMED: list[tuple[str, Callable[[bytes], bytes], int | None, str | None]] = [
    ("bom", lambda b: b"\xef\xbb\xbf" + b, 1, None),
    ("encodage", lambda b: b.decode().encode("latin-1"), 2, None),
    ("cellules", lambda b: b.replace(b"pole-c,", b"pole-c,,"), 4, None),
    ("cellules", lambda b: b.replace(b"pole-b,", b""), 3, None),
    ("cellules", lambda b: b + b"\n", 6, None),
    ("csv", lambda b: b + b'pole-e,"sans fin', 6, None),
    ("colonne_absente", lambda b: b.replace(b"region_code", b"region"), 1, "region_code"),
    ("colonne_inconnue", lambda b: b.replace(b"region_code", b"region"), 1, "region"),
    ("colonne_double", lambda b: b.replace(b"id,name", b"name,name"), 1, "name"),
    ("fichier", lambda b: b"", None, None),
]


@pytest.mark.parametrize(("rule", "change", "line", "field"), MALFORMED)
def test_a_malformed_file_is_one_clear_fault(
    folder: Path, rule: str, change: Callable[[bytes], bytes], line: int | None, field: str | None
) -> None:
    edited(folder / "poles.csv", change)
    faults = reading.read("poles", folder).faults
    assert (rule, "data/poles.csv", line, field) in [(f.rule, f.file, f.line, f.field) for f in faults]


def test_an_unreadable_file_accuses_no_other_file(folder: Path) -> None:
    edited(folder / "poles.csv", lambda b: b"\xef\xbb\xbf" + b)
    assert {fault.file for fault in the_faults(folder)} == {"data/poles.csv"}


def test_a_missing_file_is_one_fault(folder: Path) -> None:
    (folder / "programmes.csv").unlink()
    assert [(f.rule, f.file) for f in the_faults(folder)] == [("fichier", "data/programmes.csv")]


def test_a_line_number_is_that_of_the_file_even_after_a_cell_of_several_lines(folder: Path) -> None:
    rows = mini.tables()["poles"]
    rows[0]["note"] = "une\nnote\nde trois lignes"
    rows[1]["region_code"] = "99"
    mini.write_table(folder, "poles", rows)
    assert {f.line for f in the_faults(folder)} == {5}


def test_all_faults_of_all_files_are_reported_together_in_french(folder: Path) -> None:
    rows = mini.tables()
    rows["poles"][3]["region_code"] = "99"
    rows["clusters"][0]["members_count"] = "beaucoup"
    rows["sources"][1]["publisher"] = ""
    for table in ("poles", "clusters", "sources"):
        mini.write_table(folder, table, rows[table])
    (folder / "geo" / "epci.parquet").unlink()
    with pytest.raises(DataError) as caught:
        load(folder)
    assert str(caught.value).splitlines() == [
        "4 erreurs dans les données :",
        "data/poles.csv, ligne 5, champ « region_code » : « 99 » — attendu : un code de codes/regions.csv",
        "data/clusters.csv, ligne 2, champ « members_count » : « beaucoup » — attendu : un nombre entier, sans espace",
        "data/sources.csv, ligne 3, champ « publisher » : vide — attendu : une valeur",
        "data/geo/epci.parquet — attendu : un fichier, qui est absent",
    ]


def test_a_long_value_is_shortened_in_the_message_only() -> None:
    fault = Fault("data/poles.csv", 2, "name", "é" * 10_000, "x", "x")
    assert len(str(fault)) < 200
    assert len(fault.value or "") == 10_000


def test_unknown_stays_unknown(small: Dataset) -> None:
    data = small
    pole = data.poles.set_index("id").loc["pole-b"]
    assert pd.isna(pole["is_temoin"]) and pd.isna(pole["members_count"]) and pd.isna(pole["commune_insee"])
    assert str(data.poles["is_temoin"].dtype) == "boolean"
    assert str(data.poles["created_year"].dtype) == "Int64"
    assert str(data.funding_figures["share_pct"].dtype) == "Float64"


def test_hostile_names_load_unchanged(hostile: Dataset) -> None:
    data = hostile
    for table in (data.poles, data.tiers_lieux, data.clusters, data.support_schemes):
        names = table[table["id"].str.startswith("hostile")]["name"].tolist()
        assert names == list(mini.HOSTILE_NAMES)
    assert set(mini.HOSTILE_NAMES) <= set(data.places["name"])


def test_the_data_set_is_frozen(small: Dataset) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.poles = small.clusters  # type: ignore[misc]


def test_the_version_changes_with_any_file(folder: Path) -> None:
    before = version(folder)
    assert before == version(folder) == load(folder).version
    edited(folder / "sources.csv", lambda b: b.replace("Éditeur A".encode(), "Éditeur C".encode()))
    after = version(folder)
    assert before != after
    (folder / "sources.csv").rename(folder / "sources2.csv")
    assert version(folder) not in (before, after)


@pytest.mark.parametrize(
    "table",
    ["poles", "tiers_lieux", "clusters", "programmes", "sources", "duplicates", "categories", "region_codes"],
)
def test_one_faulty_table_leaves_the_rest_usable(folder: Path, small: Dataset, table: str) -> None:
    (folder / schema.PATHS[table]).write_text("n'importe quoi\n")
    data = load(folder, tolerant=True)
    assert set(data.faults) == {table}
    assert all(isinstance(fault, Fault) for fault in data.faults[table])
    assert getattr(data, table).empty
    assert list(getattr(data, table).columns) == list(getattr(small, table).columns)
    for other in set(schema.TABLES) - {table, "duplicates", "poles", "tiers_lieux", "clusters"}:
        assert len(getattr(data, other)) == len(getattr(small, other)), other


def test_one_faulty_row_does_not_accuse_the_tables_that_point_to_its_table(folder: Path) -> None:
    edited(folder / "sources.csv", lambda b: b.replace(b"source-b,", b"source-b,,"))
    assert set(load(folder, tolerant=True).faults) == {"sources"}


@pytest.mark.parametrize("level", layers.LEVELS)
def test_one_faulty_layer_leaves_the_rest_usable(folder: Path, small: Dataset, level: str) -> None:
    (folder / "geo" / f"{level}.parquet").write_bytes(b"PAR1 tronqu\xe9")
    data = load(folder, tolerant=True)
    assert set(data.faults) == {level}
    assert getattr(data, level).empty and getattr(data, level).crs == layers.CRS
    assert list(getattr(data, level).columns) == [*layers.COLUMNS[level], "geometry"]
    assert len(data.places) == len(small.places)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 tronqu\xe9", b"x" * 1000])
def test_an_unreadable_layer_is_one_fault(folder: Path, content: bytes | None) -> None:
    path = folder / "geo" / "communes.parquet"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    faults = layers.read("communes", folder).faults
    assert [(fault.rule, fault.file) for fault in faults] == [("fichier", "data/geo/communes.parquet")]
    assert "fichier" in str(faults[0])


@pytest.mark.parametrize(
    ("rule", "field", "change"),
    [
        ("unique", "region_code", lambda layer: pd.concat([layer, layer.head(1)])),
        ("crs", "geometry", lambda layer: layer.to_crs(2154)),
        ("colonne_absente", "name", lambda layer: layer.drop(columns="name")),
        ("vide", None, lambda layer: layer.head(0)),
        ("obligatoire", "name", lambda layer: layer.assign(name=None)),
        ("obligatoire", "geometry", lambda layer: layer.set_geometry([None] * len(layer), crs=4326)),
    ],
)
def test_a_layer_is_checked(
    folder: Path, rule: str, field: str | None, change: Callable[..., object]
) -> None:
    changed = change(mini.layers()["regions"])
    changed.to_parquet(folder / "geo" / "regions.parquet")  # type: ignore[attr-defined]
    faults = layers.read("regions", folder).faults
    assert (rule, field) in [(fault.rule, fault.field) for fault in faults]


def test_a_layer_has_the_codes_of_its_list(folder: Path) -> None:
    mini.layers()["regions"].head(1).to_parquet(folder / "geo" / "regions.parquet")
    assert [(f.rule, f.field, f.file) for f in the_faults(folder)] == [
        ("lien", "region_code", "data/geo/regions.parquet")
    ]


def test_the_real_data_load_without_a_fault() -> None:
    assert load().faults == {}


def test_the_real_tables_have_the_expected_rows() -> None:
    rows = {name: len(reading.read(name, DATA_DIR).frame) for name in schema.TABLES}
    assert {name: rows[name] for name in rows if name not in ("categories", "duplicates")} == {
        "poles": 97,
        "tiers_lieux": 1855,
        "clusters": 145,
        "support_schemes": 209,
        "programmes": 11,
        "pole_awards": 72,
        "funding_figures": 60,
        "public_awards": 60,
        "published_counts": 122,
        "case_events": 11,
        "study_figures": 11,
        "label_waves": 25,
        "glossary": 76,
        "temoins_reference": 2,
        "sources": 523,
        "region_codes": 19,
        "former_region_codes": 27,
        "departement_codes": 101,
    }


def test_the_real_layers_are_whole(real: Dataset) -> None:
    sizes = {level: len(getattr(real, level)) for level in layers.LEVELS}
    assert (sizes["regions"], sizes["former_regions"], sizes["departements"]) == (18, 27, 101)
    assert sizes["communes"] > 34_800 and sizes["epci"] > 1_200
    overseas = {"01", "02", "03", "04", "06"}
    assert overseas <= set(real.regions["region_code"]) and overseas <= set(real.communes["region_code"])


def test_every_source_is_used_but_nine(real: Dataset) -> None:
    used: set[str] = set()
    for table in schema.TABLES:
        for doc in schema.describe(table):
            if doc.link == "sources":
                used |= set(reading.read(table, DATA_DIR).frame[doc.name].dropna())
    assert set(real.sources["id"]) - used == UNUSED_SOURCES
    assert used <= set(real.sources["id"])


def test_the_study_of_2014_can_be_reproduced(real: Dataset) -> None:
    study = real.poles[real.poles["type_source_id"] == "t-podlewski-lise-cnam-xive-rencontres-du-a02b15"]
    assert study["territory_type_stated"].value_counts().to_dict() == {
        "desindustrialise": 4,
        "rural": 4,
        "quartier_populaire_urbain": 3,
        "periurbain": 1,
    }
    assert study["activity_family"].value_counts().to_dict() == {
        "services_ingenierie": 4,
        "industries_creatives_culturelles": 5,
        "production": 3,
    }


def test_contradictory_amounts_are_kept_side_by_side(real: Dataset) -> None:
    envelopes = real.public_awards[real.public_awards["is_envelope"]]
    assert {2_700_000.0, 2_750_000.0} <= set(envelopes["amount_eur"])
    named = real.public_awards[~real.public_awards["is_envelope"]]
    assert set(named["amount_basis"]) == {"beneficiaire_nomme"}
    assert set(envelopes["amount_basis"]) == {"enveloppe", "montant_unitaire"}


def test_every_registered_value_has_a_label_and_every_list_is_used(real: Dataset) -> None:
    fields = {doc.category for table in schema.TABLES for doc in schema.describe(table)} - {None}
    derived = {"geo_precision", "object_kind", "pole_label"}
    assert set(real.categories["field"]) == fields | derived
    assert real.categories["label"].str.strip().ne("").all()
