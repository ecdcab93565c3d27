"""Examples of the empty states: from the data alone, marked, asked for before they replace work, taken away at once."""

from __future__ import annotations

import csv
import datetime as dt
import io

from streamlit.testing.v1 import AppTest

from ptce_data import deck as decks
from ptce_data import own_layers
from ptce_data.load import Dataset
from ptce_data.study import Study
from ptce_ui import example_files, ownlayers
from tests.test_pages import visit, words

TODAY = dt.date(2026, 1, 2)


def test_the_study_says_its_territory_and_nothing_else(real: Dataset) -> None:
    made = example_files.study(real, TODAY)
    assert made is not None and example_files.is_example(made.title)
    assert made.perimeter.epci == ("243500741",)
    blank = Study(title=made.title, created=TODAY, modified=TODAY, perimeter=made.perimeter)
    assert made == blank


def test_the_layer_holds_rows_of_the_atlas_and_is_named_an_example(real: Dataset) -> None:
    made = example_files.layer(real)
    assert made is not None
    name, content = made
    assert example_files.is_example(name) and name.startswith(ownlayers.EXAMPLE)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    ours = real.tiers_lieux[real.tiers_lieux["departement_code"] == "35"]
    assert {r["Nom du lieu"] for r in rows} == set(ours["name"]) and len(rows) == len(ours) > 20
    # It goes through the import without a question, and the atlas recognises its own rows.
    raw = own_layers.read(name, content, None)
    layer = own_layers.build(real, raw, own_layers.propose(real, raw), {})
    assert layer.target == "tiers_lieux" and not layer.questions
    assert len(layer.rows) == len(rows)
    found = own_layers.candidates(real, layer)
    assert found["line"].nunique() >= 0.9 * len(rows)


def test_the_deck_is_the_ready_made_one_under_another_title(real: Dataset) -> None:
    made, ready = example_files.deck(real), decks.france(real)
    assert example_files.is_example(made.title) and made.scenes == ready.scenes


def test_no_figure_is_in_the_explained_columns() -> None:
    rows = example_files.budget_columns()
    assert len(rows) == 7 and not rows["Ce qu’elle accepte"].str.contains(r"\d{3}").any()


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception, [e.message for e in app.exception]
    return app


def test_an_example_deck_is_opened_marked_and_taken_away(app: AppTest) -> None:
    visit(app, "pages/conference.py")
    press(app, "exemple|diaporama")
    assert "**Exemple.**" in words(app)
    press(app, "exemple|diaporama|retirer")
    assert "**Exemple.**" not in words(app)
    assert app.button(key="exemple|diaporama") is not None


def test_work_in_progress_is_asked_about_and_comes_back(app: AppTest) -> None:
    visit(app, "pages/conference.py")
    title = next(w for w in app.text_input if w.label == "Titre du diaporama")
    title.set_value("Mon assemblée générale").run()
    press(app, "exemple|diaporama")
    assert "Mon assemblée générale" in words(app) and "**Exemple.**" not in words(app)
    press(app, "exemple|diaporama|oui")
    assert "**Exemple.**" in words(app)
    press(app, "exemple|diaporama|retirer")
    title = next(w for w in app.text_input if w.label == "Titre du diaporama")
    assert title.value == "Mon assemblée générale"


def test_a_link_takes_its_deck_but_not_in_the_place_of_another(app: AppTest) -> None:
    visit(app, "pages/conference.py", modele="region", region="76", prendre="1")
    first = next(w for w in app.text_input if w.label == "Titre du diaporama").value
    assert "Occitanie" in first
    app.query_params["modele"] = "france"
    app.query_params["prendre"] = "1"
    app.run()
    assert "rien n’est remplacé sans vous" in words(app)
    assert next(w for w in app.text_input if w.label == "Titre du diaporama").value == first


def test_the_empty_budget_explains_its_columns_and_shows_no_figure(app: AppTest) -> None:
    visit(app, "pages/financements.py", section="budget")
    assert any(e.label.startswith("Par où commencer") for e in app.expander)


def test_a_link_to_another_study_asks_before_the_open_one_goes(app: AppTest, small: Dataset) -> None:
    first, second = (f"epci:{code}" for code in small.epci["epci_siren"].head(2))
    names = small.epci["name"].tolist()
    visit(app, "pages/etude.py", depart=first)
    app.query_params["depart"] = second
    app.run()
    assert "rien n’est remplacé sans vous" in words(app)
    assert names[0] in title_of(app)
    press(app, "arrivee|oui")
    assert names[1] in title_of(app) and "rien n’est remplacé sans vous" not in words(app)


def title_of(app: AppTest) -> str:
    return str(next(w for w in app.text_input if w.label == "Titre de l’étude").value)


def test_a_link_makes_a_deck_of_a_territory_whose_study_is_not_begun(app: AppTest, small: Dataset) -> None:
    code, name = small.epci[["epci_siren", "name"]].iloc[0]
    visit(app, "pages/conference.py", modele="etude", depart=f"epci:{code}", prendre="1")
    assert any(name in str(w.value) for w in app.text_input)
    # The study is on its desk too.
    visit(app, "pages/etude.py")
    assert name in title_of(app)
