"""A space as one ZIP file that its user keeps, and back: `espace.json`, then one file per content."""

from __future__ import annotations

import contextlib
import json
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import sqlalchemy as sa

from ptce_store import tables as t
from ptce_store.base import Base, as_item, new_id
from ptce_store.contents import Packed, fetch, pack, unpack
from ptce_store.errors import BadArchive, StoreError, StoreUnavailable
from ptce_store.identity import Reader
from ptce_store.items import Items, revisions_of
from ptce_store.model import KIND_WORDS, Item, Kind, Role, clean_kind, clean_name

FORMAT: Final = "atlas-ptce-espace"
VERSION: Final = 1
MANIFEST: Final = "espace.json"
_MAX_FILES: Final = 20_000
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, LookupError, OSError,
)  # fmt: skip


@dataclass(frozen=True)
class _Read:
    """An item of a file: what to make of it. `id` is new: nothing in a file designates what is stored."""

    id: str
    kind: Kind
    name: str
    contents: tuple[Packed, ...]


class Archives(Items, Base):
    """Take a space out, and put one in."""

    def export_space(self, reader: Reader, space: str, out: BinaryIO, *, history: bool = False) -> int:
        """Write the items of a space into `out` as a ZIP file; `history`: with every revision.

        `out` is opened for writing and stays open. Whoever may read the space may do it, and the log says
        so. Deleted items stay out. Returns the number of items.
        """

        def note(connection: sa.Connection) -> None:
            self._note(connection, self._enter(connection, reader, space, Role.READER), "export de l’espace")

        # On a full disk, taking one's work out must go on; then the log misses a line.
        with contextlib.suppress(StoreUnavailable):
            self.database.write(note)

        def work(connection: sa.Connection) -> int:
            access = self._enter(connection, reader, space, Role.READER)
            query = sa.select(t.items).where(t.items.c.space_id == access.id, t.items.c.deleted_at.is_(None))
            items = [
                as_item(row) for row in connection.execute(query.order_by(t.items.c.created_at, t.items.c.id))
            ]
            told: list[dict[str, Any]] = []
            out.seek(0)
            out.truncate()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for number, item in enumerate(items, start=1):
                    files = self._write_item(connection, archive, item, number, history)
                    told.append({"kind": item.kind, "name": item.name, "revisions": files})
                manifest = {"format": FORMAT, "version": VERSION, "name": access.space.name, "items": told}
                archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            return len(items)

        return self.database.read(work, whole=True)

    def _write_item(
        self, connection: sa.Connection, archive: zipfile.ZipFile, item: Item, number: int, history: bool
    ) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        written: dict[str, str] = {}
        for revision in reversed(revisions_of(connection, item.id)):
            if not history and revision.number != item.revision:
                continue
            if revision.digest not in written:
                row = fetch(connection, item.id, revision.number)
                content = unpack(row.data, row.digest, row.size)
                name = file_name(item, number, revision.number, content)
                archive.writestr(name, content)
                written[revision.digest] = name
            moment = revision.saved_at.isoformat()
            told.append(
                {
                    "number": revision.number,
                    "saved_at": moment,
                    "sha256": revision.digest,
                    "file": written[revision.digest],
                }
            )
        return told

    def import_space(self, reader: Reader, space: str, source: BinaryIO) -> tuple[Item, ...]:
        """Add the items of an exported space to a space, all of them or none, as new items with new ids.

        Their revisions come back in their order, dated from now. `source` can be searched (a file, a
        BytesIO). Needs the role of editor. Raises BadArchive, Refused, QuotaExceeded, NotAllowed.
        """
        self.database.read(lambda c: self._enter(c, reader, space, Role.EDITOR))  # before reading 500 MB
        try:
            found = self._read_archive(source)
        except StoreError:
            raise
        except _BROKEN:
            raise BadArchive("l’archive", "un espace de travail exporté par l’atlas") from None

        def work(connection: sa.Connection) -> tuple[Item, ...]:
            access = self._enter(connection, reader, space, Role.EDITOR, lock=True)
            made: list[Item] = []
            for one in found:
                there = connection.execute(sa.select(t.items).where(t.items.c.id == one.id)).one_or_none()
                if there is not None:  # this was committed before, and the answer lost
                    made.append(as_item(there))
                    continue
                item = self._add(connection, access, one.id, one.kind, one.name, one.contents[0], "import")
                for packed in one.contents[1:]:
                    item = self._revise(connection, access, item, packed, "import")
                made.append(item)
            return tuple(made)

        return self.database.write(work)

    def _read_archive(self, source: BinaryIO) -> list[_Read]:
        # Studies bring the whole data layer along: only who imports waits for it.
        from ptce_data.study import jsonguard

        with zipfile.ZipFile(source) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if len(archive.infolist()) > _MAX_FILES:
                raise BadArchive("l’archive", f"{_MAX_FILES} fichiers au plus")
            # Told sizes may lie: `_content` never reads more than a content may have.
            manifest = jsonguard.loads(_content(archive, entries[MANIFEST], jsonguard.MAX_BYTES))
            if (
                not isinstance(manifest, dict)
                or manifest.get("format") != FORMAT
                or manifest.get("version") != VERSION
            ):
                raise BadArchive(MANIFEST, "un espace de travail exporté par cette version de l’atlas")
            room = self.limits.space_bytes
            found: list[_Read] = []
            for told in _list(manifest["items"], self.limits.items):
                kind, name = clean_kind(told["kind"]), clean_name(told["name"])
                contents: list[Packed] = []
                for revision in _list(told["revisions"], _MAX_FILES):
                    content = _content(archive, entries[revision["file"]], self.limits.of_kind(kind))
                    packed = pack(content)
                    if packed.digest != revision["sha256"]:
                        raise BadArchive(f"« {name} »".replace(" ", "\u00a0"), "un contenu intact")
                    room -= len(packed.data)
                    if room < 0:
                        raise BadArchive("l’archive", "un espace moins volumineux")
                    contents.append(packed)
                if not contents:
                    raise BadArchive(MANIFEST, "une version au moins par élément")
                found.append(_Read(new_id(), kind, name, tuple(contents)))
        return found


def _list(value: object, most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(v, dict) for v in value):
        raise BadArchive(MANIFEST, f"une liste de {most} éléments au plus")
    return value


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadArchive("un fichier de l’archive", f"{most // 1_000_000}\u00a0Mo au plus")
    return content


def file_name(item: Item, number: int, revision: int, content: bytes) -> str:
    """Return the name of a content in the ZIP file: letters, digits and dashes only, whatever its name is."""
    plain = unicodedata.normalize("NFKD", item.name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "sans-nom"
    folder = (
        KIND_WORDS[item.kind].split()[0].encode("ascii", "ignore").decode()
        if item.kind != "study"
        else "etude"
    )
    ending = ("geojson" if item.kind == "layer" else "json") if content.lstrip()[:1] == b"{" else "bin"
    return f"{folder}/{number:03d}-{words}-v{revision}.{ending}"
