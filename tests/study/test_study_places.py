"""What exists in and around a perimeter, who lives near it, and how the cluster is arranged."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import coverage
from ptce_data.load import Dataset
from ptce_data.study import (
    AccessChoice,
    Annotation,
    Outline,
    Override,
    OwnPlace,
    Perimeter,
    Study,
    access,
    existing,
    gaps,
    imprecise,
    resolve,
    schemes,
    status,
    zones,
)
from ptce_data.study.near import france, nearest_km
from ptce_data.study.registries import ELEMENTS
from tests.study.study_small import ALPHA_AND_A_HALF, a_study, over

CC1 = Perimeter(epci=("200000001",))


def places(dataset: Dataset, perimeter: Perimeter, **more: Any) -> pd.DataFrame:
    study = a_study(perimeter=perimeter, **more)
    return existing(dataset, resolve(dataset, perimeter), study).set_index("uid")


def test_places_are_inside_or_around(small: Dataset) -> None:
    found = places(small, CC1)
    assert set(found.index) == {"pole:pole-a", "tiers_lieu:lieu-a", "cluster:cluster-a"}
    assert set(found["where"]) == {"perimetre"}
    assert (found["distance_km"] == 0).all()
    assert found.loc["tiers_lieu:lieu-a", "status"] == "existing"
    assert found.loc["pole:pole-a", "status"] == "unknown"
    assert found.loc["tiers_lieu:lieu-a", ["subkind", "label"]].tolist() == ["coworking", "Coworking"]
    assert found.loc["pole:pole-a", "label"] == "PTCE"
    assert found.loc["tiers_lieu:lieu-a", "territory_type"] == "desindustrialise"
    around = places(small, CC1.model_copy(update={"zone_km": 20.0}))
    # Lieu B is at 45.15, 2.15: 0.05 degree of latitude north of Bêta.
    assert around.loc["tiers_lieu:lieu-b", "where"] == "alentours"
    assert around.loc["tiers_lieu:lieu-b", "distance_km"] == pytest.approx(5.56, abs=0.05)
    assert "tiers_lieu:lieu-d" not in around.index


def test_the_centre_is_that_of_the_people(small: Dataset) -> None:
    found = places(small, CC1)
    area = resolve(small, CC1)
    # 50,000 in Alpha, 1,000 in Bêta, 0.1 degree east.
    assert area.parts[0].centre_lon == pytest.approx(2.05 + 0.1 / 51, abs=1e-4)
    assert found.loc["tiers_lieu:lieu-a", "centre_km"] == pytest.approx(0.1 / 51 * 78.8, abs=0.02)


def test_objects_known_by_their_area_only_are_apart(small: Dataset) -> None:
    area = resolve(small, CC1)
    # Pôle D is known by its region only; Lieu C is in another département.
    vague = imprecise(small, area)
    assert list(vague.places["uid"]) == ["pole:pole-d"]
    assert vague.count == 1
    hidden = a_study(annotations=(Annotation(uid="pole:pole-d", hidden=True),))
    assert imprecise(small, area, hidden).count == 0


def test_what_the_user_adds_and_says_is_marked(small: Dataset) -> None:
    study = {
        "places": (
            OwnPlace(
                id="p",
                name="Projet",
                kind="fablab",
                status="planned",
                lon=2.15,
                lat=45.05,
                note="à moi",
                source="mairie",
            ),
            OwnPlace(id="c", name="Par commune", kind="coworking", commune="69002"),
            OwnPlace(id="n", name="Nulle part", kind="showroom", commune="01999"),
            OwnPlace(id="l", name="Loin", kind="showroom", lon=2.35, lat=45.15),
        ),
        "annotations": (
            Annotation(uid="tiers_lieu:lieu-a", note="fermé ?", correction="A.", hidden=True),
            Annotation(uid="tiers_lieu:lieu-b-bis", note="doublon"),
        ),
    }
    found = places(small, Perimeter(epci=("200000001",), zone_km=7.0), **study)
    assert found.loc["ajout:p", ["where", "origin", "status", "note", "source", "commune_name"]].tolist() == [
        "perimetre", "ajout", "planned", "à moi", "mairie", "Bêta",
    ]  # fmt: skip
    assert found.loc["ajout:c", "geo_precision"] == "commune"
    assert found.loc["ajout:c", "lon"] == pytest.approx(2.15)
    assert found.loc["ajout:n", "where"] == "inconnu"
    assert found.loc["ajout:l", "where"] == "ailleurs"
    assert found.loc["tiers_lieu:lieu-a", ["hidden", "note", "correction"]].tolist() == [
        True,
        "fermé ?",
        "A.",
    ]
    assert found.loc["tiers_lieu:lieu-b", "note"] == "doublon"
    assert not found.loc["pole:pole-a", "hidden"]


def test_a_polygon_takes_the_places_that_are_in_it(small: Dataset) -> None:
    found = places(small, over(ALPHA_AND_A_HALF))
    assert {"tiers_lieu:lieu-a", "pole:pole-a"} <= set(found.index)
    west = places(small, over(shapely.box(2.0, 45.0, 2.04, 45.1)))
    assert "tiers_lieu:lieu-a" not in west.index


def test_schemes_cover_a_share_of_the_people(small: Dataset) -> None:
    found = schemes(small, resolve(small, Perimeter(communes=("69001", "31001")))).set_index("id")
    share = {"aide-etat": 100, "aide-ue": 100, "aide-epci": 50 / 140 * 100, "aide-region": 90 / 140 * 100, "aide-departements": 90 / 140 * 100, "aide-ancienne-region": 50 / 140 * 100}  # fmt: skip
    assert found["share_pct"].to_dict() == pytest.approx(share)
    assert found.loc["aide-epci", "communes_covered"] == 1
    assert found.index[0] == "aide-epci"
    whole = schemes(small, resolve(small, CC1)).set_index("id")
    assert set(whole.index) == set(coverage.of_area(small, "epci", "200000001")["id"])


def test_access_by_hand(small: Dataset) -> None:
    # Lieu A stands on the point of Alpha; the point of Bêta is 0.1 degree (7.88 km) east of it.
    reach = access(small, resolve(small, CC1), kinds=["coworking", "fablab"], radii=[5, 10])
    shares = reach.shares.set_index(["kind", "radius_km"])
    assert shares.loc[("coworking", 5.0), "share_pct"] == pytest.approx(50 / 51 * 100)
    assert shares.loc[("coworking", 10.0), "within"] == 51_000
    assert shares.loc[("coworking", 10.0), "places"] == 1
    assert list(reach.outside("coworking", 5)["commune_insee"]) == ["69002"]
    assert reach.outside("coworking", 5)["distance_km"].iloc[0] == pytest.approx(7.88, abs=0.02)
    assert reach.communes.set_index(["kind", "commune_insee"]).loc[("coworking", "69001"), "has_place"]
    # The nearest fablab, Lieu B, is out of the perimeter: it counts all the same.
    assert list(reach.outside("fablab", 11.5)["commune_insee"]) == ["69001"]
    assert "vol d’oiseau" in reach.method


def test_a_planned_place_is_a_figure_apart(small: Dataset) -> None:
    study = a_study(places=(OwnPlace(id="p", name="P", kind="coworking", status="planned", commune="69002"),))
    row = access(small, resolve(small, CC1), study, ["coworking"], [5]).shares.iloc[0]
    assert row["share_pct"] == pytest.approx(50 / 51 * 100)
    assert row["share_with_planned_pct"] == 100
    assert (row["places"], row["planned_places"]) == (1, 1)


def test_hidden_and_imprecise_places_do_not_count(small: Dataset) -> None:
    hidden = a_study(annotations=(Annotation(uid="tiers_lieu:lieu-a", hidden=True),))
    area = resolve(small, CC1)
    assert access(small, area, hidden, ["coworking"], [5]).shares["within"].iloc[0] == 0
    poles = access(small, area, None, ["pole"], [5])
    assert poles.excluded["objects"].tolist() == [1]
    assert poles.shares["places"].tolist() == [1]


def test_nobody_makes_no_share(small: Dataset) -> None:
    area = resolve(small, over(shapely.box(2.001, 45.001, 2.002, 45.002)))
    assert access(small, area).shares["share_pct"].isna().all()
    lonely = resolve(small, Perimeter(communes=("31002",)))
    assert access(small, lonely).shares["share_pct"].isna().all()


def test_an_isochrone_is_used_instead(small: Dataset) -> None:
    choice = AccessChoice(isochrone=Outline.of(shapely.box(2.1, 45, 2.2, 45.1)))
    reach = access(small, resolve(small, CC1), a_study(access=choice))
    assert reach.isochrone_share_pct == pytest.approx(1 / 51 * 100)
    assert reach.isochrone is not None
    assert list(reach.isochrone["is_inside"]) == [False, True]
    assert "fait ailleurs" in reach.method


points = st.lists(st.tuples(st.floats(1.8, 2.6), st.floats(44.8, 45.4)), max_size=5)


@settings(max_examples=8, deadline=None)
@given(points, st.tuples(st.floats(1.8, 2.6), st.floats(44.8, 45.4)), st.floats(0.1, 60), st.floats(0.1, 60))
def test_access_grows_with_the_radius_and_with_places(
    small: Dataset, known: list[tuple[float, float]], one: tuple[float, float], a: float, b: float
) -> None:
    area = resolve(small, CC1)

    def shares(spots: list[tuple[float, float]]) -> list[float]:
        own = tuple(
            OwnPlace(id=f"p{n}", name="", kind="showroom", lon=lon, lat=lat)
            for n, (lon, lat) in enumerate(spots)
        )
        found = access(small, area, a_study(places=own), ["showroom"], sorted({a, b}))
        return list(found.shares["share_pct"])

    before, after = shares(known), shares([*known, one])
    assert before == sorted(before)
    assert all(x <= y for x, y in zip(before, after, strict=True))


@settings(max_examples=25, deadline=None)
@given(points.filter(bool))
def test_the_nearest_place_is_the_nearest(spots: list[tuple[float, float]]) -> None:
    communes = pd.DataFrame({"lon": [2.0, 2.3, -61.0], "lat": [45.0, 45.2, 14.6]})
    others = pd.DataFrame(spots, columns=["lon", "lat"])
    xy = zones.project(communes["lon"][:2], communes["lat"][:2], 2154)
    there = zones.project(others["lon"], others["lat"], 2154)
    by_hand = np.hypot(*(xy[:, None, :] - there[None, :, :]).transpose(2, 0, 1)).min(axis=1) / 1000
    found = nearest_km(communes, others)
    assert found[:2] == pytest.approx(by_hand, abs=0.001)
    assert np.isnan(found[2])


def arranged(dataset: Dataset, perimeter: Perimeter, **more: Any) -> pd.DataFrame:
    study: Study = a_study(perimeter=perimeter, **more)
    area = resolve(dataset, perimeter)
    return status(dataset, area, existing(dataset, area, study), study).set_index("element")


def test_data_fill_the_arrangement_and_never_say_missing(small: Dataset) -> None:
    rows = arranged(small, CC1)
    assert list(rows.index) == list(ELEMENTS)
    assert rows.loc["coworking", ["status", "origin", "where"]].tolist() == [
        "present",
        "computed",
        "perimetre",
    ]
    assert rows.loc["coworking", "evidence"] == ("tiers_lieu:lieu-a",)
    assert rows.loc["fablab", "status"] == "present"  # Lieu A carries the fablab label.
    assert rows.loc["showroom", "evidence_names"] == ("Pôle A",)
    assert rows.loc["organisations_ess", "status"] == "present"
    assert rows.loc["organisations_publiques", "status"] == "unknown"
    # The only schemes of the small data are closed.
    assert rows.loc["subventions_publiques", "status"] == "unknown"
    assert "missing" not in set(rows["status"])
    assert rows.loc["pepiniere", "reason"].startswith("Rien de documenté")


def test_an_element_of_the_surroundings_stays_unknown(small: Dataset) -> None:
    rows = arranged(small, Perimeter(communes=("69002",), zone_km=10.0))
    assert rows.loc["coworking", ["status", "where"]].tolist() == ["unknown", "alentours"]
    assert rows.loc["coworking", "evidence"] == ("tiers_lieu:lieu-a",)
    assert "alentours seulement" in rows.loc["coworking", "reason"]


def test_the_user_has_the_last_word(small: Dataset) -> None:
    rows = arranged(
        small,
        CC1,
        places=(OwnPlace(id="p", name="Projet", kind="pepiniere", status="planned", commune="69001"),),
        arrangement=(
            Override(element="coworking", status="missing", note="fermé"),
            Override(element="fablab", note="à voir"),
        ),
        annotations=(Annotation(uid="pole:pole-a", hidden=True),),
    )
    assert rows.loc["coworking", ["status", "origin", "computed_status", "note"]].tolist() == [
        "missing", "user", "present", "fermé",
    ]  # fmt: skip
    assert rows.loc["fablab", ["status", "origin", "note"]].tolist() == ["present", "computed", "à voir"]
    assert rows.loc["pepiniere", "status"] == "planned"
    assert rows.loc["showroom", "status"] == "unknown"
    counted = gaps(rows.reset_index()).set_index("family")
    assert counted.loc["lieux", ["present", "planned", "missing", "unknown"]].tolist() == [1, 1, 1, 2]
    assert counted[["present", "planned", "missing", "unknown"]].to_numpy().sum() == len(ELEMENTS)


def test_hostile_names_go_through(hostile: Dataset) -> None:
    area = resolve(hostile, CC1)
    found = existing(hostile, area)
    assert "<script>alert('x')</script>" in set(found["name"])
    assert len(status(hostile, area, found)) == len(ELEMENTS)


def test_a_real_epci_is_counted_from_the_tables(real: Dataset) -> None:
    area = resolve(real, Perimeter(epci=("200046977",), zone_km=5.0))
    found = existing(real, area)
    inside = found[found["where"] == "perimetre"]
    table = real.places
    known = ~table["geo_precision"].isin(["departement", "region", "aucune"])
    expected = table[known & table["commune_insee"].isin(area.communes["commune_insee"])]
    assert set(inside["uid"]) == set(expected["uid"])
    around = found[found["where"] == "alentours"]
    assert around["distance_km"].le(5).all()
    assert not set(around["commune_insee"]) & set(area.communes["commune_insee"])


def test_the_share_of_france_is_between_bounds(real: Dataset) -> None:
    assert 0 < france(real, "fablab", 20) < france(real, "tiers_lieu", 20) < 100


def test_a_step_is_fast(real: Dataset) -> None:
    perimeter = Perimeter(epci=("200067205",), zone_km=20.0)
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        area = resolve(real, perimeter)
        existing(real, area)
        access(real, area)
        best = min(best, time.perf_counter() - start)
    # 0.2 s alone on two cores; the limit leaves room for the rest of the suite.
    assert best < 0.6


def test_a_scheme_is_a_capacity_only_where_its_source_says_open(small: Dataset) -> None:
    area = resolve(small, CC1)
    found = schemes(small, area)
    found["funding_kind"], found["status"] = "pret", "unknown"
    empty = existing(small, area).iloc[:0]

    def loans(covering: pd.DataFrame) -> pd.Series:
        return status(small, area, empty, None, covering).set_index("element").loc["prets_garanties"]

    assert loans(found)["status"] == "unknown"
    assert len(loans(found)["evidence"]) == len(found)
    opened = found.assign(status=["open", *found["status"][1:]], share_pct=40.0)
    assert loans(opened)[["status", "evidence"]].tolist() == ["present", (found["id"].iloc[0],)]
    assert "une part du périmètre" in loans(opened)["reason"]
    closed = loans(found.assign(status="closed"))
    assert (closed["status"], closed["evidence"]) == ("unknown", ())
