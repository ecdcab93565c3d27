"""The doors of the home page: every link leads to a page that understands it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ptce_data import finding, query
from ptce_data.load import Dataset
from ptce_ui import conference_views, home, urlstate
from ptce_ui.home import Link
from ptce_ui.scenes import address
from tests.test_pages import visit, words


def understood(dataset: Dataset, link: Link) -> None:
    wanted = {n: [v] if isinstance(v, str) else list(v) for n, v in link.wanted.items()}
    if link.page == "conference":
        params = conference_views.params(dataset)
    elif link.page == "financements":
        return
    else:
        params = address.params(dataset, link.page)
    assert urlstate.parse(wanted, params).problems == [], link


@pytest.mark.parametrize(
    "text", ["bretagne", "ille-et-vilaine", "redon agglomération", "redon", "articulteurs", "fablab lille"]
)
def test_what_can_be_done_with_a_name_is_understood_by_its_page(real: Dataset, text: str) -> None:
    for hit in finding.find(real, text):
        found = home.actions(hit)
        assert found
        for link in found:
            understood(real, link)


def test_the_doors_lead_to_pages_that_understand_them(real: Dataset) -> None:
    for kind in home.KIND_NAMES:
        understood(real, home.explored_map(kind, "rural", "76"))
    for codes in ([], ["53"], ["53", "52"]):
        for link in home.deck_links(codes):
            understood(real, link)
    for link in home.comparison(["53", "52"]):
        understood(real, link)


def test_the_first_door_selects_by_the_type_of_the_epci(real: Dataset) -> None:
    selected = query.places(real, home.explored("tiers_lieu", "rural", "76"))
    assert set(selected["kind"]) == {"tiers_lieu"} and set(selected["region_code"]) == {"76"}
    assert set(selected["territory_type_epci"]) == {"rural"}
    # A bourg that is urban by itself is in a rural EPCI all the same.
    assert set(selected["territory_type"].dropna()) > {"rural"}
    said = home.explored_words(real, "tiers_lieu", "rural", "76", len(selected))
    assert said == f"{len(selected)}\u00a0tiers-lieux, intercommunalités (EPCI) de type rural, Occitanie"


def test_the_home_page_searches_and_keeps_it_in_its_address(app: AppTest) -> None:
    visit(app, "dashboard.py", q="<b>introuvable", objets="cluster", region="76")
    assert "Rien de ce nom" in words(app)
    app.text_input[0].set_value("gamma").run()
    assert not app.exception and app.query_params["q"] == "gamma"


def test_regions_that_are_not_known_are_said(app: AppTest) -> None:
    visit(app, "dashboard.py", presenter="Atlantide")
    assert "n’est pas reconnue" in words(app)
