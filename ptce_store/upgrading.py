"""Bring a database to the tables of this version of the atlas, with Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from ptce_store.database import Database
from ptce_store.errors import StoreNotReady
from ptce_store.tables import HEAD

_SCRIPTS: Final = Path(__file__).resolve().parent / "migrations"
#: Any number: two replicas that start together upgrade one after the other.
_LOCK: Final = 7_483_201_509


def upgrade(database: Database) -> tuple[str | None, str]:
    """Run the migrations that miss, all or none. Returns the version before and the one after.

    Raises StoreNotReady for a database of a newer atlas.
    """
    database.create_file()

    def work(connection: sa.Connection) -> tuple[str | None, str]:
        from alembic import command
        from alembic.config import Config
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory

        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        before = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if before is not None and before not in known:
            raise StoreNotReady
        command.upgrade(config, HEAD)
        return before, HEAD

    return database.write(work)
