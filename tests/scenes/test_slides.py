"""A deck as slides, and the command that writes them: read back with python-pptx."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from pptx import Presentation

from ptce_data import deck as decks
from ptce_data.deck import Scene
from ptce_data.load import DATA_DIR, Dataset
from ptce_data.study import dump as dump_study
from ptce_data.study import new as new_study
from ptce_ui.commands import COMMANDS
from ptce_ui.exports.slides import ChartSlide, MapSlide, TitleSlide, to_pptx
from ptce_ui.scenes import ChartVisual, content, slides

DAY = datetime.date(2026, 11, 22)


def test_one_slide_per_scene_with_its_words_and_sources(real: Dataset) -> None:
    deck = decks.region(real, "94", today=DAY)
    made = slides(real, deck, today=DAY)
    assert isinstance(made.slides[0], TitleSlide) and len(made.slides) == len(deck.scenes) + 1
    for scene, slide in zip(deck.scenes, made.slides[1:], strict=True):
        shown = content(real, scene)
        assert (slide.title, slide.message) == (shown.title, shown.message)  # type: ignore[union-attr]
        assert scene.notes in slide.notes
        assert set(slide.source_ids) <= set(shown.sources)  # type: ignore[union-attr]
        if isinstance(slide, MapSlide):
            assert slide.alt == shown.alt and int.from_bytes(slide.picture[16:20], "big") >= 1680
    assert {type(s).__name__ for s in made.slides} >= {"MapSlide", "ChartSlide"}
    known = set(real.sources["id"])
    assert {s.id for s in made.sources} <= known and set(made.cited()) == {s.id for s in made.sources}


def test_the_charts_of_the_file_are_native_and_hold_the_figures(real: Dataset) -> None:
    deck = decks.new("D", DAY, [Scene(id="a", page="financements", query=decks.query({"section": "public"}))])
    made = slides(real, deck, today=DAY)
    opened = Presentation(io.BytesIO(to_pptx(made)))
    charts = [s.chart for slide in opened.slides for s in slide.shapes if s.has_chart]
    shown = content(real, deck.scenes[0]).visual
    assert isinstance(shown, ChartVisual) and shown.native is not None
    # Categories that would not be legible together are on several slides.
    read: dict[str, list[float]] = {}
    for chart in charts:
        for s in chart.plots[0].series:
            read.setdefault(s.name, []).extend(v or 0 for v in s.values)
    assert read == {s.name: [v or 0 for v in s.values] for s in shown.native.series}


def test_hostile_names_and_empty_scenes_make_a_sound_file(hostile: Dataset) -> None:
    scenes = [
        Scene(id="a", page="carte", title="<script>alert(1)</script>"),
        Scene(id="b", page="etude", query=decks.query({"section": "existant"})),
        Scene(id="c", page="carte", query=decks.query({"q": "zzzz"})),
        Scene(id="d", page="dispositifs"),
        Scene(id="e", page="ailleurs"),
    ]
    made = slides(hostile, decks.new("", DAY, scenes), today=DAY)
    assert made.title == "Diaporama sans titre"
    assert isinstance(made.slides[4], ChartSlide)
    opened = Presentation(io.BytesIO(to_pptx(made)))
    titles = [s.shapes.title.text_frame.text for s in opened.slides if s.shapes.title is not None]
    assert "<script>alert(1)</script>" in titles


def run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(COMMANDS["deck"], list(map(str, arguments)))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def test_the_command_writes_slides_and_the_deck(mini_dir: Path, tmp_path: Path, small: Dataset) -> None:
    code = str(small.regions["region_code"].iloc[0])
    out, kept = tmp_path / "a.pptx", tmp_path / "a.json"
    status, said = run("--region", code, "--out", out, "--json-out", kept, "--donnees", mini_dir)
    assert status == 0, said
    assert f"1/{len(decks.read(kept.read_bytes()).scenes)} " in said
    assert decks.read(kept.read_bytes()).scenes == decks.region(small, code).scenes
    assert len(Presentation(str(out)).slides) >= 10
    study = tmp_path / "etude.json"
    study.write_bytes(dump_study(new_study("Mon étude", DAY)))
    assert run("--study", study, "--out", out, "--donnees", mini_dir, "--quiet")[0] == 0
    assert (
        run("--deck", kept, "--study", study, "--json-out", tmp_path / "b.json", "--donnees", mini_dir)[0]
        == 0
    )
    assert (tmp_path / "b.json").read_bytes() == kept.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Choisissez un seul diaporama"),
        (("--france", "--region", "53"), "Choisissez un seul diaporama"),
        (("--france",), "Dites où écrire"),
        (("--region", "99", "--out", "{}/x.pptx"), "Aucune région n’a le code « 99 »"),
        (("--deck", "{}/absent.json", "--out", "{}/x.pptx"), "introuvable"),
        (("--deck", "{}/casse.json", "--out", "{}/x.pptx"), "Diaporama non ouvert"),
        (("--study", "{}/casse.json", "--out", "{}/x.pptx"), "Étude non ouverte"),
        (("--deck", "{}/vide.json", "--template", "{}/casse.json", "--out", "{}/x.pptx"), "modèle"),
        (("--deck", "{}/vide.json", "--out", "{}/absent/x.pptx"), "introuvable"),
    ],
)
def test_the_command_says_what_is_wrong(
    arguments: tuple[str, ...], sentence: str, mini_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "casse.json").write_text("{", encoding="utf-8")
    (tmp_path / "vide.json").write_bytes(decks.dump(decks.new("V", DAY, [Scene(id="a", page="accueil")])))
    status, said = run(*(a.replace("{}", str(tmp_path)) for a in arguments), "--donnees", mini_dir)
    assert status == 2 and sentence in said and "Traceback" not in said
    assert not (tmp_path / "x.pptx").exists()


def test_the_help_shows_examples() -> None:
    status, said = run("--help")
    assert status == 0 and "--region 53" in said and DATA_DIR.name in str(DATA_DIR)
