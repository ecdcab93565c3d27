"""A document with every kind of block, and what a reader finds in it, in order."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2

from ptce_ui.exports import document as d
from ptce_ui.exports.document.prepare import plain, prepared

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120" viewBox="0 0 300 120">'
    b'<rect width="300" height="120" fill="#EEEEEE"/><circle cx="60" cy="60" r="40" fill="#2B4A7F"/></svg>'
)
SOURCES = (
    d.Source("a", "Insee", "https://www.insee.fr/a", "Populations légales", "2022", "2026-11-21", "Licence Ouverte 2.0"),
    d.Source("b", "Région", None, None, None, None, None),
    d.Source("c", "Jamais citée", "https://example.org/c"),
)  # fmt: skip
DAY = datetime.date(2026, 11, 22)
SIGNS = "àâçéèêëîïôùûüÿœæ ÀÉÇŒ « été » 12\u202f345 × ≤ ≥ – — ’ … € ² ³ · • → ½ ‰ № − ≈"


def table(rows: int, columns: int = 4, **more: object) -> d.Table:
    names = ("Commune", "Code Insee", "Population", "Part", *(f"Colonne {n}" for n in range(5, 20)))[:columns]
    body = tuple(
        (f"Commune no\u00a0{n}", f"59{n:03d}", f"{n}\u202f345", f"{n},5\u00a0%", *["oui"] * 16)[:columns]
        for n in range(1, rows + 1)
    )
    return replace(d.Table(f"Communes, {rows} lignes", names, body), **more)  # type: ignore[arg-type]


def document(*blocks: d.model.Block, **more: object) -> d.Document:
    made = d.Document(
        "Étude du périmètre",
        DAY,
        blocks,
        SOURCES,
        "Un sous-titre",
        "Région Hauts-de-France",
        "Données 3f2a9c1",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def whole() -> d.Document:
    return document(
        d.Heading("Le périmètre"),
        d.Paragraph(("Le ", d.bold("constat"), f" : {SIGNS}, voir ", d.link("la page", "https://example.org/x?a=1&b=2"), "."), ("a",)),
        d.KeyFigures((d.KeyFigure("148\u202f320", "habitants", "en 2022"), d.KeyFigure("17", "lieux")), ("b",)),
        d.Heading("Ce qui existe", 2),
        d.Bullets(("Un tiers-lieu", (d.italic("Deux"), " incubateurs")), ("a",)),
        d.Numbered(("Réunir", "Choisir")),
        d.Heading("Détail", 3),
        d.Callout("methode", "Distances à vol d’oiseau."),
        d.Callout("manque", "Aucun montant connu.", ("b",)),
        d.Callout("attention", "Montants déclarés."),
        table(70, note="Population municipale.", source_ids=("a", "b"), total=True),
        d.PageBreak(),
        d.Picture("Un disque bleu sur fond gris", "Le disque", svg=SVG, width=0.6, note="Dessin.", source_ids=("a",)),
        d.Heading("Une autre partie"),
        d.Numbered(("Encore", "Enfin")),
        table(3, 12),
        table(2, 11),
        d.Heading("Annexe", numbered=False),
        d.Table("Vide", ("A", "B"), ()),
    )  # fmt: skip


def lines(made: d.Document, contents: bool = False) -> Iterator[str]:
    """Every text of the body in reading order, without captions' numbers and references."""
    data, _ = prepared(made)
    for block in data["blocks"]:
        match block["t"]:
            case "heading":
                yield block["text"]
            case "paragraph" | "callout":
                yield from [block["label"]] if "label" in block else []
                yield plain(block["runs"])
            case "list":
                yield from (plain(item) for item in block["items"])
            case "figures":
                for one in block["figures"]:
                    yield from (one["value"], one["label"], one["note"])
            case "table":
                yield block["caption"]
                yield from block["columns"]
                yield from (cell for row in block["rows"] for cell in row)
                yield block["note"]
            case "picture":
                yield block["caption"]
                yield block["note"]
            case "sources":
                yield from (plain(entry) for entry in block["entries"])


def bare(text: str) -> str:
    """Letters and signs only: spaces, hyphens and soft breaks come and go with the lines."""
    return re.sub("[\\s\u00a0\u202f\u200b\u00ad\ufffe\x02-]+", "", text)


def body(pdf: bytes) -> list[str]:
    """Text of each page without running head and foot."""
    out = []
    for page in pypdfium2.PdfDocument(pdf):
        wide, tall = page.get_size()
        out.append(page.get_textpage().get_text_bounded(0, 55, wide, tall - 58))
    return out


def found_in_order(expected: Iterator[str], text: str) -> str | None:
    """The first expected text that does not follow those before it, None when all do."""
    shown, at = bare(text), 0
    for line in expected:
        place = shown.find(bare(line), at)
        if place < 0:
            return line
        at = place + len(bare(line))
    return None
