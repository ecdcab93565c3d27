"""Identifiers between the two worlds: stable UUIDs out, short names in."""

from __future__ import annotations

import re
import uuid
from typing import Final

from ptce_data.text import fold

#: Fixed for ever: a scheme keeps its UUID from one export to the next.
NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_OID, "atlas-ptce/support_schemes")
_FOREIGN: Final = "da-"
_LONGEST: Final = 120


def uuid_of(scheme_id: str) -> str:
    """Return the UUID of a scheme: v5 of our id, or the one it had in the file it was imported from."""
    if scheme_id.startswith(_FOREIGN):
        given = _uuid(scheme_id.removeprefix(_FOREIGN))
        if given is not None:
            return given
    return str(uuid.uuid5(NAMESPACE, scheme_id))


def id_of(identifier: str) -> tuple[str, bool]:
    """Return our id of an identifier of the standard, and whether it was a UUID. Empty: cannot be one."""
    given = _uuid(identifier)
    if given is not None:
        return _FOREIGN + given, True
    word = fold(identifier).replace(" ", "-")[:_LONGEST].strip("-")
    return (_FOREIGN + word, False) if re.fullmatch(r"[0-9a-z-]+", word) else ("", False)


def slug_id(slug: str) -> str:
    """Return our id of a slug of Aides-territoires, empty when it cannot be one."""
    word = "at-" + re.sub(r"-{2,}", "-", re.sub(r"_{2,}", "_", slug.strip().lower())).strip("-_")
    return word if re.fullmatch(r"at(?:[-_][0-9a-z]+)+", word) else ""


def _uuid(text: str) -> str | None:
    try:
        found = str(uuid.UUID(text))
    except ValueError:
        return None
    return found if found == text.strip().lower() else None
