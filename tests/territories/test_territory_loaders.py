"""Official files in their published layout, written small; and what goes wrong with them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from territory_small import inputs

from ptce_data.territories import TerritoryError, classify
from ptce_data.territories.codes import CommuneCodes, normalise
from ptce_data.territories.loaders import (
    Loaded,
    assemble,
    load_aav,
    load_density,
    load_dgcl,
    load_industry,
    load_qpv,
    load_ze,
)

FORMER = pd.DataFrame(
    {
        "old_code": ["01033", "01091", "75118", "75119", "01003"],
        "commune_insee": ["01001", "01001", "75056", "75056", "99999"],
    }
)


@pytest.fixture
def codes() -> CommuneCodes:
    return CommuneCodes.build(["01001", "01002", "2A004", "75056", "97209"], FORMER)


def workbook(path: Path, sheets: dict[str, pd.DataFrame], preamble: int = 4) -> Path:
    """An Insee workbook: title lines, the header row, then the data."""
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in sheets.items():
            table.to_excel(book, sheet_name=name, startrow=preamble, index=False)
            book.sheets[name].cell(1, 1, "Insee — titre du fichier")
            if preamble > 1:
                book.sheets[name].cell(2, 1, "Mise en ligne le 01/01/2025")
    return path


def density(**changes: Any) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "CODGEO": ["01001", "01002", "2A004", "75056"],
            "LIBGEO": ["A", "B", "Ajaccio", "Paris"],
            "DENS": ["3", "3", "2", "1"],
            "DENS7": ["6", "7", "2", "1"],
            "LIBDENS7": [
                "Rural à habitat dispersé",
                "Rural à habitat très dispersé",
                "Centres urbains intermédiaires",
                "Grands centres urbains",
            ],
            "DENS_AAV": ["3", "4", "2", "1"],
            "LIBDENS_AAV": [
                "Rural périurbain",
                "Rural non périurbain",
                "Urbain intermédiaire",
                "Urbain dense",
            ],
        }
    )
    return table.assign(**changes)


# Density


def test_density_grid(tmp_path: Path, codes: CommuneCodes) -> None:
    loaded = load_density(workbook(tmp_path / "grille.xlsx", {"Maille communale": density()}), codes)
    assert loaded.frame.to_dict("list") == {
        "commune_insee": ["01001", "01002", "2A004", "75056"],
        "density_level": [6, 7, 2, 1],
        "dens_aav": [3, 4, 2, 1],
    }
    assert loaded.messages() == []


@pytest.mark.parametrize("preamble", [0, 1, 5])
def test_the_header_is_found_whatever_stands_above_it(
    tmp_path: Path, codes: CommuneCodes, preamble: int
) -> None:
    path = tmp_path / "grille.xlsx"
    density().to_excel(path, sheet_name="Maille communale", startrow=preamble, index=False)
    assert len(load_density(path, codes).frame) == 4


def test_a_wrong_sheet_is_said_with_those_found(tmp_path: Path, codes: CommuneCodes) -> None:
    path = workbook(
        tmp_path / "grille.xlsx", {"Maille supra-communale": density(), "Documentation": density()}
    )
    with pytest.raises(
        TerritoryError, match=r"feuille « Maille communale » absente.*Maille supra-communale, Documentation"
    ):
        load_density(path, codes)


def test_a_sheet_without_header_is_said(tmp_path: Path, codes: CommuneCodes) -> None:
    path = workbook(tmp_path / "g.xlsx", {"Maille communale": density().rename(columns={"CODGEO": "Code"})})
    with pytest.raises(TerritoryError, match="aucune ligne d’en-tête ne porte la colonne « CODGEO »"):
        load_density(path, codes)


def test_an_older_grid_is_refused(tmp_path: Path, codes: CommuneCodes) -> None:
    four = density()[["CODGEO", "LIBGEO", "DENS"]]
    with pytest.raises(TerritoryError, match="colonne manquante « DENS7"):
        load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": four}), codes)
    labels = density(LIBDENS7=["Ceintures urbaines"] * 4, DENS7=["3"] * 4)
    with pytest.raises(TerritoryError, match="ligne 6 : le niveau 3 porte le libellé « Ceintures urbaines »"):
        load_density(workbook(tmp_path / "h.xlsx", {"Maille communale": labels}), codes)
    level = density(DENS7=["6", "7", "12", "1"])
    with pytest.raises(TerritoryError, match=r"champ « DENS7 » : .*\(ligne 8 : 12\)"):
        load_density(workbook(tmp_path / "i.xlsx", {"Maille communale": level}), codes)


def test_not_a_workbook_and_an_empty_one(tmp_path: Path, codes: CommuneCodes) -> None:
    text = tmp_path / "t.xlsx"
    text.write_text("CODGEO;DENS7\n", "utf-8")
    with pytest.raises(TerritoryError, match=r"t\.xlsx : ce n’est pas un classeur"):
        load_density(text, codes)
    text.write_bytes(b"")
    with pytest.raises(TerritoryError, match="vide"):
        load_density(text, codes)
    with pytest.raises(TerritoryError, match="introuvable"):
        load_density(tmp_path / "absent.xlsx", codes)
    empty = workbook(tmp_path / "vide.xlsx", {"Maille communale": density().iloc[:0]})
    with pytest.raises(TerritoryError, match="aucune ligne de données"):
        load_density(empty, codes)


def test_a_workbook_in_a_zip_as_insee_publishes_it(tmp_path: Path, codes: CommuneCodes) -> None:
    path = workbook(tmp_path / "grille.xlsx", {"Maille communale": density()})
    with zipfile.ZipFile(tmp_path / "grille.zip", "w") as archive:
        archive.write(path, "grille.xlsx")
    assert len(load_density(tmp_path / "grille.zip", codes).frame) == 4


# Codes of another vintage


def test_old_codes_are_mapped_and_listed(tmp_path: Path, codes: CommuneCodes) -> None:
    old = density(CODGEO=["01033", "01002", "2A004", "75118"])
    loaded = load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": old}), codes)
    assert loaded.frame["commune_insee"].tolist() == ["01001", "01002", "2A004", "75056"]
    assert loaded.former["old_code"].tolist() == ["01033", "75118"]
    assert loaded.former["line"].tolist() == [6, 9]
    assert "01033 → 01001" in loaded.messages()[0]


def test_what_cannot_be_mapped_is_listed_not_dropped_in_silence(tmp_path: Path, codes: CommuneCodes) -> None:
    lost = density(CODGEO=["01001", "99998", "2A004", "01003"])
    loaded = load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": lost}), codes)
    assert loaded.unmapped.to_dict("list") == {"line": [7, 9], "code": ["99998", "01003"]}
    assert "99998 (ligne 7), 01003 (ligne 9)" in loaded.messages()[0]


def test_a_file_of_nothing_but_unknown_codes_is_refused(tmp_path: Path, codes: CommuneCodes) -> None:
    other = density(CODGEO=["90001", "90002", "90003", "90004"])
    with pytest.raises(TerritoryError, match="aucun des 4 codes"):
        load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": other}), codes)


def test_merged_communes_that_disagree_become_unknown_and_are_listed(
    tmp_path: Path, codes: CommuneCodes
) -> None:
    merged = density(CODGEO=["01033", "01091", "2A004", "75056"])
    loaded = load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": merged}), codes)
    assert pd.isna(loaded.frame.set_index("commune_insee").loc["01001", "density_level"])
    assert loaded.conflicts["field"].tolist() == ["density_level", "dens_aav"]
    assert "valeurs contradictoires" in loaded.messages()[1]
    agreeing = density(CODGEO=["01033", "01091", "2A004", "75056"], DENS7=["6", "6", "2", "1"])
    agreeing["LIBDENS7"] = agreeing["LIBDENS7"].where(agreeing["DENS7"] != "6", "Rural à habitat dispersé")
    loaded = load_density(workbook(tmp_path / "h.xlsx", {"Maille communale": agreeing}), codes)
    assert loaded.frame.set_index("commune_insee").loc["01001", "density_level"] == 6


def test_a_value_known_for_half_of_a_merged_commune_is_not_known_for_the_whole(
    tmp_path: Path, codes: CommuneCodes
) -> None:
    merged = density(CODGEO=["01033", "01091", "2A004", "75056"], DENS7=["6", "", "2", "1"])
    loaded = load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": merged}), codes)
    assert pd.isna(loaded.frame.set_index("commune_insee").loc["01001", "density_level"])
    assert "density_level" in loaded.conflicts["field"].tolist()


def test_duplicates_and_broken_codes_are_named(tmp_path: Path, codes: CommuneCodes) -> None:
    twice = density(CODGEO=["01001", "01002", "01001", "75056"])
    with pytest.raises(TerritoryError, match=r"commune en double \(01001 \(ligne 6\), 01001 \(ligne 8\)\)"):
        load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": twice}), codes)
    broken = density(CODGEO=["01001", "Total", "2A004", "75056"])
    with pytest.raises(TerritoryError, match=r"code de commune invalide \(ligne 7 : Total\)"):
        load_density(workbook(tmp_path / "h.xlsx", {"Maille communale": broken}), codes)


def test_numeric_codes_regain_their_zero(tmp_path: Path, codes: CommuneCodes) -> None:
    numbers = density().iloc[:2].assign(CODGEO=[1001, 1002], DENS7=[6, 7], DENS_AAV=[3, 4])
    loaded = load_density(workbook(tmp_path / "g.xlsx", {"Maille communale": numbers}), codes)
    assert loaded.frame["commune_insee"].tolist() == ["01001", "01002"]
    assert normalise("2a004 ") == "2A004"
    assert normalise("1001.0") == "01001"


def test_a_code_that_was_given_again_is_not_mapped() -> None:
    again = CommuneCodes.build(["01001", "01033"], FORMER)
    assert again.today(pd.Series(["01033", "01091"], dtype="str")).tolist() == ["01033", "01001"]


def test_the_shipped_former_codes_lead_to_communes_of_today(root: Path, result: Any) -> None:
    today = set(result.communes["commune_insee"])
    table = pd.read_csv(root / "data" / "codes" / "former_communes.csv", dtype=str)
    assert list(table.columns) == ["old_code", "commune_insee"]
    assert table["commune_insee"].isin(today).all()
    assert not table["old_code"].isin(today).any()
    assert table["old_code"].is_unique and table["old_code"].str.len().eq(5).all()
    to_paris = table.loc[table["commune_insee"] == "75056", "old_code"]
    assert sorted(to_paris) == [f"751{n:02d}" for n in range(1, 21)]


# Areas and zones


AAV = pd.DataFrame(
    {
        "CODGEO": ["01001", "01002", "75056"],
        "LIBGEO": ["A", "B", "Paris"],
        "AAV2020": ["524", "000", "1"],
        "LIBAAV2020": ["Châtillon", "Commune hors attraction des villes", "Paris"],
        "CATEAAV2020": ["20", "30", "11"],
    }
)
AREAS = pd.DataFrame(
    {"AAV2020": ["524", "000", "001"], "TAAV2017": ["1", "0", "5"], "NB_COM": ["9", "9", "9"]}
)


def test_aav(tmp_path: Path, codes: CommuneCodes) -> None:
    sheets = {"AAV2020": AREAS, "Composition_communale": AAV}
    frame = load_aav(workbook(tmp_path / "a.xlsx", sheets, 5), codes).frame.set_index("commune_insee")
    assert frame["taav2017"].tolist() == [1, 0, 5]
    assert frame["cateaav2020"].tolist() == [20, 30, 11]
    assert frame.loc["75056", "aav2020"] == "001"
    own = AAV.assign(TAAV2017=["2", "0", "5"])
    loaded = load_aav(workbook(tmp_path / "b.xlsx", {"Composition_communale": own}, 5), codes)
    assert loaded.frame["taav2017"].tolist() == [2, 0, 5]


def test_aav_faults(tmp_path: Path, codes: CommuneCodes) -> None:
    with pytest.raises(TerritoryError, match="colonne manquante « AAV2020"):
        old = AAV.rename(columns={"AAV2020": "AU2010"})
        load_aav(workbook(tmp_path / "a.xlsx", {"Composition_communale": old}), codes)
    with pytest.raises(TerritoryError, match="feuille « AAV2020 » absente"):
        load_aav(workbook(tmp_path / "b.xlsx", {"Composition_communale": AAV}), codes)
    sheets = {"AAV2020": AREAS.iloc[1:], "Composition_communale": AAV}
    with pytest.raises(TerritoryError, match=r"aire absente de la feuille « AAV2020 » \(ligne 6 : 524\)"):
        load_aav(workbook(tmp_path / "c.xlsx", sheets), codes)
    sheets = {"AAV2020": AREAS, "Composition_communale": AAV.assign(CATEAAV2020=["20", "30", "14"])}
    with pytest.raises(TerritoryError, match=r"« CATEAAV2020 » .*\(ligne 8 : 14\)"):
        load_aav(workbook(tmp_path / "d.xlsx", sheets), codes)


def test_ze(tmp_path: Path, codes: CommuneCodes) -> None:
    table = pd.DataFrame(
        {"CODGEO": ["01001", "75056"], "ZE2020": ["51", "1109"], "LIBZE2020": ["X", "Paris"]}
    )
    loaded = load_ze(workbook(tmp_path / "z.xlsx", {"Composition_communale": table}), codes)
    assert loaded.frame["ze2020"].tolist() == ["0051", "1109"]
    with pytest.raises(TerritoryError, match="colonne manquante « ZE2020, LIBZE2020 »"):
        old = table.rename(columns={"ZE2020": "ZE2010", "LIBZE2020": "LIBZE2010"})
        load_ze(workbook(tmp_path / "y.xlsx", {"Composition_communale": old}), codes)


# Quarters


def geojson(path: Path, *properties: Any) -> Path:
    features = [{"type": "Feature", "geometry": None, "properties": p} for p in properties]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def quarter(code: str, communes: Any) -> dict[str, Any]:
    return {"code_qp": code, "lib_qp": f"Quartier {code}", "insee_com": communes}


@pytest.mark.parametrize(
    "several",
    ["01001, 2A004", "01001;2A004", "01001|2a004", ["01001", "2A004"], '="01001;2A004"', "1001 2A004"],
)
def test_qpv_over_several_communes(tmp_path: Path, codes: CommuneCodes, several: Any) -> None:
    path = geojson(tmp_path / "q.geojson", quarter("QN00101M", several), quarter("QN00102M", "01001"))
    loaded = load_qpv(path, codes)
    assert loaded.frame.set_index("commune_insee")["qpv_count"].to_dict() == {"01001": 2, "2A004": 1}
    assert loaded.absent == {"qpv_count": 0}


def test_qpv_of_arrondissements_count_once_for_the_city(tmp_path: Path, codes: CommuneCodes) -> None:
    path = geojson(
        tmp_path / "q.geojson",
        quarter("QN07501M", "75118, 75119"),
        quarter("QN07502M", "75119"),
        quarter("QN07502M", "75119"),
        quarter("QN07503M", "75056"),
        quarter("QN97801M", "97801"),
    )
    loaded = load_qpv(path, codes)
    assert loaded.frame.set_index("commune_insee")["qpv_count"].to_dict() == {"75056": 3}
    assert loaded.unmapped["code"].tolist() == ["97801"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "vide"),
        ("{\n", "ligne 2 : ce n’est pas du GeoJSON"),
        ("[]", "FeatureCollection"),
        ('{"features": []}', "aucun quartier"),
        ('{"features": [{}]}', "objet n° 1 : propriétés manquantes"),
        ('{"features": [{"properties": {"code_qp": "QN1", "lib_qp": "x"}}]}', "« insee_com » manquante"),
        (
            '{"features": [{"properties": {"code_qp": "QP001001", "lib_qp": "x", "insee_com": "01001"}}]}',
            "géographie de 2015",
        ),
        (
            '{"features": [{"properties": {"code_qp": "QN1", "lib_qp": "x", "insee_com": "Bourg"}}]}',
            "code de commune invalide",
        ),
    ],
)
def test_qpv_faults(tmp_path: Path, codes: CommuneCodes, content: str, message: str) -> None:
    path = tmp_path / "q.geojson"
    path.write_text(content, "utf-8")
    with pytest.raises(TerritoryError, match=message):
        load_qpv(path, codes)


# Territoires d'industrie and DGCL


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-8-sig")])
def test_industry(tmp_path: Path, codes: CommuneCodes, separator: str, encoding: str) -> None:
    table = pd.DataFrame(
        {
            "insee_com": ["01001", "75056"],
            "lib_com": ["A", "Paris"],
            "id_ti": ["1", "2"],
            "lib_ti": ["Vallée", "Île"],
        }
    )
    path = tmp_path / "ti.csv"
    table.to_csv(path, sep=separator, encoding=encoding, index=False)
    loaded = load_industry(path, codes, 2)
    assert loaded.frame["territoire_industrie_2"].tolist() == ["Vallée", "Île"]
    with pytest.raises(TerritoryError, match="Phase"):
        load_industry(path, codes, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("insee_com,id_ti\n01001,1\n", "colonne manquante « lib_ti ou"),
        ("insee_com,lib_ti\n01001,\n", "ligne 2 : champ « lib_ti » vide"),
        ("insee_com,lib_ti\n01001,A\n01001,B\n", "commune en double"),
        ("insee_com,lib_ti\n01001,A,B\n", "ligne 2 : 3 champs au lieu de 2"),
        ("insee_com,lib_ti\n", "aucune ligne de données"),
        ("insee_com,lib_ti\n1O01,A\n", "ligne 2 : 1O01"),
    ],
)
def test_industry_faults(tmp_path: Path, codes: CommuneCodes, text: str, message: str) -> None:
    path = tmp_path / "ti.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(TerritoryError, match=message):
        load_industry(path, codes, 1)


DGCL = (
    "Informations générales - Code INSEE de la commune;"
    "Dotation de solidarité urbaine - Population QPV;"
    "Dotation de solidarité rurale - Commune classée en zone FRR\n"
)


def dgcl(path: Path, *rows: str, header: str = DGCL) -> Path:
    path.write_bytes((header + "\n".join(rows) + "\n").encode("cp1252"))
    return path


def test_dgcl(tmp_path: Path, codes: CommuneCodes) -> None:
    path = dgcl(tmp_path / "d.csv", "01033;1 000,0;OUI", "01091;200;OUI", "01002;0;NON", "2A004;;")
    frame = load_dgcl(path, codes).frame.set_index("commune_insee")
    assert frame["qpv_population"].tolist()[:2] == [1200.0, 0.0]
    assert frame["is_frr"].tolist()[:2] == [True, False]
    assert frame.loc["2A004"].isna().all()


def test_dgcl_faults(tmp_path: Path, codes: CommuneCodes) -> None:
    with pytest.raises(TerritoryError, match=r"oui ou non attendu \(ligne 2 : peut-être\)"):
        load_dgcl(dgcl(tmp_path / "a.csv", "01001;1;peut-être"), codes)
    with pytest.raises(TerritoryError, match=r"nombre attendu \(ligne 2 : mille\)"):
        load_dgcl(dgcl(tmp_path / "b.csv", "01001;mille;OUI"), codes)
    with pytest.raises(TerritoryError, match=r"ZRR.*millésime antérieur"):
        load_dgcl(dgcl(tmp_path / "c.csv", "01001;1;OUI", header=DGCL.replace("FRR", "ZRR")), codes)
    with pytest.raises(TerritoryError, match="colonne manquante « Population QPV »"):
        load_dgcl(dgcl(tmp_path / "d.csv", "01001;1;OUI", header=DGCL.replace("QPV", "ZUS")), codes)


# Assembly


def part(frame: dict[str, Any], unmapped: tuple[str, ...] = (), **absent: Any) -> Loaded:
    lost = pd.DataFrame({"line": range(2, 2 + len(unmapped)), "code": list(unmapped)})
    empty = pd.DataFrame({"line": [], "old_code": [], "commune_insee": []})
    clash = pd.DataFrame({"commune_insee": [], "field": [], "values": []})
    return Loaded("Fichier", pd.DataFrame(frame), empty, lost, clash, absent)


def test_a_loaded_file_takes_the_place_of_the_columns() -> None:
    base = inputs({"qpv_count": 3}, {"qpv_count": 3}, {"qpv_count": 3})
    before = base.copy(deep=True)
    quarters = part({"commune_insee": ["01002"], "qpv_count": [1]}, qpv_count=0)
    levels = part({"commune_insee": ["01001", "01002"], "density_level": [6, 1]}, density_level=pd.NA)
    extra = part({"commune_insee": ["01001"], "is_frr": [True]})
    out = assemble(base, [quarters, levels, extra])
    assert out["qpv_count"].tolist() == [0, 1, 0]
    assert out["density_level"].tolist()[:2] == [6, 1] and pd.isna(out["density_level"][2])
    assert bool(out["is_frr"][0]) and out["is_frr"].isna().tolist() == [False, True, True]
    pd.testing.assert_frame_equal(base, before)
    types = classify(out).communes["territory_type"]
    assert types[:2].tolist() == ["rural", "quartier_populaire_urbain"] and pd.isna(types[2])


def test_codes_that_cannot_be_mapped_stop_the_assembly_unless_accepted() -> None:
    base = inputs({}, {})
    lost = part({"commune_insee": ["01001"], "qpv_count": [2]}, ("99998",), qpv_count=0)
    with pytest.raises(TerritoryError, match=r"99998 \(ligne 2\)"):
        assemble(base, [lost])
    assert assemble(base, [lost], accept_unmapped=True)["qpv_count"].tolist() == [2, 0]
