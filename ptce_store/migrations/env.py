"""Alembic's entry: migrations run in the transaction that `ptce_store.upgrading` has begun."""

from __future__ import annotations

from alembic import context

from ptce_store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
