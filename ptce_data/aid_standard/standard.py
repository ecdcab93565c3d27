"""Files in the national standard « dispositif d’aide » -> our support_schemes, every row accounted for."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Final

from ptce_data.aid_standard import guesses
from ptce_data.aid_standard.build import Row, empty_row, imported, refuse_broken, unreadable
from ptce_data.aid_standard.cells import Cells, is_broken
from ptce_data.aid_standard.export import CARRIERS, to_standard
from ptce_data.aid_standard.files import Table, read_table
from ptce_data.aid_standard.identity import id_of, uuid_of
from ptce_data.aid_standard.mapping import BY_COLUMN, PREFIX, SOURCE_COLUMNS, UNKNOWN
from ptce_data.aid_standard.report import Notes, SchemeImport, quoted
from ptce_data.aid_standard.sentences import own_summary
from ptce_data.aid_standard.territory import Areas, areas
from ptce_data.load import Dataset
from ptce_data.scdl.broken import UnreadableError
from ptce_data.scdl.values import Day
from ptce_data.text import split_codes

LAYOUT: Final = "dispositif-aide"
_OWN_ID: Final = PREFIX + "id"
_MARKUP: Final = re.compile(r"nom['\"]?\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")")
_ADDRESS: Final = re.compile(r"https?://\S+")
#: Fields of the standard that our export makes out of own columns: an edit of them would be lost.
_DERIVED: Final = (
    "promesse",
    "description",
    "eligibilite",
    "types_aides",
    "cibles",
    "eligibilite_geographique",
)


def read_standard(
    dataset: Dataset, data: bytes, filename: str, *, today: dt.date | None = None
) -> SchemeImport:
    """Read a file of the standard (CSV, workbook, JSON list). Never raises for what the file holds.

    Rows that our export made (own columns `atlas_…`) come back as they were. For others, level, category
    and targets are proposals (see `report.proposals`), and `today` (by default the day of the call)
    tells which are closed.
    """
    notes = Notes(filename)
    try:
        table = read_table(filename, data)
    except UnreadableError as error:
        return unreadable(notes, LAYOUT, error)
    refuse_broken(notes, table)
    index, when = areas(dataset), today or dt.date.today()
    found: list[tuple[int, Row, Row]] = []
    own_lines: set[int] = set()
    for line, cells in table.rows:
        reader = Cells(line, cells, table.kind, notes)
        is_own = bool(str(cells.get(_OWN_ID) or "").strip())
        row, source = _own(reader) if is_own else _foreign(reader, index, when, filename)
        if line not in notes.refused_lines:
            found.append((line, row, source))
            own_lines |= {line} if is_own else set()

    def field_of(line: int, column: str) -> str:
        rule = BY_COLUMN[column]
        return rule.own if line in own_lines and rule.own else rule.standard.split(", ")[0] or column

    made = imported(dataset, notes, table, LAYOUT, found, f"Dispositif d’aide ({filename})", field_of)
    if not own_lines:
        return made
    _tell_edits(dataset, notes, table, made, own_lines)
    return _again(made, notes)


def _again(made: SchemeImport, notes: Notes) -> SchemeImport:
    """Return the import with the notes taken since."""
    old = made.report
    report = notes.report(
        old.kind, old.layout, old.read, missing=old.missing_fields, extras=old.extra_fields, blank=old.blank
    )
    return SchemeImport(made.rows, made.lines, made.sources, made.known_ids, report)


def _tell_edits(
    dataset: Dataset, notes: Notes, table: Table, made: SchemeImport, own_lines: set[int]
) -> None:
    """Warn where a field that our export made of own columns no longer says the same."""
    again = to_standard(dataset, made.rows, made.sources)
    cells = dict(table.rows)
    for line, row in zip(made.lines, again.to_dict("records"), strict=True):
        if line not in own_lines:
            continue
        reader = Cells(line, cells[line], table.kind, Notes(""))
        for name in _DERIVED:
            text, ours = reader.text(name) or "", row[name] if isinstance(row[name], str) else ""
            if name in table.fields and text.split() != ours.split():
                why = "modifié depuis l’export : ce que disent les colonnes atlas_ est gardé"
                notes.warn(line, name, text, why)


def _own(reader: Cells) -> tuple[Row, Row]:
    """Read a row of our own export."""
    row = empty_row()
    row["name"] = reader.text("titre")
    row["operator"] = _operator(reader)
    row["url"] = reader.text("url_source")
    for column, rule in BY_COLUMN.items():
        if rule.own:
            row[column] = reader.own(column)
    if row["name"] is None:
        reader.notes.refuse(reader.line, "titre", "", "valeur absente")
    identifier = reader.text("id")
    if identifier and row["id"] and uuid_of(row["id"]) != identifier.strip():
        reader.notes.warn(reader.line, "id", identifier, "n’est pas l’UUID de atlas_id, qui est gardé")
    source = {name: reader.text(own) for name, own in SOURCE_COLUMNS.items()}
    return row, {"id": row["source_id"], **source}


def _foreign(reader: Cells, index: Areas, today: dt.date, filename: str) -> tuple[Row, Row]:
    """Read a row of another publisher."""
    notes, line, row = reader.notes, reader.line, empty_row()
    values = {name: reader.plain(name) for name in (
        "id", "titre", "promesse", "description", "url_source", "types_aides",
        "eligibilite_geographique", "eligibilite_geographique_exclusions")}  # fmt: skip
    row["id"], is_uuid = id_of(values["id"])
    if not row["id"]:
        notes.refuse(
            line, "id", values["id"], "identifiant inutilisable" if values["id"] else "valeur absente"
        )
    elif not is_uuid:
        notes.repair(line, "id", "identifiant_hors_uuid", values["id"], row["id"])
    if not values["titre"]:
        notes.refuse(line, "titre", "", "valeur absente")
    row["name"] = values["titre"] or None
    row["operator"] = _operator(reader)
    operators = row["operator"].split(CARRIERS) if row["operator"] else []
    row["level"] = guesses.level(operators)
    row["category"], why = guesses.category(values["titre"])
    row["targets"] = guesses.targets([values["titre"], values["promesse"], values["description"]])
    row["funding_kind"], unknown = guesses.funding_kind(split_codes(values["types_aides"]))
    for one in unknown:
        notes.warn(line, "types_aides", one, "type sans équivalent : nature de l’aide inconnue pour lui")
    _coverage(reader, index, row, values)
    opened, closed = reader.day("date_ouverture"), reader.day("date_cloture")
    row["start_year"], row["end_year"] = (day.year if day else None for day in (opened, closed))
    row["status"] = _status(opened, closed, today)
    row["summary"] = values["promesse"] or own_summary(None, row["operator"], None)
    if _ADDRESS.fullmatch(values["url_source"]):
        row["url"] = values["url_source"]
    elif values["url_source"]:
        notes.warn(
            line, "url_source", values["url_source"], "ce n’est pas une adresse http : laissée de côté"
        )
    updated = reader.day("date_mise_a_jour")
    row["source_id"] = row["id"] and f"dispositif-aide-{row['id'].removeprefix('da-')}"
    for column, said in (("level", "nom des porteurs"), ("category", why), ("targets", "mots du texte")):
        if row[column] is not None:
            notes.propose(line, row["id"], column, row[column], said)
    source = {
        "id": row["source_id"],
        "publisher": f"Fichier « {filename} »",
        "date_published": updated and updated.text,
    }
    return row, source | {"url": row["url"] or f"document: {filename}"}


def _coverage(reader: Cells, index: Areas, row: Row, values: Mapping[str, str]) -> None:
    text = values["eligibilite_geographique"]
    codes = tuple(code.upper() for code in split_codes(text))
    if "|".join(codes) != text and codes:
        reader.notes.repair(reader.line, "eligibilite_geographique", "casse", text, "|".join(codes))
    said = index.from_cog(codes)
    for code, why in said.lost:
        reader.notes.warn(reader.line, "eligibilite_geographique", code, f"{why} : territoire laissé inconnu")
    if said.codes and not said.lost:
        row["coverage_codes"], row["coverage_precision"] = "|".join(said.codes), "exact"
        row["region_code"] = index.region(said.codes)
        if values["eligibilite_geographique_exclusions"]:
            row["coverage_precision"] = "approche"
            row["coverage_note"] = f"sauf : {values['eligibilite_geographique_exclusions']}"


def _status(opened: Day | None, closed: Day | None, today: dt.date) -> str:
    """Tell the status from two dates; one known to the month or the year counts at its last day."""
    now = today.isoformat()
    if closed and closed.text < now[: len(closed.text)]:
        return "closed"
    if opened and closed and opened.text <= now[: len(opened.text)]:
        return "open"
    return "unknown"


def _operator(reader: Cells) -> str | None:
    """Return the names of the carriers joined, None when unknown."""
    text = reader.text("porteurs")
    if text is None:
        return None
    try:
        listed = json.loads(text)
        listed = [listed] if isinstance(listed, dict) else listed
        names = [one["nom"] if isinstance(one, dict) else one for one in listed]
        if not all(isinstance(name, str) for name in names):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        names = [(a or b).replace("\\'", "'").replace('\\"', '"') for a, b in _MARKUP.findall(text)] or [
            text.strip()
        ]
        reader.notes.repair(reader.line, "porteurs", "porteurs_reecrits", text, CARRIERS.join(names))
    said = CARRIERS.join(name for name in names if name.strip() and name != UNKNOWN)
    if is_broken(said):
        reader.notes.refuse(reader.line, "porteurs", quoted(said), "caractère Unicode incomplet")
        return None
    return said or None
