"""The file of thresholds: bounds, the order of types, and one clear message for a bad file."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from ptce_data.territories import PARAMETERS, Rules, TerritoryError
from ptce_data.territories.parameters import STEPS


def test_the_file_and_the_defaults_are_the_same(rules: Rules) -> None:
    assert rules == Rules()


def test_every_field_has_a_documented_parameter(root: Path) -> None:
    names = [f.name for f in dataclasses.fields(Rules)]
    assert names == list(PARAMETERS)
    text = (root / "data" / "territory_rules.toml").read_text(encoding="utf-8")
    for name in names:
        line = next(line for line in text.splitlines() if line.startswith(f"{name} "))
        # type_order is told by the comment of its section.
        assert "#" in line or name == "type_order", name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_year", 1850),
        ("base_year", 1982.5),
        ("base_year", True),
        ("base_year", "1982"),
        ("end_year", 1975),
        ("national_base_share_pct", 101),
        ("national_base_share_pct", -1),
        ("national_base_share_pct", float("nan")),
        ("national_unemployment_rate_pct", "10"),
        ("min_coverage_pct", None),
        ("min_coverage_pct", float("inf")),
        ("rule_r1", 1),
        ("rule_r3", "true"),
        ("base_share_margin_pts", 21),
        ("unemployment_margin_pts", -20.01),
        ("min_job_loss_pct", 100),
        ("industry_phases", []),
        ("industry_phases", [3]),
        ("industry_phases", [1, 1]),
        ("industry_phases", 1),
        ("rural_density_levels", [0]),
        ("rural_density_levels", [True]),
        ("rural_density_levels", "5"),
        ("area_categories", [30]),
        ("min_area_class", 0),
        ("min_area_class", 6),
        ("min_qpv", 0),
        ("type_order", ["rural"]),
        ("type_order", [*STEPS[:4], "rural"]),
        ("type_order", [*STEPS, "autre"]),
        ("min_r3_share_pct", 100.5),
        ("min_urban_share_pct", -0.1),
    ],
)
def test_a_bad_threshold_is_refused_and_named(field: str, value: object) -> None:
    with pytest.raises(TerritoryError, match=f"« {field} »"):
        Rules(**{field: value})
    with pytest.raises(TerritoryError, match=f"« {field} »"):
        Rules().changed(**{field: value})


@pytest.mark.parametrize("field", [n for n, p in PARAMETERS.items() if p.minimum is not None])
def test_the_bounds_themselves_are_accepted(field: str) -> None:
    parameter = PARAMETERS[field]
    others = {"base_year": {"end_year": 2100}, "end_year": {"base_year": 1962}}.get(field, {})
    for bound in (parameter.minimum, parameter.maximum):
        if field in ("base_year", "end_year") and {bound, *others.values()} in ({2100}, {1962}):
            continue
        assert getattr(Rules(**{field: bound, **others}), field) == bound


def test_the_order_of_codes_means_nothing_but_the_order_of_types_does() -> None:
    assert Rules(rural_density_levels=(7, 5, 6)) == Rules()
    orders = {Rules(type_order=order).type_order for order in itertools.permutations(STEPS)}
    assert len(orders) == 120


def test_differences_name_the_changed_fields() -> None:
    changed = Rules().changed(min_qpv=2, rule_r3=False)
    assert Rules().differences(changed) == {"rule_r3": (True, False), "min_qpv": (1, 2)}
    assert Rules().min_qpv == 1


def test_an_unknown_threshold_is_refused() -> None:
    with pytest.raises(TerritoryError, match="min_qvp"):
        Rules().changed(min_qvp=2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rural]\nrural_density_level = [5]\n", "champ « rural_density_level » inconnu"),
        ("[rural]\nmin_qpv = 1\n", "champ « min_qpv » inconnu"),
        ("[ruraux]\nmin_qpv = 1\n", "section « ruraux » inconnue"),
        ("base_year = 1982\n", "section « base_year » inconnue"),
        ("[census]\nbase_year = \n", "TOML illisible"),
        ('[census]\nmin_coverage_pct = "calculee"\n', "« min_coverage_pct »"),
        ("[urban_working_class]\nmin_qpv = 0\n", "« min_qpv »"),
    ],
)
def test_a_bad_file_gives_one_clear_message(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "seuils.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TerritoryError, match=message):
        Rules.from_toml(path)


def test_a_missing_file_and_a_wrong_encoding_are_said(tmp_path: Path) -> None:
    with pytest.raises(TerritoryError, match=r"absent\.toml : fichier de seuils introuvable"):
        Rules.from_toml(tmp_path / "absent.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# départ\n".encode("latin-1"))
    with pytest.raises(TerritoryError, match="UTF-8"):
        Rules.from_toml(latin)


def test_a_given_national_share_replaces_the_computed_one(tmp_path: Path) -> None:
    path = tmp_path / "seuils.toml"
    path.write_text('[census]\nnational_base_share_pct = 40\nnational_end_share_pct = "calculee"\n', "utf-8")
    rules = Rules.from_toml(path)
    assert rules.national_base_share_pct == 40.0
    assert rules.national_end_share_pct is None
