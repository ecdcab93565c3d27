"""The data set with the user's layers: counted as ours everywhere, marked, and ours not touched."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import re
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from ptce_data import coverage, deck, query, regional, schemes, study
from ptce_data.load import Dataset
from ptce_data.own_layers.attach import AttachError, attach
from ptce_data.own_layers.decisions import Decisions
from ptce_data.own_layers.model import OwnLayer
from ptce_data.places import build
from ptce_data.selection import EVERYTHING, Selection
from ptce_data.study.near import counts, is_kind, places_by_kind
from ptce_data.study.registries import ACCESS_KINDS
from ptce_ui import fiche, frame, text
from ptce_ui.scenes import content
from tests.own_layers.own_layers_made import DIGEST, layer

DAY = datetime.date(2026, 11, 22)
ALPHA = {"commune_insee": "69001", "departement_code": "69", "region_code": "84"}
BETA = {**ALPHA, "commune_insee": "69002"}
DELTA = {"commune_insee": "31001", "departement_code": "31", "region_code": "76"}
UID = f"tiers_lieu:import-{DIGEST}"


def lieux(**more: object) -> OwnLayer:
    return layer(
        "tiers_lieux",
        [
            {"name": "Chez nous", "kind": "fablab", "lat": 45.05, "lon": 2.15, "coord_precision": "adresse", "website": "https://nous.example.org", **BETA},
            {"name": "Lieu A", "kind": "coworking", "opened_year": 2001, **ALPHA},
            {"name": "Au loin", "kind": "autre", **DELTA},
            {"name": "Sans commune", "kind": "autre", "region_code": "76"},
        ],
        **more,
    )  # fmt: skip


def fingerprint(dataset: Dataset) -> str:
    digest = hashlib.sha256(repr(sorted(dataset.merged_uids.items())).encode())
    for field in dataclasses.fields(dataset):
        value = getattr(dataset, field.name)
        if isinstance(value, pd.DataFrame):
            plain = pd.DataFrame(value)
            if isinstance(value, gpd.GeoDataFrame):
                plain = plain.assign(geometry=value.geometry.to_wkb())
            digest.update(plain.to_csv().encode())
            digest.update(str(plain.dtypes.to_dict()).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def attached(small: Dataset) -> Dataset:
    return attach(small, [lieux()], imported_on=DAY)


def test_ours_are_not_touched_and_keep_their_place(small: Dataset) -> None:
    before = fingerprint(small)
    made = attach(small, [lieux()], {DIGEST: Decisions().is_same(3, "tiers_lieu:lieu-a")}, imported_on=DAY)
    assert fingerprint(small) == before
    for name in ("places", "tiers_lieux", "sources", "duplicates"):
        ours, both = getattr(small, name), getattr(made, name)
        assert type(ours) is type(both)
        head = both.iloc[: len(ours)]
        pd.testing.assert_frame_equal(pd.DataFrame(head), pd.DataFrame(ours), check_index_type=False)
        assert both.dtypes.to_dict() == ours.dtypes.to_dict()
        assert both.index.equals(pd.RangeIndex(len(both)))
    for name in ("poles", "clusters", "communes", "support_schemes"):
        assert getattr(made, name) is getattr(small, name)
    assert made.places.crs == small.places.crs


def test_the_added_rows_are_those_that_build_would_make(small: Dataset, attached: Dataset) -> None:
    tables = {
        n: getattr(attached, n) for n in ("poles", "tiers_lieux", "clusters", "pole_awards", "region_codes")
    }
    geo = {n: getattr(small, n) for n in ("communes", "departements", "regions", "former_regions")}
    whole = build(tables, geo, small.territories).set_index("uid").drop(columns="is_imported")
    ours = attached.places.set_index("uid").drop(columns="is_imported")
    pd.testing.assert_frame_equal(pd.DataFrame(ours).sort_index(), pd.DataFrame(whole).sort_index())
    new = attached.places.iloc[len(small.places) :]
    assert new["is_imported"].all()
    assert not small.places["is_imported"].any()
    types = small.territories.communes.set_index("commune_insee")["territory_type"]
    assert new["territory_type"].tolist()[:3] == [types[c] for c in ("69002", "69001", "31001")]
    assert new["geo_precision"].tolist() == ["adresse", "commune", "commune", "region"]
    assert new["confidence"].isna().all()
    assert new["object_id"].tolist() == new["uid"].tolist() == [f"{UID}-{n}" for n in (2, 3, 4, 5)]


def test_the_source_says_what_it_is(small: Dataset, attached: Dataset) -> None:
    row = attached.sources.iloc[-1]
    assert row["publisher"] == "Votre fichier “Mes lieux” (import, non vérifié)"
    assert (row["id"], row["date_accessed"]) == (f"import-{DIGEST}", "2026-11-22")
    assert row[["url", "licence", "date_published"]].isna().all()
    assert "import, non vérifié" in frame.source_line(row)
    assert fiche.source_ids(attached, f"{UID}-2") == [f"import-{DIGEST}"]
    shown = fiche.html(attached, f"{UID}-2", text.Labels(attached.categories))
    assert "Chez nous" in shown
    assert not re.search(r"\b(nan|None|<NA>)\b", shown)


def test_nothing_gives_the_same_object(small: Dataset) -> None:
    none = dataclasses.replace(lieux(), rows=lieux().rows.iloc[:0])
    assert attach(small, [], imported_on=DAY) is small
    assert attach(small, [none], imported_on=DAY) is small
    assert (small.own_layers, small.base_version, small.files_version) == ((), "", small.version)


def test_the_version_follows_the_content(small: Dataset) -> None:
    def version(made: OwnLayer, decisions: Decisions | None = None, day: datetime.date = DAY) -> str:
        said = {DIGEST: decisions} if decisions else None
        return attach(small, [made], said, imported_on=day).version

    first = version(lieux())
    assert first == version(lieux())
    renamed = lieux().rows.assign(name=["Chez vous", "Lieu A", "Au loin", "Sans commune"])
    moved = lieux().rows.assign(geometry=lieux().rows.geometry.translate(0.001))
    others = {
        version(dataclasses.replace(lieux(), rows=renamed)),
        version(dataclasses.replace(lieux(), rows=moved)),
        version(lieux(digest="ba9876543210")),
        version(lieux(name="Nos lieux")),
        version(lieux(), Decisions().is_same(3, "tiers_lieu:lieu-a")),
        version(lieux(), Decisions().is_distinct(3)),
        version(lieux(), Decisions(proposed={3: ("tiers_lieu:lieu-a",)})),
        version(lieux(), day=datetime.date(2026, 11, 23)),
        small.version,
    }
    assert len(others) == 9
    assert first not in others
    assert attach(small, [lieux()], imported_on=DAY).files_version == small.version


def test_queries_count_them(small: Dataset, attached: Dataset) -> None:
    before, after = (query.counts(query.places(d, EVERYTHING)) for d in (small, attached))
    gained = {key: after[key] - before[key] for key in after}
    same = {"pole": 0, "cluster": 0, "unplaced": 0}
    assert gained == {**same, "tiers_lieu": 4, "objects": 4, "rows": 4, "imported": 4}
    assert query.places(attached, Selection(text="chez nous"))["uid"].tolist() == [f"{UID}-2"]
    fablabs = query.places(attached, Selection(tiers_lieu_kinds=("fablab",), regions=("84",)))
    assert f"{UID}-2" in set(fablabs["uid"])
    for level, gain in (("regions", {"84": 2, "76": 2}), ("communes", {"69002": 1, "69001": 1, "31001": 1})):
        was, now = (query.by_area(d, d.places, level).set_index("code") for d in (small, attached))
        more = now["objects"] - was["objects"]
        assert more[more != 0].to_dict() == gain
        people = now["population"].where(now["population"] > 0)
        assert now["per_100k"].equals(now["objects"] / people * 100_000)
    assert query.not_located(attached.places, "communes") == query.not_located(small.places, "communes") + 1
    found = query.find_place(attached, f"{UID}-4")
    assert found is not None
    assert found["name"] == "Au loin"
    assert query.record(attached, f"{UID}-2")["website"] == "https://nous.example.org"  # type: ignore[index]
    assert query.related(attached, f"{UID}-2").empty
    pd.testing.assert_frame_equal(
        coverage.count_by_area(attached, "epci"), coverage.count_by_area(small, "epci")
    )


def test_regions_are_compared_with_them(small: Dataset, attached: Dataset) -> None:
    def tiers_lieux(dataset: Dataset) -> dict[str, float]:
        rows = regional.values(dataset, "regions")
        return rows[rows["indicator_id"] == "tiers_lieux"].set_index("code")["value"].to_dict()

    was, now = tiers_lieux(small), tiers_lieux(attached)
    assert {code: now[code] - was[code] for code in was} == {
        code: 2.0 if code in ("84", "76") else 0.0 for code in was
    }
    # What was kept for ours is still ours.
    assert tiers_lieux(small) == was
    made = regional.compare(attached, "regions", ["84", "76"])
    assert len(made) > 0


def test_a_study_finds_them(small: Dataset, attached: Dataset) -> None:
    area = study.resolve(attached, study.Perimeter(epci=("200000001",)))
    was, now = (set(study.existing(d, area)["uid"]) for d in (small, attached))
    assert now - was == {f"{UID}-2", f"{UID}-3"}
    reach = study.access(attached, area, kinds=["fablab"], radii=[5]).shares.iloc[0]
    # « Chez nous » stands on the point of Bêta (1,000 people): 7.9 km from that of Alpha.
    own = study.access(small, area, kinds=["fablab"], radii=[5]).shares.iloc[0]
    assert reach["within"] - own["within"] == 1_000
    assert reach["places"] - own["places"] == 1
    kind = "fablab" if "fablab" in ACCESS_KINDS else "tiers_lieu"
    for data, more in ((small, 0), (attached, 1)):
        frame_ = places_by_kind(data)
        near = frame_[is_kind(frame_, kind) & frame_["geo_precision"].isin(["adresse", "commune"])]
        beta = data.communes[data.communes["commune_insee"] == "69002"]
        assert counts(beta, near, (1_000.0,)) == [more]
    project = schemes.Project("tiers_lieux", communes=("69001",))
    pd.testing.assert_frame_equal(schemes.fit(attached, project).ranked, schemes.fit(small, project).ranked)


def test_a_scene_shows_them(small: Dataset, attached: Dataset) -> None:
    scene = deck.Scene(id="s", page="carte", query=deck.query({"nature": "tiers_lieu"}))
    was, now = content(small, scene), content(attached, scene)
    assert (was.title, was.message) != (now.title, now.message)
    assert f"import-{DIGEST}" in now.sources


def test_a_row_that_is_ours_is_not_added_again(small: Dataset) -> None:
    said = {DIGEST: Decisions().is_same(3, "tiers_lieu:lieu-a")}
    made = attach(small, [lieux()], said, imported_on=DAY)
    assert len(made.tiers_lieux) == len(small.tiers_lieux) + 3
    assert f"{UID}-3" not in set(made.places["uid"])
    found = query.find_place(made, f"{UID}-3")
    assert found is not None
    assert found["uid"] == "tiers_lieu:lieu-a"
    # The file says 2001: ours says what it said.
    assert query.record(made, "tiers_lieu:lieu-a")["opened_year"] == 2016  # type: ignore[index]


def test_a_row_that_is_ours_under_another_kind_is_counted_once(small: Dataset) -> None:
    said = {DIGEST: Decisions().is_same(3, "pole:pole-a")}
    made = attach(small, [lieux()], said, imported_on=DAY)
    objects = made.places.set_index("uid")["object_id"]
    assert objects[f"{UID}-3"] == objects["pole:pole-a"]
    counted = query.counts(made.places)
    assert counted["tiers_lieu"] == query.counts(small.places)["tiers_lieu"] + 4
    assert counted["objects"] == query.counts(small.places)["objects"] + 3
    assert "pole:pole-a" in set(query.related(made, f"{UID}-3")["uid"])


def test_an_undecided_row_stays_and_says_so(small: Dataset) -> None:
    open_ = Decisions(proposed={3: ("tiers_lieu:lieu-a", "pole:pole-a"), 4: (f"{UID}-2",)})
    made = attach(small, [lieux()], {DIGEST: open_}, imported_on=DAY).places.set_index("uid")
    assert made.index[made["possible_duplicate"]].tolist() == [f"{UID}-3", f"{UID}-4"]
    data = attach(small, [lieux()], {DIGEST: open_}, imported_on=DAY)
    related = query.related(data, f"{UID}-3").set_index("uid")["relation"]
    assert related.to_dict() == {"tiers_lieu:lieu-a": "probable", "pole:pole-a": "probable"}
    assert f"{UID}-3" in set(query.related(data, "tiers_lieu:lieu-a")["uid"])
    said = data.duplicates.iloc[len(small.duplicates) :]
    assert (said["left_uid"] < said["right_uid"]).all()
    decided = open_.is_distinct(3).is_same(4, f"{UID}-2")
    settled = attach(small, [lieux()], {DIGEST: decided}, imported_on=DAY)
    assert not settled.places["possible_duplicate"].any()
    assert len(settled.duplicates) == len(small.duplicates)
    assert f"{UID}-4" not in set(settled.places["uid"])


def test_a_layer_that_is_all_ours_adds_no_row(small: Dataset) -> None:
    one = layer("tiers_lieux", [{"name": "Lieu A", "kind": "autre", **ALPHA}])
    made = attach(small, [one], {DIGEST: Decisions().is_same(2, "tiers_lieu:lieu-a")}, imported_on=DAY)
    assert made.places is small.places
    assert made.merged_uids[f"{UID}-2"] == "tiers_lieu:lieu-a"
    assert made.version != small.version
    assert len(made.sources) == len(small.sources) + 1


def test_chains_of_decisions(small: Dataset) -> None:
    chain = Decisions().is_same(4, f"{UID}-3").is_same(3, "tiers_lieu:lieu-b-bis")
    made = attach(small, [lieux()], {DIGEST: chain}, imported_on=DAY)
    assert {made.merged_uids[f"{UID}-{n}"] for n in (3, 4)} == {"tiers_lieu:lieu-b"}
    across = Decisions().is_same(4, f"{UID}-3").is_same(3, "pole:pole-a")
    made = attach(small, [lieux()], {DIGEST: across}, imported_on=DAY)
    assert made.merged_uids[f"{UID}-4"] == f"{UID}-3"
    assert f"{UID}-3" in set(made.places["uid"])


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        (Decisions().is_same(3, "tiers_lieu:nulle-part"), "n’est pas dans l’atlas"),
        (Decisions().is_same(3, f"{UID}-3"), "tournent en rond"),
        (Decisions().is_same(3, f"{UID}-4").is_same(4, f"{UID}-3"), "tournent en rond"),
    ],
)
def test_decisions_that_lead_nowhere(small: Dataset, decided: Decisions, said: str) -> None:
    with pytest.raises(AttachError, match=said) as refused:
        attach(small, [lieux()], {DIGEST: decided}, imported_on=DAY)
    assert refused.value.line == 3


def test_a_layer_is_attached_once(small: Dataset, attached: Dataset) -> None:
    for data, layers in ((small, [lieux(), lieux()]), (attached, [lieux()])):
        with pytest.raises(AttachError, match="déjà importé"):
            attach(data, layers, imported_on=DAY)
    with pytest.raises(AttachError, match="nature inconnue"):
        attach(small, [dataclasses.replace(lieux(), target="gares")], imported_on=DAY)


def test_several_layers_and_kinds(small: Dataset) -> None:
    poles = layer(
        "poles",
        [{"name": "Pôle X", "theme": "bois, eau", "is_temoin": True, "lat": 45.02, "lon": 2.03, **ALPHA}],
        digest="aa0000000000",
    )
    clusters = layer(
        "clusters", [{"name": "Grappe Y", "kind": "spl", "sector": "bois"}], digest="bb0000000000"
    )
    zones = layer("autre", [{"name": "Zone", "note": "n", "col_x": "1", "lon": 2.0, "lat": 45.0}], digest="cc0000000000")  # fmt: skip
    layers = [lieux(), poles, clusters, zones]
    made = attach(small, layers, imported_on=DAY)
    new = made.places.iloc[len(small.places) :]
    assert new["kind"].tolist() == ["tiers_lieu"] * 4 + ["pole", "cluster"]
    pole = new[new["kind"] == "pole"].iloc[0]
    # The table of pôles has no coordinates: the point of the layer is used all the same.
    assert (pole["lon"], pole["lat"], pole["geo_precision"]) == (2.03, 45.02, "point_non_qualifie")
    assert (pole["themes"], pole["labels"], pole["programmes"]) == (("bois", "eau"), ("pole_temoin",), ())
    assert new["geo_precision"].tolist()[-1] == "aucune"
    assert made.own_layers == (zones,)
    assert len(made.sources) == len(small.sources) + 4
    step, versions = small, {small.version}
    for one in layers:
        step = attach(step, [one], imported_on=DAY)
        versions.add(step.version)
    assert len(versions) == 5
    assert step.version == made.version
    assert step.base_version == made.base_version == small.version


def test_a_hostile_layer_comes_through(hostile: Dataset) -> None:
    names = hostile.tiers_lieux["name"].tolist()
    made = attach(hostile, [layer("tiers_lieux", [{"name": n, "kind": "autre", **ALPHA} for n in names], name="<b>\n" * 90)], imported_on=DAY)  # fmt: skip
    assert made.tiers_lieux["name"].tolist() == names * 2
    assert len(made.sources["publisher"].iloc[-1]) < 150
    assert "<b>" not in frame.source_line(made.sources.iloc[-1]).replace("\\<b\\>", "")
    labels = text.Labels(made.categories)
    for uid in made.places["uid"].iloc[-len(names) :]:
        assert "<script>" not in fiche.html(made, uid, labels)


def test_thousands_of_rows_in_a_moment(real: Dataset) -> None:
    base = real.communes.sample(2_000, random_state=1)
    cells = base[["name", "commune_insee", "departement_code", "region_code", "lon", "lat"]].to_dict(
        "records"
    )
    made = layer("tiers_lieux", cells)
    start = time.process_time()
    found = attach(real, [made], imported_on=DAY)
    assert time.process_time() - start < 0.6  # some 0.15 s on a quiet machine
    assert len(found.places) == len(real.places) + 2_000
    types = real.territories.communes.set_index("commune_insee")["territory_type"]  # type: ignore[union-attr]
    want = base["commune_insee"].map(types).fillna("?").to_numpy()
    assert np.array_equal(found.places["territory_type"].iloc[-2_000:].fillna("?").to_numpy(), want)
