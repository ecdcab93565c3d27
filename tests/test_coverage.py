"""Which support schemes cover a place."""

from __future__ import annotations

import pytest

from ptce_data import coverage
from ptce_data.load import Dataset

EVERYWHERE = {"aide-etat", "aide-ue"}


@pytest.mark.parametrize(
    ("lon", "lat", "own"),
    [
        (2.05, 45.05, {"aide-ancienne-region", "aide-epci"}),
        (2.25, 45.05, set()),
        (2.05, 45.15, {"aide-region", "aide-departements"}),
        (2.25, 45.15, {"aide-region", "aide-departements", "aide-commune"}),
    ],
)
def test_schemes_that_cover_a_point(small: Dataset, lon: float, lat: float, own: set[str]) -> None:
    assert set(coverage.at_point(small, lon, lat)["id"]) == own | EVERYWHERE


def test_outside_of_france_nothing_covers(small: Dataset) -> None:
    assert coverage.at_point(small, -30, 10).empty


def test_counts_leave_national_schemes_out(small: Dataset) -> None:
    counts = coverage.count_by_area(small, "regions").set_index("code")["schemes"]
    assert counts.to_dict() == {"76": 3, "84": 2}


def test_share_of_an_area_that_a_scheme_covers(small: Dataset) -> None:
    rows = coverage.of_area(small, "regions", "84").set_index("id")["share_pct"]
    assert rows["aide-etat"] == 100
    assert rows["aide-ancienne-region"] == pytest.approx(200 / 3)


def test_every_real_scheme_has_a_polygon_with_its_place_inside(real: Dataset) -> None:
    shapes = coverage.polygons(real).set_index("scheme_id").geometry
    assert set(shapes.index) == set(real.support_schemes["id"])
    assert not shapes.is_empty.any()
    regional = real.support_schemes[real.support_schemes["level"] == "region"]
    centres = real.regions.set_index("region_code")
    covered = [
        shapes[r.id].distance(centres.geometry[r.region_code]) == 0
        for r in regional.dropna(subset=["region_code"]).itertuples()
    ]
    assert all(covered)


def test_a_scheme_of_before_2016_covers_the_region_of_then(real: Dataset) -> None:
    listed = coverage.codes(real.support_schemes)
    rows = real.support_schemes
    old = rows[(rows["level"] == "region") & rows["region_at_the_time"].notna()]
    levels = listed[listed["scheme_id"].isin(old["id"])]["level"]
    assert len(old) > 40
    assert set(levels) == {"former_regions"}
