"""The ready-made decks, as the command writes them, opened by LibreOffice: one page per slide, every title."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from pptx import Presentation

from ptce_data import deck as decks
from ptce_data.load import Dataset
from ptce_ui.exports.slides import to_pptx
from ptce_ui.scenes import slides

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) n’est pas installé.")

DAY = datetime.date(2026, 11, 22)
BAD = re.compile(r"\b(?:nan|NaN|None|NaT|<NA>|inf)\b")
#: Spaces that French typography forbids: a line may not begin with these signs.
ALONE = re.compile(r"^\s*[;:!?»]", re.MULTILINE)
NAMES = ("53", "04", "france")


def squeezed(words: str) -> str:
    return re.sub(r"[\s\ufffe\u00ad\u200b-]+", "", words)


@pytest.fixture(scope="module")
def made(real: Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Path]]:
    """Name -> the file, and what LibreOffice makes of it; one start of LibreOffice for all."""
    folder = tmp_path_factory.mktemp("deck")
    contents = {}
    for name in NAMES:
        deck = decks.france(real, today=DAY) if name == "france" else decks.region(real, name, today=DAY)
        contents[name] = to_pptx(slides(real, deck, today=DAY))
        (folder / f"{name}.pptx").write_bytes(contents[name])
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]  # fmt: skip
    command += [f"{name}.pptx" for name in NAMES]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=240)
    return {name: (content, folder / f"{name}.pdf") for name, content in contents.items()}


@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_shows_each_slide_of_a_ready_made_deck(
    name: str, made: dict[str, tuple[bytes, Path]]
) -> None:
    content, pdf = made[name]
    held = list(Presentation(io.BytesIO(content)).slides)
    pages = list(pypdfium2.PdfDocument(pdf))
    assert len(pages) == len(held) >= 14
    for page, slide in zip(pages, held, strict=True):
        shown = page.get_textpage().get_text_range()
        assert slide.shapes.title is not None
        title = slide.shapes.title.text_frame.text
        assert squeezed(title) in squeezed(shown), title
        assert not BAD.search(shown), title
        assert not ALONE.search(shown), (title, ALONE.search(shown))
        for shape in slide.shapes:
            if not shape.has_chart:
                continue
            plot = shape.chart.plots[0]
            values = [v for series in plot.series for v in series.values if v is not None]
            assert any(values), f"graphique vide : {title}"
            for category in map(str, plot.categories):
                # A name may be broken over lines, but none is left out for want of room.
                assert squeezed(category) in squeezed(shown), (title, category)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_leaves_the_page_and_no_page_is_blank(name: str, made: dict[str, tuple[bytes, Path]]) -> None:
    for number, page in enumerate(pypdfium2.PdfDocument(made[name][1]), start=1):
        wide, tall = page.get_size()
        words = page.get_textpage()
        for at in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(at)
            assert left >= 0 and bottom >= 0 and right <= wide and top <= tall, number
        drawn = page.render(scale=0.2, grayscale=True).to_numpy()
        assert (drawn < 250).mean() > 0.015, number
