"""Steps 5, 6 and 7 of a study: what they say, what they keep, what the data suggest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hyp
from streamlit.testing.v1 import AppTest

from ptce_data import regional, schemes
from ptce_data.budget import Budget, Line, to_json
from ptce_data.load import Dataset
from ptce_data.study import (
    AfomItem,
    ChallengeNote,
    LogicAnswer,
    Perimeter,
    Scenario,
    Score,
    Step,
    Study,
    assessment,
    new,
    resolve,
)
from ptce_data.study.registries import CHALLENGES, OBJECTIVES
from ptce_ui import study_figures, study_poles, study_tables, text
from tests.mini import HOSTILE_NAMES
from tests.study.study_small import DAY, a_study, budgets
from tests.test_pages import visit, words

STEPS = ("comparables", "financer", "autodiagnostic")
PARTS = ("objectifs", "logiques", "afom", "feuille")
REDON = "243500741"
SMALL = Perimeter(epci=("200000001",))
BALANCED = Budget(
    "Essai",
    (2027, 2028),
    (
        Line("Région", "ressource", "subvention_region", (60_000.0, 10_000.0)),
        Line("Ventes", "ressource", "ressources_propres_prestations", (40_000.4, 45_000.0)),
        Line("Temps donné", "ressource", "benevolat", (12_000.0, 12_000.0), None, True),
        Line("Salaires", "emploi", "personnel", (100_000.0, 90_000.0)),
    ),
)
#: Where the page keeps the study of the session.
KEPT = "etude|kept|study"


def on_desk(app: AppTest, study: Study, section: str, part: str = "objectifs") -> AppTest:
    app.session_state[KEPT] = study
    app.session_state["etude|kept|revision"] = 0
    return visit(app, "pages/etude.py", section=section, partie=part or "objectifs")


def study_of(app: AppTest) -> Study:
    found: Study = app.session_state[KEPT]
    return found


def widget(listed: Any, name: str) -> Any:
    return next(w for w in listed if w.key == f"etude|0|{name}")


def go(app: AppTest, section: str) -> AppTest:
    next(w for w in app.button_group if w.key == "etude|section").set_value(section).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


@pytest.fixture
def real_app(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PTCE_DATA_DIR", str(Path(__file__).resolve().parents[1] / "data"))
    return app


@pytest.mark.parametrize("section", STEPS)
def test_each_step_draws_without_a_perimeter_and_says_what_needs_one(app: AppTest, section: str) -> None:
    on_desk(app, a_study(), section, "afom")
    assert not app.error
    assert any("Choisissez d’abord un périmètre" in i.value for i in app.info)


@pytest.mark.parametrize(
    ("section", "part"), [("comparables", ""), ("financer", ""), *(("autodiagnostic", p) for p in PARTS)]
)
def test_each_step_draws_on_hostile_names_and_texts(
    app: AppTest, hostile_dir: Path, monkeypatch: pytest.MonkeyPatch, section: str, part: str
) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(hostile_dir))
    bad = HOSTILE_NAMES[0] + "<script>alert(1)</script> [lien](javascript:alert(1)) :red[x]"
    study = a_study(
        perimeter=SMALL,
        scenarios=(
            Scenario(id="s1", name=bad, budget=BALANCED, schemes=("aide-epci", "x")),
            Scenario(
                id="s2",
                name=bad,
                note=bad,
                budget=Budget(bad, (2027,)),
                project_kind="licorne",
                needs=("or",),
            ),
        ),
        inspiring_poles=("pole:pole-a", "pole:parti"),
        peers=("epci:200000002", "epci:999999999"),
        assessment=(Score(objective="partenariats", score=0, comment=bad),),
        logics=(LogicAnswer(logic="filiere", holds=True, comment=bad),),
        challenges=(ChallengeNote(challenge="utilite", note=bad),),
        afom=(AfomItem(id="a1", list="atout", text=bad, from_suggestion="x", figure=bad, source=bad),),
        roadmap=(Step(id="e1", label=bad, start="2027-01", lead=bad),),
    )
    on_desk(app, study, section, part)
    assert not app.error
    for element in [*app.markdown, *app.caption, *app.info, *app.warning]:
        assert "<script" not in element.value.replace("\\<", "")
        assert "[lien](" not in element.value
    for button in app.button:
        assert "[lien](" not in button.label


def test_comparable_areas_are_those_of_the_data_and_stay_chosen(real_app: AppTest, real: Dataset) -> None:
    on_desk(real_app, new("Essai", DAY, Perimeter(epci=(REDON,))), "comparables")
    rows = regional.peers(real, "epci", REDON)
    assert real_app.dataframe[0].value["Code"].tolist() == rows["code"].tolist()
    assert len(rows) == 10
    chosen = f"epci:{rows['code'].iloc[3]}"
    widget(real_app.multiselect, f"peers|epci|{REDON}").select(chosen).run()
    widget(real_app.multiselect, "poles").select("pole:les-articulteurs").run()
    go(go(real_app, "financer"), "comparables")
    assert study_of(real_app).peers == (chosen,)
    assert study_of(real_app).inspiring_poles == ("pole:les-articulteurs",)
    assert rows["name"].iloc[3] in words(real_app).replace("\\", "")
    widget(real_app.selectbox, "niveau_proche").select("departements").run()
    assert not real_app.exception
    assert study_of(real_app).peers == (chosen,)


def test_poles_alike_share_what_was_asked_and_only_that(real: Dataset) -> None:
    area, labels = resolve(real, Perimeter(epci=(REDON,))), text.Labels(real.categories)
    assert study_poles.main_types(area) == ("rural",)
    found = study_poles.alike(real, area, labels, ("rural",), (), ())
    own = real.places[real.places["kind"] == "pole"]
    columns = ["territory_type", "territory_type_epci", "territory_type_stated"]
    assert set(found["uid"]) == set(own.loc[(own[columns] == "rural").any(axis=1), "uid"])
    both = study_poles.alike(real, area, labels, ("rural",), ("production",), ("culture",))
    assert both["shared"].is_monotonic_decreasing
    assert (both["shared"] == both["why"].str.count(" ; ") + 1).all()
    inside = found.set_index("uid").loc["pole:les-articulteurs"]
    assert inside["distance_km"] == 0 and study_tables.distance(0.0) == "dans le périmètre"
    assert study_poles.alike(real, area, labels, (), (), ()).empty
    overseas = resolve(real, Perimeter(epci=("249740119",)))
    far = study_poles.alike(real, overseas, labels, ("rural",), (), ()).set_index("uid")
    assert pd.isna(far.loc["pole:les-articulteurs", "distance_km"])
    card = study_poles.card(real, "pole:les-articulteurs", labels)
    assert "non renseigné" in card and "aucun" in card


def test_facts_beside_a_challenge_are_in_the_data_with_a_source(real: Dataset) -> None:
    said = "\n".join(
        [*real.poles["short_description"].dropna(), *real.poles["note"].dropna(), *real.case_events["event"]]
    )
    known = set(real.sources["id"])
    found = {key: study_poles.facts(real, key) for key in CHALLENGES}
    assert found["utilite"] == []  # No source read tells of an evaluation: the page says so.
    assert sum(map(len, found.values())) >= 20
    for fact in (f for facts in found.values() for f in facts):
        assert fact.text in said or fact.text.rpartition(" (")[0].partition(" : ")[0] in said
        assert fact.source_ids and set(fact.source_ids) <= known
    first = study_poles.facts(real, "double_ancrage", ["pole:bou-sol"])[0]
    assert first.uid == "pole:bou-sol"


def test_a_scenario_is_added_renamed_copied_removed_and_put_back(app: AppTest) -> None:
    on_desk(app, a_study(perimeter=SMALL), "financer")
    for _ in range(2):
        next(b for b in app.button if b.label == "Ajouter un scénario").click().run()
    assert [s.id for s in study_of(app).scenarios] == ["s1", "s2"]
    widget(app.text_input, "nom|s2").set_value("Ambitieux *").run()
    widget(app.number_input, "montant|s2").set_value(50_000.0).run()
    next(b for b in app.button if b.label == "Dupliquer").click().run()
    made = study_of(app).scenarios
    assert [s.name for s in made] == ["Scénario 1", "Ambitieux *", "Ambitieux * (copie)"]
    assert made[2].amount_eur == 50_000 and len({s.id for s in made}) == 3
    assert all(b.disabled for b in app.button if b.label in ("Ajouter un scénario", "Dupliquer"))
    go(go(app, "comparables"), "financer")
    assert widget(app.text_input, "nom|s3").value == "Ambitieux * (copie)"
    next(b for b in app.button if b.label == "Retirer").click().run()
    assert len(study_of(app).scenarios) == 2
    next(b for b in app.button if b.label == "Annuler").click().run()
    assert study_of(app).scenarios == made
    assert not app.exception


def test_years_change_and_the_budget_before_can_be_taken_back(app: AppTest) -> None:
    study = a_study(scenarios=(Scenario(id="s1", name="Un", budget=BALANCED),))
    on_desk(app, study, "financer")
    widget(app.selectbox, "duree|s1|0").select("1").run()
    assert study_of(app).scenarios[0].budget.years == (2027,)
    next(b for b in app.button if b.label == "Annuler").click().run()
    assert study_of(app).scenarios[0].budget == BALANCED
    assert not app.exception


def test_a_budget_file_is_taken_up_and_a_broken_one_changes_nothing(app: AppTest) -> None:
    study = a_study(scenarios=(Scenario(id="s1", name="Un", budget=Budget("Vide", (2026,))),))
    on_desk(app, study, "financer")
    widget(app.file_uploader, "fichier|s1").set_value(
        [("b.json", to_json(BALANCED), "application/json")]
    ).run()
    assert study_of(app).scenarios[0].budget == BALANCED
    widget(app.file_uploader, "fichier|s1").set_value([("b.csv", b"<script>;1", "text/csv")]).run()
    assert study_of(app).scenarios[0].budget == BALANCED
    assert "n’a pas été repris" in app.error[0].value
    assert not app.exception


def test_without_a_scenario_the_schemes_can_already_be_read(real_app: AppTest, real: Dataset) -> None:
    on_desk(real_app, new("Essai", DAY, Perimeter(epci=(REDON,))), "financer")
    kind = text.Labels(real.categories).codes("scheme_target")[0]
    expected = schemes.fit(real, schemes.Project(kind, epci=(REDON,))).ranked
    assert real_app.dataframe[0].value["Identifiant"].tolist() == expected["scheme_id"].tolist()


def test_the_balance_is_said_to_the_euro(app: AppTest) -> None:
    study = a_study(scenarios=(Scenario(id="s1", name="Un", budget=BALANCED),))
    assert [v for v, _ in study_tables.balances(study, "s1")] == ["equilibre", "manque"]
    on_desk(app, study, "financer")
    said = words(app).replace("\\", "")
    # Volunteer time (12 000 €) is in no total.
    assert f"2028 : il manque {text.euros(35_000)} ({text.euros(55_000)} de ressources" in said
    assert ":red-badge[:material/error: Ressources insuffisantes]" in said
    assert ":green-badge[:material/check_circle: Équilibré]" in said


@settings(max_examples=12, deadline=None)
@given(hyp.lists(budgets(), min_size=1, max_size=3))
def test_sentences_table_and_chart_agree_on_any_budget(made: list[Budget]) -> None:
    study = a_study(
        scenarios=tuple(Scenario(id=f"s{i}", name="Même nom", budget=b) for i, b in enumerate(made))
    )
    plan = study_tables.plan(study)
    assert len(plan) == sum(len(b.years) for b in made)
    assert plan["Scénario"].nunique() == len(made)
    chart = study_figures.plans(plan)
    assert list(chart.data[1].x) == plan["Ressources en argent (€)"].tolist()
    assert list(chart.data[2].x) == plan["Emplois en argent (€)"].tolist()
    for number, budget in enumerate(made):
        for (verdict, sentence), year in zip(
            study_tables.balances(study, f"s{number}"), budget.years, strict=True
        ):
            resources, uses = (budget.total(year, side) for side in ("ressource", "emploi"))
            assert sentence.startswith(str(year))
            if abs(resources - uses) < 0.99:
                assert verdict in ("equilibre", "vide")
            elif abs(resources - uses) > 1.01:
                assert verdict == ("manque" if uses > resources else "excedent")
    compared = study_tables.compared(study)
    assert len(compared.columns) == 3 + len(made)


def test_a_score_and_what_is_typed_are_kept_through_steps(app: AppTest) -> None:
    on_desk(app, a_study(perimeter=SMALL), "autodiagnostic")
    first = str(app.button_group[-1].key)
    assert "note|" in first and "gouvernance_citoyenne" not in "".join(str(b.key) for b in app.button_group)
    general = OBJECTIVES["gouvernance_citoyenne"].general
    app.session_state[first.partition("note|")[0] + f"objectif|{general}"] = True
    app.run()
    widget(app.button_group, "note|gouvernance_citoyenne").set_value("3").run()
    drawer = widget(app.button_group, "note|gouvernance_citoyenne").key.replace("note|", "dire|")
    app.session_state[drawer] = True
    app.run()
    widget(app.text_area, "commentaire|gouvernance_citoyenne").set_value(
        "Un conseil <b>d’habitants</b>"
    ).run()
    go(go(app, "financer"), "autodiagnostic")
    assert widget(app.button_group, "note|gouvernance_citoyenne").value == "3"
    assert "**Commentaire :** Un conseil \\<b" in words(app)
    app.session_state[drawer] = True
    app.run()
    comment = widget(app.text_area, "commentaire|gouvernance_citoyenne").value
    assert comment == "Un conseil <b>d’habitants</b>"
    assert study_of(app).assessment == (Score(objective="gouvernance_citoyenne", score=3, comment=comment),)
    assert "3,0 sur 4 (n = 1 sur 9)" in words(app).replace("\\", "")
    widget(app.button_group, "note|gouvernance_citoyenne").set_value("").run()
    assert study_of(app).assessment[0].score is None
    assert sum("aucun noté sur 3" in e.label for e in app.expander) == 3


def test_logics_and_challenges_are_kept(app: AppTest) -> None:
    on_desk(app, a_study(), "autodiagnostic", "logiques")
    widget(app.button_group, "logique|filiere").set_value("oui").run()
    widget(app.button_group, "logique|solidarite").set_value("non").run()
    widget(app.text_area, "defi|utilite").set_value("À évaluer").run()
    study = study_of(app)
    assert {a.logic: a.holds for a in study.logics} == {"filiere": True, "solidarite": False}
    assert study.challenges == (ChallengeNote(challenge="utilite", note="À évaluer"),)
    widget(app.button_group, "logique|filiere").set_value("").run()
    assert study_of(app).logics[0].holds is None


def test_the_picture_shows_every_score_and_hatches_the_rest() -> None:
    study = a_study(
        assessment=(Score(objective="partenariats", score=0), Score(objective="transversalite", score=4))
    )
    rows = assessment.scores(study)
    chart = study_figures.scores(rows)
    bars = {t.name: t for t in chart.data if t.type == "bar"}
    assert list(bars["Note"].x) == [0.0, 4.0]
    assert len(bars["Non noté"].x) == 7 and bars["Non noté"].marker.pattern.shape == "/"
    assert len(chart.layout.yaxis.categoryarray) == len(OBJECTIVES) + 3
    table = study_tables.scores(study, weakest=True)
    assert table["Note (0 à 4)"].tolist() == ["0", "4"] + ["non noté"] * 7


def test_a_suggestion_is_taken_up_with_its_figure_and_put_back(app: AppTest) -> None:
    on_desk(app, a_study(perimeter=SMALL), "autodiagnostic", "afom")
    offered = [b for b in app.button if b.label == "Reprendre"]
    assert len(offered) > 1
    widget(app.button, "reprendre|poles-perimetre").click().run()
    item = study_of(app).afom[0]
    assert (item.list, item.from_suggestion, item.source) == ("atout", "poles-perimetre", "source-a")
    assert item.figure in words(app).replace("\\", "")
    assert len([b for b in app.button if b.label == "Reprendre"]) == len(offered) - 1
    widget(app.button, "afom-ajouter|menace").click().run()
    own = study_of(app).afom[1]
    widget(app.text_area, f"afom|{own.id}").set_value("Départ d’un financeur").run()
    go(go(app, "comparables"), "autodiagnostic")
    assert widget(app.text_area, f"afom|{own.id}").value == "Départ d’un financeur"
    widget(app.button, f"afom-retirer|{item.id}").click().run()
    assert [i.id for i in study_of(app).afom] == [own.id]
    next(b for b in app.button if b.label == "Annuler").click().run()
    assert study_of(app).afom[0] == item
    assert not app.exception


def test_a_taken_suggestion_names_whole_sources(real_app: AppTest, real: Dataset) -> None:
    on_desk(real_app, new("Essai", DAY, Perimeter(epci=(REDON,))), "autodiagnostic", "afom")
    widget(real_app.button, "reprendre|dispositifs-ouverts").click().run()
    named = study_of(real_app).afom[0].source.split(", ")
    assert named and set(named) <= set(real.sources["id"])


def test_the_roadmap_reads_months_and_tells_the_rest() -> None:
    heads = list(study_tables.ROADMAP.values())
    kept = study_tables.roadmap(a_study(roadmap=(Step(id="e1", label="Un", start="2027-01", lead="Asso"),)))
    frame = pd.concat(
        [
            kept,
            pd.DataFrame([[None, "Deux", "03/2027", "2027-5", None, None]], columns=["id", *heads]),
            pd.DataFrame([[None, "Trois", "mars", None, None, "x"]], columns=["id", *heads]),
            pd.DataFrame([[None, None, None, None, None, None]], columns=["id", *heads]),
            pd.DataFrame([[None, "Cinq", "2028-02", "2028-01", None, None]], columns=["id", *heads]),
        ],
        ignore_index=True,
    )
    made, faults = study_tables.steps(frame)
    assert [(s.label, s.start, s.end) for s in made] == [
        ("Un", "2027-01", None), ("Deux", "2027-03", "2027-05"), ("Trois", None, None), ("Cinq", "2028-02", "2028-01"),
    ]  # fmt: skip
    assert made[0].id == "e1" and len({s.id for s in made}) == 4
    assert len(faults) == 2 and "Ligne 3" in faults[0] and "Ligne 5" in faults[1]
    assert a_study(roadmap=made).roadmap == made
    again, none = study_tables.steps(study_tables.roadmap(a_study(roadmap=made[:3])))
    assert again == made[:3] and not none


def test_ids_are_new_and_names_tell_scenarios_apart() -> None:
    assert study_tables.new_id("e", ["e1", "e3"]) == "e2"
    two = a_study(scenarios=tuple(Scenario(id=f"s{i}", name="A  b", budget=BALANCED) for i in (1, 2)))
    assert len(set(study_tables.scenario_names(two).values())) == 2
