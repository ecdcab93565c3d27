"""A page of the Aides-territoires API, already downloaded -> our support_schemes.

Fields and values: API v1.8 (see docs/dispositifs-standards.md). `description` is only searched for the
words that tell the targets; it is never copied.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from ptce_data.aid_standard import guesses
from ptce_data.aid_standard.build import Row, empty_row, imported, refuse_broken, unreadable
from ptce_data.aid_standard.export import CARRIERS
from ptce_data.aid_standard.files import Table, check_size, json_value, rows_of
from ptce_data.aid_standard.identity import slug_id
from ptce_data.aid_standard.items import Item
from ptce_data.aid_standard.mapping import BY_COLUMN
from ptce_data.aid_standard.report import Notes, SchemeImport
from ptce_data.aid_standard.sentences import own_summary
from ptce_data.aid_standard.territory import Areas, areas
from ptce_data.funding.words import euros
from ptce_data.load import Dataset
from ptce_data.scdl import delimited
from ptce_data.scdl.broken import UnreadableError
from ptce_data.text import fold

LAYOUT: Final = "aides-territoires"
SITE: Final = "https://aides-territoires.beta.gouv.fr"
PUBLISHER: Final = "Aides-territoires (ANCT)"
LICENCE: Final = "Licence Ouverte 2.0"
_ADDRESS: Final = re.compile(r"https?://\S+")
_PERMANENT: Final = ("ongoing", "permanente")


def read_aides_territoires(
    dataset: Dataset, data: bytes, filename: str, *, today: dt.date | None = None
) -> SchemeImport:
    """Read a page `{count, previous, next, results}`, a list of aids or one aid. Never raises for what it holds.

    `today` (by default the day of the call) tells which deadlines are past. Level, category and targets
    are proposals; a perimeter gets a code only when one area alone has its name and scale.
    """
    notes = Notes(filename)
    try:
        check_size(filename, data)
        text, _ = delimited.decode(filename, data)
        table = _table(filename, json_value(filename, text))
    except UnreadableError as error:
        return unreadable(notes, LAYOUT, error)
    refuse_broken(notes, table)
    index, when = areas(dataset), today or dt.date.today()
    found: list[tuple[int, Row, Row]] = []
    for line, values in table.rows:
        row, source = _scheme(Item(line, values, notes), index, when)
        if line not in notes.refused_lines:
            found.append((line, row, source))

    def field_of(line: int, column: str) -> str:
        return BY_COLUMN[column].aides_territoires.split(", ")[0] or column

    return imported(dataset, notes, table, LAYOUT, found, f"Aides-territoires ({filename})", field_of)


def _table(filename: str, value: Any) -> Table:
    if isinstance(value, dict) and "results" in value:
        value = value["results"]
    elif isinstance(value, dict):
        if not {"name", "slug", "id"} & value.keys():
            raise UnreadableError(
                filename, "ni une page d’Aides-territoires (results), ni une aide (name, slug)"
            )
        value = [value]
    rows, broken = rows_of(filename, value)
    return Table(filename, "json", rows=rows, broken=broken)


def _scheme(item: Item, index: Areas, today: dt.date) -> tuple[Row, Row]:
    notes, line, row = item.notes, item.line, empty_row()
    slug = item.text("slug") or item.text("id") or ""
    row["id"] = slug_id(slug)
    if not row["id"]:
        notes.refuse(line, "slug", slug, "identifiant inutilisable" if slug else "valeur absente")
    row["name"] = item.text("name")
    if row["name"] is None and not item.refused("name"):
        notes.refuse(line, "name", "", "valeur absente")
    funders = item.texts("financers") or item.texts("financers_full")
    instructors = item.texts("instructors") or item.texts("instructors_full")
    row["operator"] = CARRIERS.join(dict.fromkeys([*funders, *instructors])) or None
    row["level"] = guesses.level(funders or instructors)
    row["category"], why = guesses.category(row["name"] or "", item.flag("is_call_for_project"))
    words = [row["name"] or "", *item.texts("categories"), item.long_text("description")]
    row["targets"] = guesses.targets(words)
    _perimeter(item, index, row)
    _money(item, row)
    _period(item, row, today)
    place = item.text("perimeter")
    row["summary"] = item.text("short_title") or own_summary(
        _kind(row["funding_kind"]), row["operator"], place
    )
    sheet = _sheet(item)
    row["url"] = _address(item, "origin_url") or sheet
    row["confidence"] = "medium"
    row["source_id"] = row["id"] and f"aides-territoires-{row['id'].removeprefix('at-')}"
    for column, said in (("level", "nom des porteurs"), ("category", why), ("targets", "mots du texte")):
        if row[column] is not None:
            notes.propose(line, row["id"], column, row[column], said)
    updated = item.day("date_updated") or item.day("date_created")
    mention = item.text("import_data_mention")
    return row, {
        "id": row["source_id"],
        "publisher": f"{PUBLISHER} ; {mention}" if mention else PUBLISHER,
        "url": sheet or SITE,
        "date_published": updated and updated.text,
        "licence": LICENCE,
    }


def _kind(value: str | None) -> str | None:
    return {
        "pret": "prêt",
        "ingenierie": "ingénierie",
        "prise_de_participation": "prise de participation",
    }.get(value or "", value)


def _perimeter(item: Item, index: Areas, row: Row) -> None:
    name, scale = item.text("perimeter"), item.text("perimeter_scale") or ""
    if name is None:
        return
    row["area_note"] = f"Périmètre publié : {name}" + (f" ({scale})" if scale else "")
    code = index.perimeter(name, scale, item.text("perimeter_code") or "")
    if code is None:
        why = "aucun territoire, ou plusieurs, de ce nom et de cette échelle : territoire laissé inconnu"
        item.notes.warn(item.line, "perimeter", f"{name} ({scale or 'échelle absente'})", why)
        return
    row["coverage_codes"], row["coverage_precision"] = code, "exact"
    row["region_code"] = index.region([code])


def _money(item: Item, row: Row) -> None:
    types = item.texts("aid_types") or item.texts("aid_types_full")
    row["funding_kind"], unknown = guesses.funding_kind(types)
    for one in unknown:
        item.notes.warn(
            item.line, "aid_types", one, "type sans équivalent : nature de l’aide inconnue pour lui"
        )
    row["rate_max_pct"] = item.number("subvention_rate_upper_bound", 100)
    item.number("subvention_rate_lower_bound", 100)
    amounts = {
        "Prêt": item.number("loan_amount"),
        "Avance récupérable": item.number("recoverable_advance_amount"),
    }
    known = {word: amount for word, amount in amounts.items() if amount}
    notes = [row["area_note"]] if row["area_note"] else []
    if known and row["funding_kind"] == "pret":
        row["amount_max_eur"] = max(known.values())
    else:
        notes += [f"{word} : {euros(amount)}" for word, amount in known.items()]
    comment = item.text("subvention_comment")
    notes += [f"Taux : {comment}"] if comment else []
    row["area_note"] = " ; ".join(notes) or None


def _period(item: Item, row: Row, today: dt.date) -> None:
    opened, closed = item.day("start_date"), item.day("submission_deadline")
    row["start_year"], row["end_year"] = (day.year if day else None for day in (opened, closed))
    live, recurrence = item.flag("is_live"), fold(item.text("recurrence") or "")
    now = today.isoformat()
    if live is False or (closed and closed.text < now[: len(closed.text)]):
        row["status"] = "closed"
    else:
        row["status"] = "open" if live or recurrence in _PERMANENT else "unknown"


def _address(item: Item, name: str) -> str | None:
    text = item.text(name)
    if text is None or _ADDRESS.fullmatch(text):
        return text
    item.notes.warn(item.line, name, text, "ce n’est pas une adresse http : laissée de côté")
    return None


def _sheet(item: Item) -> str | None:
    """Return the address of the sheet on the site; the API gives a path."""
    text = item.text("url")
    if text and text.startswith("/") and _ADDRESS.fullmatch(SITE + text):
        item.notes.repair(item.line, "url", "adresse_completee", text, SITE + text)
        return SITE + text
    return _address(item, "url")
