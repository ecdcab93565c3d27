"""The tables of saved work: spaces, those in them, items, their revisions and contents, the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out rather than taken from ptce_store.tables: a migration does not change when the tables do.


def _text(name: str, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def _whole(name: str, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _bytes(name: str, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def upgrade() -> None:
    """Make every table."""
    op.create_table("meta", _text("key"), _text("value"), sa.PrimaryKeyConstraint("key", name="pk_meta"))
    op.create_table(
        "accounts", _text("id"), _bytes("subject_hash"), _whole("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("subject_hash", name="uq_accounts_subject_hash"),
    )  # fmt: skip
    op.create_table(
        "spaces", _text("id"), _text("kind"), _text("name"), _bytes("write_hash", True), _bytes("read_hash", True),
        _text("account_id", True), _whole("created_at"), _whole("stored"),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
        sa.UniqueConstraint("write_hash", name="uq_spaces_write_hash"),
        sa.UniqueConstraint("read_hash", name="uq_spaces_read_hash"),
        sa.UniqueConstraint("account_id", name="uq_spaces_account_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_spaces_account_id"),
        sa.CheckConstraint("kind IN ('link', 'personal', 'organisation')", name="kind"),
    )  # fmt: skip
    op.create_table(
        "members", _text("space_id"), _text("account_id"), sa.Column("role", sa.Integer(), nullable=False),
        _text("label"), _whole("since"),
        sa.PrimaryKeyConstraint("space_id", "account_id", name="pk_members"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_members_space_id"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_members_account_id"),
        sa.CheckConstraint("role BETWEEN 1 AND 3", name="role"),
    )  # fmt: skip
    op.create_index("ix_members_account_id", "members", ["account_id"])
    op.create_table(
        "invitations", _text("id"), _text("space_id"), _bytes("token_hash"),
        sa.Column("role", sa.Integer(), nullable=False), _text("label"), _whole("expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_invitations_space_id"),
        sa.CheckConstraint("role BETWEEN 1 AND 3", name="role"),
    )  # fmt: skip
    op.create_index("ix_invitations_space_id", "invitations", ["space_id"])
    op.create_table(
        "items", _text("id"), _text("space_id"), _text("kind"), _text("name"), _whole("revision"), _whole("size"),
        _whole("created_at"), _whole("saved_at"), _whole("deleted_at", True),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_items_space_id"),
        sa.CheckConstraint("kind IN ('study', 'deck', 'budget', 'layer', 'mapping')", name="kind"),
    )  # fmt: skip
    op.create_index("ix_items_space_id", "items", ["space_id"])
    op.create_index("ix_items_deleted_at", "items", ["deleted_at"])
    op.create_table(
        "blobs", _text("space_id"), _text("digest"), _whole("size"), _whole("stored"), _bytes("data"),
        sa.PrimaryKeyConstraint("space_id", "digest", name="pk_blobs"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="fk_blobs_space_id"),
    )  # fmt: skip
    op.create_table(
        "revisions", _text("item_id"), sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("space_id"), _text("digest"), _whole("saved_at"), _text("author", True),
        sa.PrimaryKeyConstraint("item_id", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_revisions_item_id"),
        sa.ForeignKeyConstraint(
            ["space_id", "digest"], ["blobs.space_id", "blobs.digest"], name="fk_revisions_space_id_digest"
        ),
        sa.CheckConstraint("number >= 1", name="number"),
    )  # fmt: skip
    op.create_index("ix_revisions_space_id_digest", "revisions", ["space_id", "digest"])
    op.create_table(
        "audit", _text("id"), _whole("at"), _text("actor", True), _text("action"), _text("space_id"),
        _text("item_id", True), sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )  # fmt: skip
    op.create_index("ix_audit_space_id", "audit", ["space_id"])


def downgrade() -> None:
    """Remove every table."""
    for name in (
        "audit",
        "revisions",
        "blobs",
        "items",
        "invitations",
        "members",
        "spaces",
        "accounts",
        "meta",
    ):
        op.drop_table(name)
