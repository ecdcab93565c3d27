"""The worked examples of docs/ are run: a number that drifts from the data fails here."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from ptce_data import load
from ptce_data.load import Dataset

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = [ROOT / "docs" / "bibliotheque.md", *sorted((ROOT / "docs" / "exemples").glob("*.md"))]
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def blocks(text: str) -> str:
    """The blocks of Python alone, each on the lines that it has in the page."""
    kept, end = [], 0
    for found in _BLOCK.finditer(text):
        kept += ["\n" * text.count("\n", end, found.start(1)), found[1]]
        end = found.end(1)
    return "".join(kept)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_says_what_it_computes(
    path: Path, real: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # The data are read once for all tests; an example that reads others would be seen.
    monkeypatch.setattr(load, "load", lambda folder, tolerant: real)
    page = path.read_text(encoding="utf-8")
    parsed = doctest.DocTestParser().get_doctest(blocks(page), {}, path.name, str(path), 0)
    assert len(parsed.examples) == page.count("\n>>> ") and len(parsed.examples) >= 5
    failures: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(
        parsed, out=failures.append
    )
    assert result.failed == 0, "".join(failures)


def test_there_are_three_worked_examples() -> None:
    assert len(EXAMPLES) == 4
    listed = (ROOT / "docs" / "bibliotheque.md").read_text(encoding="utf-8")
    assert all(f"exemples/{path.name}" in listed for path in EXAMPLES[1:])


def test_a_wrong_number_is_seen(real: Dataset) -> None:
    page = (ROOT / "docs" / "exemples" / "autres-seuils.md").read_text(encoding="utf-8")
    wrong = blocks(page).replace("min_area_class\n2\n", "min_area_class\n3\n", 1)
    assert wrong != blocks(page)
    parsed = doctest.DocTestParser().get_doctest(wrong, {"load": lambda: real}, "x", "x", 0)
    parsed.examples = [e for e in parsed.examples if "import load\n" not in e.source][:4]
    assert doctest.DocTestRunner(verbose=False).run(parsed, out=lambda _: None).failed == 1
