"""A view as a URL and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ptce_ui import urlstate
from ptce_ui.urlstate import Param

PARAMS = [
    Param("region", "many", ("53", "52", "2A")),
    Param("niveau", "one", ("regions", "epci"), "regions"),
    Param("q", "text"),
    Param("sensible", "flag"),
]
values = st.fixed_dictionaries(
    {
        "region": st.lists(st.sampled_from(["53", "52", "2A"]), unique=True).map(tuple),
        "niveau": st.sampled_from(["regions", "epci"]),
        "q": st.text(max_size=50),
        "sensible": st.booleans(),
    }
)


@given(values)
def test_what_is_written_is_read_back(given_values: dict[str, object]) -> None:
    query = urlstate.build(given_values, PARAMS)  # type: ignore[arg-type]
    parsed = urlstate.parse(query, PARAMS)
    assert parsed.problems == []
    assert parsed.values == given_values


def test_defaults_leave_the_url_empty() -> None:
    assert urlstate.build({"region": (), "niveau": "regions", "q": "", "sensible": False}, PARAMS) == {}


@given(st.dictionaries(st.text(max_size=10), st.lists(st.text(max_size=10), max_size=3), max_size=5))
def test_any_url_is_read_and_what_is_unknown_is_named(query: dict[str, list[str]]) -> None:
    parsed = urlstate.parse(query, PARAMS)
    assert set(parsed.values) == {p.name for p in PARAMS}
    unknown = [name for name in query if name not in parsed.values and name not in urlstate.RESERVED]
    assert len(parsed.problems) >= len(unknown)


def test_a_known_value_applies_beside_an_unknown_one() -> None:
    parsed = urlstate.parse({"region": ["53", "99", "53"], "niveau": ["lune"]}, PARAMS)
    assert parsed.values["region"] == ("53",)
    assert parsed.values["niveau"] == "regions"
    assert [w for p in parsed.problems for w in ("« 99 »", "« lune »") if w in p] == ["« 99 »", "« lune »"]


def test_a_long_value_is_cut() -> None:
    parsed = urlstate.parse({"q": ["x" * 10_000], "region": ["y" * 10_000]}, PARAMS)
    assert len(str(parsed.values["q"])) == urlstate.TEXT_MAX
    assert len(parsed.problems[0]) < 200
