"""Contents: compressed, named by their SHA-256, kept once per space, within the room of the space."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Access, insert_new
from ptce_store.errors import QuotaExceeded, Refused, StoreCorrupt
from ptce_store.model import KIND_WORDS, Limits

_LEVEL: Final = 6
#: Above, speed counts more than room.
_LARGE: Final = 2_000_000


@dataclass(frozen=True)
class Packed:
    """A content ready to be stored: its SHA-256 (hexadecimal), its bytes, and how many they were."""

    digest: str
    size: int
    data: bytes


def fits(packed: Packed, kind: str, limits: Limits) -> Packed:
    """Return `packed`. Raises QuotaExceeded for more bytes than an item of that kind may have."""
    allowed = limits.of_kind(kind)
    if packed.size > allowed:
        raise QuotaExceeded(
            "item",
            allowed,
            f"Enregistrement refusé\u00a0: {KIND_WORDS[kind]} de {megabytes(packed.size)}, "
            f"{megabytes(allowed)} au plus.",
        )
    return packed


def pack(content: bytes) -> Packed:
    """Compress a content. Raises Refused for what is no bytes."""
    if not isinstance(content, bytes):
        raise Refused("le contenu", "des octets")
    level = _LEVEL if len(content) <= _LARGE else 1
    return Packed(hashlib.sha256(content).hexdigest(), len(content), zlib.compress(content, level))


def unpack(data: bytes, digest: str, size: int) -> bytes:
    """Return a content as it was. Raises StoreCorrupt where the bytes are not those that were stored."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(bytes(data), size + 1)  # hardly more than was announced
    except zlib.error:
        raise StoreCorrupt from None
    if len(content) != size or not unpacker.eof or hashlib.sha256(content).hexdigest() != digest:
        raise StoreCorrupt
    return content


def put(connection: sa.Connection, access: Access, packed: Packed, limits: Limits) -> None:
    """Store a content in a space that is locked. Raises QuotaExceeded where there is no room for it."""
    row = {"space_id": access.id, "digest": packed.digest, "size": packed.size, "stored": len(packed.data)}
    if not insert_new(connection, t.blobs, row | {"data": packed.data}):
        return  # it is there already, and takes no more room
    query = t.spaces.update().where(t.spaces.c.id == access.id)
    query = query.values(stored=t.spaces.c.stored + len(packed.data))
    stored = connection.execute(query.returning(t.spaces.c.stored)).scalar_one()
    if stored > limits.space_bytes:
        raise QuotaExceeded(
            "space",
            limits.space_bytes,
            f"L’espace de travail est plein ({megabytes(limits.space_bytes)})\u00a0: supprimez des éléments ou "
            "d’anciennes versions, puis enregistrez de nouveau.",
        )
    total = connection.execute(sa.select(sa.func.sum(t.spaces.c.stored))).scalar_one()
    if total > limits.total_bytes:
        raise QuotaExceeded(
            "total",
            limits.total_bytes,
            "Ce site n’a plus de place pour de nouveaux enregistrements\u00a0: gardez votre fichier et prévenez "
            "la personne qui le tient.",
        )


def fetch(connection: sa.Connection, item_id: str, revision: int) -> Any:
    """Return the row of a revision with its content as `digest, size, data`, None where there is none."""
    query = (
        sa.select(t.revisions, t.blobs.c.size, t.blobs.c.data)
        .join(
            t.blobs,
            sa.and_(t.blobs.c.space_id == t.revisions.c.space_id, t.blobs.c.digest == t.revisions.c.digest),
        )
        .where(t.revisions.c.item_id == item_id, t.revisions.c.number == revision)
    )
    return connection.execute(query).one_or_none()


def drop_unused(connection: sa.Connection, space_id: str) -> None:
    """Forget the contents of a locked space that no revision has any more, and count its room again."""
    used = sa.select(t.revisions.c.digest).where(t.revisions.c.space_id == space_id)
    connection.execute(t.blobs.delete().where(t.blobs.c.space_id == space_id, t.blobs.c.digest.not_in(used)))
    stored = sa.select(sa.func.coalesce(sa.func.sum(t.blobs.c.stored), 0)).where(
        t.blobs.c.space_id == space_id
    )
    connection.execute(
        t.spaces.update().where(t.spaces.c.id == space_id).values(stored=stored.scalar_subquery())
    )


def megabytes(size: int) -> str:
    """`4,8 Mo`, `612 ko`, with no-break spaces; never 0 for something."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0ko"
    text = f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0")
    return f"{text}\u00a0Mo"
