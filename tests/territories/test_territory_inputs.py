"""Bad inputs: one clear message that names the line or the field."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from territory_small import inputs

from ptce_data.territories import TerritoryError, classify, read_inputs
from ptce_data.territories.files import read_delimited


def written(path: Path, table: pd.DataFrame, **options: Any) -> Path:
    table.to_csv(path, index=False, **options)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_separator_is_read(tmp_path: Path, encoding: str, separator: str) -> None:
    table = inputs({"epci": "CC du Pays d’Évian"}, {"ze2020_label": "Forêt, Île"})
    read = read_inputs(written(tmp_path / "t.csv", table, encoding=encoding, sep=separator))
    assert read["epci"].tolist() == ["CC du Pays d’Évian", "CC Une"]
    assert read["ze2020_label"].tolist() == ["Une", "Forêt, Île"]
    assert read["commune_insee"].tolist() == ["01001", "01002"]


def test_a_gzip_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", inputs({}))
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert len(read_inputs(packed)) == 1
    packed.write_bytes(packed.read_bytes()[:40])
    with pytest.raises(TerritoryError, match=r"t\.csv\.gz : archive gzip illisible"):
        read_inputs(packed)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vide.csv"
    path.write_bytes(content)
    with pytest.raises(TerritoryError, match=r"vide\.csv : le fichier est vide"):
        read_inputs(path)


def test_a_header_alone_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", inputs({}).iloc[:0])
    with pytest.raises(TerritoryError, match="aucune ligne de données"):
        read_inputs(path)


def test_a_missing_file_a_folder_and_a_workbook_are_said(tmp_path: Path) -> None:
    with pytest.raises(TerritoryError, match="introuvable"):
        read_inputs(tmp_path / "absent.csv")
    with pytest.raises(TerritoryError, match="dossier"):
        read_inputs(tmp_path)
    book = tmp_path / "t.csv"
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "t.xlsx", index=False)
    (tmp_path / "t.xlsx").rename(book)
    with pytest.raises(TerritoryError, match="classeur"):
        read_inputs(book)


def test_a_line_with_another_number_of_fields_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n1,2,3\n", "utf-8")
    with pytest.raises(TerritoryError, match=r"t\.csv, ligne 3 : 3 champs au lieu de 2"):
        read_delimited(path)


def test_a_repeated_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,a\n1,2\n", "utf-8")
    with pytest.raises(TerritoryError, match=r"colonne en double \(a\)"):
        read_delimited(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", inputs({}).drop(columns="cateaav2020"))
    with pytest.raises(TerritoryError, match="colonne manquante « cateaav2020 »"):
        read_inputs(path)
    with pytest.raises(TerritoryError, match="colonne manquante « cateaav2020 »"):
        classify(inputs({}).drop(columns="cateaav2020"))


def test_no_full_census_year_is_said() -> None:
    table = inputs({}).drop(columns=["workers_employed_1982", "workers_employed_2011"])
    with pytest.raises(TerritoryError, match="aucune année de recensement complète"):
        classify(table)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("commune_insee", "1001", r"ligne 3 : 1001"),
        ("commune_insee", "01 01", "code de commune invalide"),
        ("commune_insee", "20004x", "code de commune invalide"),
        ("density_level", "Rural", "« density_level » : valeur|« density_level » : nombre attendu"),
        ("density_level", "8", "« density_level » : valeur hors de la liste"),
        ("cateaav2020", "21", "« cateaav2020 » : valeur hors de la liste"),
        ("taav2017", "6", "« taav2017 » : valeur hors de la liste"),
        ("afr", "2", "« afr » : valeur hors de la liste"),
        ("ber", "oui", "« ber » : nombre attendu"),
        ("population", "-1", "« population » : nombre négatif"),
        ("population", "", "« population » : population manquante"),
        ("qpv_count", "-1", "« qpv_count » : nombre négatif"),
        ("workers_employed_1982", "douze", r"« workers_employed_1982 » : nombre attendu \(ligne 3 : douze\)"),
        ("unemployed_25_54_2011", "-4", "« unemployed_25_54_2011 » : nombre négatif"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, field: str, value: str, message: str) -> None:
    table = inputs({}, {}).astype(object)
    table.loc[1, field] = value
    with pytest.raises(TerritoryError, match=message):
        read_inputs(written(tmp_path / "t.csv", table))


def test_duplicate_communes_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", inputs({}, {"commune_insee": "01001"}))
    with pytest.raises(TerritoryError, match=r"commune en double \(ligne 2 : 01001, ligne 3 : 01001\)"):
        read_inputs(path)


def test_corsica_and_overseas_codes_are_kept_as_text(tmp_path: Path) -> None:
    codes = ["2A004", "01001", "97209"]
    table = inputs({}, {}, {}).assign(commune_insee=codes)
    assert read_inputs(written(tmp_path / "t.csv", table))["commune_insee"].tolist() == [
        "01001",
        "2A004",
        "97209",
    ]


def test_density_is_accepted_as_label_or_code(tmp_path: Path) -> None:
    labels = inputs({"density_level": "Bourgs ruraux"}, {"density_level": "Ceintures urbaines"})
    assert read_inputs(written(tmp_path / "t.csv", labels))["density_level"].tolist() == [5, 4]
    codes = inputs({"density_level": 5}, {"density_level": None})
    read = read_inputs(written(tmp_path / "c.csv", codes))["density_level"]
    assert read[0] == 5 and pd.isna(read[1])


def test_a_zero_that_only_means_not_covered_is_unknown_overseas(tmp_path: Path) -> None:
    rows = ({}, {"qpv_count": 0, "afr": 0}, {"qpv_count": 2, "afr": 0})
    table = inputs(*rows).assign(commune_insee=["01001", "97209", "97213"])
    path = written(tmp_path / "t.csv", table)
    read = read_inputs(path)
    assert read["qpv_count"].isna().tolist() == [False, True, False]
    assert read["afr"].isna().tolist() == [False, True, True]
    assert read_inputs(path, mask_gaps=False)["qpv_count"].tolist() == [0, 0, 2]
