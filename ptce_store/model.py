"""What the store hands out, and what it takes: kinds, roles, limits, names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final, Literal, get_args

from ptce_store.errors import Refused

Kind = Literal["study", "deck", "budget", "layer", "mapping"]
SpaceKind = Literal["link", "personal", "organisation"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: French words for a kind: one, and the folder of an exported space.
KIND_WORDS: Final[dict[str, str]] = {
    "study": "étude",
    "deck": "diaporama",
    "budget": "budget",
    "layer": "couche",
    "mapping": "correspondance de colonnes",
}
MAX_NAME: Final = 200
_COPY: Final = " (copie)"
#: Writing direction overrides: they make a name read as another one.
_OVERRIDES: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Role(IntEnum):
    """What somebody may do in a space; each role may do what the smaller ones may."""

    READER = 1
    EDITOR = 2
    OWNER = 3

    @property
    def words(self) -> str:
        """The role in French."""
        return ("lecteur", "éditeur", "responsable")[self - 1]


@dataclass(frozen=True)
class Limits:
    """How much is kept. Bytes of an item are those of its file; bytes of a space are once compressed.

    Every revision is kept as long as the space has room; `Store.forget_revisions` makes room.
    """

    document_bytes: int = 5_000_000
    layer_bytes: int = 50_000_000
    items: int = 500
    space_bytes: int = 500_000_000
    total_bytes: int = 20_000_000_000
    spaces_per_account: int = 50
    members: int = 500
    days_deleted: int = 30
    days_empty: int = 90
    days_audit: int = 365
    days_invitation: int = 7

    def of_kind(self, kind: str) -> int:
        """Return the most bytes of an item of that kind."""
        return self.layer_bytes if kind == "layer" else self.document_bytes


@dataclass(frozen=True)
class Space:
    """A space as its reader sees it: `role` is that reader's own; `stored`: bytes once compressed."""

    id: str
    kind: SpaceKind
    name: str
    role: Role
    created_at: datetime
    stored: int


@dataclass(frozen=True)
class Item:
    """Something saved: `revision` is the current one (1, 2…), `size` the bytes of its content.

    Times are in UTC. `space` is the id of its space; `deleted_at` is None unless it waits for its end.
    """

    id: str
    kind: Kind
    name: str
    space: str
    revision: int
    size: int
    created_at: datetime
    saved_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True)
class Revision:
    """One save of an item. `author`: the opaque id of an account, None behind a link; `digest`: SHA-256."""

    item: str
    number: int
    size: int
    digest: str
    saved_at: datetime
    author: str | None


@dataclass(frozen=True)
class Opened:
    """An item with the content of one of its revisions; `saved_at`, `author` are those of this revision."""

    item: Item
    revision: int
    saved_at: datetime
    author: str | None
    content: bytes


@dataclass(frozen=True)
class Member:
    """Somebody in an organisation. `label`: what the owner who invited wrote; `account`: an opaque id."""

    account: str
    label: str
    role: Role
    since: datetime


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to which item and when. `actor`: an opaque account id, or None behind a link."""

    at: datetime
    actor: str | None
    action: str
    item: str | None


@dataclass(frozen=True)
class Purged:
    """What a purge removed for ever."""

    items: int
    spaces: int
    invitations: int
    audit_entries: int


def clean_kind(kind: str) -> Kind:
    """Return `kind`. Raises Refused for none of KINDS."""
    for known in KINDS:
        if known == kind:
            return known
    raise Refused("le genre", "une étude, un diaporama, un budget, une couche ou une correspondance")


def clean_name(name: str, field: str = "le nom") -> str:
    """Return `name` normalised (NFC, outer blanks off).

    Raises Refused for an empty, invisible or long name, control characters, writing direction overrides.
    """
    made = unicodedata.normalize("NFC", name).strip() if isinstance(name, str) else ""
    if not 1 <= len(made) <= MAX_NAME:
        raise Refused(field, f"de 1 à {MAX_NAME} caractères")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _OVERRIDES for c in made):
        raise Refused(field, "un texte d’une ligne, sans caractère de commande")
    if not any(unicodedata.category(c)[0] in "LNPS" for c in made):
        raise Refused(field, "un caractère visible au moins")
    return made


def copy_name(name: str) -> str:
    """Return the name of a copy, within the length of a name."""
    return name[: MAX_NAME - len(_COPY)].rstrip() + _COPY
