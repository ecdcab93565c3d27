"""The text of a report: which fact, its value and source, safe whatever the data hold."""

from __future__ import annotations

import pandas as pd
import pytest

from ptce_data import errata, schema
from ptce_data.load import Dataset
from tests.mini import HOSTILE_NAMES


def test_a_report_names_the_row_the_field_and_the_source(small: Dataset) -> None:
    text = errata.report_text(small, "pole:pole-a", "activity_family")
    head, blank, *body = text.splitlines()
    assert head == "Objet : Atlas : Famille d’activité – Pôle A" and blank == ""
    label = small.categories.set_index(["field", "value"]).loc[("activity_family", "production"), "label"]
    for line in (
        "Table : Pôles territoriaux de coopération économique (data/poles.csv)",
        "Identifiant : pole-a",
        "Nom : Pôle A",
        "Champ : Famille d’activité (activity_family)",
        f"Valeur dans l’atlas : {label} (production)",
        "Source : Éditeur A, https://example.org/a, lue le 2026-11-21 (source-a)",
        f"Version des données : {small.version}",
        "Ce qui serait juste :",
    ):
        assert line in body, line


def test_the_source_is_that_of_the_very_field(small: Dataset) -> None:
    text = errata.report_text(small, "pole:pole-a", "territory_type_stated")
    assert "(source-b)" in text and "(source-a)" not in text


def test_a_merged_row_leads_to_the_row_that_stays(small: Dataset) -> None:
    text = errata.report_text(small, "tiers_lieu:lieu-b-bis", "name")
    assert "Identifiant : lieu-b\n" in text
    # The row that stays has two sources, that of each row.
    assert "(source-a)" in text and "(source-b)" in text


def test_what_is_unknown_is_said(small: Dataset) -> None:
    assert "Valeur dans l’atlas : inconnue" in errata.report_text(small, "pole:pole-b", "website")


def test_a_row_of_another_table(small: Dataset) -> None:
    text = errata.report_text(small, "support_schemes:aide-epci", "amount_max_eur")
    assert "Valeur dans l’atlas : 5000\n" in text
    pair = "duplicates:cluster:cluster-a|pole:pole-a"
    assert "Identifiant : cluster:cluster-a|pole:pole-a" in errata.report_text(small, pair, "reason")
    assert "Valeur dans l’atlas" not in errata.report_text(small, pair, errata.OTHER)


@pytest.mark.parametrize("ref", ["pole:absent", "absent:pole-a", "", "pole", "sources:", "places:x"])
def test_an_unknown_row_is_refused(small: Dataset, ref: str) -> None:
    with pytest.raises(errata.ErrataError, match="n’est pas une ligne"):
        errata.fields(small, ref)


def test_an_unknown_field_is_refused(small: Dataset) -> None:
    with pytest.raises(errata.ErrataError, match="n’existe pas"):
        errata.report_text(small, "pole:pole-a", "id")


def test_every_field_has_the_title_of_the_schema(small: Dataset) -> None:
    found = errata.fields(small, "tiers_lieu:lieu-a")
    titles = {doc.name: doc.title for doc in schema.describe("tiers_lieux")}
    assert all(f.title == titles[f.name] for f in found[:-1]) and found[-1].name == errata.OTHER
    assert {f.name: f.value for f in found}["lat"] == "45.05"


def test_hostile_names_stay_in_their_line(hostile: Dataset) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        ref = f"pole:hostile-{number}"
        text = errata.report_text(hostile, ref, "name")
        assert text.count("\nNom : ") == 1 and text.count("\nVersion des données : ") == 1
        assert len(text.splitlines()[0]) < 170
        assert not any(c in text for c in "\u202e\u202c\t\x00")
        shown = errata.report(hostile, ref, "name")
        assert "\n" not in shown.subject
        assert name[:4] in shown.body


def test_every_object_of_the_real_data_can_be_reported(real: Dataset) -> None:
    for uid in real.places["uid"].iloc[::150]:
        found = errata.fields(real, uid)
        assert all(f.value is None or not pd.isna(f.value) for f in found)
        assert "Source : " in errata.report_text(real, uid, "name")
