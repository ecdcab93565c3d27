"""Comparable areas: a distance that can be explained, and borders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import regional
from ptce_data.load import Dataset
from ptce_data.regional import traits

ALL = regional.CRITERIA
subsets = st.sets(st.sampled_from(ALL), min_size=1).map(lambda found: tuple(sorted(found)))
levels = st.sampled_from(["regions", "former_regions", "departements", "epci"])


@settings(max_examples=15, deadline=None)
@given(data=st.data(), level=levels, criteria=subsets, n=st.integers(1, 12))
def test_peers_hold_together(
    real: Dataset, data: st.DataObject, level: str, criteria: tuple[str, ...], n: int
) -> None:
    frame = regional.features(real, level)
    code = data.draw(st.sampled_from(sorted(frame.index)))
    made = regional.peers(real, level, code, n, criteria)
    active = tuple(name for name in criteria if name != "structure" or frame.loc[code, "typed"])
    assert len(made) == (0 if not active else min(n, len(frame) - 1 - excluded(frame, code, active)))
    assert code not in set(made["code"]) and made["code"].is_unique
    assert made["distance"].is_monotonic_increasing or np.diff(made["distance"]).min() > -1e-9
    parts = made.filter(like="contribution_").to_numpy(dtype=float)
    np.testing.assert_allclose(parts.sum(axis=1), made["distance"].astype(float) ** 2, atol=1e-12)
    assert made["similarity"].between(0, 100).all()
    for row in made.to_dict("records"):
        assert regional.distance(real, level, code, row["code"], active) == pytest.approx(row["distance"])
        assert regional.distance(real, level, row["code"], code, active) == pytest.approx(row["distance"])
        added = {
            name.removeprefix("contribution_"): row[name] for name in row if name.startswith("contribution_")
        }
        assert added[row["far"]] == max(added.values())
        shared = [
            v for k, v in added.items() if k != row["far"] and frame.loc[[code, row["code"]], k].sum() > 0
        ]
        if isinstance(row["near_1"], str) and shared:
            assert added[row["near_1"]] == min(shared)
        for spot in ("near_1", "near_2", "far"):
            feature = row[spot]
            if isinstance(feature, str):
                here, there = row[f"{spot}_here"], row[f"{spot}_there"]
                assert (here, there) == (frame.loc[code, feature], frame.loc[row["code"], feature])
        assert traits.written(row["far"], row["far_here"]) in row["explanation"]
        assert traits.FEATURE_LABELS[row["far"]] in row["explanation"]


def excluded(frame: object, code: str, active: tuple[str, ...]) -> int:
    """Areas other than `code` whose types are not known, when types are compared."""
    return int((~frame["typed"]).drop(code).sum()) if "structure" in active else 0  # type: ignore[index]


@settings(max_examples=20, deadline=None)
@given(data=st.data(), criteria=subsets)
def test_the_distance_is_one(real: Dataset, data: st.DataObject, criteria: tuple[str, ...]) -> None:
    codes = sorted(regional.features(real, "epci").query("typed").index)
    a, b, c = (data.draw(st.sampled_from(codes)) for _ in range(3))
    ab, bc, ac = (regional.distance(real, "epci", *pair, criteria) for pair in ((a, b), (b, c), (a, c)))
    assert ac <= ab + bc + 1e-9
    assert regional.distance(real, "epci", a, a, criteria) == 0


def test_features_are_the_shares_of_the_communes(real: Dataset) -> None:
    frame = regional.features(real, "epci")
    shares = frame.filter(like="share_").sum(axis=1) + frame["unknown_pct"]
    np.testing.assert_allclose(shares, 100)
    assert len(frame) == len(real.epci)
    one = real.communes[real.communes["epci_siren"] == frame.index[600]]
    types = real.territories.communes.set_index("commune_insee")["territory_type"]
    rural = one["population"][(one["commune_insee"].map(types) == "rural").to_numpy()].sum()
    assert frame.iloc[600]["share_rural"] == pytest.approx(rural / one["population"].sum() * 100)


def test_unknown_types_are_excluded_and_said(real: Dataset) -> None:
    lost = regional.left_out(real, "regions", ALL)
    assert set(lost["code"]) == {"01", "02", "03", "04", "06"} and (lost["unknown_pct"] > 5).all()
    assert not set(regional.peers(real, "regions", "53", 17)["code"]) & set(lost["code"])
    assert regional.notes(real, "regions", "53") == (
        "5 régions dont le type de territoire est inconnu pour plus de 5 % de la population ne sont pas comparées.",
    )
    assert len(regional.peers(real, "regions", "04", 17)) == 17, "sans la structure, toutes se comparent"
    assert "la comparaison porte sur la densité et la population" in regional.notes(real, "regions", "04")[0]
    assert regional.peers(real, "regions", "04", 5, ("structure",)).empty
    assert "choisir un autre critère" in regional.notes(real, "regions", "04", ("structure",))[0]


def test_ties_are_in_the_order_of_names(small: Dataset) -> None:
    made = regional.peers(small, "departements", "69", 3, ("density",))
    again = regional.peers(small, "departements", "69", 3, ("density",))
    assert made.equals(again)
    rows = list(zip(made["distance"].round(9), made["name"], strict=True))
    assert rows == sorted(rows)


def test_an_unknown_criterion_or_area_is_refused(small: Dataset) -> None:
    with pytest.raises(ValueError, match="couleur"):
        regional.peers(small, "regions", "84", 3, ("couleur",))
    with pytest.raises(ValueError, match="aucun"):
        regional.peers(small, "regions", "84", 3, ())
    with pytest.raises(regional.UnknownAreaError, match="978"):
        regional.peers(small, "regions", "978")


def test_one_criterion_is_said_to_be_alone(small: Dataset) -> None:
    made = regional.peers(small, "departements", "69", 1, ("size",))
    assert made["explanation"].iloc[0].startswith("Comparaison par la population")
    assert made["near_1"].isna().all() and made["far"].iloc[0] == "population"


@pytest.mark.parametrize(
    ("level", "code", "expected"),
    [
        ("regions", "53", {"28", "52"}),
        ("regions", "84", {"24", "27", "75", "76", "93"}),
        ("former_regions", "31", {"22"}),
        ("departements", "29", {"22", "56"}),
        ("regions", "04", set()),
        ("regions", "03", set()),
        ("regions", "94", set()),
    ],
)
def test_neighbours_share_a_border(real: Dataset, level: str, code: str, expected: set[str]) -> None:
    assert set(regional.neighbours(real, level, code)["code"]) == expected
    note = regional.neighbours_note(real, level, code)
    assert (note is None) == bool(expected)


def test_a_corner_is_no_border(small: Dataset) -> None:
    # Squares: 63 is right of 69; 31 is above 69, 34 above 63. 69 and 34 meet in a point at most.
    assert set(regional.neighbours(small, "departements", "34")["code"]) == {"31", "63"}


def test_neighbourhood_goes_both_ways(real: Dataset) -> None:
    near = {c: set(regional.neighbours(real, "regions", c)["code"]) for c in real.regions["region_code"]}
    assert all(a in near[b] for a, found in near.items() for b in found)


def test_an_island_is_said_in_french(real: Dataset) -> None:
    said = regional.neighbours_note(real, "regions", "94")
    assert said == "Aucune autre région ne touche le territoire de Corse, dans nos contours."
    assert str(regional.neighbours_note(real, "departements", "974")).startswith("Aucun autre département")
