"""A study as one JSON file, and back: what was written loads back identically, what is broken is refused.

A file of an older version goes through the registered migrations, one version at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from ptce_data.study import jsonguard
from ptce_data.study.faults import ADVICE, first
from ptce_data.study.jsonguard import MAX_BYTES, JsonRefused, shown
from ptce_data.study.model import FORMAT, VERSION, Study

#: Takes the content of a file of one version, returns that of the next one.
Migration = Callable[[dict[str, Any]], dict[str, Any]]
#: Version -> what makes the next version of it. Empty: version 1 is the first one.
MIGRATIONS: Final[dict[int, Migration]] = {}


class StudyFileError(ValueError):
    """A file is no study that we take; str() is one French sentence.

    `where`: the place in the file; `value`: what was read (shortened), None where nothing can be
    shown; `expected`: what was expected; `advice`: what to do.
    """

    def __init__(self, where: str, value: str | None, expected: str, advice: str) -> None:
        self.where, self.value, self.expected, self.advice = where, value, expected, advice
        said = "" if value is None else f" «\u00a0{value}\u00a0»,"
        super().__init__(
            f"Étude non ouverte\u00a0: {where},{said} attendu\u00a0: {expected}\u00a0; {advice}."
        )


def dump(study: Study) -> bytes:
    """Return the canonical file of a study: UTF-8 JSON, sorted keys, indent 1, a final line feed.

    Raises StudyFileError for a study whose file would be too big to be read again.
    """
    content = study.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1)
    data = (text + "\n").encode("utf-8")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
        raise StudyFileError("étude à enregistrer", size, "5\u00a0Mo au plus", "raccourcissez ses textes")
    return data


def read(data: bytes, *, version: int = VERSION, migrations: Mapping[int, Migration] | None = None) -> Study:
    """Return the study of a file. Raises StudyFileError, and changes nothing, for anything else.

    Codes and uids that the atlas does not know are kept: `checks.check` tells of them. `version` and
    `migrations` are those of this module, unless a test gives others.
    """
    try:
        content = jsonguard.loads(data)
    except JsonRefused as refused:
        raise StudyFileError(refused.where, refused.value, refused.expected, refused.advice) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StudyFileError(
            "fichier", None, "une étude enregistrée par l’atlas", "choisissez un autre fichier"
        )
    content = _migrated(content, version, MIGRATIONS if migrations is None else migrations)
    try:
        # Through JSON again: in strict mode, only JSON makes a date of a text or a tuple of a list.
        return Study.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise StudyFileError(*first(error), ADVICE) from None


def _migrated(content: dict[str, Any], target: int, migrations: Mapping[int, Migration]) -> dict[str, Any]:
    found = content.get("version")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise StudyFileError(
            "version", shown(found), "un numéro de version", "prenez un fichier écrit par l’atlas"
        )
    if found > target:
        raise StudyFileError(
            "version",
            str(found),
            f"la version {target} au plus",
            "ce fichier vient d’un atlas plus récent, ouvrez-le avec celui-ci",
        )
    for step in range(found, target):
        migrate = migrations.get(step)
        if migrate is None:
            raise StudyFileError(
                "version",
                str(found),
                f"la version {target}",
                f"rien ne mène de la version {step} à la suivante, recommencez l’étude",
            )
        try:
            content = {**migrate(content), "version": step + 1}
        except (LookupError, TypeError, ValueError, AttributeError):
            raise StudyFileError(
                "fichier", None, f"une étude complète de version {step}", "reprenez le fichier d’origine"
            ) from None
    return content
