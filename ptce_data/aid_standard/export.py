"""Our schemes -> the national standard « dispositif d’aide » 0.2.0, with own columns for what it lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ptce_data import schema
from ptce_data.aid_standard.identity import uuid_of
from ptce_data.aid_standard.mapping import (
    CORE_NAMES,
    GEO_PATTERN,
    OWN_NAMES,
    REQUIRED,
    RULES,
    SOURCE_COLUMNS,
    STANDARD_VERSION,
    UNKNOWN,
    VERSION,
)
from ptce_data.aid_standard.sentences import description, eligibility, known, promise
from ptce_data.aid_standard.territory import Areas, areas
from ptce_data.load import Dataset
from ptce_data.text import neutralise, split_codes

#: Between two carriers of a scheme, in our column.
CARRIERS: Final = " ; "
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS: Final = {
    "subvention": "financement", "pret": "financement", "garantie": "financement",
    "prise_de_participation": "financement", "mixte": "financement", "ingenierie": "accompagnement",
}  # fmt: skip
_GAPS: Final = ("id", "name", "field", "value", "why")


@dataclass(frozen=True)
class Export:
    """Schemes in the standard. `rows`: the 15 core fields in order, then the own columns.

    `gaps`: id, name, field, value, why, for each thing that the standard could not say or that we do
    not know although the standard requires it.
    """

    rows: pd.DataFrame
    gaps: pd.DataFrame

    def csv(self, *, own: bool = True) -> bytes:
        """UTF-8, commas, CRLF; without `own`, the 15 core fields alone.

        A text that a spreadsheet would run gets an apostrophe, which the import removes.
        """
        rows = self.rows if own else self.rows[list(CORE_NAMES)]
        texts = {name: [protect(cell) for cell in column] for name, column in _as_text(rows).items()}
        return pd.DataFrame(texts).to_csv(index=False, lineterminator="\r\n").encode("utf-8")

    def json(self, *, own: bool = True) -> bytes:
        """A list of objects, UTF-8: texts, numbers, null for unknown; without `own`, the core fields alone."""
        rows = self.rows if own else self.rows[list(CORE_NAMES)]
        plain = rows.astype(object).where(rows.notna(), None)
        items = [{str(k): _plain(v) for k, v in row.items()} for row in plain.to_dict("records")]
        return json.dumps(items, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8")


def to_standard(dataset: Dataset, schemes: pd.DataFrame, sources: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `schemes` (rows of support_schemes) in the standard: 15 core fields, then own columns."""
    return export(dataset, schemes, sources).rows


def export(dataset: Dataset, schemes: pd.DataFrame, sources: pd.DataFrame | None = None) -> Export:
    """Return `schemes` in the standard, with the account of what could not be said.

    `sources` are rows shaped as data/sources.csv for schemes that were imported; those of the data set
    are always known.
    """
    known_sources = dataset.sources if sources is None else pd.concat([sources, dataset.sources])
    by_id = known_sources.drop_duplicates("id").set_index("id")[list(SOURCE_COLUMNS)].to_dict("index")
    labels = {
        (f, v): t for f, v, t in dataset.categories[["field", "value", "label"]].itertuples(index=False)
    }
    index = areas(dataset)
    rows: list[dict[str, Any]] = []
    gaps: list[tuple[Any, ...]] = []
    for scheme in schemes[[one.column for one in RULES]].to_dict("records"):
        source = by_id.get(scheme["source_id"], {})
        rows.append(_row(scheme, source, labels, index, gaps))
    dtypes = {doc.name: doc.dtype for doc in schema.describe("support_schemes")}
    own_types = {one.own: dtypes[one.column] for one in RULES if one.own}
    frame = pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype=own_types.get(name, "str"))
            for name in (*CORE_NAMES, *OWN_NAMES)
        }
    )
    return Export(frame, pd.DataFrame(gaps, columns=list(_GAPS)))


def _row(
    scheme: Mapping[str, Any],
    source: Mapping[str, Any],
    labels: Mapping[tuple[str, str], str],
    index: Areas,
    gaps: list[tuple[Any, ...]],
) -> dict[str, Any]:
    def gap(field: str, value: str, why: str) -> None:
        gaps.append((scheme["id"], scheme["name"], field, value, why))

    said = index.to_cog(split_codes(scheme["coverage_codes"]))
    for code, why in said.lost:
        gap("eligibilite_geographique", code, why)
    summary = scheme["summary"] if known(scheme["summary"]) else None
    if summary is not None and promise(summary) != summary:
        gap("promesse", summary, "coupé à 180 caractères ; entier dans atlas_summary")
    carriers, codes = _carriers(scheme["operator"]), "|".join(said.codes)
    made: dict[str, Any] = dict.fromkeys(CORE_NAMES) | {
        "id": uuid_of(scheme["id"]),
        "titre": scheme["name"],
        "promesse": None if summary is None else promise(summary),
        "description": description(scheme, labels),
        "eligibilite": eligibility(scheme, labels),
        "types_aides": _KINDS.get(scheme["funding_kind"], UNKNOWN)
        if known(scheme["funding_kind"])
        else UNKNOWN,
        "porteurs": carriers,
        "url_source": scheme["url"],
        "cibles": _beneficiaries(split_codes(scheme["targets"])),
        "eligibilite_geographique": codes if re.fullmatch(GEO_PATTERN, codes) else None,
        "date_mise_a_jour": _moment(source),
        STANDARD_VERSION: VERSION,
    }
    gap("eligibilite", "", "conditions inconnues, sauf publics et territoires : « non renseigné »")
    for field, unknown in (
        ("types_aides", made["types_aides"] == UNKNOWN),
        ("porteurs", UNKNOWN in carriers),
    ):
        if unknown:
            gap(field, "", "inconnu : « non renseigné »")
    for column, field in (("start_year", "date_ouverture"), ("end_year", "date_cloture")):
        if known(scheme[column]):
            gap(field, str(scheme[column]), "année sans jour : laissé vide, gardé dans les colonnes atlas_")
    for field in REQUIRED:
        if made[field] is None:
            gap(field, "", "champ requis laissé vide : rien de sûr à y écrire")
    made |= {one.own: scheme[one.column] for one in RULES if one.own}
    return made | {own: source.get(name) for name, own in SOURCE_COLUMNS.items()}


def _carriers(operator: Any) -> str:
    names = [UNKNOWN]
    if known(operator):
        names = operator.split(CARRIERS)
        # Only a text that comes back the same from its parts is taken apart.
        names = names if all(name and name == name.strip() for name in names) else [operator]
    return json.dumps([{"nom": name, "siren": None, "roles": []} for name in names], ensure_ascii=False)


def _beneficiaries(targets: tuple[str, ...]) -> str | None:
    if not targets:
        return None
    return "professionnels" if set(targets) == {"clusters"} else "associations|professionnels"


def _moment(source: Mapping[str, Any]) -> str | None:
    for name in ("date_accessed", "date_published"):
        day = source.get(name)
        if isinstance(day, str) and _DAY.fullmatch(day):
            return f"{day}T00:00:00Z"
    return None


def protect(cell: str) -> str:
    """Put an apostrophe before a formula, and before a text that already has one so that it can come back."""
    if cell.startswith("'") and neutralise(cell.lstrip("'")) != cell.lstrip("'"):
        return "'" + cell
    return str(neutralise(cell))


def unprotect(cell: str) -> str:
    """Take the apostrophe of `protect` away."""
    return cell[1:] if cell.startswith("'") and protect(cell[1:]) == cell else cell


def _as_text(frame: pd.DataFrame) -> dict[str, list[str]]:
    return {str(name): ["" if pd.isna(v) else _number(v) for v in frame[name]] for name in frame.columns}


def _number(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return str(np.format_float_positional(float(value), trim="-"))
    return str(value)


def _plain(value: Any) -> Any:
    item = getattr(value, "item", None)
    return item() if callable(item) else value
