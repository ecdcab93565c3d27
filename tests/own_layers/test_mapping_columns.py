"""Columns recognised by name and by content; personal data left out; mappings saved, found again."""

from __future__ import annotations

import json

import pytest
import shapely

from ptce_data.load import Dataset
from ptce_data.own_layers import (
    TARGETS,
    LayerError,
    MappingFileError,
    applies,
    build,
    dump_mapping,
    fields_of,
    propose,
    read,
    read_mapping,
)
from tests.own_layers import layer_files as f


def proposed(
    dataset: Dataset, header: str, *rows: str, name: str = "couche.csv", target: str | None = "tiers_lieux"
):  # type: ignore[no-untyped-def]
    raw = read(name, "\n".join([header, *rows]).encode())
    return propose(dataset, raw, target)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Nom du tiers-lieu", "name"),
        ("Dénomination", "name"),
        ("CODE_INSEE", "commune_insee"),
        ("codeInsee", "commune_insee"),
        ("Code postal", "postal_code"),
        ("Ville", "commune_name"),
        ("Département", "departement_code"),
        ("longitude", "lon"),
        ("Y_L93", "lat"),
        ("geo_point_2d", "lat_lon"),
        ("Site internet", "website"),
        ("SIRET", "siren"),
        ("Date d'ouverture", "opened_year"),
        ("Type de lieu", "kind"),
        ("Opening year", "opened_year"),
    ],
)
def test_names_of_columns(small: Dataset, title: str, field: str) -> None:
    mapping = proposed(small, f"{title};truc", ";a")
    assert {c.column: c.field for c in mapping.columns}[title] == field
    assert all(c.reason and 0 <= c.confidence <= 1 for c in mapping.columns)


def test_content_without_known_names(small: Dataset) -> None:
    rows = [
        f"Lieu {n};{code};{y};{x};https://a.example/{n};20{10 + n}"
        for n, (code, x, y) in enumerate(
            [("69001", 2.051, 45.051), ("31001", 2.052, 45.152), ("34001", 2.253, 45.154)]
        )
    ]
    mapping = proposed(small, "Nom;aa;bb;cc;dd;ee", *rows)
    assert {c.field: c.column for c in mapping.columns} == {
        "name": "Nom", "commune_insee": "aa", "lat": "bb", "lon": "cc", "website": "dd", "opened_year": "ee",
    }  # fmt: skip
    assert all(c.reason.startswith("contenu") for c in mapping.columns[1:])


def test_postal_codes_are_never_taken_for_insee_codes(real: Dataset) -> None:
    # These three are codes of communes too; five of the six end in 0, as postal codes do.
    codes = ["35200", "35310", "35350", "35000", "35410", "35131"]
    mapping = proposed(real, "Nom;Code commune", *(f"L{n};{c}" for n, c in enumerate(codes)))
    fields = {c.column: c.field for c in mapping.columns}
    assert fields["Code commune"] in ("", "postal_code")
    assert any("codes postaux" in note for note in mapping.notes)
    insee = proposed(real, "Nom;Code commune", "A;35238", "B;69123", "C;75056")
    assert insee.fields()["commune_insee"] == "Code commune"


def test_personal_data_is_left_out_by_name_and_by_content(small: Dataset) -> None:
    header = "Nom;Code INSEE;E-mail;Téléphone;Nom du référent;zz;yy"
    rows = [f"L{n};69001;a@b.fr;0102030405;Jean;moi{n}@ici.org;06 01 02 03 0{n}" for n in range(3)]
    raw = read("l.csv", "\n".join([header, *rows]).encode())
    mapping = propose(small, raw, "autre")
    assert [c.column for c in mapping.columns if c.personal] == header.split(";")[2:]
    layer = build(small, raw, mapping)
    assert [c for c in layer.rows if c.startswith("col_")] == ["col_Code INSEE"]
    assert any("E-mail" in note for note in layer.report.notes)
    text = layer.rows.to_csv()
    assert "@" not in text and "Jean" not in text


@pytest.mark.parametrize(
    ("name", "header", "target"),
    [
        ("tiers-lieux 2024.csv", "Nom;Commune", "tiers_lieux"),
        ("liste PTCE.csv", "Nom;Commune", "poles"),
        ("grappes.csv", "Nom;Commune", "clusters"),
        ("x.csv", "Nom du pôle de compétitivité;Commune", "clusters"),
        ("x.csv", "Nom;Commune", "autre"),
    ],
)
def test_the_target_is_proposed(small: Dataset, name: str, header: str, target: str) -> None:
    mapping = proposed(small, header, "A;Alpha", name=name, target=None)
    assert mapping.target == target and mapping.target_reason


def test_shapes_are_another_layer(small: Dataset) -> None:
    raw = read("tiers-lieux.geojson", f.geojson([shapely.box(2, 45, 2.1, 45.1)], [{"nom": "Zone"}]))
    assert propose(small, raw).target == "autre"


def test_values_are_proposed_and_unknown_ones_left(small: Dataset) -> None:
    mapping = proposed(small, "Nom;Type", "A;Fab Lab", "B;Espace de coworking", "C;Ferme", "D;fablab")
    assert mapping.keys("kind") == {
        "Fab Lab": "fablab",
        "Espace de coworking": "coworking",
        "Ferme": "",
        "fablab": "fablab",
    }
    assert mapping.with_value("kind", "Ferme", "nourricier").keys("kind")["Ferme"] == "nourricier"


def test_a_mapping_is_saved_corrected_and_found_again(small: Dataset) -> None:
    raw = read("l.csv", f.csv_text().encode())
    mapping = propose(small, raw, "tiers_lieux").with_field("Type", "").with_crs("EPSG:2154")
    assert read_mapping(dump_mapping(mapping)) == mapping
    assert "kind" not in mapping.fields() and not mapping.keys("kind")
    assert mapping.with_field("Année", "name").fields()["name"] == "Année"
    assert applies(mapping, raw) == 1
    more = read("l.csv", f.csv_text([(*r, "x") for r in f.ROWS], (*f.HEADER, "Autre")).encode())
    other = read("l.csv", b"Nom;Ville\nA;B\n")
    assert 0 < applies(mapping, more) < 1 and applies(mapping, other) == 0
    with pytest.raises(LayerError, match="lui manque"):
        build(small, other, mapping)
    with pytest.raises(ValueError, match="n’est pas un champ"):
        mapping.with_field("Nom", "sector")


@pytest.mark.parametrize(
    "change",
    [
        {"target": "foo"}, {"crs": "EPSG:1"}, {"version": 9}, {"format": "x"}, {"extra": 1},
        {"columns": [{"column": "a", "field": "lobby"}]},
        {"columns": [{"column": "a", "field": "name"}, {"column": "b", "field": "name"}]},
    ],
)  # fmt: skip
def test_a_broken_mapping_is_refused(small: Dataset, change: dict[str, object]) -> None:
    content = json.loads(dump_mapping(propose(small, read("l.csv", f.csv_text().encode()), "tiers_lieux")))
    with pytest.raises(MappingFileError):
        read_mapping(json.dumps(content | change).encode())


def test_every_target_has_its_fields() -> None:
    for target in TARGETS:
        fields = fields_of(target)
        assert next(iter(fields)) == "name" and {"commune_insee", "lon", "lat"} <= set(fields)
        assert not {"id", "source_id", "confidence"} & set(fields)
