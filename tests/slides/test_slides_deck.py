"""Decks read back: data of charts, alt texts, notes, sizes, splitting, hostile words, the same bytes."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx.oxml.ns import qn

from ptce_ui.exports import slides as s
from ptce_ui.exports.slides import charting, plan
from ptce_ui.exports.slides.measure import Face, clean, cut, parts
from tests.slides import slides_small as small


@pytest.fixture(scope="module")
def content() -> bytes:
    return s.to_pptx(small.whole())


def test_a_deck_is_sound_and_always_the_same(content: bytes) -> None:
    assert s.problems(content) == []
    assert s.to_pptx(small.whole()) == content
    held = small.read(content)
    assert (held.slide_width.pt, held.slide_height.pt) == (960, 540)
    assert held.core_properties.title == "Les pôles en France"
    assert held.core_properties.language == "fr-FR"
    assert held.core_properties.created.date() == small.DATE


def test_the_check_sees_what_would_need_repair(content: bytes) -> None:
    def without(name: str, change: bytes | None = None) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
            for each in old.namelist():
                raw = old.read(each)
                if each == name:
                    if change is None:
                        continue
                    raw = raw.replace(change, b"")
                new.writestr(each, raw)
        return out.getvalue()

    assert any("cible absente" in p for p in s.problems(without("ppt/slides/slide2.xml")))
    assert any("notes non annoncé" in p for p in s.problems(without("ppt/presentation.xml", re.search(rb"<p:notesMasterIdLst>.*?</p:notesMasterIdLst>", zipfile.ZipFile(io.BytesIO(content)).read("ppt/presentation.xml")).group())))  # type: ignore[union-attr]  # fmt: skip


@pytest.mark.parametrize("kind", s.model.CHART_KINDS)
def test_a_chart_is_native_and_holds_the_data(kind: s.model.ChartKind) -> None:
    said = small.chart(kind)
    held = small.made(small.deck(s.ChartSlide("Titre", "", said)))
    frame = next(shape for shape in held.slides[0].shapes if shape.has_chart)
    plot = frame.chart.plots[0]
    assert tuple(plot.categories) == said.categories
    assert [tuple(series.values) for series in plot.series] == [series.values for series in said.series]
    assert [series.name for series in plot.series] == ["Pôles", "Tiers-lieux"]
    space = frame.chart._chartSpace
    assert space.find(f".//{qn('c:dispBlanksAs')}").get("val") == "gap"
    assert frame._element.find(f".//{qn('p:cNvPr')}").get("descr") == said.alt
    assert frame.chart.value_axis.axis_title.text_frame.text == said.axis_title
    book = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob))
    cells = list(book.active.iter_rows(values_only=True))
    assert cells[2] == ("=1+1", None, 4)
    assert book.active["A3"].data_type == "s"
    assert "Sans valeur connue\u00a0: =1+1 (Pôles) et Périurbain (Tiers-lieux)." in small.texts(
        held.slides[0]
    )


def test_type_colours_are_the_chart_s() -> None:
    said = s.NativeChart("bar", ("A", "B"), (s.ChartSeries("x", (1, 2)),), "Alt.", category_colours=("#D55E00", "#009E73"))  # fmt: skip
    held = small.made(small.deck(s.ChartSlide("Titre", "", said)))
    points = next(x for x in held.slides[0].shapes if x.has_chart).chart.plots[0].series[0].points
    assert [str(points[at].format.fill.fore_color.rgb) for at in (0, 1)] == ["D55E00", "009E73"]


def test_many_categories_go_on_with_the_same_scale() -> None:
    names = tuple(f"Département {n}" for n in range(60))
    said = s.NativeChart("bar", names, (s.ChartSeries("x", tuple(range(60))),), "Alt.")
    held = small.made(small.deck(s.ChartSlide("Titre", "Message.", said)))
    charts = [x.chart for slide in held.slides for x in slide.shapes if x.has_chart]
    assert len(charts) > 1
    assert tuple(c for chart in charts for c in chart.plots[0].categories) == names
    assert {chart.value_axis.maximum_scale for chart in charts} == {70.0}
    assert held.slides[1].shapes.title.text == "Titre (suite)"


def test_a_long_table_loses_no_row_and_a_wide_one_no_column() -> None:
    held = small.made(small.deck(s.TableSlide("Titre", "Message.", small.table(40, 12))))
    tables = [x.table for slide in held.slides for x in slide.shapes if x.has_table]
    heads = {c.text for t in tables for c in t.rows[0].cells}
    assert heads == {f"Colonne {c}" for c in range(12)}
    rows = [t.rows[r].cells[0].text for t in tables for r in range(1, len(t.rows))]
    assert set(rows) == {f"Ligne {r}" for r in range(40)}
    for t in tables:
        assert sum(row.height.pt for row in t.rows) <= 412
        assert sum(column.width.pt for column in t.columns) <= 873
    sizes = {r.font.size.pt for t in tables for row in t.rows for c in row.cells for p in c.text_frame.paragraphs for r in p.runs}  # fmt: skip
    assert min(sizes) >= 16


def test_a_cell_longer_than_a_slide_goes_on_in_the_next_row() -> None:
    words = " ".join(f"mot{n}" for n in range(900))
    held = small.made(small.deck(s.TableSlide("T", "", s.DataTable(("A", "B"), (("x", words),)))))
    tables = [x.table for slide in held.slides for x in slide.shapes if x.has_table]
    assert len(tables) > 1
    assert " ".join(t.rows[r].cells[1].text for t in tables for r in range(1, len(t.rows))) == words


def test_texts_are_large_and_stay_on_the_slide(content: bytes) -> None:
    held = small.read(content)
    for slide in held.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= held.slide_width + 1
            assert shape.top + shape.height <= held.slide_height + 1
            if shape.has_text_frame:
                for run in (r for p in shape.text_frame.paragraphs for r in p.runs):
                    assert run.font.size is not None and run.font.size.pt >= 11
                    assert run._r.rPr.get("lang") == "fr-FR"
        title = slide.shapes.title
        assert title.text and title.text_frame.paragraphs[0].runs[0].font.size.pt >= 30
    ids = [[x.shape_id for x in slide.shapes] for slide in held.slides]
    assert all(len(set(each)) == len(each) for each in ids)


def test_notes_sources_numbers_and_alt_texts(content: bytes) -> None:
    held = small.read(content)
    slides = {slide.shapes.title.text: slide for slide in held.slides}
    one = slides["Graphique bar"]
    assert one.notes_slide.notes_text_frame.text.startswith("Dire ceci.")
    assert "Liste des pôles" in one.notes_slide.notes_text_frame.text
    assert "Sources\u00a0: Ministère (2024)\u00a0; Réseau <b>." in small.texts(one)
    assert slides["Les pôles en France"].notes_slide.notes_text_frame.text == "Bonjour."
    last = held.slides[len(held.slides) - 1]
    assert last.shapes.title.text == "Sources"
    links = [r.hyperlink.address for x in last.shapes if x.has_text_frame for p in x.text_frame.paragraphs for r in p.runs if r.hyperlink.address]  # fmt: skip
    assert links == ["https://exemple.fr/a?x=1&y=2"]
    for slide in held.slides:
        for shape in slide.shapes:
            if shape.shape_type is not None and (
                shape.has_chart or shape.has_table or shape.shape_type == 13
            ):
                assert shape._element.find(f".//{qn('p:cNvPr')}").get("descr")
    numbered = [bool(slide._element.findall(f".//{qn('a:fld')}")) for slide in held.slides]
    assert numbered == [False] + [True] * (len(held.slides) - 1)


def test_a_long_title_is_cut_and_said_whole_in_the_notes() -> None:
    title = " ".join(["Un titre de diapositive beaucoup trop long"] * 12)
    held = small.made(small.deck(s.TextSlide(title, "", ("Un.",))))
    shown = held.slides[0].shapes.title.text
    assert shown.endswith("…") and len(shown) < len(title)
    assert title in held.slides[0].notes_slide.notes_text_frame.text


def test_a_long_message_goes_on_without_loss() -> None:
    message = " ".join(f"Phrase numéro {n} du message." for n in range(120))
    held = small.made(small.deck(s.ChartSlide("Titre", message, small.chart())))
    assert len(held.slides) > 1
    said = " ".join(
        p.text
        for slide in held.slides
        for x in slide.placeholders
        if x.placeholder_format.idx == 1
        for p in x.text_frame.paragraphs
    )
    assert said == message


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "a\x00\x0b\x1b\ufffe]]>&amp;", "x" * 5000, "שלום עולם",
         "\u202eabc", "_x0041_", "mot " * 1500, "😀" * 50, "\ud800", "\n\n", " "]
    ),
)  # fmt: skip


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_words_make_a_sound_file(one: str, two: str, three: str) -> None:
    said = s.NativeChart("stacked", (one, two), (s.ChartSeries(three, (1, None)), s.ChartSeries(one, (2, 3))), "Alt " + two, axis_title=three)  # fmt: skip
    held = small.made(
        s.SlideDeck("Titre " + one, small.DATE, (
            s.TitleSlide(two, three, one),
            s.SectionSlide(one, two),
            s.ChartSlide(two, one, said, three, ("a",), s.DataTable((one, two), ((two, three),))),
            s.FiguresSlide(three, two, (s.KeyFigure(one, two, three),), one),
            s.MapSlide(one, two, small.png(300, 300), "Alt " + one, (three,), note=two),
            s.TextSlide(two, three, (one, two)),
        ), (s.Source("a", one, "https://exemple.fr/" + "x" * 300, two),), three, two, one)
    )  # fmt: skip
    for slide in held.slides:
        for shape in slide.shapes:
            if shape.has_chart:
                for book in [
                    openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob))
                ]:
                    assert all(c.data_type != "f" for row in book.active.iter_rows() for c in row)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(s.SlideError, match="autant de valeurs"):
        s.NativeChart("bar", ("A",), (s.ChartSeries("x", (1, 2)),), "Alt.")
    with pytest.raises(s.SlideError, match="infinie"):
        s.ChartSeries("x", (float("inf"),))
    with pytest.raises(s.SlideError, match="ne s’empilent pas"):
        s.NativeChart("stacked", ("A",), (s.ChartSeries("x", (-1,)),), "Alt.")
    with pytest.raises(s.SlideError, match="PNG"):
        s.MapSlide("T", "", b"GIF89a" + b"x" * 50, "Alt.")
    with pytest.raises(s.SlideError, match="source citée"):
        small.deck(s.TextSlide("T", source_ids=("z",)))
    assert s.ChartSeries("x", (float("nan"), 2)).values == (None, 2)


def test_a_deck_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MAX_SLIDES", 3)
    with pytest.raises(s.SlideError, match="plus de 3 diapositives"):
        s.to_pptx(small.deck(s.TableSlide("T", "", small.table(200))))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.floats(40, 900), st.integers(1, 6))
def test_pieces_hold_and_lose_nothing(text: str, room: float, lines: int) -> None:
    said, face = clean(text), Face()
    pieces = parts(said, room, 20, lines, face)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", said)
    assert all(len(face.wrap(piece, room, 20)) <= lines for piece in pieces)
    assert len(face.wrap(cut(said, room, 20, lines, face), room, 20)) <= lines


def test_a_value_is_written_only_where_it_holds() -> None:
    said = dataclasses.replace(small.chart("stacked"), categories=("a", "b", "c", "d"))
    marks = charting.written(said, charting.Box(0, 0, 870, 380), Face(), 16)
    assert marks == [[False] * 4, [True, False, False, False]]
