"""Self-assessment, suggestions for the AFOM, scenarios, and the command that makes a study."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from ptce_data.__main__ import main
from ptce_data.budget import Budget, Line, alerts, measures
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.study import (
    Annotation,
    LogicAnswer,
    Perimeter,
    Scenario,
    Score,
    Study,
    Suggestion,
    assessment,
    command,
    existing,
    read,
    resolve,
    scenarios,
    schemes,
    suggestions,
)
from ptce_data.study.registries import AFOM, CHALLENGES, GENERAL_OBJECTIVES, LOGICS, OBJECTIVES, PARTS
from tests.study.study_small import a_study, budgets


def test_the_registries_have_the_sizes_of_the_sources() -> None:
    assert (len(GENERAL_OBJECTIVES), len(OBJECTIVES), len(LOGICS), len(CHALLENGES)) == (3, 9, 5, 6)
    assert {o.general for o in OBJECTIVES.values()} == set(GENERAL_OBJECTIVES)
    assert len(PARTS) == 12  # eleven parts and the annexes


def test_the_weakest_come_first_and_the_unscored_last() -> None:
    study = a_study(
        assessment=(
            Score(objective="transversalite", score=3),
            Score(objective="partenariats", score=0, comment="à faire"),
            Score(objective="ancrage_territorial", score=3),
            Score(objective="ethique_valeurs"),
        )
    )
    order = assessment.weakest_first(study)
    assert list(order["objective"][:3]) == ["partenariats", "ancrage_territorial", "transversalite"]
    assert order["score"].isna().sum() == 6
    assert order["score_label"].iloc[0] == "Rien n’est engagé"
    mean = assessment.mean(study)
    assert (mean.value, mean.n, mean.total) == (2.0, 3, 9)
    by_general = assessment.means(study).set_index("general")
    assert by_general.loc["territoire", ["mean", "n", "total"]].tolist() == [1.5, 2, 3]
    assert pd.isna(by_general.loc["cooperation", "mean"])
    assert assessment.mean(a_study()).value is None


def test_logics_may_hold_together_or_be_unknown() -> None:
    study = a_study(
        logics=(LogicAnswer(logic="filiere", holds=True), LogicAnswer(logic="solidarite", holds=False))
    )
    holds = assessment.logics(study).set_index("logic")["holds"]
    assert holds["filiere"]
    assert not holds["solidarite"]
    assert holds.isna().sum() == 3
    assert assessment.challenges(study)["note"].eq("").all()


def of(dataset: Dataset, perimeter: Perimeter, study: Study | None = None) -> dict[str, Suggestion]:
    area = resolve(dataset, perimeter)
    found = suggestions(dataset, area, existing(dataset, area, study), schemes(dataset, area), study)
    assert len({s.id for s in found}) == len(found)
    return {s.id: s for s in found}


def test_each_suggestion_carries_its_figure(small: Dataset) -> None:
    found = of(small, Perimeter(epci=("200000001",)))
    kind = found["type-desindustrialise"]
    assert (kind.list, kind.value, kind.reference) == (
        "faiblesse",
        round(50 / 51 * 100, 1),
        round(50 / 169 * 100, 1),
    )
    # One tiers-lieu for 51,000 people, four for 169,000: neither many nor few.
    assert not {"tiers-lieux-nombreux", "tiers-lieux-rares", "tiers-lieux-aucun"} & set(found)
    dense = of(small, Perimeter(communes=("69002", "31002")))["tiers-lieux-nombreux"]
    assert (dense.list, dense.value, dense.reference) == ("atout", 100.0, round(4 / 169 * 100, 1))
    assert found["poles-perimetre"].evidence == ("pole:pole-a",)
    assert found["poles-perimetre"].source_ids == ("source-a",)
    assert "poles-aucun" not in found
    assert found["dispositifs-locaux-aucun-ouvert"].value == 0
    for suggestion in found.values():
        assert suggestion.list in AFOM
        assert suggestion.text.endswith(".")
        assert suggestion.indicator in suggestion.figure
        item = suggestion.item("a1")
        assert (item.from_suggestion, item.text) == (suggestion.id, suggestion.text)


def test_absence_is_worded_as_not_documented(small: Dataset) -> None:
    found = of(small, Perimeter(communes=("34001",), zone_km=1.0))
    assert found["poles-aucun"].text.startswith("Aucun PTCE documenté")
    assert "documenté" in found["tiers-lieux-aucun"].text
    assert "acces-fablab-loin" not in found  # Lieu B is 8 km away.


def test_hidden_places_suggest_nothing(small: Dataset) -> None:
    study = a_study(annotations=(Annotation(uid="pole:pole-a", hidden=True),))
    assert "poles-perimetre" not in of(small, Perimeter(epci=("200000001",)), study)


@pytest.mark.parametrize("epci", ["200067205", "200066801", "249740119"])
def test_suggestions_on_real_territories(real: Dataset, epci: str) -> None:
    area = resolve(real, Perimeter(epci=(epci,), zone_km=10.0))
    found = of(real, area.perimeter)
    people = area.communes.groupby("territory_type")["population"].sum() / area.population * 100
    for name, suggestion in found.items():
        assert suggestion.text, name
        assert set(suggestion.source_ids) <= set(real.sources["id"]), name
        if name.startswith("type-"):
            assert suggestion.value == round(people[name.removeprefix("type-")], 1)
    public = found["argent-public-ptce"]
    figure = pd.read_csv(DATA_DIR / "funding_figures.csv").set_index("id").loc[public.evidence[0]]
    assert public.value == figure["share_pct"]
    assert public.source_ids == (figure["source_id"],)


def budget(*amounts: float, uses: float = 100.0) -> Budget:
    years = tuple(range(2027, 2027 + len(amounts)))
    lines = (
        Line("Région", "ressource", "subvention_region", amounts),
        Line("Salaires", "emploi", "personnel", (uses,) * len(amounts)),
        Line("Temps donné", "ressource", "benevolat", (7.0,) * len(amounts), is_volunteer=True),
    )
    return Budget("Essai", years, lines)


def test_uses_equal_sources_to_the_euro() -> None:
    study = a_study(
        scenarios=(
            Scenario(id="a", name="A", budget=budget(100.4, 99.5)),
            Scenario(id="b", name="B", budget=budget(150.0, 50.0)),
        )
    )
    rows = scenarios.totals(study)
    assert rows["is_balanced"].tolist() == [True, True, True, False, False, False]
    assert rows["difference_eur"].tolist() == [0.4, -0.5, -0.1, 50.0, -50.0, 0.0]
    assert rows["year"].isna().tolist() == [False, False, True] * 2
    assert rows["volunteer_resources_eur"].tolist() == [7.0, 7.0, 14.0] * 2
    told = scenarios.warnings(study)
    assert set(told["scenario"]) == {"a", "b"}
    assert "emplois_ressources" in set(told.loc[told["scenario"] == "b", "kind"])
    assert "emplois_ressources" not in set(told.loc[told["scenario"] == "a", "kind"])


@settings(max_examples=15, deadline=None)
@given(budgets())
def test_scenarios_say_what_the_budget_says(made: Budget) -> None:
    study = a_study(scenarios=(Scenario(id="s", name="S", budget=made),))
    rows = scenarios.totals(study).dropna(subset=["year"]).set_index("year")
    for year in made.years:
        assert rows.loc[year, "resources_eur"] == pytest.approx(made.total(year, "ressource"), abs=0.01)
        gap = rows.loc[year, "resources_eur"] - rows.loc[year, "uses_eur"]
        assert rows.loc[year, "difference_eur"] == pytest.approx(gap, abs=0.01)
    assert len(scenarios.warnings(study)) == len(alerts(made))
    shown = scenarios.compared(study)
    for (year, base), own in shown.groupby(["year", "base"]):
        expected = measures(made, int(year), base)
        assert own["measure"].tolist() == [m.name for m in expected]
        assert own["value"].tolist() == pytest.approx([float("nan") if m.value is None else m.value for m in expected], nan_ok=True)  # fmt: skip
    assert len(scenarios.plan(study.scenarios[0])) == len(made.lines)


@pytest.fixture
def at_hand(small: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data that the command would load again."""
    monkeypatch.setattr(command, "load", lambda folder: small)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["study", "new", *words])
    return result.exit_code, result.output


@pytest.mark.usefixtures("at_hand")
def test_the_command_writes_a_study(tmp_path: Path) -> None:
    out = tmp_path / "étude.json"
    code, said = run("--epci", "200000001", "--zone", "12", "--out", str(out))
    assert code == 0
    assert "2 communes" in said
    study = read(out.read_bytes())
    assert study.perimeter == Perimeter(epci=("200000001",), zone_km=12.0)
    assert study.title == "Étude de faisabilité – CC 1"
    code, said = run("--commune", "69001", "--out", str(out))
    assert (code, "existe déjà" in said) == (2, True)
    more = ("--commune", "69001", "--commune", "31001", "--titre", "Deux", "--remplacer")
    assert run(*more, "--out", str(out))[0] == 0
    assert json.loads(out.read_bytes())["title"] == "Deux"


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "périmètre est vide"),
        (("--commune", "99999"), "99999"),
        (("--commune", "69001", "--commune", "99999"), "99999"),
        (("--epci", "<x>"), "mal formé"),
    ],
)
def test_the_command_refuses_and_writes_nothing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    out = tmp_path / "study.json"
    code, told = run(*words, "--out", str(out))
    assert code == 2
    assert said in told
    assert not out.exists()
