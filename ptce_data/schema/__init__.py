"""The tables: one pandera model each, with title, description, unit and allowed values of each field.

`TABLES` maps the name of a table to its model, `PATHS` to its file under the data folder.
`describe` gives the fields as people should read them; `validate` lists the faults of a typed frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from ptce_data.errors import Fault
from ptce_data.schema.fields import PATTERN_TEXTS, Table
from ptce_data.schema.glossary import Glossary
from ptce_data.schema.labels import LabelWaves
from ptce_data.schema.objects import Clusters, Poles, TiersLieux
from ptce_data.schema.reference import (
    CaseEvents,
    Categories,
    DepartementCodes,
    Duplicates,
    FormerRegionCodes,
    PublishedCounts,
    RegionCodes,
    Sources,
    StudyFigures,
    TemoinsReference,
)
from ptce_data.schema.references import References, bind, expected_link
from ptce_data.schema.support import (
    FundingFigures,
    PoleAwards,
    Programmes,
    PublicAwards,
    SupportSchemes,
)

__all__ = ["PATHS", "TABLES", "FieldDoc", "References", "describe", "empty", "table_text", "validate"]

TABLES: Final[dict[str, type[Table]]] = {
    "poles": Poles,
    "tiers_lieux": TiersLieux,
    "clusters": Clusters,
    "support_schemes": SupportSchemes,
    "programmes": Programmes,
    "pole_awards": PoleAwards,
    "funding_figures": FundingFigures,
    "public_awards": PublicAwards,
    "published_counts": PublishedCounts,
    "case_events": CaseEvents,
    "study_figures": StudyFigures,
    "label_waves": LabelWaves,
    "temoins_reference": TemoinsReference,
    "glossary": Glossary,
    "sources": Sources,
    "duplicates": Duplicates,
    "categories": Categories,
    "region_codes": RegionCodes,
    "former_region_codes": FormerRegionCodes,
    "departement_codes": DepartementCodes,
}

_IN_CODES: Final = {
    "categories": "categories",
    "region_codes": "regions",
    "former_region_codes": "former_regions",
    "departement_codes": "departements",
}
PATHS: Final[dict[str, str]] = {
    name: f"codes/{_IN_CODES[name]}.csv" if name in _IN_CODES else f"{name}.csv" for name in TABLES
}

_TYPES: Final = {"str": "texte", "Int64": "entier", "Float64": "nombre", "boolean": "booléen"}


@dataclass(frozen=True)
class FieldDoc:
    """What people should know of a field. `type` is texte, entier, nombre, booléen or liste."""

    name: str
    title: str
    description: str
    type: str
    required: bool
    unique: bool
    unit: str | None
    category: str | None
    link: str | None
    listed: bool
    pattern: str | None
    low: float | None
    high: float | None
    dtype: str


def describe(table: str) -> list[FieldDoc]:
    """Return the fields of `table` in the order of its file. Raises KeyError for an unknown table."""
    docs = []
    for name, column in TABLES[table].to_schema().columns.items():
        meta = column.metadata or {}
        dtype = str(column.dtype)
        if dtype.startswith("str"):  # pandera names the storage too
            dtype = "str"
        docs.append(
            FieldDoc(
                name=str(name),
                title=_french(column.title),
                description=_french(column.description),
                type="liste" if meta["listed"] else _TYPES[dtype],
                required=not column.nullable,
                unique=column.unique,
                dtype=dtype,
                **{
                    key: meta[key] for key in ("unit", "category", "link", "listed", "pattern", "low", "high")
                },
            )
        )
    return docs


def _french(text: str | None) -> str:
    return (text or "").replace("'", "’")


def table_text(table: str) -> tuple[str, str]:
    """Return the French title and description of `table`."""
    schema = TABLES[table].to_schema()
    return _french(schema.title), _french(schema.description)


def empty(table: str) -> pd.DataFrame:
    """Return a frame without rows, with the columns and types of `table`."""
    return pd.DataFrame({doc.name: pd.Series([], dtype=doc.dtype) for doc in describe(table)})


def validate(
    table: str, frame: pd.DataFrame, lines: Sequence[int], file: str, references: References
) -> list[Fault]:
    """Return the faults of a typed frame, in the order of the file.

    `lines` gives the line of the file of each row of `frame` (index 0 … n-1).
    """
    try:
        bind(TABLES[table], references).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as failure:
        return _faults(table, frame, lines, file, failure, references)
    return []


def _faults(
    table: str,
    frame: pd.DataFrame,
    lines: Sequence[int],
    file: str,
    failure: pa.errors.SchemaErrors,
    references: References,
) -> list[Fault]:
    docs = {doc.name: doc for doc in describe(table)}
    found: dict[Fault, None] = {}
    for error in failure.schema_errors:
        check = error.check
        name = check if isinstance(check, str) else str(getattr(check, "name", check))
        if "@" in name:
            rule, _, column = name.partition("@")
            expected = str(getattr(check, "error", ""))
        else:
            column = str(error.schema.name)
            rule, expected = _said(name, docs[column], references)
        for row in sorted({int(i) for i in error.failure_cases["index"].dropna()}):
            cell: Any = frame.at[row, column]
            value = "" if pd.isna(cell) else str(cell)
            found[Fault(file, lines[row], column, value, expected, rule)] = None
    return sorted(found, key=lambda fault: (fault.line or 0, list(docs).index(fault.field or "")))


def _said(check: str, doc: FieldDoc, references: References) -> tuple[str, str]:
    """Return the short name of a rule and what it expects, in French."""
    if check == "not_nullable":
        return "obligatoire", "une valeur"
    if check == "field_uniqueness":
        return "unique", "une valeur unique dans la table"
    if check == "valeurs":
        return "valeurs", _expected_values(doc, references.categories)
    if check == "lien":
        return "lien", expected_link({"link": doc.link, "listed": doc.listed})
    if check == "str_matches":
        return "motif", PATTERN_TEXTS[doc.pattern or ""]
    if check in ("greater_than_or_equal_to", "less_than_or_equal_to"):
        if doc.low is None or doc.high is None:
            return "plage", f"au moins {doc.low:g}" if doc.low is not None else f"au plus {doc.high:g}"
        return "plage", f"entre {doc.low:g} et {doc.high:g}"
    return check, check


def _expected_values(doc: FieldDoc, categories: Mapping[str, frozenset[str]]) -> str:
    allowed = sorted(categories.get(doc.category or "", frozenset()))
    text = ", ".join(allowed[:12]) + ("…" if len(allowed) > 12 else "")
    return f"une valeur de codes/categories.csv ({doc.category} : {text})"
