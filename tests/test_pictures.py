"""Charts as pictures, without a browser: whole, readable, safe against hostile names."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from ptce_data import crosstabs
from ptce_data.funding import flows, programmes, public_money
from ptce_data.funding import mixes as documented
from ptce_data.load import Dataset
from ptce_ui import exports, figures, funding_figures, funding_tables
from ptce_ui.theme import TYPE_COLOURS
from tests.mini import HOSTILE_NAMES

NAMES = {t: t for t in TYPE_COLOURS}


def charts(real: Dataset) -> dict[str, object]:
    drawn = [m for m in documented.mixes(real) if m.parts and m.has_shares]
    rows = programmes.over_time(real)
    made = flows.flows(real, "laureats")
    crossed = crosstabs.cross(real, "activity_family", "territory_type", False)
    return {
        "mixes": funding_figures.mixes(
            documented.parts_frame(drawn), [m.id for m in drawn], funding_tables.unique_names(drawn)
        ),
        "calls": funding_figures.over_time(rows[rows["metric"] == "envelope"], "€"),
        "flows": funding_figures.sankey(made.nodes, made.links, "lauréats"),
        "regions": funding_figures.by_region(public_money.by_level_and_region(real), {"etat": "État"}),
        "density": figures.density(crosstabs.density(real), NAMES),
        "multiples": figures.small_multiples(crossed, NAMES, {v: v for v in crossed["value"]}, "pôles"),
    }


@pytest.fixture(scope="module")
def drawn(real: Dataset) -> dict[str, object]:
    return charts(real)


@pytest.mark.parametrize("name", ["mixes", "calls", "flows", "regions", "density", "multiples"])
def test_every_chart_is_drawn_in_both_formats(drawn: dict[str, object], name: str) -> None:
    chart = drawn[name]
    png = Image.open(io.BytesIO(exports.render(chart, "png", "Titre", "Sources : essai")))  # type: ignore[arg-type]
    assert png.width >= 2000
    colours = {c for _, c in (png.convert("RGB").getcolors(1 << 24) or [])}
    assert len(colours) > 20
    svg = exports.render(chart, "svg", "Titre", "Sources : essai")  # type: ignore[arg-type]
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert b'href="http' not in svg.replace(b"http://www.w3.org", b"")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_drawn_as_text(name: str) -> None:
    rows = pd.DataFrame(
        {"entity_name": [name, "B"], "funder": ["F", name], "year": [2019, 2020], "amount_eur": [1.0, 2.0]}
    )
    svg = exports.render(funding_figures.imported(rows), "svg", name, name)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert not tags & {"script", "image", "foreignObject", "a"}


def test_the_same_chart_gives_the_same_picture(real: Dataset) -> None:
    one, two = (exports.render(charts(real)["density"], "png", "T", "S") for _ in range(2))  # type: ignore[arg-type]
    assert one == two


@pytest.mark.parametrize("width", [85, 170, 400])
def test_a_picture_is_as_wide_as_asked_at_300_dots_per_inch(width: int) -> None:
    figure = go.Figure(go.Bar(x=[1, 2], y=["a", "b"], orientation="h"))
    made = Image.open(io.BytesIO(exports.render(figure, "png", "Titre", "Source", width)))
    assert made.width == pytest.approx(width / 25.4 * 300, abs=2)
    assert made.info["dpi"][0] == pytest.approx(300, abs=1)


def test_a_picture_is_a_pdf_too() -> None:
    figure = go.Figure(go.Bar(x=[1, 2], y=["a", "b"], orientation="h"))
    one, two = (exports.render(figure, "pdf", "Titre", "Source") for _ in range(2))
    assert one.startswith(b"%PDF") and one == two
