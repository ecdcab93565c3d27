"""A study as one JSON file, and back: what was written loads back identically, what is broken is refused.

A file of an older version goes through the registered migrations, one version at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from ptce_data.study import jsonguard
from ptce_data.study.jsonguard import MAX_BYTES, JsonRefused, shown
from ptce_data.study.model import FORMAT, VERSION, Study

#: Takes the content of a file of one version, returns that of the next one.
Migration = Callable[[dict[str, Any]], dict[str, Any]]
#: Version -> what makes the next version of it. Empty: version 1 is the first one.
MIGRATIONS: Final[dict[int, Migration]] = {}

_EXPECTED: Final[dict[str, str]] = {
    "missing": "une valeur, qui manque",
    "extra_forbidden": "un champ connu de l’atlas",
    "string_type": "un texte",
    "string_unicode": "un texte en UTF-8",
    "string_pattern_mismatch": "un code bien formé",
    "int_type": "un nombre entier",
    "int_from_float": "un nombre entier",
    "float_type": "un nombre",
    "bool_type": "vrai ou faux",
    "tuple_type": "une liste",
    "model_type": "un objet",
    "model_attributes_type": "un objet",
    "finite_number": "un nombre fini",
    "json_invalid": "un texte sans demi-caractère",
}
_BOUNDED: Final[dict[str, tuple[str, str]]] = {
    "string_too_long": ("max_length", "{} caractères au plus"),
    "string_too_short": ("min_length", "{} caractère au moins"),
    "too_long": ("max_length", "une liste de {} éléments au plus"),
    "too_short": ("min_length", "une liste de {} éléments au moins"),
    "less_than_equal": ("le", "{} au plus"),
    "greater_than_equal": ("ge", "{} au moins"),
    "greater_than": ("gt", "plus de {}"),
    "literal_error": ("expected", "la valeur {}"),
}


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
        raise _refusal(error) from None


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


def _refusal(error: ValidationError) -> StudyFileError:
    """Return one sentence for the first fault of a content."""
    fault = error.errors(include_url=False)[0]
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        # A budget's fault may quote what was typed: one line all the same.
        expected = str(context.get("error")).replace("\r", " ").replace("\n", " ")
    elif kind in _BOUNDED:
        key, words = _BOUNDED[kind]
        expected = words.format(str(context.get(key)).replace(" or ", " ou ").replace(".0", ""))
    elif kind.startswith("date"):
        expected = "une date comme 2026-11-22"
    else:
        expected = _EXPECTED.get(kind, "une valeur du bon type")
    value = None if kind in ("missing", "json_invalid") else _value(fault["input"])
    return StudyFileError(_path(fault["loc"]), value, expected, "corrigez ou reprenez le fichier d’origine")


def _value(value: object) -> str | None:
    return None if isinstance(value, (dict, list, tuple)) else shown(value)


def _path(where: tuple[int | str, ...]) -> str:
    made = ""
    for step in where:
        made += f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" if made else shown(step)
    return f"champ {made}" if made else "fichier"
