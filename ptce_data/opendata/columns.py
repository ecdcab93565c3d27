"""What each column of a frame means: from the models for tables, from `texts` for places and areas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ptce_data import schema
from ptce_data.opendata import texts
from ptce_data.opendata.resources import OBJECTS
from ptce_data.schema import FieldDoc
from ptce_data.schema.fields import DATE, DAY, PATTERN_TEXTS
from ptce_data.schema.references import LINK_TEXTS

if TYPE_CHECKING:
    from ptce_data.load import Dataset

_KINDS: Final = {"str": "texte", "Int64": "entier", "Float64": "nombre", "boolean": "booléen"}
_DATES: Final = (DATE, DAY)
_WHOLE_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: What no other frame than `places` has together.
_PLACES: Final = frozenset({"uid", "kind", "geo_precision", "scales_agree"})


@dataclass(frozen=True)
class ColumnDoc:
    """A column in words. `values` says what is allowed, `allowed` lists (code, label) where a list exists.

    `is_day`: every known value is a whole day, AAAA-MM-JJ. `link` names a table of the data set, as in the models.
    """

    name: str
    title: str
    description: str
    type: str
    unit: str | None = None
    values: str = ""
    allowed: tuple[tuple[str, str], ...] = ()
    is_day: bool = False
    link: str | None = None


@cache
def _docs(table: str) -> dict[str, FieldDoc | texts.Text]:
    if table == "places":
        return dict(texts.PLACES)
    if table in texts.AREAS:
        return dict(texts.AREAS[table])
    own: dict[str, FieldDoc | texts.Text] = {doc.name: doc for doc in schema.describe(table)}
    return {**own, **texts.MERGED} if table in OBJECTS else own


def documented(table: str) -> frozenset[str]:
    """The columns of a resource that have a description. Raises KeyError for an unknown resource."""
    return frozenset(_docs(table))


def table_of(rows: pd.DataFrame) -> str | None:
    """The resource whose columns these are, or None: several, all documented there.

    Of several resources, that of which the rows show most. Columns that `places` alone has together tell
    places, whatever stands beside them. A table as shown on a page is none of them.
    """
    names = {str(column) for column in rows.columns} - {"geometry"}
    if names >= _PLACES:
        return "places"
    best: tuple[float, str] | None = None
    for table in (*schema.TABLES, *texts.AREAS):
        known = documented(table)
        if len(names) > 1 and names <= known and (best is None or len(names) / len(known) > best[0]):
            best = (len(names) / len(known), table)
    return best[1] if best else None


def document(
    dataset: Dataset,
    flat: pd.DataFrame,
    table: str | None,
    descriptions: Mapping[str, str] | None = None,
) -> list[ColumnDoc]:
    """Describe every column of a plain frame (see `plain`), in order; `table` is its resource, if any.

    `descriptions` (column -> French text) are for columns that the resource does not have.
    """
    labels = _labels(dataset.categories)
    known = _docs(table) if table else {}
    own = descriptions or {}
    docs = [_doc(name, flat[name], known.get(name), labels) for name in flat.columns]
    return [replace(doc, description=own[doc.name]) if doc.name in own else doc for doc in docs]


def undocumented(columns: Iterable[str], table: str) -> list[str]:
    """Columns of a resource that no text describes."""
    known = _docs(table)
    return [c for c in columns if c != "geometry" and not (c in known and known[c].description)]


def _labels(categories: pd.DataFrame) -> dict[str, tuple[tuple[str, str], ...]]:
    ordered = categories.sort_values("position", kind="stable")
    found: dict[str, list[tuple[str, str]]] = {}
    for field, value, label in zip(ordered["field"], ordered["value"], ordered["label"], strict=True):
        found.setdefault(str(field), []).append((str(value), str(label)))
    return {field: tuple(pairs) for field, pairs in found.items()}


def _doc(
    name: str,
    cells: pd.Series,
    known: FieldDoc | texts.Text | None,
    labels: dict[str, tuple[tuple[str, str], ...]],
) -> ColumnDoc:
    dtype = str(cells.dtype)
    stored = "date" if dtype.startswith("datetime64") else _KINDS[dtype]
    if known is None:
        return ColumnDoc(name, name, texts.SHOWN, stored)
    allowed = labels.get(known.category or "", ())
    if isinstance(known, texts.Text):
        values = "true, false" if known.kind == "booléen" else ""
        return ColumnDoc(name, known.title, known.description, known.kind, known.unit, values, allowed)
    return ColumnDoc(
        name,
        known.title,
        known.description,
        known.type,
        known.unit,
        allowed_text(known),
        allowed,
        known.pattern in _DATES and bool(cells.dropna().str.fullmatch(_WHOLE_DAY).all()),
        known.link,
    )


def allowed_text(doc: FieldDoc) -> str:
    """What a field without a registry of values may hold, in French; empty where anything of its type may."""
    if doc.link:
        return LINK_TEXTS[doc.link]
    if doc.low is not None and doc.high is not None:
        return f"de {doc.low:g} à {doc.high:g}"
    if doc.low is not None:
        return f"au moins {doc.low:g}"
    if doc.type == "booléen":
        return "true, false"
    return PATTERN_TEXTS[doc.pattern] if doc.pattern else ""


def dictionary(docs: Iterable[ColumnDoc]) -> pd.DataFrame:
    """The descriptions as a table, one row per column: champ, titre, description, type, unité, valeurs."""
    return pd.DataFrame(
        [
            {
                "champ": doc.name,
                "titre": doc.title,
                "description": doc.description,
                "type": doc.type,
                "unité": doc.unit,
                "valeurs": " ; ".join(f"{code} = {label}" for code, label in doc.allowed) or doc.values,
            }
            for doc in docs
        ],
        columns=["champ", "titre", "description", "type", "unité", "valeurs"],
    ).astype("str")
