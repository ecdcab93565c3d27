"""JSON that strangers send: bounded in size and depth, each key once, only numbers that exist."""

from __future__ import annotations

import json
import re
from typing import Any, Final

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 40
_SHOWN: Final = 60
#: A whole string, or one that never ends; possessive, so that no text takes more than one pass.
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKET: Final = re.compile(r"[^\[\]{}]+")


class JsonRefused(ValueError):
    """A text is no JSON that we take: what was read, what was expected, what to do."""

    def __init__(self, where: str, value: str | None, expected: str, advice: str) -> None:
        self.where, self.value, self.expected, self.advice = where, value, expected, advice
        super().__init__(expected)


def loads(data: bytes) -> Any:
    """Return what `data` holds. Raises JsonRefused; never breaks on hostile bytes."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
        raise JsonRefused("fichier", size, "5\u00a0Mo au plus", "allégez-le")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"octet {data[error.start]:#04x}"
        raise JsonRefused(
            "fichier", byte, "un texte en UTF-8", "enregistrez-le de nouveau en UTF-8"
        ) from None
    if _too_deep(text):
        raise JsonRefused(
            "fichier", None, f"{MAX_DEPTH} niveaux imbriqués au plus", "prenez un fichier écrit par l’atlas"
        )
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise JsonRefused(where, None, "du JSON bien formé", "reprenez le fichier d’origine") from None
    except JsonRefused:
        raise
    except (ValueError, RecursionError):  # a whole number of thousands of digits
        raise JsonRefused(
            "fichier", None, "des nombres de taille courante", "reprenez le fichier d’origine"
        ) from None


def _too_deep(text: str) -> bool:
    """Count brackets outside of strings, before anything recurses."""
    brackets = _NOT_BRACKET.sub("", _STRING.sub("", text))
    depth = 0
    for bracket in brackets:
        if bracket in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        else:
            depth -= 1
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise JsonRefused("fichier", shown(twice), "chaque clé une seule fois", "gardez-en une seule")
    return made


def _constant(name: str) -> Any:
    raise JsonRefused("fichier", name, "des nombres finis", "corrigez ou videz cette valeur")


def shown(value: object) -> str:
    """Return `value` as quoted in a message: one short line."""
    text = " ".join(str(value).split())
    kept = "".join(c if c.isprintable() else "\ufffd" for c in text[: _SHOWN + 1])
    return kept if len(kept) <= _SHOWN else kept[:_SHOWN] + "…"
