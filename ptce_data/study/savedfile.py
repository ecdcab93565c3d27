"""A frozen model as one JSON file, and back: shared by studies and decks.

What was written loads back identically, what is broken is refused in one French sentence. A file of an
older version goes through the registered migrations, one version at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import ValidationError

from ptce_data.study import jsonguard
from ptce_data.study.base import Base
from ptce_data.study.faults import ADVICE, first
from ptce_data.study.jsonguard import MAX_BYTES, JsonRefused, shown

#: Takes the content of a file of one version, returns that of the next one.
Migration = Callable[[dict[str, Any]], dict[str, Any]]
Model = TypeVar("Model", bound=Base)


class SavedFileError(ValueError):
    """A file is none that we take; str() is one French sentence.

    `where`: the place in the file; `value`: what was read (shortened), None where nothing can be
    shown; `expected`: what was expected; `advice`: what to do.
    """

    refusal: ClassVar[str] = "Fichier non ouvert"

    def __init__(self, where: str, value: str | None, expected: str, advice: str) -> None:
        self.where, self.value, self.expected, self.advice = where, value, expected, advice
        said = "" if value is None else f" «\u00a0{value}\u00a0»,"
        super().__init__(f"{self.refusal}\u00a0: {where},{said} attendu\u00a0: {expected}\u00a0; {advice}.")


@dataclass(frozen=True)
class Kind(Generic[Model]):
    """What a file holds: its model, its error, the name of its format, and French words for it."""

    model: type[Model]
    error: type[SavedFileError]
    format: str
    to_save: str
    saved: str
    complete: str
    restart: str

    def dump(self, value: Model) -> bytes:
        """Return the canonical file: UTF-8 JSON, sorted keys, indent 1, a final line feed.

        Raises the error of the kind for a file that would be too big to be read again.
        """
        content = value.model_dump(mode="json")
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1)
        data = (text + "\n").encode("utf-8")
        if len(data) > MAX_BYTES:
            size = f"{len(data) / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
            raise self.error(self.to_save, size, "5\u00a0Mo au plus", "raccourcissez ses textes")
        return data

    def read(self, data: bytes, version: int, migrations: Mapping[int, Migration]) -> Model:
        """Return what a file holds. Raises the error of the kind, and changes nothing, for anything else."""
        try:
            content = jsonguard.loads(data)
        except JsonRefused as refused:
            raise self.error(refused.where, refused.value, refused.expected, refused.advice) from None
        if not isinstance(content, dict) or content.get("format") != self.format:
            raise self.error("fichier", None, f"{self.saved} par l’atlas", "choisissez un autre fichier")
        content = self.migrated(content, version, migrations)
        try:
            # Through JSON again: in strict mode, only JSON makes a date of a text or a tuple of a list.
            return self.model.model_validate_json(json.dumps(content))
        except ValidationError as error:
            raise self.error(*first(error), ADVICE) from None

    def migrated(
        self, content: dict[str, Any], target: int, migrations: Mapping[int, Migration]
    ) -> dict[str, Any]:
        """Return the content of a file brought to the version `target`, step by step."""
        found = content.get("version")
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise self.error(
                "version", shown(found), "un numéro de version", "prenez un fichier écrit par l’atlas"
            )
        if found > target:
            raise self.error(
                "version", str(found), f"la version {target} au plus",
                "ce fichier vient d’un atlas plus récent, ouvrez-le avec celui-ci",
            )  # fmt: skip
        for step in range(found, target):
            migrate = migrations.get(step)
            if migrate is None:
                raise self.error(
                    "version", str(found), f"la version {target}",
                    f"rien ne mène de la version {step} à la suivante, recommencez {self.restart}",
                )  # fmt: skip
            try:
                content = {**migrate(content), "version": step + 1}
            except (LookupError, TypeError, ValueError, AttributeError):
                raise self.error(
                    "fichier", None, f"{self.complete} de version {step}", "reprenez le fichier d’origine"
                ) from None
        return content
