"""Small decks shared by the tests of slides."""

from __future__ import annotations

import datetime
import io
from typing import Any

from PIL import Image
from pptx import Presentation

from ptce_ui.exports import slides as s

DATE = datetime.date(2026, 11, 22)
SOURCES = (
    s.Source("a", "Ministère", "https://exemple.fr/a?x=1&y=2", "Liste des pôles", "2024-05-01", "2026-11-21"),
    s.Source("b", "Réseau <b>", "javascript:alert(1)", None, None, None, "Licence Ouverte 2.0"),
)


def png(wide: int = 600, tall: int = 250) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, tall), "#A6DCCB").save(out, "PNG")
    return out.getvalue()


def chart(kind: Any = "bar", **more: Any) -> s.NativeChart:
    series = (
        s.ChartSeries("Pôles", (3, None, 0, 12.5), "#D55E00"),
        s.ChartSeries("Tiers-lieux", (1200, 4, None, 7), None, "/"),
    )
    given = {"axis_title": "Nombre d’objets", **more}
    return s.NativeChart(kind, ("Rural", "=1+1", "Périurbain", "Corse"), series, "Objets par type.", **given)


def table(rows: int = 4, columns: int = 3) -> s.DataTable:
    return s.DataTable(
        tuple(f"Colonne {c}" for c in range(columns)),
        tuple(tuple(f"Ligne {r}" if c == 0 else str(r * c) for c in range(columns)) for r in range(rows)),
    )


def deck(*slides: Any, **more: Any) -> s.SlideDeck:
    given = {"sources": SOURCES, "organisation": "Atlas", "version_note": "Version abc", **more}
    return s.SlideDeck("Les pôles en France", DATE, slides, **given)


def whole() -> s.SlideDeck:
    return deck(
        s.TitleSlide(notes="Bonjour."),
        s.SectionSlide("Où ?", "Partout."),
        s.FiguresSlide("Chiffres", "Trois.", (s.KeyFigure("97", "pôles", "2025"),) * 7, source_ids=("a",)),
        *(s.ChartSlide(f"Graphique {k}", "Un message.", chart(k), "Dire ceci.", ("a", "b")) for k in s.model.CHART_KINDS),
        s.TableSlide("Tableau", "Un message.", table(40), "Un tableau.", source_ids=("a",)),
        s.MapSlide("Carte large", "Un message.", png(), "Une carte.", source_ids=("a",)),
        s.MapSlide("Carte carrée", "Un message.", png(300, 300), "Une carte carrée.", ("Ceci.", "Cela.")),
        s.TextSlide("À retenir", "Un message.", ("Un.", "Deux.")),
    )  # fmt: skip


def read(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def made(made_deck: s.SlideDeck, template: bytes | None = None) -> Any:
    content = s.to_pptx(made_deck, template)
    assert s.problems(content) == []
    return read(content)


def texts(slide: Any) -> str:
    out = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    out += [c.text for shape in slide.shapes if shape.has_table for r in shape.table.rows for c in r.cells]
    return "\n".join(out)
