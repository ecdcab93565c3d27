"""Scenes: every page and section has a builder, each shows what its page computes, and unknown stays unknown."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from ptce_data import crosstabs, query, regional, schemes
from ptce_data import deck as decks
from ptce_data.deck import Scene
from ptce_data.funding import public_money
from ptce_data.load import Dataset
from ptce_data.selection import Selection
from ptce_data.study import Study, new, resolve
from ptce_data.study.model import AfomItem, Perimeter, Score, Step
from ptce_ui import (
    filters,
    frame,
    funding_views,
    mapview,
    region_views,
    scheme_views,
    study_steps,
    territory_views,
)
from ptce_ui.scenes import (
    ChartVisual,
    FiguresVisual,
    MapVisual,
    SceneContent,
    TableVisual,
    address,
    content,
    for_projector,
)
from ptce_ui.scenes.content import BUILDERS
from ptce_ui.text import no_break
from ptce_ui.urlstate import Param

DAY = datetime.date(2026, 11, 22)
#: Pages that show decks cannot be in one.
NO_SCENE = {"conference", "confidentialite", "accessibilite", "espace", "glossaire"}
BAD = re.compile(r"\b(nan|NaN|None|NaT|<NA>|inf)\b")
SECTIONS = [
    *((page, "") for page, own in address.SECTIONS.items() if not own),
    *((page, section) for page, own in address.SECTIONS.items() for section in own),
]


def scene(page: str, **parameters: Any) -> Scene:
    return Scene(id="s", page=page, query=decks.query(parameters))


def shown(dataset: Dataset, page: str, study: Study | None = None, **parameters: Any) -> SceneContent:
    return content(dataset, scene(page, **parameters), study)


def a_study(perimeter: Perimeter, **more: Any) -> Study:
    return new(
        "Étude", DAY, perimeter, assessment=(Score(objective="partenariats", score=2),),
        afom=(AfomItem(id="a", list="atout", text="<b>Un atout</b>"),), roadmap=(Step(id="e", label="Étape"),), **more,
    )  # fmt: skip


def texts(made: SceneContent) -> list[str]:
    """All that a reader may read."""
    said = [made.title, made.message, made.note, made.alt, *made.problems]
    visual = made.visual
    if isinstance(visual, TableVisual):
        said += [*visual.columns, *(c for row in visual.rows for c in row)]
    elif isinstance(visual, FiguresVisual):
        said += [t for row in visual.figures for t in row]
    elif isinstance(visual, ChartVisual) and visual.native:
        said += [*visual.native.categories, *(s.name for s in visual.native.series)]
    return said


def check(made: SceneContent) -> None:
    assert made.title and made.message and made.alt
    assert isinstance(made.facts, pd.DataFrame) and len(made.facts.columns)
    for text in texts(made):
        assert not BAD.search(text), text


# --- every page and section -------------------------------------------------------------------------


def test_every_page_and_section_has_a_builder() -> None:
    assert set(address.SECTIONS) == set(frame.PAGES) - NO_SCENE
    assert {p: frame.PAGES[p].label for p in address.PAGES} == address.PAGES
    own = {
        "territoires": territory_views.SECTIONS, "financements": funding_views.SECTIONS, "regions": region_views.SECTIONS,
        "dispositifs": scheme_views.SECTIONS, "etude": study_steps.STEPS,
    }  # fmt: skip
    for page, sections in own.items():
        assert address.SECTIONS[page] == sections
    assert set(BUILDERS) == set(SECTIONS)


@pytest.mark.parametrize("data", ["small", "real"])
def test_the_parameters_are_those_of_the_pages(data: str, request: pytest.FixtureRequest) -> None:
    dataset: Dataset = request.getfixturevalue(data)
    pages: dict[str, list[Param]] = {
        "carte": [*filters.params(dataset), *mapview.params(dataset)], "territoires": territory_views.params(dataset),
        "financements": funding_views.params(dataset), "regions": region_views.params(dataset),
        "dispositifs": scheme_views.params(dataset), "etude": study_steps.params(dataset),
    }  # fmt: skip
    for page, own in pages.items():
        mine = {p.name: p for p in address.params(dataset, page)}
        assert list(mine) == [p.name for p in own], page
        for param in own:
            found = mine[param.name]
            assert (found.kind, found.default) == (param.kind, param.default), (page, param.name)
            assert (param.allowed is None) == (found.allowed is None)
            assert set(found.allowed or ()) == set(param.allowed or ()), (page, param.name)


@pytest.mark.parametrize(("page", "section"), SECTIONS)
def test_every_section_shows_something(small: Dataset, hostile: Dataset, page: str, section: str) -> None:
    for dataset in (small, hostile):
        codes = tuple(dataset.communes["commune_insee"].head(2))
        for study in (None, a_study(Perimeter(communes=codes, zone_km=5.0))):
            made = shown(dataset, page, study, **({"section": section} if section else {}))
            check(made)
            if page == "etude" and study is None:
                assert "étude" in made.problems[0]


@pytest.mark.parametrize(("page", "section"), [s for s in SECTIONS if s[0] != "etude"])
def test_every_section_shows_the_real_data(real: Dataset, page: str, section: str) -> None:
    made = shown(real, page, None, **({"section": section} if section else {}))
    check(made)
    if isinstance(made.visual, ChartVisual):
        assert_legible(for_projector(made.visual.figure, is_dark=True))


def test_every_ready_made_deck_builds(real: Dataset) -> None:
    kept = [decks.france(real), decks.compare(real, ["53", "01", "94"])]
    for deck in kept:
        for one in deck.scenes:
            made = content(real, one)
            check(made)
            assert made.problems == ()
            assert made.title == no_break(one.title or made.title) and made.notes == one.notes


def test_every_region_has_its_scenes(real: Dataset) -> None:
    """Each region gets one scene in four, others for the next one: all scenes are met, all regions too."""
    for at, code in enumerate(real.regions["region_code"]):
        for one in decks.region(real, code).scenes[at % 4 :: 4]:
            check(content(real, one))


# --- what is shown is what the pages compute --------------------------------------------------------


def test_the_map_holds_exactly_the_selection(real: Dataset) -> None:
    made = shown(
        real, "carte", region=["53"], nature=["pole", "cluster"], aplat="objets", niveau="departements"
    )
    selected = query.places(real, Selection(regions=("53",), kinds=("pole", "cluster")))
    assert isinstance(made.visual, MapVisual)
    points = next(layer for layer in made.visual.spec.layers if hasattr(layer, "points"))
    assert len(points.points) == int(selected["lon"].notna().sum())
    graded = next(layer for layer in made.visual.spec.layers if hasattr(layer, "values"))
    areas = query.by_area(real, selected, "departements").set_index("code")["objects"]
    assert graded.values == {c: float(v) for c, v in areas.items() if v > 0}
    assert list(made.facts["Nom"]) == list(selected["name"])
    assert set(made.sources) == set(
        query.sources(
            real,
            [i for c in selected["source_ids"] for i in c.split("|")] + selected["type_source_id"].tolist(),
        )["id"]
    )


def test_charts_hold_the_figures_of_the_queries(real: Dataset) -> None:
    money = shown(real, "financements", section="public").visual
    rows = public_money.by_level_and_region(real)
    every = rows[(rows["funder_level"] == "tous") & rows["amount_eur"].notna()]
    assert isinstance(money, ChartVisual) and money.native is not None
    drawn = {
        name: sum(s.values[at] or 0 for s in money.native.series)
        for at, name in enumerate(money.native.categories)
    }
    best = every.nlargest(12, "amount_eur")
    assert drawn == {
        n: pytest.approx(float(v)) for n, v in zip(best["name"], best["amount_eur"], strict=True)
    }

    density = shown(real, "territoires", section="densite", region="76").visual
    assert isinstance(density, ChartVisual) and density.native is not None
    wanted = crosstabs.density(real, "76").set_index(["kind", "territory_type"])["per_100k"]
    poles = next(s for s in density.native.series if s.name == "PTCE")
    assert poles.values[0] == pytest.approx(float(wanted["pole", "desindustrialise"]))

    matrix = shown(real, "dispositifs", section="matrice").visual
    assert isinstance(matrix, ChartVisual) and matrix.native is not None
    # A slide holds the areas with most schemes, and its note counts the others.
    total = sum(v or 0 for s in matrix.native.series for v in s.values)
    by_area = schemes.matrix(real, schemes.ALL_SCHEMES).groupby("name")["schemes"].sum()
    drawn = list(matrix.native.categories)
    assert total == by_area.sort_values(ascending=False).head(len(drawn)).sum()
    if len(drawn) < len(by_area):
        assert f"Et {len(by_area) - len(drawn)}" in shown(real, "dispositifs", section="matrice").note

    side = shown(real, "regions", section="comparer", region=["53", "06"], groupe="objets").visual
    assert isinstance(side, ChartVisual) and side.native is not None
    compared = regional.compare(real, "regions", ["53", "06"]).set_index("label")
    for at, label in enumerate(side.native.categories):
        assert side.native.series[0].values[at] == pytest.approx(float(compared.loc[label, "53"]))


def test_unknown_stays_unknown(real: Dataset) -> None:
    """Brittany has no documented public money: no bar of zero, and the words say so."""
    assert pd.isna(
        regional.values(real, "regions")
        .query("indicator_id == 'public_money' and code == '53'")["value"]
        .iloc[0]
    )
    made = shown(real, "regions", section="comparer", region=["53", "52"], groupe=decks.ready.MONEY_GROUP)
    assert isinstance(made.visual, ChartVisual) and made.visual.native is not None
    bretagne = next(s for s in made.visual.native.series if s.name == "Bretagne")
    assert set(bretagne.values) == {None}
    assert "non renseigné\u00a0: Bretagne" in made.message


def test_a_scene_of_a_study_shows_the_study_given(real: Dataset) -> None:
    one, two = (a_study(Perimeter(epci=(code,), zone_km=10.0)) for code in ("243500741", "200067205"))
    for scene_ in decks.from_study(real, one).scenes:
        check(content(real, scene_, one))
    for study in (one, two):
        made = shown(real, "etude", study, section="perimetre")
        assert f"{len(resolve(real, study.perimeter).communes)}\u00a0communes" in made.title
    afom = shown(real, "etude", one, section="autodiagnostic", partie="afom")
    assert isinstance(afom.visual, TableVisual) and afom.visual.rows[0][1] == "<b>Un atout</b>"


# --- what a scene may hold ---------------------------------------------------------------------------


def test_what_cannot_be_used_is_named_and_the_rest_applies(real: Dataset) -> None:
    made = shown(real, "carte", region=["53", "zz"], inconnu="1")
    assert len(made.problems) == 2 and "zz" in "".join(made.problems) and "inconnu" in "".join(made.problems)
    assert "en Bretagne" in made.title
    assert "inconnue" in shown(real, "ailleurs").problems[0]
    lost = shown(real, "dispositifs", section="projet", lieu="epci:243500741", montant="beaucoup")
    assert any("beaucoup" in p for p in lost.problems)
    for page, parameters in (
        ("dispositifs", {"section": "projet", "lieu": "commune:99999"}), ("territoires", {"lieu": "epci:zz"}),
        ("regions", {"section": "proches", "de_epci": "zz"}), ("dispositifs", {"dispositif": "zz"}),
        ("carte", {"q": "zzzzzz"}), ("dispositifs", {"q": "zzzzzz"}), ("territoires", {"section": "sensibilite", "sans": ["r1"]}),
    ):  # fmt: skip
        check(shown(real, page, **parameters))


def test_the_words_of_the_speaker_are_kept(real: Dataset) -> None:
    mine = Scene(id="s", page="accueil", title="Mon titre", message="Mon message", notes="Mes notes")
    made = content(real, mine)
    assert (made.title, made.message, made.notes) == ("Mon titre", "Mon message", "Mes notes")


def test_what_is_left_out_is_counted(real: Dataset) -> None:
    made = shown(real, "dispositifs", section="echanges")
    assert isinstance(made.visual, TableVisual)
    left = len(made.facts) - len(made.visual.rows)
    assert f"Et {left}\u00a0autres lignes" in made.note


# --- projector ---------------------------------------------------------------------------------------


def assert_legible(figure: go.Figure) -> None:
    layout = figure.layout
    assert (layout.width, layout.height) == (1680, 760)
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.size >= 24 and layout.legend.font.size >= 24
    for name in layout:
        if name.startswith(("xaxis", "yaxis")):
            assert layout[name].tickfont.size >= 24 and layout[name].title.font.size >= 24
    for note in layout.annotations:
        assert note.font.size >= 24
    for trace in figure.data:
        if trace.type in ("bar", "heatmap"):
            assert trace.textfont.size >= 24
        if trace.type == "scatter" and "markers" in (trace.mode or "") and trace.marker.opacity is None:
            assert trace.marker.size >= 16


def test_a_projector_leaves_the_figure_as_it_was(small: Dataset) -> None:
    figure = go.Figure(
        go.Scatter(x=[1], y=["a"], mode="lines+markers", marker={"size": 6}, line={"width": 1})
    )
    before = figure.to_json()
    dark, light = for_projector(figure, is_dark=True), for_projector(figure, is_dark=False)
    assert figure.to_json() == before
    assert dark.layout.font.color != light.layout.font.color
    assert dark.data[0].line.width >= 3
    assert_legible(dark)
