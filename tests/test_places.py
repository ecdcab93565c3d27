"""Where each object stands, and how precisely."""

from __future__ import annotations

import pytest
import shapely

from ptce_data import query
from ptce_data.load import Dataset


@pytest.mark.parametrize(
    ("uid", "precision"),
    [
        ("tiers_lieu:lieu-a", "adresse"),
        ("tiers_lieu:lieu-b", "approximatif"),
        ("pole:pole-a", "commune"),
        ("pole:pole-b", "departement"),
        ("pole:pole-c", "region"),
        ("tiers_lieu:lieu-c", "departement"),
        ("cluster:cluster-b", "region"),
        ("tiers_lieu:lieu-d", "region"),
        ("cluster:cluster-c", "aucune"),
    ],
)
def test_position_is_the_best_one_known(small: Dataset, uid: str, precision: str) -> None:
    place = query.find_place(small, uid)
    assert place is not None
    assert place["geo_precision"] == precision
    assert place.geometry.is_empty == (precision == "aucune")


def test_a_region_of_before_2016_is_placed_in_that_region(small: Dataset) -> None:
    place = query.find_place(small, "pole:pole-c")
    assert place is not None and place["former_region_code"] == "91"
    former = small.former_regions.set_index("former_region_code").geometry
    assert former["91"].contains(place.geometry)


def test_former_region_stays_unknown_where_the_region_had_two(small: Dataset) -> None:
    place = query.find_place(small, "pole:pole-d")
    assert place is not None
    assert place["region_code"] == "84"
    assert place["former_region_code"] != place["former_region_code"]  # NaN


def test_one_row_per_object_and_kind(small: Dataset) -> None:
    assert small.places["uid"].is_unique
    tables = (small.poles, small.tiers_lieux, small.clusters)
    assert sorted(small.places["uid"]) == sorted(uid for t in tables for uid in t["uid"])


def test_every_real_object_but_one_has_a_point_inside_its_region(real: Dataset) -> None:
    places = real.places
    unplaced = places[places["geo_precision"] == "aucune"]
    # Sources place this living lab nowhere at all.
    assert unplaced["uid"].tolist() == ["cluster:smartcity-living-lab"]
    placed = places.drop(unplaced.index)
    regions = real.regions.set_index("region_code").geometry
    near = 0.05  # degrees: a quay or a simplified coast
    inside = [
        shapely.dwithin(regions[code], point, near)
        for code, point in zip(placed["region_code"], placed.geometry, strict=True)
        if code in regions.index
    ]
    assert sum(inside) / len(inside) > 0.995


def test_precision_is_told_for_the_54_poles_with_a_commune(real: Dataset) -> None:
    poles = real.places[real.places["kind"] == "pole"]
    counted = poles["geo_precision"].value_counts().to_dict()
    assert counted == {"commune": 54, "departement": 27, "region": 16}
