"""The Étude page: a territory chosen, places added, opinions kept, a file opened, nothing lost on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import load as loading
from ptce_data import study as studies
from ptce_data.load import Dataset
from ptce_data.study import OwnPlace, Perimeter, Study
from ptce_ui import pagestate, study_access, study_arrangement, study_map, study_places, undo
from ptce_ui.desk import Desk
from tests.mini import HOSTILE_NAMES
from tests.test_pages import visit, words

REDON = "epci:243500741"
STEPS = ["perimetre", "existant", "agencement", "acces"]


@pytest.fixture
def real_app(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PTCE_DATA_DIR", str(loading.DATA_DIR))
    return app


def study_of(app: AppTest) -> Study:
    found: Study = app.session_state["etude|kept|study"]
    return found


def go(app: AppTest, step: str) -> AppTest:
    app.button_group[0].set_value(step).run()
    assert not app.exception, [e.message for e in app.exception]
    return app


@pytest.mark.parametrize("step", STEPS[1:])
def test_without_a_territory_each_step_says_what_it_needs(app: AppTest, step: str) -> None:
    visit(app, "pages/etude.py", section=step)
    assert any("Choisissez d’abord un périmètre" in i.value for i in app.info)


def test_a_link_starts_a_study(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", depart=REDON)
    made = study_of(real_app)
    assert made.perimeter.epci == ("243500741",)
    assert made.title == "Étude de faisabilité – CA Redon Agglomération"
    assert "Pays de la Loire et Bretagne" in words(real_app).replace("\\", "")


def test_an_unknown_start_changes_nothing(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", depart="epci:<script>")
    assert study_of(real_app).perimeter.is_empty


def test_every_step_draws_and_nothing_typed_is_lost(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", depart=REDON)
    real_app.text_input[0].set_value("Mon étude « à moi »").run()
    real_app.number_input[0].set_value(15.0).run()
    for step in (*STEPS[1:], "perimetre"):
        go(real_app, step)
        assert study_of(real_app).title == "Mon étude « à moi »"
    assert real_app.number_input[0].value == 15.0
    # Another page, and back: the fields show what the study holds.
    visit(real_app, "pages/donnees.py")
    visit(real_app, "pages/etude.py")
    assert real_app.text_input[0].value == "Mon étude « à moi »"
    assert study_of(real_app).perimeter.zone_km == 15.0


def test_a_planned_place_is_added_marked_and_counted(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", section="existant", depart=REDON)
    form = {w.label: w for w in (*real_app.text_input, *real_app.selectbox)}
    form["Nom du lieu"].set_value("Le Futur Fablab")
    form["Genre"].set_value("fablab")
    form["État"].set_value("planned")
    form["Commune (nom ou code Insee)"].set_value("Redon")
    next(b for b in real_app.button if b.label == "Ajouter ce lieu").click().run()
    assert not real_app.exception
    place = study_of(real_app).places[0]
    assert (place.name, place.kind, place.status, place.commune) == (
        "Le Futur Fablab",
        "fablab",
        "planned",
        "35236",
    )
    shown = real_app.dataframe[-1].value
    row = shown[shown["Nom"] == "Le Futur Fablab"].iloc[0]
    assert row["Origine"] == "ajouté par vous" and row["État"] == "En projet"


def test_a_place_without_a_position_is_refused_with_a_sentence(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", section="existant", depart=REDON)
    next(w for w in real_app.text_input if w.label == "Nom du lieu").set_value("Nulle part")
    next(b for b in real_app.button if b.label == "Ajouter ce lieu").click().run()
    assert any("une commune" in e.value for e in real_app.error)
    assert study_of(real_app).places == ()


def test_homonyms_are_asked_not_guessed(real_app: AppTest) -> None:
    visit(real_app, "pages/etude.py", section="existant", depart=REDON)
    next(w for w in real_app.text_input if w.label == "Nom du lieu").set_value("Lieu")
    next(w for w in real_app.text_input if w.label == "Commune (nom ou code Insee)").set_value("Saint-Denis")
    next(b for b in real_app.button if b.label == "Ajouter ce lieu").click().run()
    assert any("Précisez la commune" in e.value for e in real_app.error)


def test_an_opened_study_takes_the_place_of_the_former_which_can_come_back(
    real: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(pagestate, "share", kept.__setitem__)
    monkeypatch.setattr(pagestate, "shared", kept.get)
    first = studies.new("Première", dt.date(2026, 1, 1), Perimeter(epci=("243500741",)))
    state = _Kept()
    desk = Desk(real, state)  # type: ignore[arg-type]
    desk.open(first)
    key = desk.key("title")
    desk.open(studies.read(studies.dump(studies.new("Seconde", dt.date(2026, 1, 2)))))
    assert desk.study.title == "Seconde" and desk.key("title") != key
    undo.back("etude", desk.restore)
    assert desk.study == first
    undo.again("etude", desk.restore)
    assert desk.study.title == "Seconde"


def test_a_refused_value_is_said_and_changes_nothing(real: Dataset) -> None:
    desk = Desk(real, _Kept())  # type: ignore[arg-type]
    before = desk.study
    desk.update(title="x" * 1000)
    assert desk.study == before and "title" in desk.refused
    desk.update(title="Bien")
    assert desk.study.title == "Bien" and desk.refused == ""


class _Kept:
    """What a desk needs of a page's state, without Streamlit."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def keep(self, name: str, value: object) -> None:
        self.values[name] = value

    def kept(self, name: str) -> object:
        return self.values.get(name)


def test_the_map_carries_the_study_and_no_markup(real: Dataset) -> None:
    place = OwnPlace(
        id="a", name=HOSTILE_NAMES[0][:300], kind="fablab", status="planned", lon=-2.08, lat=47.65
    )
    made = studies.new("Étude", dt.date(2026, 1, 1), Perimeter(epci=("243500741",), zone_km=10.0)).replace(
        places=(place,)
    )
    desk = Desk(real, _Kept())  # type: ignore[arg-type]
    desk.open(made)
    drawn = study_map.outlines(
        desk, studies.resolve(real, made.perimeter), [(-2.1, 47.6), (-2.0, 47.6), (-2.0, 47.7)]
    )
    assert drawn is not None
    roles = [f["properties"]["role"] for f in drawn["features"]]
    assert sorted(set(roles)) == ["perimetre", "projet", "sommet", "trace", "zone"]
    assert HOSTILE_NAMES[0] not in str(drawn)


def test_charts_of_access_and_arrangement_hold_the_numbers(real: Dataset) -> None:
    area = studies.resolve(real, Perimeter(epci=("243500741",), zone_km=10.0))
    made = studies.new("Étude", dt.date(2026, 1, 1), area.perimeter)
    found = studies.access(real, area, made)
    chart = study_access.figure(found.shares)
    assert list(chart.data[0].x) == pytest.approx(found.shares["share_pct"].fillna(0).tolist())
    status = studies.status(real, area, studies.existing(real, area, made), made)
    picture = study_arrangement.figure(status)
    assert sum(len(t.y) for t in picture.data) == len(status)
    shown = study_places.table(studies.existing(real, area, made))
    assert set(shown["Où"]) <= {"Dans le périmètre", "Dans les alentours"}
