"""A page of Aides-territoires: mapped, cleaned, bounded, every aid accounted for."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_data.aid_standard import SchemeImport, export, guesses, read_aides_territoires, read_standard
from ptce_data.aid_standard.html import plain_text
from ptce_data.aid_standard.territory import areas
from ptce_data.load import Dataset

TODAY = dt.date(2026, 11, 22)
SECRET = "phrase du porteur que personne ne recopie"
#: Made up; fields and shapes of API v1.8.
AID: dict[str, Any] = {
    "id": 1234,
    "slug": "ab12-ouvrir-un-tiers-lieu",
    "url": "/aides/ab12-ouvrir-un-tiers-lieu/",
    "name": "Ouvrir un tiers-lieu &amp; le <b>faire vivre</b>",
    "short_title": None,
    "financers": ["Région Occitanie"],
    "financers_full": [{"id": 1, "name": "Région Occitanie", "logo": None}],
    "instructors": ["Conseil régional d’Occitanie"],
    "description": f"<p>{SECRET} pour l’ESS</p><script>tiers lieu</script>",
    "eligibility": f"<p>{SECRET}</p>",
    "contact": "<p>Une personne, 01 02 03 04 05</p>",
    "perimeter": "Occitanie",
    "perimeter_scale": "Région",
    "categories": ["Développement / Innovation sociale"],
    "is_call_for_project": True,
    "targeted_audiences": ["Associations"],
    "aid_types": ["Subvention"],
    "start_date": "2026-01-15",
    "submission_deadline": "2026-12-31",
    "subvention_rate_lower_bound": 20,
    "subvention_rate_upper_bound": 50,
    "subvention_comment": "50 % en zone rurale",
    "loan_amount": None,
    "recurrence": "Récurrente",
    "origin_url": "https://exemple.test/aide",
    "date_updated": "2026-10-05T10:00:00+02:00",
    "is_live": True,
    "champ_nouveau": {"a": [1]},
}


def read(dataset: Dataset, *aids: Any, **page: Any) -> SchemeImport:
    content = {"count": len(aids), "previous": None, "next": None, "results": list(aids)}
    return read_aides_territoires(dataset, json.dumps(content).encode(), "page.json", today=TODAY)


def one(dataset: Dataset, **changes: Any) -> pd.Series:
    found = read(dataset, {**AID, **changes})
    assert found.report.refusals.empty, found.report.refusals.to_dict("records")
    return found.rows.iloc[0]


def counted(found: SchemeImport) -> tuple[int, int, int]:
    report = found.report
    assert report.read == report.kept + report.refused
    assert report.kept == len(found.rows) == len(found.lines)
    return report.read, report.kept, report.refused


def test_an_aid_becomes_a_scheme(small: Dataset) -> None:
    found = read(small, AID)
    assert counted(found) == (1, 1, 0)
    row = found.rows.iloc[0]
    told = {
        "id": "at-ab12-ouvrir-un-tiers-lieu", "name": "Ouvrir un tiers-lieu & le faire vivre",
        "operator": "Région Occitanie ; Conseil régional d’Occitanie", "level": "region", "region_code": "76",
        "coverage_codes": "REG-76", "coverage_precision": "exact", "category": "appels_a_projets",
        "targets": "tiers_lieux|ess|innovation_sociale", "start_year": 2026, "end_year": 2026, "status": "open",
        "rate_max_pct": 50, "funding_kind": "subvention",
        "summary": "Aide (subvention) de : Région Occitanie ; Conseil régional d’Occitanie. Périmètre : Occitanie.",
        "url": "https://exemple.test/aide", "confidence": "medium",
        "area_note": "Périmètre publié : Occitanie (Région) ; Taux : 50 % en zone rurale",
        "source_id": "aides-territoires-ab12-ouvrir-un-tiers-lieu",
        "imported_from": "Aides-territoires (page.json)",
    }  # fmt: skip
    assert {name: row[name] for name in told} == told
    assert row.drop(list(told)).isna().all()
    assert set(found.report.proposals["field"]) == {"level", "category", "targets"}
    assert set(found.report.repairs["repair"]) == {"html_retire", "adresse_completee"}
    source = found.sources.iloc[0]
    assert source["licence"] == "Licence Ouverte 2.0"
    assert source["date_published"] == "2026-10-05"
    assert source["url"] == "https://aides-territoires.beta.gouv.fr/aides/ab12-ouvrir-un-tiers-lieu/"
    assert source["publisher"] == "Aides-territoires (ANCT)"


def test_nothing_of_the_long_texts_is_copied(small: Dataset) -> None:
    found = read(small, AID)
    kept = found.rows.to_json() + found.sources.to_json() + found.report.proposals.to_json()
    assert SECRET not in json.loads(json.dumps(kept))
    assert "01 02 03" not in kept


def test_an_aid_goes_out_and_comes_back(small: Dataset) -> None:
    found = read(small, AID, {**AID, "slug": "autre", "perimeter": "Bassin", "perimeter_scale": "Ad-hoc"})
    again = read_standard(small, export(small, found.rows, found.sources).csv(), "a.csv")
    columns = [name for name in found.rows if name != "imported_from"]
    pd.testing.assert_frame_equal(again.rows[columns], found.rows[columns])
    pd.testing.assert_frame_equal(again.sources, found.sources)


@pytest.mark.parametrize("shape", [lambda a: [a], lambda a: a, lambda a: {"results": [a]}])
def test_the_three_shapes(small: Dataset, shape: Any) -> None:
    found = read_aides_territoires(small, json.dumps(shape(AID)).encode(), "a.json", today=TODAY)
    assert counted(found) == (1, 1, 0)


@pytest.mark.parametrize(
    ("change", "kind", "amount"),
    [
        ({"aid_types": ["grant"]}, "subvention", None),
        ({"aid_types": ["Prêt"], "loan_amount": "50000"}, "pret", 50_000),
        ({"aid_types": ["loan", "recoverable-advance"], "loan_amount": 10, "recoverable_advance_amount": 20.5}, "pret", 20.5),
        ({"aid_types": ["Ingénierie technique", "legal-engineering"]}, "ingenierie", None),
        ({"aid_types": ["Ingénierie Juridique / administrative"]}, "ingenierie", None),
        ({"aid_types": ["Subvention", "Prêt"], "loan_amount": 9}, "mixte", None),
        ({"aid_types": ["cee"]}, None, None),
        ({"aid_types": ["Autre aide financière"]}, None, None),
        ({"aid_types": [], "aid_types_full": [{"id": 1, "name": "Subvention", "group": {"id": 2, "name": "x"}}]}, "subvention", None),
    ],
)  # fmt: skip
def test_kinds_and_amounts(
    small: Dataset, change: dict[str, Any], kind: str | None, amount: float | None
) -> None:
    row = one(small, **change)
    assert (None if pd.isna(row["funding_kind"]) else row["funding_kind"]) == kind
    assert (None if pd.isna(row["amount_max_eur"]) else row["amount_max_eur"]) == amount
    assert ("Prêt : 9" in row["area_note"]) == (kind == "mixte")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"submission_deadline": "2026-11-21"}, "closed"),
        ({"submission_deadline": "2026-11-22"}, "open"),
        ({"is_live": False}, "closed"),
        ({"is_live": None}, "unknown"),
        ({"is_live": None, "recurrence": "Permanente", "submission_deadline": None}, "open"),
        ({"is_live": None, "recurrence": "ongoing"}, "open"),
    ],
)
def test_status(small: Dataset, change: dict[str, Any], status: str) -> None:
    assert one(small, **change)["status"] == status


def test_a_perimeter_is_a_code_only_when_one_area_fits(real: Dataset) -> None:
    find = areas(real).perimeter
    assert find("occitanie", "Région") == "REG-76"
    assert find("Ain", "Département") == "DEP-01"
    assert find("France", "Pays") == "FR"
    assert find("Europe", "Continent") == "UE"
    assert find("Toulouse Métropole", "epci") == "EPCI-243100518"
    assert find("Communes littorales", "Ad-hoc") is None
    assert find("Occitanie", "Ad-hoc") is None
    assert find("Occitanie", "") is None
    assert find("Espagne", "Pays") is None
    homonyms = real.communes[real.communes["name"].duplicated(keep=False)].iloc[0]
    assert find(homonyms["name"], "commune") is None
    assert find(homonyms["name"], "commune", homonyms["commune_insee"]) == f"COM-{homonyms['commune_insee']}"
    lone = real.communes[real.communes["name"] == "Rennes"].iloc[0]
    assert find("Rennes", "commune") == f"COM-{lone['commune_insee']}"


def test_an_unknown_perimeter_stays_as_text(small: Dataset) -> None:
    found = read(small, {**AID, "perimeter": "Communes littorales", "perimeter_scale": "Ad-hoc"})
    row = found.rows.iloc[0]
    assert row[["coverage_codes", "coverage_precision", "region_code"]].isna().all()
    assert row["area_note"].startswith("Périmètre publié : Communes littorales (Ad-hoc)")
    assert "perimeter" in found.report.warnings["field"].tolist()


WRONG: list[tuple[dict[str, Any], str]] = [
        ({"name": None}, "name"), ({"name": ["a"]}, "name"), ({"name": "\ud800"}, "name"), ({"name": "x" * 3_000}, "name"),
        ({"name": "<script>x</script>"}, "name"),
        ({"slug": {"a": 1}}, "slug"), ({"slug": "../../etc"}, "slug"), ({"financers": "Région"}, "financers"),
        ({"financers": [1]}, "financers"), ({"financers": ["x"] * 201}, "financers"),
        ({"is_call_for_project": "oui"}, "is_call_for_project"), ({"is_live": 1}, "is_live"),
        ({"subvention_rate_upper_bound": 150}, "subvention_rate_upper_bound"),
        ({"subvention_rate_upper_bound": True}, "subvention_rate_upper_bound"),
        ({"subvention_rate_upper_bound": "nan"}, "subvention_rate_upper_bound"),
        ({"loan_amount": "beaucoup"}, "loan_amount"), ({"loan_amount": -1}, "loan_amount"), ({"loan_amount": 10**400}, "loan_amount"),
        ({"start_date": "demain"}, "start_date"), ({"start_date": "2027-01-01", "submission_deadline": "2026-01-01"}, "start_date"),
        ({"description": 3}, "description"), ({"categories": {}}, "categories"),
]  # fmt: skip


def test_a_wrong_type_refuses_that_aid_alone(small: Dataset) -> None:
    wrong = [{**AID, "slug": f"aide-{at}", **change} for at, (change, _) in enumerate(WRONG)]
    found = read(small, {**AID, "slug": "bonne"}, *wrong)
    assert counted(found) == (len(WRONG) + 1, 1, len(WRONG))
    assert found.lines == (1,)
    for line, (_, field) in enumerate(WRONG, start=2):
        told = found.report.refusals[found.report.refusals["line"] == line]
        assert field in told["field"].tolist()
        assert told["why"].str.len().min() > 5


@pytest.mark.parametrize(
    "content", [b"", b"3", b'"x"', b"{}", b'{"results": 3}', b"[1,", b"{" * 9, b'{"titre": 1}']
)
def test_an_unreadable_page_is_told(small: Dataset, content: bytes) -> None:
    found = read_aides_territoires(small, content, "a.json", today=TODAY)
    assert found.report.unreadable is not None
    assert counted(found) == (0, 0, 0)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Un</p><p>deux&nbsp;trois</p>", "Un deux trois"),
        ("<ul><li>a<li>b</ul>c<br>d", "a b c d"),
        ("mot<b>ier</b>", "motier"),
        ("1 < 2 &amp; 3 > 2", "1 < 2 & 3 > 2"),
        ("<script>alert(1)</script>a<style>p{}</style><!-- c --><iframe>x</iframe>b", "ab"),
        ("<img src=x onerror=alert(1)>a<a href='javascript:alert(1)'>b</a>", "ab"),
        ("<p title='</p><script>x</script>'>a", "a"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "a"),
        ("<p onclick=\"x\">a\u202eb\x00\x1b[31m</p>", "a b [31m"),
        ("<div" * 3, ""),
        ("&lt;script&gt;", "<script>"),
    ],
)  # fmt: skip
def test_html_becomes_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    "markup", ["<div>" * 200_000, "&" * 1_000_000, "<a" * 400_000, "<table><tr><td>" * 60_000]
)
def test_hostile_html_takes_little_time(markup: str) -> None:
    started = time.perf_counter()
    plain_text(markup)
    assert time.perf_counter() - started < 1


@given(st.text(st.sampled_from("<>/!-=\"'& abpscript;#x3\n"), max_size=80))
def test_text_of_any_html_is_one_line(markup: str) -> None:
    made = plain_text(markup)
    assert made == " ".join(made.split())


@pytest.mark.parametrize(
    ("names", "level"),
    [
        (["Région Bretagne"], "region"), (["Conseil départemental de l’Ain"], "departement"),
        (["Ministère de la Culture", "ADEME"], "etat"), (["Région Bretagne", "ADEME"], None),
        (["Rennes Métropole"], "epci"), (["CC du Pays"], "epci"), (["Fondation X"], None), ([], None),
        (["Commission européenne"], "ue"), (["Région X", "Fondation Y"], None),
    ],
)  # fmt: skip
def test_levels_are_proposed_from_names(names: list[str], level: str | None) -> None:
    assert guesses.level(names) == level


def test_targets_are_whole_words() -> None:
    assert (
        guesses.targets(["Les PTCE et l’E.S.S. : tiers lieux, FabLab, living-lab"])
        == "ptce|tiers_lieux|fablab|living_lab"
    )
    assert guesses.targets(["presse et essence"]) is None
    assert guesses.targets(["grappes d’entreprises de l’ESS"]) == "clusters|ess"


keys = st.sampled_from(list(AID))
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(keys, values, max_size=5).map(lambda d: {**AID, **d}) | values, max_size=4))
def test_any_page_is_accounted_for(small: Dataset, items: list[Any]) -> None:
    found = read(small, *items)
    counted(found)
    json.dumps(found.rows.to_dict("records"), default=str).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100))
def test_any_bytes_are_accounted_for(small: Dataset, content: bytes) -> None:
    counted(read_aides_territoires(small, content, "a.json", today=TODAY))
