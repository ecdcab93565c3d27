"""What the Dispositifs page says: catalogue, fiche, matrix, timeline, search by project, exchange."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import aid_standard, schemes
from ptce_data.load import Dataset
from ptce_data.schemes import ALL_SCHEMES, Project
from ptce_ui import exports, scheme_figures, text
from ptce_ui import scheme_tables as tables
from tests.test_pages import visit, words

SECTIONS = ["catalogue", "projet", "matrice", "frise", "echanges"]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_part_draws(app: AppTest, section: str) -> None:
    visit(app, "pages/dispositifs.py", section=section)
    assert not app.error


def test_filters_come_from_the_address_and_keep_the_sentence_true(app: AppTest) -> None:
    visit(app, "pages/dispositifs.py", statut=["closed"], echelon=["region"])
    shown = app.dataframe[0].value
    assert f"{text.count(len(shown), 'dispositif documenté', 'dispositifs documentés')}" in words(app)
    assert set(shown["Statut à la date de la source"]) == {"Clos"}
    assert set(shown["Échelon"]) == {"Région"}


def test_nothing_found_offers_a_way_out(app: AppTest) -> None:
    visit(app, "pages/dispositifs.py", q="zzzz introuvable")
    assert any("Aucun dispositif documenté" in i.value for i in app.info)
    assert any(b.label == "Effacer les filtres" for b in app.button)


def test_a_project_is_answered_with_reasons(
    app: AppTest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTCE_DATA_DIR", str(Path(__file__).resolve().parents[1] / "data"))
    visit(app, "pages/dispositifs.py", section="projet", lieu="epci:243500741", montant="50 000,00 €")
    table = app.dataframe[0].value
    assert len(table) > 20 and table["Pourquoi"].str.len().gt(0).all()
    assert not app.warning
    visit(app, "pages/dispositifs.py", section="projet", lieu="epci:243500741", montant="beaucoup")
    assert any("n’est pas un nombre d’euros" in w.value for w in app.warning)


def test_the_matrix_says_that_nothing_is_documented_never_nothing(real: Dataset) -> None:
    counted = schemes.matrix(real, ALL_SCHEMES)
    breakdown = schemes.status_breakdown(real, ALL_SCHEMES)
    shown = tables.matrix(counted, breakdown)
    assert len(shown) == 20
    cells = shown.drop(columns=["Territoire", "Ouverts", "Statut inconnu", "Clos", "Total"])
    assert (cells == schemes.NOTHING_DOCUMENTED).sum().sum() == (counted["schemes"] == 0).sum() > 0
    assert not (cells == "0").any().any()
    chart = scheme_figures.matrix(counted)
    drawn = [v for line in chart.data[0].z for v in line if v is not None]
    assert sum(drawn) == counted["schemes"].sum()
    assert exports.render(chart, "png", "Matrice", "Source : essai").startswith(b"\x89PNG")


def test_the_timeline_tells_a_known_end_from_an_unknown_one(real: Dataset) -> None:
    rows = schemes.timeline(real)
    rows = rows[rows["lane"] == "labels"]
    chart = scheme_figures.timeline(rows, {})
    known = next(t for t in chart.data if t.name == "période connue")
    assert sum(v is None for v in known.x) == int(rows["end_known"].sum())
    assert sum(v is None for t in chart.data for v in t.x) == len(rows)
    assert len(set(chart.layout.yaxis.categoryarray)) == len(rows)


def test_a_fiche_names_the_unknown_and_escapes_the_rest(real: Dataset, hostile: Dataset) -> None:
    labels = text.Labels(real.categories)
    for scheme in real.support_schemes["id"]:
        found = schemes.detail(real, scheme)
        assert found is not None
        html = tables.fiche(found, labels)
        assert "vu le" in html
        if found.unknown:
            assert "Ce que la source ne dit pas" in html
    for scheme in hostile.support_schemes["id"]:
        found = schemes.detail(hostile, scheme)
        assert found is not None
        assert "<script" not in tables.fiche(found, text.Labels(hostile.categories))


def test_cards_say_why_and_what_to_check(real: Dataset) -> None:
    fit = schemes.fit(real, Project("ptce", epci=("243500741",), amount_eur=50_000))
    first = fit.ranked.iloc[0]
    card = tables.card(first)
    assert "Pourquoi" in card and text.escape_html(first["reasons"][0]) in card
    assert len(tables.ranked(real, fit)) + len(tables.ruled_out(real, fit)) == len(real.support_schemes)
    assert tables.criteria()["Points au plus"].sum() == 100


def test_the_selection_leaves_in_the_national_standard_and_comes_back(real: Dataset) -> None:
    found = schemes.find(real, ALL_SCHEMES.replace(levels=("departement",)))
    raw = aid_standard.export(real, found).csv()
    back = aid_standard.read_standard(real, raw, "retour.csv")
    assert back.report.refused == 0
    assert set(back.rows["id"]) == set(found["id"])
    shown = tables.catalogue(real, back.rows)
    assert len(shown) == len(found)


def test_the_filters_and_their_heading_come_and_go_together(app: AppTest) -> None:
    """Also in the very run that changes the part: the address is written at its end only."""
    visit(app, "pages/dispositifs.py")
    for section in ("projet", "matrice", "echanges", "catalogue"):
        app.session_state["dispositifs|section"] = section
        app.run()
        headings = [h.value for h in app.sidebar.header]
        assert headings == ([] if section == "projet" else ["Filtres"]), section
        assert bool(app.sidebar.multiselect) == bool(headings), section
