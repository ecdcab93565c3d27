"""A `Document` made ready for both engines: clean texts, numbered sources, measured tables. Plain data out."""

from __future__ import annotations

import datetime
from typing import Any

from ptce_ui.exports.document import look, sizes
from ptce_ui.exports.document.letters import clean, one_line, shortened
from ptce_ui.exports.document.model import (
    CALLOUT_LABELS,
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    KeyFigures,
    Numbered,
    PageBreak,
    Paragraph,
    Picture,
    Source,
    SourceList,
    Table,
    Text,
    runs_of,
    safe_address,
)
from ptce_ui.text import NBSP, date

#: Where figures stand side by side, by how many there are.
_SIDE_BY_SIDE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3, 9: 3}
#: Said once above the list rather than in each entry.
NO_LICENCE = "La licence des sources qui n’en portent pas la mention n’est pas renseignée."
#: Letters of a sentence that stays with what it announces, and of bold words that stand as a small title.
_LEAD_IN, _TITLE = 190, 120


def prepared(document: Document) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What is written, as JSON values, and the pictures by file name.

    Texts are cleaned (`letters.clean`) but never marked up: a text is a value wherever it appears. Blocks are
    dictionaries with their kind under `t`; texts with styles are lists of `{k, s, u}`; `refs` are the numbers of
    the cited sources, in the order of their first citation in the document; `cited` the same as ranges.
    """
    numbers = {source_id: n for n, source_id in enumerate(document.cited(), start=1)}
    files: dict[str, bytes] = {}
    blocks: list[dict[str, Any]] = []
    level = 0
    given = document.blocks
    if numbers and not any(isinstance(block, SourceList) for block in given):
        given = (*given, Heading("Sources", 1, numbered=False), SourceList())
    by_id = {source.id: source for source in document.sources}
    listed = [_source(by_id[source_id], n) for source_id, n in numbers.items()]
    for block in given:
        made = _block(block, files, listed)
        if made["t"] == "heading":
            level = made["level"] = min(made["level"], level + 1)
        made["refs"] = sorted({numbers[cited] for cited in getattr(block, "source_ids", ())})
        made["cited"] = _ranges(made["refs"])
        blocks.append(made)
    _lead_ins(blocks)
    title, organisation = one_line(document.title) or "Sans titre", one_line(document.organisation)
    version_note, date_text = one_line(document.version_note), written_date(document.date)
    stamp = " – ".join(part for part in (date_text, version_note) if part)
    running = [
        shortened(text, room, look.RUNNING)
        for text, room in zip((title, organisation, stamp), look.RUNNING_ROOMS, strict=True)
    ]
    return {
        "title": title,
        "subtitle": one_line(document.subtitle),
        "organisation": organisation,
        "version_note": version_note,
        "running": running,
        "date": [document.date.year, document.date.month, document.date.day],
        "date_text": date_text,
        "cover": document.cover,
        "contents": document.contents and any(isinstance(b, Heading) for b in given),
        "depth": document.contents_depth,
        "blocks": blocks,
    }, files


def written_date(day: datetime.date) -> str:
    """`1er janvier 2026`, with spaces that do not break."""
    return f"{'1er' if day.day == 1 else day.day}{NBSP}{look.MONTHS[day.month - 1]}{NBSP}{day.year}"


def shown_runs(text: Text) -> list[dict[str, str]]:
    """Cleaned runs; `u` is there for links only."""
    out = []
    for run in runs_of(text):
        made = {"k": run.kind, "s": clean(run.text)}
        if run.kind == "link" and run.url:
            made["u"] = run.url
            made["s"] = made["s"] or clean(run.url)
        out.append(made)
    return out


def plain(runs: list[dict[str, str]]) -> str:
    """The text of runs without their style."""
    return "".join(run["s"] for run in runs)


def citation(source: dict[str, Any]) -> list[dict[str, str]]:
    """One entry of the list of sources, as runs: publisher, title, date, address, when read, licence."""
    head = source["publisher"] + (f", «{NBSP}{source['title']}{NBSP}»" if source["title"] else "")
    runs = [{"k": "plain", "s": f"{head}, {source['published']}."}]
    if source["url"]:
        runs += [{"k": "plain", "s": " "}, {"k": "link", "s": source["url"], "u": source["address"]}]
    if source["read"]:
        runs.append({"k": "plain", "s": f" (consulté le {source['read']})."})
    elif source["url"]:
        runs.append({"k": "plain", "s": "."})
    if source["licence"]:
        said = (
            source["licence"]
            if source["licence"].startswith("Licence")
            else f"Licence{NBSP}: {source['licence']}"
        )
        runs.append({"k": "plain", "s": f" {said}."})
    return runs


def _ranges(numbers: list[int]) -> list[list[int]]:
    """`[1, 4, 5, 6]` -> `[[1, 1], [4, 6]]`; two in a row stay two."""
    out: list[list[int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return [part for a, b in out for part in ([[a, a], [b, b]] if b == a + 1 else [[a, b]])]


def _lead_ins(blocks: list[dict[str, Any]]) -> None:
    """Mark the short paragraphs that lead from a heading, or from nothing but bold words, to what follows.

    Left alone at the foot of a page under their heading, they would announce what the reader does not see.
    """
    for before, block, after in zip([{"t": ""}, *blocks], blocks, [*blocks[1:], {"t": ""}], strict=False):
        if block["t"] != "paragraph":
            continue
        said = plain(block["runs"])
        is_title = len(said) <= _TITLE and all(run["k"] == "bold" for run in block["runs"])
        follows = before["t"] == "heading" and after["t"] in ("table", "picture", "list", "figures")
        block["sticky"] = after["t"] != "" and (is_title or (follows and len(said) <= _LEAD_IN))


def _source(source: Source, number: int) -> dict[str, Any]:
    published, read = source.date_published, source.date_accessed
    address = safe_address(source.url)
    return {
        "n": number,
        "publisher": one_line(source.publisher) or "éditeur non renseigné",
        "title": one_line(source.title),
        "published": one_line(date(published)) if isinstance(published, str) else "sans date",
        "read": one_line(date(read)) if isinstance(read, str) else "",
        "url": one_line(address),
        "address": address,
        "licence": one_line(source.licence) if isinstance(source.licence, str) else "",
    }


def _block(block: Block, files: dict[str, bytes], listed: list[dict[str, Any]]) -> dict[str, Any]:
    match block:
        case Heading():
            text = one_line(block.text) or "Sans titre"
            return {"t": "heading", "level": block.level, "text": text, "numbered": block.numbered}
        case Paragraph():
            return {"t": "paragraph", "runs": shown_runs(block.text)}
        case Bullets() | Numbered():
            ordered = isinstance(block, Numbered)
            return {"t": "list", "ordered": ordered, "items": [shown_runs(item) for item in block.items]}
        case Table():
            return _table(block)
        case Picture():
            return _picture(block, files)
        case Callout():
            bar, fill = look.CALLOUTS[block.kind]
            return {
                "t": "callout",
                "kind": block.kind,
                "label": CALLOUT_LABELS[block.kind],
                "bar": bar,
                "fill": fill,
                "runs": shown_runs(block.text),
            }
        case KeyFigures():
            figures = [
                {"value": one_line(f.value), "label": one_line(f.label), "note": one_line(f.note)}
                for f in block.figures
            ]
            return {"t": "figures", "figures": figures, "across": _SIDE_BY_SIDE.get(len(figures), 4)}
        case PageBreak():
            return {"t": "break"}
        case SourceList():
            silent = any(not source["licence"] for source in listed)
            entries = [citation(source) for source in listed]
            return {
                "t": "sources",
                "sources": listed,
                "entries": entries,
                "note": NO_LICENCE if silent else "",
            }


def _table(block: Table) -> dict[str, Any]:
    head = [one_line(name) for name in block.columns]
    rows = [[clean(cell).strip(" \n") for cell in row] for row in block.rows]
    measured = sizes.columns_of(head, rows, block.widths)
    return {
        "t": "table",
        "caption": one_line(block.caption) or "Sans titre",
        "columns": head,
        "rows": rows,
        "align": list(block.align or sizes.alignments(head, rows)),
        "widths": list(measured.widths),
        "size": measured.size,
        "landscape": measured.landscape,
        "tall": list(measured.tall),
        "repeat": measured.repeat,
        "whole": measured.whole,
        "start": measured.start,
        "total": block.total and bool(rows),
        "note": one_line(block.note),
    }


def _picture(block: Picture, files: dict[str, bytes]) -> dict[str, Any]:
    stem = f"image-{len(files) + 1}"
    ratio = sizes.proportions(block.svg, block.png)
    wide = sizes.picture_width(block.width, ratio)
    made = {"t": "picture", "svg": "", "png": "", "ratio": ratio, "note": one_line(block.note)}
    for kind, content in (("svg", block.svg), ("png", block.png)):
        if content is not None:
            made[kind] = f"{stem}.{kind}"
            files[f"{stem}.{kind}"] = content
    return made | {
        "alt": one_line(block.alt) or "Image",
        "caption": one_line(block.caption) or "Sans titre",
        "width": wide,
        "floats": wide * ratio > look.FLOATS * look.TEXT_HEIGHT,
    }
