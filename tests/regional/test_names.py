"""French articles before the names of regions, former regions and départements."""

from __future__ import annotations

import re

import pytest

from ptce_data import regional
from ptce_data.load import Dataset
from ptce_data.text import fold

LOCATIVES = ("en région ", "en ", "à ", "dans les ", "dans le ", "dans la ", "dans l’")
GENITIVES = ("de la région ", "de la ", "de l’", "des ", "du ", "d’", "de ")
#: Y and H that elide; the other names in H have an h aspiré.
MUTE = ("herault", "yonne")


def parts(form: str, name: str) -> str:
    """The article of a form of `name`."""
    assert form.endswith(name.replace("'", "’")), form
    return form[: -len(name)]


@pytest.mark.parametrize(("level", "rows"), [("regions", 19), ("former_regions", 27), ("departements", 101)])
def test_every_name_has_its_articles(real: Dataset, level: str, rows: int) -> None:
    table = regional.names(real, level)
    assert len(table) == rows
    for name, locative, genitive in table.itertuples(index=False):
        where, whose = parts(locative, name), parts(genitive, name)
        assert where in LOCATIVES and whose in GENITIVES, (locative, genitive)
        elides = bool(re.match("[aeiou]", fold(name))) or fold(name).startswith(MUTE)
        if where.rstrip() in ("dans le", "dans la") or whose.rstrip() in ("de", "de la", "du"):
            assert not elides, name
        if whose.endswith("’") or where.endswith("’"):
            assert elides, name
        if where.startswith("dans "):
            pairs = {"dans les ": "des ", "dans le ": "du ", "dans la ": "de la ", "dans l’": "de l’"}
            assert whose == pairs[where], name
        assert "'" not in locative + genitive


def test_one_name_has_one_form_whatever_the_level(real: Dataset) -> None:
    forms: dict[str, set[tuple[str, str]]] = {}
    for level in regional.LEVELS:
        for name, locative, genitive in regional.names(real, level).itertuples(index=False):
            forms.setdefault(name, set()).add((locative, genitive))
    assert {name: found for name, found in forms.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("level", "code", "locative", "genitive"),
    [
        ("regions", "53", "en Bretagne", "de Bretagne"),
        ("regions", "44", "dans le Grand Est", "du Grand Est"),
        ("regions", "32", "dans les Hauts-de-France", "des Hauts-de-France"),
        ("regions", "04", "à La Réunion", "de La Réunion"),
        ("regions", "76", "en Occitanie", "d’Occitanie"),
        ("regions", "93", "en Provence-Alpes-Côte d’Azur", "de Provence-Alpes-Côte d’Azur"),
        ("former_regions", "31", "dans le Nord-Pas-de-Calais", "du Nord-Pas-de-Calais"),
        ("departements", "01", "dans l’Ain", "de l’Ain"),
        ("departements", "75", "à Paris", "de Paris"),
        ("departements", "22", "dans les Côtes-d’Armor", "des Côtes-d’Armor"),
        ("departements", "38", "en Isère", "de l’Isère"),
        ("departements", "976", "à Mayotte", "de Mayotte"),
    ],
)
def test_known_forms(real: Dataset, level: str, code: str, locative: str, genitive: str) -> None:
    assert tuple(regional.names(real, level).loc[code, ["locative", "genitive"]]) == (locative, genitive)


def test_an_epci_has_a_name_only(small: Dataset) -> None:
    table = regional.names(small, "epci")
    assert table.loc["200000001", "name"] == "CC 1" and table["locative"].isna().all()
