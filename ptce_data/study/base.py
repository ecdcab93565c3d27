"""What every part of a study's model is made of: strict, frozen, bounded pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ptce_data.budget.model import clean

LINE: Final = 300
TEXT: Final = 20_000
CODE: Final = 200


class Base(BaseModel):
    """A frozen piece of a study: exact types, no unknown field, no infinite number.

    A check of ours raises ValueError with what was expected, in French: the reader of files quotes it.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


#: Controls but line feeds and tabs, lone surrogates, and the two noncharacters that end each plane.
_UNHOLDABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    + "".join(map(chr, (plane << 16 | end for plane in range(17) for end in (0xFFFE, 0xFFFF))))
    + "]"
)


def paragraphs(value: str) -> str:
    """Return `value` as text that every document can hold: line feeds and tabs stay, other controls go."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNHOLDABLE.sub("", lines).strip()


def among(known: Mapping[Any, Any] | Iterable[Any]) -> Callable[[Any], Any]:
    """Return a check that a value is one of `known`."""
    allowed = tuple(known)

    def check(value: Any) -> Any:
        if value not in allowed:
            said = ", ".join(map(str, allowed))
            raise ValueError(f"une valeur de la liste : {said}")
        return value

    return check


def unique(key: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return a check that no two items of a tuple share the attribute `key`."""

    def check(items: tuple[Any, ...]) -> tuple[Any, ...]:
        seen = [getattr(item, key) for item in items]
        if len(set(seen)) < len(seen):
            raise ValueError(f"chaque « {key} » une seule fois")
        return items

    return check


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


#: One line of text.
Line = Annotated[str, Field(max_length=LINE), AfterValidator(clean)]
#: Text of several lines.
Text = Annotated[str, Field(max_length=TEXT), AfterValidator(paragraphs)]
#: A code or an identifier: kept even where the atlas does not know it.
Code = Annotated[str, Field(min_length=1, max_length=CODE, pattern=r"^[0-9A-Za-z][0-9A-Za-z:_.-]*$")]
#: Codes, each once, in the order they were chosen.
Codes = Annotated[tuple[Code, ...], Field(max_length=5_000), AfterValidator(_distinct)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]
