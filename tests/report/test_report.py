"""The documents of three real studies, read back with the tools a user would have, beside the data they come from."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pypdfium2
import pytest

from ptce_data.load import Dataset
from ptce_data.study import Study, registries
from ptce_ui import text
from ptce_ui.exports import document as engine
from ptce_ui.exports.document import Picture
from ptce_ui.exports.report.build import compose
from ptce_ui.exports.report.facts import gather
from ptce_ui.exports.report.layers import geopackage
from ptce_ui.exports.report.tables import workbook
from tests.report import studies

#: Metric CRS of each perimeter.
METRES = {"lens": 2154, "redon": 2154, "ouest": 2975}


@dataclass
class Made:
    """What was made of one study."""

    name: str
    study: Study
    document: engine.Document
    files: dict[str, bytes]
    words: str

    def file(self, ending: str) -> bytes:
        """The content of the file with this ending."""
        return self.files[ending]


def plain(words: str) -> str:
    """One line: no-break spaces as spaces, words cut at the end of a line put together."""
    words = words.replace("\ufffe\r\n", "").replace("\ufffe", "").replace("-\r\n", "-")
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def text_of(pdf: bytes) -> str:
    """The text of a PDF, page after page, running heads included."""
    return plain("\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)))


@pytest.fixture(scope="module", params=list(studies.EPCI))
def made(request: pytest.FixtureRequest, real: Dataset) -> Made:
    """One computation per perimeter, its pictures drawn once for what is read here."""
    study: Study = getattr(studies, request.param)()
    facts = gather(real, study, studies.TODAY)
    # The pictures of a DOCX are drawn apart: one perimeter is enough here, the others are in tests/office.
    with_docx = request.param == "lens"
    document = compose(facts, ("svg", "png") if with_docx else ("svg",), lambda step, label: None)
    pdf = engine.to_pdf(document)
    files = {".pdf": pdf, ".xlsx": workbook(facts), ".gpkg": geopackage(facts)}
    if with_docx:
        files[".docx"] = engine.to_docx(document)
    return Made(request.param, study, document, files, text_of(pdf))


@pytest.fixture
def mine(made: Made, real: Dataset) -> gpd.GeoDataFrame:
    """The communes of the perimeter, straight from the layer."""
    return real.communes[real.communes["epci_siren"] == studies.EPCI[made.name]]


def said(value: float, decimals: int = 0) -> str:
    return plain(text.number(value, decimals))


def test_every_part_has_its_heading_and_is_in_the_contents(made: Made) -> None:
    for part, label in registries.PARTS.items():
        assert made.words.count(plain(label)) >= 2, part


def test_population_area_and_density_are_those_of_the_layer(made: Made, mine: gpd.GeoDataFrame) -> None:
    people, area = int(mine["population"].sum()), float(mine["area_km2"].sum())
    assert f"Habitants (population municipale 2022) {said(people)} " in made.words
    assert f"Superficie (km²) {said(area)} " in made.words
    assert f"Densité (habitants par km²) {said(people / area, 1)} " in made.words
    for name, code, population in zip(mine["name"], mine["commune_insee"], mine["population"], strict=True):
        assert re.search(rf"{re.escape(plain(name))} {code} .{{0,40}}? {said(population)} ", made.words), name


def test_types_are_those_of_the_classification(made: Made, real: Dataset, mine: gpd.GeoDataFrame) -> None:
    types = real.territories.communes.set_index("commune_insee")["territory_type"]
    kinds = mine["commune_insee"].map(types).fillna("non_renseigne")
    for kind, own in mine.groupby(kinds.to_numpy()):
        label = registries.TERRITORY_LABELS[kind]
        people = int(own["population"].sum())
        share = people / mine["population"].sum() * 100
        row = f"{label[:1].upper()}{label[1:]} {len(own)} {said(people)} {said(share, 1)} %"
        assert row in made.words, row


def test_access_is_what_distances_say(made: Made, real: Dataset, mine: gpd.GeoDataFrame) -> None:
    """Coworking: the study adds none, so that the layer and the inventory decide alone."""
    places = real.places[(real.places["tiers_lieu_kind"] == "coworking") & real.places["lon"].notna()]
    places = places[~places["geo_precision"].isin(["departement", "region", "aucune"])]
    places = places[places["status"] != "en_projet"]
    box = mine.total_bounds
    places = places[
        places["lon"].between(box[0] - 3, box[2] + 3) & places["lat"].between(box[1] - 3, box[3] + 3)
    ]
    metric = METRES[made.name]
    seats = gpd.GeoSeries(gpd.points_from_xy(places["lon"], places["lat"]), crs=4326).to_crs(metric)
    points = gpd.GeoSeries(gpd.points_from_xy(mine["lon"], mine["lat"]), crs=4326).to_crs(metric)
    away = np.array([seats.distance(p).min() if len(seats) else np.inf for p in points]) / 1000
    people = mine["population"].to_numpy()
    for radius in (5, 10, 20):
        within = people[away <= radius].sum()
        row = rf"Coworking {radius} km \d+ {said(within)} {re.escape(said(within / people.sum() * 100, 1))} %"
        assert re.search(row, made.words), (radius, within)


def test_places_of_the_atlas_and_of_the_author_are_listed(made: Made, real: Dataset) -> None:
    own = real.places[real.places["epci_siren"] == studies.EPCI[made.name]]
    own = own[~own["geo_precision"].isin(["departement", "region"])]
    for name in own["name"]:
        assert plain(name).replace(" ", "")[:25] in made.words.replace(" ", ""), name
    for place in made.study.places:
        assert place.name in made.words
    assert "ajouté par l’auteur" in made.words
    assert "Texte de l’auteur" in made.words


def test_the_budget_balances_to_the_euro_or_says_that_it_does_not(made: Made) -> None:
    assert "430 000 €" in made.words
    assert "en 2027, les emplois dépassent les ressources de 1 500 €" in made.words
    assert "chaque année, les emplois égalent les ressources" in made.words
    assert "71 499,50 €" in made.words
    assert "Temps donné 9 000 € 9 000 € 9 000 €" in made.words


def test_schemes_peers_and_poles_are_there(made: Made, real: Dataset) -> None:
    assert "Dispositif local d'accompagnement (DLA)" in made.words
    assert "Pôle Sud Aquitaine" in made.words
    name = real.epci.set_index("epci_siren")["name"][made.study.peers[0].rpartition(":")[2]]
    assert f"{plain(name)} (retenue)" in made.words
    assert "Proche par" in made.words


def test_no_code_no_missing_value_no_english(made: Made, real: Dataset) -> None:
    body = made.words[: made.words.rindex("Date, version et sources")]
    assert not re.search(r"\b(nan|NaN|None|NaT|null|True|False|<NA>|inf)\b", body)
    codes = {v for v in real.categories["value"] if "_" in v}
    codes |= {
        k
        for registry in (registries.ELEMENTS, registries.OBJECTIVES, registries.PLACE_KINDS)
        for k in registry
        if "_" in k
    }
    assert not [code for code in codes if re.search(rf"\b{re.escape(code)}\b", body)]
    assert not re.search(r"\b(unknown|planned|missing|present|existing|closed|open)\b", body)
    assert not re.search(r"\d\.\d{3}\b|\d,\d{3}\b", re.sub(r"https?://\S+", "", body).replace("(2", " "))


def test_every_table_and_figure_has_a_caption_and_a_source(made: Made) -> None:
    blocks = [b for b in made.document.blocks if isinstance(b, (engine.Table, engine.Picture))]
    assert len(blocks) > 25
    for block in blocks:
        assert block.source_ids or "Sources" in block.note, block.caption
    levels = [b.level for b in made.document.blocks if isinstance(b, engine.Heading)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_workbook_holds_the_tables_and_their_sources(
    made: Made, real: Dataset, mine: gpd.GeoDataFrame
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made.file(".xlsx")), read_only=True)
    frames = {
        s.title: pd.DataFrame(list(s.values)[1:], columns=next(iter(s.values))) for s in book.worksheets[:-1]
    }
    communes = frames["Communes"]
    assert set(communes["commune_insee"]) == set(mine["commune_insee"])
    assert int(communes["population"].sum()) == int(mine["population"].sum())
    assert {"Lieux", "Agencement", "Accès", "Dispositifs", "Comparables", "Scénarios", "Sources"} <= set(
        frames
    )
    assert (frames["Lieux"]["origin"] == "ajout").sum() == len(made.study.places)
    cited = {p for c in frames["Lieux"]["source_ids"].dropna() for p in c.split("|")} | set(
        frames["Dispositifs"]["source_id"]
    )
    assert cited <= set(frames["Sources"]["id"])
    assert book.worksheets[-1].title == "À propos"


def test_the_layers_open_in_gdal_with_the_same_counts(
    made: Made, mine: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "couches.gpkg"
    path.write_bytes(made.file(".gpkg"))
    assert {name for name, _ in pyogrio.list_layers(path)} == {"perimetre", "communes", "lieux", "zone"}
    communes = gpd.read_file(path, layer="communes")
    assert communes.crs.to_epsg() == 4326
    assert set(communes["commune_insee"]) == set(mine["commune_insee"])
    assert int(communes["population"].sum()) == int(mine["population"].sum())
    assert {"territory_type", "acces_km_tiers_lieu", "acces_km_coworking"} <= set(communes.columns)
    places = gpd.read_file(path, layer="lieux")
    assert (places["origin"] == "ajout").sum() == len(made.study.places)
    inside = gpd.read_file(path, layer="perimetre").geometry.iloc[0].buffer(0.01)
    assert places[(places["where"] == "perimetre") & places.geometry.notna()].within(inside).all()
    assert communes.geometry.is_valid.all()


def test_figures_of_access_cite_the_places_that_count(made: Made, real: Dataset) -> None:
    places = real.places[real.places["kind"] == "tiers_lieu"]
    known = {i for cell in places["source_ids"].dropna() for i in cell.split("|")}
    captions = ("Part de la population proche d’un lieu", "Distance de chaque commune")
    pictures = [b for b in made.document.blocks if isinstance(b, Picture) and b.caption.startswith(captions)]
    assert len(pictures) == 2
    for one in pictures:
        assert {*one.source_ids} - {"insee-populations", "ign-limites", "auteur"} <= known
        assert len(one.source_ids) > 2


@pytest.mark.parametrize("made", ["lens"], indirect=True)
def test_the_docx_holds_the_same_words(made: Made, mine: gpd.GeoDataFrame) -> None:
    opened = docx.Document(io.BytesIO(made.file(".docx")))
    cells = [c.text for table in opened.tables for row in table.rows for c in row.cells]
    words = plain("\n".join([p.text for p in opened.paragraphs] + cells))
    for part, label in registries.PARTS.items():
        assert plain(label) in words, part
    assert said(int(mine["population"].sum())) in words
    assert len(opened.tables) > 15
    assert len(opened.inline_shapes) >= 8
    assert any(p.style.name.startswith("Heading 1") for p in opened.paragraphs)
