"""The regional deck as a file, read back with python-pptx: each native chart holds what the query gives."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from ptce_data import crosstabs, regional, schemes
from ptce_data import deck as decks
from ptce_data.deck import Deck
from ptce_data.load import Dataset
from ptce_data.places import KINDS, UNKNOWN
from ptce_data.schemes import SchemeSelection
from ptce_ui import text
from ptce_ui.exports.slides import to_pptx
from ptce_ui.scenes import content, slides

DAY = datetime.date(2026, 11, 22)
#: Brittany (kept whole in 2016, no public money known), Nouvelle-Aquitaine (merged), La Réunion (types unknown).
CODES = ("53", "75", "04")
Chart = dict[str, dict[str, float | None]]
_KEPT: dict[str, tuple[Deck, Any]] = {}


def written(dataset: Dataset, code: str) -> tuple[Deck, Any]:
    """The deck of a region, and its file opened again."""
    if code not in _KEPT:
        deck = decks.region(dataset, code, today=DAY)
        # The maps have no chart: without them the file takes a third of the time.
        charts = deck.replace(scenes=tuple(s for s in deck.scenes if s.page in ("regions", "dispositifs") or ("section", ("densite",)) in s.query))  # fmt: skip
        _KEPT[code] = charts, Presentation(io.BytesIO(to_pptx(slides(dataset, charts, today=DAY))))
    return _KEPT[code]


def scene_of(deck: Deck, **wanted: str) -> Any:
    found = [s for s in deck.scenes if all(dict(s.query).get(k) == (v,) for k, v in wanted.items())]
    assert len(found) == 1, wanted
    return found[0]


def charts(dataset: Dataset, code: str, **wanted: str) -> list[Any]:
    """The charts of a scene: one, or several where its categories take several slides."""
    deck, opened = written(dataset, code)
    title = content(dataset, scene_of(deck, **wanted)).title
    listed = [s for s in opened.slides if s.shapes.title is not None and s.shapes.title.text_frame.text.startswith(title)]  # fmt: skip
    return [shape.chart for slide in listed for shape in slide.shapes if shape.has_chart]


def read(dataset: Dataset, code: str, **wanted: str) -> Chart:
    """Series -> category -> value, as the file has them."""
    made: Chart = {}
    found = charts(dataset, code, **wanted)
    assert found, wanted
    for chart in found:
        plot = chart.plots[0]
        names = [str(c) for c in plot.categories]
        for series in plot.series:
            assert len(series.values) == len(names)
            made.setdefault(series.name, {}).update(zip(names, series.values, strict=True))
    return made


def known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def same(found: Chart, expected: Chart) -> None:
    """Series, categories and values, in their order; the file keeps the digits of a double."""
    assert list(found) == list(expected)
    for name, values in expected.items():
        assert list(found[name]) == list(values), name
        for category, value in values.items():
            got = found[name][category]
            assert (got is None) == (value is None), (name, category)
            if value is not None:
                assert got == pytest.approx(value, rel=1e-12), (name, category)


@pytest.mark.parametrize("code", CODES)
def test_densities_are_those_of_the_query(code: str, real: Dataset) -> None:
    rows = crosstabs.density(real, code)
    rows = rows[(rows["territory_type"] != UNKNOWN) & (rows["population"] > 0)]
    if not rows["per_100k"].any():
        deck, _ = written(real, code)
        assert not any(dict(s.query).get("section") == ("densite",) for s in deck.scenes), "un graphique vide"
        return
    labels = text.Labels(real.categories)
    expected: Chart = {}
    for kind in KINDS:
        own = rows[rows["kind"] == kind]
        expected[text.KIND_LABELS[kind]] = {
            labels.of("territory_type", t): known(v)
            for t, v in zip(own["territory_type"], own["per_100k"], strict=True)
        }
    found = read(real, code, section="densite")
    assert {k: dict(sorted(v.items())) for k, v in found.items()} == {
        k: {c: pytest.approx(x, rel=1e-12) for c, x in sorted(v.items())} for k, v in expected.items()
    }


@pytest.mark.parametrize("group", ["objets", "argent"])
@pytest.mark.parametrize("code", CODES)
def test_regions_side_by_side_have_the_values_of_the_query(code: str, group: str, real: Dataset) -> None:
    deck, _ = written(real, code)
    asked = dict(scene_of(deck, section="comparer", groupe=group).query)["region"]
    names = regional.names(real, "regions")["name"]
    table = regional.values(real, "regions").pivot(index="indicator_id", columns="code", values="value")
    national = regional.national(real).set_index("indicator_id")["value"]
    found = read(real, code, section="comparer", groupe=group)
    label = regional.registry(real).set_index("label")["indicator_id"]
    drawn = list(found[names[code]])
    ids = label.loc[drawn].to_list()
    assert drawn and asked[0] == code
    expected: Chart = {str(names[c]): {n: known(table.loc[i, c]) for n, i in zip(drawn, ids, strict=True)} for c in asked}  # fmt: skip
    expected["France"] = {n: known(national[i]) for n, i in zip(drawn, ids, strict=True)}
    expected["Médiane"] = {n: known(table.loc[i].median()) for n, i in zip(drawn, ids, strict=True)}
    same(found, expected)


def test_an_unknown_value_is_empty_in_the_chart_and_in_its_sheet(real: Dataset) -> None:
    values = regional.values(real, "regions").set_index(["indicator_id", "code"])["value"]
    unknown = {c for c in CODES if pd.isna(values["public_money_per_head", c])} if "public_money_per_head" in values.index else set()  # fmt: skip
    found = read(real, "53", section="comparer", groupe="argent")
    assert unknown <= {"53"}
    assert found["Bretagne"] == dict.fromkeys(found["Bretagne"])
    assert all(v is None or v > 0 for s in found.values() for v in s.values()), "inconnu n’est jamais 0"
    for chart in charts(real, "53", section="comparer", groupe="argent"):
        sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        assert sheet is not None
        heads = [c.value for c in sheet[1]]
        column = heads.index("Bretagne") + 1
        assert sheet.cell(2, column).value is None
        assert sheet.cell(2, heads.index("Pays de la Loire") + 1).value
        plot = chart.plots[0]._element
        own = next(s for s in plot.iterchildren("{*}ser") if "Bretagne" in "".join(s.find("{*}tx").itertext()))  # fmt: skip
        assert own.find("{*}val").findall(".//{*}pt") == []


@pytest.mark.parametrize("code", CODES)
def test_the_closest_regions_are_those_of_the_query(code: str, real: Dataset) -> None:
    found = read(real, code, section="proches")
    first = next(iter(found.values()))
    rows = regional.peers(real, "regions", code, n=len(first)).set_index("name")
    assert list(first) == list(rows.index) and len(first) >= 5
    parts = [c for c in rows if c.startswith("contribution_")]
    assert len(found) == len(parts)
    for name in first:
        drawn = sorted(v for s in found.values() if (v := s[name]) is not None)
        assert drawn == pytest.approx(sorted(rows.loc[name, parts].dropna()), rel=1e-9)


@pytest.mark.parametrize("code", CODES)
def test_schemes_by_level_and_status_are_those_found(code: str, real: Dataset) -> None:
    rows = schemes.find(real, SchemeSelection(areas=(code,), with_national=False))
    labels = text.Labels(real.categories)
    found = read(real, code, section="catalogue")
    counted = rows.groupby(["status", "level"]).size()
    drawn = {(s, c): v for s, values in found.items() for c, v in values.items() if v}
    assert drawn == {
        (labels.of("scheme_status", s), labels.of("scheme_level", c)): n for (s, c), n in counted.items()
    }
    assert sum(drawn.values()) == len(rows)


@pytest.mark.parametrize("code", CODES)
def test_the_matrix_is_that_of_the_query(code: str, real: Dataset) -> None:
    deck, _ = written(real, code)
    asked = dict(scene_of(deck, section="matrice").query)["region"]
    rows = schemes.matrix(real, SchemeSelection(areas=asked, with_national=False))
    rows = rows[rows["code"].isin(asked)]
    found = read(real, code, section="matrice")
    drawn = {(c, s): v for s, values in found.items() for c, v in values.items() if v}
    cells = rows[rows["schemes"] > 0]
    assert drawn == {
        (n, c): v for n, c, v in zip(cells["name"], cells["category_label"], cells["schemes"], strict=True)
    }
    assert set(next(iter(found.values()))) == set(rows["name"])


def test_before_and_after_2016(real: Dataset) -> None:
    rows = regional.before_after(real, "poles", "75")
    found = read(real, "75", section="reforme")
    assert len(found) == 1
    (values,) = found.values()
    assert [c.removesuffix(" (avant 2016)") for c in values] == list(rows["name"])
    assert list(values.values()) == [known(v) for v in rows["value"]]
    former = rows[rows["level"] != "regions"]["value"]
    assert next(iter(values.values())) == former.sum()


def test_every_chart_of_the_deck_can_be_edited(real: Dataset) -> None:
    for code in CODES:
        _, opened = written(real, code)
        made = [s.chart for slide in opened.slides for s in slide.shapes if s.has_chart]
        assert len(made) >= 4
        check: Callable[[Any], Any] = lambda chart: chart.part.chart_workbook.xlsx_part  # noqa: E731
        assert all(check(chart) is not None for chart in made)
