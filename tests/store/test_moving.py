"""Backups, moves and the command line, on SQLite."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner, Result

from ptce_store import BadArchive, Store
from ptce_store.backup import backup, restore
from ptce_store.command import db
from ptce_store.database import VARIABLE, Database, address
from ptce_store.tables import metadata
from tests.store.moving import backs_up, everything, filled, moves


def test_a_move(make_store: Callable[..., Store], tmp_path: Path) -> None:
    (tmp_path / "sans.db").touch()
    source, target = make_store(), make_store()
    moves(source, target, _Bare(f"sqlite:///{tmp_path}/sans.db"))  # type: ignore[arg-type]


class _Bare:
    def __init__(self, url: str) -> None:
        self.database = Database(address(url))


def test_a_backup(make_store: Callable[..., Store], tmp_path: Path) -> None:
    backs_up(make_store(), make_store(), tmp_path)


def test_a_broken_backup_changes_nothing(make_store: Callable[..., Store], tmp_path: Path) -> None:
    source, target = make_store(), make_store()
    filled(source)
    good = tmp_path / "bonne.zip"
    backup(source.database, good)
    bad = tmp_path / "mauvaise.zip"
    whole = good.read_bytes()
    forged: list[bytes] = [b"", b"PK\x03\x04", whole[: len(whole) // 2], os.urandom(500)]
    for name, change in (
        ("items.jsonl", lambda data: data.replace(b'"revision":4', b'"revision":5')),
        ("blobs.jsonl", lambda data: data[: data.index(b"\n") + 1]),
        ("revisions.jsonl", lambda data: b""),
        ("spaces.jsonl", lambda data: data.replace(b"{", b'{"autre":1,', 1)),
        ("spaces.jsonl", lambda data: b"[1]\n"),
        ("audit.jsonl", lambda data: b"\xff" + data),
        ("sauvegarde.json", lambda data: data.replace(b'"version": 1', b'"version": 2')),
        ("sauvegarde.json", lambda data: b"{}"),
    ):
        made = tmp_path / "x.zip"
        with zipfile.ZipFile(good) as archive, zipfile.ZipFile(made, "w") as out:
            for member in archive.namelist():
                data = archive.read(member)
                out.writestr(member, change(data) if member == name else data)  # type: ignore[no-untyped-call]
        forged.append(made.read_bytes())
    restore(target.database, good)
    before = everything(target)
    for data in forged:
        bad.write_bytes(data)
        with pytest.raises(BadArchive, match="rien n’a été changé"):
            restore(target.database, bad, replace=True)
    assert everything(target) == before
    with pytest.raises(BadArchive):
        restore(target.database, tmp_path / "absente.zip")


def test_migrations_make_the_tables_that_the_queries_know(store: Store) -> None:
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def run(*words: str, **environment: str) -> Result:
    result = CliRunner().invoke(db, list(words), env={VARIABLE: "", **environment})
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_the_commands(
    make_store: Callable[..., Store], new_url: Callable[[], str], empty_url: str, tmp_path: Path
) -> None:
    url, other, backed = empty_url, new_url(), str(tmp_path / "s.zip")
    assert run("check", "--url", url).exit_code == 2
    assert run("upgrade", "--url", url).output == "SQLite (vide.db) : mise à jour (version 0001).\n"
    filled(make_store(url))
    assert run("upgrade", PTCE_DATABASE_URL=url).output == "SQLite (vide.db) : déjà à jour (version 0001).\n"
    assert run("check", "--url", url).output == "SQLite (vide.db) : aucun défaut.\n"
    assert run("backup", "--out", backed, "--url", url).output.startswith(
        "s.zip : 3 espaces, 4 éléments, 7 versions, "
    )
    again = run("backup", "--out", backed, "--url", url)
    assert (again.exit_code, again.output) == (2, "s.zip existe déjà : donnez un autre nom.\n")
    assert run("backup", "--out", str(tmp_path / "non" / "x.zip"), "--url", url).exit_code == 2
    restored = run("restore", backed, "--url", other)
    assert (restored.exit_code, "4 éléments" in restored.output) == (0, True)
    full = run("restore", backed, "--url", other)
    assert (full.exit_code, "--remplacer" in full.output) == (2, True)
    moved = run("move", "--from", url, "--to", "env:CIBLE", CIBLE=new_url())
    assert (moved.exit_code, moved.output.endswith("relus et identiques.\n")) == (0, True)
    assert run("move", "--from", url, "--to", url).exit_code == 2
    assert run("move", "--from", f"sqlite:///{tmp_path}/rien.db", "--to", other).exit_code == 2
    assert not (tmp_path / "rien.db").exists()
    assert run("move", "--from", url, "--to", "env:RIEN").exit_code == 2
    assert run("purge", "--url", url).output == (
        "Effacés : 0 élément, 0 espace vide, 0 invitation, 0 ligne de journal.\n"
    )
    connection = sqlite3.connect(address(url).database or "")
    connection.execute("UPDATE items SET revision = 9 WHERE kind = 'study'")
    connection.commit()
    connection.close()
    wrong = run("check", "--url", url)
    assert (wrong.exit_code, "n’a pas la version qu’il annonce" in wrong.output) == (1, True)


@pytest.mark.parametrize("words", [["check"], ["upgrade"], ["backup", "--out", "x.zip"], ["purge"]])
def test_no_command_repeats_an_address(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ptce_store.database.PAUSE", 0)
    for url in ("postgresql+psycopg://u:motsecret@127.0.0.1:1/b", "mysql://u:motsecret@h/b", "motsecret"):
        for result in (
            run(*words, "--url", url),
            run(*words, PTCE_DATABASE_URL=url),
            run(*words, "--url", "env:X", X=url),
        ):
            assert result.exit_code == 2
            assert len(result.output.splitlines()) == 1
            assert result.output[0].isupper()
            assert "motsecret" not in result.output
            assert result.exception is None or "motsecret" not in repr(result.exception)
