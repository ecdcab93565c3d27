"""Rows that may already be in the atlas: found when altered, never sure where a person said distinct."""

from __future__ import annotations

import dataclasses
import random
import time

import numpy as np
import pandas as pd
import pytest
import shapely

from ptce_data.load import DATA_DIR, Dataset
from ptce_data.own_layers.matching import COLUMNS, MOST, candidates
from ptce_data.own_layers.model import OwnLayer
from tests.own_layers.own_layers_made import copied, layer


def pairs(found: pd.DataFrame) -> set[tuple[int, str]]:
    return set(zip(found["line"], found["uid"], strict=True))


def noisy(name: str, town: str, dice: random.Random) -> str:
    """A name as another inventory may write it: a typing error, a generic word, the town, another case."""
    words = name.split()
    how = dice.randrange(6)
    if how == 0 and len(name) > 6:
        at = dice.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    elif how == 1:
        name = f"{dice.choice(('Tiers-lieu', 'Association', 'Espace', 'SCIC'))} {name}"
    elif how == 2:
        name = f"{name} - {town}"
    elif how == 3:
        name = name.upper()
    elif how == 4 and len(words) > 1:
        name = " ".join([*words[1:], words[0]])
    return name


@pytest.fixture(scope="module")
def altered(real: Dataset) -> OwnLayer:
    dice = random.Random(8)
    same = copied(real, "tiers_lieux")
    rows = same.rows.copy()
    towns = rows["commune_insee"].map(real.communes.set_index("commune_insee")["name"]).fillna("")
    rows["name"] = [noisy(n, t, dice) for n, t in zip(rows["name"], towns, strict=True)]
    # Points 100 m off or so; one in five rows has none.
    step = np.random.default_rng(8).normal(0, 0.0008, (len(rows), 2))
    rows["geometry"] = [
        shapely.Point() if at % 5 == 0 or p.is_empty else shapely.Point(p.x + dx, p.y + dy)
        for at, (p, (dx, dy)) in enumerate(zip(rows.geometry, step, strict=True))
    ]
    nothing = pd.Series(pd.NA, rows.index, dtype="str")
    return dataclasses.replace(same, rows=rows.assign(website=nothing, siren=nothing))


def test_an_altered_copy_of_the_atlas_is_found_again(real: Dataset, altered: OwnLayer) -> None:
    found = candidates(real, altered)
    have = pairs(found)
    uids = real.tiers_lieux["uid"].tolist()
    share = np.mean([(line, uid) in have for line, uid in enumerate(uids, start=2)])
    assert share >= 0.95
    first = found[~found["within_layer"]].drop_duplicates("line").set_index("line")["uid"]
    right = [first.get(line) == uid for line, uid in enumerate(uids, start=2)]
    assert np.mean(right) >= 0.93
    sure = found[found["is_sure"]]
    wrong = [(r.name, r.uid) for r in sure.itertuples() if uids[r.line - 2] != r.uid]
    assert len(sure) > 300
    assert wrong == []
    # Not everything looks like everything.
    assert len(found) < 2 * len(uids)


def distinct_pairs(real: Dataset) -> pd.DataFrame:
    read = pd.read_csv(DATA_DIR / "duplicates.csv")
    said = read[read["decision"] == "distinct"]
    assert len(said) > 100
    return said


@pytest.mark.parametrize("with_points", [True, False])
def test_sure_is_never_what_a_person_said_distinct(real: Dataset, with_points: bool) -> None:
    said = distinct_pairs(real)
    for table, kind in (("tiers_lieux", "tiers_lieu"), ("clusters", "cluster"), ("poles", "pole")):
        known = set(getattr(real, table)["uid"])
        for mine, others in (("left_uid", "right_uid"), ("right_uid", "left_uid")):
            uids = sorted({u for u in said[mine] if u.startswith(f"{kind}:") and u in known})
            if not uids:
                continue
            made = copied(real, table, uids)
            if not with_points:
                rows = made.rows.assign(geometry=[shapely.Point()] * len(made.rows))
                made = dataclasses.replace(made, rows=rows)
            # Their own rows are taken out, so that nothing keeps the other one from being the best.
            lacking = dataclasses.replace(real, places=real.places[~real.places["uid"].isin(uids)])
            apart = {(uid, other) for uid, other in zip(said[mine], said[others], strict=True)}
            sure = candidates(lacking, made).query("is_sure")
            met = {(uids[line - 2], uid) for line, uid in zip(sure["line"], sure["uid"], strict=True)}
            assert not met & apart


def test_columns_types_and_order(real: Dataset) -> None:
    found = candidates(real, copied(real, "tiers_lieux", real.tiers_lieux["uid"].tolist()[:60]))
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert found.groupby("line").size().max() <= MOST
    for _, rows in found.groupby("line"):
        assert rows["score"].is_monotonic_decreasing
    assert found["similarity"].between(0, 100).all()
    assert found["score"].between(0, 100).all()
    assert found["reason"].str.fullmatch(r"[A-ZÀ-Ý].*\.").all()


def one(small: Dataset, **cells: object) -> pd.DataFrame:
    place = {"commune_insee": "69001", "departement_code": "69", "region_code": "84", "kind": "autre"}
    return candidates(small, layer("tiers_lieux", [{**place, **cells}]))


@pytest.fixture(scope="module")
def named(small: Dataset) -> Dataset:
    """The small data with telling names: « Coursive Boutaric » in Alpha (45.05, 2.05)."""
    places, table = small.places.copy(), small.tiers_lieux.copy()
    for frame in (places, table):
        frame.loc[frame["uid"] == "tiers_lieu:lieu-a", "name"] = "La Coursive Boutaric"
    return dataclasses.replace(small, places=places, tiers_lieux=table)


POINT = {"lat": 45.05, "lon": 2.05, "coord_precision": "adresse"}


def test_the_same_place_under_its_name(named: Dataset) -> None:
    found = one(named, name="COURSIVE BOUTARIC", **POINT)
    assert found["uid"].tolist() == ["tiers_lieu:lieu-a"]
    row = found.iloc[0]
    assert (row["similarity"], row["distance_km"], row["same_commune"], row["is_sure"]) == (
        100,
        0,
        True,
        True,
    )
    assert row["reason"] == "Noms identiques, à 0\u00a0m, même commune."


def test_generic_words_and_the_commune_count_for_nothing(named: Dataset) -> None:
    found = one(named, name="Association Tiers-lieu Coursive Boutaric Alpha", **POINT)
    assert found["similarity"].tolist() == [100]
    # …but only the whole name is sure.
    assert not found["is_sure"].any()
    assert one(named, name="Tiers-lieu Alpha", **POINT).empty


@pytest.mark.parametrize(
    ("cells", "is_found"),
    [
        ({"name": "Le Comptoir des Abeilles", **POINT}, False),
        ({"name": "Coursive Boutarik", **POINT}, True),
        ({"name": "Coursive Boutaric"}, True),
        ({"name": "Coursive Boutaric", **POINT, "lat": 45.062, "commune_insee": "69002"}, True),
        ({"name": "Coursive Boutaric", **POINT, "lat": 45.3, "commune_insee": "69002"}, False),
        ({"name": "Coursive Boutaric", "commune_insee": None}, True),
        ({"name": "Coursive Bouteille", "commune_insee": None}, False),
        (
            {
                "name": "Coursive Boutaric",
                "commune_insee": None,
                "departement_code": "31",
                "region_code": "76",
            },
            False,
        ),
        ({"name": "Autre nom", "website": "http://www.lieu-a.example.org/#contact"}, True),
        ({"name": "Autre nom", "siren": "555666775"}, True),
    ],
)
def test_what_is_proposed(named: Dataset, cells: dict[str, object], is_found: bool) -> None:
    assert ("tiers_lieu:lieu-a" in set(one(named, **cells)["uid"])) is is_found


def test_another_siren_or_number_is_never_sure(named: Dataset) -> None:
    found = one(named, name="La Coursive Boutaric", siren="732829320", **POINT)
    assert len(found) == 1
    assert not found["is_sure"].any()
    numbered = dataclasses.replace(named, places=named.places.replace("La Coursive Boutaric", "Boutaric 13"))
    found = one(numbered, name="Boutaric 14", **POINT)
    assert found["similarity"].max() <= 60
    assert not found["is_sure"].any()


def test_twice_in_the_file(named: Dataset) -> None:
    place = {"commune_insee": "63001", "departement_code": "63", "region_code": "84", "kind": "autre"}
    rows = [{**place, "name": n} for n in ("Moulin Cerise", "Le Moulin Cerise", "Phare Lanterne")]
    found = candidates(named, layer("tiers_lieux", rows))
    assert found[["line", "uid", "within_layer"]].to_numpy().tolist() == [
        [3, "tiers_lieu:import-0123456789ab-2", True]
    ]
    assert found["atlas_name"].tolist() == ["Moulin Cerise"]


def test_two_rows_that_claim_one_object_are_not_sure(named: Dataset) -> None:
    place = {
        "commune_insee": "69001",
        "departement_code": "69",
        "region_code": "84",
        "kind": "autre",
        **POINT,
    }
    found = candidates(named, layer("tiers_lieux", [{**place, "name": "Coursive Boutaric"}] * 2))
    assert not found["is_sure"].any()


def test_nothing_to_compare(small: Dataset) -> None:
    assert candidates(small, layer("autre", [{"name": "Zone", "note": ""}])).empty
    assert list(candidates(small, layer("autre", [{"name": "Zone", "note": ""}]))) == list(COLUMNS)


def test_hostile_names_come_through(hostile: Dataset) -> None:
    made = copied(hostile, "poles")
    found = candidates(hostile, made)
    own = [(line, uid) in pairs(found) for line, uid in enumerate(hostile.poles["uid"], start=2)]
    assert sum(own) >= len(own) // 2
    assert candidates(hostile, layer("clusters", [{"name": ""}, {"name": "é" * 100_000}])) is not None


def test_thousands_of_points_in_a_moment(real: Dataset) -> None:
    base = real.tiers_lieux.sample(6_000, replace=True, random_state=1)
    made = layer("tiers_lieux", base.drop(columns=["id", "uid"]).to_dict("records"))
    told: list[float] = []
    start = time.process_time()
    found = candidates(real, made, lambda share, words: told.append(share))
    # 50,000 take some 4 s on a quiet machine.
    assert time.process_time() - start < 3
    assert found["line"].nunique() == 6_000
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert told == sorted(told)
