"""What the Régions page says: the comparison in words, the dots, the two sets of regions."""

from __future__ import annotations

import io
import math

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import load as loading
from ptce_data import regional
from ptce_data.byversion import ByVersion
from ptce_data.load import Dataset
from ptce_ui import exports, figures, region_figures, region_kept
from ptce_ui import region_tables as tables
from ptce_ui.summaries import said
from ptce_ui.text import UNKNOWN_TEXT, number
from tests.test_pages import visit, words

CHOSEN = {"53": "Bretagne", "04": "La Réunion"}


def test_unknown_is_said_and_numbers_are_those_of_the_data(real: Dataset) -> None:
    registry = regional.registry(real)
    decimals = dict(zip(registry["indicator_id"], registry["decimals"], strict=True))
    compared = regional.compare(real, "regions", list(CHOSEN))
    written = tables.written(compared, CHOSEN, decimals)
    assert list(written) == [
        "Indicateur",
        "Unité",
        *CHOSEN.values(),
        "France",
        "Médiane",
        "Territoires connus",
    ]
    rural = compared["indicator_id"] == "population_share_rural"
    assert written.loc[rural, "La Réunion"].item() == UNKNOWN_TEXT
    poles = compared["indicator_id"] == "poles"
    counted = real.places[(real.places["kind"] == "pole") & (real.places["region_code"] == "53")]["object_id"]
    assert written.loc[poles, "Bretagne"].item() == number(counted.nunique())
    assert not (written == "nan").any().any()


def test_a_chart_holds_every_known_value_and_no_unknown_one(real: Dataset) -> None:
    registry = regional.registry(real)
    ids = registry[registry["unit"] == "pour 100 000 hab."]["indicator_id"]
    compared = regional.compare(real, "regions", list(CHOSEN))
    rows = compared[compared["indicator_id"].isin(ids)]
    values = regional.values(real, "regions")
    chart = region_figures.dots(
        rows, values[values["indicator_id"].isin(ids)], CHOSEN, "pour 100 000 hab.", 2
    )
    drawn = {trace.name: list(trace.x) for trace in chart.data}
    for code, name in CHOSEN.items():
        assert drawn[name] == pytest.approx(rows[code].dropna().tolist())
    assert not any(math.isnan(v) for x in drawn.values() for v in x)
    assert len(region_figures.dot_legend(CHOSEN, True)) == len(chart.data)
    # The picture that is taken away carries the legend that the screen shows once.
    picture = exports.render(chart, "svg", "Essai", "Source : essai")
    assert b"</svg>" in picture and picture.count(b"<use") > 20


def test_marks_differ_by_shape_as_well_as_by_colour() -> None:
    colours, symbols = zip(*region_figures.MARKS, strict=True)
    assert len(set(colours)) == len(set(symbols)) == 10


def test_hostile_names_stay_text_in_charts(hostile: Dataset) -> None:
    rows = hostile.places.head(3).assign(value=[1.0, 2.0, None], is_new=False)
    chart = region_figures.reform(rows[["name", "value", "is_new"]], "<b>%</b>", 0)
    said = [*chart.data[0].y, chart.layout.xaxis.title.text]
    assert not any("<" in text.replace("<br>", "") for text in said)
    assert figures.wrapped("a" * 50).count("<br>") == 2


@pytest.mark.parametrize("section", ["comparer", "cartes", "proches", "reforme"])
@pytest.mark.parametrize("level", ["regions", "former_regions", "departements"])
def test_each_part_draws_at_each_level(app: AppTest, section: str, level: str) -> None:
    visit(app, "pages/regions.py", section=section, niveau=level, proche_niveau=level)
    assert not app.error


def test_two_regions_side_by_side(app: AppTest) -> None:
    visit(app, "pages/regions.py", region=["84", "76"])
    table = app.dataframe[0].value
    assert {"Auvergne-Rhône-Alpes", "Occitanie", "France", "Médiane"} <= set(table.columns)
    assert "En Occitanie, " in words(app)


def test_an_eleventh_region_is_not_compared(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(loading.DATA_DIR))
    codes = ["11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84"]
    visit(app, "pages/regions.py", region=codes)
    assert app.multiselect[0].value == codes[:10]


def test_the_download_says_what_each_number_means(real: Dataset) -> None:
    registry = regional.registry(real)
    compared = regional.compare(real, "regions", list(CHOSEN))
    table = tables.downloadable(compared, registry, CHOSEN)
    ids = tables.source_ids(registry, compared["indicator_id"])
    book = openpyxl.load_workbook(io.BytesIO(exports.with_sources(real, table, ids, "Comparaison")))
    heads = [c.value for c in book["Tableau"][1]]
    assert {"Bretagne", "France", "definition", "source_text"} <= set(heads)
    assert book["Tableau"].max_row == len(registry) + 1
    assert book["Sources"].max_row == len(ids) + 1


def test_the_dots_drawn_are_those_of_the_picture(real: Dataset) -> None:
    registry = regional.registry(real)
    rows = registry[(registry["scope"] == "areas") & (registry["group"] == registry["group"].iloc[0])]
    group, unit = str(rows["group"].iloc[0]), str(rows["unit"].iloc[0])
    made = region_kept.dots(ByVersion(real), "regions", None, tuple(CHOSEN.items()), group, unit)
    assert made is not None
    drawn, picture = made
    assert len(drawn.data) == 2 < len(picture.data)
    dots = list(drawn.data[1].x), list(drawn.data[1].y), list(drawn.data[1].marker.symbol)
    theirs = [
        (x, y, trace.marker.symbol)
        for trace in picture.data[1:]
        for x, y in zip(trace.x, trace.y, strict=True)
    ]
    assert list(zip(*dots, strict=True)) == theirs
    assert {t.hovertemplate for t in picture.data[1:] if len(t.x)} == set(drawn.data[1].hovertemplate)
    assert said(drawn, "Titre") == said(picture, "Titre") and "Titre. " in said(drawn, "Titre")
