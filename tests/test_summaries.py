"""The sentence that says what a chart shows: highest and lowest really are."""

from __future__ import annotations

import plotly.graph_objects as go
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_ui import accessibility
from ptce_ui.summaries import said, sentence


def test_bars_lying_down_name_their_rows() -> None:
    made = go.Figure(go.Bar(x=[3, 12.5, None], y=["Bretagne", "Île-de-<br>France", "Corse"], orientation="h"))
    words = sentence(made)
    assert "2\u00a0barres" in words and "Corse" not in words
    assert "valeur la plus haute : 12,5 (Île-de- France)" in words
    assert "la plus basse : 3 (Bretagne)" in words


def test_points_beside_names_and_series() -> None:
    made = go.Figure()
    made.add_scatter(x=[1, 2], y=["A", "B"], name="Pôles &amp; clusters")
    made.add_scatter(x=[2020, 2021], y=[5, 9], name="Lauréats")
    assert "la plus haute : 9 (2021, Lauréats)" in sentence(made)
    assert "la plus basse : 1 (A, Pôles & clusters)" in sentence(made)


def test_flows_matrices_and_nothing() -> None:
    flows = go.Figure(
        go.Sankey(
            node={"label": ["État", "Bretagne", "Corse"]},
            link={"source": [0, 0], "target": [1, 2], "value": [1500, 20]},
        )
    )
    assert "le plus gros va de État à Bretagne : 1\u202f500" in sentence(flows)
    assert "2\u00a0lignes et 3\u00a0colonnes" in sentence(go.Figure(go.Heatmap(z=[[1, 2, 3], [4, 5, 6]])))
    assert sentence(go.Figure()) == "" and said(go.Figure(), "Titre") == "Titre"
    assert said(flows, "Des appels aux pôles.").startswith("Des appels aux pôles. 2")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-999, 999)), min_size=0, max_size=8))
def test_any_values(values: list[int | None]) -> None:
    words = sentence(go.Figure(go.Bar(x=[f"n{i}" for i in range(len(values))], y=values)))
    known = [v for v in values if v is not None]
    assert bool(words) == bool(known)
    if len(set(known)) > 1:
        assert f"haute : {max(known)} (" in words and f"basse : {min(known)} (" in words


def test_the_declaration_names_every_exception() -> None:
    _, rows, _ = accessibility.tables()[0]
    for one in accessibility.AXE_EXCEPTIONS:
        assert one.criterion in set(rows["Critère RGAA"])
    assert rows.notna().all().all()
    assert ("sans exception" in accessibility.method()) == (not accessibility.AXE_EXCEPTIONS)
