"""French forms, and texts that stay texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptce_data.text import fold, split_codes, split_words
from ptce_ui import text
from tests.mini import HOSTILE_NAMES


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1234567, "1\u202f234\u202f567"), (0, "0"), (None, "non renseigné"), (float("nan"), "non renseigné")],
)
def test_numbers(value: float | None, expected: str) -> None:
    assert text.number(value) == expected


def test_amounts_shares_dates_plurals() -> None:
    assert text.euros(2750000) == "2\u202f750\u202f000\u00a0€"
    assert text.percent(12.34, 1) == "12,3\u00a0%"
    assert [text.date(v) for v in ("2014-01-10", "2024-10", "2015", None)] == [
        "10/01/2014",
        "10/2024",
        "2015",
        "sans date",
    ]
    assert text.count(0, "pôle", "pôles") == "0\u00a0pôle"
    assert text.count(1, "pôle", "pôles") == "1\u00a0pôle"
    assert text.count(2, "pôle", "pôles") == "2\u00a0pôles"
    assert text.join(["a"]) == "a"
    assert text.join(["a", "b", "c"]) == "a, b et c"


@given(st.text() | st.sampled_from(HOSTILE_NAMES))
def test_html_never_opens_a_tag_an_attribute_or_a_template(value: str) -> None:
    escaped = text.escape_html(value)
    assert not set(escaped) & set("<>\"'`$\\")


@given(st.text() | st.sampled_from(HOSTILE_NAMES))
def test_markdown_signs_are_all_escaped(value: str) -> None:
    escaped = text.escape_markdown(value)
    for position, sign in enumerate(escaped):
        if sign in "*_[]()<>`$:!#":
            before = escaped[:position]
            assert (len(before) - len(before.rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", " data:text/html,x", "ftp://x", "http://a b", None, 3]
)
def test_only_web_addresses_become_links(value: object) -> None:
    assert text.safe_url(value) is None


def test_folding_ignores_accents_case_and_signs() -> None:
    assert fold("L’Île-d'Œuvre  ÉCOLOGIQUE") == "l ile d oeuvre ecologique"
    assert fold("תעשיה") == "תעשיה"


@given(st.text())
def test_folding_twice_changes_nothing(value: str) -> None:
    assert fold(fold(value)) == fold(value)


def test_lists_in_cells() -> None:
    assert split_codes("a| b |") == ("a", "b")
    assert split_codes(None) == ()
    assert split_words("énergie, bois (chauffage, papier), emploi") == (
        "énergie",
        "bois (chauffage, papier)",
        "emploi",
    )
