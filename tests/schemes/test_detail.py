"""The fiche of a scheme: what is known, in words, and what is not."""

from __future__ import annotations

import pytest

from ptce_data.load import Dataset
from ptce_data.schemes import detail, editions
from ptce_data.schemes.dates import age_years
from ptce_data.schemes.words import amount, day, listed, period
from tests.mini import HOSTILE_NAMES


def test_a_fiche_says_what_the_row_says(small: Dataset) -> None:
    made = detail(small, "aide-epci")
    assert made is not None
    assert made.amount == "de 1\u202f000\u00a0€ à 5\u202f000\u00a0€"
    assert made.rate == "au plus 80\u00a0%"
    assert made.period == "à partir de 2014, fin non renseignée"
    assert made.coverage == ("CC 1",) and made.coverage_precision == "Exacte"
    assert made.targets == ("PTCE", "Économie sociale et solidaire")
    assert made.status_text == (
        "Clos à la date de la source (publiée : 03/2015, au moins 11\u00a0ans avant sa lecture)"
    )
    assert made.source_texts == ("Éditeur A, publié : 03/2015, vu le 21/11/2026",)
    assert {field for field, _ in made.unknown} == {
        "end_year",
        "total_envelope_eur",
        "funding_kind",
        "territory_priority",
        "url",
    }
    assert made.funding_kind == "non renseigné"
    assert detail(small, "inconnu") is None


def test_an_approximate_territory_says_why(small: Dataset) -> None:
    made = detail(small, "aide-departements")
    assert made is not None
    assert (made.coverage_precision, made.coverage_note) == ("Approchée", "territoire de projet")


def test_every_real_scheme_has_a_whole_fiche(real: Dataset) -> None:
    for row in real.support_schemes.iloc[::3].itertuples():
        made = detail(real, row.id)
        assert made is not None
        assert len(made.coverage) == len(row.coverage_codes.split("|"))
        assert not any("-" in name and name.split("-")[0].isupper() for name in made.coverage), made.coverage
        assert made.source_texts and "vu le" in made.source_texts[0]
        assert ("status" in dict(made.unknown)) == (row.status == "unknown")
        assert row.id not in set(made.editions["id"])


def test_editions_are_mutual_and_of_one_level(real: Dataset) -> None:
    schemes = real.support_schemes.set_index("id")
    assert editions(real, "na-ami-tiers-lieux-2019")["id"].tolist() == [
        "na-ami-tiers-lieux-2017",
        "na-ami-tiers-lieux-2022",
    ]
    assert "aap-ptce-2013" in set(editions(real, "ami-ptce-2025")["id"])
    for scheme in ("guyane-aap-ess-2024", "prides-paca-2014", "ue-easi-2014-2020", "aap-ptce-2015"):
        others = editions(real, scheme)
        assert len(others)
        for other in others["id"]:
            assert scheme in set(editions(real, other)["id"])
            assert schemes.loc[other, "level"] == schemes.loc[scheme, "level"]
    assert editions(real, "dla").empty


def test_hostile_names_stay_as_they_are(hostile: Dataset) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        made = detail(hostile, f"hostile-{number}")
        assert made is not None and made.row["name"] == name


@pytest.mark.parametrize(
    ("published", "read", "age"),
    [
        ("2024-11-21", "2026-11-21", 2),
        ("2024-11-22", "2026-11-21", 1),
        ("2024-11", "2026-11-21", 1),
        ("2024", "2026-11-21", 1),
        ("2015", "2026-11-21", 10),
        ("2027", "2026-11-21", 0),
        (None, "2026-11-21", None),
        ("2015", None, None),
    ],
)
def test_the_age_of_a_source_is_never_overstated(
    published: str | None, read: str | None, age: int | None
) -> None:
    assert age_years({"date_published": published, "date_accessed": read}) == age


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, None, "non renseigné"),
        (None, 5.0, "jusqu’à 5\u00a0€"),
        (5.0, None, "au moins 5\u00a0€"),
        (5.0, 5.0, "5\u00a0€"),
        (5.0, 7.0, "de 5\u00a0€ à 7\u00a0€"),
    ],
)
def test_an_amount_in_words(low: float | None, high: float | None, said: str) -> None:
    assert amount({"amount_min_eur": low, "amount_max_eur": high}) == said


def test_dates_periods_and_lists_in_words() -> None:
    assert [day(v) for v in ("2026-11-21", "2024-10", "2015", None, "")] == [
        "21/11/2026",
        "10/2024",
        "2015",
        "sans date",
        "sans date",
    ]
    assert period({"start_year": None, "end_year": 2018}) == "jusqu’en 2018, début non renseigné"
    assert period({"start_year": 2018, "end_year": 2018}) == "2018"
    assert period({"start_year": 2014, "end_year": 2018}) == "2014-2018"
    assert listed(list("abcdefg")) == "a, b, c, d, e… (7 en tout)"
    assert listed(["a", "b"]) == "a et b"
