"""The words of the glossary: what the table may hold, and where they are found in a text."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from ptce_data import opendata
from ptce_data.glossary import Glossary
from ptce_data.load import DATA_DIR, DataError, Dataset, load
from ptce_data.text import fold
from ptce_ui import (
    funding_views,
    glossary,
    pagestate,
    region_views,
    scheme_views,
    study_steps,
    territory_views,
)
from ptce_ui.navigation import PAGES
from tests import mini

ROOT = Path(__file__).resolve().parent.parent
SECTIONS = {
    "dispositifs": scheme_views.SECTIONS,
    "etude": study_steps.STEPS,
    "financements": funding_views.SECTIONS,
    "regions": region_views.SECTIONS,
    "territoires": territory_views.SECTIONS,
    "donnees": ("tables", "ouvrir", "couche"),
}


@pytest.fixture(scope="module")
def words(real: Dataset) -> Glossary:
    return Glossary.of(real)


def found(words: Glossary, text: str) -> dict[str, str]:
    return {one.term.id: text[one.start : one.end] for one in words.find(text)}


WRONG = [
    ("source_id", {"source_id": "inconnue"}, "lien"),
    ("source_id", {"source_id": ""}, "origine"),
    ("related_ids", {"related_ids": "ptce|absent"}, "lien"),
    ("related_ids", {"related_ids": "tiers-lieu"}, "voisin"),
    ("term", {"other_forms": "Pole  Territorial de cooperation économique"}, "forme"),
    ("see_page", {"see_page": "https://example.org/carte"}, "motif"),
    ("method", {"method": "/etc/passwd"}, "motif"),
    ("is_linked", {"is_linked": "oui"}, "type"),
    ("definition", {"definition": ""}, "obligatoire"),
]


@pytest.mark.parametrize(("field", "change", "rule"), WRONG)
def test_a_wrong_row_is_said(tmp_path: Path, field: str, change: dict[str, str], rule: str) -> None:
    rows = mini.tables()
    rows["glossary"][1] |= change
    with pytest.raises(DataError) as raised:
        load(mini.write(tmp_path / "data", rows))
    assert (field, rule) in {(fault.field, fault.rule) for fault in raised.value.faults}
    assert {fault.file for fault in raised.value.faults} == {"data/glossary.csv"}


def test_every_word_is_defined_by_somebody_and_leads_somewhere(real: Dataset, words: Glossary) -> None:
    sources = set(real.sources["id"])
    assert len(words.terms) > 60
    for term in words.terms.values():
        assert term.source_id in sources or (ROOT / str(term.method)).is_file(), term.id
        assert term.method is None or (ROOT / term.method).is_file(), term.id
        assert set(term.related_ids) <= set(words.terms), term.id
        page, _, section = (term.see_page or "accueil").partition("?section=")
        assert page in PAGES, term.id
        assert not section or section in SECTIONS[page], term.id
        sentences = re.findall(r"[.!?…](?:\s|$)", term.definition)
        assert 1 <= len(sentences) <= 3, term.id


def test_french_typography(words: Glossary) -> None:
    for term in words.terms.values():
        assert "'" not in term.definition + term.term, term.id
        assert term.definition[0].isupper() and term.definition.endswith("."), term.id


def test_no_form_means_two_things(words: Glossary) -> None:
    forms = [fold(form) for term in words.terms.values() for form in term.forms]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Où sont les PTCE ?", {"ptce": "PTCE"}),
        ("Les PTCE, puis les PTCE.", {"ptce": "PTCE"}),
        ("à l’échelle de l’EPCI (EPCI)", {"epci": "EPCI"}),
        # The longest word that begins there.
        ("des pôles de compétitivité", {"pole-de-competitivite": "pôles de compétitivité"}),
        ("un cluster d’innovation sociale", {"cluster-d-innovation-sociale": "cluster d’innovation sociale"}),
        # Plural, feminine, apostrophe, no-break space, first letter, bold, an escaped hyphen.
        ("**pôles territoriaux\u00a0de coopération économique**", {"ptce": "pôles territoriaux\u00a0de coopération économique"}),
        ("communes désindustrialisées", {"desindustrialise": "désindustrialisées"}),
        ("Zones d'emploi périurbaines", {"zone-d-emploi": "Zones d'emploi", "periurbain": "périurbaines"}),
        ("des tiers\\-lieux", {"tiers-lieu": "tiers\\-lieux"}),
        # Abbreviations as written; other words inside longer ones, addresses, code, links: never.
        ("ptce, PTCEs, PTCE-x, xPTCE, PTCE_1, leader", {}),
        ("https://ptce.fr/PTCE ptce.fr PTCE.fr moi@PTCE.fr ?mot=PTCE data/PTCE.csv", {}),
        ("`PTCE` [PTCE](carte) ![PTCE](x) <b PTCE> :material/PTCE: <https://x.fr>", {}),
        ("## PTCE\nsuite", {}),
        # Too common to be a link.
        ("la force du monde rural", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_words_are_found_where_they_are_meant(words: Glossary, text: str, expected: dict[str, str]) -> None:
    assert found(words, text) == expected


def test_a_label_that_is_a_word_is_known(words: Glossary) -> None:
    known = {label: words.named(label) for label in ("EPCI", "Tiers-lieux", "Lauréats", "Nom", "")}
    assert {label: term and term.id for label, term in known.items()} == {
        "EPCI": "epci", "Tiers-lieux": "tiers-lieu", "Lauréats": "laureat", "Nom": None, "": None,
    }  # fmt: skip


def test_search_reads_names_before_definitions(words: Glossary) -> None:
    hits = [term.id for term in words.search("SOCIETE coopérative")]
    assert hits[0] == "scic"
    assert [term.id for term in words.search("zzzz")] == []
    assert words.search("  ") == list(words.terms.values())


def test_hostile_text_and_words_stay_harmless(hostile: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(pagestate, "share", kept.__setitem__)
    monkeypatch.setattr(pagestate, "shared", kept.get)
    glossary.start(hostile)
    words = Glossary.of(hostile)
    for name in mini.HOSTILE_NAMES:
        begun = time.perf_counter()
        plain = re.sub(
            r"\[(.*?)\]\(/glossaire\?mot=hostile-\d+ \"(?:\\.|[^\"\\])*\"\)",
            r"\1",
            glossary.linked(name),
            flags=re.S,
        )
        assert plain == name, "seul un lien est ajouté, et son titre est fermé"
        words.find(name * 20)
        assert time.perf_counter() - begun < 2
        assert "<script" not in (glossary.hint(name) or "").replace("\\<", "")


def test_a_word_is_a_link_once_on_a_page(small: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(pagestate, "share", kept.__setitem__)
    monkeypatch.setattr(pagestate, "shared", kept.get)
    assert glossary.linked("Un PTCE.") == "Un PTCE.", "rien avant le début d’une page"
    glossary.start(small)
    first = glossary.linked("Un PTCE.")
    assert first == 'Un [PTCE](/glossaire?mot=ptce "PTCE \\: Un groupement\\. \\(nouvel onglet\\)").'
    assert glossary.linked("Deux PTCE, un tiers-lieu.").count("](") == 1
    assert glossary.linked("Un PTCE.") == first, "redessiné par un fragment, le texte garde son lien"
    glossary.start(small)
    assert "mot=ptce" in glossary.linked("Deux PTCE.")
    glossary.start(small, is_linking=False)
    assert glossary.linked("Un PTCE.") == "Un PTCE."
    config = glossary.column_help(["PTCE", "Nom", "Rural"], {"Rural": {"help": "Le mien."}})
    assert config == {"PTCE": {"help": "**PTCE** : Un groupement\\."}, "Rural": {"help": "Le mien."}}


def test_it_leaves_with_the_whole_atlas(real: Dataset) -> None:
    rows, title, ids = opendata.resource(real, "glossary")
    assert (title, len(rows)) == ("Glossaire", len(real.glossary))
    assert set(ids) == set(real.glossary["source_id"].dropna())
    assert "glossary.csv" in (DATA_DIR / "datapackage.json").read_text(encoding="utf-8")
