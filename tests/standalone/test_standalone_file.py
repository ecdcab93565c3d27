"""One HTML file: what it holds, what it cannot do, and how hostile names stay texts."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from ptce_data import query
from ptce_data.__main__ import main
from ptce_data.load import Dataset
from ptce_data.places import UNKNOWN
from ptce_ui import tables, text
from ptce_ui.exports.standalone import SECTIONS, StandaloneError, page, shapes, standalone
from ptce_ui.theme import TYPE_COLOURS
from tests import mini

OWN = Path(page.__file__).parent
LIMIT = 5_000_000


class Page(HTMLParser):
    """The file as a browser takes it apart: tags, and the contents of scripts and styles."""

    def __init__(self, made: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "title": [], "h1": []}
        self._open: str | None = None
        self.source = made.decode("utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self._open = tag
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = None if tag == self._open else self._open

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inside[self._open][-1] += data

    @functools.cached_property
    def data(self) -> dict[str, Any]:
        """What the JSON block says."""
        return dict(json.loads(self.inside["script"][0]))

    @property
    def policy(self) -> str:
        """The content security policy."""
        found = [a for t, a in self.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"]
        assert len(found) == 1
        return str(found[0]["content"])


@pytest.fixture(scope="module")
def france(real: Dataset) -> Page:
    return Page(standalone(real, real.places, title="Toute la France"))


@pytest.fixture(scope="module")
def trapped(hostile: Dataset) -> Page:
    return Page(standalone(hostile, hostile.places, title=mini.HOSTILE_NAMES[1]))


def test_the_national_file_holds_every_object_in_five_megabytes(france: Page, real: Dataset) -> None:
    assert len(france.source.encode()) <= LIMIT
    held = france.data["objects"]
    assert held["n"] == len(real.places) == len(held["kind"]) == len(held["type"])
    assert held["uid"] == real.places["uid"].tolist()
    drawn = sum(v is not None for v in held["lon"])
    said = tables.sentence(query.counts(real.places)).replace("**", "")
    assert f"{text.number(drawn)}{text.NBSP}signes sur la carte" in said
    assert html.escape(said, quote=True) in france.source


def test_positions_and_types_are_those_of_the_data(france: Page, real: Dataset) -> None:
    held = france.data["objects"]
    order = list(TYPE_COLOURS)
    for i in range(0, len(real.places), 97):
        row = real.places.iloc[i]
        if pd.notna(row["lon"]):
            assert held["lon"][i] / 1e5 == pytest.approx(row["lon"], abs=1e-5)
            assert held["lat"][i] / 1e5 == pytest.approx(row["lat"], abs=1e-5)
        assert order[int(held["type"][i])] == (
            row["territory_type"] if isinstance(row["territory_type"], str) else UNKNOWN
        )


def test_every_source_of_every_object_is_there(france: Page, real: Dataset) -> None:
    from ptce_ui import fiche

    data = france.data
    publishers = dict(zip(real.sources["id"], real.sources["publisher"], strict=True))
    for i in [*range(0, 97, 5), *range(100, len(real.places), 211)]:
        uid = real.places["uid"].iloc[i]
        cited = {data["sources"][n]["p"] for n in data["objects"]["sources"][i]}
        assert cited == {publishers[s] for s in fiche.source_ids(real, uid) if s in publishers}, uid


def test_a_fiche_says_what_is_known_and_marks_the_unknown(small: Dataset) -> None:
    data = Page(standalone(small, small.places, title="Essai")).data
    at = data["objects"]["uid"].index("pole:pole-a")
    cells = [data["texts"][n] if n >= 0 else None for n in data["objects"]["facts"][at]]
    facts = dict(zip([f["t"] for f in data["fields"][0]], cells, strict=True))
    assert facts["Membres"] == "12"
    assert facts["Site"] == "https://pole-a.example.org"
    assert facts["Commune"] == "Alpha (69001)"
    assert facts["Pôle témoin (2011)"] == "oui"
    unknown = data["objects"]["uid"].index("pole:pole-d")
    assert -1 in data["objects"]["facts"][unknown]
    assert data["unknown"] == "non renseigné"


def test_links_between_objects_and_money_are_in_the_lists(small: Dataset) -> None:
    notes = Page(standalone(small, small.places, title="Essai")).data["objects"]["notes"]
    blocks = {b["t"]: b for b in notes["pole:pole-a"]}
    assert blocks["Rapprochements"]["i"][0]["to"] == "cluster:cluster-a"
    assert "100\u202f000\u00a0€" in blocks["Programmes dont il est lauréat connu"]["i"][0]["t"]
    assert "absence ici ne dit rien" in blocks["Programmes dont il est lauréat connu"]["n"]
    assert [b["t"] for b in notes["pole:pole-c"]] == ["Rapprochements"]
    assert "Probablement le même" in notes["pole:pole-c"][0]["i"][0]["s"]
    # A merged duplicate brings its figures to the row that was kept.
    assert "Chiffres de financement publiés" in {b["t"] for b in notes.get("tiers_lieu:lieu-b", [])}


def test_the_policy_lets_only_our_scripts_and_styles_run(france: Page) -> None:
    def digest(source: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"

    rules = dict(rule.strip().split(" ", 1) for rule in france.policy.split(";"))
    block, *scripts = france.inside["script"]
    assert len(scripts) == 2
    assert rules["script-src"].split() == [digest(s) for s in scripts]
    assert rules["style-src"].split() == [digest(s) for s in france.inside["style"]]
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in france.policy
    assert "<" not in block and ">" not in block and "&" not in block


def test_nothing_is_fetched_from_anywhere(france: Page) -> None:
    for tag, attributes in france.tags:
        assert tag not in ("iframe", "object", "embed", "img", "base", "audio", "video"), tag
        assert not any(name.startswith("on") or name == "style" for name in attributes), attributes
        for name in ("src", "srcset", "action", "formaction", "data", "poster"):
            assert name not in attributes, attributes
        if "href" in attributes:
            assert str(attributes["href"]).startswith("#") or attributes["href"] == "data:,"
    styles = re.sub(r"/\*.*?\*/", "", france.inside["style"][0], flags=re.DOTALL)
    assert not re.search(r"url\(|@import|https?:", styles)
    assert "sourceMappingURL" not in france.source


def test_our_scripts_write_texts_only() -> None:
    for path in sorted(OWN.glob("*.js")):
        source = path.read_text(encoding="utf-8")
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "Function(",
            "fetch(",
            "XMLHttp",
            "WebSocket",
            "import(",
            "sendBeacon",
            "localStorage",
        ):
            assert word not in source, f"{path.name}: {word}"
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)\w", source), path.name


def test_hostile_names_stay_inside_the_block_unchanged(trapped: Page, hostile: Dataset) -> None:
    assert trapped.inside["title"] == [mini.HOSTILE_NAMES[1]]
    assert trapped.inside["h1"] == [mini.HOSTILE_NAMES[1]]
    assert len(trapped.inside["script"]) == 3
    assert "<script>alert" not in trapped.source and "<img" not in trapped.source
    names = trapped.data["objects"]["name"]
    for name in mini.HOSTILE_NAMES[:-1]:
        assert name in names
    assert max(len(name) for name in names) < 700
    assert trapped.data["sources"][0]["p"] == mini.HOSTILE_NAMES[0]


def test_a_block_cannot_be_left_by_any_character() -> None:
    held = {"a": "</script><!--&\u2028\u2029 %%TITLE%%"}
    block = page.json_block(held)
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == held


def test_a_title_is_not_read_as_a_template(small: Dataset) -> None:
    made = Page(standalone(small, small.places, title="%%DATA%% %%SCRIPT%%"))
    assert made.inside["h1"] == ["%%DATA%% %%SCRIPT%%"]


def test_only_addresses_of_the_web_are_sources_to_follow(small: Dataset) -> None:
    sources = Page(standalone(small, small.places, title="Essai")).data["sources"]
    by_name = {s["p"]: s for s in sources}
    assert by_name["Éditeur A"]["u"] == "https://example.org/a"
    assert by_name["Éditeur B"]["u"] is None
    assert by_name["Éditeur B"]["x"] == "document: Étude B"


def test_boundaries_come_back_in_degrees(real: Dataset) -> None:
    made = shapes.layers(real, "france")
    assert len(made["departements"]) == len(real.departements)
    assert {a["r"] for a in made["regions"]} == set(real.regions["region_code"])
    bounds = real.departements.set_index("name").bounds
    for area in made["departements"]:
        points = [p for polygon in area["p"] for ring in polygon for p in _points(ring, area["q"])]
        west, south, east, north = bounds.loc[area["n"]]
        for value, expected in (
            (min(x for x, _ in points), west),
            (max(y for _, y in points), north),
            (max(x for x, _ in points), east),
            (min(y for _, y in points), south),
        ):
            assert value == pytest.approx(expected, abs=0.03), area["n"]


def _points(ring: list[int], units: int) -> list[tuple[float, float]]:
    made, x, y = [], 0, 0
    for i in range(0, len(ring), 2):
        x, y = x + ring[i], y + ring[i + 1]
        made.append((x / units, y / units))
    return made


def test_the_views_name_the_mainland_and_every_overseas_region(france: Page, real: Dataset) -> None:
    names = [v["n"] for v in france.data["views"]]
    assert names[:6] == ["Métropole", "Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"]
    for view in france.data["views"]:
        (south, west), (north, east) = view["b"]
        own = real.places[real.places["region_code"].isin(view["r"]) & real.places["lon"].notna()]
        assert ((own["lon"] > west - 0.1) & (own["lon"] < east + 0.1)).all(), view["n"]
        assert ((own["lat"] > south - 0.1) & (own["lat"] < north + 0.1)).all(), view["n"]


def test_a_region_has_its_own_view_and_neighbours(real: Dataset) -> None:
    places = real.places[real.places["region_code"] == "53"]
    data = Page(standalone(real, places, title="Bretagne", scope="53")).data
    inside = {a["n"] for a in data["departements"] if a["in"]}
    assert inside == {"Finistère", "Morbihan", "Ille-et-Vilaine", "Côtes-d'Armor"}
    assert {a["r"] for a in data["departements"]} > {"53"}
    assert [v["n"] for v in data["views"]] == ["Bretagne"]


def test_funding_mixes_follow_the_scope(real: Dataset) -> None:
    places = real.places[real.places["region_code"] == "04"]
    data = Page(standalone(real, places, title="La Réunion", scope="04")).data
    held = set(places["uid"])
    assert data["mixes"]["rows"]
    assert all(row["u"] is None or row["u"] in held for row in data["mixes"]["rows"])
    assert all(len(row["c"]) == len(data["mixes"]["head"]) for row in data["mixes"]["rows"])
    without = Page(standalone(real, places, title="La Réunion", scope="04", sections=["carte"]))
    assert without.data["mixes"] is None
    assert dict(without.tags[[t for t, _ in without.tags].index("body")][1])["data-sections"] == "carte"


def test_equal_arguments_give_equal_bytes_and_a_date_is_told(small: Dataset) -> None:
    assert standalone(small, small.places, title="T") == standalone(small, small.places, title="T")
    dated = standalone(small, small.places, title="T", made_on=datetime.date(2026, 11, 22)).decode()
    assert "fichier du 22/11/2026" in dated
    assert f"version des données {small.version}" in dated
    assert "Licence Ouverte 2.0" in dated and "BSD 2-Clause" in dated


def test_an_empty_selection_says_so(small: Dataset) -> None:
    made = Page(standalone(small, small.places.iloc[:0], title="Rien"))
    assert "Aucun objet ne répond à ces filtres." in made.source
    assert made.data["objects"]["n"] == 0


def test_what_is_not_known_is_refused_in_french(small: Dataset) -> None:
    with pytest.raises(StandaloneError, match="Région inconnue : 999"):
        standalone(small, small.places, title="T", scope="999")
    with pytest.raises(StandaloneError, match="Partie inconnue : video"):
        standalone(small, small.places, title="T", sections=["video"])  # type: ignore[list-item]
    assert SECTIONS == ("carte", "graphiques", "financements", "objets", "sources")


def test_the_command_writes_one_region(mini_dir: Path, small: Dataset, tmp_path: Path) -> None:
    out = tmp_path / "atlas.html"
    options = ["atlas-html", "--out", str(out), "--region", "76", "--donnees", str(mini_dir)]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 0, result.output
    own = small.places[small.places["region_code"] == "76"]
    made = Page(out.read_bytes())
    assert made.data["objects"]["uid"] == own["uid"].tolist()
    assert made.inside["title"] == ["La coopération économique en Occitanie"]
    assert text.count(len(own), "objet", "objets") in result.output


def test_the_command_refuses_an_unknown_region(mini_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "atlas.html"
    options = ["atlas-html", "--out", str(out), "--region", "99", "--donnees", str(mini_dir)]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 2
    assert "Région inconnue : 99" in result.output
    assert not out.exists()


def test_the_drawing_commands_are_listed_beside_the_others() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    assert "atlas-html" in listed and "scdl" in listed
