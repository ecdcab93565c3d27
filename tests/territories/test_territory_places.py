"""Sensitivity, types of places, and the builder."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from territory_small import LOST, area, inputs

from ptce_data.territories import (
    Classification,
    Indicators,
    Rules,
    TerritoryError,
    classify,
    compare,
    place_types,
    read_tables,
)


@pytest.fixture(scope="module")
def builder(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "build_territories", root / "scripts" / "build_territories.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Sensitivity


def test_the_same_rules_change_nothing(result: Classification) -> None:
    same = compare(result, result)
    assert same.communes_changed == 0 and same.population_changed == 0 and not same.rules
    assert same.epci_changed.empty and (same.flags == 0).all(axis=None)
    assert same.communes.to_numpy().trace() == len(result.communes)


def test_dropping_r3_is_counted(france: Indicators, result: Classification) -> None:
    after = classify(france, result.rules.changed(rule_r3=False))
    compared = compare(result, after)
    assert compared.rules == {"rule_r3": (True, False)}
    assert compared.communes_changed > 100
    assert compared.communes_changed == len(compared.changed)
    assert set(compared.changed["before"]) == {"desindustrialise"}
    lost = compared.types.loc["desindustrialise", "communes_difference"]
    assert lost == -compared.communes_changed
    assert (
        compared.population.loc["desindustrialise"].drop("desindustrialise").sum()
        == compared.population_changed
    )
    # Tarnos is deindustrialised by R3 only: it flips, Lille does not.
    assert "40312" in set(compared.changed["commune_insee"])
    assert "59350" not in set(compared.changed["commune_insee"])


def test_a_smaller_area_makes_more_periurban_communes(france: Indicators, result: Classification) -> None:
    wider = compare(result, classify(france, result.rules.changed(min_area_class=1)))
    assert wider.flags.loc["is_periurban", "communes_gained"] > 5000
    assert wider.flags.loc["is_periurban", "communes_lost"] == 0
    assert set(wider.changed["after"]) == {"periurbain"}


def test_a_run_with_other_thresholds_never_changes_what_was_read(france: Indicators, rules: Rules) -> None:
    before = france.communes.copy(), france.epci.copy(), france.ze.copy()
    classify(france, rules.changed(min_qpv=3, base_share_margin_pts=5))
    for now, then in zip((france.communes, france.epci, france.ze), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


def test_other_communes_cannot_be_compared() -> None:
    with pytest.raises(TerritoryError, match="mêmes communes"):
        compare(classify(inputs({})), classify(inputs({}, {})))


# Places


def types(result: Classification, *codes: str | None, former: pd.DataFrame | None = None) -> pd.DataFrame:
    given = pd.Series(list(codes), dtype="str")
    return place_types(result.communes, result.epci, result.ze, given, former)


def test_types_at_three_scales(result: Classification) -> None:
    table = types(result, "42218", "40312", None, "97209")
    assert table["commune_type"].tolist()[:2] == ["desindustrialise", "desindustrialise"]
    assert table["epci_type"].tolist()[:2] == ["desindustrialise", "periurbain"]
    assert table["scales_agree"].tolist()[:2] == ["concordent", "divergent"]
    assert table.loc[2].isna().all()
    assert pd.isna(table.loc[3, "commune_type"])


def test_scales_agree_only_when_all_are_known() -> None:
    def one(*values: str | None) -> object:
        from ptce_data.territories.place_types import scales_agree

        series = [pd.Series([v], dtype="str") for v in values]
        return scales_agree(*series).iloc[0]

    assert one("rural", "rural", "rural") == "concordent"
    assert one("rural", None, "periurbain") == "divergent"
    assert pd.isna(one("rural", None, "rural"))
    assert pd.isna(one(None, None, None))


def test_places_keep_their_index_and_their_unknowns(result: Classification) -> None:
    codes = pd.Series(["59350", None], index=["pole:a", "tiers_lieu:b"], dtype="str")
    table = place_types(result.communes, result.epci, result.ze, codes)
    assert table.index.tolist() == ["pole:a", "tiers_lieu:b"]
    empty = types(result)
    assert empty.empty and "scales_agree" in empty


def test_former_codes_and_arrondissements_are_mapped(result: Classification, root: Path) -> None:
    former = pd.read_csv(root / "data" / "codes" / "former_communes.csv", dtype=str)
    table = types(result, "75118", "75056", former=former)
    assert table["commune_insee"].tolist() == ["75056", "75056"]
    assert table.loc[0].equals(table.loc[1])


def test_a_collectivite_doutre_mer_is_outside_and_a_wrong_code_refused(result: Classification) -> None:
    assert types(result, "97801").loc[0].isna().all()
    with pytest.raises(TerritoryError, match=r"Code de commune inconnu .*1 : 99999"):
        types(result, "59350", "99999")


def test_every_place_of_the_atlas_has_its_types(result: Classification, root: Path) -> None:
    former = pd.read_csv(root / "data" / "codes" / "former_communes.csv", dtype=str)
    for name in ("poles", "tiers_lieux", "clusters"):
        codes = pd.read_csv(root / "data" / f"{name}.csv", dtype=str)["commune_insee"]
        table = place_types(result.communes, result.epci, result.ze, codes, former)
        metropolitan = codes.notna() & ~codes.str.startswith("97").fillna(False).astype(bool)
        assert table.loc[metropolitan, "commune_type"].notna().all()
        assert table.loc[codes.isna(), "commune_type"].isna().all()


# The builder


def test_the_builder_writes_the_three_tables(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "inputs.csv"
    inputs(LOST, {"density_level": 6}, area(2)).to_csv(source, index=False)
    assert builder.main(["--inputs", str(source), "--out", str(tmp_path / "geo")]) == 0
    tables = read_tables(tmp_path / "geo")
    assert tables["communes"]["territory_type"].tolist() == ["desindustrialise", "rural", "urbain_autre"]
    assert "désindustrialisé" in capsys.readouterr().out


def test_the_builder_writes_nothing_on_an_error(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "inputs.csv"
    inputs({}, {"commune_insee": "01001"}).to_csv(source, index=False)
    out = tmp_path / "geo"
    assert builder.main(["--inputs", str(source), "--out", str(out)]) == 1
    assert not out.exists()
    assert "commune en double" in capsys.readouterr().err
    assert builder.main([]) == 1
    bad = tmp_path / "seuils.toml"
    bad.write_text("[urban_working_class]\nmin_qpv = 0\n", "utf-8")
    inputs({}).to_csv(source, index=False)
    assert builder.main(["--inputs", str(source), "--out", str(out), "--rules", str(bad)]) == 1
    assert not out.exists()


def test_the_builder_lays_official_files_over_the_inputs(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, industry = tmp_path / "inputs.csv", tmp_path / "ti.csv"
    inputs({"afr": 1, "workers_employed_2011": 20.0}, {"afr": 1}).to_csv(source, index=False)
    industry.write_text("insee_com;lib_ti\n01001;Vallée\n99998;Ailleurs\n", "utf-8")
    arguments = ["--inputs", str(source), "--industry-2", str(industry), "--out", str(tmp_path / "geo")]
    assert builder.main(arguments) == 1
    assert "99998 (ligne 3)" in capsys.readouterr().err
    assert builder.main([*arguments, "--accept-unmapped"]) == 0
    table = read_tables(tmp_path / "geo")["communes"]
    assert table["r3"].tolist() == [True, False]
