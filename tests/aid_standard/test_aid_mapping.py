"""The table of correspondence is whole, and the document shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ptce_data import schema
from ptce_data.aid_standard import mapping

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "dispositifs-standards.md"


def test_every_column_of_ours_has_one_rule() -> None:
    assert list(mapping.COLUMNS) == [doc.name for doc in schema.describe("support_schemes")]
    assert {f for r in mapping.RULES for f in r.standard.split(", ") if f} <= set(mapping.CORE_NAMES)


def test_the_core_is_that_of_the_standard() -> None:
    assert len(mapping.CORE) == 15
    assert mapping.CORE_NAMES[:3] == ("id", "titre", "promesse")
    assert mapping.CORE_NAMES[-1] == "date_mise_a_jour"
    assert [c.name for c in mapping.CORE if not c.required] == [
        "promesse", "programmes_parents", "url_source", "eligibilite_geographique_exclusions",
        "date_ouverture", "date_cloture",
    ]  # fmt: skip
    assert len(set(mapping.OWN_NAMES)) == len(mapping.OWN_NAMES)


def test_the_document_shows_the_tables_of_the_code() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert mapping.documented(text) == text
    assert mapping.documented(text.replace("| `id` | oui |", "| `id` | non |")) == text
    with pytest.raises(ValueError, match="marques"):
        mapping.documented("rien")
