"""What a store does, whatever its engine: run on SQLite by tests/store, on PostgreSQL by tests/store_pg."""

from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptce_store import (
    NOBODY,
    BadArchive,
    Conflict,
    Item,
    Limits,
    NotAllowed,
    NotFound,
    QuotaExceeded,
    Reader,
    Refused,
    Store,
    StoreUnavailable,
    copy_name,
    read_link,
)
from ptce_store import tables as t
from ptce_store.faults import Fault

HOSTILE = "<script>alert('é')</script> \"'; DROP TABLE items;-- {{7*7}} =1+1 ../../etc/passwd"


def entered(store: Store) -> tuple[str, Reader, Reader]:
    """A new space behind a link, who may write in it, and who may read it."""
    space, links = store.create_link_space("Travail")
    return space.id, Reader.of_link(links.write), Reader.of_link(links.read)


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_every_save_keeps_the_former_one(store: Store) -> None:
    space, reader, _ = entered(store)
    item = store.save_new(reader, space, "study", "Étude", b"un")
    assert (item.revision, item.kind, item.name, item.space, item.size) == (1, "study", "Étude", space, 2)
    item = store.save(reader, item.id, b"deux !", 1)
    assert (item.revision, item.size) == (2, 6)
    assert [store.get(reader, item.id, n).content for n in (1, 2)] == [b"un", b"deux !"]
    assert store.get(reader, item.id).content == b"deux !"
    back = store.restore_revision(reader, item.id, 1, 2)
    assert back.revision == 3
    assert [(r.number, r.size) for r in store.history(reader, item.id)] == [(3, 2), (2, 6), (1, 2)]
    assert store.check() == ()


def test_a_conflict_tells_theirs_and_replaces_nothing(store: Store) -> None:
    space, mine, _ = entered(store)
    item = store.save_new(mine, space, "study", "Étude", b"base")
    store.save(mine, item.id, b"la leur", 1)
    with pytest.raises(Conflict, match="version 2 pendant que vous travailliez sur la version 1") as caught:
        store.save(mine, item.id, b"la mienne", 1)
    theirs = caught.value.theirs
    assert (theirs.content, theirs.revision, caught.value.expected) == (b"la leur", 2, 1)
    assert [r.number for r in store.history(mine, item.id)] == [2, 1]
    # The three ways out.
    copy = store.save_new(mine, space, "study", copy_name(theirs.item.name), b"la mienne")
    assert copy.name == "Étude (copie)"
    over = store.save(mine, item.id, b"la mienne", theirs.revision)
    assert (over.revision, store.get(mine, item.id, 2).content) == (3, b"la leur")
    # Saving twice is saving once: an answer that was lost makes no conflict with oneself.
    assert store.save(mine, item.id, b"la mienne", 2) == over


def test_a_save_whose_answer_was_lost_is_saved_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    space, reader, _ = entered(store)
    item = store.save_new(reader, space, "study", "Étude", b"un")
    gone = store.save_new(reader, space, "study", "Trois", b"x").id
    dialect, commit, lost = store.database.engine.dialect, store.database.engine.dialect.do_commit, []

    def commit_and_lose(connection: object) -> None:
        commit(connection)  # type: ignore[arg-type]
        if not lost:
            lost.append(True)
            raise dialect.loaded_dbapi.InterfaceError("connection lost")

    monkeypatch.setattr("ptce_store.faults._of_sqlite", lambda error: Fault(StoreUnavailable(), again=True))
    monkeypatch.setattr("ptce_store.database.PAUSE", 0)
    monkeypatch.setattr(dialect, "do_commit", commit_and_lose)
    assert store.save(reader, item.id, b"deux", 1).revision == 2
    for call in (
        lambda: store.save_new(reader, space, "study", "Deux", b"x"),
        lambda: store.create_link_space("Autre"),
        lambda: store.delete(reader, item.id),
        lambda: store.undelete(reader, item.id),
        lambda: store.delete(reader, gone),
        lambda: store.erase(reader, gone),
        lambda: store.renew_links(reader, space),
    ):
        lost.clear()
        done = call()
        assert lost
    renewed = Reader.of_link(done.write)  # type: ignore[union-attr]
    assert sorted(i.name for i in store.items(renewed, space)) == ["Deux", "Étude"]
    assert [r.number for r in store.history(renewed, item.id)] == [2, 1]


@pytest.mark.parametrize("same_expected", [True, False])
def test_of_threads_that_save_the_same_item_one_wins_each_revision(store: Store, same_expected: bool) -> None:
    space, reader, _ = entered(store)
    item = store.save_new(reader, space, "deck", "Diaporama", b"0")
    threads, times = 6, 1 if same_expected else 4
    won: list[tuple[int, bytes]] = []
    lost, start = [], threading.Barrier(threads)

    def work(who: int) -> None:
        start.wait()
        for turn in range(times):
            content = f"{who}-{turn}".encode()
            expected = 1 if same_expected else store.get(reader, item.id).revision
            while True:
                try:
                    won.append((store.save(reader, item.id, content, expected).revision, content))
                    break
                except Conflict as conflict:
                    lost.append(conflict)
                    if same_expected:
                        break
                    expected = conflict.theirs.revision

    runs = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    count = 1 if same_expected else threads * times
    assert sorted(number for number, _ in won) == list(range(2, count + 2))
    assert all(store.get(reader, item.id, number).content == content for number, content in won)
    assert len(lost) == threads - 1 if same_expected else True
    assert store.check() == ()


def test_unknown_and_forbidden_are_the_same(store: Store) -> None:
    space, reader, _read_only = entered(store)
    other_space, other, _ = entered(store)
    item = store.save_new(reader, space, "budget", "Budget", b"{}")
    unknown = "0" * 32
    for who in (NOBODY, other, Reader.of_link(""), Reader.of_link("w_" + "A" * 43), Reader.of_link(space)):
        for item_id in (
            item.id,
            unknown,
            "",
            "../" + item.id,
            item.id.upper(),
            item.id + "\x00",
            "%",
            "' OR 1=1",
            7,
        ):
            told = set()
            for call in (
                lambda i=item_id, w=who: store.get(w, i),
                lambda i=item_id, w=who: store.get(w, i, 1),
                lambda i=item_id, w=who: store.history(w, i),
                lambda i=item_id, w=who: store.save(w, i, b"vol", 1),
                lambda i=item_id, w=who: store.restore_revision(w, i, 1, 1),
                lambda i=item_id, w=who: store.rename(w, i, "volé"),
                lambda i=item_id, w=who: store.duplicate(w, i, into=other_space),
                lambda i=item_id, w=who: store.delete(w, i),
                lambda i=item_id, w=who: store.undelete(w, i),
                lambda i=item_id, w=who: store.erase(w, i),
                lambda i=item_id, w=who: store.forget_revisions(w, i, 1),
                lambda i=item_id, w=who: store.features(w, i),
            ):
                with pytest.raises(NotFound) as caught:
                    call()
                told.add((type(caught.value), str(caught.value)))
            assert len(told) == 1
        for space_id in (space, unknown, "", "/", space + "\n", None):
            for call in (
                lambda s=space_id, w=who: store.items(w, s),
                lambda s=space_id, w=who: store.space(w, s),
                lambda s=space_id, w=who: store.save_new(w, s, "study", "x", b""),
                lambda s=space_id, w=who: store.rename_space(w, s, "x"),
                lambda s=space_id, w=who: store.renew_links(w, s),
                lambda s=space_id, w=who: store.erase_space(w, s),
                lambda s=space_id, w=who: store.audit_log(w, s),
                lambda s=space_id, w=who: store.export_space(w, s, io.BytesIO()),
                lambda s=space_id, w=who: store.import_space(w, s, io.BytesIO()),
            ):
                with pytest.raises(NotFound):
                    call()
    with pytest.raises(NotFound):
        store.duplicate(reader, item.id, into=other_space)  # may read it, may not write there
    for number in (0, -1, 2, 2**31, 2**80, "1"):
        with pytest.raises(NotFound):
            store.get(reader, item.id, number)  # type: ignore[arg-type]
    assert [i.id for i in store.items(reader, space)] == [item.id]
    assert store.spaces(NOBODY) == ()
    assert [s.id for s in store.spaces(other)] == [other_space]


def test_the_reading_link_reads_and_does_nothing_else(store: Store) -> None:
    space, links = store.create_link_space("Travail")
    reader, read_only = Reader.of_link(links.write), Reader.of_link(links.read)
    assert links.read == read_link(links.write)
    assert (links.write[:2], links.read[:2], len(links.write)) == ("w_", "r_", 45)
    item = store.save_new(reader, space.id, "study", "Étude", b"un")
    assert store.get(read_only, item.id).content == b"un"
    assert [s.role.words for s in store.spaces(read_only)] == ["lecteur"]
    for call in (
        lambda: store.save(read_only, item.id, b"x", 1),
        lambda: store.save_new(read_only, space.id, "study", "x", b"x"),
        lambda: store.rename(read_only, item.id, "x"),
        lambda: store.duplicate(read_only, item.id),
        lambda: store.delete(read_only, item.id),
        lambda: store.forget_revisions(read_only, item.id, 1),
        lambda: store.renew_links(read_only, space.id),
        lambda: store.rename_space(read_only, space.id, "x"),
        lambda: store.erase_space(read_only, space.id),
        lambda: store.audit_log(read_only, space.id),
        lambda: store.import_space(read_only, space.id, io.BytesIO()),
    ):
        with pytest.raises(NotAllowed):
            call()
    fresh = store.renew_links(reader, space.id)
    for old in (reader, read_only):
        with pytest.raises(NotFound):
            store.get(old, item.id)
    assert store.get(Reader.of_link(fresh.read), item.id).content == b"un"


def test_no_link_is_stored_or_printed(store: Store) -> None:
    space, links = store.create_link_space("Travail")
    reader = Reader.of_link(links.write).with_links(links.read)
    account = Reader.of_account("https://idp.exemple", "personne-123")
    store.personal_space(account)
    store.save_new(reader, space.id, "study", "Étude", b"un")
    secrets = (links.write, links.read, links.write[2:], "personne-123", "idp.exemple")
    printed = repr(reader) + repr(links) + repr(account) + repr(account.account) + repr(space)
    with store.database.engine.connect() as connection:
        stored = repr([connection.execute(sa.select(table)).all() for table in t.TABLES])
    assert not [s for s in secrets if s in printed or s in stored]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b\u200d",
        "x" * 201,
        "a\x00b",
        "a\nb",
        "\x7f",
        "a\u202eb",
        "a\u2028b",
        "\ud800",
        None,
        7,
    ],
)
def test_names_that_are_refused(store: Store, name: str) -> None:
    space, reader, _ = entered(store)
    item = store.save_new(reader, space, "study", "Étude", b"")
    for call in (
        lambda: store.save_new(reader, space, "study", name, b""),
        lambda: store.rename(reader, item.id, name),
        lambda: store.create_link_space(name),
    ):
        with pytest.raises(Refused, match=r"refusé.*nom"):
            call()
    assert [i.name for i in store.items(reader, space)] == ["Étude"]


def test_hostile_texts_come_back_as_they_were(store: Store) -> None:
    space, reader, _ = entered(store)
    content = json.dumps({"titre": HOSTILE, "nul": "\x00\u2028\ud800"}).encode() + bytes(range(256))
    for name in (HOSTILE, "../../etc/passwd", "con", "x" * 200, "%s %(x)s :y", "\\", "🏡" * 200):
        item = store.save_new(reader, space, "mapping", name, content)
        assert (item.name, store.get(reader, item.id).content) == (name, content)
        assert store.rename(reader, item.id, f"  {name[:190]}  ").name == name[:190].strip()
    for kind in ("", "Study", "study'", "étude", None):
        with pytest.raises(Refused):
            store.save_new(reader, space, kind, "x", b"")  # type: ignore[arg-type]
    with pytest.raises(Refused):
        store.save_new(reader, space, "study", "x", "texte")  # type: ignore[arg-type]


def test_limits_are_told_and_nothing_is_written(make_store: Callable[..., Store]) -> None:
    store = make_store(
        limits=Limits(document_bytes=1000, layer_bytes=3000, items=2, space_bytes=2500, total_bytes=4000)
    )
    space, reader, _ = entered(store)
    with pytest.raises(QuotaExceeded, match="étude de 1\u00a0ko, 1\u00a0ko au plus") as caught:
        store.save_new(reader, space, "study", "Trop", os.urandom(1001))
    assert (caught.value.limit, caught.value.allowed) == ("item", 1000)
    item = store.save_new(reader, space, "study", "Étude", os.urandom(1000))
    first = store.get(reader, item.id).content
    with pytest.raises(QuotaExceeded):
        store.save(reader, item.id, os.urandom(1001), 1)
    item = store.save(reader, item.id, os.urandom(1000), 1)
    with pytest.raises(QuotaExceeded, match="plein") as caught:
        store.save(reader, item.id, os.urandom(1000), 2)
    assert caught.value.limit == "space"
    store.save(reader, item.id, first, 2)  # a content that is there takes no more room
    assert [r.number for r in store.history(reader, item.id)] == [3, 2, 1]
    store.forget_revisions(reader, item.id, 1)
    assert [r.number for r in store.history(reader, item.id)] == [3]
    store.save(reader, item.id, os.urandom(1000), 3)
    assert store.get(reader, item.id, 3).content == first
    second = store.save_new(reader, space, "study", "Deux", b"")
    with pytest.raises(QuotaExceeded, match="2\u00a0éléments"):
        store.save_new(reader, space, "study", "Trois", b"")
    store.delete(reader, second.id)
    store.erase(reader, second.id)
    store.save_new(reader, space, "study", "Trois", b"")
    elsewhere, other, _ = entered(store)
    store.save_new(other, elsewhere, "layer", "Couche", os.urandom(1500))
    with pytest.raises(QuotaExceeded, match="Ce site") as caught:
        store.save_new(other, elsewhere, "study", "x", os.urandom(900))
    assert caught.value.limit == "total"
    with pytest.raises(Refused):
        store.forget_revisions(reader, item.id, 0)
    assert store.check() == ()


def test_deleted_work_can_be_taken_back_for_thirty_days(make_store: Callable[..., Store]) -> None:
    clock = Clock()
    store = make_store(clock=clock)
    space, reader, _ = entered(store)
    items = [store.save_new(reader, space, "study", f"É{n}", f"{n}".encode()) for n in range(3)]
    gone = store.delete(reader, items[0].id)
    assert gone.deleted_at == clock.now
    assert store.delete(reader, items[0].id) == gone  # twice is once
    with pytest.raises(NotFound):
        store.get(reader, items[0].id)
    with pytest.raises(NotFound):
        store.save(reader, items[0].id, b"x", 1)
    assert [i.id for i in store.items(reader, space, deleted=True)] == [items[0].id]
    assert {i.id for i in store.items(reader, space)} == {items[1].id, items[2].id}
    assert store.undelete(reader, items[0].id).deleted_at is None
    assert store.get(reader, items[0].id).content == b"0"
    store.delete(reader, items[0].id)
    clock.now += timedelta(days=29, hours=23)
    store.delete(reader, items[1].id)
    assert store.purge().items == 0
    assert store.undelete(reader, items[0].id)
    store.delete(reader, items[0].id)
    clock.now += timedelta(days=30)
    with pytest.raises(NotFound):
        store.undelete(reader, items[0].id)
    assert store.purge().items == 2
    assert store.purge().items == 0
    assert store.items(reader, space, deleted=True) == ()
    assert store.space(reader, space).stored == len(zlib_of(b"2"))
    assert store.check() == ()


def zlib_of(content: bytes) -> bytes:
    import zlib

    return zlib.compress(content, 6)


def test_purging_forgets_empty_spaces_and_old_lines(make_store: Callable[..., Store]) -> None:
    clock = Clock()
    store = make_store(clock=clock)
    empty, owner, _ = entered(store)
    used, reader, _ = entered(store)
    item = store.save_new(reader, used, "study", "É", b"1")
    clock.now += timedelta(days=89)
    store.rename_space(owner, empty, "Encore là")
    clock.now += timedelta(days=2)
    assert store.purge().spaces == 0  # something happened there
    clock.now += timedelta(days=90)
    assert store.purge().spaces == 1
    with pytest.raises(NotFound):
        store.space(owner, empty)
    clock.now += timedelta(days=400)
    assert store.purge().audit_entries == 4
    assert store.get(reader, item.id).content == b"1"


def test_revisions_follow_numbers_when_the_clock_goes_backwards(make_store: Callable[..., Store]) -> None:
    clock = Clock()
    store = make_store(clock=clock)
    space, reader, _ = entered(store)
    item = store.save_new(reader, space, "study", "É", b"1")
    for n in (2, 3):
        clock.now -= timedelta(days=400)
        item = store.save(reader, item.id, f"{n}".encode(), item.revision)
    assert [r.number for r in store.history(reader, item.id)] == [3, 2, 1]
    assert store.get(reader, item.id).content == b"3"
    store.delete(reader, item.id)
    clock.now -= timedelta(days=4000)
    assert store.purge().items == 0
    assert store.undelete(reader, item.id).revision == 3


def test_a_space_goes_out_and_comes_back(store: Store) -> None:
    space, reader, read_only = entered(store)
    names = ["../../etc/passwd", HOSTILE, "Étude", "Étude"]
    for n, (kind, name) in enumerate(zip(("study", "deck", "layer", "mapping"), names, strict=True)):
        item = store.save_new(reader, space, kind, name, b'{"n":%d}' % n)
        store.save(reader, item.id, b"deux %d" % n, 1)
        store.restore_revision(reader, item.id, 1, 2)
    store.delete(reader, store.save_new(reader, space, "study", "Supprimée", b"").id)
    for history in (False, True):
        out = io.BytesIO()
        assert store.export_space(read_only, space, out, history=history) == 4
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            assert all(
                n.replace("/", "").replace(".", "").replace("-", "").isalnum() and ".." not in n
                for n in archive.namelist()
            )
        target, writer, _ = entered(store)
        made = store.import_space(writer, target, out)
        assert [i.name for i in made] == names
        assert not {i.id for i in made} & {i.id for i in store.items(reader, space)}
        contents = [[store.get(writer, i.id, n + 1).content for n in range(i.revision)] for i in made]
        expected = [[b'{"n":%d}' % n, b"deux %d" % n, b'{"n":%d}' % n] for n in range(4)]
        assert contents == (expected if history else [one[-1:] for one in expected])


def test_a_broken_or_hostile_archive_changes_nothing(make_store: Callable[..., Store]) -> None:
    store = make_store(limits=Limits(document_bytes=100_000, items=3))
    space, reader, _ = entered(store)
    store.save_new(reader, space, "study", "Étude", b"{}")
    out = io.BytesIO()
    store.export_space(reader, space, out)
    good = out.getvalue()

    def forged(change: Callable[[dict[str, object]], object], **files: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(good)) as archive:
            told = json.loads(archive.read("espace.json"))
        change(told)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("espace.json", json.dumps(told))
            archive.writestr("a.json", files.get("a", b"{}"))
        return made.getvalue()

    def item(**values: object) -> Callable[[dict[str, object]], object]:
        revision = {
            "number": 1,
            "file": "a.json",
            "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        }
        one = {"kind": "study", "name": "x", "revisions": [revision]} | values
        return lambda told: told.update(items=[one])

    assert len(store.import_space(reader, space, io.BytesIO(forged(item())))) == 1
    bad: list[bytes] = [
        b"", b"PK", good[:-30], good[:40], os.urandom(3000), forged(lambda d: d.update(format="autre")),
        forged(lambda d: d.update(version=2)), forged(lambda d: d.pop("items")), forged(lambda d: d.update(items={})),
        forged(lambda d: d.update(items=[3])), forged(item(revisions=[])), forged(item(), a=b"autre"),
        forged(item(revisions=[{"number": 1, "file": "/etc/passwd", "sha256": ""}])),
        forged(item(name="a\x00")), forged(item(kind="autre")), forged(item(name=3)), forged(item(), a=b"0" * 10_000_000),
        forged(lambda d: item()(d) or d.update(items=d["items"] * 4)),
    ]  # fmt: skip
    bad.append(bytes(b ^ 0xFF if 100 < n < 110 else b for n, b in enumerate(good)))
    for data in bad:
        with pytest.raises((BadArchive, Refused, QuotaExceeded)):
            store.import_space(reader, space, io.BytesIO(data))
    with pytest.raises(QuotaExceeded):  # one fits, the second does not: none is there
        store.import_space(
            reader, space, io.BytesIO(forged(lambda d: item()(d) or d.update(items=d["items"] * 2)))
        )
    assert len(store.items(reader, space)) == 2


GEOMETRIES = [
    {"type": "Point", "coordinates": [-1.68, 48.11]},
    {"type": "Point", "coordinates": [2.35, 48.85, 35.5]},
    {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]},
    {"type": "MultiPoint", "coordinates": [[55.5, -21.1], [-61.0, 14.6]]},
    {"type": "GeometryCollection", "geometries": []},
    None,
]


def layer(*properties: object) -> bytes:
    """A GeoJSON layer with every kind of geometry."""
    features = [
        {"type": "Feature", "geometry": g, "properties": properties[n % len(properties)]}
        for n, g in enumerate(GEOMETRIES)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "atlas": {"cible": "autre"}, "features": features}
    ).encode()


@pytest.mark.parametrize("text", [HOSTILE, "nul \x00 et \ud800"])
def test_the_features_of_a_layer(store: Store, text: str) -> None:
    space, reader, read_only = entered(store)
    properties = {
        "nom": text,
        "n": 3,
        "x": 1.5,
        "vide": None,
        "liste": [1, {"a": True}],
        "grand": 2**70,
        "petit": 1e-300,
    }
    item = store.save_new(reader, space, "layer", "Couche", layer(properties, None))
    found = store.features(read_only, item.id)
    assert [f.position for f in found] == list(range(6))
    assert [f.properties for f in found] == [properties, {}] * 3
    assert [f.geometry is None for f in found] == [False] * 5 + [True]
    assert found[1].geometry is not None
    assert found[1].geometry.has_z
    assert found[1].geometry.z == 35.5
    boxes = {
        (-180.0, -90.0, 180.0, 90.0): [0, 1, 2, 3],
        (-1.68, 48.11, -1.68, 48.11): [0],
        (-1.67999999, 48.0, 0.0, 49.0): [],
        (-2.0, 48.0, -1.68000001, 49.0): [],
        (-2.0, 48.0, -1.0, 48.10999999): [],
        (-2.0, 48.11000001, -1.0, 49.0): [],
        (1.9, 0.0, 3.0, 0.1): [2, 3],
        (0.0, 0.0, 10.0, 10.0): [2, 3],
        (170.0, 0.0, 175.0, 1.0): [],
    }
    for box, positions in boxes.items():
        assert [f.position for f in store.features(reader, item.id, bbox=box)] == positions, box
    store.save(reader, item.id, layer({"v": 2}), 1)
    assert store.features(reader, item.id)[0].properties == {"v": 2}
    assert store.features(reader, item.id, revision=1)[0].properties == properties
    store.save(reader, item.id, b"pas du GeoJSON", 2)
    with pytest.raises(Refused):
        store.features(reader, item.id)
    with pytest.raises(Refused):
        store.features(reader, item.id, bbox=(0, float("nan"), 1, 1))
    store.delete(reader, item.id)
    store.erase(reader, item.id)
    assert store.check() == ()


CONTENTS = st.sampled_from([b"", b"a", b"b", b"c" * 50, b'{"x":1}'])
OPERATIONS = st.one_of(
    st.tuples(st.just("new"), st.sampled_from(["study", "budget"]), CONTENTS),
    st.tuples(st.just("save"), st.integers(0, 4), CONTENTS, st.sampled_from([0, 0, 0, -1, 1])),
    st.tuples(st.just("restore"), st.integers(0, 4), st.integers(1, 4)),
    st.tuples(st.sampled_from(["delete", "undelete", "erase", "duplicate"]), st.integers(0, 4)),
    st.tuples(st.just("forget"), st.integers(0, 4), st.integers(1, 3)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(OPERATIONS, min_size=8, max_size=30))
def test_any_sequence_of_operations_equals_a_simple_model(
    store: Store, steps: list[tuple[object, ...]]
) -> None:
    space, reader, _ = entered(store)
    ids: list[str] = []
    kept: dict[str, dict[int, bytes]] = {}
    gone: set[str] = set()

    def add(item: Item, content: bytes) -> None:
        ids.append(item.id)
        kept[item.id] = {1: content}

    def save(item: str, content: bytes, expected: int) -> None:
        last = max(kept[item])
        if kept[item][last] == content:
            assert store.save(reader, item, content, expected).revision == last
        elif expected == last:
            kept[item][store.save(reader, item, content, expected).revision] = content
        else:
            with pytest.raises(Conflict) as caught:
                store.save(reader, item, content, expected)
            assert caught.value.theirs.content == kept[item][last]

    add(store.save_new(reader, space, "study", "x", b"a"), b"a")
    for step in steps:
        match step:
            case "new", str(kind), bytes(content):
                add(store.save_new(reader, space, kind, "x", content), content)
                continue
        item = ids[int(step[1]) % len(ids)]  # type: ignore[call-overload]
        deleted, there = item in gone, item in kept
        wants_deleted = step[0] in ("undelete", "erase")
        if (
            not there
            or (deleted and step[0] not in ("delete", *("undelete", "erase")))
            or (step[0] == "erase" and not deleted)
        ):
            with pytest.raises(NotFound):
                {"erase": store.erase}.get(str(step[0]), store.history)(reader, item)
            continue
        match step:
            case "save", _, bytes(content), int(shift):
                save(item, content, max(kept[item]) + shift)
            case "restore", _, int(number):
                if number in kept[item]:
                    content, last = kept[item][number], max(kept[item])
                    made = store.restore_revision(reader, item, number, last).revision
                    assert made == last + (content != kept[item][last])
                    kept[item][made] = content
                else:
                    with pytest.raises(NotFound):
                        store.restore_revision(reader, item, number, max(kept[item]))
            case "duplicate", _:
                add(store.duplicate(reader, item), kept[item][max(kept[item])])
            case "delete", _:
                store.delete(reader, item)
                gone.add(item)
            case "undelete", _:
                assert wants_deleted
                store.undelete(reader, item)
                gone.discard(item)
            case "erase", _:
                store.erase(reader, item)
                del kept[item]
                gone.discard(item)
            case "forget", _, int(number):
                store.forget_revisions(reader, item, number)
                last = max(kept[item])
                kept[item] = {n: c for n, c in kept[item].items() if n > last - number}
    assert {i.id for i in store.items(reader, space)} == set(kept) - gone
    assert {i.id for i in store.items(reader, space, deleted=True)} == gone
    for item in set(kept) - gone:
        numbers = [r.number for r in store.history(reader, item)]
        assert numbers == sorted(kept[item], reverse=True)
        assert {n: store.get(reader, item, n).content for n in numbers} == kept[item]
    stored = sum(len(zlib_of(c)) for c in {c for revisions in kept.values() for c in revisions.values()})
    assert store.space(reader, space).stored == stored
    assert store.check() == ()
