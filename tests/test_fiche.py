"""The fiche: all that is known, the unknown marked, nothing of the data becoming HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from ptce_data.load import Dataset
from ptce_ui import fiche, legend, text
from ptce_ui.theme import TYPE_COLOURS

ALLOWED = {"h3", "h4", "p", "span", "em", "strong", "dl", "dt", "dd", "div", "ul", "li", "a", "br", "small"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(dataset: Dataset, uid: str) -> Tags:
    tags = Tags()
    tags.feed(fiche.html(dataset, uid, text.Labels(dataset.categories)))
    return tags


def test_hostile_names_stay_text(hostile: Dataset) -> None:
    for uid, name in zip(hostile.places["uid"], hostile.places["name"], strict=True):
        tags = read(hostile, uid)
        assert tags.tags <= ALLOWED, uid
        assert tags.attributes <= {"style", "href", "target", "rel", "aria-hidden"}, uid
        assert all(link.startswith(("https://", "http://", "?fiche=")) for link in tags.links)
        assert name[:100] in tags.text


def test_what_is_known_and_what_is_not(small: Dataset) -> None:
    known = read(small, "pole:pole-a").text
    for words in (
        "Production",
        "Alpha (69001)",
        "Appel 2013",
        "100\u202f000\u00a0€",
        "Désindustrialisé",
        "Rhône-Alpes (82)",
    ):
        assert words in known
    assert "Aussi recensé comme cluster" in known
    assert "ne s’additionnent pas" in known
    unknown = read(small, "pole:pole-b").text
    assert unknown.count(text.UNKNOWN_TEXT) >= 10
    assert "aucun connu" in unknown
    assert "Probablement le même que" in read(small, "pole:pole-d").text


def test_every_source_of_a_fiche_is_named(small: Dataset) -> None:
    assert fiche.source_ids(small, "pole:pole-a") == ["source-a", "source-b"]
    assert fiche.source_ids(small, "tiers_lieu:lieu-b") == ["source-a", "source-b"]


def test_an_unknown_object_has_no_fiche(small: Dataset) -> None:
    with pytest.raises(KeyError):
        read(small, "pole:nobody")
    assert fiche.source_ids(small, "pole:nobody") == []


def test_all_real_fiches_can_be_read(real: Dataset) -> None:
    for uid in real.places["uid"].iloc[::40]:
        assert read(real, uid).text
        assert fiche.source_ids(real, uid)


def test_the_legend_explains_every_colour_met_and_no_other(real: Dataset) -> None:
    labels = text.Labels(real.categories)
    made = legend.signs(labels, "Type", ["rural", "non_renseigne"], has_hollow=False)
    for value, colour in TYPE_COLOURS.items():
        shown = labels.of("territory_type", value).capitalize()
        assert (f">{shown}<" in made) == (value in ("rural", "non_renseigne")), colour
    assert "vide" not in made
    assert "vide" in legend.signs(labels, "Type", [], has_hollow=True)
