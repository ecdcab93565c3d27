"""A deck as one JSON file, and back (see `ptce_data.study.savedfile`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_data.deck.model import FORMAT, VERSION, Deck
from ptce_data.study.savedfile import Kind, Migration, SavedFileError

#: Version -> what makes the next version of it. Empty: version 1 is the first one.
MIGRATIONS: Final[dict[int, Migration]] = {}


class DeckFileError(SavedFileError):
    """A file is no deck that we take; str() is one French sentence."""

    refusal = "Diaporama non ouvert"


#: What is told of a deck's file.
KIND: Final = Kind(
    Deck,
    DeckFileError,
    FORMAT,
    "diaporama à enregistrer",
    "un diaporama enregistré",
    "un diaporama complet",
    "le diaporama",
)


def dump(deck: Deck) -> bytes:
    """Return the canonical file of a deck. Raises DeckFileError for one too big to be read again."""
    return KIND.dump(deck)


def read(data: bytes, *, version: int = VERSION, migrations: Mapping[int, Migration] | None = None) -> Deck:
    """Return the deck of a file. Raises DeckFileError, and changes nothing, for anything else.

    Pages and parameters that the atlas does not know are kept: the scene tells of them. `version` and
    `migrations` are those of this module, unless a test gives others.
    """
    return KIND.read(data, version, MIGRATIONS if migrations is None else migrations)
