"""A study as one JSON file, and back (see `ptce_data.study.savedfile`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ptce_data.study.model import FORMAT, VERSION, Study
from ptce_data.study.savedfile import Kind, Migration, SavedFileError

#: Version -> what makes the next version of it. Empty: version 1 is the first one.
MIGRATIONS: Final[dict[int, Migration]] = {}


class StudyFileError(SavedFileError):
    """A file is no study that we take; str() is one French sentence."""

    refusal = "Étude non ouverte"


#: What is told of a study's file.
KIND: Final = Kind(
    Study,
    StudyFileError,
    FORMAT,
    "étude à enregistrer",
    "une étude enregistrée",
    "une étude complète",
    "l’étude",
)


def dump(study: Study) -> bytes:
    """Return the canonical file of a study. Raises StudyFileError for one too big to be read again."""
    return KIND.dump(study)


def read(data: bytes, *, version: int = VERSION, migrations: Mapping[int, Migration] | None = None) -> Study:
    """Return the study of a file. Raises StudyFileError, and changes nothing, for anything else.

    Codes and uids that the atlas does not know are kept: `checks.check` tells of them. `version` and
    `migrations` are those of this module, unless a test gives others.
    """
    return KIND.read(data, version, MIGRATIONS if migrations is None else migrations)
