"""Decks opened by LibreOffice: one page per slide, every text there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from ptce_ui.exports import slides as s
from tests.slides import slides_small as small

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) n’est pas installé.")


def test_libreoffice_shows_one_page_per_slide_with_its_texts(tmp_path: Path) -> None:
    content = s.to_pptx(small.whole())
    (tmp_path / "deck.pptx").write_bytes(content)
    profile = (tmp_path / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "deck.pptx"]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    pages = pypdfium2.PdfDocument(tmp_path / "deck.pdf")
    held = small.read(content)
    assert len(pages) == len(held.slides)
    for page, slide in zip(pages, held.slides, strict=True):
        shown = re.sub(r"\s+", "", page.get_textpage().get_text_range())
        for word in re.findall(r"\w+", small.texts(slide)):
            assert word in shown, (slide.shapes.title.text, word)
        for shape in slide.shapes:
            if shape.has_chart:
                assert "Périurbain" in shown and "Tiers-lieux" in shown
