"""Documents opened by LibreOffice: every text in order, contents shown, wide pages lying."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from ptce_ui.exports import document as d
from tests.document import document_small as small

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) n’est pas installé.")


def test_libreoffice_shows_the_whole_document(tmp_path: Path) -> None:
    (tmp_path / "etude.docx").write_bytes(d.to_docx(small.whole()))
    profile = (tmp_path / "profile").as_uri()
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "etude.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    content = (tmp_path / "etude.pdf").read_bytes()
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    assert "Page" not in pages[0] and "Étude du périmètre" in pages[0]
    assert "1.1.1 Détail" in pages[1] and "Sommaire" in pages[1]
    assert small.found_in_order(small.lines(small.whole()), "".join(small.body(content)[2:])) is None
    for at, page in enumerate(pages[1:], start=2):
        assert f"Page {at} / {len(pages)}" in page
    shapes = [wide > tall for wide, tall in (p.get_size() for p in pypdfium2.PdfDocument(content))]
    assert any(shapes) and not shapes[0] and not shapes[-1]
    assert all(page.strip().count("\n") > 2 for page in pages), "aucune page vide"
