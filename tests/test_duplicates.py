"""Duplicates: every proposal is decided, and merging keeps both sources and loses no reference."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptce_data import duplicates, reading
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.schema import empty
from scripts import propose_duplicates
from tests import mini

TABLES = ("poles", "tiers_lieux", "clusters")


def decisions(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Build decisions from (left, right, decision, keep) with short uids."""
    frame = pd.DataFrame(rows, columns=["left_uid", "right_uid", "decision", "keep_uid"], dtype="str")
    frame["keep_uid"] = frame["keep_uid"].mask(frame["keep_uid"] == "")
    return frame


def objects(count: int) -> dict[str, pd.DataFrame]:
    """Build `count` rows of each table, each with its own source and some empty cells."""
    frames = {}
    for table in TABLES:
        frame = empty(table).reindex(range(count))
        frame = frame.astype(empty(table).dtypes)
        frame["id"] = pd.Series([f"o{n}" for n in range(count)], dtype="str")
        frame["source_id"] = pd.Series([f"s{n}" for n in range(count)], dtype="str")
        frame["website"] = pd.Series(
            [f"https://{n}.fr" if n % 2 else None for n in range(count)], dtype="str"
        )
        frames[table] = frame
    return frames


def test_every_proposal_is_decided() -> None:
    waiting = propose_duplicates.undecided()
    assert waiting == [], "décider ces paires dans data/duplicates.csv"


def test_every_decision_has_a_reason_of_its_own_words(real: Dataset) -> None:
    reasons = real.duplicates["reason"]
    assert reasons.str.endswith(".").all()
    assert reasons.str.len().min() > 25


def test_known_duplicates_are_merged_or_linked(real: Dataset) -> None:
    assert real.merged_uids["tiers_lieu:lagrappe-lille"] == "tiers_lieu:la-grappe-lille"
    grappe = real.tiers_lieux.set_index("id").loc["la-grappe-lille"]
    assert len(grappe["source_ids"].split("|")) == 2
    assert grappe["opened_year"] == 2013, "l'année de la ligne fusionnée complète la ligne gardée"
    object_of = real.places.set_index("uid")["object_id"]
    assert (
        object_of["pole:realis"]
        == object_of["cluster:realis"]
        == object_of["tiers_lieu:pole-realis-montpellier"]
    )
    assert object_of["pole:clus-ter-jura"] == object_of["cluster:clus-ter-jura"]
    assert object_of["pole:les-ecossolies"] == object_of["cluster:les-ecossolies"]


def test_a_probable_pair_stays_two_objects(real: Dataset) -> None:
    pair = ("pole:energies-citoyennes-en-pays-de-vilaine", "pole:eoliennes-en-pays-de-vilaine")
    row = real.duplicates[
        (real.duplicates["left_uid"] == pair[0]) & (real.duplicates["right_uid"] == pair[1])
    ]
    assert row["decision"].tolist() == ["probable"]
    object_of = real.poles.set_index("uid")["object_id"]
    assert object_of[pair[0]] != object_of[pair[1]]


def test_no_row_is_lost_but_the_merged_ones(real: Dataset) -> None:
    for table in TABLES:
        raw = reading.read(table, DATA_DIR).frame
        merged = getattr(real, table)
        gone = merged["merged_ids"].dropna().str.split("|").explode().tolist()
        assert sorted([*merged["id"], *gone]) == sorted(raw["id"])
        assert set(raw["source_id"]) == set(merged["source_ids"].str.split("|").explode())


def test_merging_keeps_the_second_label(real: Dataset) -> None:
    place = real.tiers_lieux.set_index("id").loc["fablab-lourmarin"]
    assert (place["label"], place["other_labels"]) == ("fablab", "fabrique_de_territoire")
    raw = reading.read("tiers_lieux", DATA_DIR).frame

    def labelled(frame: pd.DataFrame) -> int:
        both = frame["label"].fillna("") + "|" + frame["other_labels"].fillna("")
        return int(both.str.contains("fabrique_de_territoire").sum())

    assert labelled(raw) == labelled(real.tiers_lieux)


def test_references_follow_the_kept_row(small: Dataset) -> None:
    data = small
    assert "tiers_lieu:lieu-b-bis" not in data.funding_figures["entity_uid"].tolist()
    assert "tiers_lieu:lieu-b" in data.funding_figures["entity_uid"].tolist()
    kept = data.tiers_lieux.set_index("id").loc["lieu-b"]
    assert (kept["label"], kept["merged_ids"], kept["source_ids"]) == (
        "fabrique_de_territoire",
        "lieu-b-bis",
        "source-a|source-b",
    )
    assert kept["kind"] == "fablab" and kept["lat"] == 45.15, "ce qui est connu de la ligne gardée reste"


def test_awards_of_a_merged_pole_are_redirected() -> None:
    frames = objects(2)
    frames["pole_awards"] = empty("pole_awards").reindex(range(1)).astype(empty("pole_awards").dtypes)
    frames["pole_awards"]["pole_id"] = pd.Series(["o1"], dtype="str")
    result = duplicates.apply(frames, decisions(("pole:o0", "pole:o1", duplicates.MERGE, "pole:o0")))
    assert result["pole_awards"]["pole_id"].tolist() == ["o0"]
    assert len(result["poles"]) == 1 and len(result["clusters"]) == 2


def test_cells_that_go_together_are_not_mixed() -> None:
    frames = objects(2)
    places = frames["tiers_lieux"]
    places.loc[0, ["commune_insee", "departement_code", "region_code"]] = [None, "69", "84"]
    places.loc[1, ["commune_insee", "departement_code", "region_code"]] = ["31001", "31", "76"]
    merge = decisions(("tiers_lieu:o0", "tiers_lieu:o1", duplicates.MERGE, "tiers_lieu:o0"))
    row = duplicates.apply(frames, merge)["tiers_lieux"].iloc[0]
    assert pd.isna(row["commune_insee"]), "la commune d'un autre département ne complète pas la ligne"
    places.loc[1, ["commune_insee", "departement_code", "region_code"]] = ["69001", "69", "84"]
    assert duplicates.apply(frames, merge)["tiers_lieux"].iloc[0]["commune_insee"] == "69001"


def test_links_are_transitive_and_pass_through_merges() -> None:
    tied = decisions(
        ("cluster:o0", "pole:o1", duplicates.LINK, ""),
        ("pole:o0", "pole:o1", duplicates.MERGE, "pole:o0"),
        ("pole:o0", "tiers_lieu:o3", duplicates.LINK, ""),
    )
    result = duplicates.apply(objects(4), tied)
    ids = [result[table].set_index("id")["object_id"] for table in TABLES]
    assert ids[0]["o0"] == ids[1]["o3"] == ids[2]["o0"]
    assert ids[0]["o2"] != ids[0]["o0"]


def test_contradictions_are_faults() -> None:
    said = decisions(
        ("pole:a", "pole:b", duplicates.MERGE, "pole:a"),
        ("pole:b", "pole:c", duplicates.MERGE, "pole:c"),
        ("pole:d", "pole:e", duplicates.MERGE, "pole:d"),
        ("pole:e", "tiers_lieu:f", duplicates.LINK, ""),
        ("pole:d", "tiers_lieu:f", "distinct", ""),
    )
    faults = duplicates.contradictions(said, {n: n + 2 for n in range(5)}, "data/duplicates.csv")
    assert [(fault.rule, fault.line) for fault in faults] == [
        ("groupe", 2),
        ("groupe", 3),
        ("contradiction", 6),
    ]


COUNT = 5
UIDS = [f"{prefix}:o{n}" for prefix in ("pole", "tiers_lieu", "cluster") for n in range(COUNT)]


@st.composite
def drawn_decisions(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(UIDS), st.sampled_from(UIDS)).filter(lambda p: p[0] < p[1]),
            max_size=8,
            unique=True,
        )
    )
    rows = []
    for left, right in pairs:
        same = left.partition(":")[0] == right.partition(":")[0]
        kind = draw(st.sampled_from([duplicates.MERGE if same else duplicates.LINK, "probable", "distinct"]))
        keep = draw(st.sampled_from([left, right])) if kind == duplicates.MERGE else ""
        rows.append((left, right, kind, keep))
    return rows


def same(left: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame]) -> None:
    for table in TABLES:
        pd.testing.assert_frame_equal(left[table], right[table], check_like=True)


@settings(max_examples=25, deadline=None)
@given(rows=drawn_decisions())
def test_merging_twice_changes_nothing(rows: list[tuple[str, str, str, str]]) -> None:
    once = duplicates.apply(objects(COUNT), decisions(*rows))
    same(once, duplicates.apply(once, decisions(*rows)))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_order_of_decisions_changes_nothing(data: st.DataObject) -> None:
    rows = data.draw(drawn_decisions())
    shuffled = data.draw(st.permutations(rows))
    same(
        duplicates.apply(objects(COUNT), decisions(*rows)),
        duplicates.apply(objects(COUNT), decisions(*shuffled)),
    )


@settings(max_examples=25, deadline=None)
@given(rows=drawn_decisions())
def test_nothing_is_lost(rows: list[tuple[str, str, str, str]]) -> None:
    result = duplicates.apply(objects(COUNT), decisions(*rows))
    merged = duplicates.survivors(decisions(*rows))
    for table in TABLES:
        gone = result[table]["merged_ids"].dropna().str.split("|").explode().tolist()
        assert sorted([*result[table]["id"], *gone]) == [f"o{n}" for n in range(COUNT)]
        sources = result[table]["source_ids"].str.split("|").explode().tolist()
        assert sorted(sources) == [f"s{n}" for n in range(COUNT)]
        assert set(result[table]["uid"]).isdisjoint(merged)
    everything = pd.concat([result[table][["uid", "object_id"]] for table in TABLES])
    assert set(everything["object_id"]) <= set(everything["uid"]), (
        "un objet porte le nom d'une ligne qui reste"
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("La Grappe", "LaGrappe", True),
        ("TETRIS (Transition écologique)", "S.C.I.C. T.E.T.R.I.S", True),
        ("Initiatives et Cité (Lille MétroPôle Solidaire)", "initiativesETcité", True),
        ("Tiers-lieu Station A, l'entrepreneuriat au service du territoire", "Station A", True),
        ("Coworking Alpha", "Fablab d'Alpha", False),
        ("Le Node", "La Plage", False),
    ],
)
def test_names_are_compared_as_people_would(left: str, right: str, expected: bool) -> None:
    first, second = (
        propose_duplicates.Row(
            uid=f"tiers_lieu:{n}",
            names=propose_duplicates.name_parts(name, propose_duplicates.GENERIC | {"alpha"}),
            commune="69001",
            departement="69",
            region="84",
            lon=None,
            lat=None,
            page=None,
        )
        for n, name in enumerate((left, right))
    )
    assert (propose_duplicates.compare(first, second) is not None) == expected


def test_the_same_page_is_proposed_in_one_commune_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = mini.tables()
    rows["tiers_lieux"][1] |= {
        "website": "http://www.lieu-a.example.org/#accueil",
        "name": "Tout autre chose",
    }
    folder = mini.write(tmp_path_factory.mktemp("pages") / "data", rows)

    def proposed() -> set[tuple[str, str]]:
        found = propose_duplicates.propose(propose_duplicates.rows(folder))
        return {(p.left_uid, p.right_uid) for p in found}

    assert ("tiers_lieu:lieu-a", "tiers_lieu:lieu-b") not in proposed()
    rows["tiers_lieux"][1] |= {"commune_insee": "69001", "departement_code": "69", "region_code": "84"}
    mini.write_table(folder, "tiers_lieux", rows["tiers_lieux"])
    assert ("tiers_lieu:lieu-a", "tiers_lieu:lieu-b") in proposed()
