"""One's own layer in a real browser: from the file to the map, for its reader only; what leaves; the API beside."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable

import geopandas as gpd
import pytest
from playwright.sync_api import Page, expect

from ptce_data.load import Dataset
from tests.browser.helpers import ready

HOSTILE = "<img src=x onerror=alert(1)> ${7*7} `a`"
LINES = f"""nom;famille;code insee;latitude;longitude
"{HOSTILE}";fablab;35236;47,6519;-2,0847
Grange du marais;coworking;44128;;
Perdue;coworking;99999;;
"""


def send(page: Page, site: str) -> None:
    page.goto(f"{site}/donnees?section=couche")
    ready(page)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "lieux.csv", "mimeType": "text/csv", "buffer": LINES.encode()}
    )
    expect(page.get_by_text("Ce que contient le fichier")).to_be_visible()
    page.get_by_role("button", name="Vérifier les lignes").click()
    expect(page.get_by_text("Ce que devient chaque ligne")).to_be_visible()
    page.get_by_role("button", name="Ajouter à l’atlas").click()
    expect(page.get_by_text("Voir sur la carte")).to_be_visible()


def test_a_layer_is_on_the_map_of_its_reader_only(
    open_context: Callable[..., tuple[object, list[str]]], site: str, real: Dataset
) -> None:
    context, outside = open_context()
    page: Page = context.new_page()  # type: ignore[attr-defined]
    fetched: list[str] = []
    page.on("response", lambda r: fetched.append(r.url) if "/static/own/" in r.url else None)
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    send(page, site)
    page.get_by_text("Voir sur la carte").click()
    box = page.frame_locator("iframe[data-testid='stCustomComponentV1']").locator("#map_div")
    expect(box).to_have_attribute("data-own", "2")
    drawn = int(box.get_attribute("data-points") or 0)
    assert drawn == int(real.places["lon"].notna().sum()) + 2
    expect(page.get_by_text("dont 2 importés par vous")).to_be_visible()
    expect(page.get_by_text("cerclé de tirets : importé par vous")).to_be_visible()
    assert len(fetched) == 1 and not dialogs and not outside

    other, _ = open_context()
    theirs: Page = other.new_page()  # type: ignore[attr-defined]
    theirs.goto(f"{site}/carte")
    box = theirs.frame_locator("iframe[data-testid='stCustomComponentV1']").locator("#map_div")
    expect(box).to_have_attribute("data-points", str(drawn - 2))
    assert theirs.get_by_text("importé").count() == 0
    with urllib.request.urlopen(f"{site}/api/collections/tiers_lieux/items?f=json&limit=1") as answer:
        assert json.load(answer)["numberMatched"] == len(real.tiers_lieux)


def test_the_proposal_and_the_layer_leave_as_files(page: Page, site: str) -> None:
    send(page, site)
    with page.expect_download() as given:
        page.get_by_role("button", name="Proposer ces lignes aux mainteneurs").click()
    with zipfile.ZipFile(given.value.path()) as held:
        assert HOSTILE in held.read("tiers_lieux.csv").decode()


@pytest.mark.parametrize("label", ["Carte (GeoPackage)", "Carte (GeoJSON)", "Carte (GeoParquet)"])
def test_the_selection_leaves_with_its_geometry(page: Page, site: str, real: Dataset, label: str) -> None:
    page.goto(f"{site}/carte?region=04")
    ready(page)
    page.get_by_role("button", name="Autres formats").click()
    with page.expect_download() as given:
        page.get_by_role("button", name=label).click()
    content = io.BytesIO(given.value.path().read_bytes())
    rows = gpd.read_parquet(content) if "Parquet" in label else gpd.read_file(content)
    expected = real.places[real.places["region_code"] == "04"]
    assert sorted(rows["uid"]) == sorted(expected["uid"])
    assert rows.crs.to_epsg() == 4326
