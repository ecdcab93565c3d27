"""Backups and moves between SQLite and PostgreSQL, both ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from ptce_store import Store
from ptce_store.database import Database, address
from ptce_store.tables import metadata
from tests.store.moving import backs_up, moves, opener
from tests.store.test_moving import run

#: What PostGIS adds, and what we derive with it.
_DERIVED = ("layer_index", "layer_features", "spatial_ref_sys")


def sqlite(folder: Path, name: str) -> Store:
    return opener(f"sqlite:///{folder}/{name}.db")


def test_from_sqlite_to_postgres(make_store: Callable[..., Store], tmp_path: Path, empty_url: str) -> None:
    moves(sqlite(tmp_path, "a"), make_store(), SimpleNamespace(database=Database(address(empty_url))))  # type: ignore[arg-type]


def test_from_postgres_to_sqlite(make_store: Callable[..., Store], tmp_path: Path, empty_url: str) -> None:
    moves(make_store(), sqlite(tmp_path, "a"), SimpleNamespace(database=Database(address(empty_url))))  # type: ignore[arg-type]


def test_a_backup_of_either_engine_goes_into_the_other(
    make_store: Callable[..., Store], tmp_path: Path
) -> None:
    for name, source, target in (
        ("a", make_store(), sqlite(tmp_path, "a")),
        ("b", sqlite(tmp_path, "b"), make_store()),
    ):
        (tmp_path / name).mkdir()
        backs_up(source, target, tmp_path / name)


def test_migrations_make_the_tables_that_the_queries_know(store: Store) -> None:
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not (kind == "table" and name in _DERIVED)},
        )
        assert compare_metadata(context, metadata) == []


def test_the_commands(new_url: Callable[[], str], empty_url: str, tmp_path: Path) -> None:
    assert run("upgrade", "--url", empty_url).output.endswith("mise à jour (version 0001).\n")
    assert run("check", "--url", empty_url).exit_code == 0
    moved = run("move", "--from", empty_url, "--to", f"sqlite:///{tmp_path}/a.db")
    assert (moved.exit_code, "relus et identiques" in moved.output) == (0, True)
    assert run("backup", "--out", str(tmp_path / "x.zip"), "--url", empty_url).exit_code == 0
    assert run("restore", str(tmp_path / "x.zip"), "--url", new_url()).exit_code == 0
