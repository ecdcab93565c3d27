"""Saved work: studies, decks, budgets, layers and column mappings, in spaces, with their history.

    store = open_store()
    space, links = store.create_link_space("Mon travail")
    reader = Reader.of_link(links.write)
    item = store.save_new(reader, space.id, "study", "Pays de Redon", study_file.dump(study))
    item = store.save(reader, item.id, study_file.dump(changed), expected_revision=item.revision)
    store.get(reader, item.id).content

See docs/espaces-de-travail.md and docs/decisions/0005-travail-enregistre.md. No screen, no streamlit.
"""

from ptce_store.errors import (
    AccountsOff,
    BadArchive,
    BadUrl,
    Conflict,
    LastOwner,
    NotAllowed,
    NotEmpty,
    NotFound,
    QuotaExceeded,
    Refused,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreNotReady,
    StoreReadOnly,
    StoreUnavailable,
)
from ptce_store.identity import NOBODY, Links, Reader, read_link
from ptce_store.layers import Feature
from ptce_store.model import (
    KIND_WORDS,
    KINDS,
    AuditEntry,
    Item,
    Kind,
    Limits,
    Member,
    Opened,
    Purged,
    Revision,
    Role,
    Space,
    copy_name,
)
from ptce_store.people import Invitation
from ptce_store.store import Store, open_store

__all__ = [
    "KINDS", "KIND_WORDS", "NOBODY", "AccountsOff", "AuditEntry", "BadArchive", "BadUrl", "Conflict", "Feature",
    "Invitation", "Item", "Kind", "LastOwner", "Limits", "Links", "Member", "NotAllowed", "NotEmpty", "NotFound",
    "Opened", "Purged", "QuotaExceeded", "Reader", "Refused", "Revision", "Role", "Space", "Store", "StoreBusy",
    "StoreCorrupt", "StoreError", "StoreFull", "StoreNotReady", "StoreReadOnly", "StoreUnavailable", "copy_name",
    "open_store", "read_link",
]  # fmt: skip
