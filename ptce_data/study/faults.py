"""Why a content is refused, in French: the first fault of a pydantic validation, as where, what, expected."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from ptce_data.study.jsonguard import shown

ADVICE: Final = "corrigez ou reprenez le fichier d’origine"
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


def first(error: ValidationError) -> tuple[str, str | None, str]:
    """Return where the first fault is, what was read there (None: nothing to show) and what was expected."""
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
    return _path(fault["loc"]), value, expected


def refusal(error: ValidationError) -> str:
    """Return one French sentence on a value that a page does not take."""
    where, _, expected = first(error)
    return f"Ce changement n’est pas gardé, le reste ne change pas. Attendu ({where}) : {expected}."


def _value(value: object) -> str | None:
    return None if isinstance(value, (dict, list, tuple)) else shown(value)


def _path(where: tuple[int | str, ...]) -> str:
    made = ""
    for step in where:
        made += f"[{step + 1}]" if isinstance(step, int) else f".{shown(step)}" if made else shown(step)
    return f"champ {made}" if made else "fichier"
