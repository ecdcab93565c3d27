"""The text of a report on one fact: what the atlas says, where it has it from, and room for the correction.

Nothing is sent: the text is for a person to send as they please. Rows are named as `pole:le-periscope`
(an object, also by the uid of a row that was merged away) or `support_schemes:aide-x` (a row of a table, by
its key; a key of several columns is joined with "|").
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ptce_data import query, schema
from ptce_data.opendata.resources import RESOURCES
from ptce_data.places import TABLES as OBJECT_TABLES
from ptce_data.text import split_codes

if TYPE_CHECKING:
    from ptce_data.load import Dataset

#: Field of a report about something that no field holds.
OTHER: Final = "autre"
_OTHER_TITLE: Final = "Autre chose (doublon, lieu fermé, fiche qui manque…)"
#: Field -> the column that says where this very field comes from, when it is not `source_id`.
_OWN_SOURCE: Final = {
    "territory_type_stated": "type_source_id",
    **dict.fromkeys(("commune_insee", "departement_code", "region_code"), "place_source_id"),
}
#: Identifiers and what only we set: nobody outside can know them better.
_NOT_REPORTED: Final = (
    "id",
    "coord_score",
    "source_record_id",
    "kind_basis",
    "type_source_id",
    "place_source_id",
)
_LONGEST: Final = 500
_UNKNOWN: Final = "inconnue"


class ErrataError(KeyError):
    """No such row or field; the message is one French sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class ReportField:
    """A field that one can report on: its name, its French title, its value as text (None = unknown)."""

    name: str
    title: str
    value: str | None


@dataclass(frozen=True)
class ErrorReport:
    """A report ready to send, plain text: one line of subject, a body."""

    subject: str
    body: str

    @property
    def text(self) -> str:
        """Subject and body in one text."""
        return f"Objet : {self.subject}\n\n{self.body}"


def fields(dataset: Dataset, ref: str) -> list[ReportField]:
    """The fields of a row that one can report on, in the order of its table, then `OTHER`.

    Raises ErrataError for an unknown row.
    """
    table, row = _row(dataset, ref)
    docs = [doc for doc in schema.describe(table) if doc.name not in _NOT_REPORTED and doc.name in row.index]
    labels = _labels(dataset)
    made = [ReportField(doc.name, doc.title, _value(row[doc.name], doc, labels)) for doc in docs]
    return [*made, ReportField(OTHER, _OTHER_TITLE, None)]


def report(dataset: Dataset, ref: str, field: str) -> ErrorReport:
    """The report on a field of a row. Raises ErrataError for an unknown row or field."""
    table, row = _row(dataset, ref)
    found = next((one for one in fields(dataset, ref) if one.name == field), None)
    if found is None:
        raise ErrataError(f"Le champ « {_plain(field)} » n’existe pas dans {_plain(table)}.")
    key = "|".join(str(row[c]) for c in RESOURCES[table].key)
    name = _name(row)
    lines = [
        "Bonjour,",
        "",
        "Je signale une erreur dans l’Atlas de la coopération économique territoriale.",
        "",
        f"Table : {schema.table_text(table)[0]} (data/{schema.PATHS[table]})",
        f"Identifiant : {_plain(key)}",
        *([f"Nom : {name}"] if name else []),
        f"Champ : {found.title}" + ("" if field == OTHER else f" ({found.name})"),
        *([] if field == OTHER else [f"Valeur dans l’atlas : {found.value or _UNKNOWN}"]),
        *_sources(dataset, row, field),
        f"Version des données : {dataset.version}",
        "",
        "Ce qui serait juste :",
        "",
        "",
        "Source de la correction (adresse de la page, ou titre et date du document) :",
        "",
        "",
        "Sans source, la correction ne peut pas être reprise. Merci de ne donner aucune donnée personnelle "
        "(nom de personne, courriel, téléphone).",
        "",
    ]
    return ErrorReport(f"Atlas : {found.title} – {name or _plain(key)}"[:150], "\n".join(lines))


def report_text(dataset: Dataset, ref: str, field: str) -> str:
    """The report as one text, subject first. Raises ErrataError for an unknown row or field."""
    return report(dataset, ref, field).text


def _row(dataset: Dataset, ref: str) -> tuple[str, pd.Series]:
    kind, _, key = ref.partition(":")
    if kind in OBJECT_TABLES:
        row = query.record(dataset, ref)
        if row is not None:
            return OBJECT_TABLES[kind], row
    elif kind in schema.TABLES:
        frame: pd.DataFrame = getattr(dataset, kind)
        columns = list(RESOURCES[kind].key)
        keys = frame[columns].astype("str").agg("|".join, axis=1) if len(frame) else pd.Series(dtype="str")
        found = frame[keys == key]
        if len(found):
            return kind, found.iloc[0]
    raise ErrataError(f"« {_plain(ref)} » n’est pas une ligne de l’atlas.")


def _labels(dataset: Dataset) -> dict[tuple[str, str], str]:
    frame = dataset.categories
    return {(f, v): label for f, v, label in zip(frame["field"], frame["value"], frame["label"], strict=True)}


def _value(cell: Any, doc: schema.FieldDoc, labels: dict[tuple[str, str], str]) -> str | None:
    """A cell as `data/` writes it, with the label of a code beside it."""
    if pd.isna(cell) or cell == "":
        return None
    if doc.dtype == "boolean":
        return "oui (true)" if cell else "non (false)"
    if doc.dtype == "Float64":
        return f"{float(cell):g}" if float(cell) != int(cell) else str(int(cell))
    text = str(cell)
    if doc.category:
        said = [labels.get((doc.category, code)) for code in (split_codes(text) if doc.listed else (text,))]
        if all(said):
            return _plain(f"{', '.join(str(one) for one in said)} ({text})")
    return _plain(text)


def _sources(dataset: Dataset, row: pd.Series, field: str) -> list[str]:
    """One line per source: that of the very field where it has its own, else those of the row."""
    own = row.get(_OWN_SOURCE.get(field, ""))
    cells = [own] if isinstance(own, str) and own else [row.get("source_ids", row.get("source_id"))]
    ids = [part for cell in cells for part in split_codes(cell)]
    rows = query.sources(dataset, ids)
    return [
        f"Source : {_plain(s.publisher)}, {_plain(s.url)}, lue le {_plain(s.date_accessed)} ({_plain(s.id)})"
        for s in rows.itertuples()
    ]


def _name(row: pd.Series) -> str:
    for column in ("name", "programme", "publisher", "label", "beneficiary_name", "entity_name"):
        value = row.get(column)
        if isinstance(value, str) and value:
            return _plain(value)[:120]
    return ""


def _plain(value: object) -> str:
    """A text in one line, without control, direction or invisible signs, cut when very long."""
    shown = "".join(" " if c.isspace() else c for c in str(value))
    shown = "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    shown = " ".join(shown.split(" ")).strip()
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"
