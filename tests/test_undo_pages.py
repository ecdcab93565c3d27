"""One removal of each kind on its page: it is said, « Annuler » brings it back exactly, the fields follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
import shapely
import streamlit as st
from streamlit.testing.v1 import AppTest

from ptce_data.budget import Budget
from ptce_data.load import Dataset
from ptce_data.study import Outline, Override, OwnPlace, Perimeter, Scenario, Step
from ptce_ui import storedesk
from tests.mini import HOSTILE_NAMES
from tests.study.study_small import a_study
from tests.test_budget_page import MADE
from tests.test_own_layer_page import a_file, press, sent
from tests.test_pages import visit
from tests.test_study_steps import SMALL, go, on_desk, study_of

BOX = Outline.of(shapely.box(4.5, 45.5, 5.0, 46.0))
#: Prefix of an editor's key -> what its reader does to the table.
Edits = dict[str, Callable[[pd.DataFrame], pd.DataFrame]]


@pytest.fixture
def edits(monkeypatch: pytest.MonkeyPatch) -> Edits:
    """Editors that give what a reader made of their table: `AppTest` cannot type into them."""
    made: Edits = {}
    held: dict[str, str] = {}

    def editor(frame: pd.DataFrame, key: str, **options: Any) -> pd.DataFrame:
        st.text(f"éditeur {key}")
        wanted = next((name for name in made if key.startswith(name)), None)
        # As in the browser, an edit holds for the editor it was made in, not for the one drawn after it.
        return made[wanted](frame) if wanted and held.setdefault(wanted, key) == key else frame

    monkeypatch.setattr(st, "data_editor", editor)
    return made


def undone(app: AppTest, place: str, said: str) -> AppTest:
    """The removal is said as it is, then taken back."""
    shown = "\n".join(str(m.value).replace("\\", "") for m in app.markdown).replace("\u00a0", " ")
    assert said in shown, shown
    return click(app, f"{place}|annuler")


def click(app: AppTest, key: str) -> AppTest:
    next(b for b in app.button if b.key == key).click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_communes_and_an_outline_come_back_into_the_perimeter(app: AppTest, small: Dataset) -> None:
    codes = tuple(small.communes["commune_insee"].head(3))
    before = Perimeter(communes=codes, polygon=BOX, polygon_name=HOSTILE_NAMES[0])
    on_desk(app, a_study(perimeter=before), "perimetre")
    next(w for w in app.multiselect if w.label == "Communes").set_value([codes[1]]).run()
    assert study_of(app).perimeter.communes == (codes[1],)
    press(app, "Retirer le contour")
    assert study_of(app).perimeter.polygon is None
    undone(app, "etude|0|perimetre", f"Contour « {HOSTILE_NAMES[0]} » retiré.")
    assert study_of(app).perimeter.polygon == BOX
    undone(app, "etude|0|perimetre", "Retiré du périmètre : « ")
    assert study_of(app).perimeter == before
    assert next(w for w in app.multiselect if w.label == "Communes").value == list(codes)


def test_a_place_leaves_the_table_and_comes_back_where_it_was(app: AppTest, edits: Edits) -> None:
    places = tuple(
        OwnPlace(id=f"lieu-{n}", name=name, kind="fablab", lon=4.8, lat=45.8)
        for n, name in enumerate(("Un", "Deux *", "Trois"))
    )
    study = a_study(perimeter=SMALL, places=places)
    on_desk(app, study, "existant")
    edits["etude|0|places"] = lambda frame: frame.assign(Retirer=[False, True, False])
    app.run()
    assert [p.name for p in study_of(app).places] == ["Un", "Trois"]
    undone(app, "etude|0|lieux", "Lieu retiré : « Deux * ».")
    assert study_of(app).places == places


def test_an_erased_text_and_an_emptied_choice_come_back(app: AppTest) -> None:
    on_desk(app, a_study(perimeter=SMALL, left_out=("portrait",)), "document")
    left = study_of(app).left_out
    next(w for w in app.multiselect if w.label.startswith("Parties")).set_value([]).run()
    assert study_of(app).left_out == ()
    undone(app, "etude|0|choix|left_out", "Retiré de « Parties à laisser de côté » : ")
    assert study_of(app).left_out == left
    assert next(w for w in app.multiselect if w.label.startswith("Parties")).value == list(left)
    go(app, "existant")
    next(w for w in app.text_area if w.label == "Votre note").set_value("Ma *note*").run()
    noted = study_of(app).annotations
    next(w for w in app.text_area if w.label == "Votre note").set_value("").run()
    assert study_of(app).annotations == () and noted
    undone(app, f"etude|0|texte|note-{noted[0].uid.replace(':', '-')}", "Texte effacé de « Votre note ».")
    assert study_of(app).annotations == noted
    assert next(w for w in app.text_area if w.label == "Votre note").value == "Ma *note*"


def test_lines_of_a_scenario_and_steps_of_the_roadmap_come_back(app: AppTest, edits: Edits) -> None:
    steps = tuple(Step(id=f"e{n}", label=f"Étape {n}", start="2027-03") for n in range(3))
    study = a_study(roadmap=steps, scenarios=(Scenario(id="s1", name="Un", budget=MADE),))
    on_desk(app, study, "financer")
    edits["etude|0|budget|s1"] = lambda frame: frame.drop(index=[0, 2])
    app.run()
    assert [line.label for line in study_of(app).scenarios[0].budget.lines] == ["Ventes", "Salaires"]
    undone(app, "etude|0|budget|s1", "Retiré du budget : « Région » et « Temps donné ».")
    assert study_of(app).scenarios[0].budget == MADE
    on_desk(app, study_of(app), "autodiagnostic", "feuille")
    edits["etude|0|feuille"] = lambda frame: frame.drop(index=[1])
    app.run()
    assert [s.id for s in study_of(app).roadmap] == ["e0", "e2"]
    undone(app, "etude|0|feuille", "Retiré de la feuille de route : « Étape 1 ».")
    assert study_of(app).roadmap == steps


def test_an_opinion_and_an_isochrone_come_back(app: AppTest, edits: Edits) -> None:
    own = (Override(element="fablab", status="missing", note="Fermé en 2025"),)
    study = a_study(perimeter=SMALL, arrangement=own)
    on_desk(app, study, "agencement")
    edits["etude|0|arrangement"] = lambda frame: frame.assign(
        **{"Votre avis": "comme les données", "Note": ""}
    )
    app.run()
    assert study_of(app).arrangement == ()
    undone(app, "etude|0|agencement", "Votre avis ou votre note retirés : « Fablab ».")
    assert study_of(app).arrangement == own
    access = study.access.model_copy(update={"isochrone": BOX, "isochrone_note": "20 min à vélo"})
    on_desk(app, study.replace(access=access), "acces")
    press(app, "Retirer l’isochrone")
    assert study_of(app).access.isochrone is None
    undone(app, "etude|0|isochrone", "Isochrone retirée.")
    assert study_of(app).access == access


def test_a_replaced_study_comes_back_with_its_saved_item_and_its_own_removals(app: AppTest) -> None:
    study = a_study(perimeter=SMALL)
    on_desk(app, study.replace(scenarios=(Scenario(id="s1", name="Un", budget=MADE),)), "financer")
    before = study_of(app)
    press(app, "Retirer")
    app.session_state["shared|stored|study"] = storedesk.Stored("item", 3, "Étude", "espace")
    press(app, "Commencer une étude vide")
    assert study_of(app).scenarios == () and app.session_state["shared|stored|study"] is None
    assert not [b for b in app.button if b.key == "etude|0|scenarios|annuler"]
    go(app, "perimetre")
    next(w for w in app.text_input if w.label.startswith("Titre")).set_value("Autre").run()
    go(app, "financer")
    undone(app, "etude", "Étude « Étude » remplacée.")
    assert app.session_state["shared|stored|study"].revision == 3
    undone(app, "etude|0|scenarios", "Scénario « Un » retiré.")
    assert study_of(app).scenarios == before.scenarios
    click(app, "etude|retablir")
    assert study_of(app).title == "Autre"


def test_a_reordered_and_a_replaced_deck_come_back(app: AppTest) -> None:
    press(visit(app, "pages/conference.py", modele="france"), "Prendre ce diaporama")
    before = app.session_state["shared|deck"]
    for _ in range(2):
        press(app, "Descendre")
    next(w for w in app.text_area if w.label == "Titre").set_value("À *moi*, bien long").run()
    own = app.session_state["shared|deck"]
    press(app, "Prendre ce diaporama")
    assert app.session_state["shared|deck"] == before
    undone(app, "diaporama", "Diaporama « ")
    assert app.session_state["shared|deck"] == own
    undone(app, "diaporama", "Texte remplacé, scène")
    undone(app, "diaporama", "déplacée.")
    assert [s.id for s in app.session_state["shared|deck"].scenes] == [s.id for s in before.scenes]


def rows(app: AppTest) -> pd.DataFrame:
    found: pd.DataFrame = app.session_state["financements|kept|lignes"]
    return found


def test_my_budget_gives_lines_years_and_itself_back(app: AppTest, edits: Edits) -> None:
    from ptce_data import budget as budgets

    visit(app, "pages/financements.py", section="budget")
    assert not [b for b in app.button if b.label == "Annuler"]
    uploader = next(w for w in app.file_uploader if w.label.startswith("Fichier de budget"))
    uploader.set_value([("b.json", budgets.to_json(MADE), "application/json")]).run()
    before = rows(app)
    editor = next(t.value.removeprefix("éditeur ") for t in app.text if "lignes" in t.value)
    edits[editor] = lambda frame: frame.drop(index=[1])
    app.run()
    assert len(rows(app)) == len(before) - 1
    next(w for w in app.selectbox if w.label == "Nombre d’années").set_value("1").run()
    edits.clear()
    assert "2027" not in rows(app)
    undone(app, "budget", "Montants de 2027 retirés.")
    assert "2027" in rows(app) and next(w for w in app.selectbox if w.label == "Nombre d’années").value == "2"
    undone(app, "budget", "Retiré du budget : « Ventes ».")
    pd.testing.assert_frame_equal(rows(app), before)
    visit(app, "pages/carte.py")
    app.session_state["shared|incoming|budget"] = Budget("Autre", (2030,))
    visit(app, "pages/financements.py", section="budget")
    assert list(rows(app).columns[6:]) == ["2030"]
    undone(app, "budget", f"Budget « {MADE.name} » remplacé.")
    pd.testing.assert_frame_equal(rows(app), before)


def test_a_file_that_was_given_up_comes_back_with_its_report(app: AppTest, small: Dataset) -> None:
    press(sent(app, a_file(small)), "Vérifier les lignes")
    held = app.session_state["shared|layer_draft"]
    press(app, "Abandonner ce fichier")
    assert app.session_state["shared|layer_draft"] is None
    undone(app, "couche|fichier", "Fichier « lieux.csv » abandonné.")
    assert app.session_state["shared|layer_draft"] is held
    assert any(m.label == "Gardées" for m in app.metric)


@pytest.mark.parametrize(
    ("path", "query", "label", "said"),
    [
        ("carte", {"nature": "pole", "region": ["84"]}, "Effacer tous les filtres", "Filtres effacés."),
        ("dispositifs", {"q": "zzz"}, "Effacer les filtres", "Filtres effacés."),
        (
            "territoires",
            {"section": "sensibilite", "sans": ["ze", "r3"]},
            "Revenir aux règles publiées",
            "Vos règles effacées.",
        ),
    ],
)
def test_cleared_filters_and_rules_come_back(
    app: AppTest, path: str, query: dict[str, Any], label: str, said: str
) -> None:
    visit(app, f"pages/{path}.py", **query)
    before = {name: app.query_params.get(name) for name in query}
    press(app, label)
    assert {name: app.query_params.get(name) for name in query if name != "section"} != {
        name: value for name, value in before.items() if name != "section"
    }
    undone(app, f"{path}|filtres", said)
    assert {name: app.query_params.get(name) for name in query} == before


def test_decisions_on_subsidies_outlive_another_file(app: AppTest, small: Dataset) -> None:
    from ptce_ui import subsidies_view

    app.session_state["financements|kept|decisions"] = {"clé d’hier": "confirme"}
    visit(app, "pages/financements.py", section=_subsidies())
    head = "nomAttribuant;idAttribuant;dateConvention;nomBeneficiaire;objet;montant;nature"
    name = str(small.poles["name"].iloc[0])
    first, second = (
        f"{head}\nVille {n};21690123100011;2024-05-0{n};{name};Aide;1000{n};aide en numéraire".encode()
        for n in (1, 2)
    )
    chosen = next(w for w in app.file_uploader if w.label.startswith("Fichiers de subventions"))
    chosen.set_value([("un.csv", first, "text/csv")]).run()
    held = app.session_state["financements|kept|import"]
    chosen = next(w for w in app.file_uploader if w.label.startswith("Fichiers de subventions"))
    chosen.set_value([("deux.csv", second, "text/csv")]).run()
    assert app.session_state["financements|kept|import"] is not held
    assert app.session_state["financements|kept|decisions"]["clé d’hier"] == "confirme"
    undone(app, subsidies_view.PLACE, "Import de « un.csv » remplacé.")
    assert app.session_state["financements|kept|import"] is held


def _subsidies() -> str:
    from ptce_ui import funding_views

    return next(code for code, label in funding_views.SECTIONS.items() if "mport" in label)
