"""Charts and tables of the Financements page: nothing added over bases, nothing filled in."""

from __future__ import annotations

import pandas as pd
import pytest

from ptce_data.funding import flows, programmes, public_money
from ptce_data.funding import mixes as documented
from ptce_data.load import Dataset
from ptce_ui import funding_figures, funding_tables, text
from ptce_ui.figures import ABOVE, wrapped


def test_each_bar_is_one_mix_and_makes_a_hundred(real: Dataset) -> None:
    drawn = [m for m in documented.mixes(real) if m.parts and m.has_shares]
    names = funding_tables.unique_names(drawn)
    assert len(set(names.values())) == len(drawn)
    chart = funding_figures.mixes(documented.parts_frame(drawn), [m.id for m in drawn], names)
    totals = dict.fromkeys((wrapped(n, ABOVE) for n in names.values()), 0.0)
    assert len(totals) == len(drawn)
    for trace in chart.data:
        for label, share in zip(trace.y, trace.x, strict=True):
            totals[label] += share
    assert all(total == pytest.approx(100, abs=1) for total in totals.values())
    assert chart.data[-1].name == "Non renseigné"
    assert chart.data[-1].marker.pattern.shape == "/"


def test_what_is_not_computable_says_why(real: Dataset) -> None:
    every = documented.mixes(real)
    rows = funding_tables.mixes(every, funding_tables.unique_names(every))
    assert len(rows) == len(every)
    for row in rows.to_dict("records"):
        if "non calculable" in row.values():
            assert row["Pourquoi pas calculable"]


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "said"),
    [
        (45.0, None, None, "%", "45\u00a0%"),
        (None, 4.0, 96.0, "%", "entre 4\u00a0% et 96\u00a0%"),
        (None, 2.0, None, "financeurs", "au moins 2"),
        (None, None, None, "points", "non calculable"),
    ],
)
def test_measures_in_words(
    value: float | None, low: float | None, high: float | None, unit: str, said: str
) -> None:
    assert funding_tables.measure_text(value, low, high, unit) == said


def test_contradictions_stand_side_by_side(real: Dataset) -> None:
    rows = programmes.over_time(real)
    envelope = rows[(rows["metric"] == "envelope") & (rows["programme_id"] == "aap-ptce-2015")]
    shown = funding_tables.programmes(envelope, funding_tables.publishers(real))
    assert {"oui"} == set(shown["Contredite"])
    values = " ".join(shown["Valeur"])
    assert "2\u202f750\u202f000" in values and "2\u202f700\u202f000" in values
    chart = funding_figures.over_time(envelope, "€")
    assert sum(len(trace.x) for trace in chart.data) == len(envelope)
    assert chart.layout.yaxis.title.text == "€"


def test_flows_balance_and_have_one_unit(real: Dataset) -> None:
    made = flows.flows(real, "laureats")
    chart = funding_figures.sankey(made.nodes, made.links, "lauréats")
    assert sum(chart.data[0].link.value) == 2 * made.awards
    assert len(chart.data[0].node.label) == len(made.nodes)


def test_nothing_documented_is_not_zero(real: Dataset) -> None:
    shown = funding_tables.public_money(public_money.by_level_and_region(real), text.Labels(real.categories))
    nothing = shown[shown["Aides documentées"] == 0]
    assert (nothing["Montant"] == "rien de documenté").all()
    chart = funding_figures.by_region(
        public_money.by_level_and_region(real), {"etat": "État", "region": "Région"}
    )
    assert len(chart.data) >= 1


def test_a_hostile_name_cannot_make_a_link_in_a_chart() -> None:
    rows = pd.DataFrame(
        {
            "entity_name": ["<a href='https://x'>x</a>", "B"],
            "funder": ["<b>F</b>", "F"],
            "year": [2019, 2020],
            "amount_eur": [1.0, 2.0],
        }
    )
    chart = funding_figures.imported(rows)
    said = [text.replace("<br>", " ") for trace in chart.data for text in [*trace.y, trace.name]]
    assert said and not any("<" in text for text in said)
