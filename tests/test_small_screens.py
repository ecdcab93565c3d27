"""Tables on a telephone, and charts whose names stand above their rows."""

import pandas as pd
import plotly.graph_objects as go

from ptce_ui import figures, small_screens

ROWS = pd.DataFrame(
    {"Nom": ["Pôle", "Initiatives et Cité (Lille Métropole Solidaire)"], "Nature": ["PTCE", "PTCE"]}
)


def test_elsewhere_a_table_is_left_as_it_is() -> None:
    assert small_screens.fitted(ROWS, {}, {"height": 300}, on_phone=False) == ({}, {"height": 300})


def test_on_a_phone_the_first_column_stays_and_long_names_wrap() -> None:
    config, options = small_screens.fitted(ROWS, {"Nom": {"help": "x"}}, {}, on_phone=True)
    assert config["Nom"]["pinned"] and config["Nom"]["help"] == "x"
    # Above 60 % of a phone's 331 px Streamlit lets a pinned column go; below 64 px it does not wrap.
    assert config["Nom"]["width"] < 0.6 * 331
    assert options["row_height"] > 64


def test_short_names_keep_their_width_and_height() -> None:
    config, options = small_screens.fitted(ROWS.iloc[:1], {}, {}, on_phone=True)
    assert config == {"Nom": {"pinned": True}}
    assert options == {}


def test_names_above_leave_room_for_the_first_and_read_from_the_top() -> None:
    chart = figures.finish(go.Figure(), 100)
    height = figures.names_above(chart, ["un", "deux<br>lignes"])
    bottom, top = chart.layout.yaxis.range
    assert bottom > top
    assert top < -0.5
    assert chart.layout.yaxis.ticklabelposition == "inside"
    assert height > 2 * (2 * 17 + 26)
