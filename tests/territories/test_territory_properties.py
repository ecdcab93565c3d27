"""What must hold for any territory, whatever is known of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from territory_small import PLAIN

from ptce_data.territories import FLAGS, TYPES, Indicators, Rules, classify, compare, indicators
from ptce_data.territories.logic import type_of_state
from ptce_data.territories.parameters import STEPS

SETTINGS = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: Column -> values a commune may have; None is unknown.
VALUES: dict[str, list[Any]] = {
    "epci_siren": [None, "200000001", "200000002", "200000003", "200000004"],
    "ze2020": [None, "0101", "0102", "0103", "0104", "0105"],
    "density_level": [None, *range(1, 8)],
    "taav2017": [None, *range(6)],
    "cateaav2020": [None, 11, 12, 13, 20, 20, 20, 30],
    "qpv_count": [None, 0, 0, 0, 1, 2, 3],
    "territoire_industrie_1": [None, None, "Vallée"],
    "territoire_industrie_2": [None, None, "Plaine"],
    "afr": [None, 0, 1],
    "ber": [None, 0, 0, 0, 1],
    "bud": [None, 0, 0, 0, 1],
}
COUNTS = [name for name in PLAIN if name[-4:] in ("1982", "2011")]


def table_of(seed: int, size: int, gaps: float) -> pd.DataFrame:
    """Many communes at once: one example tries as many cases as it has rows."""
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {"population": random.integers(0, 5000, size)}
    for name, values in VALUES.items():
        columns[name] = [values[i] for i in random.integers(0, len(values), size)]
    for name in COUNTS:
        high = 60 if name.startswith("workers") or name.startswith("unemployed") else 300
        counts = random.integers(0, high, size).astype(float)
        columns[name] = np.where(random.random(size) < gaps, np.nan, counts)
    frame = pd.DataFrame({**PLAIN, **columns, "commune_insee": [f"01{i:03d}" for i in range(size)]})
    return frame.assign(epci=frame["epci_siren"], ze2020_label=frame["ze2020"])


TABLES = st.builds(
    table_of, st.integers(0, 2**32 - 1), st.integers(1, 60), st.sampled_from([0.0, 0.0, 0.02, 0.2])
)
MARGIN = st.floats(-20, 20, allow_nan=False).map(lambda v: round(v, 2))
RULES = st.builds(
    Rules,
    rule_r1=st.booleans(),
    rule_r2=st.booleans(),
    rule_r3=st.booleans(),
    scale_ze=st.booleans(),
    scale_epci=st.booleans(),
    own_share_required=st.booleans(),
    base_share_margin_pts=MARGIN,
    unemployment_margin_pts=MARGIN,
    decline_margin_pts=MARGIN,
    own_share_margin_pts=MARGIN,
    min_job_loss_pct=st.floats(0, 99),
    min_coverage_pct=st.floats(0, 100),
    min_area_class=st.integers(1, 5),
    min_qpv=st.integers(1, 3),
    type_order=st.permutations(STEPS),
    deindustrialised_override=st.booleans(),
    min_r3_share_pct=st.floats(0, 100),
    min_urban_share_pct=st.floats(0, 100),
)


def same(one: Any, other: Any) -> bool:
    return bool(
        (pd.isna(one) and pd.isna(other)) or (not pd.isna(one) and not pd.isna(other) and one == other)
    )


@SETTINGS
@given(TABLES, RULES)
def test_flags_and_type_are_consistent(table: pd.DataFrame, rules: Rules) -> None:
    communes = classify(table, rules).communes
    by_state = type_of_state(rules.type_order)
    for row in communes.to_dict("records"):
        kind, possible = row["territory_type"], row["possible_types"]
        assert pd.isna(kind) != pd.isna(possible)
        if not pd.isna(kind):
            assert kind in TYPES
            if kind in FLAGS:
                held = row[FLAGS[kind]]
                assert pd.isna(held) or held, (kind, row)
            elif kind == "urbain_autre":
                assert not any(v for f in FLAGS.values() if not pd.isna(v := row[f]))
        else:
            assert len(possible.split("|")) > 1 and set(possible.split("|")) <= set(TYPES)
        flags = [row[f] for f in FLAGS.values()]
        if not any(pd.isna(f) for f in flags):
            deind, rural, quarter, ring = (bool(f) for f in flags)
            assert kind == TYPES[by_state[1 * rural + 2 * ring + 4 * quarter + 8 * deind]]
        if row["is_urban_working_class"] is True:
            assert row["is_rural"] is False
        strength = row["deindustrialised_strength"]
        assert pd.isna(strength) == pd.isna(row["is_deindustrialised"])
        if not pd.isna(strength):
            assert (strength > 0) == bool(row["is_deindustrialised"])


@SETTINGS
@given(TABLES, RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_means_nothing(table: pd.DataFrame, rules: Rules, random: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    one, other = classify(table, rules), classify(table.iloc[order], rules)
    for name in ("communes", "epci", "ze"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


STRICTER = (
    "base_share_margin_pts",
    "unemployment_margin_pts",
    "decline_margin_pts",
    "own_share_margin_pts",
    "min_job_loss_pct",
)


@SETTINGS
@given(TABLES, RULES, st.sampled_from(STRICTER), st.floats(0, 20))
def test_a_stricter_threshold_never_adds_a_deindustrialised_commune(
    table: pd.DataFrame, rules: Rules, field: str, more: float
) -> None:
    high = 99.0 if field == "min_job_loss_pct" else 20.0
    strict = rules.changed(**{field: min(high, getattr(rules, field) + more)})
    data = indicators(table)
    before, after = classify(data, rules), classify(data, strict)
    for old, new in (
        (before.communes, after.communes),
        (before.epci, after.epci),
        (before.ze, after.ze),
    ):
        was = old["is_deindustrialised"].fillna(False).astype(bool)
        now = new["is_deindustrialised"].fillna(False).astype(bool)
        assert not (now & ~was).any()
        # Nor does it make unknown what was known to be false.
        known_false = (~old["is_deindustrialised"]).fillna(False).astype(bool)
        assert not (known_false & new["is_deindustrialised"].isna()).any()
    assert compare(before, after).flags.loc["is_deindustrialised", "communes_gained"] == 0


FORGETTABLE = (
    "density_level",
    "taav2017",
    "cateaav2020",
    "qpv_count",
    "afr",
    "ber",
    "bud",
    "workers_share_1982_pct",
)


@SETTINGS
@given(TABLES, RULES, st.sampled_from(FORGETTABLE), st.integers(0, 59))
def test_forgetting_a_fact_never_turns_a_no_into_a_yes_or_a_yes_into_a_no(
    table: pd.DataFrame, rules: Rules, column: str, row: int
) -> None:
    data = indicators(table)
    communes = data.communes.copy()
    communes.loc[communes.index[row % len(communes)], column] = (
        np.nan if column.startswith("workers") else pd.NA
    )
    forgotten = Indicators(communes, data.epci, data.ze, data.national)
    before, after = classify(data, rules), classify(forgotten, rules)
    for name in ("communes", "epci", "ze"):
        old, new = getattr(before, name), getattr(after, name)
        for flag in [c for c in old if c.startswith("is_")] + ["territory_type"]:
            for was, now in zip(old[flag], new[flag], strict=True):
                assert pd.isna(now) or same(was, now), (name, flag, was, now)


@SETTINGS
@given(TABLES, RULES, st.sampled_from(["epci", "ze"]), st.integers(0, 2))
def test_forgetting_an_area_never_decides_anything(
    table: pd.DataFrame, rules: Rules, scale: str, row: int
) -> None:
    data = indicators(table)
    areas = getattr(data, scale).copy()
    if areas.empty:
        return
    spot = areas.index[row % len(areas)]
    for column in [c for c in areas if c.startswith(("workers", "unemployment", "active", "unemployed"))]:
        areas.loc[spot, column] = np.nan
    parts = {"epci": data.epci, "ze": data.ze, scale: areas}
    forgotten = Indicators(data.communes, parts["epci"], parts["ze"], data.national)
    before, after = classify(data, rules).communes, classify(forgotten, rules).communes
    for flag in (*FLAGS.values(), "territory_type"):
        for was, now in zip(before[flag], after[flag], strict=True):
            assert pd.isna(now) or same(was, now), (flag, was, now)


@SETTINGS
@given(TABLES, RULES, RULES)
def test_a_comparison_counts_every_commune_once(table: pd.DataFrame, one: Rules, other: Rules) -> None:
    data = indicators(table)
    compared = compare(classify(data, one), classify(data, other))
    assert compared.communes.to_numpy().sum() == len(table)
    assert compared.population.to_numpy().sum() == table["population"].sum()
    off_diagonal = compared.communes.to_numpy().sum() - np.trace(compared.communes.to_numpy())
    assert compared.communes_changed == off_diagonal
    assert compared.types["communes_difference"].sum() == 0
    assert (compared.communes_changed == 0) or compared.rules
